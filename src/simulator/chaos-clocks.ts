import { ln } from '../base/exact-math.ts';
import { Random } from '../base/random.ts';
import type { FaultAction } from '../model/scenario.ts';
import type { Faults } from './faults.ts';
import type { Kernel } from './kernel.ts';

/** Shortest time that a clock runs at another rate, ns. */
const shortest = 1e6;

/**
 * Clocks of nodes that declare a `drift` change their rates under chaos, within 1 ± drift: no more than the system says of
 * them, so that no budget pays for it, but not the one rate that a run draws for each. In half of the runs, at half of the
 * rate of chaos; half of the changes are to one of the bounds. Nothing where no node drifts.
 */
export class ChaosClocks {
  private readonly random: Random;
  private readonly drifting: readonly number[];

  constructor(
    private readonly kernel: Kernel,
    private readonly faults: Faults,
    private readonly cause: FaultAction,
    /** Per second. */
    private readonly rate: number,
    /** ns; by then all clocks run as they were drawn. */
    private readonly until: number,
    seed: number,
    name: string,
  ) {
    this.random = new Random(seed, `clocks of chaos ${name}`);
    this.drifting = kernel.system.nodes.filter(({ index }) => this.driftOf(index) > 0).map(({ index }) => index);
  }

  begin(): void {
    if (this.drifting.length > 0 && this.random.chance(0.5)) this.next();
  }

  private next(): void {
    const mean = 2e9 / this.rate;
    const at = this.kernel.now + Math.max(1, Math.floor(-mean * ln(1 - this.random.nextFloat())));
    if (at >= this.until) return;
    this.kernel.at(at, {
      run: () => {
        this.change(mean);
        this.next();
      },
    });
  }

  private change(mean: number): void {
    const node = this.drifting[this.random.nextInt(this.drifting.length)] as number;
    const drift = this.driftOf(node);
    const rate = this.random.chance(0.5) ? (this.random.chance(0.5) ? drift : -drift) : (2 * this.random.nextFloat() - 1) * drift;
    const drawn = Math.max(shortest, Math.floor(this.random.nextFloat() * 2 * mean));
    const length = Math.max(1, Math.min(drawn, this.until - this.kernel.now));
    this.faults.strike({ kind: 'drift', nodes: [node], rate, for: length }, this.cause, -1);
  }

  private driftOf(node: number): number {
    const { nodes, groups } = this.kernel.system;
    return groups[nodes[node]?.group ?? -1]?.attributes.drift ?? 0;
  }
}
