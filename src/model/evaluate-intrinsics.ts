import { bitAnd, bitLength, bitOr, xor } from '../base/bits.ts';
import { exp, ln, log10, normalTailBeyond } from '../base/exact-math.ts';
import { formatDuration } from '../base/units.ts';
import type { Expression } from './code.ts';
import { type Evaluation, EvaluationError, inPlace, runTime, type Scope } from './evaluate.ts';
import { checkedNumber } from './evaluate-operators.ts';
import { isQuestion, type QuestionName, type QuestionSignature, questions } from './questions.ts';
import { atLeast, gridQuorum, majority, toQuorum, weighted } from './quorum-values.ts';
import type { Type } from './types.ts';
import { compareValues, isRange, nodesOf } from './value-operations.ts';
import type { Distribution, Value } from './values.ts';

type Intrinsic = Expression & { readonly kind: 'intrinsic' };

/** The value of a function that the language gives; those that draw or sign are known only in a run. */
export function evaluateIntrinsic(evaluation: Evaluation, expression: Intrinsic, scope: Scope | null): Value {
  const { name, span, type } = expression;
  const argument = (index: number): Expression => {
    const found = expression.arguments[index];
    if (!found) throw new EvaluationError(`\`${name}\` needs more arguments`, span);
    return found;
  };
  const number = (index: number): number => evaluation.number(argument(index), scope);
  const value = (index: number): Value => evaluation.value(argument(index), scope);
  const bits = (index: number): number => {
    const found = number(index);
    if (found >= 0) return found;
    throw new EvaluationError(`\`${name}\` takes Ints from 0 on, and this is ${found}`, argument(index).span);
  };
  const real = (compute: (x: number) => number): number => checkedNumber(compute(number(0)), type, span);
  switch (name) {
    case 'random':
    case 'choose':
    case 'shuffle':
    case 'hash':
    case 'sign':
      throw runTime(`\`${name}(…)\``, span);
    case 'log':
    case 'log2':
    case 'log10': {
      const x = number(0);
      if (x <= 0) throw new EvaluationError(`the logarithm of ${x} does not exist`, argument(0).span);
      return name === 'log' ? ln(x) : name === 'log10' ? log10(x) : Math.log2(x);
    }
    case 'sqrt': {
      const x = number(0);
      if (x < 0) throw new EvaluationError(`the square root of ${x} does not exist`, argument(0).span);
      return Math.sqrt(x);
    }
    case 'normal_tail': {
      const sd = number(2);
      if (sd <= 0) throw new EvaluationError('a normal distribution needs a standard deviation above 0', argument(2).span);
      return normalTailBeyond(number(0), number(1), sd);
    }
    case 'xor':
      return xor(bits(0), bits(1));
    case 'bit_and':
      return bitAnd(bits(0), bits(1));
    case 'bit_or':
      return bitOr(bits(0), bits(1));
    case 'bit_length':
      return bitLength(bits(0));
    case 'text': {
      const text = plainText(value(0), argument(0).type);
      if (text === null) throw runTime(`the text of ${argument(0).type.kind === 'Record' ? 'a record' : 'this value'}`, span);
      return text;
    }
    case 'exp':
      return real(exp);
    case 'ceil':
      return real(Math.ceil);
    case 'floor':
      return real(Math.floor);
    case 'round':
      return real(Math.round);
    case 'abs':
      return real(Math.abs);
    case 'min':
    case 'max':
      return extreme(evaluation, expression, scope);
    case 'weight': {
      const nodes = nodesOf(value(0));
      if (!nodes) throw new EvaluationError('weight needs a set of nodes', span);
      evaluation.spend(nodes.length, span);
      return nodes.reduce((sum, node) => sum + (evaluation.environment.weight?.(node) ?? 1), 0);
    }
    case 'majority':
      return inPlace(() => majority(value(0)), span);
    case 'atleast':
      return inPlace(() => atLeast(number(0), value(1)), span);
    case 'weighted':
      return inPlace(() => weighted(value(0), number(1), evaluation.environment.weight ?? (() => 1)), span);
    case 'grid':
      return inPlace(() => gridQuorum(value(0), number(1), number(2)), span);
    default:
      return isQuestion(name) ? ask(evaluation, name, expression, scope) : distribution(evaluation, expression, scope);
  }
}

