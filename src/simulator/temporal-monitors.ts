import { type CompiledProperty, type CompiledResponse, type Instance, type Pending, RuntimeFailure } from '../compiler/program.ts';
import type { Counterexample } from './counterexample.ts';
import type { Kernel } from './kernel.ts';

/** The deployment's instances, its members that are not Byzantine, and those of them that are up. */
export interface Observed {
  readonly instances: readonly (Instance | undefined)[];
  readonly members: readonly number[];
  readonly correct: readonly number[];
}

/** How a property that speaks of time came out. */
export interface TemporalOutcome {
  readonly property: { readonly name: string; readonly span: CompiledProperty['span'] };
  readonly kind: 'eventually' | 'leads_to' | 'always';
  /** `open`: the run ended before its time was up. */
  readonly outcome: 'held' | 'missed' | 'open';
  /** ns: when it broke; when it held first, for an `eventually`. */
  readonly time: number;
  readonly detail: string;
  /** Row of the trace at which it broke, -1 for none: a deadline is no event. */
  readonly event: number;
  /** Whether anything came up that it speaks of: a `leads_to` whose left side never holds is kept by doing nothing. */
  readonly exercised: boolean;
}

interface Break {
  readonly time: number;
  readonly detail: string;
  readonly event: number;
}

/** One binding for which P has held and Q not since. */
interface Obligation {
  /** ns */
  readonly since: number;
  readonly values: readonly unknown[];
  readonly text: () => string;
}

/**
 * `forall x…: P leads_to Q within d`: a response property (Manna and Pnueli's hierarchy; Dwyer et al. 1999). Each binding
 * is judged by itself: from the first moment that P holds and Q does not, Q must come within d. A fault, and the end of
 * one, lets everything that waits begin anew.
 */
export class ResponseMonitor implements Pending {
  private base = -1;
  /** In the order in which they began to wait. */
  private readonly waiting = new Map<number | string, Obligation>();
  private broken: Break | null = null;
  private exercised = false;
  private answered = false;

  constructor(
    readonly property: CompiledResponse,
    private readonly kernel: Kernel,
  ) {}

  /** State whose writes it must hear of now. */
  get reads(): number {
    return this.base < 0 || this.broken ? 0 : this.property.reads;
  }

  rebase(base: number): void {
    this.base = base;
    this.waiting.clear();
    this.broken = null;
    this.exercised = false;
    this.answered = false;
  }

  /** Whether it broke: then nothing that follows matters. `changed` -1 asks all bindings. */
  step(observed: Observed, changed: number): boolean {
    const { property, waiting } = this;
    if (this.base < 0 || this.broken) return false;
    if (waiting.size > 0 && this.isOverdue(this.kernel.now)) return true;
    const { instances, members, correct } = observed;
    try {
      for (const [key, { values }] of waiting) {
        if (changed >= 0 && property.local && !values.includes(changed)) continue;
        if (!property.met(instances, members, correct, values)) continue;
        waiting.delete(key);
        this.answered = true;
      }
      property.scan(instances, members, correct, changed, this);
    } catch (failure) {
      if (!(failure instanceof RuntimeFailure)) throw failure;
      this.broken = { time: this.kernel.now, detail: failure.message, event: this.kernel.recorder?.lastRow ?? -1 };
      return true;
    }
    return false;
  }

  holds(): void {
    this.exercised = true;
  }

  wait(key: number | string, values: readonly unknown[], text: () => string): void {
    if (!this.waiting.has(key)) this.waiting.set(key, { since: this.kernel.now, values, text });
  }

  /** At the end of a run, ns. */
  outcome(end: number): TemporalOutcome {
    const { property, exercised } = this;
    const made = { property, kind: 'leads_to' as const, exercised };
    // What is due at the very end has had its time.
    if (!this.broken && this.base >= 0) this.isOverdue(end + 1);
    if (this.broken) return { ...made, outcome: 'missed', ...this.broken };
    // Where some were answered, those that still wait at the end say nothing against it.
    const open = this.base < 0 || (this.waiting.size > 0 && !this.answered);
    return { ...made, outcome: open ? 'open' : 'held', time: end, detail: '', event: -1 };
  }

  /** Looks at what has waited longest; at `now` (ns) its time must not be over. */
  private isOverdue(now: number): boolean {
    const oldest = this.waiting.values().next().value as Obligation | undefined;
    if (!oldest) return false;
    const { within } = this.property;
    const deadline = within === null ? this.kernel.end : oldest.since + within;
    if (deadline >= now) return false;
    this.broken = { time: deadline, detail: oldest.text(), event: -1 };
    return true;
  }
}

/**
 * `always P after d`: P holds from d after GST or the last fault on. Before that it may break; that it is still broken when
 * its time begins is a violation at that moment, whether or not a step shows it.
 */
export class PersistenceMonitor {
  /** ns from which on it must hold; -1 before GST. */
  private start = -1;
  /** Why it does not hold in the present state, null when it does. */
  private witness: string | null = null;
  private broken: Break | null = null;

  constructor(
    readonly property: CompiledProperty & { readonly after: number },
    private readonly kernel: Kernel,
    private readonly counterexample: Counterexample,
  ) {}

  get reads(): number {
    return this.judging ? this.property.reads : 0;
  }

  /** Whether its state may matter: bases only grow, so that a run which ends before it must hold will never judge it. */
  private get judging(): boolean {
    return this.start >= 0 && this.start <= this.kernel.end && !this.broken;
  }

  rebase(base: number): void {
    this.start = base + this.property.after;
    this.witness = null;
    this.broken = null;
    this.counterexample.forget();
  }

  /** Whether it broke. */
  step({ instances, members, correct }: Observed, changed: number): boolean {
    if (!this.judging) return false;
    const { now } = this.kernel;
    const before = this.witness;
    if (before !== null && now > this.start) {
      this.broken = { time: this.start, detail: before, event: -1 };
      return true;
    }
    if (changed < 0 || before === null || !this.counterexample.stands(changed, instances, correct)) {
      // Only what held before the step may be asked of the acting node alone.
      this.witness = this.property.check(instances, members, correct, before === null ? changed : -1);
      if (this.witness === null) this.counterexample.forget();
      else this.counterexample.remember(this.witness);
    }
    if (this.witness === null || now < this.start) return false;
    this.broken = { time: now, detail: this.witness, event: this.kernel.recorder?.lastRow ?? -1 };
    return true;
  }

  outcome(end: number): TemporalOutcome {
    const { property, start, witness } = this;
    const made = { property, kind: 'always' as const, exercised: true };
    if (start < 0 || start > end) return { ...made, outcome: 'open', time: end, detail: '', event: -1 };
    if (this.broken) return { ...made, outcome: 'missed', ...this.broken };
    if (witness !== null) return { ...made, outcome: 'missed', time: start, detail: witness, event: -1 };
    return { ...made, outcome: 'held', time: end, detail: '', event: -1 };
  }
}
