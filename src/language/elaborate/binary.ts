import type { BinaryOperator, Expression } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import type { Binary } from '../generated/ast.ts';
import { spanOf } from '../syntax.ts';
import { convert, tryConvert } from '../types/convert.ts';
import { type OperatorRow, operatorRow } from '../types/operators.ts';
import {
  BOOL,
  INT,
  isError,
  isNodeSet,
  isOrdered,
  isQuantity,
  join,
  listOf,
  NODES,
  optionalOf,
  QUORUM,
  REAL,
  rangeOf,
  setOf,
  typeToString,
} from '../types/type.ts';
import { type Elaboration, errorExpression } from './context.ts';
import { elaborateExpression, inferExpression } from './expressions.ts';
import { assuming, factsOf } from './narrowing.ts';
import type { Scope } from './scope.ts';

/** An infix expression. What its operands may be is in `types/operators.ts` for arithmetic and below for the rest. */
export function elaborateBinary(node: Binary, hint: Type | null, scope: Scope, context: Elaboration): Expression {
  // The parser's recovery may leave an operand out; it has said so.
  if (!node.left || !node.right) return errorExpression(spanOf(node));
  switch (node.operator) {
    case 'and':
    case 'or':
    case 'implies':
      return logical(node, node.operator, scope, context);
    case 'leads_to':
      return leadsTo(node, scope, context);
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(node, node.operator, scope, context);
    case 'in':
      return membership(node, scope, context);
    case '..':
      return interval(node, hint, scope, context);
    case '|':
    case '&':
    case '\\':
      return setOperation(node, node.operator, hint, scope, context);
    default:
      return arithmetic(node, node.operator, hint, scope, context);
  }
}

function logical(node: Binary, operator: 'and' | 'or' | 'implies', scope: Scope, context: Elaboration): Expression {
  const left = elaborateExpression(node.left, BOOL, scope, context);
  // The right side is evaluated only when the left came out so.
  const right = assuming(factsOf(left, operator !== 'or'), scope, () => elaborateExpression(node.right, BOOL, scope, context));
  return { kind: 'binary', operator, left, right, type: BOOL, span: spanOf(node) };
}

/** `P leads_to Q` as the implication that it is without its time. What P tells of a variable may be past when Q is asked. */
function leadsTo(node: Binary, scope: Scope, context: Elaboration): Expression {
  if (context.response !== node) {
    context.error('DS1048', spanOf(node), '`leads_to` is no part of a condition', {
      why: 'it speaks of two moments, and a condition is looked at in one',
      help: 'write `eventually Name within 2s { P leads_to Q }`; only `forall`s may stand before P',
    });
  }
  const left = elaborateExpression(node.left, BOOL, scope, context);
  const right = elaborateExpression(node.right, BOOL, scope, context);
  return { kind: 'binary', operator: 'implies', left, right, type: BOOL, span: spanOf(node) };
}

/** Both operands as one type, whichever converts to the other; null when neither does. */
export function unify(left: Expression, right: Expression): [Expression, Expression] | null {
  const asLeft = tryConvert(right, left.type);
  if (asLeft) return [left, asLeft];
  const asRight = tryConvert(left, right.type);
  if (asRight) return [asRight, right];
  const type = join(left.type, right.type);
  const [newLeft, newRight] = type ? [tryConvert(left, type), tryConvert(right, type)] : [null, null];
  return newLeft && newRight ? [newLeft, newRight] : null;
}

