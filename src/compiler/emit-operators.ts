import type { Span } from '../base/source.ts';
import type { BinaryOperator, Expression } from '../model/code.ts';
import type { Type } from '../model/types.ts';
import type { Context } from './context.ts';
import { emitMembership } from './emit-collections.ts';
import { emit, emitOperand, store } from './emit-expression.ts';
import { isIdentical, isOpen, isPlain, type SequenceType } from './layout.ts';
import { isMarkable } from './ownership.ts';

const MAX = '9007199254740991';

type BinaryExpression = Extract<Expression, { kind: 'binary' }>;

export function emitBinary(e: BinaryExpression, c: Context): string {
  switch (e.operator) {
    case 'and':
      return `(${emit(e.left, c)}&&${emit(e.right, c)})`;
    case 'or':
      return `(${emit(e.left, c)}||${emit(e.right, c)})`;
    case 'implies':
      return `(!${emit(e.left, c)}||${emit(e.right, c)})`;
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const type = operandType(e.left.type, e.right.type);
      const left = emitOperand(e.left, [e.right], c, type);
      const right = emit(e.right, c, type);
      if (e.operator === '==' || e.operator === '!=') {
        const equal = equality(left, right, type, e.span, c);
        return e.operator === '==' ? equal : isIdentical(type, c.module.smallNodes) ? `(${left}!==${right})` : `!${equal}`;
      }
      return isPlain(type) ? `(${left}${e.operator}${right})` : `(${comparison(left, right, type, c)}${e.operator}0)`;
    }
    case 'in':
      return emitMembership(e.left, e.right, e.span, c);
    case '..':
      return `new Range(${emit(e.left, c)},${emit(e.right, c)})`;
    default: {
      if (e.type.kind === 'Set' || e.type.kind === 'List') return collectionOperation(e, c);
      const left = emitOperand(e.left, [e.right], c);
      return arithmetic(e.operator, e.type, left, emit(e.right, c), e.left.type, e.right.type, e.span, c);
    }
  }
}

/** The type under which two operands are compared: the one that is known, the optional one if only one is. */
export function operandType(left: Type, right: Type): Type {
  if (isOpen(left))
    return left.kind === 'Optional' && !isOpen(right) && right.kind !== 'Optional' ? { kind: 'Optional', of: right } : right;
  if (isOpen(right)) return right.kind === 'Optional' && left.kind !== 'Optional' ? { kind: 'Optional', of: left } : left;
  return left.kind !== 'Optional' && right.kind === 'Optional' ? right : left;
}

/** Structural equality of two values of a type. */
export function equality(left: string, right: string, type: Type, span: Span, c: Context): string {
  if (isIdentical(type, c.module.smallNodes)) return `(${left}===${right})`;
  if (type.kind === 'Record') return `eq${c.module.declarations.record(type.name)}(${left},${right})`;
  if (type.kind === 'List' || type.kind === 'Set' || type.kind === 'Map')
    return `equalPaid(${c.module.operations(type)},${left},${right},${c.host},${c.module.span(span)})`;
  return `${c.module.operations(type)}.equals(${left},${right})`;
}

/** Negative, zero or positive as `left` comes before, with or after `right`. */
export function comparison(left: string, right: string, type: Type, c: Context): string {
  if (isPlain(type)) return `ascending(${left},${right})`;
  if (type.kind === 'Record') return `cmp${c.module.declarations.record(type.name)}(${left},${right})`;
  return `${c.module.operations(type)}.compare(${left},${right})`;
}

/** The key that stands for a composite value in a keyed Set or Map. */
export function standIn(text: string, type: Type, c: Context): string {
  if (type.kind === 'Record') return `key${c.module.declarations.record(type.name)}(${text})`;
  return `${c.module.operations(type)}.key(${text})`;
}

/** Whether a text is a non-negative numeric literal. */
function isLiteral(text: string): boolean {
  return /^\d{1,15}$/.test(text);
}

