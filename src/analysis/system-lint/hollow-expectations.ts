import type { Finding } from '../../base/finding.ts';
import type { Expression, Metric } from '../../model/code.ts';
import { metricText } from '../../model/metric-text.ts';
import type { Expectation, Scenario } from '../../model/scenario.ts';
import type { System } from '../../model/system.ts';
import type { Value } from '../../model/values.ts';
import { walkExpression, walkStatements } from '../../model/walk.ts';
import { cannotBeViolated } from '../lint/vacuous.ts';
import { joined } from '../words.ts';
import { type MetricRange, rangeOf } from './metric-ranges.ts';
import {
  anyNumber,
  anyTruth,
  arithmetic,
  between,
  compared,
  connected,
  cutAt,
  either,
  hull,
  monotone,
  type NumberRange,
  negated,
  opposite,
  type TruthRange,
  truth,
  type ValueRange,
} from './range.ts';

/**
 * DS3801: an expectation over metrics that holds whatever a run does. DS3802: one that holds in no run. By interval
 * analysis over the range of each metric, cut at the numbers that it is compared with.
 */
export function hollowExpectations(system: System): Finding[] {
  return system.scenarios.flatMap((scenario) =>
    scenario.expectations.flatMap((expectation) => {
      const { expect } = expectation;
      if (expect.kind === 'metric') return judged(expect.condition, expectation, scenario, system);
      return expect.kind === 'violated' ? inviolable(expect, expectation, system) : [];
    }),
  );
}

function judged(condition: Expression, { text, span }: Expectation, scenario: Scenario, system: System): Finding[] {
  const metrics = metricsOf(condition, system, scenario);
  const { yes, no, unmeasured } = answers(condition, metrics, constantsOf(scenario, system));
  if (yes && no) return [];
  const facts = [...metrics.values()].map(({ metric, words }) => `\`${metricText(metric)}\` is ${words}`);
  const because = facts.length > 0 ? joined(facts) : 'it measures nothing of a run';
  if (!yes) {
    return [
      {
        code: 'DS3802',
        severity: 'warning',
        span,
        message: `\`${text}\` can never hold: ${because}.`,
        why: 'The scenario fails whatever the system does, so its failure says nothing about it.',
        help: 'Compare with a bound that a run can reach, or call or emit what is measured.',
      },
    ];
  }
  return [
    {
      code: 'DS3801',
      severity: 'warning',
      span,
      message: `\`${text}\` cannot fail: ${because}.`,
      why: 'An expectation that no run can break tests nothing, and reads as if it did.',
      help: 'Compare with a bound that a run can miss, or remove it.',
      ...(unmeasured
        ? { notes: ['It fails only in a run with nothing to measure; that calls are answered at all is `expect throughput(…) > 0/s`.'] }
        : {}),
    },
  ];
}

/** `expect violated(P)` of what nothing can violate: a property that always holds, a function that asserts nothing. */
function inviolable(expect: Expectation['expect'] & { readonly kind: 'violated' }, { text, span }: Expectation, system: System): Finding[] {
  const protocol = system.protocols[system.deployments[expect.deployment]?.protocol ?? -1];
  if (protocol === undefined) return [];
  const temporal = [...protocol.eventualities, ...protocol.responses, ...protocol.persistences];
  const invariant = [...protocol.invariants, ...protocol.responses, ...protocol.persistences].find(({ name }) => name === expect.property);
  const asserting = protocol.functions.find(({ name }) => name === expect.property);
  let because: string;
  let place: Finding['labels'];
  if (invariant) {
    if (!cannotBeViolated(invariant, protocol)) return [];
    because = `nothing can violate \`${invariant.name}\``;
    place = [{ span: invariant.nameSpan, message: 'it is so in every state' }];
  } else if (asserting) {
    let asserts = false;
    walkStatements(asserting.body, (statement) => {
      if (statement.kind === 'assert') asserts = true;
    });
    if (asserts || temporal.some(({ name }) => name === expect.property)) return [];
    because = `\`${asserting.name}\` has no \`assert\``;
    place = [{ span: asserting.nameSpan, message: 'asserts nothing' }];
  } else return [];
  return [
    {
      code: 'DS3802',
      severity: 'warning',
      span,
      message: `\`${text}\` can never hold: ${because}.`,
      why: 'The scenario fails whatever the system does, so its failure says nothing about it.',
      help: 'State a property that a run can break, or remove the expectation.',
      labels: place,
    },
  ];
}

interface MetricOf extends MetricRange {
  readonly metric: Metric;
}

function keyOf(metric: Metric): string {
  return JSON.stringify(metric);
}

function metricsOf(condition: Expression, system: System, scenario: Scenario): Map<string, MetricOf> {
  const metrics = new Map<string, MetricOf>();
  walkExpression(condition, (expression) => {
    if (expression.kind !== 'metric') return;
    const { metric } = expression;
    metrics.set(keyOf(metric), { metric, ...rangeOf(metric, system, scenario) });
  });
  return metrics;
}

/** The constants' values, a varied one over all of them. */
function constantsOf(scenario: Scenario, system: System): ReadonlyMap<string, readonly Value[]> {
  const values = new Map<string, readonly Value[]>(system.constants.map(({ name, value }) => [name, [value]]));
  const { vary } = scenario;
  if (vary === null) return values;
  // What depends on a varied constant varies with it, in ways that are not followed.
  for (const { name } of system.constants) values.set(name, []);
  values.set(vary.name, vary.values);
  return values;
}