function comparison(node: Binary, operator: BinaryOperator, scope: Scope, context: Elaboration): Expression {
  const span = spanOf(node);
  const left = inferExpression(node.left, null, scope, context);
  const right = inferExpression(node.right, isError(left.type) ? null : left.type, scope, context);
  if (isError(left.type) || isError(right.type)) return { kind: 'binary', operator, left, right, type: BOOL, span };
  const equality = operator === '==' || operator === '!=';
  // `x == none` where x is known to have a value: the comparison stays, as one of optionals.
  const pair = equality && left.type.kind !== 'Never' && right.type.kind === 'Never' ? compareWithNone(left, right) : unify(left, right);
  if (!pair || left.type.kind === 'Unit' || left.type.kind === 'Function') {
    context.error('DS1032', span, `\`${operator}\` compares ${typeToString(left.type)} with ${typeToString(right.type)}`, {
      why: 'only values of one type can be compared',
      ...(left.type.kind === 'Set' && right.type.kind === left.type.of.kind
        ? { help: 'ask whether a set contains an element with `in`' }
        : {}),
    });
    return { kind: 'binary', operator, left: errorExpression(left.span), right, type: BOOL, span };
  }
  const type = pair[0].type;
  if (!equality && !isOrdered(type, context.types)) {
    if (type.kind === 'Optional' && isOrdered(type.of, context.types)) {
      // One report, that of the operand which may be none.
      convert(left.type.kind === 'Optional' ? left : right, type.of, context);
    } else {
      context.error('DS1032', span, `values of type ${typeToString(type)} have no order`, {
        help: noOrderHelp(type, context),
      });
    }
    return { kind: 'binary', operator, left: errorExpression(left.span), right, type: BOOL, span };
  }
  return { kind: 'binary', operator, left: pair[0], right: pair[1], type: BOOL, span };
}

function noOrderHelp(type: Type, context: Elaboration): string {
  const field =
    type.kind === 'Record' ? context.types.records.get(type.name)?.fields.find((each) => !isOrdered(each.type, context.types)) : null;
  return field
    ? `records are compared field by field, and its field \`${field.name}\` is ${typeToString(field.type)}`
    : 'numbers, quantities, strings, nodes, enum members and records of them can be compared with `<`';
}

function compareWithNone(left: Expression, none: Expression): [Expression, Expression] {
  const type = optionalOf(left.type);
  return [tryConvert(left, type) ?? left, { ...none, type }];
}

function membership(node: Binary, scope: Scope, context: Elaboration): Expression {
  const span = spanOf(node);
  const left = inferExpression(node.left, null, scope, context);
  const right = inferExpression(node.right, isError(left.type) ? null : setOf(left.type), scope, context);
  const { type } = right;
  let element: Type | null = null;
  if (type.kind === 'List' || type.kind === 'Set' || type.kind === 'Range') element = type.of;
  else if (type.kind === 'Map') element = type.key;
  else if (!isError(type)) {
    if (type.kind === 'Optional') convert(right, type.of, context);
    else context.error('DS1005', right.span, `\`in\` needs a collection on its right, but this is ${typeToString(type)}`);
    return { kind: 'binary', operator: 'in', left, right: errorExpression(right.span), type: BOOL, span };
  }
  const item = element && element.kind !== 'Never' ? convert(left, element, context) : left;
  return { kind: 'binary', operator: 'in', left: item, right, type: BOOL, span };
}

function interval(node: Binary, hint: Type | null, scope: Scope, context: Elaboration): Expression {
  const span = spanOf(node);
  const element = hint?.kind === 'Range' ? hint.of : null;
  const left = inferExpression(node.left, element, scope, context);
  const right = inferExpression(node.right, element ?? left.type, scope, context);
  if (isError(left.type) || isError(right.type)) return errorExpression(span);
  const pair =
    element && tryConvert(left, element) && tryConvert(right, element)
      ? ([tryConvert(left, element)!, tryConvert(right, element)!] as const)
      : unify(left, right);
  if (!pair || !isQuantity(pair[0].type)) {
    context.error(
      'DS1005',
      span,
      `a range goes between two numbers or quantities, not ${typeToString(left.type)} and ${typeToString(right.type)}`,
    );
    return errorExpression(span);
  }
  return { kind: 'binary', operator: '..', left: pair[0], right: pair[1], type: rangeOf(pair[0].type), span };
}

