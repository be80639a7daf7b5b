import type { Span } from '../../base/source.ts';
import type { Expression } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import type { Argument, Expression as ExpressionNode, Member } from '../generated/ast.ts';
import { nameSpanOf, spanOf } from '../syntax.ts';
import { convert, tryConvert } from '../types/convert.ts';
import {
  BOOL,
  functionOf,
  INT,
  isError,
  isOrdered,
  isQuantity,
  listOf,
  mapOf,
  NEVER,
  NODE,
  NODES,
  optionalOf,
  setOf,
  typeToString,
} from '../types/type.ts';
import { type Elaboration, errorExpression } from './context.ts';
import { asCollection, elaborateExpression, elaborateValue, inferExpression } from './expressions.ts';
import { elaborateWith } from './names.ts';
import { narrowed } from './narrowing.ts';
import type { Scope } from './scope.ts';

/** What a rule knows of the call that it checks. */
interface MethodCall {
  readonly receiver: Expression;
  /** The element type of the receiver; of a Map its value type. */
  readonly of: Type;
  readonly nodes: readonly ExpressionNode[];
  readonly expected: Type | null;
  readonly scope: Scope;
  readonly context: Elaboration;
  readonly span: Span;
}

/** Arguments and result type; null when the mistake has been reported. `method` where the code calls it otherwise. */
interface Checked {
  readonly arguments: readonly Expression[];
  readonly type: Type;
  readonly method?: string;
  /** Where the code has another form for it than a method. */
  readonly instead?: Expression;
}

interface MethodRule {
  /** Parameter names, those that may be left out with a `?`. */
  readonly parameters: readonly string[];
  readonly check: (call: MethodCall) => Checked | null;
}

function argument(call: MethodCall, at: number, type: Type): Expression {
  return elaborateExpression(call.nodes[at]!, type, call.scope, call.context);
}

/** A lambda over these parameters; `result` Never leaves its result open. */
function lambda(call: MethodCall, at: number, parameters: readonly Type[], result: Type): Expression & { readonly result: Type } {
  const expression = inferExpression(call.nodes[at]!, functionOf(parameters, result), call.scope, call.context);
  const { type } = expression;
  if (type.kind === 'Function') return { ...expression, result: type.result };
  if (!isError(type)) {
    call.context.error('DS1034', expression.span, `a lambda is expected here, but this is ${typeToString(type)}`, {
      help: 'write `x => …`',
    });
  }
  return { ...errorExpression(expression.span), result: errorExpression(expression.span).type };
}

function ordered(type: Type, call: MethodCall): boolean {
  if (isOrdered(type, call.context.types)) return true;
  call.context.error('DS1032', call.span, `values of type ${typeToString(type)} have no order`, {
    help: 'order them by something that has one: `min_by(x => …)`, `sorted_by(x => …)`',
  });
  return false;
}

const noArguments = (type: (call: MethodCall) => Type, method?: string): MethodRule => ({
  parameters: [],
  check: (call) => ({ arguments: [], type: type(call), ...(method ? { method } : {}) }),
});
const test = (type: (call: MethodCall) => Type): MethodRule => ({
  parameters: ['test'],
  check: (call) => ({ arguments: [lambda(call, 0, [call.of], BOOL)], type: type(call) }),
});
const orderedElement = (type: (call: MethodCall) => Type, method?: string): MethodRule => ({
  parameters: [],
  check: (call) => (ordered(call.of, call) ? { arguments: [], type: type(call), ...(method ? { method } : {}) } : null),
});
const by = (type: (call: MethodCall) => Type): MethodRule => ({
  parameters: ['key'],
  check: (call) => {
    const key = lambda(call, 0, [call.of], NEVER);
    return ordered(key.result, call) ? { arguments: [key], type: type(call) } : null;
  },
});

