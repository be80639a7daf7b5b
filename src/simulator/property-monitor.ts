import type { Span } from '../base/source.ts';
import type { CompiledProperty, CompiledSelection } from '../compiler/program.ts';
import type { Property } from '../model/code.ts';
import { Counterexample } from './counterexample.ts';
import type { DeploymentHost } from './deployment-host.ts';
import type { Kernel } from './kernel.ts';
import { Flag } from './node-status.ts';
import { PersistenceMonitor, ResponseMonitor, type TemporalOutcome } from './temporal-monitors.ts';

/** An `eventually` in a run. */
interface Eventuality {
  readonly property: CompiledProperty;
  /** ns, null for the end of the run. */
  readonly within: number | null;
  /** When it held first since `base`, -1 for not yet. */
  heldAt: number;
  readonly counterexample: Counterexample;
}

/**
 * Watches a deployment's properties. An invariant is evaluated after each step that wrote what it reads, and until it
 * breaks. An `eventually` must hold at some moment between its base (GST or the last fault, whichever is later) and its
 * deadline; every fault, and every end of one, moves the base and asks it again. The same base counts for `leads_to` and `always`.
 */
export class PropertyMonitor {
  /** State variables, as in `Instance.dirty`, that some property still to be watched reads. */
  reads = 0;
  /** Members that are not Byzantine. */
  private members: readonly number[] = [];
  /** Those of them that are up. */
  private correct: readonly number[] = [];
  private watches: readonly { readonly condition: CompiledProperty; readonly held: () => void }[] = [];
  private invariants: CompiledProperty[];
  private readonly eventualities: readonly Eventuality[];
  private readonly temporal: readonly (ResponseMonitor | PersistenceMonitor)[];
  /** ns; -1 before GST. */
  private base = -1;

  constructor(
    private readonly kernel: Kernel,
    private readonly host: DeploymentHost,
  ) {
    this.invariants = [...host.program.invariants];
    const { system } = kernel;
    const code = system.protocols[host.deployment.protocol];
    const nodeOf = new Map(system.nodes.map((node) => [node.name, node.index]));
    const counterexample = (property: CompiledProperty, written: readonly Property[] | undefined): Counterexample => {
      const condition = written?.find((candidate) => candidate.name === property.name)?.condition ?? null;
      return new Counterexample(property, condition, nodeOf);
    };
    this.eventualities = host.program.eventualities.map((property) => {
      return { property, within: property.within, heldAt: -1, counterexample: counterexample(property, code?.eventualities) };
    });
    this.temporal = [
      ...host.program.responses.map((property) => new ResponseMonitor(property, kernel)),
      ...host.program.persistences.map(
        (property) => new PersistenceMonitor(property, kernel, counterexample(property, code?.persistences)),
      ),
    ];
    this.updateReads();
  }

  /** Asks a condition now and after each step that writes what it reads, until it holds; then, once, `held` is called. */
  watch(condition: CompiledProperty, held: () => void): void {
    this.watches = [...this.watches, { condition, held }];
    this.updateReads();
    this.evaluateWatches(-1, -1);
  }

  /** Where the conditions stand that have not held yet. */
  get awaited(): readonly Span[] {
    return this.watches.map(({ condition }) => condition.span);
  }

  /** The nodes that an expression over the states gives now, ascending. */
  select(selection: CompiledSelection): readonly number[] {
    return selection(this.host.instances, this.members, this.correct);
  }

  /** The state variables of the protocol that is used at this place which some property reads. */
  readsUsed(use: number): number {
    const { invariants, eventualities, responses, persistences, conditions } = this.host.program;
    const all = [...invariants, ...eventualities, ...responses, ...persistences, ...conditions.values()];
    return all.reduce((mask, { readsUsed }) => mask | (readsUsed?.[use] ?? 0), 0);
  }

  /** After a step of `changed` that wrote the variables in `dirty`. */
  check(changed: number, dirty: number): void {
    if (this.kernel.status.has(changed, Flag.byzantine)) return;
    this.evaluate(changed, dirty);
  }

  /** After a node went down, came up or turned Byzantine: who counts has changed, so everything is asked again. */
  statusChanged(): void {
    const { status } = this.kernel;
    this.members = this.host.members.filter((node) => !status.has(node, Flag.byzantine));
    this.correct = this.members.filter((node) => !status.isDown(node));
    for (const { counterexample } of this.eventualities) counterexample.forget();
  }

