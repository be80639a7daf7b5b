import { Random } from '../base/random.ts';
import { spanKey } from '../model/span-key.ts';
import type { FaultAction } from '../model/system.ts';
import type { Kernel } from './kernel.ts';

/** Actions whose moment or whose nodes depend on the states of the run. */
export class ChosenMoments {
  private readonly random: Random;

  /** `apply` lets a plain action strike. */
  constructor(
    private readonly kernel: Kernel,
    seed: number,
    private readonly apply: (action: FaultAction) => void,
  ) {
    this.random = new Random(seed, 'choices');
  }

  /** To be called when the action's time has come. */
  begin(action: FaultAction): void {
    const { when } = action;
    if (!when) {
      this.strike(action);
      return;
    }
    const host = this.kernel.hosts[when.deployment];
    const condition = host?.program.conditions.get(spanKey(when.condition.span));
    // The step that makes it hold is over first, and so is its instant: a schedule with the time written is the same run.
    host?.monitor.watch(condition as NonNullable<typeof condition>, () => {
      this.kernel.at(this.kernel.now + Math.max(1, when.after), { run: () => this.strike(action) });
    });
  }

  private strike({ action, choice, span }: FaultAction): void {
    const at = this.kernel.now;
    if (!choice || !('nodes' in action)) {
      this.apply({ at, span, action });
      return;
    }
    const candidates = choice.state ? this.select(choice.state) : action.nodes;
    const nodes = choice.one && candidates.length > 1 ? [candidates[this.random.nextInt(candidates.length)] as number] : candidates;
    // Nobody to strike: nothing happens.
    if (nodes.length > 0) this.apply({ at, span, action: { ...action, nodes } });
  }

  private select({ deployment, nodes }: NonNullable<NonNullable<FaultAction['choice']>['state']>): readonly number[] {
    const host = this.kernel.hosts[deployment];
    const selection = host?.program.selections.get(spanKey(nodes.span));
    return host && selection ? host.monitor.select(selection) : [];
  }
}
