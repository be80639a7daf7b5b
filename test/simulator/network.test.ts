import { describe, expect, it } from 'vitest';
import { runOnce } from '../../src/simulator/run-once.ts';
import { EventKind, type Trace } from '../../src/simulator/trace.ts';
import { at, constant, makeProgram, makeScenario, makeSystem, ms, type ProgramOptions, type SystemOptions, s } from './kit.ts';

function run(options: SystemOptions, program: Omit<ProgramOptions, 'members'>, duration = s, actions: ReturnType<typeof at>[] = []) {
  const system = makeSystem(options);
  const made = makeProgram({ members: system.deployments[0]!.members, ...program });
  const result = runOnce(system, [made], makeScenario({ duration, actions }), 1, { trace: true });
  return { result, trace: result.trace as Trace, program: made };
}

/** Times of all rows of a kind, ns. */
function times(trace: Trace, kind: number): number[] {
  return [...trace.kind.keys()].filter((row) => trace.kind[row] === kind).map((row) => trace.time[row] as number);
}

describe('latency', () => {
  it('delivers after the link’s latency', () => {
    const { trace } = run({ nodes: 2, link: { latency: constant(3 * ms) } }, { start: (node) => node.node === 0 && node.send(1, 7) });
    expect(times(trace, EventKind.deliver)).toEqual([3 * ms]);
  });

  it('delivers what a node sends to itself at once, after the step', () => {
    const order: string[] = [];
    run(
      { nodes: 1 },
      {
        start: (node) => {
          node.send(0, 1);
          order.push('end of start');
        },
        message: () => order.push('message'),
      },
    );
    expect(order).toEqual(['end of start', 'message']);
  });

  it('shares one payload among the receivers of a broadcast', () => {
    const { result } = run({ nodes: 5 }, { start: (node) => node.node === 2 && node.broadcast(1) });
    expect(result.metrics.messages).toMatchObject({ sent: 4, delivered: 4, lost: 0, bytes: 96 });
  });

  it('cuts draws to Δ after GST, and not before', () => {
    const options = {
      nodes: 2,
      link: { latency: constant(50 * ms) },
      timing: { model: 'partially_synchronous', delay: 10 * ms, gst: 200 * ms },
    } as const;
    const { trace } = run(options, {
      start: (node) => {
        if (node.node !== 0) return;
        node.send(1, 1);
        node.host.setTimer(0, 0, 195 * ms);
      },
      timeout: (node) => {
        node.send(1, 2);
        if (node.host.now(0) < 300 * ms) node.host.setTimer(0, 0, 205 * ms);
      },
    });
    // Sent at 0, at 195 ms (under way at GST: by GST + Δ) and at 400 ms.
    expect(times(trace, EventKind.deliver)).toEqual([50 * ms, 210 * ms, 410 * ms]);
  });
});

describe('loss and duplication', () => {
  const flood = {
    start: (node: { node: number; send(target: number, value: number): void }) => {
      if (node.node === 0) for (let count = 0; count < 20_000; count += 1) node.send(1, count);
    },
  };

  it('loses the share it says', () => {
    const { result } = run({ nodes: 2, link: { loss: 0.1 } }, flood);
    expect(result.metrics.messages.lost / 20_000).toBeCloseTo(0.1, 1.9);
    expect(result.metrics.messages.lost + result.metrics.messages.delivered).toBe(20_000);
  });

  it('duplicates the share it says', () => {
    const { result } = run({ nodes: 2, link: { duplicate: 0.05 } }, flood);
    expect(result.metrics.messages.duplicated / 20_000).toBeCloseTo(0.05, 1.9);
    expect(result.metrics.messages.delivered).toBe(20_000 + result.metrics.messages.duplicated);
  });

  it('adds the budgets of the scenario’s fault model', () => {
    const budget = { kind: 'loss', probability: 0.5, nodes: null, span: { uri: '', start: 0, end: 0 } } as const;
    const system = makeSystem({ nodes: 2, link: { loss: 0.5 }, budgets: [budget] });
    const program = makeProgram({ members: [0, 1], ...flood });
    const { metrics } = runOnce(system, [program], makeScenario({ duration: s, faults: 0 }), 1);
    expect(metrics.messages.lost / 20_000).toBeCloseTo(0.75, 1.9);
  });

  it('loses between two sets while an action says so', () => {
    const { result } = run({ nodes: 2 }, flood, s, [at(0, { kind: 'lose', from: [0], to: [1], probability: 1, message: null, for: null })]);
    expect(result.metrics.messages.delivered).toBe(0);
  });
});

