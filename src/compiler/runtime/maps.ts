import type { Span } from '../../base/source.ts';
import { charge, type Fuel } from './failure.ts';
import { Held, lend } from './list.ts';
import { Order } from './order.ts';
import { ascending, type Key, type Ordering, type Primitive, sortedCopy } from './sets.ts';

/** Map with primitive keys. No value is ever `undefined`, so that `get` tells a missing key by it. */
export class PlainMap {
  shared: number = Held.alone;
  /** The keys ascending, once somebody has asked for them. */
  private order: Order<Primitive> | null = null;

  constructor(readonly entries: Map<Primitive, unknown>) {}

  get size(): number {
    return this.entries.size;
  }
  get(key: Primitive): unknown {
    return this.entries.get(key);
  }
  has(key: Primitive): boolean {
    return this.entries.has(key);
  }
  put(key: Primitive, value: unknown): void {
    const size = this.entries.size;
    this.entries.set(key, value);
    if (this.order !== null && this.entries.size !== size) this.order.add(key);
  }
  delete(key: Primitive): void {
    if (this.entries.delete(key) && this.order !== null) this.order.remove(key);
  }
  /** For whoever holds on to them while the map changes. */
  keys(): readonly Primitive[] {
    return this.ordered().items();
  }
  /** For a look that is over before the map changes. */
  peek(): readonly Primitive[] {
    return this.ordered().peek();
  }
  /** Whether every `stride`th of these, of which there are some, are the first keys: the same objects. */
  begins(parts: readonly unknown[], stride: number): boolean {
    return this.ordered().begins(parts, stride);
  }
  private ordered(): Order<Primitive> {
    this.order ??= new Order<Primitive>(sortedCopy(this.entries.keys()), ascending);
    return this.order;
  }
  values(): unknown[] {
    const keys = this.peek();
    const result = new Array<unknown>(keys.length);
    for (let i = 0; i < keys.length; i++) result[i] = this.entries.get(keys[i] as Primitive);
    return result;
  }
  copy(fuel: Fuel): PlainMap {
    if (this.shared === Held.shared) fuel.fuel -= this.entries.size >> 2;
    const result = new PlainMap(new Map(this.entries));
    result.order = this.order === null ? null : this.order.copy();
    return result;
  }
  copyMarking(fuel: Fuel): PlainMap {
    for (const value of this.entries.values()) lend(value, this.shared);
    return this.copy(fuel);
  }
}

/** An entry of a KeyedMap: holds the key itself, since its stand-in need not be readable. */
export class Entry {
  constructor(
    readonly key: unknown,
    public value: unknown,
  ) {}
}

/** Map whose keys are records or other composite values. */
export class KeyedMap {
  shared: number = Held.alone;
  private order: Order<unknown> | null = null;

  constructor(
    readonly entries: Map<Key, Entry>,
    readonly ordering: Ordering,
  ) {}

  get size(): number {
    return this.entries.size;
  }
  /** `stand` is the key's stand-in, computed by the caller who knows its type. */
  get(stand: Key): unknown {
    const entry = this.entries.get(stand);
    return entry === undefined ? undefined : entry.value;
  }
  has(stand: Key): boolean {
    return this.entries.has(stand);
  }
  put(stand: Key, key: unknown, value: unknown): void {
    const entry = this.entries.get(stand);
    if (entry !== undefined) {
      entry.value = value;
      return;
    }
    this.entries.set(stand, new Entry(key, value));
    if (this.order !== null) this.order.add(key);
  }
  delete(stand: Key): void {
    const entry = this.entries.get(stand);
    if (entry === undefined) return;
    this.entries.delete(stand);
    if (this.order !== null) this.order.remove(entry.key);
  }
  keys(): readonly unknown[] {
    return this.ordered().items();
  }
  peek(): readonly unknown[] {
    return this.ordered().peek();
  }
  begins(parts: readonly unknown[], stride: number): boolean {
    return this.ordered().begins(parts, stride);
  }
  private ordered(): Order<unknown> {
    if (this.order === null) {
      const keys: unknown[] = [];
      for (const entry of this.entries.values()) keys.push(entry.key);
      this.order = new Order<unknown>(keys.sort(this.ordering.compare), this.ordering.compare);
    }
    return this.order;
  }
  values(): unknown[] {
    return this.peek().map((key) => this.get(this.ordering.key(key)));
  }
  copy(fuel: Fuel): KeyedMap {
    if (this.shared === Held.shared) fuel.fuel -= this.entries.size >> 1;
    const entries = new Map<Key, Entry>();
    for (const [stand, entry] of this.entries) entries.set(stand, new Entry(entry.key, entry.value));
    const result = new KeyedMap(entries, this.ordering);
    result.order = this.order === null ? null : this.order.copy();
    return result;
  }
  copyMarking(fuel: Fuel): KeyedMap {
    for (const { value } of this.entries.values()) lend(value, this.shared);
    return this.copy(fuel);
  }
}

/** What every kind of map can do whose keys stand for themselves. */
export interface DirectMap {
  get(key: Primitive): unknown;
}

/** What every kind of map can do. */
export interface AnyMap {
  readonly size: number;
  keys(): readonly unknown[];
  /** The keys for a look that is over before the map changes. */
  peek(): readonly unknown[];
  values(): unknown[];
}

/** The keys, paid for: reading them may sort. */
export function paidKeys(map: AnyMap, fuel: Fuel, span: Span): readonly unknown[] {
  charge(fuel, map.size, span);
  return map.keys();
}
