/** Relations over 0..size-1 as rows of bits: `has(a, b)` says that `b` comes before `a`. Kept transitively closed. */
export class Precedence {
  private readonly words: number;
  private readonly rows: Int32Array;

  constructor(readonly size: number) {
    this.words = (size + 31) >>> 5;
    this.rows = new Int32Array(this.words * size);
  }

  /** Whether `before` comes before `item`; an item before itself is on a cycle. */
  has(item: number, before: number): boolean {
    return ((this.rows[item * this.words + (before >>> 5)] as number) & (1 << (before & 31))) !== 0;
  }

  /** Puts `before` and all that is before it before `item` and all that is after it. False where that was so already. */
  add(item: number, before: number): boolean {
    if (this.has(item, before)) return false;
    this.inherit(item, before);
    for (let other = 0; other < this.size; other++) if (other !== item && this.has(other, item)) this.inherit(other, before);
    return true;
  }

  /** All that is before an item, ascending. */
  list(item: number): number[] {
    const result: number[] = [];
    for (let word = 0; word < this.words; word++) {
      let bits = this.rows[item * this.words + word] as number;
      while (bits !== 0) {
        const low = bits & -bits;
        result.push(word * 32 + 31 - Math.clz32(low));
        bits ^= low;
      }
    }
    return result;
  }

  private inherit(item: number, before: number): void {
    const to = item * this.words;
    const from = before * this.words;
    for (let word = 0; word < this.words; word++) {
      this.rows[to + word] = (this.rows[to + word] as number) | (this.rows[from + word] as number);
    }
    this.rows[to + (before >>> 5)] = (this.rows[to + (before >>> 5)] as number) | (1 << (before & 31));
  }
}
