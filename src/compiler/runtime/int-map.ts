import type { Fuel } from './failure.ts';
import { Held, lend } from './list.ts';
import { PlainMap } from './maps.ts';

/** Empty places that an array may have beyond four for each entry before the entries move into a hash table. */
const SLACK = 32;

/**
 * Map whose keys are integers: sequence numbers, rounds, nodes. Keys that lie close together, as these mostly do, stand in an
 * array from `base` on, `undefined` where there is none; far apart they stand in a hash table. No value is ever `undefined`.
 */
export class IntMap {
  shared: number = Held.alone;
  size = 0;
  private base = 0;
  private items: unknown[] = [];
  /** Nothing stands before this position. */
  private head = 0;
  /** The entries when they are too far apart; `items` is empty then. */
  private sparse: PlainMap | null = null;
  /** The keys ascending, while known; never changed once given away. */
  private order: readonly number[] | null = null;

  get(key: number): unknown {
    const at = key - this.base;
    const { items } = this;
    if (at >= 0 && at < items.length) return items[at];
    return this.sparse === null ? undefined : this.sparse.get(key);
  }

  has(key: number): boolean {
    return this.get(key) !== undefined;
  }

  put(key: number, value: unknown): void {
    const at = key - this.base;
    const { items } = this;
    if (at < 0 || at >= items.length) {
      this.putOutside(key, value);
      return;
    }
    if (items[at] === undefined) {
      this.size++;
      this.order = null;
      if (at < this.head) this.head = at;
    }
    items[at] = value;
  }

  private putOutside(key: number, value: unknown): void {
    this.order = null;
    const { sparse } = this;
    if (sparse !== null) {
      sparse.put(key, value);
      this.size = sparse.size;
      return;
    }
    if (this.size === 0) {
      this.base = key;
      this.items = [value];
      this.head = 0;
      this.size = 1;
      return;
    }
    const { items, head } = this;
    const at = key - this.base;
    const span = at < 0 ? items.length - at : at - head + 1;
    if (span > SLACK + 4 * (this.size + 1)) {
      this.scatter(key, value);
      return;
    }
    this.size++;
    if (at > 0) {
      while (items.length < at) items.push(undefined);
      items.push(value);
      return;
    }
    // Room for as many again, so that keys which come in descending order do not move everything each time.
    const room = Math.max(-at, items.length);
    const front = new Array<unknown>(room).fill(undefined);
    this.items = front.concat(items);
    this.base -= room;
    this.head = room + at;
    this.items[this.head] = value;
  }

  private scatter(key: number, value: unknown): void {
    const entries = new Map<number, unknown>();
    for (const known of this.keys()) entries.set(known, this.get(known));
    entries.set(key, value);
    this.sparse = new PlainMap(entries);
    this.size = entries.size;
    this.items = [];
    this.head = 0;
    this.order = null;
  }

  delete(key: number): void {
    const { sparse } = this;
    if (sparse !== null) {
      sparse.delete(key);
      this.size = sparse.size;
      this.order = null;
      if (this.size === 0) this.sparse = null;
      return;
    }
    const at = key - this.base;
    const { items } = this;
    if (at < 0 || at >= items.length || items[at] === undefined) return;
    items[at] = undefined;
    this.size--;
    this.order = null;
    if (this.size === 0) {
      this.items = [];
      this.head = 0;
      return;
    }
    while (items[items.length - 1] === undefined) items.pop();
    if (at !== this.head) return;
    let { head } = this;
    while (items[head] === undefined) head++;
    this.head = head;
    if (head > SLACK && head > items.length >> 1) {
      this.items = items.slice(head);
      this.base += head;
      this.head = 0;
    }
  }

  keys(): readonly number[] {
    if (this.sparse !== null) return this.sparse.keys() as readonly number[];
    if (this.order === null) {
      const { items, base } = this;
      const keys: number[] = [];
      for (let at = this.head; at < items.length; at++) if (items[at] !== undefined) keys.push(base + at);
      this.order = keys;
    }
    return this.order;
  }

  peek(): readonly number[] {
    return this.sparse !== null ? (this.sparse.peek() as readonly number[]) : this.keys();
  }

  /** Whether the first entries are these (keys and values in turn; the same objects), and with `whole` all there are. */
  startsWith(parts: readonly unknown[], whole: boolean): boolean {
    const { size, items, base } = this;
    if (whole ? 2 * size !== parts.length : 2 * size < parts.length) return false;
    if (this.sparse !== null) {
      const keys = this.peek();
      for (let i = 0; i < parts.length; i += 2) {
        const key = keys[i >> 1] as number;
        if (key !== parts[i] || this.sparse.get(key) !== parts[i + 1]) return false;
      }
      return true;
    }
    let at = this.head;
    for (let i = 0; i < parts.length; i += 2, at++) {
      while (items[at] === undefined) at++;
      if (base + at !== parts[i] || items[at] !== parts[i + 1]) return false;
    }
    return true;
  }

  values(): unknown[] {
    if (this.sparse !== null) return this.sparse.values();
    const { items } = this;
    const values: unknown[] = [];
    for (let at = this.head; at < items.length; at++) if (items[at] !== undefined) values.push(items[at]);
    return values;
  }

  copy(fuel: Fuel): IntMap {
    if (this.shared === Held.shared) fuel.fuel -= this.size >> 2;
    const result = new IntMap();
    result.size = this.size;
    result.base = this.base;
    result.items = this.items.slice();
    result.head = this.head;
    result.sparse = this.sparse === null ? null : this.sparse.copy({ fuel: 0 });
    result.order = this.order;
    return result;
  }

  copyMarking(fuel: Fuel): IntMap {
    for (const value of this.values()) lend(value, this.shared);
    return this.copy(fuel);
  }
}
