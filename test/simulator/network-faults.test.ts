import { describe, expect, it } from 'vitest';
import type { FaultAction } from '../../src/model/scenario.ts';
import { runOnce, runWithSample } from '../../src/simulator/run-once.ts';
import { EventKind, type Trace } from '../../src/simulator/trace.ts';
import { at, constant, makeProgram, makeScenario, makeSystem, ms, type ProgramOptions, type SystemOptions, s } from './kit.ts';

type Action = FaultAction['action'];

function run(options: SystemOptions, program: Omit<ProgramOptions, 'members'>, duration: number, actions: FaultAction[], seed = 1) {
  const system = makeSystem(options);
  const made = makeProgram({ members: system.deployments[0]!.members, ...program });
  const result = runOnce(system, [made], makeScenario({ duration, actions }), seed, { trace: true });
  return { result, trace: result.trace as Trace };
}

/** Every 10 ms each node tells all others the time in ms; what arrives, by `from→to`. */
function heard(options: SystemOptions, actions: FaultAction[], duration = 65 * ms): Record<string, number[]> {
  const by: Record<string, number[]> = {};
  const program: Omit<ProgramOptions, 'members'> = {
    start: (node) => node.host.setTimer(node.node, 0, 10 * ms),
    timeout: (node) => {
      node.broadcast(node.host.now(node.node) / ms);
      node.host.setTimer(node.node, 0, 10 * ms);
    },
    message: (node, _, value, sender) => {
      const pair = `${sender}→${node.node}`;
      by[pair] = [...(by[pair] ?? []), value];
    },
  };
  run(options, program, duration, actions);
  return by;
}

const always = [10, 20, 30, 40, 50, 60];
const disconnect = (from: number[], to: number[], more: Partial<Extract<Action, { kind: 'disconnect' }>> = {}): Action => ({
  kind: 'disconnect',
  from,
  to,
  oneWay: false,
  for: null,
  ...more,
});

describe('disconnect', () => {
  it('cuts two nodes from each other while a third sees both', () => {
    const by = heard({ nodes: 3 }, [at(15 * ms, disconnect([0], [1], { for: 20 * ms }))]);
    expect(by['0→1']).toEqual([10, 40, 50, 60]);
    expect(by['1→0']).toEqual([10, 40, 50, 60]);
    for (const pair of ['0→2', '2→0', '1→2', '2→1']) expect(by[pair]).toEqual(always);
  });

  it('cuts one direction alone', () => {
    const by = heard({ nodes: 3 }, [at(15 * ms, disconnect([0], [1, 2], { oneWay: true }))]);
    expect(by).toMatchObject({ '0→1': [10], '0→2': [10], '1→0': always, '2→0': always, '1→2': always });
  });

  it('loses what is under way across the cut, and nothing else', () => {
    const by = heard({ nodes: 3 }, [at(10.5 * ms, disconnect([0], [1], { oneWay: true, for: 5 * ms }))]);
    expect(by['0→1']).toEqual([20, 30, 40, 50, 60]);
    expect(by['1→0']).toEqual(always);
  });

  it('lasts as long as any of several says, and heal ends all of them', () => {
    const twice = [
      at(15 * ms, disconnect([0], [1], { for: 10 * ms })),
      at(15 * ms, disconnect([1], [0], { for: 30 * ms })),
      at(15 * ms, disconnect([0], [1, 2], { for: 20 * ms })),
    ];
    expect(heard({ nodes: 3 }, twice)).toMatchObject({ '0→1': [10, 50, 60], '0→2': [10, 40, 50, 60], '2→1': always });
    expect(heard({ nodes: 3 }, [...twice, at(25 * ms, { kind: 'heal' })])).toMatchObject({ '0→1': [10, 30, 40, 50, 60] });
  });

  it('leaves a node to itself', () => {
    let own = 0;
    const program: Omit<ProgramOptions, 'members'> = {
      start: (node) => node.host.setTimer(node.node, 0, 10 * ms),
      timeout: (node) => node.send(node.node, 1),
      message: () => {
        own += 1;
      },
    };
    run({ nodes: 2 }, program, s, [at(0, disconnect([0, 1], [0, 1]))]);
    expect(own).toBe(2);
  });

  it('comes on top of a partition', () => {
    const actions = [
      at(15 * ms, { kind: 'partition', sides: [[2]], for: 10 * ms }),
      at(15 * ms, disconnect([0], [1], { for: 20 * ms })),
    ] as const;
    expect(heard({ nodes: 3 }, [...actions])).toMatchObject({ '0→1': [10, 40, 50, 60], '0→2': [10, 30, 40, 50, 60] });
  });
});