const collection: Record<string, MethodRule> = {
  size: noArguments(() => INT),
  is_empty: noArguments(() => BOOL),
  // A list, of a set too: two elements may well map to one value, and `map(…).sum` should count both.
  map: {
    parameters: ['each'],
    check: (call) => {
      const wanted = call.expected?.kind === 'List' ? call.expected.of : NEVER;
      const each = lambda(call, 0, [call.of], wanted);
      return { arguments: [each], type: listOf(each.result) };
    },
  },
  filter: test((call) => call.receiver.type),
  count: test(() => INT),
  any: test(() => BOOL),
  all: test(() => BOOL),
  sum: {
    parameters: ['each?'],
    check: (call) => {
      const each = call.nodes.length === 1 ? lambda(call, 0, [call.of], NEVER) : null;
      const type = each ? each.result : call.of;
      if (isQuantity(type) || isError(type)) return { arguments: each ? [each] : [], type };
      call.context.error('DS1005', call.span, `values of type ${typeToString(type)} have no sum`, {
        help: 'sum something of each: `sum(x => …)`',
      });
      return null;
    },
  },
  min: orderedElement((call) => call.of),
  max: orderedElement((call) => call.of),
  min_by: by((call) => call.of),
  max_by: by((call) => call.of),
  sorted: orderedElement((call) => listOf(call.of)),
  sorted_by: by((call) => listOf(call.of)),
  fold: {
    parameters: ['initial', 'combine'],
    check: (call) => {
      const hint = call.expected && call.expected.kind !== 'Never' ? call.expected : null;
      let initial = elaborateValue(call.nodes[0]!, hint, call.scope, call.context);
      if (hint) initial = tryConvert(initial, hint) ?? initial;
      if (initial.type.kind === 'Never') initial = { ...initial, type: optionalOf(call.of) };
      const combine = lambda(call, 1, [initial.type, call.of], initial.type);
      return { arguments: [initial, combine], type: initial.type };
    },
  },
  contains: { parameters: ['element'], check: (call) => ({ arguments: [argument(call, 0, call.of)], type: BOOL }) },
  associate: {
    parameters: ['value'],
    check: (call) => {
      const value = lambda(call, 0, [call.of], call.expected?.kind === 'Map' ? call.expected.value : NEVER);
      return { arguments: [value], type: mapOf(call.of, value.result) };
    },
  },
  to_list: noArguments((call) => listOf(call.of)),
  to_set: noArguments((call) => setOf(call.of)),
};

const list: Record<string, MethodRule> = {
  ...collection,
  first: noArguments((call) => call.of),
  last: noArguments((call) => call.of),
  take: { parameters: ['count'], check: (call) => ({ arguments: [argument(call, 0, INT)], type: call.receiver.type }) },
  drop: { parameters: ['count'], check: (call) => ({ arguments: [argument(call, 0, INT)], type: call.receiver.type }) },
  get: { parameters: ['index', 'default?'], check: (call) => get(call, INT) },
  index_of: { parameters: ['element'], check: (call) => ({ arguments: [argument(call, 0, call.of)], type: optionalOf(INT) }) },
  reversed: noArguments((call) => call.receiver.type),
};

const set: Record<string, MethodRule> = {
  ...collection,
  // Sets are gone through in ascending order, so their first is their least.
  first: orderedElement((call) => call.of, 'min'),
  last: orderedElement((call) => call.of, 'max'),
};

/** `get(key, default)`, or `get(key)`, which gives `none` for what is not there. */
function get(call: MethodCall, key: Type): Checked {
  const at = argument(call, 0, key);
  if (call.nodes.length === 2) return { arguments: [at, argument(call, 1, call.of)], type: call.of };
  const type = optionalOf(call.of);
  return { arguments: [at, { kind: 'literal', value: null, type, span: call.span }], type };
}

const mapKey = (call: MethodCall): Type => (call.receiver.type.kind === 'Map' ? call.receiver.type.key : NEVER);

const testOfEntry = (type: (call: MethodCall) => Type): MethodRule => ({
  parameters: ['test'],
  check: (call) => ({ arguments: [lambda(call, 0, [mapKey(call), call.of], BOOL)], type: type(call) }),
});

