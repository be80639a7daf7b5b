import { enlarged } from './slot-pool.ts';

/** A binary heap of event slots by a key, smallest first, from which any slot can be removed: O(log n). */
export class SlotHeap {
  size = 0;
  private slots = new Int32Array(256);
  /** By slot: where it lies, plus one; 0 for not in here. */
  private places = new Int32Array(1024);
  private keys = new Float64Array(1024);

  /** Only where there is one. */
  get first(): number {
    return this.slots[0] as number;
  }

  get firstKey(): number {
    return this.keys[this.slots[0] as number] as number;
  }

  has(slot: number): boolean {
    return slot < this.places.length && this.places[slot] !== 0;
  }

  add(slot: number, key: number): void {
    if (this.size === this.slots.length) this.slots = enlarged(this.slots, this.size + 1);
    if (slot >= this.places.length) {
      this.places = enlarged(this.places, slot + 1);
      const keys = new Float64Array(this.places.length);
      keys.set(this.keys);
      this.keys = keys;
    }
    this.keys[slot] = key;
    this.size += 1;
    this.rise(slot, this.size - 1);
  }

  /** `slot` is in here. */
  remove(slot: number): void {
    const at = (this.places[slot] as number) - 1;
    this.places[slot] = 0;
    this.size -= 1;
    if (at === this.size) return;
    const moved = this.slots[this.size] as number;
    this.rise(moved, at);
    this.sink(moved, (this.places[moved] as number) - 1);
  }

  private rise(slot: number, from: number): void {
    const { slots, places, keys } = this;
    const key = keys[slot] as number;
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = slots[above] as number;
      if ((keys[parent] as number) <= key) break;
      slots[at] = parent;
      places[parent] = at + 1;
      at = above;
    }
    slots[at] = slot;
    places[slot] = at + 1;
  }

  private sink(slot: number, from: number): void {
    const { slots, places, keys, size } = this;
    const key = keys[slot] as number;
    let at = from;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= size) break;
      if (below + 1 < size && (keys[slots[below + 1] as number] as number) < (keys[slots[below] as number] as number)) below += 1;
      const child = slots[below] as number;
      if ((keys[child] as number) >= key) break;
      slots[at] = child;
      places[child] = at + 1;
      at = below;
    }
    slots[at] = slot;
    places[slot] = at + 1;
  }
}
