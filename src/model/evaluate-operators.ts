import { pow } from '../base/exact-math.ts';
import type { Span } from '../base/source.ts';
import type { Expression } from './code.ts';
import { type Evaluation, EvaluationError, inPlace, type Scope } from './evaluate.ts';
import { allOf, oneOf, toPart } from './quorum-values.ts';
import type { Type } from './types.ts';
import { compareValues, equalValues, keyOf, listOf } from './value-operations.ts';
import type { QuorumSystem, SetValue, Value } from './values.ts';

type Binary = Expression & { readonly kind: 'binary' };

/** The value of a binary operation; `and`, `or`, `implies` look at the right side only where the left does not decide. */
export function evaluateBinary(evaluation: Evaluation, expression: Binary, scope: Scope | null): Value {
  const { operator, span } = expression;
  if (operator === 'and') return evaluation.boolean(expression.left, scope) && evaluation.boolean(expression.right, scope);
  if (operator === 'or') return evaluation.boolean(expression.left, scope) || evaluation.boolean(expression.right, scope);
  if (operator === 'implies') return !evaluation.boolean(expression.left, scope) || evaluation.boolean(expression.right, scope);
  const left = evaluation.value(expression.left, scope);
  const right = evaluation.value(expression.right, scope);
  switch (operator) {
    case '==':
      return equalValues(left, right);
    case '!=':
      return !equalValues(left, right);
    case '<':
      return compareValues(left, right, evaluation.enumOrder) < 0;
    case '<=':
      return compareValues(left, right, evaluation.enumOrder) <= 0;
    case '>':
      return compareValues(left, right, evaluation.enumOrder) > 0;
    case '>=':
      return compareValues(left, right, evaluation.enumOrder) >= 0;
    case 'in':
      return contains(evaluation, left, right, span);
    case '..':
      if (typeof left !== 'number' || typeof right !== 'number') throw new EvaluationError('a range goes from number to number', span);
      return { kind: 'range', min: left, max: right };
    case '|':
    case '&':
    case '\\':
      return setOperation(evaluation, operator, left, right, span);
    default:
      if (expression.type.kind === 'Quorum') return quorumOperation(operator, left, right, span);
      if (operator === '+' || operator === '-') {
        const collected = collectionOperation(evaluation, operator, left, right, expression);
        if (collected !== null) return collected;
      }
      if (typeof left !== 'number' || typeof right !== 'number') throw new EvaluationError(`\`${operator}\` needs numbers`, span);
      return arithmetic(operator, left, right, expression);
  }
}

/** Membership in a list, set, range or the keys of a map. */
export function contains(evaluation: Evaluation, item: Value, collection: Value, span: Span): boolean {
  if (typeof collection === 'object' && collection !== null && collection.kind === 'range') {
    return typeof item === 'number' && item >= collection.min && item <= collection.max;
  }
  const key = keyOf(item);
  for (const candidate of evaluation.elements(collection, span)) if (keyOf(candidate) === key) return true;
  return false;
}

function quorumOperation(operator: string, left: Value, right: Value, span: Span): QuorumSystem {
  if (operator !== '*' && operator !== '+') throw new EvaluationError(`quorums know \`*\` and \`+\`, not \`${operator}\``, span);
  // `a * b * c` is all of three, not all of two with one nested.
  const parts = inPlace(() => [toPart(left), toPart(right)], span).flatMap((part) => {
    const merges = part.kind === 'atleast' && part.of.length > 1 && part.count === (operator === '*' ? part.of.length : 1);
    return merges ? part.of : [part];
  });
  return operator === '*' ? allOf(parts) : oneOf(parts);
}

function setOperation(evaluation: Evaluation, operator: '|' | '&' | '\\', left: Value, right: Value, span: Span): Value {
  const a = setItems(left, span);
  const b = setItems(right, span);
  evaluation.spend(a.length + b.length, span);
  const keys = new Set(b.map(keyOf));
  if (operator === '&') return { kind: 'set', items: a.filter((item) => keys.has(keyOf(item))) };
  if (operator === '\\') return { kind: 'set', items: a.filter((item) => !keys.has(keyOf(item))) };
  return union(evaluation, a, b);
}