describe('routing around failures', () => {
  const triangle: SystemOptions = {
    nodes: 3,
    edges: [
      [0, 1],
      [1, 2],
      [0, 2],
    ],
    edgeLatency: [5 * ms, ms, ms],
  }; // prettier-ignore
  /** When what node 0 sends to 1, and 1 to 0, at 10 ms arrives, ms; none: lost. */
  function arrivals(actions: FaultAction[], options = triangle): Record<number, number> {
    const by: Record<number, number> = {};
    const program: Omit<ProgramOptions, 'members'> = {
      start: (node) => node.node < 2 && node.host.setTimer(node.node, 0, 10 * ms),
      timeout: (node) => node.send(1 - node.node, 1),
      message: (node) => {
        by[node.node] = node.host.now(node.node) / ms;
      },
    };
    run(options, program, 100 * ms, actions);
    return by;
  }

  it('keeps to a link while it is there', () => expect(arrivals([])).toEqual({ 0: 15, 1: 15 }));

  it('goes around a link that is cut, and only in the direction that is', () => {
    expect(arrivals([at(5 * ms, disconnect([0], [1]))])).toEqual({ 0: 12, 1: 12 });
    expect(arrivals([at(5 * ms, disconnect([0], [1], { oneWay: true }))])).toEqual({ 0: 15, 1: 12 });
  });

  it('has nowhere to go when the way around is cut or down as well', () => {
    expect(arrivals([at(5 * ms, disconnect([0], [1, 2], { oneWay: true }))])).toEqual({ 0: 15 });
    expect(arrivals([at(5 * ms, disconnect([0], [1])), at(5 * ms, { kind: 'crash', nodes: [2], for: null })])).toEqual({});
    expect(arrivals([at(5 * ms, { kind: 'partition', sides: [[0]], for: null })])).toEqual({});
  });

  it('comes back to the link when the cut is over', () => {
    expect(arrivals([at(2 * ms, disconnect([0], [1], { for: 3 * ms }))])).toEqual({ 0: 15, 1: 15 });
  });

  it('goes around a link that churn has taken down', () => {
    const churn: Action = { kind: 'churn_links', from: [0], to: [1], up: constant(5 * ms), down: constant(s), until: null };
    expect(arrivals([at(0, churn)])).toEqual({ 0: 12, 1: 12 });
  });

  it('knows no other way where all nodes are linked without being listed', () => {
    expect(arrivals([at(5 * ms, disconnect([0], [1]))], { nodes: 3 })).toEqual({});
  });
});

describe('slow links', () => {
  const slow = (more: Partial<Extract<Action, { kind: 'slow_links' }>> = {}): Action => ({
    kind: 'slow_links',
    from: [0],
    to: [1],
    factor: 10,
    oneWay: false,
    for: null,
    ...more,
  });
  const once: Omit<ProgramOptions, 'members'> = { size: 1000, start: (node) => node.broadcast(1) };
  /** `from→to time` of deliveries, ms. */
  const deliveries = (options: SystemOptions, action: Action): string[] => {
    const { trace } = run(options, once, s, [at(0, action)]);
    return [...trace.kind.keys()]
      .filter((row) => trace.kind[row] === EventKind.deliver)
      .map((row) => `${trace.peer[row]}→${trace.node[row]} ${(trace.time[row] as number) / ms}`)
      .toSorted();
  };
  const link = { latency: constant(2 * ms) };

  it('stretch the latency between two sets, and nothing else', () => {
    expect(deliveries({ nodes: 3, link }, slow())).toEqual(['0→1 20', '0→2 2', '1→0 20', '1→2 2', '2→0 2', '2→1 2']);
    expect(deliveries({ nodes: 2, link }, slow({ oneWay: true }))).toEqual(['0→1 20', '1→0 2']);
  });

  it('send more slowly as well', () => {
    const options = { nodes: 2, link: { ...link, bandwidth: 8e6 } };
    expect(deliveries(options, slow({ oneWay: true }))).toEqual(['0→1 30', '1→0 3']);
  });
});

