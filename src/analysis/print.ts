import { formatBandwidth, formatDuration, formatNumber, formatRate, formatSize } from '../base/units.ts';
import type { Expression } from '../model/code.ts';
import { type Environment, EvaluationError, evaluate } from '../model/evaluate.ts';
import { metricText } from '../model/metric-text.ts';
import type { Type } from '../model/types.ts';
import type { Value } from '../model/values.ts';
import { NoValue, OutOfWork } from './work.ts';

/** Binding strength of operators, weakest first; an operand that binds weaker stands in parentheses. */
const levels: readonly (readonly string[])[] = [
  ['implies'],
  ['or'],
  ['and'],
  ['==', '!=', '<', '<=', '>', '>=', 'in'],
  ['..'],
  ['+', '-', '|', '\\'],
  ['*', '/', 'mod', '&'],
  ['^'],
];

function level(operator: string): number {
  return levels.findIndex((group) => group.includes(operator));
}

/**
 * A requirement with every name replaced by its value: `n >= 2 * crashed + 1` → `5 >= 2 * 4 + 1`. What is no arithmetic or
 * logic is replaced as a whole.
 */
export function withNumbers(expression: Expression, environment: Environment): string {
  return print(expression, 0, (leaf) => valueText(leaf, environment));
}

/** The expression as an author would write it. Names stand as they are; what is longer is cut to its own source by `source`. */
export function asWritten(expression: Expression): string {
  return print(expression, 0, nameText);
}

function print(expression: Expression, outer: number, leaf: (expression: Expression) => string): string {
  if (expression.kind === 'convert') return print(expression.value, outer, leaf);
  if (expression.kind === 'unary') {
    const operand = print(expression.operand, levels.length, leaf);
    return expression.operator === 'not' ? `not ${operand}` : `-${operand}`;
  }
  if (expression.kind === 'binary') {
    const own = level(expression.operator);
    const left = print(expression.left, own, leaf);
    const right = print(expression.right, own + 1, leaf);
    const text = expression.operator === '..' ? `${left}..${right}` : `${left} ${expression.operator} ${right}`;
    return own < outer ? `(${text})` : text;
  }
  return leaf(expression);
}

function valueText(expression: Expression, environment: Environment): string {
  try {
    return formatValue(evaluate(expression, environment), expression.type, environment);
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof NoValue || error instanceof OutOfWork) return nameText(expression);
    throw error;
  }
}

function nameText(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return formatValue(expression.value, expression.type, {});
    case 'local':
    case 'state':
    case 'parameter':
    case 'constant':
    case 'given':
    case 'role':
    case 'quorum':
    case 'group':
    case 'zone':
      return expression.name;
    case 'all-nodes':
      return 'nodes';
    case 'field':
      return `${nameText(expression.object)}.${expression.name}`;
    case 'index':
      return `${nameText(expression.object)}[${asWritten(expression.index)}]`;
    case 'enum':
      return `${expression.enum}.${expression.member}`;
    case 'intrinsic':
      return `${expression.name}(${expression.arguments.map(asWritten).join(', ')})`;
    case 'method': {
      const receiver = nameText(expression.receiver);
      return expression.arguments.length === 0
        ? `${receiver}.${expression.method}`
        : `${receiver}.${expression.method}(${expression.arguments.map(asWritten).join(', ')})`;
    }
    case 'call':
      return `${expression.function}(${expression.arguments.map(asWritten).join(', ')})`;
    case 'lambda':
      return `${expression.parameters.join(', ')} => ${asWritten(expression.body)}`;
    case 'conditional':
      return `if ${asWritten(expression.condition)} then ${asWritten(expression.then)} else ${asWritten(expression.otherwise)}`;
    case 'quantifier':
      return `${expression.quantifier} ${expression.variable} in ${asWritten(expression.domain)}: ${asWritten(expression.body)}`;
    case 'metric':
      return metricText(expression.metric);
    case 'remote-state':
      return `${nameText(expression.node)}.${expression.name}`;
    case 'binary':
    case 'unary':
    case 'convert':
      return asWritten(expression);
    default:
      return '…';
  }
}

/** Probabilities just below 1 differ in their last nines, so digits are counted from the distance to 1. */
function formatShare(value: number): string {
  const gap = 1 - value;
  return gap > 0 && gap < 0.01 ? String(Number(value.toFixed(Math.min(15, Math.ceil(-Math.log10(gap)) + 2)))) : formatNumber(value);
}

/** A value as the language writes it, short. */
export function formatValue(value: Value, type: Type, environment: Environment): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean' || typeof value === 'string') return String(value);
  if (typeof value === 'number') {
    switch (type.kind) {
      case 'Duration':
        return formatDuration(value);
      case 'Rate':
        return formatRate(value);
      case 'Size':
        return formatSize(value);
      case 'Bandwidth':
        return formatBandwidth(value);
      case 'Node':
        return environment.nodeName?.(value) ?? String(value);
      default:
        return Number.isInteger(value) || !Number.isFinite(value) ? formatNumber(value) : formatShare(value);
    }
  }
  const inner: Type = 'of' in type ? type.of : { kind: 'Never' };
  switch (value.kind) {
    case 'range':
      return `${formatValue(value.min, inner, environment)}..${formatValue(value.max, inner, environment)}`;
    case 'set':
      return `{${items(value.items, inner, environment)}}`;
    case 'list':
      return `[${items(value.items, inner, environment)}]`;
    case 'enum':
      return value.member;
    case 'constant':
      return formatValue(value.value, inner, environment);
    default:
      return '…';
  }
}

function items(values: readonly Value[], type: Type, environment: Environment): string {
  const shown = values.slice(0, 8).map((value) => formatValue(value, type, environment));
  return shown.join(', ') + (values.length > 8 ? ', …' : '');
}