  /** Asks every property anew, whatever was written. */
  checkAll(): void {
    this.evaluate(-1, -1);
  }

  /** A fault began or ended, or GST has come: from now on the eventualities' time counts. */
  rebase(): void {
    const { now, gst } = this.kernel;
    if (now < gst) return;
    this.base = now;
    for (const eventuality of this.eventualities) eventuality.heldAt = -1;
    for (const monitor of this.temporal) monitor.rebase(now);
    this.updateReads();
  }

  /** At the end of a run: what has become of each property that speaks of time. */
  outcomes(): readonly TemporalOutcome[] {
    const { end } = this.kernel;
    const eventualities = this.eventualities.map(({ property, within, heldAt }): TemporalOutcome => {
      const deadline = within === null ? end : this.base + within;
      const made = { property, kind: 'eventually' as const, detail: '', event: -1, exercised: true };
      if (heldAt >= 0 && heldAt <= deadline) return { ...made, outcome: 'held', time: heldAt };
      const open = this.base < 0 || deadline > end;
      return open
        ? { ...made, outcome: 'open', time: end }
        : { ...made, outcome: 'missed', time: deadline, detail: this.explain(property) };
    });
    return [...eventualities, ...this.temporal.map((monitor) => monitor.outcome(end))];
  }

  /** ns from which eventualities count; -1 before GST. */
  get countedFrom(): number {
    return this.base;
  }

  private explain(property: CompiledProperty): string {
    return property.check(this.host.instances, this.members, this.correct, -1) ?? '';
  }

  private evaluateWatches(changed: number, dirty: number): void {
    for (const watch of this.watches) {
      if (changed >= 0 && (watch.condition.reads & dirty) === 0) continue;
      if (watch.condition.check(this.host.instances, this.members, this.correct, -1) !== null) continue;
      this.watches = this.watches.filter((each) => each !== watch);
      this.updateReads();
      watch.held();
    }
  }

  private evaluate(changed: number, dirty: number): void {
    if (this.watches.length > 0) this.evaluateWatches(changed, dirty);
    const { instances } = this.host;
    let broken = false;
    for (const invariant of this.invariants) {
      if (changed >= 0 && (invariant.reads & dirty) === 0) continue;
      const witness = invariant.check(instances, this.members, this.correct, changed);
      if (witness === null) continue;
      broken = true;
      this.kernel.violations.invariant(this.host, invariant, witness);
    }
    // Once broken it stays broken: the first moment is what matters.
    if (broken) this.invariants = this.invariants.filter((invariant) => !this.kernel.violations.isBroken(this.host, invariant));
    const decided = this.base >= 0 && this.evaluateTemporal(changed, dirty);
    if (broken || decided) this.updateReads();
  }

  /** Whether one of them has come out: an `eventually` that holds, another that is broken. */
  private evaluateTemporal(changed: number, dirty: number): boolean {
    const { instances } = this.host;
    let decided = false;
    if (this.temporal.length > 0) {
      const observed = { instances, members: this.members, correct: this.correct };
      for (const monitor of this.temporal) {
        if (changed >= 0 && (monitor.property.reads & dirty) === 0) continue;
        if (monitor.step(observed, changed)) decided = true;
      }
    }
    for (const eventuality of this.eventualities) {
      const { property, counterexample } = eventuality;
      if (eventuality.heldAt >= 0) continue;
      if (changed >= 0 && ((property.reads & dirty) === 0 || counterexample.stands(changed, instances, this.correct))) continue;
      // Not restricted to the acting node: that it holds now may rest on all.
      const witness = property.check(instances, this.members, this.correct, -1);
      if (witness !== null) counterexample.remember(witness);
      else {
        eventuality.heldAt = this.kernel.now;
        decided = true;
      }
    }
    return decided;
  }

  private updateReads(): void {
    this.reads = 0;
    for (const invariant of this.invariants) this.reads |= invariant.reads;
    for (const { property, heldAt } of this.eventualities) if (heldAt < 0) this.reads |= property.reads;
    for (const monitor of this.temporal) this.reads |= monitor.reads;
    for (const { condition } of this.watches) this.reads |= condition.reads;
  }
}
