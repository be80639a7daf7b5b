/** Whatever a scenario says is printed so that it is the same scenario when it is read again. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Workspace } from '../../src/language/workspace.ts';
import { expand } from '../../src/model/expand.ts';
import type { FaultAction, Scenario, ScenarioCall, Schedule, When } from '../../src/model/scenario.ts';
import { scenarioText } from '../../src/model/scenario-text.ts';
import type { System } from '../../src/model/system.ts';
import type { Value } from '../../src/model/values.ts';
import '../support/seed.ts';

const frame = (scenario: string): string => `
protocol Store {
  enum Color { Red, Green }
  message Note(key: Int)
  durable kept = 0
  on m: Note { }
  operation Put(key: Int, share: Real, text: String, flag: Bool, wait: Duration, at: Node, often: Rate, size: Size, maybe: Int?, color: Color, log: List<Duration?>, tags: Set<String>, counts: Map<Int, Node>): Int
  event Done(key: Int)
  invariant Small { n < 100 }
  on op: Put { reply 1 }
}
adversary Liar for Store { on start { } }
system Shop {
  zone eu { zone eu1 zone eu2 }
  zone us
  node replica[4] in [eu1, eu2, us]
  node client[2]
  node primary
  faults Some { crash 1 of replica }
  run Store on replica + primary
${scenario}
}`;

const span = { uri: 'file:///round.dsys', start: 0, end: 0 };

function read(scenario: string): { readonly system: System; readonly errors: readonly string[] } {
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(span.uri, frame(scenario));
  const { systems, findings } = workspace.check(span.uri);
  const expansion = expand(systems[0]!);
  const errors = [...findings, ...expansion.findings].filter(({ severity }) => severity === 'error').map(({ message }) => message);
  return { system: expansion.system as System, errors };
}

const { system } = read('');

const nodes = fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 });
const time = fc.oneof(
  fc.integer({ min: 0, max: 5_000_000_000 }),
  fc.integer({ min: 0, max: 40 }).map((ms) => ms * 1e6),
);
const lasts = fc.option(fc.integer({ min: 1, max: 86_400e9 }));
const share = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0.3, 0.999, 1, 1e-9));
const moment = fc.integer({ min: 1, max: 1e12 });
const message = fc.constantFrom(null, 'Note');
const delay = fc.oneof(
  fc.record({ kind: fc.constant('constant'), value: moment }),
  fc.record({ kind: fc.constant('uniform'), min: fc.integer({ min: 1, max: 1e6 }), max: fc.integer({ min: 1e6, max: 1e9 }) }),
  fc.record({ kind: fc.constant('normal'), mean: moment, sd: moment }),
  fc.record({ kind: fc.constant('lognormal'), median: moment, sigma: fc.double({ min: 0.1, max: 2, noNaN: true }) }),
  fc.record({ kind: fc.constant('exponential'), mean: moment }),
  fc.record({ kind: fc.constant('pareto'), scale: moment, shape: fc.double({ min: 1.1, max: 9, noNaN: true }) }),
  fc.record({ kind: fc.constant('empirical'), values: fc.array(moment, { minLength: 1, maxLength: 3 }) }),
);
const behavior: fc.Arbitrary<Extract<FaultAction['action'], { kind: 'byzantine' }>['behavior']> = fc.oneof(
  fc.constantFrom('silent', 'equivocate', 'corrupt', 'delay', 'replay', 'random').map((name) => ({ kind: 'built-in', name }) as const),
  fc.constant({ kind: 'adversary', adversary: 0 } as const),
);

const action: fc.Arbitrary<FaultAction['action']> = fc.oneof(
  fc.record({ kind: fc.constant('isolate'), nodes, for: lasts }),
  fc.record(
    { kind: fc.constant('crash'), nodes, for: lasts, afterSends: fc.integer({ min: 1, max: 9 }) },
    { requiredKeys: ['kind', 'nodes', 'for'] },
  ),
  fc.record({ kind: fc.constant('crash'), nodes, for: lasts, afterSends: fc.constant(2), within: moment }),
  fc.record({ kind: fc.constant('crash'), nodes, for: lasts, loses: fc.constantFrom('unsynced', 'all') }),
  fc.record({ kind: fc.constant('pause'), nodes, for: moment }),
  fc.record({
    kind: fc.constant('drift'),
    nodes,
    rate: fc.double({ min: -0.9, max: 0.9, noNaN: true }).map((x) => (Math.abs(x) < 1e-9 ? 0 : x)),
    for: lasts,
  }),
  fc.record({ kind: fc.constant('omit'), nodes, side: fc.constantFrom('send', 'receive', 'both'), share, for: lasts }),
  fc.record({ kind: fc.constant('delay'), from: nodes, to: nodes, by: moment, message, for: lasts }),
  fc.record({ kind: fc.constant('hold'), from: nodes, to: nodes, message, for: moment }),
  fc.record({ kind: fc.constant('disconnect'), from: nodes, to: nodes, oneWay: fc.boolean(), for: lasts }),
  fc.record({
    kind: fc.constant('slow_links'),
    from: nodes,
    to: nodes,
    factor: fc.double({ min: 1, max: 1e6, noNaN: true }),
    oneWay: fc.boolean(),
    for: lasts,
  }),
  fc.record({ kind: fc.constant('churn'), nodes, up: delay, down: delay, until: lasts }),
  fc.record({ kind: fc.constant('churn_links'), from: nodes, to: nodes, up: delay, down: delay, until: lasts }),
  fc.record({ kind: fc.constantFrom('recover', 'join', 'leave'), nodes }),
  fc
    .constantFrom(...system.zones)
    .chain((zone) =>
      fc.record({ kind: fc.constant('outage' as const), zone: fc.constant(zone.index), nodes: fc.constant(zone.nodes), for: lasts }),
    ),
  fc.record({ kind: fc.constant('partition' as const), sides: fc.array(nodes, { minLength: 1, maxLength: 3 }), for: lasts }),
  fc.constant({ kind: 'heal' as const }),
  fc.record({ kind: fc.constant('slow' as const), nodes, factor: fc.double({ min: 1, max: 1e6, noNaN: true }), for: lasts }),
  fc.record({ kind: fc.constantFrom('lose', 'duplicate', 'reorder'), from: nodes, to: nodes, probability: share, message, for: lasts }),
  fc.record({ kind: fc.constant('skew' as const), nodes, offset: fc.integer({ min: -1e12, max: 1e12 }) }),
  fc.record({ kind: fc.constant('byzantine' as const), nodes, behavior, for: lasts }),
  fc.record({ kind: fc.constant('chaos' as const), rate: fc.double({ min: 1e-6, max: 1e6, noNaN: true }), until: lasts }),
) as fc.Arbitrary<FaultAction['action']>;

const plain: fc.Arbitrary<FaultAction> = fc.record({ at: time, span: fc.constant(span), action });

/** Conditions and choices by their text; what they mean is compared without places. */
const when: fc.Arbitrary<When> = fc.record({
  deployment: fc.constant(0),
  condition: fc.constant({} as never),
  text: fc.constantFrom('exists m in replica: m.kept > 1', 'replica.all(m => m.kept == 2)\n    and // both\n primary.kept < 3'),
  after: fc.constantFrom(0, 1, 5_000_000),
});
const waiting: fc.Arbitrary<FaultAction> = fc.record({ when, at: time, span: fc.constant(span), action });
const choosing: fc.Arbitrary<FaultAction> = fc.record({
  at: time,
  span: fc.constant(span),
  action: fc.constant({ kind: 'crash' as const, nodes: [0, 1, 2, 3, 6], for: null }),
  choice: fc.oneof(
    fc.record({ one: fc.constant(true), state: fc.constant(null) }),
    fc.record({
      one: fc.boolean(),
      state: fc.constant({ deployment: 0, nodes: {} as never, text: 'replica.filter(m => m.kept > 0)' }),
    }),
  ),
});

