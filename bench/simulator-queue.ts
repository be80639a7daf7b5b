/**
 * The calendar queue against a binary heap over typed arrays in the same process: the classic hold model (pop one, push
 * it again later) with the delays of a message-passing system. Run: `npx esbuild bench/simulator-queue.ts --bundle
 * --platform=node --format=esm --outfile=/tmp/queue.mjs && node /tmp/queue.mjs`.
 */
import { Random } from '../src/base/random.ts';
import { EventQueue } from '../src/simulator/event-queue.ts';
import { Sampler } from '../src/simulator/sampler.ts';

class BinaryHeap {
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
      const parent = (at - 1) >> 1;
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
      let child = 2 * at + 1;
      if (child >= size) break;
      const right = child + 1;
      if (
        right < size &&
        ((times[right] as number) < (times[child] as number) ||
          ((times[right] as number) === (times[child] as number) && (orders[right] as number) < (orders[child] as number)))
      ) {
        child = right;
      }
      const childTime = times[child] as number;
      if (childTime > time || (childTime === time && (orders[child] as number) > order)) break;
      slots[at] = slots[child] as number;
      times[at] = childTime;
      orders[at] = orders[child] as number;
      at = child;
    }
    slots[at] = slot;
    times[at] = time;
    orders[at] = order;
    return first;
  }
}

interface Queue {
  readonly now: number;
  push(slot: number, time: number): void;
  pop(): number;
}

function hold(queue: Queue, pending: number, operations: number, delays: Float64Array): number {
  for (let slot = 0; slot < pending; slot += 1) queue.push(slot, 1 + (delays[slot & 65_535] as number));
  const begin = process.hrtime.bigint();
  for (let operation = 0; operation < operations; operation += 1) {
    const slot = queue.pop();
    queue.push(slot, queue.now + (delays[operation & 65_535] as number));
  }
  return Number(process.hrtime.bigint() - begin) / operations;
}

const random = new Random(1, 'bench');
const mixes: Record<string, (at: number) => number> = {
  'normal 2 ms': () => new Sampler({ kind: 'normal', mean: 2e6, sd: 5e5 }).drawTime(random),
  'lognormal 80 ms': () => new Sampler({ kind: 'lognormal', median: 8e7, sigma: 0.2 }).drawTime(random),
  'constant 1 ms': () => 1_000_000,
  'mixed with timers': (at) => (at % 10 === 0 ? 1e9 + random.nextInt(1_000_000) : 1e6 + random.nextInt(500_000)),
};
for (const [name, draw] of Object.entries(mixes)) {
  const delays = Float64Array.from({ length: 65_536 }, (_, at) => draw(at));
  for (const pending of [100, 1000, 10_000, 100_000]) {
    const best = { calendar: Number.POSITIVE_INFINITY, heap: Number.POSITIVE_INFINITY };
    for (let round = 0; round < 3; round += 1) {
      best.calendar = Math.min(best.calendar, hold(new EventQueue(), pending, 1_000_000, delays));
      best.heap = Math.min(best.heap, hold(new BinaryHeap(pending + 1), pending, 1_000_000, delays));
    }
    console.log(
      `${name.padEnd(20)} ${String(pending).padStart(7)} pending  calendar ${best.calendar.toFixed(0).padStart(4)} ns  ` +
        `heap ${best.heap.toFixed(0).padStart(4)} ns  ×${(best.heap / best.calendar).toFixed(2)}`,
    );
  }
}
