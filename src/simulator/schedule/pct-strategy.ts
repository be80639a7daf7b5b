import type { Random } from '../../base/random.ts';
import { SlotHeap } from './slot-heap.ts';
import { drawPoint, type Strategy } from './strategy.ts';

/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi & Nagarakatte, ASPLOS 2010), for messages (PCTCP: Ozkan,
 * Majumdar, Niksic, Befrouei & Weissenbacher, OOPSLA 2018). Messages that cause one another form chains: the first that a
 * handler sends goes on with the chain of what it handles, each further one begins a chain. Every chain, and the clock, has a
 * random priority; the highest goes first. At d - 1 random steps the one whose turn it is falls behind all others.
 *
 * A bug that d ordered events bring about is found with probability at least 1 / (c (14 n)^(d-1)) in a run of n steps and c
 * chains, as long as no Δ and no timer forces an order. (With n known in advance it would be 1 / (c n^(d-1)); see `drawPoint`.)
 */
export class PctStrategy implements Strategy {
  readonly jitters = true;
  /** By the negative priority: the highest first. */
  private readonly heap = new SlotHeap();
  private priorities = new Float64Array(1024);
  /** Priority of what is handled now, for the first message that it sends; 0 when it is used up. */
  private inherited = 0;
  private clockPriority: number;
  /** Steps of the points of change still to come, the next one last. */
  private readonly points: number[];
  private step = 0;
  /** What falls behind falls behind all that fell before. */
  private lowest = 1;

  /** `depth` d, 1 or more. */
  constructor(
    private readonly random: Random,
    depth: number,
  ) {
    this.clockPriority = this.fresh();
    this.points = Array.from({ length: depth - 1 }, () => drawPoint(random)).sort((a, b) => b - a);
  }

  get size(): number {
    return this.heap.size;
  }

  sent(slot: number): void {
    if (slot >= this.priorities.length) {
      const priorities = new Float64Array(Math.max(slot + 1, 2 * this.priorities.length));
      priorities.set(this.priorities);
      this.priorities = priorities;
    }
    this.priorities[slot] = this.inherited === 0 ? this.fresh() : this.inherited;
    this.inherited = 0;
  }

  enable(slot: number): void {
    this.heap.add(slot, -(this.priorities[slot] as number));
  }

  pick(clock: boolean): number {
    this.step += 1;
    while (this.points.length > 0 && (this.points[this.points.length - 1] as number) <= this.step) {
      this.points.pop();
      this.lower(this.highest(clock));
    }
    return this.highest(clock);
  }

  delivered(slot: number): void {
    this.heap.remove(slot);
    this.inherited = this.priorities[slot] as number;
  }

  ticked(): void {
    this.inherited = 0;
  }

  private highest(clock: boolean): number {
    return clock && this.clockPriority > -this.heap.firstKey ? -1 : this.heap.first;
  }

  private lower(slot: number): void {
    this.lowest /= 2;
    if (slot < 0) {
      this.clockPriority = this.lowest;
      return;
    }
    this.priorities[slot] = this.lowest;
    this.heap.remove(slot);
    this.heap.add(slot, -this.lowest);
  }

  /** Above all that have fallen behind. */
  private fresh(): number {
    return 1 + this.random.nextFloat();
  }
}
