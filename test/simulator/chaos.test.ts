import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Budget, BuiltInBehavior, FaultAction, System, Zone } from '../../src/model/system.ts';
import { type RunOutcome, runWithSample } from '../../src/simulator/run-once.ts';
import { EventKind, type Trace } from '../../src/simulator/trace.ts';
import '../support/seed.ts';
import { at, constant, makeProgram, makeScenario, makeSystem, ms, s, span } from './kit.ts';

const nodes = 7;
const zones: readonly Zone[] = [
  { index: 0, name: 'east', parent: -1, nodes: [0, 1, 2, 3], availability: null, span },
  { index: 1, name: 'east1', parent: 0, nodes: [0, 1], availability: null, span },
  { index: 2, name: 'east2', parent: 0, nodes: [2, 3], availability: null, span },
  { index: 3, name: 'west', parent: -1, nodes: [4, 5], availability: null, span },
];

function nodeBudget(kind: 'crash' | 'omission' | 'timing' | 'byzantine', count: number, of: readonly number[], recovers: boolean): Budget {
  const written = { span, countSpan: span, countIsLiteral: true, targetsSpan: span };
  return { kind, count, nodes: of, recovers, side: 'both', slowdown: 4, ...written };
}

function outageBudget(count: number, of: readonly number[], recovers: boolean): Budget {
  return { kind: 'outage', count, zones: of, recovers, span, countSpan: span, countIsLiteral: true, targetsSpan: span };
}

function makeRun(budgets: readonly Budget[]): { system: System; run: (actions: readonly FaultAction[], seed: number) => RunOutcome } {
  const made = makeSystem({
    nodes,
    budgets,
    attributes: { cpu: constant(ms / 10) },
    link: { latency: { kind: 'uniform', min: ms, max: 9 * ms } },
  });
  const system = { ...made, zones };
  const program = makeProgram({
    members: system.deployments[0]!.members,
    start: (node) => node.host.setTimer(node.node, 0, 5 * ms),
    recover: (node) => node.host.setTimer(node.node, 0, 5 * ms),
    timeout: (node) => {
      node.keep(node.kept + 1);
      node.broadcast(node.kept);
      node.host.setTimer(node.node, 0, 20 * ms);
    },
    message: (node, _, value, sender) => {
      node.set(value);
      if (value % 7 === sender) node.send(sender, value);
    },
  });
  return {
    system,
    run: (actions, seed) => runWithSample(system, [program], makeScenario({ duration: s, actions, faults: 0 }), seed, { trace: true }),
  };
}

const someNodes = fc
  .uniqueArray(fc.integer({ min: 0, max: nodes - 1 }), { minLength: 1, maxLength: nodes })
  .map((of) => of.sort((a, b) => a - b));
const someZones = fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 }).map((of) => of.sort((a, b) => a - b));
const count = fc.integer({ min: 0, max: 2 });
const lasts = fc.option(fc.integer({ min: 1, max: 600 }).map((length) => length * ms));

/** At the most one budget a kind, so that counting tells what is within them. */
const anyBudgets: fc.Arbitrary<Budget[]> = fc
  .tuple(
    fc.option(fc.tuple(count, someNodes, fc.boolean()).map(([k, of, recovers]) => nodeBudget('crash', k, of, recovers))),
    fc.option(fc.tuple(count, someNodes).map(([k, of]) => nodeBudget('omission', k, of, true))),
    fc.option(fc.tuple(count, someNodes).map(([k, of]) => nodeBudget('timing', k, of, true))),
    fc.option(fc.tuple(count, someNodes).map(([k, of]) => nodeBudget('byzantine', k, of, false))),
    fc.option(fc.tuple(count, someZones, fc.boolean()).map(([k, of, recovers]) => outageBudget(k, of, recovers))),
    fc.option(lasts.map((heals): Budget => ({ kind: 'partition', heals, span }))),
  )
  .map((budgets) => budgets.filter((budget) => budget !== null));

const behaviors: readonly BuiltInBehavior[] = ['silent', 'equivocate', 'corrupt', 'delay', 'replay', 'random'];
const oneNode = fc.integer({ min: 0, max: nodes - 1 }).map((node) => [node]);
const anyAction: fc.Arbitrary<FaultAction['action']> = fc.oneof(
  fc.record({ kind: fc.constant('crash' as const), nodes: oneNode, for: lasts }),
  fc.record({
    kind: fc.constant('crash' as const),
    nodes: oneNode,
    for: lasts,
    afterSends: fc.integer({ min: 1, max: 9 }),
    within: fc.integer({ min: 1, max: 200 }).map((wait) => wait * ms),
  }),
  fc.record({ kind: fc.constantFrom('recover' as const, 'leave' as const, 'join' as const), nodes: oneNode }),
  fc
    .integer({ min: 0, max: 3 })
    .chain((zone) =>
      fc.record({ kind: fc.constant('outage' as const), zone: fc.constant(zone), nodes: fc.constant(zones[zone]!.nodes), for: lasts }),
    ),
  fc.record({ kind: fc.constant('partition' as const), sides: oneNode.map((side) => [side]), for: lasts }),
  fc.constant({ kind: 'heal' as const }),
  fc.record({ kind: fc.constant('slow' as const), nodes: oneNode, factor: fc.constant(3), for: lasts }),
  fc.record({
    kind: fc.constant('omit' as const),
    nodes: oneNode,
    side: fc.constantFrom('send' as const, 'both' as const),
    share: fc.constant(0.5),
    for: lasts,
  }),
  fc.record({
    kind: fc.constant('byzantine' as const),
    nodes: oneNode,
    behavior: fc.constantFrom(...behaviors).map((name) => ({ kind: 'built-in' as const, name })),
    for: lasts,
  }),
);
const anySchedule = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 900 }), anyAction), { maxLength: 4 })
  .map((list) => list.map(([time, action]) => at(time * ms, action)).sort((a, b) => a.at - b.at));