function setOperation(node: Binary, operator: '|' | '&' | '\\', hint: Type | null, scope: Scope, context: Elaboration): Expression {
  const span = spanOf(node);
  const wanted = hint?.kind === 'Set' ? hint : null;
  const left = asSet(inferExpression(node.left, wanted, scope, context));
  const right = asSet(inferExpression(node.right, left.type.kind === 'Set' ? left.type : wanted, scope, context));
  if (isError(left.type) || isError(right.type)) return errorExpression(span);
  const pair = left.type.kind === 'Set' ? unify(left, right) : null;
  if (!pair) {
    const element = left.type.kind === 'Set' && tryConvert(right, left.type.of);
    const text = context.textOf(right.span);
    context.error(
      'DS1005',
      span,
      `\`${operator}\` needs two sets of one type, but these are ${typeToString(left.type)} and ${typeToString(right.type)}`,
      {
        ...(element
          ? {
              help: 'a set of one element is written in braces',
              fixes: [{ title: `Write \`{${text}}\``, edits: [{ span: right.span, text: `{${text}}` }] }],
            }
          : left.type.kind === 'Bool'
            ? { help: 'conditions are joined with `and` and `or`' }
            : {}),
      },
    );
    return errorExpression(span);
  }
  return { kind: 'binary', operator, left: pair[0], right: pair[1], type: pair[0].type, span };
}

/** A Range of Int as a set, a node of a system as the set of it: what set operators take besides sets. */
function asSet(expression: Expression): Expression {
  if (expression.type.kind === 'Range') return tryConvert(expression, setOf(INT)) ?? expression;
  if (expression.type.kind === 'Node') return tryConvert(expression, NODES) ?? expression;
  return expression;
}

function arithmetic(node: Binary, operator: BinaryOperator, hint: Type | null, scope: Scope, context: Elaboration): Expression {
  const span = spanOf(node);
  const left = inferExpression(node.left, hint, scope, context);
  const right = inferExpression(node.right, rightHint(node, left.type, hint), scope, context);
  if (isError(left.type) || isError(right.type)) return errorExpression(span);
  const combined = combine(operator, left, right, hint, span);
  if (combined) return combined;
  reportOperands(operator, left, right, span, context);
  return errorExpression(span);
}

/** What the right operand is likely to be: beside a collection, one more of it or an element. */
function rightHint(node: Binary, left: Type, hint: Type | null): Type | null {
  if (left.kind === 'List') return node.right.$type === 'ListLiteral' || left.of.kind === 'Never' ? left : left.of;
  if (left.kind === 'Set') return node.right.$type === 'BraceLiteral' || left.of.kind === 'Never' ? left : left.of;
  return hint;
}

/** `left operator right` by the table of quantities, as collections, or as quorum systems; null when none of them fits. */
export function combine(
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
  hint: Type | null,
  span: Expression['span'],
): Expression | null {
  const row = operatorRow(operator, left.type, right.type);
  if (row) {
    return applyRow(row, tryConvert(left, row.left) ?? left, tryConvert(right, row.right) ?? right, span);
  }
  if (operator === '*' || operator === '+') {
    const isQuorum = left.type.kind === 'Quorum' || right.type.kind === 'Quorum' || hint?.kind === 'Quorum' || operator === '*';
    if (isQuorum && quorumLike(left.type) && quorumLike(right.type)) {
      return { kind: 'binary', operator, left: tryConvert(left, QUORUM)!, right: tryConvert(right, QUORUM)!, type: QUORUM, span };
    }
  }
  if (operator === '+' || operator === '-') return collectionSum(operator, left, right, span);
  return null;
}

/** The operation with the factor that its units need, on plain numbers in between: a Duration would be rounded too soon. */
function applyRow(row: OperatorRow, left: Expression, right: Expression, span: Expression['span']): Expression {
  const { operator, result } = row;
  const factor = (value: number): Expression => ({ kind: 'literal', value, type: REAL, span });
  if (row.times !== 1) {
    const scaled: Expression = { kind: 'binary', operator: '*', left, right: factor(row.times), type: REAL, span: left.span };
    return { kind: 'binary', operator, left: scaled, right, type: result, span };
  }
  if (row.over !== 1) {
    const plain: Expression = { kind: 'binary', operator, left, right, type: REAL, span };
    return { kind: 'binary', operator: '/', left: plain, right: factor(row.over), type: result, span };
  }
  return { kind: 'binary', operator, left, right, type: result, span };
}

