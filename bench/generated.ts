import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname ?? '.', '../..');

/** The library's protocols under new names, one after the other, and a system: at least so many lines of real code. */
export function specificationOf(lines: number, system = plain): string {
  const sources = ['consensus/raft', 'replication/register', 'consensus/pbft', 'broadcast/gossip', 'consensus/majority_vote'].map((name) =>
    readFileSync(join(root, `library/${name}.dsys`), 'utf8'),
  );
  const parts: string[] = [system];
  let count = system.split('\n').length;
  for (let copy = 0; count < lines; copy++) {
    const source = sources[copy % sources.length] as string;
    const renamed = source.replace(/^(protocol|specification) (\w+)/gm, (_, kind, name) => `${kind} ${name}${copy === 0 ? '' : copy}`);
    const wanted = renamed.split('\n');
    parts.push(renamed);
    count += wanted.length;
  }
  return parts.join('\n');
}

const plain = `system Bench {
  zone a
  zone b
  zone c
  node replica[5] in [a, b, c, a, b] (cpu: 0.1ms)
  node client[2]
  link replica -- replica with (latency: normal(2ms, 0.5ms))
  link client -- replica with (latency: 1ms)
  timing partially_synchronous(delay: 50ms, gst: 0s)
  faults One { outage 1 of [a, b, c] }
  run Raft(heartbeat: 50ms) on replica
  workload writers on client {
    call Submit(command: unique) to any(replica) with (rate: 10/s, timeout: 1s)
  }
  scenario Calm under One (duration: 10s, seeds: 2) {
    at 5s crash(replica[0], for: 2s)
    expect count(Committed) >= 10
  }
}
`;

/** Everything that the checks look at: zones, availability, service times, load, slices, timing, splits of the network, and questions of every kind. */
export const loaded = `system Loaded {
  const size = 7
  zone eu { zone e1  zone e2  zone e3 }
  zone us { zone u1  zone u2 }
  zone asia (availability: 99.9%)
  node replica[size] in [e1, u1, asia, e2, u2, asia, e3] (cpu: 0.1ms, mtbf: 60d, mttr: 4h, drift: 0.01%)
  node keeper[9] in [e1, u1, asia] (availability: 99.5%, cpu: 50us)
  node liar[10] in [e1, e2, e3, u1, u2, asia] (cpu: 60us, availability: 99.9%, compromise: 0.1%)
  node client[4] in [e1, u1, asia, e2]
  link replica -- replica with (latency: normal(20ms, 2ms), bandwidth: 1Gbps)
  link keeper -- keeper with (latency: lognormal(15ms, 0.3), loss: 0.01%)
  link liar -- liar with (latency: uniform(5ms, 40ms))
  link ring(keeper)
  link client -- replica with (latency: 5ms)
  link client -- keeper with (latency: 5ms)
  link client -- liar with (latency: 5ms)
  channel eu -- us with (latency: lognormal(45ms, 0.1), bandwidth: 10Gbps)
  timing partially_synchronous(delay: 150ms, gst: 2s)

  faults Nodes { crash 2 of replica  crash 3 of keeper  byzantine 2 of liar  timing 1 of replica }
  faults Zones { outage 1 of [e1, e2, e3, u1, u2]  crash 1 of keeper }
  faults Everything { outage 1 of [e1, e2, e3, u1, u2]  crash 1 of replica  byzantine 1 of liar  omission 1 of keeper  partition with (heals: 10s) }
  faults Split { crash 1 of keeper  partition with (heals: 20s) }
  faults TooMuch { outage 2 of [eu, us, asia] }

  quorum Trust = slices {
    liar[0..4]: atleast(3, liar[0..4])
    liar[5..9]: atleast(2, [atleast(2, liar[5..7]), atleast(1, liar[8..9]), liar[0]])
  }

  run Raft(heartbeat: 100ms, election: 1000ms..2000ms) on replica
  run Asks on keeper
  run MajorityVote4 on liar
  run Register1(reads: 6, writes: 5) on keeper
  run Federated(trust: Trust) on liar

  workload writers on client {
    call Submit(command: unique) to any(replica) with (rate: 40/s, timeout: 2s, retries: 2)
  }
  workload readers on client {
    call Read() to any(keeper) with (rate: 80/s, timeout: 1s, retries: 3)
    call Write(v: unique) to any(keeper) with (rate: 20/s, timeout: 1s)
  }
  workload voters on client {
    call Decide(value: unique) to any(liar) with (rate: 2/s, timeout: 1s)
  }
  scenario Calm under Nodes (duration: 10s, seeds: 2) {
    at 5s crash(replica[0], for: 2s)
    expect count(Committed) >= 10
    expect p99(latency(Submit)) <= 2s
    expect success(Read) >= 99%
  }
}

protocol Asks {
  solves atomic_storage
  scales with (serial: 2%, crosstalk: 0.5%)
  quorum Read = atleast(4, members)
  quorum Write = atleast(6, members)
  quorum Grid = grid(members, rows: 3, columns: 3)
  requires safety   intersect(Read, Write)
  requires safety   intersect(Grid)
  requires safety   intersect(Write, Write, Write)
  requires safety   masking(Write)
  requires liveness available(Read)
  requires liveness available(Grid)
  requires liveness q2(members)
  requires safety   q3(members)
  requires liveness resilience(Read) >= 3
  requires liveness load(Read, Write, 0.8) <= 0.7
  requires liveness capacity(Grid) >= 1000/s
  requires liveness quorum_latency(Read) <= 200ms
  requires liveness message_time(99%) <= 200ms
  requires liveness round_trip(99%) <= 400ms
  requires liveness connectivity > faulty
  requires liveness diameter <= 2
  requires safety   committee_failure(100, 10, 9, 4, 1) < 1%
}

protocol Federated(trust: Quorum) {
  requires safety   intersect(trust)
  requires liveness available(trust)
}
`;
