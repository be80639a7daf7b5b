/** Edges as growing columns of node indices: a hundred bytes of objects an edge would be felt at half a million of them. */
export class EdgeList {
  private capacity: number;
  private fromColumn: Int32Array;
  private toColumn: Int32Array;
  length = 0;

  constructor(capacity = 64) {
    this.capacity = Math.max(1, capacity);
    this.fromColumn = new Int32Array(this.capacity);
    this.toColumn = new Int32Array(this.capacity);
  }

  push(from: number, to: number): void {
    if (this.length === this.capacity) {
      this.capacity *= 2;
      this.fromColumn = grown(this.fromColumn, this.capacity);
      this.toColumn = grown(this.toColumn, this.capacity);
    }
    this.fromColumn[this.length] = from;
    this.toColumn[this.length] = to;
    this.length++;
  }

  from(index: number): number {
    return this.fromColumn[index] as number;
  }

  to(index: number): number {
    return this.toColumn[index] as number;
  }

  set(index: number, from: number, to: number): void {
    this.fromColumn[index] = from;
    this.toColumn[index] = to;
  }

  /** Calls `visit` for each edge in order. */
  forEach(visit: (from: number, to: number) => void): void {
    for (let i = 0; i < this.length; i++) visit(this.fromColumn[i] as number, this.toColumn[i] as number);
  }
}

export function grown(column: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(column);
  return larger;
}

/**
 * A set of ordered node pairs with a number each, by open addressing over typed arrays: about ten times less memory
 * and five times faster than a Map with pair keys.
 */
export class PairTable {
  private mask: number;
  private keys: Float64Array;
  private numbers: Int32Array;
  private used = 0;

  /** `nodes` bounds the indices; `expected` is how many pairs are likely. */
  constructor(
    private readonly nodes: number,
    expected = 64,
  ) {
    let capacity = 64;
    while (capacity < expected * 2) capacity *= 2;
    this.mask = capacity - 1;
    this.keys = new Float64Array(capacity).fill(-1);
    this.numbers = new Int32Array(capacity);
  }

  /** The number of a pair, -1 when absent. */
  get(from: number, to: number): number {
    const slot = this.slot(from * this.nodes + to);
    return this.keys[slot] === -1 ? -1 : (this.numbers[slot] as number);
  }

  set(from: number, to: number, number: number): void {
    const key = from * this.nodes + to;
    const slot = this.slot(key);
    if (this.keys[slot] === -1) {
      this.keys[slot] = key;
      this.used++;
    }
    this.numbers[slot] = number;
    if (this.used * 2 > this.mask) this.grow();
  }

  private slot(key: number): number {
    let at = (Math.imul(key | 0, 0x9e3779b1) ^ Math.imul(Math.floor(key / 0x1_0000_0000), 0x85ebca6b)) >>> 0;
    at = (at ^ (at >>> 15)) & this.mask;
    while (this.keys[at] !== -1 && this.keys[at] !== key) at = (at + 1) & this.mask;
    return at;
  }

  private grow(): void {
    const keys = this.keys;
    const numbers = this.numbers;
    this.mask = this.mask * 2 + 1;
    this.keys = new Float64Array(this.mask + 1).fill(-1);
    this.numbers = new Int32Array(this.mask + 1);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as number;
      if (key === -1) continue;
      const slot = this.slot(key);
      this.keys[slot] = key;
      this.numbers[slot] = numbers[i] as number;
    }
  }
}
