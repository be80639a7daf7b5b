import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BuiltInBehavior, FaultAction } from '../../src/model/scenario.ts';
import type { Budget, System, Zone } from '../../src/model/system.ts';
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
      case EventKind.links:
        if (name === 'disconnect') open += 1;
        break;
      case EventKind.linksEnd:
        if (name === 'disconnect') open -= 1;
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
    expect(new Set(seen.flatMap((kinds) => [...kinds]))).toEqual(
      new Set(['crash', 'omit', 'slow', 'slow_links', 'byzantine', 'outage', 'partition', 'disconnect']),
    );
    expect(seen.every((kinds) => kinds.has('byzantine'))).toBe(true);
    expect(seen.some((kinds) => kinds.size === 8)).toBe(true);
    expect(seen.some((kinds) => kinds.size <= 4)).toBe(true);
  });
});

describe('milder forms of what a budget admits', () => {
  type Applied = FaultAction['action'];
  const ofKind = <Kind extends Applied['kind']>(outcomes: readonly RunOutcome[], kind: Kind) =>
    outcomes.flatMap(({ applied }) => applied.map(({ action }) => action)).filter((action) => action.kind === kind) as Extract<
      Applied,
      { kind: Kind }
    >[];
  const seeds = Array.from({ length: 40 }, (_, seed) => seed + 1);

  it('cut in one direction only, or between one node and some, and heal as the budget says', () => {
    const { run } = makeRun([{ kind: 'partition', heals: 50 * ms, span }]);
    const outcomes = seeds.map((seed) => run([storm(20)], seed));
    const cuts = ofKind(outcomes, 'disconnect');
    expect(cuts.every((cut) => cut.for !== null && cut.for <= 50 * ms)).toBe(true);
    // In one direction: between all nodes; in both: around one of them.
    const oneWay = cuts.filter((cut) => cut.oneWay);
    expect(oneWay.length).toBeGreaterThan(20);
    expect(oneWay.every(({ from, to }) => new Set([...from, ...to]).size === nodes)).toBe(true);
    const around = cuts.filter((cut) => !cut.oneWay);
    expect(around.length).toBeGreaterThan(20);
    expect(around.every(({ from, to }) => from.length === 1 && !to.includes(from[0]!) && to.length < nodes - 1)).toBe(true);
    const withNone = outcomes.filter(({ applied }) => applied.every(({ action }) => action.kind === 'partition'));
    expect(withNone.length).toBeGreaterThan(10);
    expect(ofKind(outcomes, 'partition').length).toBeGreaterThan(cuts.length);
  });

  it('slow what a node sends on some of its links, where a budget admits that it is slow', () => {
    const { run } = makeRun([nodeBudget('timing', 1, [2, 5], true)]);
    const outcomes = seeds.map((seed) => run([storm(20)], seed));
    const gray = ofKind(outcomes, 'slow_links');
    expect(gray.length).toBeGreaterThan(20);
    for (const { from, to, oneWay, factor } of gray) {
      expect([2, 5]).toContain(from[0]);
      expect([from.length, oneWay, factor <= 4, to.length < nodes - 1]).toEqual([1, true, true, true]);
    }
    // One node at a time, in whichever way.
    for (const { applied } of outcomes) {
      let busyUntil = 0;
      let busy = -1;
      for (const { at: time, action } of applied) {
        const node = action.kind === 'slow' ? action.nodes[0]! : action.kind === 'slow_links' ? action.from[0]! : -1;
        if (node !== busy) expect(time).toBeGreaterThanOrEqual(busyUntil);
        busy = node;
        busyUntil = Math.max(busyUntil, time + (('for' in action && action.for) || 0));
      }
    }
    expect(ofKind([makeRun([]).run([storm(20)], 1)], 'slow_links')).toEqual([]);
  });

  it('change the rates of clocks within the drift that is declared, and of no others', () => {
    const drifting = (drift: number | null) => {
      const system = makeSystem({ nodes: 3, budgets: [], attributes: { drift } });
      const program = makeProgram({ members: [0, 1, 2] });
      const scenario = makeScenario({ duration: s, faults: 0, actions: [at(0, { kind: 'chaos', rate: 20, until: 0.8 * s })] });
      return seeds.map((seed) => runWithSample(system, [program], scenario, seed, { trace: false }));
    };
    const outcomes = drifting(0.2);
    const changes = ofKind(outcomes, 'drift');
    expect(changes.length).toBeGreaterThan(50);
    expect(changes.every(({ rate }) => Math.abs(rate) <= 0.2)).toBe(true);
    expect(new Set(changes.map(({ rate }) => rate))).toContain(0.2);
    expect(new Set(changes.map(({ rate }) => rate))).toContain(-0.2);
    const ends = outcomes.flatMap(({ applied }) => applied.map(({ at: time, action }) => time + (('for' in action && action.for) || 0)));
    expect(Math.max(...ends)).toBeLessThanOrEqual(0.8 * s);
    expect(outcomes.filter(({ applied }) => applied.length === 0).length).toBeGreaterThan(10);
    expect(ofKind(drifting(null), 'drift')).toEqual([]);
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
