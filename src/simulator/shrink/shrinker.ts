import type { FaultAction, Scenario, ScenarioCall } from '../../model/scenario.ts';
import type { System } from '../../model/system.ts';
import type { RunOutcome } from '../run-once.ts';
import { ddmin } from './ddmin.ts';
import { type Failure, type Manner, momentOf } from './failure.ts';
import { isEnding, rounder, simpler, staysAway } from './simpler.ts';
import type { Told, Trial } from './trial.ts';

/** Rounds over all parts in a stage; in practice two are enough. */
const roundsMost = 3;

/**
 * How much may be spent on other seeds where a candidate's own does not show the failure, in runs of the original, until
 * `share` of the budget is spent.
 */
interface Stage {
  readonly work: number;
  readonly share: number;
}

/** First what the same draws show, then what others do; what makes the result rounder has a part of its own. */
const stages: readonly Stage[] = [
  { work: 0, share: 0.3 },
  { work: 1, share: 0.65 },
  { work: 3, share: 0.85 },
];
const lastStage: Stage = { work: 0, share: 1 };
/** Of the time until the failure, kept behind it as long as parts are taken away. */
const slack = 0.25;
/** Pauses that are tried without. */
const gapsMost = 16;
const halvingsMost = 8;
/** Steps of the search for the earliest end where no moment is known. */
const bisections = 8;

/**
 * Makes a failing scenario smaller, part by part, until no part gives way: an earlier end, fewer calls, fewer faults, typical
 * delays, fewer nodes, simpler faults, rounder times. Each step is a run that fails in the same way, with the same seed.
 */
export class Shrinker {
  private stage: Stage = lastStage;

  constructor(
    private readonly system: System,
    private readonly failure: Failure,
    private readonly manner: Manner,
    private readonly trial: Trial,
    private scenario: Scenario,
    private outcome: RunOutcome,
  ) {}

  /** The smallest scenario found, its run, and whether the budget ended before there was nothing left to try. */
  shrink(onStep: (scenario: Scenario) => void): Told & { readonly isCutShort: boolean } {
    for (const stage of stages) {
      this.stage = stage;
      for (let round = 0; round < roundsMost && !this.trial.hasSpent(stage.share); round += 1) {
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
    }
    const isCutShort = this.trial.hasSpent(this.stage.share);
    this.stage = lastStage;
    this.endEarlier(0);
    this.closeGaps();
    this.shortenFaults();
    this.roundTimes();
    this.endEarlier(0);
    return { scenario: this.scenario, outcome: this.outcome, isCutShort: isCutShort || this.trial.isOver };
  }

  /** Takes a candidate over if it fails in the same way. */
  private accept(changes: Partial<Scenario>, work = this.stage.work): boolean {
    const found = this.trial.failing({ ...this.scenario, ...changes }, work, this.stage.share);
    if (!found) return false;
    this.scenario = found.scenario;
    this.outcome = found.outcome;
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
    if (!this.manner.mayDropCalls) return;
    const { calls } = this.scenario;
    this.least<ScenarioCall>(calls, (some, work) => this.accept({ calls: some }, work));
  }

  /**
   * What ends a fault goes with the fault: where less progress is a failure, a node that is never brought back would be one
   * of our making.
   */
  private dropFaults(): void {
    const { actions } = this.scenario;
    const kept = this.manner.hangsOnProgress ? actions.filter(isEnding) : [];
    const rest = actions.filter((action) => !kept.includes(action));
    const chosen = (some: readonly FaultAction[]): FaultAction[] => actions.filter((each) => kept.includes(each) || some.includes(each));
    this.least<FaultAction>(rest, (some, work) => this.accept({ actions: chosen(some) }, work));
    if (kept.length > 0 && this.scenario.actions.every(isEnding)) this.accept({ actions: [] });
  }

  /**
   * As few of the items as fail. What fails comes of the last ones more often than of others: the shortest tail that does, of
   * lengths that double, is what delta debugging begins with. Short ones are worth other seeds from the first.
   */
  private least<Item>(items: readonly Item[], fails: (kept: readonly Item[], work?: number) => boolean): void {
    let kept = items;
    for (let length = 1; length < items.length; length *= 2) {
      const tail = items.slice(-length);
      if (!fails(tail, 2 * length < items.length ? Math.max(1, this.stage.work) : this.stage.work)) continue;
      kept = tail;
      break;
    }
    ddmin(kept, (some) => fails(some));
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

  /** What comes after a pause comes earlier, all of it by the same time. */
  private closeGaps(): void {
    if (!this.manner.mayEndEarlier || this.scenario.workloads) return;
    const { actions, calls } = this.scenario;
    const times = [...new Set([0, ...actions.map(({ at }) => at), ...calls.map(({ at }) => at)])].sort((a, b) => a - b);
    for (let index = 1, gone = 0; index < Math.min(times.length, gapsMost); index += 1) {
      const from = (times[index] as number) - gone;
      const gap = (times[index] as number) - (times[index - 1] as number);
      for (const share of [1, 0.5, 0.25]) {
        const by = Math.floor((gap * share) / 1e6) * 1e6;
        if (by === 0 || !this.earlier(from, by)) continue;
        gone += by;
        break;
      }
    }
  }

  private earlier(from: number, by: number): boolean {
    const moved = <Item extends { readonly at: number }>(items: readonly Item[]): Item[] =>
      items.map((item) => (item.at >= from ? { ...item, at: item.at - by } : item));
    const { actions, calls, duration } = this.scenario;
    return this.accept({ actions: moved(actions), calls: moved(calls), duration: duration - by });
  }

  private shortenFaults(): void {
    for (const index of this.scenario.actions.keys()) {
      for (let step = 0; step < halvingsMost; step += 1) {
        const timed = this.scenario.actions[index] as FaultAction;
        const { action } = timed;
        if (!('for' in action) || action.for === null || action.for < 2e6) break;
        const half = { ...action, for: Math.ceil(action.for / 2 / 1e6) * 1e6 } as FaultAction['action'];
        if (!this.replaceAction(index, { ...timed, action: half })) break;
      }
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
