import type { Random } from '../base/random.ts';

/**
 * Loss in bursts (Gilbert 1960, Elliott 1963): each directed line is a Markov chain of two states that takes a step a
 * message. In the good state nothing is lost, in the bad one everything. With mean share s and mean burst length L, in
 * messages, it leaves the bad state with probability 1/L and the good one with s / ((1 - s) L), so that the share of time
 * in the bad state is s; it begins there with probability s.
 */
export class BurstLoss {
  /** Whether a line is in its bad state, by line; what has carried nothing yet is not listed. */
  private readonly bad = new Map<number, boolean>();

  constructor(private readonly draws: Random) {}

  /** Whether the next message on the line is lost. `share` is below 1 and at most length / (length + 1), `length` 1 or more. */
  loses(line: number, share: number, length: number): boolean {
    const before = this.bad.get(line);
    let chance = share;
    if (before === true) chance = 1 - 1 / length;
    else if (before === false) chance = share / ((1 - share) * length);
    const now = this.draws.chance(chance);
    this.bad.set(line, now);
    return now;
  }
}
