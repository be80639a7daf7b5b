import { Random } from '../base/random.ts';
import type { FaultAction, When } from '../model/scenario.ts';
import { spanKey } from '../model/span-key.ts';
import type { Task } from './event-store.ts';
import type { Kernel } from './kernel.ts';

/** Runs a task once, when what it waits for from now on has come true. */
export function awaitMoment(kernel: Kernel, { deployment, condition, after }: When, task: Task): void {
  const host = kernel.hosts[deployment];
  const compiled = host?.program.conditions.get(spanKey(condition.span));
  if (!host || !compiled) throw new Error('a condition that was not compiled');
  // The step that makes it hold is over first, and so is its instant: a schedule with the time written is the same run.
  host.monitor.watch(compiled, () => kernel.at(kernel.now + Math.max(1, after), task));
}

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
    awaitMoment(this.kernel, when, { run: () => this.strike(action) });
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