describe('messages selected by type and endpoints', () => {
  /** Node 0 sends 1, 2, 3, … as Ping and Pong in turns, one a ms, to 1 and 2; what arrives when, ms, at a node by type. */
  function arrivals(action: Action): Record<string, string[]> {
    const by: Record<string, string[]> = {};
    const program: Omit<ProgramOptions, 'members'> = {
      start: (node) => node.node === 0 && node.host.setTimer(0, 0, ms),
      timeout: (node) => {
        const value = node.host.now(0) / ms;
        for (const target of [1, 2]) node.send(target, value, (value + 1) % 2);
        if (value < 6) node.host.setTimer(0, 0, ms);
      },
      message: (node, type, value) => {
        const key = `${type === 0 ? 'Ping' : 'Pong'} at ${node.node}`;
        by[key] = [...(by[key] ?? []), `${value}@${node.host.now(node.node) / ms}`];
      },
    };
    run({ nodes: 3 }, program, 100 * ms, [at(1.5 * ms, action)]);
    return by;
  }
  const ends = { from: [0], to: [1] };
  const untouched = {
    'Ping at 1': ['1@2', '3@4', '5@6'],
    'Pong at 1': ['2@3', '4@5', '6@7'],
    'Ping at 2': ['1@2', '3@4', '5@6'],
    'Pong at 2': ['2@3', '4@5', '6@7'],
  };

  it('are lost', () => {
    const { 'Pong at 1': pongs, ...others } = arrivals({ kind: 'lose', ...ends, probability: 1, message: 'Pong', for: 3 * ms });
    expect(pongs).toEqual(['6@7']);
    expect({ ...others, 'Pong at 1': untouched['Pong at 1'] }).toEqual(untouched);
  });

  it('are duplicated', () => {
    const by = arrivals({ kind: 'duplicate', ...ends, probability: 1, message: 'Pong', for: null });
    expect(by).toEqual({ ...untouched, 'Pong at 1': ['2@3', '2@3', '4@5', '4@5', '6@7', '6@7'] });
  });

  it('are late', () => {
    const by = arrivals({ kind: 'delay', ...ends, by: 50 * ms, message: 'Ping', for: 2 * ms });
    expect(by).toEqual({ ...untouched, 'Ping at 1': ['1@2', '5@6', '3@54'] });
  });

  it('wait, and leave in the order in which they were sent', () => {
    const by = arrivals({ kind: 'hold', ...ends, message: 'Pong', for: 18.5 * ms });
    expect(by).toEqual({ ...untouched, 'Pong at 1': ['2@21', '4@21', '6@21'] });
    expect(arrivals({ kind: 'hold', ...ends, message: null, for: 18.5 * ms })).toMatchObject({
      'Ping at 1': ['1@2', '3@21', '5@21'],
      'Pong at 1': ['2@21', '4@21', '6@21'],
      'Ping at 2': untouched['Ping at 2'],
    });
  });

  it('are told of in the trace', () => {
    const action: Action = { kind: 'delay', ...ends, by: 5 * ms, message: 'Pong', for: 10 * ms };
    const { trace } = run({ nodes: 3 }, {}, s, [at(ms, action)]);
    const rows = [...trace.kind.keys()].filter((row) => [EventKind.links, EventKind.linksEnd].includes(trace.kind[row] as 23 | 24));
    expect(rows.map((row) => [(trace.time[row] as number) / ms, trace.names[trace.name[row]!], trace.details[trace.detail[row]!]])).toEqual(
      [
        [1, 'delay', '{node[0]} → {node[1]}, Pong, 5ms'],
        [11, 'delay', undefined],
      ],
    );
    expect(trace.link[rows[0]!]).toBe(trace.link[rows[1]!]);
  });
});

