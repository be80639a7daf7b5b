import type { SequentialModel } from '../../history/linearizability.ts';
import type { Scenario } from '../../model/scenario.ts';
import { scenarioText } from '../../model/scenario-text.ts';
import { Cancelled } from '../limits.ts';
import { type RunOutcome, runWithSample } from '../run-once.ts';
import type { ScenarioSetup } from '../scenario.ts';
import { type Failure, isSame } from './failure.ts';

/** What reducing a run may cost. Runs and events, never time: the result is the same on any machine. */
export interface ShrinkBudget {
  /** As much as so many runs of the one that is reduced; a shorter one counts as its share of that, a sixteenth at the least. */
  readonly runs: number;
  /** Over all runs. */
  readonly events: number;
}

/** Seeds that a candidate is tried with. */
const seedsMost = 32;
/** What a run costs however short it is, as a share of the original. */
const leastShare = 1 / 16;

/** A scenario and its run. */
export interface Told {
  readonly scenario: Scenario;
  readonly outcome: RunOutcome;
}

/** The seed `step` after one; those at the end of what a seed may be go on below it. */
function neighbour(seed: number, step: number): number {
  return seed + step <= Number.MAX_SAFE_INTEGER ? seed + step : seed - step;
}

/** Tries candidates out: whether a scenario still shows the failure, within a budget. */
export class Trial {
  runs = 0;
  /** In runs as long as the original. */
  spent = 0;
  private events = 0;
  /** Digests of the candidates that do not fail, '' where a run had none. */
  private readonly known = new Map<string, string>();
  /** A candidate that takes so many events has become another run. */
  private readonly eventsOfOne: number;
  private readonly eventsBefore: number;

  constructor(
    private readonly setup: ScenarioSetup,
    private readonly specifications: readonly (SequentialModel | null)[],
    private readonly failure: Failure,
    original: RunOutcome,
    private readonly budget: ShrinkBudget,
    private readonly hasControl: boolean,
    private readonly shouldStop: () => boolean,
  ) {
    this.eventsBefore = Math.max(1, original.result.steps);
    this.eventsOfOne = 2 * original.result.steps + 10_000;
  }

  /** Whether nothing more may be tried. */
  get isOver(): boolean {
    return this.hasSpent(1) || this.shouldStop();
  }

  /** Whether `share` of the budget is spent, so that what comes later has the rest. */
  hasSpent(share: number): boolean {
    return this.spent >= share * this.budget.runs || this.events >= share * this.budget.events;
  }

  /**
   * A candidate that fails in the same way: with its own seed, or with one near the failure's, for whatever is left out moves
   * what is drawn after it. Others are tried until they have cost as much as `work` runs of the original, so the more of them
   * the smaller the candidate. Null where none fails, or `share` of the budget is spent.
   */
  failing(candidate: Scenario, work = 0, share = 1): Told | null {
    const own = candidate.seed ?? 1;
    const near = Array.from({ length: work === 0 ? 0 : seedsMost }, (_, step) => neighbour(this.failure.seed ?? own, step));
    let cost = 0;
    let digest: string | null = null;
    for (const seed of [own, ...near.filter((other) => other !== own)]) {
      const scenario = { ...candidate, seed };
      const key = scenarioText(scenario, this.setup.system);
      const known = this.known.get(key);
      // Where a seed changes nothing, no other does.
      if (known && known === digest) return null;
      digest ??= known ?? null;
      if (known !== undefined) continue;
      if (cost > work || this.isOver || this.hasSpent(share)) return null;
      const before = this.spent;
      const outcome = this.run(scenario);
      cost += seed === own ? 0 : this.spent - before;
      if (outcome && isSame(this.failure, this.setup.system, scenario, outcome) && this.isCause(scenario)) return { scenario, outcome };
      const shown = outcome?.result.digest ?? '';
      this.known.set(key, shown);
      if (shown !== '' && shown === digest) return null;
      digest ??= shown;
    }
    return null;
  }

  /** Whether the same scenario without its faults does not fail: else it shows no more than that too little happens. */
  private isCause(candidate: Scenario): boolean {
    if (!this.hasControl) return true;
    const control = this.run({ ...candidate, actions: [] });
    return control !== null && !isSame(this.failure, this.setup.system, candidate, control);
  }

  private run(scenario: Scenario): RunOutcome | null {
    const { system, programs, limits } = this.setup;
    this.runs += 1;
    const events = Math.min(this.eventsOfOne, limits?.events ?? this.eventsOfOne);
    const options = {
      trace: false,
      logCalls: true,
      limits: { ...limits, events },
      shouldStop: this.shouldStop,
      specifications: this.specifications,
    };
    try {
      const outcome = runWithSample(system, programs, scenario, scenario.seed ?? 1, options);
      this.events += outcome.result.steps;
      this.spent += Math.max(leastShare, outcome.result.steps / this.eventsBefore);
      return outcome;
    } catch (failure) {
      if (failure instanceof Cancelled) return null;
      throw failure;
    }
  }
}
