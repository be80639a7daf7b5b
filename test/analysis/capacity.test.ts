import { describe, expect, it } from 'vitest';
import { systemLoad, waits } from '../../src/analysis/capacity/load.ts';
import { worstOutage } from '../../src/analysis/capacity/outage.ts';
import { meanNumber, meanWait, serviceOf, utilisation } from '../../src/analysis/capacity/queueing.ts';
import { flowProfile } from '../../src/analysis/flow/profile.ts';
import { Work } from '../../src/analysis/work.ts';
import type { System } from '../../src/model/system.ts';
import type { Distribution } from '../../src/model/values.ts';
import { librarySystem, meanLatency, simulate } from './simulated.ts';

const ms = 1e6;

describe('queueing formulas', () => {
  it('give 1/(μ − λ) for exponential services (M/M/1)', () => {
    // λ = 60/s, μ = 100/s: ρ = 0.6, W = 25 ms, L = 1.5.
    const service = serviceOf({ kind: 'exponential', mean: 10 * ms });
    expect(utilisation(60, service)).toBeCloseTo(0.6, 12);
    const response = meanWait(60, service) + service.mean;
    expect(response).toBeCloseTo(25 * ms, 3);
    expect(meanNumber(60, response)).toBeCloseTo(1.5, 9);
  });

  it('give half the wait for constant services (M/D/1)', () => {
    const constant = serviceOf({ kind: 'constant', value: 10 * ms });
    const exponential = serviceOf({ kind: 'exponential', mean: 10 * ms });
    expect(meanWait(60, constant)).toBeCloseTo(meanWait(60, exponential) / 2, 3);
  });

  it('have no finite wait from ρ = 1 on, nor for a tail without a second moment', () => {
    const service = serviceOf({ kind: 'constant', value: 10 * ms });
    expect(meanWait(100, service)).toBe(Number.POSITIVE_INFINITY);
    expect(meanWait(99.9, service)).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(meanWait(10, serviceOf({ kind: 'pareto', scale: ms, shape: 1.5 }))).toBe(Number.POSITIVE_INFINITY);
    expect(meanWait(0, service)).toBe(0);
  });

  it('take the moments of what is drawn: below zero counts as zero', () => {
    const cases: readonly Distribution[] = [
      { kind: 'uniform', min: 2, max: 5 },
      { kind: 'uniform', min: -1, max: 3 },
      { kind: 'normal', mean: 1, sd: 2 },
      { kind: 'lognormal', median: 2, sigma: 0.4 },
      { kind: 'exponential', mean: 3 },
      { kind: 'pareto', scale: 1, shape: 6 },
      { kind: 'empirical', values: [1, 2, 6] },
    ];
    for (const distribution of cases) {
      // By the quantiles: the mean of max(0, Q(u)) over u.
      const { mean, secondMoment } = serviceOf(distribution);
      const counts = 20_000;
      let first = 0;
      let second = 0;
      for (let i = 0; i < counts; i++) {
        const value = Math.max(0, quantile(distribution, (i + 0.5) / counts));
        first += value / counts;
        second += value ** 2 / counts;
      }
      expect(mean / first, distribution.kind).toBeCloseTo(1, 2);
      expect(secondMoment / second, distribution.kind).toBeCloseTo(1, 2);
    }
  });
});

function quantile(distribution: Distribution, u: number): number {
  switch (distribution.kind) {
    case 'uniform':
      return distribution.min + (distribution.max - distribution.min) * u;
    case 'normal':
      return distribution.mean + distribution.sd * normalQuantile(u);
    case 'lognormal':
      return distribution.median * Math.exp(distribution.sigma * normalQuantile(u));
    case 'exponential':
      return -distribution.mean * Math.log(1 - u);
    case 'pareto':
      return distribution.scale / (1 - u) ** (1 / distribution.shape);
    case 'empirical':
      return distribution.values[Math.floor(u * distribution.values.length)] ?? 0;
    case 'constant':
      return distribution.value;
  }
}