/** How a run would write a value; null for those whose names only a run knows. */
function plainText(value: Value, type: Type): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'number') return null;
  switch (type.kind) {
    case 'Int':
    case 'Real':
      return String(value);
    case 'Duration':
      return formatDuration(value);
    default:
      return null;
  }
}

/** What only an analysis knows, of evaluated arguments. */
function ask(evaluation: Evaluation, name: QuestionName, expression: Intrinsic, scope: Scope | null): Value {
  const { parameters }: QuestionSignature = questions[name];
  const values = expression.arguments.map((item, index) => {
    const value = evaluation.value(item, scope);
    return parameters[index]?.type.kind === 'Quorum' ? inPlace(() => toQuorum(value), item.span) : value;
  });
  const answer = evaluation.environment.ask?.({ name, arguments: values, expression });
  if (answer === undefined) throw new EvaluationError(`\`${name}\` has no value here`, expression.span, 'missing');
  return answer;
}

/** `min`/`max` of the arguments, or of the elements of one collection. */
function extreme(evaluation: Evaluation, expression: Intrinsic, scope: Scope | null): Value {
  const wanted = expression.name === 'min' ? -1 : 1;
  const values = expression.arguments.map((item) => evaluation.value(item, scope));
  const only = values.length === 1 ? (values[0] as Value) : null;
  if (only !== null && isRange(only)) return expression.name === 'min' ? only.min : only.max;
  const candidates = only !== null && typeof only === 'object' ? [...evaluation.elements(only, expression.span)] : values;
  if (candidates.length === 0) throw new EvaluationError(`the ${expression.name} of an empty collection does not exist`, expression.span);
  return candidates.reduce((best, item) => (compareValues(item, best, evaluation.enumOrder) * wanted > 0 ? item : best));
}

function distribution(evaluation: Evaluation, expression: Intrinsic, scope: Scope | null): Distribution {
  const { span, name } = expression;
  const parameter = (index: number, what: string, least: 'any' | 'non-negative' | 'positive'): number => {
    const argument = expression.arguments[index];
    if (!argument) throw new EvaluationError(`\`${name}\` needs ${what}`, span);
    const value = evaluation.number(argument, scope);
    if (least === 'non-negative' && value < 0) throw new EvaluationError(`${what} must not be negative`, argument.span);
    if (least === 'positive' && value <= 0) throw new EvaluationError(`${what} must be positive`, argument.span);
    return value;
  };
  switch (name) {
    case 'uniform': {
      const min = parameter(0, 'the lower end', 'any');
      const max = parameter(1, 'the upper end', 'any');
      if (max < min) throw new EvaluationError('the upper end lies below the lower one', span);
      return { kind: 'uniform', min, max };
    }
    case 'normal':
      return { kind: 'normal', mean: parameter(0, 'the mean', 'any'), sd: parameter(1, 'the standard deviation', 'non-negative') };
    case 'lognormal':
      return { kind: 'lognormal', median: parameter(0, 'the median', 'positive'), sigma: parameter(1, 'sigma', 'non-negative') };
    case 'exponential':
      return { kind: 'exponential', mean: parameter(0, 'the mean', 'positive') };
    case 'pareto':
      return { kind: 'pareto', scale: parameter(0, 'the scale', 'positive'), shape: parameter(1, 'the shape', 'positive') };
    case 'empirical': {
      const argument = expression.arguments[0];
      const values: number[] = [];
      if (argument) {
        for (const item of evaluation.elements(evaluation.value(argument, scope), argument.span)) {
          if (typeof item === 'number') values.push(item);
        }
      }
      if (values.length === 0) throw new EvaluationError('an empirical distribution needs at least one value', span);
      return { kind: 'empirical', values };
    }
    default:
      throw new EvaluationError(`\`${name}\` cannot be computed before a run`, span, 'run-time');
  }
}
