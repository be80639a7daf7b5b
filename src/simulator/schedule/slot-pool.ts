/** A set of event slots from which any can be taken at random: adding and removing take constant time. */
export class SlotPool {
  size = 0;
  private slots = new Int32Array(256);
  /** By slot: where it lies, plus one; 0 for not in here. */
  private places = new Int32Array(1024);

  at(index: number): number {
    return this.slots[index] as number;
  }

  has(slot: number): boolean {
    return slot < this.places.length && this.places[slot] !== 0;
  }

  add(slot: number): void {
    if (this.size === this.slots.length) this.slots = enlarged(this.slots, this.size + 1);
    if (slot >= this.places.length) this.places = enlarged(this.places, slot + 1);
    this.slots[this.size] = slot;
    this.size += 1;
    this.places[slot] = this.size;
  }

  /** `slot` is in here; the last one takes its place. */
  remove(slot: number): void {
    const place = this.places[slot] as number;
    const last = this.slots[this.size - 1] as number;
    this.slots[place - 1] = last;
    this.places[last] = place;
    this.places[slot] = 0;
    this.size -= 1;
  }
}

/** A copy with room for at least `length` numbers; it grows by doubling. */
export function enlarged(from: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(Math.max(length, 2 * from.length));
  to.set(from);
  return to;
}
