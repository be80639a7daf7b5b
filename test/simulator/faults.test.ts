import { describe, expect, it } from 'vitest';
import type { Budget } from '../../src/model/system.ts';
import { runOnce } from '../../src/simulator/run-once.ts';
import { EventKind, type Trace } from '../../src/simulator/trace.ts';
import {
  at,
  constant,
  makeProgram,
  makeScenario,
  makeSystem,
  ms,
  type ProgramOptions,
  property,
  type SystemOptions,
  s,
  span,
} from './kit.ts';

type Actions = ReturnType<typeof at>[];

function run(options: SystemOptions, program: Omit<ProgramOptions, 'members'>, duration: number, actions: Actions, seed = 1) {
  const system = makeSystem(options);
  const made = makeProgram({ members: system.deployments[0]!.members, ...program });
  const faults = options.budgets ? 0 : null;
  const result = runOnce(system, [made], makeScenario({ duration, actions, faults }), seed, { trace: true });
  return { result, trace: result.trace as Trace, nodes: made.nodes };
}

/** `time kind node` of the rows of some kinds, ms. */
function rows(trace: Trace, ...kinds: number[]): string[] {
  const names = Object.keys(EventKind);
  return [...trace.kind.keys()]
    .filter((row) => kinds.includes(trace.kind[row] as number))
    .map((row) => `${(trace.time[row] as number) / ms} ${names[trace.kind[row] as number]} ${trace.node[row]}`);
}

describe('crash and recovery', () => {
  it('loses var and timers, keeps durable, and runs `on recover`', () => {
    const { trace, nodes } = run(
      { nodes: 1 },
      {
        start: (node) => {
          node.keep(1);
          node.set(2);
          node.host.setTimer(0, 0, 10 * ms);
        },
        recover: (node) => node.host.setTimer(0, 0, 30 * ms),
      },
      100 * ms,
      [at(5 * ms, { kind: 'crash', nodes: [0], for: 15 * ms })],
    );
    expect(rows(trace, EventKind.start, EventKind.crash, EventKind.recover, EventKind.timeout)).toEqual([
      '0 start 0',
      '5 crash 0',
      '20 recover 0',
      '50 timeout 0',
    ]);
    expect(nodes.get(0)).toMatchObject({ kept: 1, lost: 0 });
  });

  it('drops what waits at the node and what arrives while it is down', () => {
    const handled: number[] = [];
    const { result } = run(
      { nodes: 2, attributes: { cpu: constant(10 * ms) }, link: { latency: constant(ms) } },
      {
        start: (node) => {
          if (node.node === 0) for (let value = 0; value < 5; value += 1) node.send(1, value);
        },
        message: (_, __, value) => handled.push(value),
      },
      s,
      [at(15 * ms, { kind: 'crash', nodes: [1], for: 100 * ms })],
    );
    expect(handled).toEqual([0]);
    expect(result.metrics.messages).toMatchObject({ delivered: 1, lost: 4 });
  });

  it('does not wake a node that crashed again meanwhile', () => {
    const { trace } = run({ nodes: 1 }, {}, 100 * ms, [
      at(10 * ms, { kind: 'crash', nodes: [0], for: 30 * ms }),
      at(20 * ms, { kind: 'recover', nodes: [0] }),
      at(30 * ms, { kind: 'crash', nodes: [0], for: null }),
    ]);
    expect(rows(trace, EventKind.crash, EventKind.recover)).toEqual(['10 crash 0', '20 recover 0', '30 crash 0']);
  });

  it('takes a zone down, and up again only those that nothing else keeps down', () => {
    const { trace } = run({ nodes: 3, zones: { eu: [0, 1] } }, {}, 100 * ms, [
      at(10 * ms, { kind: 'outage', zone: 0, nodes: [0, 1], for: 20 * ms }),
      at(20 * ms, { kind: 'crash', nodes: [1], for: 40 * ms }),
    ]);
    expect(rows(trace, EventKind.outage, EventKind.outageEnd, EventKind.crash, EventKind.recover)).toEqual([
      '10 outage -1',
      '10 crash 0',
      '10 crash 1',
      '30 outageEnd -1',
      '30 recover 0',
      '60 recover 1',
    ]);
  });

  it('starts a node that joins later', () => {
    const { trace } = run({ nodes: 2 }, {}, 100 * ms, [at(0, { kind: 'leave', nodes: [1] }), at(40 * ms, { kind: 'join', nodes: [1] })]);
    expect(rows(trace, EventKind.start, EventKind.recover)).toEqual(['0 start 0', '40 recover 1', '40 start 1']);
  });
});

