import { Random } from '../base/random.ts';
import type { FaultAction } from '../model/scenario.ts';
import type { Kernel } from './kernel.ts';

type Action = FaultAction['action'];

/**
 * Milder forms of what a budget admits, which protocols often bear worse: a partition lets messages through in one direction,
 * or cuts one node from some of the others only (Alfatafta et al., OSDI 2020); a slow node is slow on some of its links (gray
 * failures: Huang et al., HotOS 2017). Each loses or delays no more than the whole would. In half of the runs there are none.
 * Drawn apart from the faults themselves, so that these stay as they are.
 */
export class ChaosLinks {
  private readonly random: Random;
  private readonly cuts: boolean;
  private readonly grays: boolean;

  constructor(
    private readonly kernel: Kernel,
    seed: number,
    name: string,
  ) {
    this.random = new Random(seed, `links ${name}`);
    this.cuts = this.random.chance(0.5);
    this.grays = this.random.chance(0.5);
  }

  /** A partition with `side` on the one side, around `first`; or a cut within it. `length` ns, null for good. */
  cut(side: readonly number[], first: number, length: number | null): Action {
    const whole: Action = { kind: 'partition', sides: [side], for: length };
    const form = this.cuts ? this.random.nextInt(3) : 0;
    if (form === 0) return whole;
    if (form === 1) {
      const inSide = new Set(side);
      const rest = this.kernel.system.nodes.map(({ index }) => index).filter((node) => !inSide.has(node));
      const [from, to] = this.random.chance(0.5) ? [side, rest] : [rest, side];
      return { kind: 'disconnect', from, to, oneWay: true, for: length };
    }
    const to = this.someNeighbors(first);
    return to.length === 0 ? whole : { kind: 'disconnect', from: [first], to, oneWay: false, for: length };
  }

  /** A node that is slow by `factor` for `length` ns; or what it sends on some of its links is. */
  slow(node: number, factor: number, length: number | null): Action {
    const to = this.grays && this.random.chance(0.5) ? this.someNeighbors(node) : [];
    if (to.length === 0) return { kind: 'slow', nodes: [node], factor, for: length };
    return { kind: 'slow_links', from: [node], to, factor, oneWay: true, for: length };
  }

  /** At least one and not all of those at the other ends of a node's links, ascending; none where it has fewer than two. */
  private someNeighbors(node: number): number[] {
    const neighbors = this.kernel.links.neighbors(node);
    if (neighbors.length < 2) return [];
    const count = 1 + this.random.nextInt(neighbors.length - 1);
    return this.random
      .shuffle([...neighbors])
      .slice(0, count)
      .sort((a, b) => a - b);
  }
}
