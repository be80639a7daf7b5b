import type { CompiledProperty } from '../compiler/program.ts';
import { Counterexample } from './counterexample.ts';
import type { DeploymentHost } from './deployment-host.ts';
import type { Kernel } from './kernel.ts';
import { Flag } from './node-status.ts';

/** An `eventually` in a run. */
interface Eventuality {
  readonly property: CompiledProperty;
  /** ns, null for the end of the run. */
  readonly within: number | null;
  /** When it held first since `base`, -1 for not yet. */
  heldAt: number;
  readonly counterexample: Counterexample;
}

/** How an `eventually` came out. */
export interface EventualityOutcome {
  readonly property: CompiledProperty;
  /** `open`: the run ended before its time was up. */
  readonly outcome: 'held' | 'missed' | 'open';
  /** ns: when it held first, or the deadline. */
  readonly time: number;
  readonly detail: string;
}

/**
 * Watches a deployment's properties. An invariant is evaluated after each step that wrote what it reads, and until it
 * breaks. An `eventually` must hold at some moment between its base (GST or the last fault, whichever is later) and its
 * deadline; every fault, and every end of one, moves the base and asks it again.
 */
export class PropertyMonitor {
  /** State variables, as in `Instance.dirty`, that some property still to be watched reads. */
  reads = 0;
  /** Members that are not Byzantine. */
  private members: readonly number[] = [];
  /** Those of them that are up. */
  private correct: readonly number[] = [];
  private invariants: CompiledProperty[];
  private readonly eventualities: readonly Eventuality[];
  /** ns; -1 before GST. */
  private base = -1;

  constructor(
    private readonly kernel: Kernel,
    private readonly host: DeploymentHost,
  ) {
    this.invariants = [...host.program.invariants];
    const { system } = kernel;
    const code = system.protocols[host.deployment.protocol]?.eventualities ?? [];
    const nodeOf = new Map(system.nodes.map((node) => [node.name, node.index]));
    this.eventualities = host.program.eventualities.map((property) => {
      const condition = code.find((candidate) => candidate.name === property.name)?.condition ?? null;
      return { property, within: property.within, heldAt: -1, counterexample: new Counterexample(property, condition, nodeOf) };
    });
    this.updateReads();
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
    this.updateReads();
  }

  /** At the end of a run: what has become of each `eventually`. */
  outcomes(): readonly EventualityOutcome[] {
    const { end } = this.kernel;
    return this.eventualities.map(({ property, within, heldAt }): EventualityOutcome => {
      const deadline = within === null ? end : this.base + within;
      if (heldAt >= 0 && heldAt <= deadline) return { property, outcome: 'held', time: heldAt, detail: '' };
      const open = this.base < 0 || deadline > end;
      if (open) return { property, outcome: 'open', time: end, detail: '' };
      const detail = this.explain(property);
      return { property, outcome: 'missed', time: deadline, detail };
    });
  }

  /** ns from which eventualities count; -1 before GST. */
  get countedFrom(): number {
    return this.base;
  }

  private explain(property: CompiledProperty): string {
    return property.check(this.host.instances, this.members, this.correct, -1) ?? '';
  }

  private evaluate(changed: number, dirty: number): void {
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
    const held = this.base >= 0 && this.evaluateEventualities(changed, dirty);
    if (broken || held) this.updateReads();
  }

  /** Whether one of them holds now that did not before. */
  private evaluateEventualities(changed: number, dirty: number): boolean {
    const { instances } = this.host;
    let held = false;
    for (const eventuality of this.eventualities) {
      const { property, counterexample } = eventuality;
      if (eventuality.heldAt >= 0) continue;
      if (changed >= 0 && ((property.reads & dirty) === 0 || counterexample.stands(changed, instances, this.correct))) continue;
      // Not restricted to the acting node: that it holds now may rest on all.
      const witness = property.check(instances, this.members, this.correct, -1);
      if (witness !== null) counterexample.remember(witness);
      else {
        eventuality.heldAt = this.kernel.now;
        held = true;
      }
    }
    return held;
  }

  private updateReads(): void {
    this.reads = 0;
    for (const invariant of this.invariants) this.reads |= invariant.reads;
    for (const { property, heldAt } of this.eventualities) if (heldAt < 0) this.reads |= property.reads;
  }
}
