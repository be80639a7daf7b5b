import { counted, formatDuration } from '../base/units.ts';
import { metricText } from '../model/metric-text.ts';
import type { Scenario } from '../model/scenario.ts';
import { spanKey } from '../model/span-key.ts';
import type { Deployment, System } from '../model/system.ts';
import { describe, firstMetric, judge, type Measured, spansRuns, unitOf } from './expectations.ts';
import { frequency } from './frequency.ts';
import type { Sample } from './metrics.ts';
import type { Quantity, Verdict, Violation } from './result.ts';
import type { SeedOutcome } from './scenario.ts';

export interface Report {
  readonly verdicts: readonly Verdict[];
  /** Expectations that failed, by index, with what to say of them. */
  readonly failedExpectations: readonly FailedExpectation[];
  readonly undecidedExpectations: readonly FailedExpectation[];
  /** Properties that broke though no expectation asked for it. */
  readonly brokenProperties: readonly BrokenProperty[];
  /** The first seed that fails; else the first that shows an expected violation; else the first. Null without a run. */
  readonly shownSeed: number | null;
}

export interface FailedExpectation {
  readonly index: number;
  readonly detail: string;
  readonly seed: number | null;
  /** ns: the moment of that run to look at; 0 where none is known. */
  readonly at: number;
}

export interface BrokenProperty {
  readonly violation: Violation;
  /** The first seed in which it broke, and how many did. */
  readonly seed: number;
  readonly seeds: number;
}

/** What holds over all seeds: every expectation, every property of every deployment, and that no run ended in an error. */
export function verdictsOf(system: System, scenario: Scenario, outcomes: readonly SeedOutcome[]): Report {
  const expectations = scenario.expectations.map((_, index) => expectationVerdict(system, scenario, index, outcomes));
  const properties = propertyVerdicts(system, scenario, outcomes);
  const broken = brokenProperties(scenario, outcomes);
  const failing = [
    ...outcomes.filter(({ result }) => result.error).map(({ result }) => result.seed),
    ...broken.map((property) => property.seed),
    ...expectations.filter(({ verdict }) => !verdict.passed).map(({ verdict }) => verdict.seed),
  ].filter((seed) => seed !== null);
  const expected = expectations.find(({ verdict }, at) => verdict.passed && asksForFailure(scenario.expectations[at]));
  const failed = (at: number): FailedExpectation => {
    const { verdict } = expectations[at] as (typeof expectations)[number];
    const judged = outcomes.find(({ result }) => result.seed === verdict.seed)?.result.expectations[at];
    return { index: at, detail: verdict.detail, seed: verdict.seed, at: judged?.at ?? 0 };
  };
  const indices = [...scenario.expectations.keys()];
  return {
    verdicts: [
      ...expectations.map(({ verdict }) => verdict),
      ...properties,
      ...unmetVerdicts(scenario, outcomes),
      ...errorVerdict(scenario, outcomes),
    ],
    failedExpectations: indices
      .filter((at) => !expectations[at]?.verdict.passed && !expectations[at]?.unjudged && !expectations[at]?.undecided)
      .map(failed),
    undecidedExpectations: indices.filter((at) => expectations[at]?.undecided).map(failed),
    brokenProperties: broken,
    shownSeed: failing.length > 0 ? Math.min(...failing) : (expected?.verdict.seed ?? outcomes[0]?.result.seed ?? null),
  };
}

type MetricCondition = Extract<Scenario['expectations'][number]['expect'], { kind: 'metric' }>['condition'];

interface ExpectationVerdict {
  readonly verdict: Verdict;
  readonly undecided: boolean;
  /** No run came far enough to be judged; the error that ended them is the finding. */
  readonly unjudged?: boolean;
}

/** Expectations that some run must break something: its seed is the one to look at. */
function asksForFailure(expectation: Scenario['expectations'][number] | undefined): boolean {
  const expect = expectation?.expect;
  return expect?.kind === 'violated' || (expect?.kind === 'history' && expect.negated);
}