/** By bisection of Φ as an integral series: slow and plain. */
function normalQuantile(u: number): number {
  let low = -8;
  let high = 8;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (phi(middle) < u) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Φ by Marsaglia's series (2004). */
function phi(x: number): number {
  if (x < -7) return 0;
  if (x > 7) return 1;
  let sum = x;
  let term = x;
  for (let i = 3; Math.abs(term) > 1e-16 * Math.abs(sum) + 1e-300 && i < 400; i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** Mean latency with the waits for other calls counted in, ns. */
function estimatedLatency(system: System): number {
  const wait = waits(system, systemLoad(system));
  const profile = flowProfile(system, system.deployments[0] as System['deployments'][number], { work: new Work(), wait });
  return profile?.calls[0]?.latency ?? Number.NaN;
}

describe('load against runs', () => {
  const server = (rate: number, cpu: string) =>
    librarySystem(`
      protocol Serve { operation Ask on op: Ask { reply } }
      system S {
        node server (cpu: ${cpu})
        node client
        link client -- server with (latency: 2ms)
        run Serve on server
        workload w on client { call Ask() to server with (rate: ${rate}/s) }
        scenario A (duration: 400s) {}
      }`);

  for (const [rate, cpu] of [
    [30, 'exponential(10ms)'],
    [60, 'exponential(10ms)'],
    [80, 'exponential(10ms)'],
    [60, '10ms'],
    [60, 'uniform(0ms, 20ms)'],
  ] as const) {
    it(`one server, ${rate} calls a second, service ${cpu}: utilisation and mean latency`, () => {
      const system = server(rate, cpu);
      const { sample, busy } = simulate(system, 11);
      const [load] = systemLoad(system).nodes;
      expect(load?.utilisation).toBeCloseTo(rate / 100, 9);
      expect(load?.certain).toBeCloseTo(rate / 100, 9);
      expect(Math.abs((busy[0] ?? 0) - rate / 100)).toBeLessThan(0.02);
      const measured = meanLatency(sample, 'Ask');
      expect(Math.abs(estimatedLatency(system) - measured) / measured).toBeLessThan(0.1);
    });
  }

  it('a replicated register: every replica as busy as runs show, latency too', () => {
    const system = librarySystem(`import Register from "dsys/replication/register"
      system S {
        node r[5] (cpu: exponential(0.4ms))
        node c[4]
        link nodes -- nodes with (latency: 1ms)
        run Register on r
        workload w on c {
          call Write(v: unique) to any(r) with (rate: 40/s)
          call Read() to any(r) with (rate: 80/s)
        }
        scenario A (duration: 60s) {}
      }`);
    const load = systemLoad(system);
    // 480 calls a second, each 16 messages, a request and no answer at the replicas: 17/5 a replica.
    for (const node of load.nodes) expect(node.utilisation).toBeCloseTo((480 * 17 * 0.4) / 5 / 1000, 6);
    const { sample, busy } = simulate(system, 5);
    for (const { node, utilisation: share, certain } of load.nodes) {
      expect(Math.abs((busy[node] ?? 0) - share)).toBeLessThan(0.03);
      // Both phases are sure to run, but by the code alone only the first.
      expect(certain).toBeCloseTo((480 * (1 + 8) * 0.4) / 5 / 1000, 6);
    }
    const measured = meanLatency(sample, 'Write');
    expect(Math.abs(estimatedLatency(system) - measured) / measured).toBeLessThan(0.3);
  });

  it('a leader is busier than its followers, as in runs', () => {
    const system = librarySystem(`import Raft from "dsys/consensus/raft"
      system S {
        node r[5] (cpu: 0.2ms)
        node c[2]
        link nodes -- nodes with (latency: 1ms)
        timing partially_synchronous(delay: 30ms, gst: 0s)
        run Raft on r
        workload w on c { call Submit(command: unique) to any(r) with (rate: 50/s, start: 3s) }
        scenario A (duration: 30s) {}
      }`);
    const load = [...systemLoad(system).nodes].sort((a, b) => b.utilisation - a.utilisation);
    const { busy } = simulate(system, 2);
    const measured = busy.slice(0, 5).sort((a, b) => b - a);
    // Who leads is chance; how busy who leads is, is not.
    load.forEach(({ utilisation: share }, i) => {
      expect(Math.abs((measured[i] ?? 0) - share), `${share} and ${measured[i]} in runs`).toBeLessThan(0.05);
    });
    expect(load[0]?.utilisation).toBeGreaterThan(2 * (load[1]?.utilisation ?? 1));
  });

  for (const [how, pick] of [
    ['in turns', 'turn = (turn + 1) mod server.size  send Work(turn) to server.to_list()[turn]'],
    ['at random', 'send Work(0) to choose(server)'],
  ]) {
    it(`servers that one balancer hands work to ${how} share it`, () => {
      const system = librarySystem(`protocol Balancer {
  message Work(turn: Int)
  operation Request()
  role balancer {
    var turn = 0
    on op: Request { ${pick}  reply }
  }
  role server {
    var served = 0
    on m: Work { served += 1 }
  }
}
system S {
  node b
  node s[7] (cpu: 10ms)
  node c
  run Balancer on balancer: b, server: s
  workload w on c { call Request() to b with (rate: 350/s) }
}`);
      const { nodes } = systemLoad(system);
      expect(nodes.map(({ utilisation: share }) => Math.round(share * 100))).toEqual(new Array(7).fill(50));
    });
  }

  it('a closed loop adds no load that is sure, and not more than its clients can ask for', () => {
    const system = librarySystem(`
      protocol Serve { operation Ask on op: Ask { reply } }
      system S {
        node server (cpu: 1ms)
        node client[20]
        link client -- server with (latency: 2ms)
        run Serve on server
        workload w on client { call Ask() to server with (think: 45ms) }
        scenario A (duration: 60s) {}
      }`);
    const [load] = systemLoad(system).nodes;
    // 20 / (45 ms + 5 ms) = 400 a second.
    expect(load?.utilisation).toBeCloseTo(0.4, 6);
    expect(load?.certain).toBe(0);
    expect(Math.abs((simulate(system, 3).busy[0] ?? 0) - 0.4)).toBeLessThan(0.03);
  });

  it('bytes on a line', () => {
    const system = librarySystem(`
      protocol Copy { message Data(a: Int, b: Int) operation Put on op: Put { broadcast Data(1, 2) reply } on m: Data { } }
      system S {
        node r[3]
        node c
        link nodes -- nodes with (latency: 1ms, bandwidth: 64kbps)
        run Copy on r
        workload w on c { call Put() to r[0] with (rate: 100/s) }
      }`);
    const { lines } = systemLoad(system);
    const name = (node: number) => system.nodes[node]?.name;
    // 16 + 2 · 8 bytes a message, 100 a second, 8 kB/s; requests 16 bytes, answers 24.
    expect(lines.map(({ from, to, utilisation: share }) => [name(from), name(to), Math.round(share * 1000) / 1000])).toEqual([
      ['r[0]', 'r[1]', 0.4],
      ['r[0]', 'r[2]', 0.4],
      ['r[0]', 'c', 0.3],
      ['c', 'r[0]', 0.2],
    ]);
  });

  it('the worst outage takes what serves most, not what is most', () => {
    const system = librarySystem(`
      protocol Serve { operation Ask on op: Ask { reply } }
      system S {
        zone a
        zone b
        node fast[2] in a (cpu: 1ms)
        node slow[3] in b (cpu: 10ms)
        node client
        faults One { outage 1 of [a, b] }
        run Serve on fast + slow
        workload w on client { call Ask() to any(fast + slow) with (rate: 10/s) }
      }`);
    const outage = worstOutage(system, system.faultModels[0] as System['faultModels'][number], 1);
    expect(outage?.down.map((node) => system.nodes[node]?.name)).toEqual(['fast[0]', 'fast[1]']);
  });

  it('what is left after an outage carries it all where calls are tried again', () => {
    const text = (retries: string) => `
      protocol Serve { operation Ask on op: Ask { reply } }
      system S {
        node server[3] (cpu: 1ms)
        node client
        run Serve on server
        workload w on client { call Ask() to any(server) with (rate: 900/s, timeout: 1s${retries}) }
      }`;
    const share = (retries: string, down: readonly number[]) =>
      systemLoad(librarySystem(text(retries)), { down }).nodes.map((node) => node.utilisation);
    expect(share('', [])).toEqual([expect.closeTo(0.3), expect.closeTo(0.3), expect.closeTo(0.3)]);
    // A third of the calls is lost without retries.
    expect(share('', [0])).toEqual([expect.closeTo(0.3), expect.closeTo(0.3)]);
    expect(share(', retries: 1', [0])).toEqual([expect.closeTo(0.4), expect.closeTo(0.4)]);
    expect(share(', retries: 20', [0, 1])).toEqual([expect.closeTo(0.9, 2)]);
  });
});
