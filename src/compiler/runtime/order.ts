/** So many additions are put in their places one by one; more are merged in together. */
const FEW = 8;
/** So many additions wait at the most while all that somebody wants to know is what the collection begins with. */
const WAITING = 64;

/** The elements of a set or the keys of a map in the language's order, kept up while single ones come and go. */
export class Order<T> {
  /** Whether somebody goes through the list, who must see it as it was: the next change is made to a copy. */
  private lent = false;
  private added: T[] = [];
  /** So many of the added are known to come behind `bound`. */
  private behind = 0;
  private bound: T | null = null;

  constructor(
    private list: T[],
    private readonly compare: (a: T, b: T) => number,
  ) {}

  /** For whoever holds on to it while the collection changes. */
  items(): readonly T[] {
    const list = this.peek();
    this.lent = true;
    return list;
  }

  /** For a look that is over before the collection changes. */
  peek(): readonly T[] {
    const { added } = this;
    if (added.length > 0) {
      this.own();
      if (added.length > FEW) this.merge();
      else for (const item of added) this.list.splice(this.placeOf(item), 0, item);
      this.added = [];
      this.behind = 0;
    }
    return this.list;
  }

  /** Whether every `stride`th of these, of which there are some, are the first: the same objects. What was added behind them may wait. */
  begins(parts: readonly unknown[], stride: number): boolean {
    if (this.added.length > WAITING) this.peek();
    const { added } = this;
    // One of them may have been removed and added again.
    if (!this.listBegins(parts, stride)) {
      if (added.length === 0) return false;
      this.peek();
      return this.listBegins(parts, stride);
    }
    const bound = parts[parts.length - stride] as T;
    if (bound !== this.bound) {
      this.bound = bound;
      this.behind = 0;
    }
    for (; this.behind < added.length; this.behind++) if (this.compare(added[this.behind] as T, bound) < 0) return false;
    return true;
  }

  private listBegins(parts: readonly unknown[], stride: number): boolean {
    const { list } = this;
    for (let i = 0, at = 0; i < parts.length; i += stride, at++) if (list[at] !== parts[i]) return false;
    return true;
  }

  /** `item` is new. */
  add(item: T): void {
    this.added.push(item);
  }

  /** `item` was there. */
  remove(item: T): void {
    this.peek();
    this.own();
    this.list.splice(this.placeOf(item), 1);
  }

  copy(): Order<T> {
    const copy = new Order<T>(this.items() as T[], this.compare);
    copy.lent = true;
    return copy;
  }

  /** All that was added at once, from the last on: each element moves to its new place once. */
  private merge(): void {
    const { list } = this;
    const added = this.added.sort(this.compare);
    let from = list.length;
    for (const item of added) list.push(item);
    let to = list.length;
    for (let i = added.length - 1; i >= 0; i--) {
      const item = added[i] as T;
      const place = this.placeOf(item, from);
      while (from > place) list[--to] = list[--from] as T;
      list[--to] = item;
    }
  }

  private own(): void {
    if (!this.lent) return;
    this.list = this.list.slice();
    this.lent = false;
  }

  /** The position of the first of `count` elements that is not less. */
  private placeOf(item: T, count = this.list.length): number {
    const { list, compare } = this;
    let low = count;
    if (low > 0 && compare(list[low - 1] as T, item) < 0) return low;
    let from = 0;
    while (from < low) {
      const middle = (from + low) >> 1;
      if (compare(list[middle] as T, item) < 0) from = middle + 1;
      else low = middle;
    }
    return low;
  }
}