const storm = (rate: number): FaultAction => at(0, { kind: 'chaos', rate, until: null });

/** Most that fail at once over the run, by kind of fault; nodes or zones among those that the budget names. */
function peaks({ trace }: { trace: Trace }, budgets: readonly Budget[]): Record<string, number> {
  const failing = new Map<string, Set<number>>();
  const of = (kind: string): Set<number> => failing.get(kind) ?? failing.set(kind, new Set()).get(kind)!;
  const most: Record<string, number> = {};
  let open = 0;
  const out = new Map<number, number>();
  for (let row = 0; row < trace.length; row += 1) {
    const node = trace.node[row] as number;
    const detail = trace.details[trace.detail[row] as number] ?? '';
    const name = trace.names[trace.name[row] as number] ?? '';
    const set = (kind: string, on: boolean): void => {
      if (on) of(kind).add(node);
      else of(kind).delete(node);
    };
    switch (trace.kind[row]) {
      case EventKind.slow:
        set('timing', detail !== '');
        break;
      case EventKind.omit:
        set('omission', detail !== '');
        break;
      case EventKind.byzantine:
        set('byzantine', name !== '');
        break;
      case EventKind.crash:
        // What an outage takes down is the outage's.
        set('crash', ![...out].some(([zone, times]) => times > 0 && zones[zone]!.nodes.includes(node)));
        break;
      case EventKind.recover:
        set('crash', false);
        break;
      case EventKind.outage:
      case EventKind.outageEnd: {
        const zone = zones.findIndex((each) => each.name === name);
        out.set(zone, (out.get(zone) ?? 0) + (trace.kind[row] === EventKind.outage ? 1 : -1));
        break;
      }
      case EventKind.partition:
        open += 1;
        break;
      case EventKind.heal:
        open = (trace.link[row] as number) < 0 ? 0 : open - 1;
        break;
    }
    for (const budget of budgets) {
      let now = 0;
      if (budget.kind === 'partition') now = open;
      else if (budget.kind === 'outage') now = budget.zones.filter((zone) => (out.get(zone) ?? 0) > 0).length;
      else if ('nodes' in budget && budget.nodes) now = [...of(budget.kind)].filter((each) => budget.nodes!.includes(each)).length;
      most[budget.kind] = Math.max(most[budget.kind] ?? 0, now);
    }
  }
  return most;
}

describe('chaos', () => {
  it('keeps within the budgets at every moment, whatever the scenario does besides', () => {
    let struck = 0;
    fc.assert(
      fc.property(anyBudgets, anySchedule, fc.integer({ min: 1, max: 1000 }), (budgets, schedule, seed) => {
        const { run } = makeRun(budgets);
        const written = peaks({ trace: run(schedule, seed).result.trace! }, budgets);
        const drawn = run(
          [...schedule, storm(30)].sort((a, b) => a.at - b.at),
          seed,
        );
        const all = peaks({ trace: drawn.result.trace! }, budgets);
        struck += drawn.applied.length - schedule.length;
        for (const budget of budgets) {
          const most = 'count' in budget ? budget.count : 1;
          // What the scenario writes may exceed a budget by itself; chaos adds nothing to that.
          expect([budget.kind, all[budget.kind]! <= Math.max(most, written[budget.kind]!)]).toEqual([budget.kind, true]);
        }
      }),
      { numRuns: 150 },
    );
    expect(struck).toBeGreaterThan(500);
  });

  it('uses every kind that the model has, and in some runs only some of them', () => {
    const budgets = [
      nodeBudget('crash', 2, [0, 1, 2, 3], true),
      nodeBudget('omission', 1, [4], true),
      nodeBudget('timing', 1, [5], true),
      nodeBudget('byzantine', 1, [6], false),
      outageBudget(1, [1, 2, 3], true),
      { kind: 'partition', heals: 200 * ms, span } as const,
    ];
    const { run } = makeRun(budgets);
    const seen = Array.from({ length: 30 }, (_, seed) => new Set(run([storm(40)], seed).applied.map(({ action }) => action.kind)));
    expect(new Set(seen.flatMap((kinds) => [...kinds]))).toEqual(new Set(['crash', 'omit', 'slow', 'byzantine', 'outage', 'partition']));
    expect(seen.every((kinds) => kinds.has('byzantine'))).toBe(true);
    expect(seen.some((kinds) => kinds.size === 6)).toBe(true);
    expect(seen.some((kinds) => kinds.size <= 3)).toBe(true);
  });
});

describe('the log of applied actions', () => {
  it('in place of the scenario’s own gives the same run under the same seed', () => {
    let drawn = 0;
    fc.assert(
      fc.property(anyBudgets, anySchedule, fc.integer({ min: 1, max: 1000 }), (budgets, schedule, seed) => {
        const { run } = makeRun(budgets);
        const first = run(
          [...schedule, storm(20)].sort((a, b) => a.at - b.at),
          seed,
        );
        drawn += first.applied.length;
        expect(first.applied.every(({ action }) => action.kind !== 'chaos')).toBe(true);
        const second = run(first.applied, seed);
        expect(second.result.digest).toBe(first.result.digest);
        expect(second.applied).toEqual(first.applied);
      }),
      { numRuns: 60 },
    );
    expect(drawn).toBeGreaterThan(300);
  });
});
