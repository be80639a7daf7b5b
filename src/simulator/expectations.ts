import { exp, ln } from '../base/exact-math.ts';
import { formatDuration, formatNumber, formatRate, formatRatio, formatSize } from '../base/units.ts';
import type { BinaryOperator, Expression, Metric, Statistic } from '../model/code.ts';
import { metricText } from '../model/metric-text.ts';
import type { Constant } from '../model/system.ts';
import type { Type } from '../model/types.ts';
import { childrenOf } from '../model/walk.ts';
import { type Sample, sampleKey, statistic } from './metrics.ts';
import type { Quantity } from './result.ts';

/** A metric as it was measured; null where there was nothing to measure. */
export interface Measured {
  readonly metric: Metric;
  readonly type: Type;
  readonly value: number | null;
}

export interface Judgement {
  readonly held: boolean;
  /** In the order of the condition's text. */
  readonly measured: readonly Measured[];
}

/**
 * Whether a condition over metrics holds. `samples` is one run, or all runs for conditions that speak of the runs'
 * spread (`time_to`). A condition that needs what could not be measured does not hold.
 */
export function judge(condition: Expression, samples: readonly Sample[], constants: readonly Constant[]): Judgement {
  const evaluator = new Evaluator(samples, constants);
  const value = evaluator.evaluate(condition);
  return { held: value === true, measured: evaluator.measured };
}

/** Whether the condition is about the spread over runs, one value a run: then it is judged once for all of them. */
export function spansRuns(expression: Expression): boolean {
  switch (expression.kind) {
    case 'metric':
      return expression.metric.kind === 'time_to';
    case 'unary':
      return spansRuns(expression.operand);
    case 'binary':
      return spansRuns(expression.left) || spansRuns(expression.right);
    case 'conditional':
      return spansRuns(expression.condition) || spansRuns(expression.then) || spansRuns(expression.otherwise);
    case 'convert':
      return spansRuns(expression.value);
    case 'intrinsic':
      return expression.arguments.some(spansRuns);
    default:
      return false;
  }
}

/** `p99(latency(Submit)) = 312 ms`. */
export function describe({ metric, type, value }: Measured): string {
  return `${metricText(metric)} = ${formatMeasured(metric, type, value)}`;
}

export function formatMeasured(metric: Metric, type: Type, value: number | null): string {
  if (value === null) return metric.kind === 'time_to' ? 'never' : 'nothing to measure';
  if (value === Number.POSITIVE_INFINITY) return 'never';
  return formatQuantity(value, unitOf(metric, type));
}

export function formatQuantity(value: number, unit: Quantity['unit']): string {
  switch (unit) {
    case 'duration':
      return formatDuration(value);
    case 'rate':
      return formatRate(value);
    case 'size':
      return formatSize(value);
    case 'ratio':
      return formatRatio(value);
    case 'number':
      return formatNumber(value);
  }
}

export function unitOf(metric: Metric, type: Type): Quantity['unit'] {
  if (type.kind === 'Duration') return 'duration';
  if (type.kind === 'Rate') return 'rate';
  if (type.kind === 'Size') return 'size';
  return metric.kind === 'success' || metric.kind === 'reach' ? 'ratio' : 'number';
}

/** The metric of a condition that is evaluated first: what `RunResult.expectations` keeps the value of. */
export function firstMetric(condition: Expression): Extract<Expression, { kind: 'metric' }> | null {
  if (condition.kind === 'metric') return condition;
  for (const part of childrenOf(condition)) {
    const found = firstMetric(part);
    if (found) return found;
  }
  return null;
}

type Scalar = number | boolean | string | null;

class Evaluator {
  readonly measured: Measured[] = [];

  constructor(
    private readonly samples: readonly Sample[],
    private readonly constants: readonly Constant[],
  ) {}

  /** Null for whatever rests on something that was not measured. */
  evaluate(expression: Expression): Scalar {
    switch (expression.kind) {
      case 'literal':
        return scalar(expression.value);
      case 'constant':
        return scalar(this.constants.find((constant) => constant.name === expression.name)?.value ?? null);
      case 'convert':
        return this.evaluate(expression.value);
      case 'metric': {
        const value = this.measure(expression.metric);
        this.measured.push({ metric: expression.metric, type: expression.type, value });
        return value;
      }
      case 'unary': {
        const operand = this.evaluate(expression.operand);
        if (operand === null) return null;
        return expression.operator === 'not' ? !operand : -(operand as number);
      }
      case 'binary':
        return this.binary(expression.operator, this.evaluate(expression.left), this.evaluate(expression.right));
      case 'conditional': {
        const condition = this.evaluate(expression.condition);
        return condition === null ? null : this.evaluate(condition ? expression.then : expression.otherwise);
      }
      case 'intrinsic':
        return this.intrinsic(
          expression.name,
          expression.arguments.map((argument) => this.evaluate(argument)),
        );
      default:
        throw new Error(`an expectation cannot hold a ${expression.kind} expression`);
    }
  }

