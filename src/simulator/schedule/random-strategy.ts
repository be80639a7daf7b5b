import type { Random } from '../../base/random.ts';
import { SlotPool } from './slot-pool.ts';
import { below, type Strategy } from './strategy.ts';

/** Each of the pending deliveries, and the clock, is as likely as any other to be next: a random walk. */
export class RandomStrategy implements Strategy {
  readonly jitters = true;
  private readonly pool = new SlotPool();

  constructor(private readonly random: Random) {}

  get size(): number {
    return this.pool.size;
  }

  sent(): void {}

  enable(slot: number): void {
    this.pool.add(slot);
  }

  pick(clock: boolean): number {
    const { size } = this.pool;
    const at = below(this.random, clock ? size + 1 : size);
    return at === size ? -1 : this.pool.at(at);
  }

  delivered(slot: number): void {
    this.pool.remove(slot);
  }

  ticked(): void {}
}
