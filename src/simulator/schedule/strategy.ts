import { exp, ln } from '../../base/exact-math.ts';
import type { Random } from '../../base/random.ts';

/**
 * Which pending delivery is next. A strategy holds the slots of the messages that may be delivered now; besides them there is
 * the clock, that is the earliest of all timers, faults and clients' calls, which it may let go first.
 */
export interface Strategy {
  /** Messages that may be delivered. */
  readonly size: number;
  /** Whether the time that a delivery takes is random. */
  readonly jitters: boolean;
  /** The handler that is running has sent a message; `enable` comes now, or when its FIFO line lets it. */
  sent(slot: number): void;
  enable(slot: number): void;
  /** The next one: a slot, or -1 for the clock, which counts only where `clock` says so. Only where `size` > 0. */
  pick(clock: boolean): number;
  /** A message that was enabled is delivered now, whether it was picked or had to be. */
  delivered(slot: number): void;
  /** The clock goes first, whether it was picked or had to be. */
  ticked(): void;
}

/** Uniform in 0..bound-1 but for a bias of bound / 2^32, which no search notices. */
export function below(random: Random, bound: number): number {
  return Math.floor((random.nextUint32() * bound) / 4_294_967_296);
}

/** Steps up to which a run's points of change are drawn. */
export const pointsMax = 1_048_576;
const logOfMax = ln(pointsMax);

/**
 * A step between 1 and 2^20, each k with probability ln((k+1)/k) / ln 2^20, about 1 / 14k: how long a run is need not be
 * known, and a point within its first n steps is as likely as a uniform one but for a factor of 14.
 */
export function drawPoint(random: Random): number {
  return Math.floor(exp(random.nextFloat() * logOfMax));
}
