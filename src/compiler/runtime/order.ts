/** So many additions are put in their places one by one; more are sorted in together. */
const FEW = 8;

/** The elements of a set or the keys of a map in the language's order, kept up while single ones come and go. */
export class Order<T> {
  /** Whether somebody goes through the list, who must see it as it was: the next change is made to a copy. */
  private lent = false;
  private added: T[] = [];

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
      if (added.length > FEW) {
        // Sorting finds the run that is in order, so that it is one pass.
        this.list = this.list.concat(added).sort(this.compare);
        this.lent = false;
      } else {
        this.own();
        for (const item of added) this.list.splice(this.placeOf(item), 0, item);
      }
      this.added = [];
    }
    return this.list;
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

  private own(): void {
    if (!this.lent) return;
    this.list = this.list.slice();
    this.lent = false;
  }

  /** The position of the first element that is not less. */
  private placeOf(item: T): number {
    const { list, compare } = this;
    let low = list.length;
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