/** `+` on lists, sets and texts, `-` on sets and maps; null when both sides are numbers. */
function collectionOperation(evaluation: Evaluation, operator: '+' | '-', left: Value, right: Value, expression: Binary): Value | null {
  const { span, type } = expression;
  if (typeof left === 'string' && typeof right === 'string' && operator === '+') {
    evaluation.spend(left.length + right.length, span);
    return left + right;
  }
  if (type.kind === 'List' && typeof left === 'object' && left?.kind === 'list' && operator === '+') {
    const concatenates = sameCollection(expression.right.type, type) && typeof right === 'object' && right?.kind === 'list';
    const items = concatenates ? [...left.items, ...right.items] : [...left.items, right];
    evaluation.spend(items.length, span);
    return listOf(items);
  }
  if (type.kind === 'Set') {
    const a = setItems(left, span);
    const b = setItems(right, span);
    evaluation.spend(a.length + b.length, span);
    if (operator === '+') return union(evaluation, a, b);
    const keys = new Set(b.map(keyOf));
    return { kind: 'set', items: a.filter((item) => !keys.has(keyOf(item))) };
  }
  if (type.kind === 'Map' && typeof left === 'object' && left?.kind === 'map' && operator === '-') {
    const key = keyOf(right);
    return { kind: 'map', entries: left.entries.filter(([candidate]) => keyOf(candidate) !== key) };
  }
  return null;
}

function sameCollection(a: Type, b: Type): boolean {
  return a.kind === 'List' && b.kind === 'List' && JSON.stringify(a.of) === JSON.stringify(b.of);
}

/** A single element (a node) counts as the set of it. */
function setItems(value: Value, span: Span): readonly Value[] {
  if (typeof value === 'object' && value !== null) {
    if (value.kind === 'set') return value.items;
    if (value.kind === 'list' || value.kind === 'map') throw new EvaluationError('a set is needed here', span);
  }
  return [value];
}

function union(evaluation: Evaluation, a: readonly Value[], b: readonly Value[]): SetValue {
  const distinct = new Map(a.map((item) => [keyOf(item), item]));
  for (const item of b) distinct.set(keyOf(item), item);
  return { kind: 'set', items: [...distinct.values()].sort((x, y) => compareValues(x, y, evaluation.enumOrder)) };
}

function arithmetic(operator: string, left: number, right: number, expression: Binary): number {
  const { span, type } = expression;
  switch (operator) {
    case '+':
      return checkedNumber(left + right, type, span);
    case '-':
      return checkedNumber(left - right, type, span);
    case '*':
      return checkedNumber(left * right, type, span);
    case '/':
      if (right === 0) throw new EvaluationError('division by zero', expression.right.span);
      return checkedNumber(type.kind === 'Int' ? floorDivide(left, right) : left / right, type, span);
    case 'mod':
      if (right === 0) throw new EvaluationError('division by zero', expression.right.span);
      // The remainder of the division that rounds down: it has the divisor's sign.
      return checkedNumber(remainder(left, right), type, span);
    case '^':
      if (type.kind === 'Int' && right < 0) {
        throw new EvaluationError('a whole number has no negative power; write `real(x) ^ y`', expression.right.span);
      }
      return checkedNumber(Number.isInteger(right) ? wholePower(left, right) : realPower(left, right, span), type, span);
    default:
      throw new EvaluationError(`\`${operator}\` is not for numbers`, span);
  }
}

function remainder(left: number, right: number): number {
  const rest = left % right;
  return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest;
}

/** Exact for all whole numbers: the difference is a multiple of the divisor, so that nothing is rounded. */
function floorDivide(left: number, right: number): number {
  const rest = left % right;
  const quotient = (left - rest) / right;
  return rest !== 0 && rest < 0 !== right < 0 ? quotient - 1 : quotient;
}

/** By squaring: engines differ in the last bit of `**`. */
function wholePower(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let left = Math.abs(exponent); left >= 1; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
    if (left > 1) square *= square;
  }
  return exponent < 0 ? 1 / result : result;
}

function realPower(base: number, exponent: number, span: Span): number {
  if (base < 0) throw new EvaluationError('a negative number has no power that is not whole', span);
  return base === 0 ? 0 : pow(base, exponent);
}

/** Whole numbers must stay exact; durations are whole nanoseconds. */
export function checkedNumber(value: number, type: Type, span: Span): number {
  if (Number.isNaN(value)) throw new EvaluationError('the result is not a number', span);
  if (type.kind === 'Int' && !Number.isSafeInteger(value)) {
    throw new EvaluationError('the result is beyond ±(2^53 − 1), the whole numbers that are exact', span);
  }
  if (!Number.isFinite(value)) throw new EvaluationError('the result is too large', span);
  return (type.kind === 'Duration' ? Math.round(value) : value) + 0;
}
