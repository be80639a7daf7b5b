import { describe, expect, it } from 'vitest';
import type { CallHandle } from '../../src/compiler/program.ts';
import type { Metric, Statistic } from '../../src/model/code.ts';
import type { WorkloadCall } from '../../src/model/system.ts';
import { judge } from '../../src/simulator/expectations.ts';
import { runWithSample } from '../../src/simulator/run-once.ts';
import { EventKind } from '../../src/simulator/trace.ts';
import {
  at,
  call,
  constant,
  int,
  makeProgram,
  makeScenario,
  makeSystem,
  ms,
  type ProgramOptions,
  type SystemOptions,
  s,
  span,
  workload,
} from './kit.ts';

function run(
  options: SystemOptions,
  program: Omit<ProgramOptions, 'members'>,
  calls: readonly WorkloadCall[],
  duration: number,
  more: { clients?: readonly number[]; actions?: ReturnType<typeof at>[]; seed?: number } = {},
) {
  const clients = more.clients ?? [0];
  const system = makeSystem({ deployments: [[1]], ...options, workloads: [workload(clients, ...calls)] });
  const made = makeProgram({ members: system.deployments[0]!.members, ...program });
  const scenario = makeScenario({ duration, actions: more.actions ?? [] });
  return runWithSample(system, [made], scenario, more.seed ?? 1, { trace: true });
}

const answering: Omit<ProgramOptions, 'members'> = { operation: (node, _, handle) => node.host.replyCall(node.node, handle, 1) };

