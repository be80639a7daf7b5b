import type { FaultAction, Scenario, ScenarioCall, System } from '../../model/system.ts';
import type { RunOutcome } from '../run-once.ts';
import { ddmin } from './ddmin.ts';
import { type Failure, type Manner, momentOf } from './failure.ts';
import { isEnding, rounder, simpler, staysAway } from './simpler.ts';
import type { Trial } from './trial.ts';

/** Rounds over all parts; in practice two are enough. */
const roundsMost = 3;
/** Of the time until the failure, kept behind it as long as parts are taken away. */
const slack = 0.25;
/** Steps of the search for the earliest end where no moment is known. */
const bisections = 8;

/**
 * Makes a failing scenario smaller, part by part, until no part gives way: an earlier end, fewer calls, fewer faults, typical
 * delays, fewer nodes, simpler faults, rounder times. Each step is a run that fails in the same way, with the same seed.
 */
export class Shrinker {
  constructor(
    private readonly system: System,
    private readonly failure: Failure,
    private readonly manner: Manner,
    private readonly trial: Trial,
    private scenario: Scenario,
    private outcome: RunOutcome,
  ) {}

  /** The smallest scenario found, and its run. */
  shrink(onStep: (scenario: Scenario) => void): { readonly scenario: Scenario; readonly outcome: RunOutcome } {
    for (let round = 0; round < roundsMost && !this.trial.isOver; round += 1) {
      const before = this.scenario;
      this.endEarlier(slack);
      // With typical delays what is left out moves nothing else.
      this.typicalDelays();
      onStep(this.scenario);
      this.dropCalls();
      onStep(this.scenario);
      this.dropFaults();
      onStep(this.scenario);
      this.leaveOutNodes();
      this.simplifyFaults();
      onStep(this.scenario);
      if (this.scenario === before) break;
    }
    this.roundTimes();
    this.endEarlier(0);
    return { scenario: this.scenario, outcome: this.outcome };
  }

  /** Takes a candidate over if it fails in the same way. */
  private accept(changes: Partial<Scenario>): boolean {
    const candidate = { ...this.scenario, ...changes };
    const outcome = this.trial.failing(candidate);
    if (!outcome) return false;
    this.scenario = candidate;
    this.outcome = outcome;
    return true;
  }

  /** `share` of the time until the failure is left behind it: with other calls it may come later. */
  private endEarlier(share: number): void {
    if (!this.manner.mayEndEarlier) return;
    const { duration } = this.scenario;
    const moment = momentOf(this.failure, this.outcome);
    if (moment !== null) {
      const exact = Math.floor(moment * (1 + share)) + 1;
      const round = Math.ceil(exact / 1e6) * 1e6;
      if (duration <= round) return;
      for (const end of [round, exact]) if (end < duration && this.endAt(end)) return;
      return;
    }
    let low = 0;
    for (let step = 0; step < bisections; step += 1) {
      const middle = Math.ceil((low + this.scenario.duration) / 2 / 1e6) * 1e6;
      if (middle >= this.scenario.duration) return;
      if (!this.endAt(middle)) low = middle;
    }
  }

  private endAt(end: number): boolean {
    const inTime = <Item extends { readonly at: number }>(items: readonly Item[]): Item[] => items.filter(({ at }) => at < end);
    return this.accept({ duration: end, actions: inTime(this.scenario.actions), calls: inTime(this.scenario.calls) });
  }

  private dropCalls(): void {
    if (this.manner.mayDropCalls) ddmin<ScenarioCall>(this.scenario.calls, (calls) => this.accept({ calls }));
  }

  /**
   * What ends a fault goes with the fault: where less progress is a failure, a node that is never brought back would be one
   * of our making.
   */
  private dropFaults(): void {
    const { actions } = this.scenario;
    const kept = this.manner.hangsOnProgress ? actions.filter(isEnding) : [];
    const rest = actions.filter((action) => !kept.includes(action));
    ddmin<FaultAction>(rest, (some) => this.accept({ actions: actions.filter((each) => kept.includes(each) || some.includes(each)) }));
    if (kept.length > 0 && this.scenario.actions.every(isEnding)) this.accept({ actions: [] });
  }

  private typicalDelays(): void {
    if (this.scenario.delays === 'drawn') this.accept({ delays: 'mean' });
  }

  /**
   * Nodes that stay away from the beginning. To the others they are as if infinitely slow, which safety has to bear unless
   * the system is synchronous.
   */
  private leaveOutNodes(): void {
    if (this.manner.hangsOnProgress || this.system.timing.model === 'synchronous') return;
    const { actions } = this.scenario;
    const already = new Set(actions.filter(staysAway).flatMap(({ action }) => ('nodes' in action ? action.nodes : [])));
    const others = actions.filter((action) => !staysAway(action));
    const members = new Set(this.system.deployments.flatMap((deployment) => deployment.members));
    const candidates = [...members].filter((node) => !already.has(node)).sort((a, b) => b - a);
    const span = this.scenario.span;
    const awayOf = (nodes: readonly number[]): FaultAction[] =>
      nodes.length === 0 ? [] : [{ at: 0, span, action: { kind: 'leave', nodes: nodes.toSorted((a, b) => a - b) } }];
    let away = [...already];
    for (const node of candidates) {
      if (this.accept({ actions: [...awayOf([...away, node]), ...others] })) away = [...away, node];
    }
  }

  private simplifyFaults(): void {
    for (let at = 0; at < this.scenario.actions.length; at += 1) {
      if (staysAway(this.scenario.actions[at] as FaultAction)) continue;
      // Each that is taken over may have a simpler one again.
      while (simpler(this.scenario.actions[at] as FaultAction).some((action) => this.replaceAction(at, action)));
    }
  }

  private roundTimes(): void {
    this.scenario.actions.forEach((_, index) => {
      const current = (): FaultAction => this.scenario.actions[index] as FaultAction;
      rounder(current().at).some((at) => at < this.scenario.duration && this.replaceAction(index, { ...current(), at }));
      const { action } = current();
      if (!('for' in action) || action.for === null) return;
      const { for: length } = action;
      // A fault that outlasts the run may as well last for good.
      const lasting = { ...current(), action: { ...action, for: null } as FaultAction['action'] };
      const outlasts = current().at + length >= this.scenario.duration && action.kind !== 'hold';
      if (outlasts && this.replaceAction(index, lasting)) return;
      [...rounder(length), 1e6].some(
        (other) => other > 0 && this.replaceAction(index, { ...current(), action: { ...action, for: other } as FaultAction['action'] }),
      );
    });
    this.scenario.calls.forEach((_, index) => {
      const current = (): ScenarioCall => this.scenario.calls[index] as ScenarioCall;
      rounder(current().at).some((at) => at < this.scenario.duration && this.replaceCall(index, { ...current(), at }));
      if (current().retries > 0) this.replaceCall(index, { ...current(), retries: 0 });
      if (current().timeout !== null) this.replaceCall(index, { ...current(), timeout: null, retries: 0 });
      const { targets, inTurn } = current();
      if (inTurn) this.replaceCall(index, { ...current(), targets: targets.slice(0, 1), inTurn: false });
    });
  }

  private replaceAction(index: number, action: FaultAction): boolean {
    return this.accept({ actions: this.scenario.actions.with(index, action) });
  }

  private replaceCall(index: number, call: ScenarioCall): boolean {
    return this.accept({ calls: this.scenario.calls.with(index, call) });
  }
}
