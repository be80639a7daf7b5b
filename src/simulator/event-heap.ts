/** A 4-ary heap of events by (time, order of insertion): for those that the calendar's buckets do not suit. */
export class EventHeap {
  size = 0;
  private slots = new Int32Array(64);
  private times = new Float64Array(64);
  private orders = new Float64Array(64);
  private inserted = 0;

  /** Time of the first event, ns; only where there is one. */
  get firstTime(): number {
    return this.times[0] as number;
  }

  push(slot: number, time: number): void {
    if (this.size === this.slots.length) this.grow();
    const { slots, times, orders } = this;
    let at = this.size;
    this.size += 1;
    // The newest of equal times comes last, so only a strictly later parent gives way.
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if ((times[parent] as number) <= time) break;
      slots[at] = slots[parent] as number;
      times[at] = times[parent] as number;
      orders[at] = orders[parent] as number;
      at = parent;
    }
    slots[at] = slot;
    times[at] = time;
    orders[at] = this.inserted;
    this.inserted += 1;
  }

  pop(): number {
    const { slots, times, orders } = this;
    const first = slots[0] as number;
    this.size -= 1;
    const { size } = this;
    const slot = slots[size] as number;
    const time = times[size] as number;
    const order = orders[size] as number;
    let at = 0;
    for (;;) {
      let least = 4 * at + 1;
      if (least >= size) break;
      const end = Math.min(least + 4, size);
      for (let child = least + 1; child < end; child += 1) {
        const earlier = times[child] as number;
        const best = times[least] as number;
        if (earlier < best || (earlier === best && (orders[child] as number) < (orders[least] as number))) least = child;
      }
      const leastTime = times[least] as number;
      if (leastTime > time || (leastTime === time && (orders[least] as number) > order)) break;
      slots[at] = slots[least] as number;
      times[at] = leastTime;
      orders[at] = orders[least] as number;
      at = least;
    }
    slots[at] = slot;
    times[at] = time;
    orders[at] = order;
    return first;
  }

  private grow(): void {
    const length = this.slots.length * 2;
    const slots = new Int32Array(length);
    slots.set(this.slots);
    this.slots = slots;
    const times = new Float64Array(length);
    times.set(this.times);
    this.times = times;
    const orders = new Float64Array(length);
    orders.set(this.orders);
    this.orders = orders;
  }
}
