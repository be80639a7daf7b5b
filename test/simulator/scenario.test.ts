import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RuntimeFailure } from '../../src/compiler/program.ts';
import type { Expression } from '../../src/model/code.ts';
import type { Expectation } from '../../src/model/scenario.ts';
import type { Budget } from '../../src/model/system.ts';
import { Cancelled } from '../../src/simulator/limits.ts';
import { runOnce } from '../../src/simulator/run-once.ts';
import { runScenario } from '../../src/simulator/scenario.ts';
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

const gossip: Omit<ProgramOptions, 'members'> = {
  start: (node) => node.host.setTimer(node.node, 0, 5 * ms),
  recover: (node) => node.host.setTimer(node.node, 0, 5 * ms),
  timeout: (node) => {
    node.broadcast(Math.floor(node.host.random(node.node) * 1000));
    node.host.setTimer(node.node, 0, 5 * ms);
  },
  message: (node, message, value, sender) => {
    node.set(node.lost + value);
    node.keep(node.kept + 1);
    node.host.emit(node.node, 0, { f0: value });
    if (message === 0 && value % 3 === 0) node.send(sender, value, 1);
  },
};

const normal = { latency: { kind: 'normal', mean: 3 * ms, sd: ms }, loss: 0.01, duplicate: 0.01 } as const;

function nodeBudget(kind: 'crash' | 'byzantine' | 'omission' | 'timing', count: number, nodes: readonly number[], recovers = true): Budget {
  return { kind, count, nodes, recovers, side: 'both', slowdown: 10, span, countSpan: span, countIsLiteral: true, targetsSpan: span };
}

function outageBudget(count: number, zones: readonly number[]): Budget {
  return { kind: 'outage', count, zones, recovers: true, span, countSpan: span, countIsLiteral: true, targetsSpan: span };
}

describe('determinism', () => {
  const system = makeSystem({ nodes: 5, link: normal });
  const scenario = makeScenario({ duration: 300 * ms, actions: [at(100 * ms, { kind: 'crash', nodes: [1], for: 50 * ms })] });
  const run = (seed: number, trace: boolean) =>
    runOnce(system, [makeProgram({ members: [0, 1, 2, 3, 4], ...gossip })], scenario, seed, { trace });

  it('same seed, same digest and trace', () => {
    const [first, second] = [run(3, true), run(3, true)];
    expect(second).toEqual(first);
    expect(first.digest).toMatch(/^[0-9a-f]{16}$/);
    expect(first.digest).toMatchInlineSnapshot(`"be6120869e04f2d9"`);
  });

  it('the digest is the same without a trace', () => {
    expect(run(3, false).digest).toBe(run(3, true).digest);
  });

  it('where a broken property stands in its file makes no other run of it', () => {
    const broken = (place: typeof span) => {
      const invariant = { ...property('Never', () => false), span: place };
      return runOnce(makeSystem({ nodes: 1 }), [makeProgram({ members: [0], invariants: [invariant] })], makeScenario({ duration: s }), 1);
    };
    const [first, second] = [broken(span), broken({ ...span, start: span.start + 40, end: span.end + 40 })];
    expect(first.violations).toMatchObject([{ property: 'Never' }]);
    expect(second.digest).toBe(first.digest);
  });

  it('other seeds, other digests', () => {
    expect(new Set([1, 2, 3, 4, 5].map((seed) => run(seed, false).digest)).size).toBe(5);
  });

  it('a change of state alone changes the digest', () => {
    const quiet = (value: number) =>
      runOnce(
        makeSystem({ nodes: 1 }),
        [makeProgram({ members: [0], start: (node) => node.keep(value) })],
        makeScenario({ duration: s }),
        1,
      );
    expect(quiet(1).digest).not.toBe(quiet(2).digest);
  });

  it('faults do not move when latencies are drawn otherwise', () => {
    const times = (latency: SystemOptions['link']): number[] => {
      // Outages: a crash may wait for the middle of a broadcast, and that comes when the protocol sends.
      const zones = { a: [0], b: [1, 2] };
      const chaotic = makeSystem({ nodes: 5, link: latency, zones, budgets: [outageBudget(2, [0, 1])] });
      const actions = [at(0, { kind: 'chaos', rate: 20, until: null })];
      const program = makeProgram({ members: [0, 1, 2, 3, 4], ...gossip });
      const { trace } = runOnce(chaotic, [program], makeScenario({ duration: s, actions, faults: 0 }), 1, { trace: true });
      return [...trace!.kind.keys()].filter((row) => trace!.kind[row] === EventKind.crash).map((row) => trace!.time[row] as number);
    };
    expect(times(normal).length).toBeGreaterThan(3);
    expect(times(normal)).toEqual(times({ latency: constant(ms) }));
  });
});

