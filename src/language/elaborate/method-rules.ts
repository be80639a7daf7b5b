import type { Span } from '../../base/source.ts';
import type { Expression } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import type { Expression as ExpressionNode } from '../generated/ast.ts';
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
import { elaborateExpression, elaborateValue, inferExpression } from './expressions.ts';
import type { Scope } from './scope.ts';

/** What a rule knows of the call that it checks. */
export interface MethodCall {
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

export interface MethodRule {
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
  find: test((call) => optionalOf(call.of)),
  flat_map: {
    parameters: ['each'],
    check: (call) => {
      const each = lambda(call, 0, [call.of], NEVER);
      const { result } = each;
      if (result.kind === 'List' || result.kind === 'Set') return { arguments: [each], type: listOf(result.of) };
      if (!isError(result)) {
        call.context.error('DS1003', each.span, `\`flat_map\` joins lists or sets, but this gives ${typeToString(result)}`, {
          help: 'where each element gives one value, write `map`',
        });
      }
      return null;
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

/** The key of the entry with the least (greatest) of something. */
const keyBy: MethodRule = {
  parameters: ['by'],
  check: (call) => {
    const by = lambda(call, 0, [mapKey(call), call.of], NEVER);
    return ordered(by.result, call) ? { arguments: [by], type: mapKey(call) } : null;
  },
};

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
  map: {
    parameters: ['each'],
    check: (call) => {
      const each = lambda(call, 0, [mapKey(call), call.of], call.expected?.kind === 'List' ? call.expected.of : NEVER);
      return { arguments: [each], type: listOf(each.result) };
    },
  },
  sum: {
    parameters: ['each'],
    check: (call) => {
      const each = lambda(call, 0, [mapKey(call), call.of], NEVER);
      if (isQuantity(each.result) || isError(each.result)) return { arguments: [each], type: each.result };
      call.context.error('DS1005', each.span, `values of type ${typeToString(each.result)} have no sum`);
      return null;
    },
  },
  min_by: keyBy,
  max_by: keyBy,
  merge: {
    parameters: ['other', 'combine'],
    check: (call) => {
      const other = argument(call, 0, call.receiver.type);
      return { arguments: [other, lambda(call, 1, [call.of, call.of], call.of)], type: call.receiver.type };
    },
  },
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
  satisfied: {
    parameters: ['nodes', 'of'],
    check: (call) => ({ arguments: [argument(call, 0, NODES), argument(call, 1, NODE)], type: BOOL }),
  },
  blocked: {
    parameters: ['nodes', 'of'],
    check: (call) => ({ arguments: [argument(call, 0, NODES), argument(call, 1, NODE)], type: BOOL }),
  },
  trusted: { parameters: ['of'], check: (call) => ({ arguments: [argument(call, 0, NODE)], type: NODES }) },
};
const string: Record<string, MethodRule> = { size: noArguments(() => INT), is_empty: noArguments(() => BOOL) };
const none: Record<string, MethodRule> = {};

/** The methods of a type by name. */
export function rulesOf(type: Type): Record<string, MethodRule> {
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
