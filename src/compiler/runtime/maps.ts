import type { Span } from '../../base/source.ts';
import { charge, type Fuel } from './failure.ts';
import type { Shareable } from './list.ts';
import { ascending, type Key, type Ordering, type Primitive, sortedCopy, withAdded } from './sets.ts';

/** Map with primitive keys. No value is ever `undefined`, so that `get` tells a missing key by it. */
export class PlainMap {
  shared = false;
  /** Keys ascending but for `added`; replaced, never changed. */
  private sorted: readonly Primitive[] | null = null;
  private added: Primitive[] = [];

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
    if (this.sorted !== null && this.entries.size !== size) this.added.push(key);
  }
  delete(key: Primitive): void {
    if (!this.entries.delete(key)) return;
    this.sorted = null;
    this.added = [];
  }
  keys(): readonly Primitive[] {
    if (this.sorted === null) this.sorted = sortedCopy(this.entries.keys());
    else if (this.added.length > 0) {
      this.sorted = withAdded(this.sorted, this.added, ascending);
      this.added = [];
    }
    return this.sorted;
  }
  values(): unknown[] {
    const keys = this.keys();
    const result = new Array<unknown>(keys.length);
    for (let i = 0; i < keys.length; i++) result[i] = this.entries.get(keys[i] as Primitive);
    return result;
  }
  copy(fuel: Fuel): PlainMap {
    fuel.fuel -= this.entries.size >> 2;
    const result = new PlainMap(new Map(this.entries));
    result.sorted = this.sorted;
    result.added = this.added.slice();
    return result;
  }
  copyMarking(fuel: Fuel): PlainMap {
    for (const value of this.entries.values()) if (value !== null) (value as Shareable).shared = true;
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
  shared = false;
  private sorted: readonly unknown[] | null = null;
  private added: unknown[] = [];

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
    if (this.sorted !== null) this.added.push(key);
  }
  delete(stand: Key): void {
    if (!this.entries.delete(stand)) return;
    this.sorted = null;
    this.added = [];
  }
  keys(): readonly unknown[] {
    if (this.sorted === null) {
      const keys: unknown[] = [];
      for (const entry of this.entries.values()) keys.push(entry.key);
      this.sorted = keys.sort(this.ordering.compare);
    } else if (this.added.length > 0) {
      this.sorted = withAdded(this.sorted, this.added, this.ordering.compare);
      this.added = [];
    }
    return this.sorted;
  }
  values(): unknown[] {
    return this.keys().map((key) => this.get(this.ordering.key(key)));
  }
  copy(fuel: Fuel): KeyedMap {
    fuel.fuel -= this.entries.size >> 1;
    const entries = new Map<Key, Entry>();
    for (const [stand, entry] of this.entries) entries.set(stand, new Entry(entry.key, entry.value));
    const result = new KeyedMap(entries, this.ordering);
    result.sorted = this.sorted;
    result.added = this.added.slice();
    return result;
  }
  copyMarking(fuel: Fuel): KeyedMap {
    for (const { value } of this.entries.values()) if (value !== null) (value as Shareable).shared = true;
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
  values(): unknown[];
}

/** The keys, paid for: reading them may sort. */
export function paidKeys(map: AnyMap, fuel: Fuel, span: Span): readonly unknown[] {
  charge(fuel, map.size, span);
  return map.keys();
}
