import type { Span } from '../../base/source.ts';
import { charge, type Fuel } from './failure.ts';
import { Held } from './list.ts';
import { Order } from './order.ts';

/** A value that JavaScript's own Set and Map compare as the language does. */
export type Primitive = number | string | boolean;
/** What stands for a composite value in a Set or Map: equal values have equal keys, different ones different keys. */
export type Key = number | string;

export function ascending(a: Primitive, b: Primitive): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The order of a collection's elements and their keys. */
export interface Ordering {
  compare(a: unknown, b: unknown): number;
  key(value: unknown): Key;
}

/** Set of primitives. Insertion order is kept while it is ascending, so that counters never need a sort. */
export class PlainSet {
  shared: number = Held.alone;
  /** The elements ascending, once somebody has asked for them. */
  private order: Order<Primitive> | null = null;

  constructor(readonly entries: Set<Primitive>) {}

  get size(): number {
    return this.entries.size;
  }
  add(item: Primitive): void {
    const size = this.entries.size;
    this.entries.add(item);
    if (this.order !== null && this.entries.size !== size) this.order.add(item);
  }
  delete(item: Primitive): void {
    if (this.entries.delete(item) && this.order !== null) this.order.remove(item);
  }
  /** For whoever holds on to it while the set changes. */
  items(): readonly Primitive[] {
    return this.ordered().items();
  }
  /** For a look that is over before the set changes. */
  peek(): readonly Primitive[] {
    return this.ordered().peek();
  }
  /** Whether every `stride`th of these, of which there are some, are the first in order: the same objects. */
  begins(parts: readonly unknown[], stride: number): boolean {
    return this.ordered().begins(parts, stride);
  }
  private ordered(): Order<Primitive> {
    this.order ??= new Order<Primitive>(sortedCopy(this.entries), ascending);
    return this.order;
  }
  copy(fuel: Fuel): PlainSet {
    if (this.shared === Held.shared) fuel.fuel -= this.entries.size >> 2;
    const result = new PlainSet(new Set(this.entries));
    result.order = this.order === null ? null : this.order.copy();
    return result;
  }
  addAll(other: PlainSet, fuel: Fuel, span: Span): void {
    charge(fuel, other.entries.size, span);
    for (const item of other.entries) this.add(item);
  }
  deleteAll(other: PlainSet, fuel: Fuel, span: Span): void {
    charge(fuel, other.entries.size, span);
    if (other === this) this.entries.clear();
    else for (const item of other.entries) this.entries.delete(item);
    this.order = null;
  }
  union(other: PlainSet, fuel: Fuel, span: Span): PlainSet {
    charge(fuel, this.entries.size + other.entries.size, span);
    const result = new Set(this.entries);
    for (const item of other.entries) result.add(item);
    return new PlainSet(result);
  }
  intersection(other: PlainSet, fuel: Fuel, span: Span): PlainSet {
    charge(fuel, this.entries.size, span);
    const result = new Set<Primitive>();
    for (const item of this.entries) if (other.entries.has(item)) result.add(item);
    return new PlainSet(result);
  }
  difference(other: PlainSet, fuel: Fuel, span: Span): PlainSet {
    charge(fuel, this.entries.size, span);
    const result = new Set<Primitive>();
    for (const item of this.entries) if (!other.entries.has(item)) result.add(item);
    return new PlainSet(result);
  }
  equals(other: PlainSet): boolean {
    if (this === other) return true;
    if (this.entries.size !== other.entries.size) return false;
    for (const item of this.entries) if (!other.entries.has(item)) return false;
    return true;
  }
}

/** The elements ascending; not sorted again when they were inserted in that order. */
export function sortedCopy(entries: Iterable<Primitive>): Primitive[] {
  const items = [...entries];
  for (let i = 1; i < items.length; i++) if ((items[i - 1] as Primitive) > (items[i] as Primitive)) return items.sort(ascending);
  return items;
}

/** Set of records, collections and other composite values: elements by their keys. */
export class KeyedSet {
  shared: number = Held.alone;
  private order: Order<unknown> | null = null;

  constructor(
    readonly entries: Map<Key, unknown>,
    readonly ordering: Ordering,
  ) {}

  get size(): number {
    return this.entries.size;
  }
  has(item: unknown): boolean {
    return this.entries.has(this.ordering.key(item));
  }
  add(item: unknown): void {
    this.put(this.ordering.key(item), item);
  }
  private put(key: Key, item: unknown): void {
    const size = this.entries.size;
    this.entries.set(key, item);
    if (this.order !== null && this.entries.size !== size) this.order.add(item);
  }
  delete(item: unknown): void {
    if (this.entries.delete(this.ordering.key(item)) && this.order !== null) this.order.remove(item);
  }
  items(): readonly unknown[] {
    return this.ordered().items();
  }
  peek(): readonly unknown[] {
    return this.ordered().peek();
  }
  begins(parts: readonly unknown[], stride: number): boolean {
    return this.ordered().begins(parts, stride);
  }
  private ordered(): Order<unknown> {
    this.order ??= new Order<unknown>([...this.entries.values()].sort(this.ordering.compare), this.ordering.compare);
    return this.order;
  }
  copy(fuel: Fuel): KeyedSet {
    if (this.shared === Held.shared) fuel.fuel -= this.entries.size >> 2;
    const result = new KeyedSet(new Map(this.entries), this.ordering);
    result.order = this.order === null ? null : this.order.copy();
    return result;
  }
  addAll(other: KeyedSet, fuel: Fuel, span: Span): void {
    charge(fuel, other.entries.size, span);
    for (const [key, item] of other.entries) this.put(key, item);
  }
  deleteAll(other: KeyedSet, fuel: Fuel, span: Span): void {
    charge(fuel, other.entries.size, span);
    if (other === this) this.entries.clear();
    else for (const key of other.entries.keys()) this.entries.delete(key);
    this.order = null;
  }
  union(other: KeyedSet, fuel: Fuel, span: Span): KeyedSet {
    charge(fuel, this.entries.size + other.entries.size, span);
    const result = new Map(this.entries);
    for (const [key, item] of other.entries) result.set(key, item);
    return new KeyedSet(result, this.ordering);
  }
  intersection(other: KeyedSet, fuel: Fuel, span: Span): KeyedSet {
    charge(fuel, this.entries.size, span);
    const result = new Map<Key, unknown>();
    for (const [key, item] of this.entries) if (other.entries.has(key)) result.set(key, item);
    return new KeyedSet(result, this.ordering);
  }
  difference(other: KeyedSet, fuel: Fuel, span: Span): KeyedSet {
    charge(fuel, this.entries.size, span);
    const result = new Map<Key, unknown>();
    for (const [key, item] of this.entries) if (!other.entries.has(key)) result.set(key, item);
    return new KeyedSet(result, this.ordering);
  }
  equals(other: KeyedSet): boolean {
    if (this === other) return true;
    if (this.entries.size !== other.entries.size) return false;
    for (const key of this.entries.keys()) if (!other.entries.has(key)) return false;
    return true;
  }
}

export function plainSet(items: readonly Primitive[]): PlainSet {
  return new PlainSet(new Set(items));
}

export function keyedSet(items: readonly unknown[], ordering: Ordering): KeyedSet {
  const result = new KeyedSet(new Map(), ordering);
  for (const item of items) result.add(item);
  return result;
}

/** A subset, as a predicate says. */
export type AnySet = PlainSet | KeyedSet;
