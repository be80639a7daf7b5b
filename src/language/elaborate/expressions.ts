import type { Expression } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import type {
  BraceLiteral,
  Conditional,
  Expression as ExpressionNode,
  Lambda,
  ListLiteral,
  NumberLiteral,
  Quantifier,
  Unary,
} from '../generated/ast.ts';
import { spanOf } from '../syntax.ts';
import { convert, rangeToList, tryConvert } from '../types/convert.ts';
import {
  BOOL,
  ERROR,
  functionOf,
  INT,
  isError,
  isQuantity,
  join,
  listOf,
  mapOf,
  NEVER,
  NODE,
  REAL,
  STRING,
  setOf,
  typeToString,
} from '../types/type.ts';
import { parseNumber, parseQuantity } from '../types/units.ts';
import { elaborateBinary } from './binary.ts';
import { elaborateCarried } from './carried.ts';
import { type Elaboration, errorExpression } from './context.ts';
import { declareLocal } from './locals.ts';
import { elaborateIndex, elaborateMember, elaborateName } from './names.ts';
import { assuming, factsOf } from './narrowing.ts';
import type { Scope } from './scope.ts';

/** Deeper than this nobody writes, and not much deeper the stack ends. */
const DEPTH_MAX = 500;

/**
 * Checks an expression and gives it as typed code. With `expected` the result has that type, by conversion where the
 * language has one; what is wrong is reported once and stands in the code as an expression of type Error.
 */
export function elaborateExpression(node: ExpressionNode, expected: Type | null, scope: Scope, context: Elaboration): Expression {
  const expression = inferExpression(node, expected, scope, context);
  return expected ? convert(expression, expected, context) : expression;
}

/** The same without conversion: `hint` only helps where a type is open (`{}`, `none`, number literals, lambdas). */
export function inferExpression(node: ExpressionNode, hint: Type | null, scope: Scope, context: Elaboration): Expression {
  if (context.depth >= DEPTH_MAX) {
    context.tooDeep(spanOf(node));
    return errorExpression(spanOf(node));
  }
  context.depth++;
  const expression = inferByKind(node, isOpenFor(node, hint) ? hint : null, scope, context);
  context.depth--;
  return expression;
}

/** Whether the hint says anything: a Data takes what is there as it is, and only branches that differ meet in it. */
function isOpenFor(node: ExpressionNode, hint: Type | null): boolean {
  const plain = hint?.kind === 'Optional' ? hint.of : hint;
  return plain?.kind !== 'Data' || node.$type === 'Conditional' || node.$type === 'Parenthesized';
}

/** A value that must be given: an error where the expression is a call that gives nothing or an open `none`. */
export function elaborateValue(node: ExpressionNode, hint: Type | null, scope: Scope, context: Elaboration): Expression {
  const expression = inferExpression(node, hint, scope, context);
  if (expression.type.kind !== 'Unit') return expression;
  context.error('DS1003', expression.span, 'a value is expected here, but this call gives none', {
    help: 'call it on a line of its own, or give the function a result type and a `return`',
  });
  return errorExpression(expression.span);
}

function inferByKind(node: ExpressionNode, hint: Type | null, scope: Scope, context: Elaboration): Expression {
  const span = spanOf(node);
  switch (node.$type) {
    case 'NameUse':
      return elaborateName(node, hint, scope, context);
    case 'Member':
      return elaborateMember(node, hint, scope, context);
    case 'Index':
      return elaborateIndex(node, scope, context);
    case 'Binary':
      return elaborateBinary(node, hint, scope, context);
    case 'Unary':
      return elaborateUnary(node, hint, scope, context);
    case 'Carried':
      return elaborateCarried(node, scope, context);
    case 'Parenthesized':
      return node.value ? { ...inferExpression(node.value, hint, scope, context), span } : errorExpression(span);
    case 'NumberLiteral':
      return elaborateNumber(node, context);
    case 'Quantity': {
      const quantity = parseQuantity(node.text);
      return quantity ? { kind: 'literal', value: quantity.value, type: quantity.type, span } : errorExpression(span);
    }
    case 'StringLiteral':
      return { kind: 'literal', value: node.value, type: STRING, span };
    case 'BooleanLiteral':
      return { kind: 'literal', value: node.value === 'true', type: BOOL, span };
    case 'NoneLiteral':
      return { kind: 'literal', value: null, type: hint?.kind === 'Optional' ? hint : NEVER, span };
    case 'ListLiteral':
      return elaborateList(node, hint, scope, context);
    case 'BraceLiteral':
      return elaborateBraces(node, hint, scope, context);
    case 'Conditional':
      return elaborateConditional(node, hint, scope, context);
    case 'Quantifier':
      return elaborateQuantifier(node, scope, context);
    case 'Lambda':
      return elaborateLambda(node, hint, scope, context);
    default:
      // What the parser's recovery made up; it has said what is missing.
      return errorExpression(span);
  }
}