describe('crashes of chaos', () => {
  it('come in the middle of a broadcast too, and then only some hear it', () => {
    const crash: Budget = {
      kind: 'crash',
      count: 2,
      nodes: [0, 1, 2, 3, 4],
      recovers: true,
      side: 'both',
      slowdown: 1,
      span,
      countSpan: span,
      countIsLiteral: true,
      targetsSpan: span,
    };
    let partial = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      const heard = new Map<number, number>();
      run(
        { nodes: 5, budgets: [crash] },
        {
          start: (node) => node.host.setTimer(node.node, 0, 10 * ms),
          recover: (node) => node.host.setTimer(node.node, 0, 10 * ms),
          timeout: (node) => {
            node.keep(node.kept + 1);
            node.broadcast(node.node * 1000 + node.kept);
            node.host.setTimer(node.node, 0, 10 * ms);
          },
          // What arrives while the receiver is down is lost too; losses below count the sender's alone.
          message: (_, __, value) => heard.set(value, (heard.get(value) ?? 0) + 1),
        },
        s,
        [at(0, { kind: 'chaos', rate: 5, until: null })],
        seed,
      );
      partial += [...heard.values()].filter((count) => count === 1 || count === 2).length;
    }
    expect(partial).toBeGreaterThan(5);
  });
});

describe('partitions', () => {
  const ticking: Omit<ProgramOptions, 'members'> = {
    start: (node) => node.host.setTimer(node.node, 0, 10 * ms),
    timeout: (node) => {
      if (node.node === 0) node.broadcast(node.host.now(0) / ms);
      node.host.setTimer(node.node, 0, 10 * ms);
    },
  };

  function heard(actions: Actions): Record<number, number[]> {
    const by: Record<number, number[]> = { 1: [], 2: [] };
    run({ nodes: 3 }, { ...ticking, message: (node, _, value) => by[node.node]!.push(value) }, 65 * ms, actions);
    return by;
  }

  it('cut the sides from each other until they heal', () => {
    const by = heard([at(15 * ms, { kind: 'partition', sides: [[0, 2], [1]], for: 20 * ms })]);
    expect(by).toEqual({ 1: [10, 40, 50, 60], 2: [10, 20, 30, 40, 50, 60] });
  });

  it('put nodes in no side on one more, and lose what is under way across', () => {
    const by = heard([at(10.5 * ms, { kind: 'partition', sides: [[0]], for: null }), at(35 * ms, { kind: 'heal' })]);
    expect(by).toEqual({ 1: [40, 50, 60], 2: [40, 50, 60] });
  });

  it('isolate each node', () => {
    const by = heard([at(15 * ms, { kind: 'isolate', nodes: [1, 2], for: 10 * ms })]);
    expect(by).toEqual({ 1: [10, 30, 40, 50, 60], 2: [10, 30, 40, 50, 60] });
  });
});

describe('slowness and clocks', () => {
  it('slows what a node sends and does', () => {
    const options = { nodes: 2, attributes: { cpu: constant(ms) }, link: { latency: constant(2 * ms) } };
    const program = { start: (node: { node: number; send(to: number, value: number): void }) => node.node === 0 && node.send(1, 1) };
    const { trace } = run(options, program, s, [at(0, { kind: 'slow', nodes: [0], factor: 10, for: null })]);
    expect(rows(trace, EventKind.deliver)).toEqual(['21 deliver 1']);
  });

  it('runs timers on the local clock, within the drift bound', () => {
    const { trace, nodes } = run(
      { nodes: 20, attributes: { drift: 0.1 } },
      { start: (node) => node.host.setTimer(node.node, 0, s), timeout: (node) => node.keep(node.host.now(node.node)) },
      2 * s,
      [],
    );
    const fired = [...trace.kind.keys()].filter((row) => trace.kind[row] === EventKind.timeout).map((row) => trace.time[row] as number);
    expect(fired).toHaveLength(20);
    expect(Math.min(...fired)).toBeGreaterThan(s / 1.1 - 1);
    expect(Math.max(...fired)).toBeLessThan(s / 0.9 + 1);
    expect(Math.max(...fired) - Math.min(...fired)).toBeGreaterThan(0.1 * s);
    // By its own clock every timer took just as long.
    for (const node of nodes.values()) expect(Math.abs(node.kept - s)).toBeLessThanOrEqual(2);
  });

  it('skews clocks without moving timers', () => {
    const { trace, nodes } = run(
      { nodes: 1 },
      { start: (node) => node.host.setTimer(0, 0, 50 * ms), timeout: (node) => node.keep(node.host.now(0)) },
      s,
      [at(10 * ms, { kind: 'skew', nodes: [0], offset: 200 * ms })],
    );
    expect(rows(trace, EventKind.timeout)).toEqual(['50 timeout 0']);
    expect(nodes.get(0)?.kept).toBe(250 * ms);
  });

  it('moves a timer that is set again, and forgets one that is cancelled', () => {
    const { trace } = run(
      { nodes: 1 },
      {
        timers: ['a', 'b'],
        start: (node) => {
          node.host.setTimer(0, 0, 10 * ms);
          node.host.setTimer(0, 0, 40 * ms);
          node.host.setTimer(0, 0, 30 * ms);
          node.host.setTimer(0, 1, 20 * ms);
          node.host.setTimer(0, 1, 5 * ms);
        },
        timeout: (node, timer) => {
          if (timer === 1 && node.kept === 0) {
            node.keep(1);
            node.host.setTimer(0, 1, ms);
            node.host.cancelTimer(0, 1);
          }
        },
      },
      s,
      [],
    );
    expect(rows(trace, EventKind.timeout)).toEqual(['5 timeout 0', '30 timeout 0']);
  });
});

