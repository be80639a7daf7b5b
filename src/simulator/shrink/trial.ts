import type { SequentialModel } from '../../history/linearizability.ts';
import { scenarioText } from '../../model/scenario-text.ts';
import type { Scenario } from '../../model/system.ts';
import { Cancelled } from '../limits.ts';
import { type RunOutcome, runWithSample } from '../run-once.ts';
import type { ScenarioSetup } from '../scenario.ts';
import { type Failure, isSame } from './failure.ts';

/** What reducing a run may cost. Runs and events, never time: the result is the same on any machine. */
export interface ShrinkBudget {
  readonly runs: number;
  /** Over all runs. */
  readonly events: number;
}

/** Tries candidates out: whether a scenario still shows the failure, within a budget. */
export class Trial {
  runs = 0;
  private events = 0;
  private readonly known = new Map<string, boolean>();
  /** A candidate that takes so many events has become another run. */
  private readonly eventsOfOne: number;

  constructor(
    private readonly setup: ScenarioSetup,
    private readonly specifications: readonly (SequentialModel | null)[],
    private readonly failure: Failure,
    original: RunOutcome,
    private readonly budget: ShrinkBudget,
    private readonly hasControl: boolean,
    private readonly shouldStop: () => boolean,
  ) {
    this.eventsOfOne = 2 * original.result.steps + 10_000;
  }

  /** Whether nothing more may be tried. */
  get isOver(): boolean {
    return this.runs >= this.budget.runs || this.events >= this.budget.events || this.shouldStop();
  }

  /** The run of a candidate that fails in the same way; null where it does not, or nothing more may be tried. */
  failing(candidate: Scenario): RunOutcome | null {
    const key = scenarioText(candidate, this.setup.system);
    if (this.known.get(key) === false || this.isOver) return null;
    const outcome = this.run(candidate);
    const fails = outcome !== null && isSame(this.failure, this.setup.system, candidate, outcome) && this.isCause(candidate);
    this.known.set(key, fails);
    return fails ? outcome : null;
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
      return outcome;
    } catch (failure) {
      if (failure instanceof Cancelled) return null;
      throw failure;
    }
  }
}
