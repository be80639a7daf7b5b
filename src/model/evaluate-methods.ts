import type { Expression } from './code.ts';
import { type Evaluation, EvaluationError, type Scope } from './evaluate.ts';
import { checkedNumber, contains } from './evaluate-operators.ts';
import { isBlocked, isMet, isMetWith, isSatisfied, trustedBy } from './quorum-values.ts';
import { compareValues, isQuorum, isRange, keyOf, listOf, mapOf, nodesOf, setOf } from './value-operations.ts';
import type { MapValue, QuorumSystem, Value } from './values.ts';

type Method = Expression & { readonly kind: 'method' };

/** The value of a method call on a collection, range, map, optional or quorum. */
export function evaluateMethod(evaluation: Evaluation, expression: Method, scope: Scope | null): Value {
  const { method, span } = expression;
  // A range that stands for its list is gone through, not built: `(0..10^12).any(…)` may stop early.
  const source = expression.receiver;
  const asList = source.kind === 'convert' && source.conversion === 'range-to-list';
  const receiver = evaluation.value(asList ? source.value : source, scope);
  if (method === 'or') return receiver ?? evaluation.value(needed(expression, 0), scope);
  if (method === 'is_none') return receiver === null;
  if (isQuorum(receiver)) {
    return quorumMethod(evaluation, expression, receiver, scope);
  }
  if (isRange(receiver)) {
    // Of a range of durations only the ends mean something; of one of whole numbers all methods of a list do.
    if (method === 'min' && !asList) return receiver.min;
    if (method === 'max' && !asList) return receiver.max;
    if (method === 'size') return Math.max(0, Math.floor(receiver.max) - Math.ceil(receiver.min) + 1);
    if (method === 'contains') return contains(evaluation, evaluation.value(needed(expression, 0), scope), receiver, span);
  }
  if (typeof receiver === 'object' && receiver !== null && receiver.kind === 'map')
    return mapMethod(evaluation, expression, receiver, scope);
  return collectionMethod(evaluation, expression, receiver, scope);
}

/** What is asked of nodes and the slices of one node. */
const asked = { met: isMetWith, satisfied: isSatisfied, blocked: isBlocked } as const;

function quorumMethod(evaluation: Evaluation, expression: Method, system: QuorumSystem, scope: Scope | null): Value {
  const { method } = expression;
  const first = evaluation.value(needed(expression, 0), scope);
  if (method === 'trusted' && typeof first === 'number') return setOf(trustedBy(system, first));
  const nodes = nodesOf(first);
  if (nodes === null || !(method in asked)) throw unknownMethod(expression);
  const present = new Set(nodes);
  const isPresent = (node: number): boolean => present.has(node);
  const by = expression.arguments[1];
  if (by === undefined) return isMet(system, isPresent);
  const node = evaluation.value(by, scope);
  if (typeof node !== 'number') return false;
  return asked[method as keyof typeof asked](system, isPresent, node);
}

function needed(expression: Method, index: number): Expression {
  const found = expression.arguments[index];
  if (!found) throw new EvaluationError(`\`${expression.method}\` needs an argument`, expression.span);
  return found;
}

function unknownMethod(expression: Method): EvaluationError {
  return new EvaluationError(`\`${expression.method}\` cannot be computed before a run`, expression.span, 'run-time');
}