describe('Byzantine nodes', () => {
  const values: number[][] = [];
  const told: Omit<ProgramOptions, 'members'> = {
    start: (node) => node.host.setTimer(node.node, 0, 10 * ms),
    timeout: (node) => {
      if (node.node === 0) node.broadcast(100);
      if (node.host.now(node.node) < 190 * ms) node.host.setTimer(node.node, 0, 10 * ms);
    },
    message: (node, _, value) => {
      const of = values[node.node] ?? [];
      values[node.node] = of;
      of.push(value);
    },
  };

  function behave(name: 'silent' | 'equivocate' | 'corrupt' | 'delay' | 'replay' | 'random', seed = 1) {
    values.length = 0;
    const action = at(0, { kind: 'byzantine', nodes: [0], behavior: { kind: 'built-in', name }, for: null });
    return run({ nodes: 9 }, told, s, [action], seed).result;
  }

  it('silent: say nothing', () => {
    expect(behave('silent').metrics.messages.sent).toBe(0);
  });

  it('equivocate: tell some the one and the others the other, consistently', () => {
    behave('equivocate');
    const stories = values.slice(1).map((of) => [...new Set(of)]);
    expect(stories.every((story) => story.length === 1)).toBe(true);
    expect(new Set(stories.flat())).toEqual(new Set([100, 101]));
    // Half of all nine, the liar itself perhaps among them.
    expect([3, 4]).toContain(stories.flat().filter((story) => story === 101).length);
  });

  it('corrupt: alter at random', () => {
    behave('corrupt');
    expect(new Set(values.flat())).toEqual(new Set([99, 100, 101]));
  });

  it('delay: late, but true', () => {
    const { metrics, trace } = behave('delay');
    const mean = (kind: number): number => {
      const times = [...trace!.kind.keys()].filter((row) => trace!.kind[row] === kind).map((row) => trace!.time[row] as number);
      return times.reduce((sum, time) => sum + time, 0) / times.length;
    };
    // Ten times the latency of 1 ms, on average.
    expect((mean(EventKind.deliver) - mean(EventKind.send)) / ms).toBeLessThan(12);
    expect((mean(EventKind.deliver) - mean(EventKind.send)) / ms).toBeGreaterThan(8);
    expect(new Set(values.flat())).toEqual(new Set([100]));
    expect(metrics.messages.lost).toBe(0);
  });

  it('replay: more messages than were meant, all of them old', () => {
    const { metrics } = behave('replay');
    expect(metrics.messages.sent).toBeGreaterThan(19 * 8);
    expect(new Set(values.flat())).toEqual(new Set([100]));
  });

  it('random: some of everything', () => {
    const { metrics } = behave('random');
    expect(metrics.messages.sent).toBeGreaterThan(0);
    expect(metrics.messages.sent).not.toBe(19 * 8);
  });

  it('run a written adversary, and come back as after a crash', () => {
    const got: number[] = [];
    const { trace } = run(
      {
        nodes: 2,
        adversaries: [
          {
            name: 'Liar',
            protocol: 'Test',
            state: [],
            handlers: [],
            functions: [],
            span: at(0, { kind: 'heal' }).span,
            nameSpan: at(0, { kind: 'heal' }).span,
          },
        ],
      },
      {
        start: (node) => node.host.setTimer(node.node, 0, 10 * ms),
        recover: (node) => node.send(1, 3),
        timeout: (node) => node.node === 0 && node.send(1, 1),
        message: (_, __, value) => got.push(value),
        adversary: { start: (node) => node.send(1, 2) },
      },
      s,
      [at(5 * ms, { kind: 'byzantine', nodes: [0], behavior: { kind: 'adversary', adversary: 0 }, for: 20 * ms })],
    );
    expect(got).toEqual([2, 3]);
    expect(rows(trace, EventKind.byzantine)).toEqual(['5 byzantine 0', '25 byzantine 0']);
  });

  it('are not members to invariants', () => {
    const honest = property('Honest', (members) => members.every((node) => node.kept === 0));
    const program = { start: (node: { node: number; keep(value: number): void }) => node.node === 0 && node.keep(1), invariants: [honest] };
    expect(run({ nodes: 2 }, program, s, []).result.violations).toHaveLength(1);
    const action = at(0, { kind: 'byzantine', nodes: [0], behavior: { kind: 'built-in', name: 'silent' }, for: null });
    expect(run({ nodes: 2 }, program, s, [action]).result.violations).toHaveLength(0);
  });
});