/** Cuts that are tried together. */
const mostPieces = 400;

function answers(
  condition: Expression,
  metrics: ReadonlyMap<string, MetricOf>,
  constants: ReadonlyMap<string, readonly Value[]>,
): TruthRange {
  const points: number[] = [];
  walkExpression(condition, (expression) => {
    const range = expression.kind === 'literal' || expression.kind === 'constant' ? evaluated(expression, new Map(), constants) : null;
    if (range?.kind === 'number' && range.low === range.high && Number.isFinite(range.low)) points.push(range.low);
  });
  let pieces: ReadonlyMap<string, NumberRange>[] = [new Map()];
  const cuts = [...metrics].map(([key, { range }]) => ({ key, parts: cutAt(range, points), range }));
  const affordable = cuts.reduce((product, { parts }) => product * Math.max(1, parts.length), 1) <= mostPieces;
  for (const { key, parts, range } of cuts) {
    const parted = affordable && parts.length > 0 ? parts : [range];
    pieces = pieces.flatMap((piece) => parted.map((part) => new Map([...piece, [key, part]])));
  }
  return pieces
    .map((piece) => evaluated(condition, piece, constants))
    .map((value) => (value.kind === 'truth' ? value : anyTruth))
    .reduce(either, truth(false, false));
}

function evaluated(
  expression: Expression,
  metrics: ReadonlyMap<string, NumberRange>,
  constants: ReadonlyMap<string, readonly Value[]>,
): ValueRange {
  const of = (inner: Expression): ValueRange => evaluated(inner, metrics, constants);
  const unknown = expression.type.kind === 'Bool' ? anyTruth : anyNumber;
  switch (expression.kind) {
    case 'literal':
      return known([expression.value]) ?? unknown;
    case 'constant':
      return known(constants.get(expression.name) ?? []) ?? unknown;
    case 'convert':
      return of(expression.value);
    case 'metric':
      return metrics.get(keyOf(expression.metric)) ?? unknown;
    case 'unary': {
      const operand = of(expression.operand);
      return operand.kind === 'truth' ? opposite(operand) : negated(operand);
    }
    case 'binary': {
      const left = of(expression.left);
      const right = of(expression.right);
      if (left.kind === 'truth' && right.kind === 'truth') return connected(expression.operator, left, right);
      if (left.kind === 'truth' || right.kind === 'truth') return unknown;
      return expression.type.kind === 'Bool' ? compared(expression.operator, left, right) : arithmetic(expression.operator, left, right);
    }
    case 'conditional':
      return chosen(of(expression.condition), of(expression.then), of(expression.otherwise)) ?? unknown;
    case 'intrinsic':
      return applied(expression.name, expression.arguments.map(of)) ?? unknown;
    default:
      return unknown;
  }
}

function known(values: readonly Value[]): ValueRange | null {
  const ranges = values.map((value) => (typeof value === 'number' ? between(value, value) : null));
  const numbers = ranges.filter((range) => range !== null);
  if (numbers.length > 0 && numbers.length === values.length) return numbers.reduce(hull);
  const truths = values.filter((value) => typeof value === 'boolean');
  return truths.length > 0 && truths.length === values.length ? truth(truths.includes(true), truths.includes(false)) : null;
}

function chosen(condition: ValueRange, then: ValueRange, otherwise: ValueRange): ValueRange | null {
  if (condition.kind !== 'truth') return null;
  const { unmeasured } = condition;
  if (then.kind === 'truth' && otherwise.kind === 'truth') {
    const both = condition.yes && condition.no ? either(then, otherwise) : condition.yes ? then : otherwise;
    return { ...both, unmeasured: both.unmeasured || unmeasured };
  }
  if (then.kind !== 'number' || otherwise.kind !== 'number') return null;
  const both = condition.yes && condition.no ? hull(then, otherwise) : condition.yes ? then : otherwise;
  return { ...both, unmeasured: both.unmeasured || unmeasured };
}

function applied(name: string, values: readonly ValueRange[]): NumberRange | null {
  const numbers = values.filter((value) => value.kind === 'number');
  const [first] = numbers;
  if (first === undefined || numbers.length < values.length) return null;
  const unmeasured = numbers.some((range) => range.unmeasured);
  switch (name) {
    case 'min':
      return between(Math.min(...numbers.map(({ low }) => low)), Math.min(...numbers.map(({ high }) => high)), unmeasured);
    case 'max':
      return between(Math.max(...numbers.map(({ low }) => low)), Math.max(...numbers.map(({ high }) => high)), unmeasured);
    case 'abs':
      return first.low >= 0 ? first : first.high <= 0 ? negated(first) : between(0, Math.max(-first.low, first.high), unmeasured);
    case 'floor':
      return monotone(first, Math.floor);
    case 'ceil':
      return monotone(first, Math.ceil);
    case 'round':
      return monotone(first, Math.round);
    case 'sqrt':
      return first.low >= 0 ? monotone(first, Math.sqrt) : null;
    default:
      return null;
  }
}