function expectationVerdict(system: System, scenario: Scenario, index: number, all: readonly SeedOutcome[]): ExpectationVerdict {
  const { expect, text, span } = scenario.expectations[index] as Scenario['expectations'][number];
  const base = { text, span, kind: 'expectation' as const };
  const of = (outcome: SeedOutcome): SeedOutcome['result']['expectations'][number] => outcome.result.expectations[index] as never;
  // A run that an error ended has no metrics worth judging, but what it violated before it did violate.
  const outcomes = all.filter((outcome) => !outcome.result.error || (expect.kind === 'violated' && of(outcome).held));
  if (outcomes.length === 0) {
    const detail = all.length === 0 ? 'no run' : 'not judged: every run ended in an error';
    return { verdict: { ...base, passed: false, detail, seed: null }, undecided: false, unjudged: true };
  }
  if (expect.kind === 'violated') {
    const violating = outcomes.filter((outcome) => of(outcome).held);
    const first = violating[0];
    const detail = first
      ? `violated in ${violating.length} of ${counted(outcomes.length, 'seed')}, first in seed ${first.result.seed} ${of(first).detail}`
      : `held in ${outcomes.length === 1 ? 'the only seed' : `all ${outcomes.length} seeds`}`;
    const rate = frequency('witnesses', violating.length, outcomes.length);
    return { verdict: { ...base, passed: first !== undefined, detail, seed: first?.result.seed ?? null, rate }, undecided: false };
  }
  if (expect.kind === 'history' && expect.negated) {
    // Like an expected violation: one run that shows it is enough.
    const showing = outcomes.filter((outcome) => of(outcome).held);
    const undecided = outcomes.find((outcome) => outcome.undecided[index]);
    const told = showing[0] ?? undecided ?? (outcomes[0] as SeedOutcome);
    const share = `in ${showing.length} of ${counted(outcomes.length, 'seed')}`;
    const detail = `${share}${showing[0] ? ', first' : ''}; seed ${told.result.seed}: ${of(told).detail}`;
    const passed = showing.length > 0;
    const rate = frequency('witnesses', showing.length, outcomes.length);
    return { verdict: { ...base, passed, detail, seed: told.result.seed, rate }, undecided: false };
  }
  if (expect.kind === 'history') {
    const failing = outcomes.find((outcome) => !of(outcome).held && !outcome.undecided[index]);
    const undecided = outcomes.find((outcome) => outcome.undecided[index]);
    const told = failing ?? undecided ?? (outcomes[0] as SeedOutcome);
    const words = failing ? 'seed' : undecided ? 'undecided in seed' : 'every seed; in seed';
    const detail = `${words} ${told.result.seed}: ${of(told).detail}`;
    const seed = failing || undecided ? told.result.seed : null;
    const decided = outcomes.filter((outcome) => !outcome.undecided[index]);
    const rate = frequency('failures', decided.filter((outcome) => !of(outcome).held).length, decided.length);
    return { verdict: { ...base, passed: !failing && !undecided, detail, seed, rate }, undecided: !failing && undecided !== undefined };
  }
  if (spansRuns(expect.condition)) {
    const samples = outcomes.map((outcome) => outcome.sample).filter((sample): sample is Sample => sample !== null);
    const { held, measured } = judge(expect.condition, samples, system.constants);
    const worst = worstSeed(outcomes, index);
    const over = `over ${counted(outcomes.length, 'run')}`;
    const detail = `${measured.map(describe).join(', ')} (${over}, longest in seed ${worst.result.seed})`;
    return { verdict: { ...base, passed: held, detail, seed: worst.result.seed, measured: quantities(measured) }, undecided: false };
  }
  const failing = outcomes.filter((outcome) => !of(outcome).held);
  const worst = failing.length > 0 ? worstSeed(failing, index) : worstSeed(outcomes, index);
  const share = failing.length > 0 && outcomes.length > 1 ? `, fails in ${failing.length} of ${outcomes.length}` : '';
  const place =
    outcomes.length === 1 ? `seed ${worst.result.seed}` : `worst of ${outcomes.length} seeds, seed ${worst.result.seed}${share}`;
  const verdict = {
    ...base,
    passed: failing.length === 0,
    detail: `${of(worst).detail} (${place})`,
    seed: worst.result.seed,
    rate: frequency('failures', failing.length, outcomes.length),
    measured: quantities(measuredAs(expect.condition, of(worst).measured)),
  };
  return { verdict, undecided: false };

  function worstSeed(among: readonly SeedOutcome[], at: number): SeedOutcome {
    const sign = expect.kind === 'metric' && growsWorse(expect.condition) ? 1 : -1;
    const badness = (outcome: SeedOutcome): number => {
      const measured = outcome.result.expectations[at]?.measured;
      return measured === null || measured === undefined ? Number.POSITIVE_INFINITY : sign * measured;
    };
    return among.reduce((worst, outcome) => (badness(outcome) > badness(worst) ? outcome : worst));
  }
}

