/** What the event queue is measured against: a 4-ary heap over typed arrays, and one of event objects, as one would write them. */

/** A queue of slots by time; of equal times the one pushed first comes first. */
export interface Queue {
  /** Time of what was popped last. */
  readonly now: number;
  push(slot: number, time: number): void;
  pop(): number;
}

export class TypedHeap implements Queue {
  now = 0;
  private readonly slots: Int32Array;
  private readonly times: Float64Array;
  private readonly orders: Float64Array;
  private size = 0;
  private inserted = 0;

  constructor(capacity: number) {
    this.slots = new Int32Array(capacity);
    this.times = new Float64Array(capacity);
    this.orders = new Float64Array(capacity);
  }

  push(slot: number, time: number): void {
    const { slots, times, orders } = this;
    let at = this.size++;
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
    orders[at] = this.inserted++;
  }

  get waiting(): number {
    return this.size;
  }

  pop(): number {
    const { slots, times, orders } = this;
    const first = slots[0] as number;
    this.now = times[0] as number;
    const size = --this.size;
    const slot = slots[size] as number;
    const time = times[size] as number;
    const order = orders[size] as number;
    let at = 0;
    for (;;) {
      let least = 4 * at + 1;
      if (least >= size) break;
      const end = Math.min(least + 4, size);
      let leastTime = times[least] as number;
      for (let child = least + 1; child < end; child += 1) {
        const childTime = times[child] as number;
        if (childTime < leastTime || (childTime === leastTime && (orders[child] as number) < (orders[least] as number))) {
          least = child;
          leastTime = childTime;
        }
      }
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
}

interface Event {
  readonly slot: number;
  readonly time: number;
  readonly order: number;
}

/** A binary heap of one object an event. */
export class ObjectHeap implements Queue {
  now = 0;
  private readonly heap: Event[] = [];
  private inserted = 0;

  push(slot: number, time: number): void {
    const event: Event = { slot, time, order: this.inserted++ };
    const { heap } = this;
    heap.push(event);
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(event, heap[parent] as Event)) break;
      heap[at] = heap[parent] as Event;
      at = parent;
    }
    heap[at] = event;
  }

  pop(): number {
    const { heap } = this;
    const top = heap[0] as Event;
    const last = heap.pop() as Event;
    const size = heap.length;
    this.now = top.time;
    if (size === 0) return top.slot;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && before(heap[child + 1] as Event, heap[child] as Event)) child += 1;
      if (!before(heap[child] as Event, last)) break;
      heap[at] = heap[child] as Event;
      at = child;
    }
    heap[at] = last;
    return top.slot;
  }
}

function before(a: Event, b: Event): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