const map: Record<string, MethodRule> = {
  size: noArguments(() => INT),
  is_empty: noArguments(() => BOOL),
  get: { parameters: ['key', 'default?'], check: (call) => get(call, mapKey(call)) },
  keys: noArguments((call) => setOf(mapKey(call))),
  values: noArguments((call) => listOf(call.of)),
  contains: { parameters: ['key'], check: (call) => ({ arguments: [argument(call, 0, mapKey(call))], type: BOOL }) },
  filter: testOfEntry((call) => call.receiver.type),
  count: testOfEntry(() => INT),
  any: testOfEntry(() => BOOL),
  all: testOfEntry(() => BOOL),
  map_values: {
    parameters: ['each'],
    check: (call) => {
      const each = lambda(call, 0, [call.of], call.expected?.kind === 'Map' ? call.expected.value : NEVER);
      return { arguments: [each], type: mapOf(mapKey(call), each.result) };
    },
  },
};

const range: Record<string, MethodRule> = {
  min: noArguments((call) => call.of),
  max: noArguments((call) => call.of),
  contains: {
    parameters: ['value'],
    check: (call) => {
      const value = argument(call, 0, call.of);
      const instead: Expression = { kind: 'binary', operator: 'in', left: value, right: call.receiver, type: BOOL, span: call.span };
      return { arguments: [value], type: BOOL, instead };
    },
  },
};

const optional: Record<string, MethodRule> = {
  is_none: noArguments(() => BOOL),
  or: {
    parameters: ['default'],
    check: (call) => {
      const value = inferExpression(call.nodes[0]!, call.of, call.scope, call.context);
      const plain = tryConvert(value, call.of);
      // `a.or(b)` with an optional b stays optional.
      if (!plain && value.type.kind === 'Optional') {
        const type = optionalOf(call.of);
        return { arguments: [convert(value, type, call.context)], type };
      }
      return { arguments: [plain ?? convert(value, call.of, call.context)], type: call.of };
    },
  },
};

const signed: Record<string, MethodRule> = { value: noArguments((call) => call.of), signer: noArguments(() => NODE) };
const quorum: Record<string, MethodRule> = {
  met: {
    parameters: ['nodes', 'with?'],
    check: (call) => ({ arguments: [argument(call, 0, NODES), ...(call.nodes.length > 1 ? [argument(call, 1, NODE)] : [])], type: BOOL }),
  },
};
const string: Record<string, MethodRule> = { size: noArguments(() => INT), is_empty: noArguments(() => BOOL) };
const none: Record<string, MethodRule> = {};

function rulesOf(type: Type): Record<string, MethodRule> {
  switch (type.kind) {
    case 'List':
      return list;
    case 'Set':
      return set;
    case 'Map':
      return map;
    case 'Range':
      return range;
    case 'Optional':
      return optional;
    case 'Signed':
      return signed;
    case 'Quorum':
      return quorum;
    case 'String':
      return string;
    default:
      return none;
  }
}

/** The methods of a type, for suggestions and completion. */
export function methodNames(type: Type): string[] {
  const own = Object.keys(rulesOf(type));
  if (type.kind === 'Range' && type.of.kind === 'Int') return [...new Set([...own, ...Object.keys(list)])];
  return type.kind === 'Record' ? [...own, 'with'] : own;
}

/** How a method is called, for hovers and completion: `get(key, default?)`. Null when the type has none of the name. */
export function methodSignature(type: Type, name: string): string | null {
  const rule = Object.hasOwn(rulesOf(type), name) ? rulesOf(type)[name] : undefined;
  return rule ? (rule.parameters.length === 0 ? name : `${name}(${rule.parameters.join(', ')})`) : null;
}