function mapMethod(evaluation: Evaluation, expression: Method, map: MapValue, scope: Scope | null): Value {
  const { method, span } = expression;
  evaluation.spend(map.entries.length, span);
  const lambda = expression.arguments[0];
  const test = ([key, value]: readonly [Value, Value]): boolean => evaluation.apply(needed(expression, 0), [key, value], scope) === true;
  switch (method) {
    case 'size':
      return map.entries.length;
    case 'is_empty':
      return map.entries.length === 0;
    case 'keys':
      return setOf(
        map.entries.map(([key]) => key),
        evaluation.enumOrder,
      );
    case 'values':
      return listOf(map.entries.map(([, value]) => value));
    case 'contains':
      return contains(evaluation, evaluation.value(needed(expression, 0), scope), map, span);
    case 'get': {
      const key = keyOf(evaluation.value(needed(expression, 0), scope));
      const entry = map.entries.find(([candidate]) => keyOf(candidate) === key);
      return entry ? entry[1] : evaluation.value(needed(expression, 1), scope);
    }
    case 'filter':
      return { kind: 'map', entries: map.entries.filter(test) };
    case 'any':
      return map.entries.some(test);
    case 'all':
      return map.entries.every(test);
    case 'count':
      return lambda ? map.entries.filter(test).length : map.entries.length;
    case 'map':
      return listOf(map.entries.map(([key, value]) => evaluation.apply(needed(expression, 0), [key, value], scope)));
    case 'sum':
      return checkedNumber(
        map.entries.reduce((sum, [key, value]) => sum + (evaluation.apply(needed(expression, 0), [key, value], scope) as number), 0),
        expression.type,
        span,
      );
    case 'min_by':
    case 'max_by': {
      const by = map.entries.map(([key, value]) => [evaluation.apply(needed(expression, 0), [key, value], scope), key] as const);
      const [first] = by;
      if (!first) throw new EvaluationError(`\`${method}\` of an empty collection does not exist`, span);
      const sign = method === 'min_by' ? -1 : 1;
      return by.reduce((best, entry) => (compareValues(entry[0], best[0], evaluation.enumOrder) * sign > 0 ? entry : best), first)[1];
    }
    case 'merge': {
      const other = evaluation.value(needed(expression, 0), scope);
      if (typeof other !== 'object' || other?.kind !== 'map') throw new EvaluationError('a map is needed here', span);
      const merged = new Map(map.entries.map((entry) => [keyOf(entry[0]), entry]));
      for (const [key, theirs] of other.entries) {
        const mine = merged.get(keyOf(key));
        merged.set(keyOf(key), [key, mine ? evaluation.apply(needed(expression, 1), [mine[1], theirs], scope) : theirs]);
      }
      evaluation.spend(merged.size, span);
      return mapOf(merged.values(), evaluation.enumOrder);
    }
    case 'map_values':
      return {
        kind: 'map',
        entries: map.entries.map(([key, value]) => {
          const whole = lambda?.kind === 'lambda' && lambda.parameters.length === 2 ? [key, value] : [value];
          return [key, evaluation.apply(needed(expression, 0), whole, scope)] as const;
        }),
      };
    default:
      throw unknownMethod(expression);
  }
}