describe('chaos', () => {
  /** The most nodes that are in a state at once, by the rows that begin and end it. */
  function most(trace: Trace, begin: number, end: number): number {
    const now = new Set<number>();
    let highest = 0;
    for (let row = 0; row < trace.length; row += 1) {
      if (trace.kind[row] === begin) now.add(trace.node[row] as number);
      if (trace.kind[row] === end) now.delete(trace.node[row] as number);
      highest = Math.max(highest, now.size);
    }
    return highest;
  }

  it('stays within its budgets at every moment', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.nat(1000),
          crashes: fc.nat(3),
          byzantine: fc.nat(2),
          recovers: fc.boolean(),
          rate: fc.integer({ min: 5, max: 100 }),
        }),
        ({ seed, crashes, byzantine, recovers, rate }) => {
          const all = [0, 1, 2, 3, 4, 5];
          const system = makeSystem({
            nodes: 8,
            zones: { a: [6], b: [7] },
            budgets: [
              nodeBudget('crash', crashes, all, recovers),
              nodeBudget('byzantine', byzantine, all),
              nodeBudget('timing', 1, all),
              { kind: 'partition', heals: 100 * ms, span },
              outageBudget(1, [0, 1]),
            ],
          });
          const actions = [at(0, { kind: 'chaos', rate, until: 800 * ms })];
          const program = makeProgram({ members: [...all, 6, 7], ...gossip });
          const { trace } = runOnce(system, [program], makeScenario({ duration: s, actions, faults: 0 }), seed, { trace: true });
          const rows = trace as Trace;
          const kinds = [...rows.kind];
          const before = (row: number): boolean => (rows.time[row] as number) <= 800 * ms;
          expect(most(rows, EventKind.crash, EventKind.recover)).toBeLessThanOrEqual(crashes + 1);
          expect(new Set([...kinds.keys()].filter((row) => kinds[row] === EventKind.byzantine).map((row) => rows.node[row])).size).toBe(
            byzantine,
          );
          const open = (begin: number, end: number): number => {
            let depth = 0;
            let highest = 0;
            for (const kind of kinds) {
              depth += kind === begin ? 1 : kind === end ? -1 : 0;
              highest = Math.max(highest, depth);
            }
            return highest;
          };
          expect(open(EventKind.partition, EventKind.heal)).toBeLessThanOrEqual(1);
          expect(open(EventKind.outage, EventKind.outageEnd)).toBeLessThanOrEqual(1);
          const faults: readonly number[] = [EventKind.crash, EventKind.recover, EventKind.partition, EventKind.heal, EventKind.outage];
          expect([...kinds.keys()].filter((row) => faults.includes(kinds[row] as number)).every(before)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('properties', () => {
  const rising: Omit<ProgramOptions, 'members'> = {
    start: (node) => node.host.setTimer(node.node, 0, 10 * ms),
    recover: (node) => node.host.setTimer(node.node, 0, 10 * ms),
    timeout: (node) => {
      node.set(node.lost + 1);
      node.host.setTimer(node.node, 0, 10 * ms);
    },
  };
  const eventually = (within: number | null) => ({ ...property('Five', (_, correct) => correct.every((node) => node.lost >= 5)), within });

  function violations(
    program: Partial<ProgramOptions>,
    options: Partial<SystemOptions> = {},
    actions: ReturnType<typeof at>[] = [],
    duration = s,
  ) {
    const made = makeProgram({ members: [0, 1], ...rising, ...program });
    const system = makeSystem({ nodes: 2, ...options });
    return runOnce(system, [made], makeScenario({ duration, actions }), 1, { trace: true }).violations;
  }

  it('an invariant breaks at the first step that breaks it, and once', () => {
    const low = property('Low', (members) => members.every((node) => node.lost <= 7));
    expect(violations({ invariants: [low] })).toMatchObject([{ property: 'Low', kind: 'invariant', time: 80 * ms, detail: 'somewhere' }]);
  });

  it('an invariant is asked only after writes to what it reads', () => {
    let asked = 0;
    const kept = property('Kept', () => ++asked > 0, 1);
    violations({ invariants: [kept] });
    expect(asked).toBe(1);
  });

  it('an eventually holds in time or not', () => {
    expect(violations({ eventualities: [eventually(50 * ms)] })).toEqual([]);
    expect(violations({ eventualities: [eventually(49 * ms)] })).toMatchObject([{ property: 'Five', kind: 'eventually', time: 49 * ms }]);
    expect(violations({ eventualities: [eventually(null)] }, {}, [], 40 * ms)).toMatchObject([{ time: 40 * ms }]);
  });

  it('an eventually counts from the last fault or its end', () => {
    const crash = [at(500 * ms, { kind: 'crash', nodes: [0], for: 100 * ms })];
    expect(violations({ eventualities: [eventually(50 * ms)] }, {}, crash)).toEqual([]);
    expect(violations({ eventualities: [eventually(49 * ms)] }, {}, crash)).toMatchObject([{ time: 649 * ms }]);
  });

  it('an eventually counts from GST', () => {
    const late = { ...property('Never', () => false), within: 100 * ms };
    const timing = { model: 'partially_synchronous', delay: s, gst: 300 * ms } as const;
    expect(violations({ eventualities: [late] }, { timing })).toMatchObject([{ time: 400 * ms }]);
    // The run ends before its time is up: nothing to say.
    expect(violations({ eventualities: [late] }, { timing }, [], 350 * ms)).toEqual([]);
  });

  it('an assert that fails is a violation', () => {
    const program = {
      timeout: (node: { host: { assertionFailed(n: number, text: string, place: typeof span): void }; node: number }) =>
        node.host.assertionFailed(node.node, 'x == 1', span),
    };
    expect(violations(program)).toMatchObject([{ kind: 'assert', time: 10 * ms, detail: 'x == 1 at node[0]' }]);
  });
});

describe('limits', () => {
  it('stops a handler that sends to itself for ever, and names it', () => {
    const handlerSpan = { uri: span.uri, start: 10, end: 20 };
    const handlers = [
      {
        trigger: { kind: 'message', message: 'Ping', variable: 'm', sender: null },
        role: null,
        body: [],
        span: handlerSpan,
        headSpan: handlerSpan,
      },
    ] as const;
    const system = makeSystem({ nodes: 1, protocol: { handlers } });
    const program = makeProgram({ members: [0], start: (node) => node.send(0, 1), message: (node) => node.send(0, 1) });
    const { error } = runOnce(system, [program], makeScenario({ duration: s }), 1);
    expect(error).toMatchObject({ kind: 'limit', span: handlerSpan, node: 'node[0]', time: 0 });
    expect(error?.message).toContain('`Ping`');
  });

  it('stops a run of too many events or too many at a time', () => {
    const run = (limits: object) =>
      runOnce(
        makeSystem({ nodes: 5, link: normal }),
        [makeProgram({ members: [0, 1, 2, 3, 4], ...gossip })],
        makeScenario({ duration: 3600 * s }),
        1,
        { trace: false, limits },
      );
    expect(run({ events: 20_000 }).error).toMatchObject({ kind: 'limit', node: '', message: 'the run took more than 20000 events' });
    expect(run({ pending: 5 }).error?.message).toBe('more than 5 events are pending at once');
  });

  it('stops when asked to', () => {
    const run = () =>
      runOnce(makeSystem({ nodes: 5 }), [makeProgram({ members: [0, 1, 2, 3, 4], ...gossip })], makeScenario({ duration: 3600 * s }), 1, {
        trace: false,
        shouldStop: () => true,
      });
    expect(run).toThrow(Cancelled);
  });

  it('keeps as many rows of a trace as it may', () => {
    const run = (traceEvents: number) =>
      runOnce(makeSystem({ nodes: 5 }), [makeProgram({ members: [0, 1, 2, 3, 4], ...gossip })], makeScenario({ duration: 100 * ms }), 1, {
        trace: true,
        limits: { traceEvents },
      });
    expect(run(100).trace).toMatchObject({ length: 100, truncated: true });
    expect(run(1_000_000).trace?.truncated).toBe(false);
    expect(run(100).digest).toBe(run(1_000_000).digest);
  });
});

describe('runScenario', () => {
  const metric = (operator: '<=' | '>=', value: number): Expectation => {
    const type = { kind: 'Int' } as const;
    const left: Expression = { kind: 'metric', metric: { kind: 'count', event: 'Seen', deployment: 0 }, type, span };
    const right: Expression = { kind: 'literal', value, type, span };
    const condition: Expression = { kind: 'binary', operator, left, right, type: { kind: 'Bool' }, span };
    return { span, text: `count(Seen) ${operator} ${value}`, expect: { kind: 'metric', condition } };
  };
  const violated = (name: string): Expectation => ({
    span,
    text: `violated(${name})`,
    expect: { kind: 'violated', property: name, deployment: 0 },
  });

  function scenario(expectations: readonly Expectation[], program: Partial<ProgramOptions> = {}, seeds = 3) {
    const progress: number[] = [];
    const invariants = program.invariants ?? [];
    const protocol = {
      invariants: invariants.map(({ name }) => ({
        name,
        span,
        nameSpan: span,
        documentation: '',
        text: '',
        condition: metric('<=', 0).expect as never,
      })),
    };
    const result = runScenario({
      system: makeSystem({ nodes: 3, link: normal, protocol }),
      programs: [makeProgram({ members: [0, 1, 2], ...gossip, ...program })],
      scenario: makeScenario({ duration: 100 * ms, expectations }),
      variant: null,
      firstSeed: 1,
      seeds,
      trace: true,
      onProgress: (done) => progress.push(done),
    });
    return { result, progress };
  }

  it('judges expectations over all seeds', () => {
    const { result, progress } = scenario([metric('>=', 10), metric('<=', 10)]);
    expect(progress).toEqual([1, 2, 3]);
    expect(result.runs).toHaveLength(3);
    expect(result.verdicts.map(({ passed }) => passed)).toEqual([true, false]);
    expect(result.passed).toBe(false);
    expect(result.findings.map(({ code }) => code)).toEqual(['DS5005']);
    expect(result.findings[0]?.message).toMatch(
      /^expected count\(Seen\) <= 10, but count\(Seen\) = \d+ \(worst of 3 seeds, seed \d, fails in 3 of 3\)$/,
    );
    expect(result.shown?.trace?.length).toBeGreaterThan(100);
    const counts = [1, 2, 3].map((seed) => result.runs.find((run) => run.seed === seed)?.delivered);
    expect(counts.every((count) => (count ?? 0) > 50)).toBe(true);
  });

  it('reports a broken invariant once, with its first seed', () => {
    const low = property('Low', (members) => members.every((node) => node.kept <= 30));
    const { result } = scenario([], { invariants: [low] });
    expect(result.verdicts).toMatchObject([{ kind: 'invariant', text: 'invariant Low', passed: false, seed: 1 }]);
    expect(result.findings).toMatchObject([{ code: 'DS5002', witness: { kind: 'run', seed: 1 } }]);
    expect(result.shown?.seed).toBe(1);
  });

  it('is content with a violation that is expected, and reports one that does not come', () => {
    const low = property('Low', (members) => members.every((node) => node.kept <= 30));
    expect(scenario([violated('Low')], { invariants: [low] }).result).toMatchObject({ passed: true, findings: [] });
    const high = property('High', () => true);
    expect(scenario([violated('High')], { invariants: [high] }).result.findings).toMatchObject([{ code: 'DS5007' }]);
  });

  it('reports a run-time error with its place', () => {
    const failing = {
      timeout: () => {
        throw new RuntimeFailure('list is empty', { ...span, start: 5, end: 9 });
      },
    }; // prettier-ignore
    const { result } = scenario([], failing);
    expect(result.findings).toMatchObject([{ code: 'DS5001', span: { start: 5 }, notes: ['in 3 of 3 seeds'] }]);
    expect(result.verdicts.at(-1)).toMatchObject({ kind: 'run', passed: false });
  });

  it('stops between runs when cancelled', () => {
    let asked = 0;
    const result = runScenario({
      system: makeSystem({ nodes: 3 }),
      programs: [makeProgram({ members: [0, 1, 2], ...gossip })],
      scenario: makeScenario({ duration: 100 * ms }),
      variant: null,
      firstSeed: 1,
      seeds: 10,
      trace: false,
      shouldStop: () => ++asked > 2,
    });
    expect(result).toMatchObject({ stopped: 'cancelled', passed: false });
    expect(result.runs.length).toBeLessThan(3);
  });
});
