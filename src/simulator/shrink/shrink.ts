import { counted } from '../../base/units.ts';
import type { Expectation, Scenario } from '../../model/scenario.ts';
import { scenarioText } from '../../model/scenario-text.ts';
import type { System } from '../../model/system.ts';
import { Cancelled } from '../limits.ts';
import { type RunOutcome, runWithSample } from '../run-once.ts';
import type { ScenarioSetup } from '../scenario.ts';
import { specificationsFor } from '../specifications.ts';
import { type Failure, isSame, mannerOf, whyNot } from './failure.ts';
import type { RunSize, ShrinkReport } from './report.ts';
import { Shrinker } from './shrinker.ts';
import { isEnding, staysAway } from './simpler.ts';
import { type ShrinkBudget, Trial } from './trial.ts';

export interface ShrinkHooks {
  readonly shouldStop?: () => boolean;
  /** In words: `12 faults → 3, 240 requests → 4`. */
  readonly onProgress?: (text: string) => void;
}

/** A run reduced and what of the budget's runs that took, or why it is not. */
export type Shrunk = { readonly report: Omit<ShrinkReport, 'finding'>; readonly spent: number } | { readonly why: string };

/**
 * Reduces the run of `failure.seed` to a small one that fails in the same way, and writes it as a scenario. First the run is
 * told as it went: what chaos drew as fault actions, what the workloads drew as calls. Then parts of that are taken away as
 * long as the failure stays, if not with the same seed then with one near it. Of what hangs on progress (an `eventually` that is missed, a count that is too low) a candidate
 * counts only where its faults are the cause: without them it must not fail, if the whole run does not either. `taken`: names
 * that the scenario may not have besides those of the system's own.
 */
export function shrink(
  setup: ScenarioSetup,
  failure: Failure,
  budget: ShrinkBudget,
  hooks: ShrinkHooks = {},
  taken: readonly string[] = [],
): Shrunk {
  const { system, scenario } = setup;
  const why = whyNot(failure, scenario);
  if (why !== null || failure.seed === null) return { why: why ?? '' };
  const shouldStop = hooks.shouldStop ?? (() => false);
  const specifications = specificationsFor(system, scenario);
  const base: Scenario = { ...scenario, vary: null, seeds: 1, seed: failure.seed, expectations: keptExpectations(scenario, failure) };
  const rerun = (of: Scenario): RunOutcome =>
    runWithSample(system, setup.programs, of, failure.seed as number, {
      trace: false,
      logCalls: true,
      limits: setup.limits,
      shouldStop,
      specifications,
    });
  try {
    const original = rerun(base);
    if (!isSame(failure, system, base, original)) return { why: 'nothing was measured or called that could be less' };
    const manner = mannerOf(failure, scenario);
    const hasControl = manner.hangsOnProgress && !isSame(failure, system, base, rerun({ ...base, actions: [] }));
    const trial = new Trial(setup, specifications, failure, original, budget, hasControl, shouldStop);
    // Where not even faults are needed, fewer calls would only show that without calls nothing happens. A property whose time
    // is not up when the run ends is open, not missed, so that an earlier end shows nothing new.
    const ways =
      hasControl || !manner.hangsOnProgress ? manner : { ...manner, mayDropCalls: false, mayEndEarlier: failure.kind === 'property' };
    const told = tell(base, original, trial, ways.mayDropCalls);
    const before = sizeOf(system, base, original);
    const shrinker = new Shrinker(system, failure, ways, trial, told.scenario, told.outcome);
    const { scenario: smallest, outcome, isCutShort } = shrinker.shrink((now) => hooks.onProgress?.(progressOf(before, now)));
    const name = nameFor([...taken, ...system.scenarios.map((each) => each.name)], `${scenario.name}_Seed${failure.seed}`);
    const named: Scenario = { ...smallest, name, vary: scenario.vary && variantOf(setup, scenario.vary) };
    return {
      spent: trial.spent,
      report: {
        failure: titleOf(failure, scenario),
        name,
        text: scenarioText(named, system),
        seed: smallest.seed ?? failure.seed,
        digest: outcome.result.digest,
        before,
        after: sizeOf(system, smallest, outcome),
        runs: trial.runs,
        isCutShort,
      },
    };
  } catch (stopped) {
    if (stopped instanceof Cancelled) return { why: 'it was cancelled' };
    throw stopped;
  }
}

/** The scenario as the run went, as far as such a scenario fails too. */
function tell(
  base: Scenario,
  original: RunOutcome,
  trial: Trial,
  withCalls: boolean,
): { readonly scenario: Scenario; readonly outcome: RunOutcome } {
  const actions = original.applied;
  const calls = original.calls;
  const candidates: Scenario[] = [
    // Where all calls must stay the workloads say them best.
    ...(withCalls ? [{ ...base, actions, calls, workloads: false }] : []),
    { ...base, actions },
  ];
  for (const scenario of candidates) {
    const found = trial.failing(scenario);
    if (found) return found;
  }
  return { scenario: base, outcome: original };
}

/** The expectation that fails, if it is one, in the first place. Violations that were expected before would be news without it. */
function keptExpectations({ expectations }: Scenario, failure: Failure): Expectation[] {
  const failed = failure.kind === 'expectation' ? expectations[failure.index] : undefined;
  if (failed) return [failed];
  return expectations.filter(
    ({ expect }) =>
      failure.kind === 'property' &&
      expect.kind === 'violated' &&
      expect.property === failure.violation.property &&
      expect.deployment === failure.violation.deployment,
  );
}

function variantOf({ system }: ScenarioSetup, vary: NonNullable<Scenario['vary']>): Scenario['vary'] {
  const value = system.constants.find(({ name }) => name === vary.name)?.value;
  return value === undefined ? null : { ...vary, values: [value] };
}

function titleOf(failure: Failure, scenario: Scenario): string {
  if (failure.kind === 'error') return failure.error.message;
  if (failure.kind === 'property') return failure.violation.property;
  return scenario.expectations[failure.index]?.text ?? '';
}

/** The name, with a number behind it where it is taken. */
function nameFor(taken: readonly string[], wanted: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}_${number}`;
    if (!taken.includes(name)) return name;
  }
}

function sizeOf(system: System, scenario: Scenario, { result, applied, calls }: RunOutcome): RunSize {
  const away = new Set(applied.filter(staysAway).flatMap(({ action }) => ('nodes' in action ? action.nodes : [])));
  const busy = new Set([
    ...system.deployments.flatMap(({ members }) => members),
    ...calls.flatMap(({ clients }) => clients),
    ...(scenario.workloads ? system.workloads.flatMap(({ clients }) => clients) : []),
  ]);
  return {
    faults: applied.filter((action) => !isEnding(action) && !staysAway(action)).length,
    requests: calls.length,
    nodes: [...busy].filter((node) => !away.has(node)).length,
    events: result.steps,
    end: result.end,
  };
}

function progressOf(before: RunSize, { actions, calls, workloads }: Scenario): string {
  const requests = workloads ? before.requests : calls.length;
  return `${counted(before.faults, 'fault')} → ${actions.filter((action) => !isEnding(action)).length}, ${counted(before.requests, 'request')} → ${requests}`;
}
