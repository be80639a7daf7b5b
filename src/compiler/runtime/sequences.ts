import type { Span } from '../../base/source.ts';
import { charge, emptyFailure, type Fuel, fail } from './failure.ts';
import { IntMap } from './int-map.ts';
import { Held, type List, type Shareable } from './list.ts';
import { type AnyMap, Entry, KeyedMap, PlainMap } from './maps.ts';

import { ascending, type Key, type Ordering, type Primitive } from './sets.ts';
import type { TypeOperations } from './type-operations.ts';
import type { Range } from './values.ts';

type Items = readonly unknown[];
type Compare = (a: unknown, b: unknown) => number;

/** An array that is about to be gone through, paid for. */
export function paid(items: Items, fuel: Fuel, span: Span): Items {
  charge(fuel, items.length, span);
  return items;
}

export function paidValues(map: AnyMap, fuel: Fuel, span: Span): unknown[] {
  charge(fuel, map.size, span);
  return map.values();
}

export function firstOf(items: Items, method: string, span: Span): unknown {
  return items.length > 0 ? items[0] : emptyFailure(method, span);
}

export function lastOf(items: Items, method: string, span: Span): unknown {
  return items.length > 0 ? items[items.length - 1] : emptyFailure(method, span);
}

export function sorted(items: Items, ordering: Ordering, fuel: Fuel, span: Span): unknown[] {
  charge(fuel, 4 * items.length, span);
  return items.slice().sort(ordering.compare);
}

/** `values` in the order of their `keys`; equal ones keep their places. */
export function sortedBy(values: Items, keys: Items, compare: Compare, fuel: Fuel, span: Span): unknown[] {
  charge(fuel, 4 * values.length, span);
  const order = values.map((_, i) => i).sort((a, b) => compare(keys[a], keys[b]) || a - b);
  return order.map((i) => values[i]);
}

export function minBy(items: Items, compare: Compare, span: Span): unknown {
  if (items.length === 0) return emptyFailure('min', span);
  return items.reduce((least, item) => (compare(item, least) < 0 ? item : least));
}

export function maxBy(items: Items, compare: Compare, span: Span): unknown {
  if (items.length === 0) return emptyFailure('max', span);
  return items.reduce((greatest, item) => (compare(item, greatest) > 0 ? item : greatest));
}

export function minPlain(items: Items, span: Span): unknown {
  return minBy(items, ascending as Compare, span);
}

export function maxPlain(items: Items, span: Span): unknown {
  return maxBy(items, ascending as Compare, span);
}

/** The first position of a value in a list, -1 for none. */
export function indexIn(list: List, value: unknown, operations: TypeOperations, fuel: Fuel, span: Span): number {
  const { items } = list;
  const direct = value === null || typeof value !== 'object' ? items.indexOf(value) : -2;
  charge(fuel, (direct < 0 ? items.length : direct) >> 2, span);
  if (direct !== -2) return direct;
  for (let i = 0; i < items.length; i++) if (operations.equals(items[i], value)) return i;
  return -1;
}

export function orNone(index: number): number | null {
  return index < 0 ? null : index;
}

export function inRange(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}

export function inRangeValue(value: number, range: Range): boolean {
  return value >= range.min && value <= range.max;
}

export function bounds(range: Range): [number, number] {
  return [range.min, range.max];
}

/** A Range of Int as an array; paid before it is made, so that a huge one ends the step and not the process. */
export function rangeItems(range: Range, fuel: Fuel, span: Span): number[] {
  const size = Math.max(0, range.max - range.min + 1);
  charge(fuel, size, span);
  return Array.from({ length: size }, (_, i) => range.min + i);
}

export function within(nodes: readonly number[], members: readonly number[]): number[] {
  return nodes.filter((node) => members.includes(node));
}

/** Structural equality of collections, paid by their size. */
export function equalPaid(operations: TypeOperations, a: unknown, b: unknown, fuel: Fuel, span: Span): boolean {
  if (a === b) return true;
  charge(fuel, sizeOfCollection(a) >> 2, span);
  return operations.equals(a, b);
}

function sizeOfCollection(value: unknown): number {
  if (value === null) return 0;
  const { items, size } = value as { items?: unknown; size?: unknown };
  return Array.isArray(items) ? items.length : typeof size === 'number' ? size : 0;
}

export function plainMap(entries: readonly (readonly [Primitive, unknown])[]): PlainMap {
  return new PlainMap(new Map(entries));
}

export function intMap(entries: readonly (readonly [number, unknown])[]): IntMap {
  const map = new IntMap();
  for (const [key, value] of entries) map.put(key, value);
  return map;
}

export function keyedMap(entries: readonly (readonly [unknown, unknown])[], ordering: Ordering): KeyedMap {
  const map = new KeyedMap(new Map<Key, Entry>(), ordering);
  for (const [key, value] of entries) map.entries.set(ordering.key(key), new Entry(key, value));
  return map;
}

/** Marks a constant: whoever takes it over copies before writing. */
export function shared<T extends Shareable>(value: T): T {
  value.shared = Held.shared;
  return value;
}

export function weightOf(nodes: Items, weights: readonly number[]): number {
  let sum = 0;
  for (const node of nodes) sum += weights[node as number] ?? 1;
  return sum;
}

/** What has a state in a property: the instance of a node that runs the protocol. */
export function instanceOf<T>(instances: readonly (T | undefined)[], node: number, names: readonly string[], span: Span): T {
  const instance = instances[node];
  return instance !== undefined
    ? instance
    : fail(`${names[node] ?? 'this node'} does not run this protocol, so it has no state here`, span);
}