describe('calls', () => {
  it('travel over the network both ways', () => {
    const { result } = run({ nodes: 2, link: { latency: constant(3 * ms) } }, answering, [call({ targets: [1], limit: 1 })], s);
    expect(result.metrics.operations).toMatchObject([{ operation: 'Ask', calls: 1, succeeded: 1, latency: { p50: 6 * ms, max: 6 * ms } }]);
  });

  it('of a member to itself take no time', () => {
    const { result } = run({ nodes: 2 }, answering, [call({ targets: [1], limit: 1 })], s, { clients: [1] });
    expect(result.metrics.operations[0]?.latency?.max).toBe(0);
  });

  it('come at a constant rate, or with Poisson’s spread', () => {
    const counts = (arrival: 'constant' | 'poisson') =>
      [1, 2, 3, 4, 5].map(
        (seed) =>
          run({ nodes: 2 }, answering, [call({ targets: [1], rate: 100, arrival })], 10 * s, { seed }).result.metrics.operations[0]!.calls,
      );
    for (const count of counts('constant')) expect(Math.abs(count - 1000)).toBeLessThanOrEqual(1);
    expect(new Set(counts('poisson')).size).toBeGreaterThan(2);
    for (const count of counts('poisson')) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  it('follow one another in a closed loop', () => {
    // 2 ms on the way, 8 ms of thought.
    const { result } = run({ nodes: 2 }, answering, [call({ targets: [1], think: constant(8 * ms) })], s);
    expect(result.metrics.operations[0]?.succeeded).toBe(100);
  });

  it('begin at their start and stop at their limit', () => {
    const { result } = run({ nodes: 2 }, answering, [call({ targets: [1], start: 500 * ms, limit: 3 })], s);
    const trace = result.trace!;
    const times = [...trace.kind.keys()].filter((row) => trace.kind[row] === EventKind.call).map((row) => trace.time[row]);
    expect(times).toEqual([500 * ms, 502 * ms, 504 * ms]);
  });

  it('are tried again after their timeout, then given up', () => {
    const asked: number[] = [];
    const ids: number[] = [];
    const { result } = run(
      { nodes: 3, deployments: [[1, 2]] },
      {
        operation: (node, _, handle: CallHandle) => {
          asked.push(node.node);
          ids.push(handle.id);
        },
      },
      [call({ targets: [1, 2], timeout: 50 * ms, retries: 5, limit: 1 })],
      s,
    );
    expect(asked).toHaveLength(6);
    expect(new Set(asked)).toEqual(new Set([1, 2]));
    expect(new Set(ids).size).toBe(1);
    expect(result.metrics.operations[0]).toMatchObject({ calls: 1, succeeded: 0, latency: null });
    expect([...result.trace!.kind].filter((kind) => kind === EventKind.giveUp)).toHaveLength(1);
  });

  it('count the answer to a retry from the first attempt on', () => {
    let attempts = 0;
    const { result } = run(
      { nodes: 2 },
      {
        operation: (node, _, handle) => {
          attempts += 1;
          if (attempts === 2) node.host.replyCall(1, handle, 1);
        },
      },
      [call({ targets: [1], timeout: 50 * ms, retries: 5, limit: 1 })],
      s,
    );
    expect(result.metrics.operations[0]?.latency?.max).toBe(52 * ms);
  });

  it('are not made by a client that is down', () => {
    const { result } = run({ nodes: 2 }, answering, [call({ targets: [1], think: constant(8 * ms) })], s, {
      actions: [at(200 * ms, { kind: 'crash', nodes: [0], for: 500 * ms })],
    });
    expect(result.metrics.operations[0]?.calls).toBe(20 + 29);
  });

  it('carry what their generators give', () => {
    const fields = [
      { name: 'command', type: { kind: 'String' } },
      { name: 'key', type: int },
      { name: 'fixed', type: int },
    ] as const;
    const seen: unknown[][] = [];
    const generators = [
      { name: 'command', generator: { kind: 'unique', of: 'String' } },
      { name: 'key', generator: { kind: 'zipf', keys: 10, s: 1, of: 'Int' } },
      { name: 'fixed', generator: { kind: 'constant', value: 5 } },
    ] as const;
    run(
      { nodes: 2 },
      {
        operations: [{ name: 'Ask', fields, result: int }],
        operation: (node, _, handle) => {
          seen.push(Object.values(handle.fields));
          node.host.replyCall(1, handle, 0);
        },
      },
      [call({ targets: [1], arguments: generators, limit: 2000 })],
      10 * s,
    );
    expect(new Set(seen.map((values) => values[0])).size).toBe(2000);
    expect(seen.every((values) => values[2] === 5)).toBe(true);
    const keys = seen.map((values) => values[1] as number);
    const share = (key: number): number => keys.filter((other) => other === key).length / keys.length;
    const harmonic = [...Array(10).keys()].reduce((sum, rank) => sum + 1 / (rank + 1), 0);
    expect(share(0)).toBeCloseTo(1 / harmonic, 1);
    expect(share(9)).toBeCloseTo(1 / 10 / harmonic, 1);
  });
});

describe('service times', () => {
  /** Mean time in the system of one queue with Poisson arrivals. */
  function meanResponse(service: SystemOptions['attributes']): number {
    const { sample } = run(
      { nodes: 2, link: { latency: constant(0) }, attributes: service },
      answering,
      [call({ targets: [1], rate: 600, arrival: 'poisson' })],
      200 * s,
      // The member calls itself: only the call and its answer are served, both by the same node.
      { clients: [0] },
    );
    return sample.operations.get('0 Ask')!.latencies.reduce((sum, value) => sum + value, 0) / sample.operations.get('0 Ask')!.succeeded;
  }

  it('queue as M/D/1 (Pollaczek–Khinchine)', () => {
    // Load 0.6 at the member: wait ρ s / 2 (1 - ρ) = 0.75 ms, service 1 ms. Answers then come 1 ms apart or more, so the
    // client serves them in 1 ms without a wait.
    const mean = meanResponse({ cpu: constant(ms) });
    expect(Math.abs(mean / ms - 2.75)).toBeLessThan(0.03);
  });

  it('queue as M/M/1', () => {
    // Burke: the output of M/M/1 is Poisson again, so the client is a second M/M/1: 2 · s / (1 - ρ) = 5 ms.
    const mean = meanResponse({ cpu: { kind: 'exponential', mean: ms } });
    expect(mean / ms).toBeGreaterThan(4.7);
    expect(mean / ms).toBeLessThan(5.3);
  });
});

describe('metrics', () => {
  const { sample } = run(
    { nodes: 4, deployments: [[1, 2, 3]] },
    {
      operation: (node, _, handle) => {
        pending = handle;
        node.broadcast(1);
      },
      message: (node, message, _, sender) => {
        node.host.emit(node.node, 0, {});
        if (message === 0) node.send(sender, 1, 1);
        else if (pending) node.host.replyCall(node.node, pending, 1);
      },
    },
    [call({ targets: [1], limit: 10, think: constant(10 * ms) })],
    s,
  );

  function measured(metric: Metric): number | boolean | null {
    const expression = { kind: 'metric', metric, type: { kind: 'Real' }, span } as const;
    return judge(expression, [sample], []).measured[0]!.value;
  }
  const operation = 'Ask';
  const event = 'Seen';
  const deployment = 0;
  const of = (kind: 'throughput' | 'success' | 'messages_per' | 'rounds') => measured({ kind, operation, deployment });

  it('count, rate and share', () => {
    expect(of('throughput')).toBe(10);
    expect(of('success')).toBe(1);
    expect(measured({ kind: 'messages' })).toBe(40);
    expect(of('messages_per')).toBe(4);
    expect(measured({ kind: 'bytes' })).toBe(40 * 24);
    expect(measured({ kind: 'count', event, deployment })).toBe(40);
    expect(measured({ kind: 'reach', event, deployment })).toBe(1);
  });

  it('count message delays on a call’s path', () => {
    // Client → member → others → member → client.
    expect(of('rounds')).toBe(4);
  });

  it('tell latencies and the time to an event', () => {
    const latency = (statistic: Statistic) => measured({ kind: 'latency', operation, deployment, statistic });
    expect([latency('mean'), latency('p50'), latency('p999')]).toEqual([4 * ms, 4 * ms, 4 * ms]);
    expect(measured({ kind: 'time_to', event, deployment, statistic: 'max' })).toBe(12 * ms);
  });
});
let pending: CallHandle | null = null;
