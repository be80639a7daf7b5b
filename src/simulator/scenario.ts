import type { Program } from '../compiler/program.ts';
import type { SequentialModel } from '../history/linearizability.ts';
import type { Scenario } from '../model/scenario.ts';
import type { System } from '../model/system.ts';
import { addCoverage, type CoverageData } from './coverage.ts';
import { CoverageRecorder } from './coverage-recorder.ts';
import { coverageReport } from './coverage-report.ts';
import { spansRuns } from './expectations.ts';
import { findingsOf } from './findings.ts';
import { Cancelled, type SimulatorLimits } from './limits.ts';
import { type LostSeed, lostFindings, lostSeedsMost } from './lost-seeds.ts';
import type { Sample } from './metrics.ts';
import type { RunResult, ScenarioResult } from './result.ts';
import { type RunOutcome, runWithSample } from './run-once.ts';
import { type ShrinkOptions, shrinkResult } from './shrink/shrink-result.ts';
import { specificationsFor } from './specifications.ts';
import { verdictsOf } from './verdicts.ts';

/**
 * A scenario over many seeds, in three parts: (a) `SeedRunner` runs seeds, each a function of the setup and the seed, in as
 * many threads as there are; (b) `concludeScenario` says what holds over all of them, in one thread, the same whatever the
 * order in which they were run; (c) the run to look at is made again where its trace is wanted.
 */
export interface ScenarioSetup {
  readonly system: System;
  /** One for each deployment. */
  readonly programs: readonly Program[];
  readonly scenario: Scenario;
  /** The `vary` value in words, null without vary. */
  readonly variant: string | null;
  readonly limits?: Partial<SimulatorLimits>;
  /** Whether to count what runs exercise; the programs are compiled for it then. */
  readonly coverage?: boolean;
}

export interface ScenarioRequest extends ScenarioSetup {
  readonly firstSeed: number;
  /** How many seeds, `firstSeed` and those after it. */
  readonly seeds: number;
  /** Whether the shown run carries its trace. */
  readonly trace: boolean;
  readonly shrink?: ShrinkOptions | null;
  readonly onProgress?: (done: number, total: number) => void;
  readonly shouldStop?: () => boolean;
}

/** A run as the verdicts need it: its result without a trace. */
export interface SeedOutcome {
  readonly result: RunResult;
  readonly open: RunOutcome['open'];
  readonly unexercised: RunOutcome['unexercised'];
  readonly unmet: RunOutcome['unmet'];
  readonly undecided: readonly boolean[];
  /** Kept only where an expectation spans the runs. */
  readonly sample: Sample | null;
}

/** What a seed has exercised besides. */
export interface CoveredOutcome {
  readonly outcome: SeedOutcome;
  /** Null where nobody asked. */
  readonly coverage: CoverageData | null;
}

/** Runs a scenario over its seeds and says what holds. A run that reaches a limit is the last one. */
export function runScenario(request: ScenarioRequest): ScenarioResult {
  const runner = new SeedRunner(request, request.shouldStop);
  const outcomes: SeedOutcome[] = [];
  let cancelled = false;
  let coverage: CoverageData | null = null;
  for (let turn = 0; turn < request.seeds && !cancelled; turn += 1) {
    const covered = request.shouldStop?.() ? null : runner.outcome(request.firstSeed + turn);
    if (!covered) cancelled = true;
    else {
      const { outcome, coverage: more } = covered;
      if (more && coverage) addCoverage(coverage, more);
      coverage ??= more;
      outcomes.push(outcome);
      if (reachedLimit(outcome)) break;
      request.onProgress?.(turn + 1, request.seeds);
    }
  }
  return concludeScenario(runner, { outcomes, lost: [], cancelled, coverage, trace: request.trace, shrink: request.shrink });
}

/** Runs single seeds of a scenario. */
export class SeedRunner {
  private readonly specifications: readonly (SequentialModel | null)[];
  private readonly keepsSamples: boolean;

  /** `shouldStop` is asked every few thousand events of a run. */
  constructor(
    readonly setup: ScenarioSetup,
    readonly shouldStop: () => boolean = () => false,
  ) {
    const { system, scenario } = setup;
    this.specifications = specificationsFor(system, scenario);
    this.keepsSamples = scenario.expectations.some(({ expect }) => expect.kind === 'metric' && spansRuns(expect.condition));
  }

  /** Null when it was stopped. */
  outcome(seed: number): CoveredOutcome | null {
    const coverage = this.setup.coverage ? new CoverageRecorder(this.setup.programs) : null;
    const outcome = this.run(seed, false, coverage);
    if (!outcome) return null;
    return { outcome: { ...outcome, sample: this.keepsSamples ? outcome.sample : null }, coverage: coverage?.data ?? null };
  }