function elaborateNumber(node: NumberLiteral, context: Elaboration): Expression {
  const span = spanOf(node);
  const { value, isInt } = parseNumber(node.text);
  if (isInt ? !Number.isSafeInteger(value) : !Number.isFinite(value)) {
    context.error('DS1039', span, `${node.text} is too large`, {
      why: isInt ? 'an Int lies between −(2⁵³ − 1) and 2⁵³ − 1' : 'a Real is a double of at most 1.8e308',
    });
    return errorExpression(span);
  }
  return { kind: 'literal', value, type: isInt ? INT : REAL, span };
}

function elaborateUnary(node: Unary, hint: Type | null, scope: Scope, context: Elaboration): Expression {
  const span = spanOf(node);
  if (node.operator === 'not') {
    const operand = elaborateExpression(node.operand, BOOL, scope, context);
    return { kind: 'unary', operator: 'not', operand, type: BOOL, span };
  }
  const operand = inferExpression(node.operand, hint, scope, context);
  if (isError(operand.type)) return errorExpression(span);
  if (!isQuantity(operand.type)) {
    context.error('DS1005', span, `\`-\` needs a number or a quantity, but this is ${typeToString(operand.type)}`);
    return errorExpression(span);
  }
  return { kind: 'unary', operator: '-', operand, type: operand.type, span };
}

/** The common type of items that a literal lists, each converted to it; `wanted` is what the context says. */
function agree(nodes: readonly ExpressionNode[], wanted: Type | null, what: string, scope: Scope, context: Elaboration) {
  if (wanted && wanted.kind !== 'Never') {
    return { of: wanted, items: nodes.map((node) => elaborateExpression(node, wanted, scope, context)) };
  }
  let of: Type = NEVER;
  const items = nodes.map((node) => elaborateValue(node, of.kind === 'Never' ? null : of, scope, context));
  items.forEach((item, at) => {
    const joined = at === 0 ? item.type : join(of, item.type);
    if (joined) {
      of = joined;
      return;
    }
    context.error('DS1003', item.span, `this ${what} is ${typeToString(item.type)}, but those before it are ${typeToString(of)}`);
    of = ERROR;
  });
  return { of, items: items.map((item) => tryConvert(item, of) ?? item) };
}

function elaborateList(node: ListLiteral, hint: Type | null, scope: Scope, context: Elaboration): Expression {
  const wanted = hint?.kind === 'Optional' ? hint.of : hint;
  const { of, items } = agree(node.items, wanted?.kind === 'List' ? wanted.of : null, 'element', scope, context);
  return { kind: 'list', items, type: listOf(of), span: spanOf(node) };
}

function elaborateBraces(node: BraceLiteral, hint: Type | null, scope: Scope, context: Elaboration): Expression {
  const span = spanOf(node);
  const wanted = hint?.kind === 'Optional' ? hint.of : hint;
  if (node.entries.length === 0) {
    if (wanted?.kind === 'Map') return { kind: 'map', entries: [], type: wanted, span };
    return { kind: 'set', items: [], type: wanted?.kind === 'Set' ? wanted : setOf(NEVER), span };
  }
  const pairs = node.entries.filter((entry) => entry.value);
  if (pairs.length === 0) {
    const keys = node.entries.map((entry) => entry.key);
    const { of, items } = agree(keys, wanted?.kind === 'Set' ? wanted.of : null, 'element', scope, context);
    return { kind: 'set', items, type: setOf(of), span };
  }
  if (pairs.length !== node.entries.length) {
    const lone = node.entries.find((entry) => !entry.value)!;
    context.error('DS1003', spanOf(lone), 'a set element among the entries of a map', {
      help: 'a map is written `{key: value, …}`, a set `{element, …}`',
    });
    return errorExpression(span);
  }
  const map = wanted?.kind === 'Map' ? wanted : null;
  const keys = agree(
    node.entries.map((entry) => entry.key),
    map?.key ?? null,
    'key',
    scope,
    context,
  );
  const values = agree(
    node.entries.map((entry) => entry.value!),
    map?.value ?? null,
    'value',
    scope,
    context,
  );
  const entries = keys.items.map((key, at) => ({ key, value: values.items[at]! }));
  return { kind: 'map', entries, type: mapOf(keys.of, values.of), span };
}