/** The first metric of a condition with its value in one run. */
function measuredAs(condition: MetricCondition, value: number | null): Measured[] {
  const metric = firstMetric(condition);
  return metric ? [{ metric: metric.metric, type: metric.type, value }] : [];
}

function quantities(measured: readonly Measured[]): Quantity[] {
  return measured.map(({ metric, type, value }) => ({
    text: metricText(metric),
    value: value !== null && Number.isFinite(value) ? value : null,
    unit: unitOf(metric, type),
  }));
}

/** Whether larger values of the first metric make the condition fail: `latency <= 5ms`, not `count >= 10`. */
export function growsWorse(condition: MetricCondition): boolean {
  if (condition.kind !== 'binary') return true;
  if (condition.operator === 'and' || condition.operator === 'or') return growsWorse(condition.left);
  const upper = condition.operator === '<' || condition.operator === '<=';
  return hasMetric(condition.left) ? upper : !upper;
}

function hasMetric(expression: Parameters<typeof spansRuns>[0]): boolean {
  if (expression.kind === 'metric') return true;
  if (expression.kind === 'binary') return hasMetric(expression.left) || hasMetric(expression.right);
  if (expression.kind === 'convert') return hasMetric(expression.value);
  return expression.kind === 'unary' && hasMetric(expression.operand);
}

/** Properties by deployment that an expectation says to break. */
function isExpected(scenario: Scenario, property: string, deployment: number): boolean {
  return scenario.expectations.some(
    ({ expect }) => expect.kind === 'violated' && expect.property === property && expect.deployment === deployment,
  );
}

function brokenProperties(scenario: Scenario, outcomes: readonly SeedOutcome[]): BrokenProperty[] {
  const broken = new Map<string, { violation: Violation; seed: number; seeds: number }>();
  for (const { result } of outcomes) {
    for (const violation of result.violations) {
      if (isExpected(scenario, violation.property, violation.deployment)) continue;
      const key = `${violation.deployment} ${violation.kind} ${violation.property} ${violation.span.start}`;
      const known = broken.get(key);
      if (known) known.seeds += 1;
      else broken.set(key, { violation, seed: result.seed, seeds: 1 });
    }
  }
  return [...broken.values()];
}