  /** Null when it was stopped. */
  run(seed: number, trace: boolean, coverage: CoverageRecorder | null = null): RunOutcome | null {
    const { system, programs, scenario, limits } = this.setup;
    const { specifications, shouldStop } = this;
    try {
      return runWithSample(system, programs, scenario, seed, { trace, limits, shouldStop, specifications, coverage });
    } catch (failure) {
      if (failure instanceof Cancelled) return null;
      throw failure;
    }
  }
}

/** Whether a limit ended the run: it is the last one that counts. */
export function reachedLimit({ result }: SeedOutcome): boolean {
  return result.error?.kind === 'limit';
}

/** Whether the seed by itself makes the scenario fail; for the progress shown while more of them run. */
export function failsAlone(scenario: Scenario, { result, undecided }: SeedOutcome): boolean {
  const expected = (property: string, deployment: number): boolean =>
    scenario.expectations.some(
      ({ expect }) => expect.kind === 'violated' && expect.property === property && expect.deployment === deployment,
    );
  if (result.error !== null) return true;
  if (result.violations.some(({ property, deployment }) => !expected(property, deployment))) return true;
  return scenario.expectations.some(({ expect }, at) => {
    if (expect.kind === 'violated' || (expect.kind === 'history' && expect.negated)) return false;
    if (expect.kind === 'metric' && spansRuns(expect.condition)) return false;
    return result.expectations[at]?.held === false || undecided[at] === true;
  });
}

export interface Runs {
  /** In any order. */
  readonly outcomes: readonly SeedOutcome[];
  /** Seeds that gave no outcome, in any order. */
  readonly lost: readonly LostSeed[];
  readonly cancelled: boolean;
  /** Of all outcomes together; null where nobody asked. */
  readonly coverage: CoverageData | null;
  /** Whether the shown run carries its trace: it is made again then. */
  readonly trace: boolean;
  /** Null: failing runs are not reduced. */
  readonly shrink?: ShrinkOptions | null;
  /** What reducing has come to, in words. */
  readonly onShrink?: (text: string) => void;
}

/**
 * What holds over the seeds. Those behind the first that reached a limit, or behind the last lost one that is put up with,
 * are left out, so that the answer does not hang on how far other threads were by then.
 */
export function concludeScenario(runner: SeedRunner, runs: Runs): ScenarioResult {
  const { system, scenario, variant } = runner.setup;
  const ascending = runs.outcomes.toSorted((a, b) => a.result.seed - b.result.seed);
  const lostAscending = runs.lost.toSorted((a, b) => a.seed - b.seed);
  const last = Math.min(
    ascending.find(reachedLimit)?.result.seed ?? Number.POSITIVE_INFINITY,
    lostAscending[lostSeedsMost - 1]?.seed ?? Number.POSITIVE_INFINITY,
  );
  const outcomes = ascending.filter(({ result }) => result.seed <= last);
  const lost = lostAscending.filter(({ seed }) => seed <= last);
  const report = verdictsOf(system, scenario, outcomes);
  const findings = [...findingsOf(system, scenario, outcomes, report), ...lostFindings(scenario, lost, outcomes.length + lost.length)];
  const limited = last < Number.POSITIVE_INFINITY || lost.length > 0 || report.undecidedExpectations.length > 0;
  const stopped = runs.cancelled ? 'cancelled' : limited ? 'limit' : 'no';
  const result: ScenarioResult = {
    system: system.name,
    scenario: scenario.name,
    uri: system.uri,
    span: scenario.span,
    faultModel: scenario.faults === null ? null : (system.faultModels[scenario.faults]?.name ?? null),
    variant,
    verdicts: report.verdicts,
    runs: outcomes.map((outcome) => {
      const { seed, digest, delivered, end } = outcome.result;
      return { seed, digest, delivered, end, fails: failsAlone(scenario, outcome) };
    }),
    findings,
    passed: stopped !== 'cancelled' && findings.every((finding) => finding.severity !== 'error'),
    stopped,
    // What the seeds that are left out have exercised cannot be taken away again.
    coverage: runs.coverage && last === Number.POSITIVE_INFINITY ? coverageReport(system, runner.setup.programs, runs.coverage) : undefined,
    shown: shownRun(runner, outcomes, report.shownSeed, runs.trace && !runs.cancelled),
  };
  if (!runs.shrink || runs.cancelled) return result;
  return shrinkResult(runner.setup, outcomes, result, runs.shrink, { shouldStop: runner.shouldStop, onProgress: runs.onShrink });
}

/** The run to look at, made again where its trace is wanted. */
function shownRun(runner: SeedRunner, outcomes: readonly SeedOutcome[], seed: number | null, trace: boolean): RunResult | null {
  const shown = outcomes.find(({ result }) => result.seed === seed)?.result ?? null;
  if (!shown || !trace) return shown;
  return runner.run(shown.seed, true)?.result ?? shown;
}
