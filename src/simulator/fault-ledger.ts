import type { FaultAction } from '../model/scenario.ts';
import type { Budget, Zone } from '../model/system.ts';

type Action = FaultAction['action'];
type Kind = 'crash' | 'omission' | 'timing' | 'byzantine' | 'outage' | 'partition';
type Limited = Exclude<Budget, { kind: 'loss' | 'duplicate' }>;

/** One node or zone that fails for a while, or a partition. */
interface Entry {
  readonly kind: Kind;
  /** A node; an outage's zone; -1 for a partition. */
  readonly target: number;
  /** ns; the fault is in force from `from` to `to`, both included. Infinity for good. */
  readonly from: number;
  to: number;
  /** The budget that pays for it, -1 for a fault that the scenario writes. */
  readonly budget: number;
}

/**
 * Which faults are in force when: those that the scenario writes, the ones to come too, and those that chaos has drawn.
 * Tells chaos until when a budget has room for one more. A written fault is charged to every budget that could pay for
 * it, so that together with what chaos adds they are within the budgets, whichever of them it is taken to spend.
 */
export class FaultLedger {
  private entries: Entry[] = [];

  constructor(private readonly zones: readonly Zone[]) {}

  /**
   * Notes an action of the scenario beforehand. One whose moment is not known counts from its time on for good, one whose
   * nodes are not known as if it struck all that it may; what such an action takes back counts as still in force.
   */
  write({ action, at, when, choice }: FaultAction): void {
    const takesBack = action.kind === 'recover' || action.kind === 'join' || action.kind === 'heal';
    if (takesBack && (when || choice)) return;
    this.add(when && 'for' in action ? ({ ...action, for: null } as Action) : action, at, -1);
  }

  /** Notes an action that happens at `at`, ns. Written ones are noted beforehand, in order of time. */
  add(action: Action, at: number, budget: number): void {
    const lasts = 'for' in action && action.for !== null ? action.for : Number.POSITIVE_INFINITY;
    const note = (kind: Kind, targets: readonly number[], to: number): void => {
      for (const target of targets) this.entries.push({ kind, target, from: at, to, budget });
    };
    switch (action.kind) {
      case 'crash':
        note('crash', action.nodes, at + lasts + (action.afterSends === undefined ? 0 : (action.within ?? Number.POSITIVE_INFINITY)));
        break;
      case 'leave':
        note('crash', action.nodes, Number.POSITIVE_INFINITY);
        break;
      case 'recover':
      case 'join':
        this.end('crash', at, action.nodes);
        break;
      case 'outage':
        note('outage', [action.zone], at + lasts);
        break;
      case 'slow':
        note('timing', action.nodes, at + lasts);
        break;
      case 'slow_links':
        // Links that chaos slows are those of a node that may be slow; those that a scenario slows are no budget's.
        if (budget >= 0) note('timing', action.from, at + lasts);
        break;
      case 'omit':
        note('omission', action.nodes, at + lasts);
        break;
      case 'byzantine':
        note('byzantine', action.nodes, at + lasts);
        break;
      case 'partition':
      case 'isolate':
      case 'disconnect':
        note('partition', [-1], at + lasts);
        break;
      case 'heal':
        this.end('partition', at, [-1]);
        break;
      case 'lose':
      case 'duplicate':
      case 'reorder':
      case 'delay':
      case 'hold':
      case 'skew':
      case 'drift':
      case 'pause':
      case 'chaos':
      case 'churn':
      case 'churn_links':
        break;
    }
  }

  /**
   * The last moment (ns, Infinity for good) up to which one more fault at `target` from `now` on keeps within the budget;
   * -1 where there is no room even now.
   */
  roomUntil(budget: Limited, index: number, target: number, now: number): number {
    const others = this.entries.filter((entry) => entry.to >= now && this.concerns(entry, budget, index));
    const count = budget.kind === 'partition' ? 1 : budget.count;
    const moments = [now, ...others.filter(({ from }) => from > now).map(({ from }) => from)].sort((a, b) => a - b);
    for (const moment of moments) {
      const failing = new Set<number>();
      for (const entry of others) {
        if (entry.from > moment || entry.to < moment) continue;
        for (const each of this.targetsIn(entry, budget)) failing.add(each);
      }
      // A partition more is one more; a node or zone that fails already is none.
      if (budget.kind !== 'partition') failing.delete(target);
      if (failing.size + 1 > count) return moment === now ? -1 : moment - 1;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Whether a node or zone fails in that way now, for whatever reason. */
  isFailing(kind: Kind, target: number, now: number): boolean {
    return this.entries.some((entry) => entry.kind === kind && entry.target === target && entry.from <= now && entry.to >= now);
  }

  private concerns(entry: Entry, budget: Limited, index: number): boolean {
    return entry.kind === budget.kind && (entry.budget < 0 || entry.budget === index);
  }

  /** Which of a budget's nodes or zones an entry takes: of an outage of a zone that is not among them, those within it. */
  private targetsIn({ kind, target }: Entry, budget: Limited): readonly number[] {
    if (budget.kind === 'partition') return [-1];
    if (budget.kind !== 'outage') return budget.nodes.includes(target) ? [target] : [];
    if (kind !== 'outage' || budget.zones.includes(target)) return [target];
    return budget.zones.filter((zone) => this.isWithin(zone, target));
  }

  private isWithin(zone: number, outer: number): boolean {
    let at = zone;
    while (at >= 0 && at !== outer) at = this.zones[at]?.parent ?? -1;
    return at === outer;
  }

  private end(kind: Kind, at: number, targets: readonly number[]): void {
    for (const entry of this.entries) {
      if (entry.kind === kind && entry.from <= at && entry.to > at && targets.includes(entry.target)) entry.to = at;
    }
  }
}
