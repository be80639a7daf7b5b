import type { Random } from '../../base/random.ts';
import { SlotHeap } from './slot-heap.ts';
import { SlotPool } from './slot-pool.ts';
import { below, type Strategy } from './strategy.ts';

/** How often a deciding message is held back: at the node that is aimed at, and elsewhere. */
const heldAtAim = 7 / 8;
const heldElsewhere = 1 / 8;
/** Deciding steps that a message is held, and that a node is aimed at, at the most; every order of magnitude alike. */
const holdBits = 7;
const aimBits = 9;

/** What the strategy asks of a message. */
export interface Targets {
  /** Whether its handler decides something: see `decidingMessages`. */
  decides(slot: number): boolean;
  /** Whether it goes to or comes from the node. */
  concerns(slot: number, node: number): boolean;
  readonly nodes: number;
}

/**
 * A random walk that is not fair to what decides: messages whose handlers ask a quorum, change what properties read, or emit
 * an event. They are held back while others of their kind come through, mostly those of one node at a time, so that quorums
 * form without it, are one short for long, and what is held arrives when the others have moved on.
 */
export class TargetedStrategy implements Strategy {
  readonly jitters = true;
  private readonly free = new SlotPool();
  /** By the count of deciding steps at which they are let go. */
  private readonly held = new SlotHeap();
  /** Deciding deliveries and turns of the clock so far. */
  private decided = 0;
  private aim = 0;
  private aimUntil = 0;

  constructor(
    private readonly random: Random,
    private readonly targets: Targets,
  ) {
    this.takeAim();
  }

  get size(): number {
    return this.free.size + this.held.size;
  }

  sent(): void {}

  enable(slot: number): void {
    const { random, targets } = this;
    if (targets.decides(slot) && random.chance(targets.concerns(slot, this.aim) ? heldAtAim : heldElsewhere)) {
      this.held.add(slot, this.decided + this.span(holdBits));
    } else this.free.add(slot);
  }

  pick(clock: boolean): number {
    const { free, held } = this;
    while (held.size > 0 && held.firstKey <= this.decided) this.release();
    // Nothing else to do: half of the time the clock shows what is missing, else the wait is over.
    if (free.size === 0) {
      if (clock && this.random.nextInt32() < 0) return -1;
      this.release();
    }
    const at = below(this.random, clock ? free.size + 1 : free.size);
    return at === free.size ? -1 : free.at(at);
  }

  delivered(slot: number): void {
    if (this.free.has(slot)) this.free.remove(slot);
    else this.held.remove(slot);
    if (this.targets.decides(slot)) this.count();
  }

  ticked(): void {
    this.count();
  }

  private release(): void {
    const slot = this.held.first;
    this.held.remove(slot);
    this.free.add(slot);
  }

  private count(): void {
    this.decided += 1;
    if (this.decided >= this.aimUntil) this.takeAim();
  }

  private takeAim(): void {
    this.aim = below(this.random, this.targets.nodes);
    this.aimUntil = this.decided + this.span(aimBits);
  }

  /** 1 to 2^bits - 1, every order of magnitude alike. */
  private span(bits: number): number {
    const size = 1 << below(this.random, bits);
    return size + below(this.random, size);
  }
}