const quorumLike = (type: Type): boolean => type.kind === 'Quorum' || type.kind === 'Node' || isNodeSet(type);

/** Lists are concatenated, sets united and subtracted; an element beside a collection counts as the collection of it. */
function collectionSum(operator: '+' | '-', left: Expression, right: Expression, span: Expression['span']): Expression | null {
  if (left.type.kind === 'List' && operator === '+') {
    const pair = right.type.kind === 'List' || right.type.kind === 'Range' ? unify(left, right) : null;
    if (pair?.[0].type.kind === 'List') return { kind: 'binary', operator: '+', left: pair[0], right: pair[1], type: pair[0].type, span };
    const of = left.type.of.kind === 'Never' ? right.type : left.type.of;
    const item = tryConvert(right, of);
    if (!item) return null;
    const type = listOf(of);
    return {
      kind: 'binary',
      operator: '+',
      left: tryConvert(left, type) ?? left,
      right: { kind: 'list', items: [item], type, span: right.span },
      type,
      span,
    };
  }
  const set = asSet(left);
  if (set.type.kind !== 'Set') return null;
  const setOperator = operator === '+' ? '|' : '\\';
  const other = asSet(right);
  const pair = other.type.kind === 'Set' ? unify(set, other) : null;
  if (pair) return { kind: 'binary', operator: setOperator, left: pair[0], right: pair[1], type: pair[0].type, span };
  const of = set.type.of.kind === 'Never' ? right.type : set.type.of;
  const item = tryConvert(right, of);
  if (!item) return null;
  const type = setOf(of);
  return {
    kind: 'binary',
    operator: setOperator,
    left: tryConvert(set, type) ?? set,
    right: { kind: 'set', items: [item], type, span: right.span },
    type,
    span,
  };
}

export function reportOperands(
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
  span: Expression['span'],
  context: Elaboration,
): void {
  // An optional that would fit as a value is one mistake of its own, with its own way out.
  for (const [operand, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (operand.type.kind !== 'Optional') continue;
    const inner = { ...operand, type: operand.type.of };
    const plainOther = other.type.kind === 'Optional' ? { ...other, type: other.type.of } : other;
    if (operand === left ? combine(operator, inner, plainOther, null, span) : combine(operator, plainOther, inner, null, span)) {
      convert(operand, operand.type.of, context);
      return;
    }
  }
  context.error('DS1005', span, sentence(operator, left.type, right.type), { ...adviceFor(operator, left, right, context) });
}

function sentence(operator: BinaryOperator, left: Type, right: Type): string {
  const [a, b] = [typeToString(left), typeToString(right)];
  switch (operator) {
    case '+':
      return `${b} cannot be added to ${a}`;
    case '-':
      return `${b} cannot be subtracted from ${a}`;
    case '*':
      return `${a} cannot be multiplied by ${b}`;
    case '/':
      return `${a} cannot be divided by ${b}`;
    default:
      return `\`${operator}\` does not fit ${a} and ${b}`;
  }
}

function adviceFor(operator: BinaryOperator, left: Expression, right: Expression, context: Elaboration): { why?: string; help?: string } {
  const [a, b] = [left.type, right.type];
  if (a.kind === 'String' || b.kind === 'String') return { help: 'only strings can be joined to strings' };
  if (isQuantity(a) && isQuantity(b)) {
    if (operator === '+' || operator === '-') {
      const bare = a.kind === 'Int' || a.kind === 'Real' ? left : b.kind === 'Int' || b.kind === 'Real' ? right : null;
      if (bare) return { why: 'a bare number has no unit', help: `give \`${context.textOf(bare.span)}\` a unit` };
      return { why: 'quantities of different units have no sum' };
    }
    return { why: 'no quantity has that unit' };
  }
  if (operator === '-' && a.kind === 'List') return { help: 'a list is filtered: `xs.filter(x => …)`' };
  return {};
}