function elaborateConditional(node: Conditional, hint: Type | null, scope: Scope, context: Elaboration): Expression {
  const span = spanOf(node);
  const condition = elaborateExpression(node.condition, BOOL, scope, context);
  const then = assuming(factsOf(condition, true), scope, () => inferExpression(node.then, hint, scope, context));
  const otherwise = assuming(factsOf(condition, false), scope, () => inferExpression(node.otherwise, hint ?? then.type, scope, context));
  const type = (hint && tryConvert(then, hint) && tryConvert(otherwise, hint) && hint) || join(then.type, otherwise.type);
  if (!type) {
    context.error(
      'DS1003',
      span,
      `the branches differ: ${typeToString(then.type)} after \`then\`, ${typeToString(otherwise.type)} after \`else\``,
    );
    return errorExpression(span);
  }
  return {
    kind: 'conditional',
    condition,
    // biome-ignore lint/suspicious/noThenProperty: the code's word for the branch; nobody awaits it
    then: tryConvert(then, type) ?? then,
    otherwise: tryConvert(otherwise, type) ?? otherwise,
    type,
    span,
  };
}

/** What a `for` or quantifier runs over: the collection and the type of its elements. */
export function elaborateDomain(node: ExpressionNode, scope: Scope, context: Elaboration): { domain: Expression; element: Type } {
  const domain = elaborateValue(node, null, scope, context);
  const { type } = domain;
  if (type.kind === 'List' || type.kind === 'Set') return { domain, element: type.of };
  if (type.kind === 'Map') return { domain, element: type.key };
  if (type.kind === 'Range' && type.of.kind === 'Int') return { domain, element: INT };
  if (type.kind === 'Error') return { domain, element: ERROR };
  // A node group of one node, in a system.
  if (type.kind === 'Node' && domain.kind === 'group') return { domain: convert(domain, setOf(NODE), context), element: NODE };
  if (type.kind === 'Optional' && ['List', 'Set', 'Map'].includes(type.of.kind)) {
    convert(domain, type.of, context);
  } else {
    context.error('DS1003', domain.span, `a collection is expected here, but this is ${typeToString(type)}`, {
      help: type.kind === 'Int' ? 'a range counts: `0..n - 1`' : 'lists, sets, maps (their keys) and ranges of Int can be gone through',
    });
  }
  return { domain: errorExpression(domain.span), element: ERROR };
}

function elaborateQuantifier(node: Quantifier, scope: Scope, context: Elaboration): Expression {
  const span = spanOf(node);
  const inner = scope.child();
  const bound: { variable: string; domain: Expression }[] = [];
  for (const binding of node.bindings) {
    const { domain, element } = elaborateDomain(binding.domain, inner, context);
    for (const variable of binding.variables) {
      declareLocal(variable, element, 'bound by a quantifier', inner, context);
      bound.push({ variable: variable.name, domain });
    }
  }
  let body = elaborateExpression(node.body, BOOL, inner, context);
  for (let at = bound.length - 1; at >= 0; at--) {
    const { variable, domain } = bound[at]!;
    body = { kind: 'quantifier', quantifier: node.kind, variable, domain, body, type: BOOL, span };
  }
  return body;
}

function elaborateLambda(node: Lambda, hint: Type | null, scope: Scope, context: Elaboration): Expression {
  const span = spanOf(node);
  if (hint?.kind !== 'Function') {
    context.error('DS1034', span, 'a lambda stands only where a method such as `map` or `filter` takes one', {
      help: 'declare a `fun` to give a piece of code a name',
    });
    return errorExpression(span);
  }
  if (node.parameters.length !== hint.parameters.length) {
    const wanted = hint.parameters.length === 1 ? 'one parameter' : `${hint.parameters.length} parameters`;
    context.error('DS1034', span, `a lambda of ${wanted} is expected here, but this one has ${node.parameters.length}`, {
      help: `it is given (${hint.parameters.map(typeToString).join(', ')})`,
    });
    return errorExpression(span);
  }
  const inner = scope.child();
  node.parameters.forEach((parameter, at) => {
    declareLocal(parameter, hint.parameters[at] as Type, "a lambda's parameter", inner, context);
  });
  const open = hint.result.kind === 'Never';
  let body = open ? elaborateValue(node.body, null, inner, context) : inferExpression(node.body, hint.result, inner, context);
  if (!open) body = convert(body, hint.result, context);
  return {
    kind: 'lambda',
    parameters: node.parameters.map((parameter) => parameter.name),
    body,
    type: functionOf(hint.parameters, body.type),
    span,
  };
}

/** A collection as a List or Set where methods are looked up: a Range of Int counts as its list. */
export function asCollection(expression: Expression): Expression {
  return expression.type.kind === 'Range' && expression.type.of.kind === 'Int' ? rangeToList(expression) : expression;
}