const int = fc.integer();
const real = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => !Object.is(x, -0));
const text = fc.oneof(fc.string(), fc.constantFrom('"quoted"', 'a\\b', 'two\nlines\r\ttabs', 'ümläut 🦊', '// no comment', ''));
const node = fc.integer({ min: 0, max: 6 });
const values = fc.record({
  key: int,
  share: real,
  text,
  flag: fc.boolean(),
  wait: time,
  at: node,
  often: fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
  size: fc.integer({ min: 0, max: 1e12 }),
  maybe: fc.option(int),
  color: fc.constantFrom('Red', 'Green').map((member) => ({ kind: 'enum', enum: 'Store.Color', member })),
  log: fc.array(fc.option(time), { maxLength: 3 }).map((items) => ({ kind: 'list', items })),
  tags: fc.uniqueArray(text, { maxLength: 3 }).map((items) => ({ kind: 'set', items: items.sort() })),
  counts: fc
    .uniqueArray(int, { maxLength: 3 })
    .chain((keys) =>
      fc
        .array(node, { minLength: keys.length, maxLength: keys.length })
        .map((items) => ({ kind: 'map', entries: keys.sort((a, b) => a - b).map((key, at) => [key, items[at]]) })),
    ),
}) as fc.Arbitrary<Record<string, Value>>;

