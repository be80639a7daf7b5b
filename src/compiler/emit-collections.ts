import type { Span } from '../base/source.ts';
import type { Expression } from '../model/code.ts';
import type { Type } from '../model/types.ts';
import type { Context } from './context.ts';
import { emit, emitOperand, store } from './emit-expression.ts';
import { topConstant } from './emit-given.ts';
import { markedElements, singleton, standIn } from './emit-operators.ts';
import { mapText, setText } from './emit-values.ts';
import { hasDirectKeys, type SequenceType } from './layout.ts';

/** `[a, b]`, `{a, b}`, `{k: v}`; what kind of collection it is says the type: an empty `{}` is written as any of them. */
export function emitLiteralCollection(e: Extract<Expression, { kind: 'list' | 'set' | 'map' }>, expected: Type, c: Context): string {
  const type = expected.kind === 'Optional' ? expected.of : expected;
  if (type.kind === 'Map') {
    const entries = e.kind === 'map' ? e.entries : [];
    return mapText(
      entries.map(({ key, value }) => `[${store(key, c, type.key)},${store(value, c, type.value)}]`),
      type,
      c.module,
    );
  }
  if (type.kind !== 'List' && type.kind !== 'Set') throw new Error(`a collection of type ${type.kind}`);
  const items = (e.kind === 'map' ? [] : e.items).map((item) => store(item, c, type.of));
  return type.kind === 'List' ? `new List([${items.join(',')}])` : setText(items, type.of, c.module);
}

/** `element in collection`. */
export function emitMembership(element: Expression, collection: Expression, span: Span, c: Context): string {
  const type = collection.type;
  const { module } = c;
  if (type.kind === 'Range') {
    const value = emit(element, c);
    if (collection.kind === 'binary' && collection.operator === '..')
      return `inRange(${value},${emit(collection.left, c)},${emit(collection.right, c)})`;
    return `inRangeValue(${value},${emit(collection, c)})`;
  }
  const of = type.kind === 'Map' ? type.key : (type as SequenceType).of;
  const value = emitOperand(element, [collection], c, of);
  const text = emit(collection, c);
  switch (module.layout(type)) {
    case 'mask':
      return `((${text}>>>${value}&1)===1)`;
    case 'nodes':
      return `${text}.has(${value})`;
    case 'map':
    case 'int-map':
      return `${text}.has(${value})`;
    case 'set':
      return `${text}.entries.has(${value})`;
    case 'keyed-set':
    case 'keyed-map':
      return `${text}.entries.has(${standIn(value, of, c)})`;
    default:
      return `(indexIn(${text},${value},${module.operations(of)},${c.host},${module.span(span)})>=0)`;
  }
}

/** `list[i]`, `list[a..b]`, `map[k]`, and the i-th lowest of a set (a role's or group's node by number). */
export function emitIndex(e: Extract<Expression, { kind: 'index' }>, c: Context): string {
  const { module } = c;
  const type = e.object.type;
  const span = module.span(e.span);
  if (type.kind === 'Map') {
    const map = emitOperand(e.object, [e.index], c);
    const key = c.temp();
    const found = c.temp();
    const size = c.temp();
    const failure = `keyFailure(${module.operations(type.key)}.format(${key}),${size}.size,${span})`;
    const get = `${size}.get(${hasDirectKeys(type) ? key : standIn(key, type.key, c)})`;
    return `(${size}=${map},${key}=${emit(e.index, c, type.key)},(${found}=${get})!==undefined?${found}:${failure})`;
  }
  if (e.index.type.kind === 'Range') {
    const list = type.kind === 'List' ? emit(e.object, c) : `new List(${arrayOf(e.object, c)})`;
    const bounds =
      e.index.kind === 'binary' && e.index.operator === '..'
        ? `${emit(e.index.left, c)},${emit(e.index.right, c)}`
        : `...bounds(${emit(e.index, c)})`;
    const sliced = `slice(${list},${bounds},${c.host},${span})`;
    return type.kind === 'Set' ? setFromArray(`${sliced}.items`, type.of, c) : markedElements(sliced, type, c);
  }
  const items = knownNodes(e.object, c) ?? arrayOf(e.object, c, [e.index]);
  const array = c.temp();
  const index = c.temp();
  return `(${array}=${items},(${index}=${emit(e.index, c)})>=0&&${index}<${array}.length?${array}[${index}]:indexFailure(${index},${array}.length,${span}))`;
}

/** The nodes of `members` and the like as a constant array, where they do not change during a run. */
export function knownNodes(e: Expression, c: Context): string | null {
  if (e.kind === 'given' && e.name === 'members' && c.mode !== 'property') return membersArray(c);
  if (e.kind === 'method' && e.method === 'to_list') return knownNodes(e.receiver, c);
  if (e.kind === 'given' && e.name === 'peers' && c.mode === 'node') return 'this.peerList';
  if (e.kind === 'role' && c.mode !== 'property') {
    const role = c.module.deployment.roles.find(({ name }) => name === e.name);
    return role === undefined ? null : topConstant(`[${role.nodes.join(',')}]`, c);
  }
  return null;
}

/** The members of the deployment as a constant array, ascending. */
export function membersArray(c: Pick<Context, 'module'>): string {
  return topConstant(`[${c.module.deployment.members.join(',')}]`, c);
}

/** The elements (of a Map the keys) as an array in the language's order, to be read only. */
export function arrayOf(e: Expression, c: Context, later: readonly Expression[] = []): string {
  const known = knownNodes(e, c);
  if (known !== null) return known;
  const text = emitOperand(e, later, c);
  switch (c.module.layout(e.type)) {
    case 'mask':
      return `nodesOfMask(${text})`;
    case 'list':
      return `${text}.items`;
    case 'map':
    case 'int-map':
    case 'keyed-map':
      return `${text}.keys()`;
    case 'range':
      return `rangeItems(${text},${c.host},${c.module.span(e.span)})`;
    default:
      return `${text}.items()`;
  }
}

/** A set over the elements of an array. */
export function setFromArray(array: string, of: Type, c: Context): string {
  switch (c.module.layout({ kind: 'Set', of })) {
    case 'mask':
      return `maskOf(${array})`;
    case 'nodes':
      return `NodeSet.of(${array})`;
    case 'set':
      return `plainSet(${array})`;
    default:
      return `keyedSet(${array},${c.module.operations(of)})`;
  }
}

/** The statement that adds an element to a set under construction in `target`. */
export function addTo(target: string, element: string, of: Type, c: Context): string {
  return c.module.layout({ kind: 'Set', of }) === 'mask' ? `${target}|=${singleton(element, of, c)};` : `${target}.add(${element});`;
}

/** How many elements a value has. */
export function sizeText(text: string, type: Type, c: Context): string {
  switch (c.module.layout(type)) {
    case 'mask':
      return `population(${text})`;
    case 'list':
      return `${text}.items.length`;
    case 'range':
      return `rangeSize(${text})`;
    case 'plain':
      return `${text}.length`;
    default:
      return `${text}.size`;
  }
}
