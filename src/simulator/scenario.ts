import type { Program } from '../compiler/program.ts';
import { compileSpecification } from '../compiler/specification.ts';
import type { SequentialModel } from '../history/linearizability.ts';
import type { Scenario, System } from '../model/system.ts';
import { spansRuns } from './expectations.ts';
import { findingsOf } from './findings.ts';
import { Cancelled, type SimulatorLimits } from './limits.ts';
import type { Sample } from './metrics.ts';
import type { RunResult, ScenarioResult } from './result.ts';
import { type RunOutcome, runWithSample } from './run-once.ts';
import { verdictsOf } from './verdicts.ts';

export interface ScenarioRequest {
  readonly system: System;
  /** One for each deployment. */
  readonly programs: readonly Program[];
  readonly scenario: Scenario;
  /** The `vary` value in words, null without vary. */
  readonly variant: string | null;
  readonly firstSeed: number;
  /** How many seeds, `firstSeed` and those after it. */
  readonly seeds: number;
  /** Whether the shown run carries its trace. */
  readonly trace: boolean;
  readonly limits?: Partial<SimulatorLimits>;
  readonly onProgress?: (done: number, total: number) => void;
  readonly shouldStop?: () => boolean;
}

/** A run as the verdicts need it: its result without a trace. */
export interface SeedOutcome {
  readonly result: RunResult;
  readonly open: RunOutcome['open'];
  readonly undecided: readonly boolean[];
  /** Kept only where an expectation spans the runs. */
  readonly sample: Sample | null;
}

/** Runs a scenario over its seeds and says what holds. A run that reaches a limit is the last one. */
export function runScenario(asked: ScenarioRequest): ScenarioResult {
  const request = { ...asked, specifications: specificationsFor(asked.system, asked.scenario) };
  const { system, scenario } = request;
  const keepsSamples = scenario.expectations.some(({ expect }) => expect.kind === 'metric' && spansRuns(expect.condition));
  const outcomes: SeedOutcome[] = [];
  let stopped: ScenarioResult['stopped'] = 'no';
  for (let turn = 0; turn < request.seeds && stopped === 'no'; turn += 1) {
    if (request.shouldStop?.()) stopped = 'cancelled';
    else {
      const outcome = tryRun(request, request.firstSeed + turn, false);
      if (!outcome) stopped = 'cancelled';
      else {
        outcomes.push({ ...outcome, sample: keepsSamples ? outcome.sample : null });
        if (outcome.result.error?.kind === 'limit') stopped = 'limit';
        request.onProgress?.(turn + 1, request.seeds);
      }
    }
  }
  const report = verdictsOf(system, scenario, outcomes);
  const findings = findingsOf(system, scenario, outcomes, report);
  if (stopped === 'no' && report.undecidedExpectations.length > 0) stopped = 'limit';
  return {
    system: system.name,
    scenario: scenario.name,
    uri: system.uri,
    span: scenario.span,
    faultModel: scenario.faults === null ? null : (system.faultModels[scenario.faults]?.name ?? null),
    variant: request.variant,
    verdicts: report.verdicts,
    runs: outcomes.map(({ result }) => ({ seed: result.seed, digest: result.digest, delivered: result.delivered, end: result.end })),
    findings,
    passed: stopped !== 'cancelled' && findings.every((finding) => finding.severity !== 'error'),
    stopped,
    shown: shownRun(request, outcomes, report.shownSeed),
  };
}

type CompiledRequest = ScenarioRequest & { readonly specifications: readonly (SequentialModel | null)[] };

/** The specifications that the scenario compares histories with, made executable. */
function specificationsFor(system: System, { expectations }: Scenario): readonly (SequentialModel | null)[] {
  return system.specifications.map((specification, index) => {
    const used = expectations.some(({ expect }) => expect.kind === 'linearizable' && expect.specification === index);
    return used ? (compileSpecification(specification, system.nodes.length) as SequentialModel) : null;
  });
}

/** The run to look at, made again where its trace is wanted. */
function shownRun(request: CompiledRequest, outcomes: readonly SeedOutcome[], seed: number | null): RunResult | null {
  const shown = outcomes.find(({ result }) => result.seed === seed)?.result ?? null;
  if (!shown || !request.trace) return shown;
  return tryRun(request, shown.seed, true)?.result ?? shown;
}

/** Null when it was cancelled. */
function tryRun(request: CompiledRequest, seed: number, trace: boolean): RunOutcome | null {
  const { system, programs, scenario, limits, shouldStop, specifications } = request;
  try {
    return runWithSample(system, programs, scenario, seed, { trace, limits, shouldStop, specifications });
  } catch (failure) {
    if (failure instanceof Cancelled) return null;
    throw failure;
  }
}
