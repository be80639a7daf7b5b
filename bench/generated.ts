import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname ?? '.', '../..');

/** The library's protocols under new names, one after the other, and a small system: at least so many lines of real code. */
export function specificationOf(lines: number): string {
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

const system = `system Bench {
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