describe('churn', () => {
  const up = { kind: 'exponential', mean: 3 * s } as const;
  const down = { kind: 'exponential', mean: s } as const;

  /** Shares of the time that is not down, from rows that begin and rows that end, by what they name. */
  function downtime(trace: Trace, begin: number, end: number, key: (row: number) => string, duration: number): Map<string, number> {
    const since = new Map<string, number>();
    const total = new Map<string, number>();
    for (let row = 0; row < trace.length; row += 1) {
      const time = trace.time[row] as number;
      if (trace.kind[row] === begin) since.set(key(row), time);
      else if (trace.kind[row] === end) {
        total.set(key(row), (total.get(key(row)) ?? 0) + time - (since.get(key(row)) as number));
        since.delete(key(row));
      }
    }
    for (const [each, time] of since) total.set(each, (total.get(each) ?? 0) + duration - time);
    return total;
  }

  it('has nodes away for the share of time that its means say', () => {
    const duration = 2000 * s;
    const { trace } = run({ nodes: 10 }, {}, duration, [at(0, { kind: 'churn', nodes: [0, 1, 2, 3, 4], up, down, until: null })]);
    const away = downtime(trace, EventKind.crash, EventKind.recover, (row) => String(trace.node[row]), duration);
    expect([...away.keys()].sort()).toEqual(['0', '1', '2', '3', '4']);
    // Alternating renewal, exponential: the share's variance after a time T is 2 u d ud / (u + d)³ / T.
    const share = [...away.values()].reduce((sum, time) => sum + time, 0) / (5 * duration);
    const deviation = Math.sqrt((2 * 3 * 3) / 4 ** 3 / 2000 / 5);
    expect(Math.abs(share - 0.25)).toBeLessThanOrEqual(4 * deviation);
  });

  it('has links down for that share too, and leaves the nodes alone', () => {
    const duration = 2000 * s;
    const action: Action = { kind: 'churn_links', from: [0, 1], to: [1, 2], up, down, until: null };
    const { trace } = run({ nodes: 4 }, {}, duration, [at(0, action)]);
    const away = downtime(trace, EventKind.links, EventKind.linksEnd, (row) => String(trace.link[row]), duration);
    const links = new Set([...trace.details].filter((detail) => detail.includes('–')));
    expect([...links].sort()).toEqual(['{node[0]} – {node[1]}', '{node[0]} – {node[2]}', '{node[1]} – {node[2]}']);
    const share = [...away.values()].reduce((sum, time) => sum + time, 0) / (3 * duration);
    expect(Math.abs(share - 0.25)).toBeLessThanOrEqual(4 * Math.sqrt((2 * 3 * 3) / 4 ** 3 / 2000 / 3));
    expect([...trace.kind]).not.toContain(EventKind.crash);
  });

  it('strikes only links that there are', () => {
    const edges = [
      [0, 1],
      [1, 2],
    ] as const; // prettier-ignore
    const action: Action = { kind: 'churn_links', from: [0, 1, 2], to: [0, 1, 2], up, down, until: null };
    const { trace } = run({ nodes: 3, edges }, {}, 100 * s, [at(0, action)]);
    expect([...trace.details].filter((detail) => detail.includes('–')).sort()).toEqual(['{node[0]} – {node[1]}', '{node[1]} – {node[2]}']);
  });

  it('has everything back at `until`', () => {
    const action: Action = { kind: 'churn', nodes: [0, 1], up: constant(s), down: constant(10 * s), until: 5 * s };
    const { trace } = run({ nodes: 2 }, {}, 20 * s, [at(0, action)]);
    const rows = [...trace.kind.keys()].filter((row) => [EventKind.crash, EventKind.recover].includes(trace.kind[row] as 5 | 6));
    expect(rows.map((row) => `${trace.kind[row] === EventKind.crash ? 'leaves' : 'joins'} ${(trace.time[row] as number) / s}`)).toEqual([
      'leaves 1',
      'leaves 1',
      'joins 5',
      'joins 5',
    ]);
  });

  it('leaves its schedule behind as plain actions that repeat the run', () => {
    const system = makeSystem({ nodes: 3, link: { latency: { kind: 'exponential', mean: 5 * ms } } });
    const program = (): ReturnType<typeof makeProgram> =>
      makeProgram({
        members: [0, 1, 2],
        start: (node) => node.broadcast(1),
        recover: (node) => node.broadcast(node.kept),
        message: (node, _, value, sender) => {
          node.keep(node.kept + value);
          node.send(sender, 1);
        },
      });
    const short = { up: { kind: 'exponential', mean: 300 * ms }, down: { kind: 'exponential', mean: 100 * ms }, until: 2 * s } as const;
    const actions = [at(0, { kind: 'churn', nodes: [0, 1], ...short }), at(0, { kind: 'churn_links', from: [0], to: [1, 2], ...short })];
    const drawn = runWithSample(system, [program()], makeScenario({ duration: 3 * s, actions }), 4, { trace: false });
    expect(new Set(drawn.applied.map(({ action }) => action.kind))).toEqual(new Set(['leave', 'join', 'disconnect']));
    const again = runWithSample(system, [program()], makeScenario({ duration: 3 * s, actions: drawn.applied }), 4, { trace: false });
    expect(again.result.digest).toBe(drawn.result.digest);
  });

  it('draws from a stream of its own: an action more leaves the schedule as it is', () => {
    const churn = at(0, { kind: 'churn', nodes: [0, 1, 2], up, down, until: null });
    const schedule = (actions: FaultAction[]): string[] => {
      const { trace } = run({ nodes: 3, link: { loss: 0.5 } }, {}, 100 * s, actions);
      return [...trace.kind.keys()]
        .filter((row) => trace.kind[row] === EventKind.crash)
        .map((row) => `${trace.time[row]} ${trace.node[row]}`);
    };
    const lose = at(0, { kind: 'lose', from: [0], to: [1], probability: 0.5, message: null, for: null });
    expect(schedule([lose, churn])).toEqual(schedule([churn]));
    expect(schedule([churn]).length).toBeGreaterThan(20);
  });
});

describe('nodes that join later', () => {
  it('run `on start` once, when they first join, and `on recover` after that', () => {
    const seen: string[] = [];
    const note = (what: string) => (node: { node: number; host: { now(node: number): number } }) => {
      if (node.node === 1) seen.push(`${what} ${node.host.now(1) / ms}`);
    };
    run({ nodes: 2 }, { start: note('start'), recover: note('recover') }, 100 * ms, [
      at(0, { kind: 'leave', nodes: [1] }),
      at(20 * ms, { kind: 'join', nodes: [1] }),
      at(40 * ms, { kind: 'leave', nodes: [1] }),
      at(60 * ms, { kind: 'join', nodes: [1] }),
    ]);
    expect(seen).toEqual(['start 20', 'recover 60']);
  });
});