const call: fc.Arbitrary<ScenarioCall> = fc
  .record({
    at: time,
    span: fc.constant(span),
    clients: nodes,
    operation: fc.constant('Put'),
    deployment: fc.constant(0),
    arguments: values.map((given) =>
      Object.entries(given).map(([name, value]) => ({ name, generator: { kind: 'constant' as const, value } })),
    ),
    targets: fc.array(fc.constantFrom(0, 1, 2, 3, 6), { minLength: 1, maxLength: 4 }),
    when: fc.option(when, { nil: undefined }),
    inTurn: fc.constant(true),
    timeout: lasts,
    retries: fc.nat(5),
  })
  .map((made) => ({ ...made, inTurn: made.targets.length > 1 }));

const scenario: fc.Arbitrary<Scenario> = fc.record({
  name: fc.constant('Printed'),
  span: fc.constant(span),
  nameSpan: fc.constant(span),
  faults: fc.constantFrom(null, 0),
  duration: fc.integer({ min: 1, max: 86_400e9 }),
  seeds: fc.integer({ min: 1, max: 1000 }),
  seed: fc.option(fc.nat(1e9)),
  vary: fc.constant(null),
  workloads: fc.boolean(),
  delays: fc.constantFrom('drawn', 'mean'),
  schedule: fc.oneof(
    fc.constantFrom<Schedule>({ kind: 'latency' }, { kind: 'random' }, { kind: 'targeted' }),
    fc.record({ kind: fc.constant('pct' as const), depth: fc.integer({ min: 1, max: 16 }) }),
    fc.record({ kind: fc.constant('delay_bounded' as const), delays: fc.nat(1000) }),
  ),
  actions: fc.array(fc.oneof(plain, waiting, choosing), { maxLength: 6 }),
  calls: fc.array(call, { maxLength: 2 }),
  expectations: fc.constantFrom([], [
    { span, text: 'count(Done) >= 3', expect: { kind: 'metric', condition: {} as never } },
  ] as Scenario['expectations']),
});

const awaitedAs = (awaited: When | undefined): object => ({ when: awaited && { text: awaited.text, after: awaited.after } });

/** What a scenario says, without where it stands. */
function meaning(of: Scenario): unknown {
  const { actions, calls, expectations, span: _, nameSpan: __, ...rest } = of;
  return {
    ...rest,
    actions: actions
      .map(({ at, action: done, when: awaited, choice }) => ({
        at,
        action: done,
        ...awaitedAs(awaited),
        choice: choice && { one: choice.one, state: choice.state?.text },
      }))
      .sort((a, b) => a.at - b.at),
    calls: calls.map(({ span: ___, when: awaited, ...made }) => ({ ...made, ...awaitedAs(awaited) })).sort((a, b) => a.at - b.at),
    expectations: expectations.map((expectation) => expectation.text),
  };
}

describe('a printed scenario', () => {
  test('is read as the same scenario', () => {
    fc.assert(
      fc.property(scenario, (printed) => {
        const source = scenarioText(printed, system);
        const { system: again, errors } = read(source);
        expect(errors, source).toEqual([]);
        expect(meaning(again.scenarios[0]!), source).toEqual(meaning(printed));
      }),
      { numRuns: 150 },
    );
  });

  test('reads well', () => {
    const crash = { at: 310e6, span, action: { kind: 'crash', nodes: [2], for: 20_500_001 } } as const;
    const ask = {
      at: 412_567_891,
      span,
      clients: [4],
      operation: 'Ask',
      deployment: 0,
      arguments: [],
      targets: [1, 0],
      inTurn: true,
      timeout: 1e9,
      retries: 1,
    };
    const printed = {
      vary: null,
      name: 'Crash_Seed17',
      span,
      nameSpan: span,
      faults: 0,
      duration: 1_204e6,
      seeds: 1,
      seed: 17,
      workloads: false,
      delays: 'mean' as const,
      schedule: { kind: 'latency' as const },
      actions: [crash],
      calls: [ask],
      expectations: [],
    };
    expect(
      scenarioText(printed, system),
    ).toBe(`  scenario Crash_Seed17 under Some (duration: 1.204s, seeds: 1, seed: 17, workloads: none, delays: mean) {
    at 310ms crash(replica[2], for: 20.500001ms)
    at 412.567891ms call Ask() from client[0] to [replica[1], replica[0]] with (timeout: 1s, retries: 1)
  }`);
  });
});
