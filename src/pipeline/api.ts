import type { CardSection } from '../analysis/card/section.ts';
import type { ResilienceCard } from '../analysis/resilience.ts';
import type { Finding } from '../base/finding.ts';
import type { Schedule } from '../model/scenario.ts';
import type { System } from '../model/system.ts';
import type { SystemCode } from '../model/system-code.ts';
import type { Value } from '../model/values.ts';
import type { ScenarioResult } from '../simulator/result.ts';
import type { ShrinkOptions } from '../simulator/shrink/shrink-result.ts';

/**
 * What every face calls. A face reads text and shows results; between the two stands only this:
 *
 * - `checkFile(workspace, uri)` (check.ts): text → findings and expanded systems, all in the calling thread, fast
 *   enough for every keystroke.
 * - `deploymentCards(code, …)` (cards.ts): a checked system → the resilience card of each deployment, on demand.
 * - `runScenarios(request, …)` (run.ts): a checked system → verdicts, in the calling thread; tests use it.
 * - `SimulationPool` (pool.ts): the same in workers with a memory limit each, on all processors, with progress and cancel;
 *   faces use it, or `runInWorkers` for a single request.
 * - `Analyst` (analyst.ts): cards and thorough checks in a worker, for searches that take longer than a keystroke.
 */
export interface CheckReport {
  readonly uri: string;
  readonly text: string;
  /** Everything there is to say of this file, sorted by place: language, model, structure, lint, bounds. */
  readonly findings: readonly Finding[];
  /** Those of them that no system's check has said: language and lint. */
  readonly ownFindings: readonly Finding[];
  readonly systems: readonly CheckedSystem[];
}

export interface CheckedSystem {
  readonly code: SystemCode;
  /** Null where errors keep it from being expanded. */
  readonly system: System | null;
  readonly findings: readonly Finding[];
  /** What each deployment survives under each fault model; for hovers, lenses and reports. */
  readonly cards: readonly ResilienceCard[];
  /** Whether a search ended at its work limit: with more effort there may be more to say. */
  readonly leftOpen: boolean;
  /** Whether the system has no error left, so that it may be simulated. */
  readonly runnable: boolean;
}

/** Factor on the work limits of searches where nobody types meanwhile. */
export const thorough = 20;

/** Everything there is to say of one deployment under one fault model, or of the system as a whole. */
export interface DeploymentCard {
  readonly system: string;
  /** Index in System.deployments; null for the system as a whole, of which its named quorum systems are told. */
  readonly deployment: number | null;
  /** Empty for the system as a whole. */
  readonly protocol: string;
  /** "`Log` on `replica`", "the system". */
  readonly name: string;
  readonly members: number;
  /** Null where the system has no fault model. */
  readonly faultModel: string | null;
  readonly sections: readonly CardSection[];
}

export interface RunRequest {
  readonly code: SystemCode;
  /** Scenario names; empty for all of the system. */
  readonly scenarios: readonly string[];
  /** The first seed; the others follow it. Null for what the scenario says. */
  readonly seed: number | null;
  /** How many seeds; null for what the scenario says. */
  readonly runs: number | null;
  /** Whether the shown run of each scenario carries its trace. */
  readonly trace: boolean;
  /** Whether to count what the runs exercise. Default false. */
  readonly coverage?: boolean;
  /** Constants replaced by name (`--set`). */
  readonly constants: Readonly<Record<string, Value>>;
  /** What decides the order of deliveries, in place of what the scenarios say (`--schedule`). */
  readonly schedule?: Schedule | undefined;
  readonly limits: RunLimits;
  /** How failing runs are reduced; left out: not at all. */
  readonly shrink?: ShrinkOptions | undefined;
}

export interface RunLimits {
  /** Steps that one handler may take. */
  readonly handlerSteps: number;
  /** Events that one run may process. */
  readonly events: number;
  /** Megabytes of heap of the worker. */
  readonly memoryMb: number;
  /** Rows that a trace keeps. */
  readonly traceEvents: number;
}

export const defaultLimits: RunLimits = { handlerSteps: 100_000, events: 200_000_000, memoryMb: 2048, traceEvents: 1_000_000 };

/** Runs that reducing the failures of a scenario may take when nobody says. */
export const shrinkRunsDefault = 400;

export interface RunProgress {
  readonly scenario: string;
  /** The `vary` value in words; null without vary. */
  readonly variant: string | null;
  /** Seeds. */
  readonly done: number;
  readonly total: number;
  /** How many of those done make the scenario fail. */
  readonly failing: number;
  /** Behind all seeds: what reducing a failing run has come to, in words. */
  readonly shrinking?: string;
}

export interface RunReport {
  readonly results: readonly ScenarioResult[];
  /** Findings that kept a scenario from running at all (a `vary` value that cannot be expanded). */
  readonly findings: readonly Finding[];
  readonly stopped: 'no' | 'limit' | 'cancelled';
}