  private binary(operator: BinaryOperator, left: Scalar, right: Scalar): Scalar {
    // Both sides are always evaluated, so that a report shows every metric.
    if (operator === 'and') return left === false || right === false ? false : left === null || right === null ? null : true;
    if (operator === 'or') return left === true || right === true ? true : left === null || right === null ? null : false;
    if (operator === 'implies') return this.binary('or', left === null ? null : !left, right);
    if (left === null || right === null) return null;
    if (operator === '==') return left === right;
    if (operator === '!=') return left !== right;
    const a = left as number;
    const b = right as number;
    switch (operator) {
      case '<':
        return a < b;
      case '<=':
        return a <= b;
      case '>':
        return a > b;
      case '>=':
        return a >= b;
      case '+':
        return a + b;
      case '-':
        return a - b;
      case '*':
        return a * b;
      case '/':
        return b === 0 ? null : a / b;
      case 'mod':
        return b === 0 ? null : a - b * Math.floor(a / b);
      case '^':
        return Number.isInteger(b) && b >= 0 && b <= 64 ? Array.from({ length: b }, () => a).reduce((x, y) => x * y, 1) : exp(b * ln(a));
      default:
        throw new Error(`an expectation cannot use the operator ${operator}`);
    }
  }

  private intrinsic(name: string, values: readonly Scalar[]): Scalar {
    if (values.includes(null)) return null;
    const numbers = values as readonly number[];
    const first = numbers[0] as number;
    switch (name) {
      case 'min':
        return Math.min(...numbers);
      case 'max':
        return Math.max(...numbers);
      case 'abs':
        return Math.abs(first);
      case 'floor':
        return Math.floor(first);
      case 'ceil':
        return Math.ceil(first);
      case 'round':
        return Math.round(first);
      case 'sqrt':
        return Math.sqrt(first);
      case 'log':
        return ln(first);
      case 'log2':
        return ln(first) / Math.LN2;
      case 'exp':
        return exp(first);
      default:
        throw new Error(`an expectation cannot call ${name}`);
    }
  }

  /** Over several runs: `time_to` is a statistic of the runs, everything else the mean over them. */
  private measure(metric: Metric): number | null {
    if (metric.kind === 'time_to') return this.timeTo(metric.event, metric.deployment, metric.statistic);
    const values = this.samples.map((sample) => measureIn(sample, metric)).filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  }

  private timeTo(event: string, deployment: number, kind: Statistic): number | null {
    const firsts = this.samples.map((sample) => {
      const firstAt = sample.events.get(sampleKey(deployment, event))?.firstAt ?? -1;
      return firstAt < 0 ? Number.POSITIVE_INFINITY : firstAt;
    });
    return statistic(Float64Array.from(firsts).sort(), kind);
  }
}

/** A metric of one run; null where there was nothing to measure. */
export function measureIn(sample: Sample, metric: Exclude<Metric, { kind: 'time_to' }>): number | null {
  switch (metric.kind) {
    case 'messages':
      return sample.messages;
    case 'bytes':
      return sample.bytes;
    case 'count':
      return sample.events.get(sampleKey(metric.deployment, metric.event))?.count ?? 0;
    case 'reach':
      return sample.events.get(sampleKey(metric.deployment, metric.event))?.reach ?? 0;
    default: {
      const operation = sample.operations.get(sampleKey(metric.deployment, metric.operation));
      if (!operation) return null;
      switch (metric.kind) {
        case 'throughput':
          return operation.succeeded / (sample.duration / 1e9);
        case 'latency':
          return statistic(operation.latencies, metric.statistic);
        case 'success':
          return operation.calls === 0 ? null : operation.succeeded / operation.calls;
        case 'messages_per':
          return operation.succeeded === 0 ? null : (sample.sentBy[metric.deployment] ?? 0) / operation.succeeded;
        case 'rounds':
          return statistic(operation.rounds, 'p50');
      }
    }
  }
}

function scalar(value: unknown): Scalar {
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? value : null;
}