function collectionMethod(evaluation: Evaluation, expression: Method, receiver: Value, scope: Scope | null): Value {
  const { method, span, type } = expression;
  const elements = (): Value[] => [...evaluation.elements(receiver, span)];
  const value = (index: number): Value => evaluation.value(needed(expression, index), scope);
  const apply = (item: Value): Value => evaluation.apply(needed(expression, 0), [item], scope);
  const holds = (item: Value): boolean => apply(item) === true;
  const order = evaluation.enumOrder;
  const ofSameKind = (items: readonly Value[]): Value =>
    typeof receiver === 'object' && receiver?.kind === 'set' ? { kind: 'set', items } : listOf(items);
  const some = (items: readonly Value[]): readonly Value[] => {
    if (items.length === 0) throw new EvaluationError(`\`${method}\` of an empty collection does not exist`, span);
    return items;
  };
  const best = (items: readonly Value[], by: (item: Value) => Value, sign: number): Value => {
    let chosen = some(items)[0] as Value;
    let key = by(chosen);
    for (const item of items.slice(1)) {
      const candidate = by(item);
      if (compareValues(candidate, key, order) * sign > 0) {
        chosen = item;
        key = candidate;
      }
    }
    return chosen;
  };
  const sorted = (items: readonly Value[], by: (item: Value) => Value): Value =>
    listOf(
      items
        .map((item) => [by(item), item] as const)
        .sort((a, b) => compareValues(a[0], b[0], order))
        .map(([, item]) => item),
    );
  switch (method) {
    case 'size':
      return collectionSize(receiver) ?? elements().length;
    case 'is_empty':
      return (collectionSize(receiver) ?? elements().length) === 0;
    case 'map': {
      const mapped: Value[] = [];
      for (const item of evaluation.elements(receiver, span)) mapped.push(apply(item));
      return type.kind === 'Set' ? setOf(mapped, order) : listOf(mapped);
    }
    case 'filter':
      return ofSameKind(elements().filter(holds));
    case 'count': {
      if (expression.arguments.length === 0) return elements().length;
      let count = 0;
      for (const item of evaluation.elements(receiver, span)) if (holds(item)) count++;
      return count;
    }
    case 'any':
      for (const item of evaluation.elements(receiver, span)) if (holds(item)) return true;
      return false;
    case 'all':
      for (const item of evaluation.elements(receiver, span)) if (!holds(item)) return false;
      return true;
    case 'sum': {
      let sum = 0;
      for (const item of evaluation.elements(receiver, span)) {
        const term = expression.arguments.length > 0 ? apply(item) : item;
        if (typeof term !== 'number') throw new EvaluationError('only numbers can be summed', span);
        sum += term;
      }
      return checkedNumber(sum, type, span);
    }
    case 'min':
    case 'max': {
      const values = expression.arguments.length > 0 ? elements().map(apply) : elements();
      return best(values, (item) => item, method === 'min' ? -1 : 1);
    }
    case 'min_by':
      return best(elements(), apply, -1);
    case 'max_by':
      return best(elements(), apply, 1);
    case 'sorted':
      return sorted(elements(), (item) => item);
    case 'sorted_by':
      return sorted(elements(), apply);
    case 'fold': {
      // `fold(initial, (sum, x) => …)`.
      let folded = value(0);
      for (const item of evaluation.elements(receiver, span)) folded = evaluation.apply(needed(expression, 1), [folded, item], scope);
      return folded;
    }
    case 'find':
      for (const item of evaluation.elements(receiver, span)) if (holds(item)) return item;
      return null;
    case 'flat_map': {
      const joined: Value[] = [];
      for (const item of evaluation.elements(receiver, span)) for (const each of evaluation.elements(apply(item), span)) joined.push(each);
      return listOf(joined);
    }
    case 'contains':
      return contains(evaluation, value(0), receiver, span);
    case 'associate': {
      // `associate(x => v)`: a map from each element to its value.
      const entries: [Value, Value][] = [];
      for (const item of evaluation.elements(receiver, span)) entries.push([item, apply(item)]);
      return mapOf(entries, order);
    }
    case 'to_list':
      return listOf(elements());
    case 'to_set':
      return setOf(elements(), order);
    case 'first':
      return some(elements())[0] as Value;
    case 'last': {
      const items = some(elements());
      return items[items.length - 1] as Value;
    }
    case 'take':
      return ofSameKind(elements().slice(0, Math.max(0, evaluation.number(needed(expression, 0), scope))));
    case 'drop':
      return ofSameKind(elements().slice(Math.max(0, evaluation.number(needed(expression, 0), scope))));
    case 'get': {
      const at = evaluation.number(needed(expression, 0), scope);
      const found = at >= 0 ? elements()[at] : undefined;
      return found === undefined ? value(1) : found;
    }
    case 'index_of': {
      const key = keyOf(value(0));
      const at = elements().findIndex((item) => keyOf(item) === key);
      return at < 0 ? null : at;
    }
    case 'reversed':
      return listOf(elements().reverse());
    default:
      throw unknownMethod(expression);
  }
}

function collectionSize(value: Value): number | null {
  return typeof value === 'object' && value !== null && (value.kind === 'list' || value.kind === 'set') ? value.items.length : null;
}
