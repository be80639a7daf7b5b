import type { Random } from '../../base/random.ts';
import { enlarged } from './slot-pool.ts';
import { drawPoint, type Strategy } from './strategy.ts';

/** Ends of a list of slots. */
interface Line {
  head: number;
  tail: number;
}

/**
 * Delay-bounded scheduling (Emmi, Qadeer & Rakamarić, POPL 2011). Messages are delivered in the order in which they were sent,
 * timers go by the clock alone; but at k random steps the message whose turn it is has to wait: as often as not behind all
 * that are pending, else until the clock has gone first. Few delays already reach most of what goes wrong, and a run that
 * they break reads like an orderly one with k things out of place.
 */
export class DelayBoundedStrategy implements Strategy {
  readonly jitters = false;
  size = 0;
  private next = new Int32Array(1024);
  private previous = new Int32Array(1024);
  /** By slot: whether it waits for the clock. */
  private waits = new Int32Array(1024);
  private readonly ready: Line = { head: -1, tail: -1 };
  private readonly waiting: Line = { head: -1, tail: -1 };
  /** Steps of the delays still to come, the next one last. */
  private readonly points: number[];
  private step = 0;

  /** `delays` k, 0 or more. */
  constructor(
    private readonly random: Random,
    delays: number,
  ) {
    this.points = Array.from({ length: delays }, () => drawPoint(random)).sort((a, b) => b - a);
  }

  sent(): void {}

  enable(slot: number): void {
    if (slot >= this.next.length) {
      this.next = enlarged(this.next, slot + 1);
      this.previous = enlarged(this.previous, slot + 1);
      this.waits = enlarged(this.waits, slot + 1);
    }
    this.size += 1;
    this.waits[slot] = 0;
    this.append(this.ready, slot);
  }

  pick(clock: boolean): number {
    this.step += 1;
    while (this.points.length > 0 && (this.points[this.points.length - 1] as number) <= this.step) {
      this.points.pop();
      const slot = this.ready.head;
      if (slot < 0) break;
      this.take(this.ready, slot);
      const long = this.random.nextInt32() < 0;
      this.waits[slot] = long ? 1 : 0;
      this.append(long ? this.waiting : this.ready, slot);
    }
    if (this.ready.head >= 0) return this.ready.head;
    return clock ? -1 : this.waiting.head;
  }

  delivered(slot: number): void {
    this.take(this.waits[slot] === 1 ? this.waiting : this.ready, slot);
    this.size -= 1;
  }

  ticked(): void {
    for (let slot = this.waiting.head; slot >= 0; slot = this.waiting.head) {
      this.take(this.waiting, slot);
      this.waits[slot] = 0;
      this.append(this.ready, slot);
    }
  }

  private append(line: Line, slot: number): void {
    this.next[slot] = -1;
    this.previous[slot] = line.tail;
    if (line.tail < 0) line.head = slot;
    else this.next[line.tail] = slot;
    line.tail = slot;
  }

  private take(line: Line, slot: number): void {
    const before = this.previous[slot] as number;
    const after = this.next[slot] as number;
    if (before < 0) line.head = after;
    else this.next[before] = after;
    if (after < 0) line.tail = before;
    else this.previous[after] = before;
  }
}