/** Arithmetic on numbers and quantities, and concatenation of strings, with its checks. */
export function arithmetic(
  operator: BinaryOperator,
  type: Type,
  left: string,
  right: string,
  leftType: Type,
  rightType: Type,
  place: Span,
  c: Context,
): string {
  const span = c.module.span(place);
  if (type.kind === 'String') {
    const a = leftType.kind === 'String' ? left : `${c.module.operations(leftType)}.format(${left})`;
    const b = rightType.kind === 'String' ? right : `${c.module.operations(rightType)}.format(${right})`;
    return `text(${a}+${b},${span})`;
  }
  if (type.kind === 'Set' && c.module.layout(type) === 'mask') {
    const bits = rightType.kind === 'Set' ? right : `(1<<${right})`;
    return operator === '&' ? `(${left}&${bits})` : operator === '+' || operator === '|' ? `(${left}|${bits})` : `(${left}&~${bits})`;
  }
  const whole = type.kind === 'Int' || (type.kind === 'Duration' && (operator === '+' || operator === '-'));
  if (whole && (operator === '+' || operator === '-' || operator === '*')) {
    const t = c.temp();
    // A literal operand leaves only one side to overflow.
    const small = operator !== '*' && isLiteral(right);
    const inside = small && operator === '+' ? `${t}<=${MAX}` : small ? `${t}>=-${MAX}` : `${t}<=${MAX}&&${t}>=-${MAX}`;
    // Adding zero makes a negative zero positive.
    return `(${t}=${left}${operator}${right},${inside}?${t}${operator === '*' ? '+0' : ''}:overflow(${span}))`;
  }
  switch (operator) {
    case '/':
      if (type.kind === 'Int')
        return isLiteral(right) && right !== '0' ? `Math.floor(${left}/${right})` : `divideInt(${left},${right},${span})`;
      return rounded(`divideReal(${left},${right},${span})`, type, span);
    case 'mod': {
      if (!isLiteral(right) || right === '0') return `modulo(${left},${right},${span})`;
      const t = c.temp();
      return `((${t}=${left}%${right})<0?${t}+${right}:${t})`;
    }
    case '^':
      return type.kind === 'Int' ? `powerInt(${left},${right},${span})` : `powerReal(${left},${right},${span})`;
    default:
      return type.kind === 'Duration' ? rounded(`${left}${operator}${right}`, type, span) : `real(${left}${operator}${right},${span})`;
  }
}

function rounded(text: string, type: Type, span: string): string {
  return type.kind === 'Duration' ? `duration(${text},${span})` : text;
}

/** `|`, `&`, `\`, `+`, `-` on sets and `+` on lists; the right side of `+` and `-` may be an element. */
function collectionOperation(e: BinaryExpression, c: Context): string {
  const { module } = c;
  const type = e.type as SequenceType;
  const element = e.right.type.kind !== type.kind;
  const left = emitOperand(e.left, [e.right], c, type);
  const span = module.span(e.span);
  if (type.kind === 'List') {
    if (element) return markedElements(`append(${left},${store(e.right, c, type.of)},${c.host},${span})`, type, c);
    return markedElements(`concatenate(${left},${emit(e.right, c, type)},${c.host},${span})`, type, c);
  }
  const layout = module.layout(type);
  if (layout === 'mask')
    return arithmetic(e.operator, type, left, emit(e.right, c, element ? type.of : type), e.left.type, e.right.type, e.span, c);
  if (layout === 'nodes' && e.operator !== '&') {
    const node = element ? e.right : soleItem(e.right);
    // A vote more is the most frequent change of a set: no set is made for it.
    if (node !== null) return `${left}.${e.operator === '+' || e.operator === '|' ? 'with' : 'without'}(${emit(node, c, type.of)})`;
  }
  const method = e.operator === '&' ? 'intersection' : e.operator === '+' || e.operator === '|' ? 'union' : 'difference';
  const right = element ? singleton(emit(e.right, c, type.of), type.of, c) : emit(e.right, c, type);
  return layout === 'nodes' ? `${left}.${method}(${right})` : `${left}.${method}(${right},${c.host},${span})`;
}

/** The element of a set literal that has one. */
function soleItem(e: Expression): Expression | null {
  return e.kind === 'set' && e.items.length === 1 ? (e.items[0] as Expression) : null;
}

/** A set of one element. */
export function singleton(text: string, of: Type, c: Context): string {
  switch (c.module.layout({ kind: 'Set', of })) {
    case 'mask':
      return `(1<<${text})`;
    case 'nodes':
      return `NodeSet.single(${text})`;
    case 'set':
      return `plainSet([${text}])`;
    default:
      return `keyedSet([${text}],${c.module.operations(of)})`;
  }
}

/** A new list over elements that have other owners. */
export function markedElements(text: string, type: Type, c: Context): string {
  return type.kind === 'List' && isMarkable(type.of, c.module) ? `markElements(${text})` : text;
}