/** A method's use, with or without parentheses; null when the type has no such method. */
export function elaborateMethod(
  node: Member,
  object: Expression,
  memberSpan: Span,
  expected: Type | null,
  scope: Scope,
  context: Elaboration,
): Expression | null {
  const span = spanOf(node);
  const { member } = node;
  if (isError(object.type) && object.type.kind === 'Error') {
    for (const item of node.arguments?.items ?? [])
      if (item.value && item.value.$type !== 'Lambda') inferExpression(item.value, null, scope, context);
    return errorExpression(span);
  }
  if (member === 'with' && object.type.kind === 'Record') return elaborateWith(node, object, scope, context);
  let receiver = object;
  let rules = rulesOf(receiver.type);
  if (!Object.hasOwn(rules, member) && receiver.type.kind === 'Range') {
    receiver = asCollection(receiver);
    rules = rulesOf(receiver.type);
  }
  if (!Object.hasOwn(rules, member)) {
    // `x.or(d)` where x is known to have a value: x.
    if ((member === 'or' || member === 'is_none') && narrowedOptional(object, scope)) return knownValue(node, object, scope, context);
    return null;
  }
  const rule = rules[member]!;
  const nodes = orderArguments(node, rule, memberSpan, context);
  if (!nodes) return errorExpression(span);
  const call: MethodCall = { receiver, of: elementOf(receiver.type), nodes, expected, scope, context, span };
  const checked = rule.check(call);
  if (!checked) return errorExpression(span);
  if (checked.instead) return checked.instead;
  return { kind: 'method', receiver, method: checked.method ?? member, arguments: checked.arguments, type: checked.type, span };
}

function narrowedOptional(object: Expression, scope: Scope): boolean {
  if (object.kind !== 'local' && object.kind !== 'state' && object.kind !== 'parameter' && object.kind !== 'field') return false;
  const open: Expression = { ...object, type: optionalOf(object.type) };
  return narrowed(open, scope) !== open;
}

function knownValue(node: Member, object: Expression, scope: Scope, context: Elaboration): Expression {
  for (const item of node.arguments?.items ?? []) if (item.value) inferExpression(item.value, object.type, scope, context);
  if (node.member === 'is_none') return { kind: 'literal', value: false, type: BOOL, span: spanOf(node) };
  return { ...object, span: spanOf(node) };
}

function elementOf(type: Type): Type {
  switch (type.kind) {
    case 'List':
    case 'Set':
    case 'Range':
    case 'Optional':
    case 'Signed':
      return type.of;
    case 'Map':
      return type.value;
    default:
      return NEVER;
  }
}

/** Arguments in the order of the rule's parameters; null when their number or names are wrong (reported). */
function orderArguments(node: Member, rule: MethodRule, memberSpan: Span, context: Elaboration): ExpressionNode[] | null {
  const items: readonly Argument[] = node.arguments?.items ?? [];
  const required = rule.parameters.filter((name) => !name.endsWith('?')).length;
  const form = `\`.${node.member}(${rule.parameters.join(', ')})\``;
  if (items.length < required || items.length > rule.parameters.length) {
    const wanted = rule.parameters.length === 0 ? 'no arguments' : required === 1 ? 'one argument' : `${required} arguments`;
    context.error(
      'DS1007',
      node.arguments ? spanOf(node.arguments) : memberSpan,
      `\`${node.member}\` takes ${wanted}, but ${items.length === 0 ? 'none is' : `${items.length} are`} given`,
      {
        ...(rule.parameters.length > 0 ? { help: `write ${form}` } : {}),
      },
    );
    return null;
  }
  const ordered: (ExpressionNode | undefined)[] = [];
  for (const [at, item] of items.entries()) {
    const index = item.name === undefined ? at : rule.parameters.findIndex((name) => name.replace('?', '') === item.name);
    if (index < 0 || ordered[index]) {
      context.error(
        'DS1008',
        nameSpanOf(item),
        index < 0 ? `\`${node.member}\` has no \`${item.name}\`` : `\`${item.name}\` is given twice`,
        { help: `write ${form}` },
      );
      return null;
    }
    ordered[index] = item.value;
  }
  return ordered.every((value) => value) ? (ordered as ExpressionNode[]) : null;
}