function propertyVerdicts(system: System, scenario: Scenario, outcomes: readonly SeedOutcome[]): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const deployment of system.deployments) {
    const protocol = system.protocols[deployment.protocol];
    if (!protocol) continue;
    const groups = [
      { kind: 'invariant' as const, properties: protocol.invariants },
      { kind: 'eventually' as const, properties: protocol.eventualities },
      { kind: 'leads_to' as const, properties: protocol.responses },
      { kind: 'always' as const, properties: protocol.persistences },
    ];
    for (const { kind, properties } of groups) {
      for (const property of properties) {
        if (isExpected(scenario, property.name, deployment.index)) continue;
        const matches = (violation: Violation): boolean =>
          violation.deployment === deployment.index && violation.kind === kind && violation.property === property.name;
        const violated = outcomes.filter(({ result }) => result.violations.some(matches));
        const first = violated[0];
        const violation = first?.result.violations.find(matches);
        const among = (items: SeedOutcome['open']): boolean =>
          items.some((item) => item.deployment === deployment.index && item.property === property.name);
        const open = outcomes.filter((outcome) => among(outcome.open)).length;
        const idle = outcomes.length > 0 && outcomes.every((outcome) => outcome.result.error || among(outcome.unexercised));
        verdicts.push({
          text: `${kind} ${nameIn(system, deployment, property.name)}`,
          span: property.nameSpan,
          kind,
          deployment: deployment.index,
          passed: violated.length === 0,
          detail: violation ? brokenDetail(violation, violated, outcomes) : heldDetail(kind, open, idle, outcomes.length),
          seed: first?.result.seed ?? null,
          rate: frequency('failures', violated.length, outcomes.length - open),
        });
      }
    }
  }
  return verdicts;
}

/** What a property is called where several runs have it: `east.Agreement`. */
function nameIn({ deployments }: System, { index, protocol, called }: Deployment, property: string): string {
  if (deployments.every((other) => other.index === index || other.protocol !== protocol)) return property;
  const isNamed = deployments.every((other) => other.index === index || other.called !== called);
  return isNamed ? `${called}.${property}` : `${property} of deployment ${index + 1}`;
}

function brokenDetail(violation: Violation, violated: readonly SeedOutcome[], outcomes: readonly SeedOutcome[]): string {
  const how = violation.kind === 'eventually' ? 'not reached by' : violation.kind === 'leads_to' ? 'not answered by' : 'violated at';
  const detail = violation.detail ? `: ${violation.detail}` : '';
  const share = `${violated.length} of ${counted(outcomes.length, 'seed')}`;
  return `${how} ${formatDuration(violation.time)} in seed ${violated[0]?.result.seed}${detail} (${share})`;
}

function heldDetail(kind: Violation['kind'], open: number, idle: boolean, seeds: number): string {
  // What is kept because it never came up tells nothing (vacuity: Beer et al. 1997).
  if (idle && open < seeds) return 'never exercised: its left side held in no run after GST and the last fault';
  if (kind === 'invariant' || open === 0) return `held in ${seeds === 1 ? 'the only seed' : `all ${seeds} seeds`}`;
  return `${open === seeds ? 'not judged' : `not judged in ${open} of ${seeds} seeds`}: the run ends too soon after GST or the last fault`;
}

/** Of each `when` that came true in no run: what waits for it has not been tried. No failure, as little as a property that was never exercised. */
function unmetVerdicts({ actions, calls }: Scenario, outcomes: readonly SeedOutcome[]): Verdict[] {
  const whole = outcomes.filter(({ result }) => !result.error);
  if (whole.length === 0) return [];
  return [...actions, ...calls].flatMap(({ when, span }): Verdict[] => {
    const place = when && spanKey(when.condition.span);
    if (!place || !whole.every(({ unmet }) => unmet.includes(place))) return [];
    const text = `when ${when.text.replace(/\s+/g, ' ')}`;
    return [{ text, span, kind: 'when', passed: true, detail: `never came true in ${counted(whole.length, 'run')}`, seed: null }];
  });
}

function errorVerdict(scenario: Scenario, outcomes: readonly SeedOutcome[]): Verdict[] {
  const failed = outcomes.filter(({ result }) => result.error);
  const first = failed[0]?.result;
  if (!first?.error) return [];
  const { message, node, time, span } = first.error;
  const where = node ? ` at ${node}` : '';
  const detail = `${message}${where}, ${formatDuration(time)} into seed ${first.seed} (${failed.length} of ${counted(outcomes.length, 'seed')})`;
  const rate = frequency('failures', failed.length, outcomes.length);
  return [{ text: `${scenario.name} runs to its end`, span, kind: 'run', passed: false, detail, seed: first.seed, rate }];
}

export type { Measured };