describe('order and bandwidth', () => {
  const jitter = { kind: 'uniform', min: 0, max: 10 * ms } as const;
  const received: number[] = [];
  const sequence: Omit<ProgramOptions, 'members'> = {
    start: (node) => {
      received.length = 0;
      if (node.node === 0) for (let count = 0; count < 100; count += 1) node.send(1, count);
    },
    message: (_, __, value) => received.push(value),
  };
  const ascending = Array.from({ length: 100 }, (_, index) => index);

  it('reorders on a link that says nothing', () => {
    run({ nodes: 2, link: { latency: jitter } }, sequence);
    expect(received).not.toEqual(ascending);
    expect(received.toSorted((a, b) => a - b)).toEqual(ascending);
  });

  it('keeps the order on a FIFO link', () => {
    run({ nodes: 2, link: { latency: jitter, fifo: true } }, sequence);
    expect(received).toEqual(ascending);
  });

  it('sends one message after the other through a line', () => {
    // 1000 bytes at 8 Mbps take 1 ms each.
    const { trace } = run(
      { nodes: 2, link: { latency: constant(5 * ms), bandwidth: 8e6 } },
      {
        size: 1000,
        start: (node) => {
          if (node.node === 0) for (const value of [1, 2, 3]) node.send(1, value);
        },
      },
    );
    expect(times(trace, EventKind.deliver)).toEqual([6 * ms, 7 * ms, 8 * ms]);
  });
});

describe('routing', () => {
  const line = {
    nodes: 4,
    edges: [
      [0, 1],
      [1, 2],
      [2, 3],
    ],
  } as const; // prettier-ignore
  const first: Omit<ProgramOptions, 'members'> = { start: (node) => node.node === 0 && node.send(3, 1) };

  it('adds up the latencies of all hops', () => {
    const { trace } = run({ ...line, edgeLatency: [ms, 2 * ms, 4 * ms] }, first);
    expect(times(trace, EventKind.deliver)).toEqual([7 * ms]);
  });

  it('takes the cheapest path', () => {
    const options = {
      nodes: 4,
      edges: [
        [0, 1],
        [1, 3],
        [0, 2],
        [2, 3],
      ],
      edgeLatency: [5 * ms, 5 * ms, ms, 2 * ms],
    } as const; // prettier-ignore
    expect(times(run(options, first).trace, EventKind.deliver)).toEqual([3 * ms]);
  });

  it('goes around a relay that is down', () => {
    const options = {
      nodes: 4,
      edges: [
        [0, 1],
        [1, 3],
        [0, 2],
        [2, 3],
      ],
      edgeLatency: [5 * ms, 5 * ms, ms, 2 * ms],
    } as const; // prettier-ignore
    const { trace } = run(options, first, s, [at(0, { kind: 'crash', nodes: [2], for: null })]);
    expect(times(trace, EventKind.deliver)).toEqual([10 * ms]);
  });

  it('loses what a relay holds when it crashes', () => {
    const { result } = run(line, first, s, [at(ms / 2, { kind: 'crash', nodes: [1], for: null })]);
    expect(result.metrics.messages).toMatchObject({ delivered: 0, lost: 1 });
  });

  it('loses what has no path', () => {
    const { result } = run(
      {
        nodes: 4,
        edges: [
          [0, 1],
          [2, 3],
        ],
      },
      first,
    ); // prettier-ignore
    expect(result.metrics.messages).toMatchObject({ delivered: 0, lost: 1 });
  });

  it('drops or alters what a Byzantine relay passes on', () => {
    const byzantine = (name: 'silent' | 'corrupt') =>
      at(0, { kind: 'byzantine', nodes: [1], behavior: { kind: 'built-in', name }, for: null });
    expect(run(line, first, s, [byzantine('silent')]).result.metrics.messages.delivered).toBe(0);
    const values: number[] = [];
    const many: Omit<ProgramOptions, 'members'> = {
      start: (node) => {
        if (node.node === 0) for (let count = 0; count < 20; count += 1) node.send(3, 100);
      },
      message: (_, __, value) => values.push(value),
    };
    run(line, many, s, [byzantine('corrupt')]);
    expect(new Set(values)).toEqual(new Set([99, 100, 101]));
  });

  it('knows the direct neighbours only', () => {
    const neighbors: (readonly number[])[] = [];
    run(line, { start: (node) => neighbors.push(node.host.neighbors(node.node)) });
    expect(neighbors).toEqual([[1], [0, 2], [1, 3], [2]]);
  });
});
