import type { Schedule } from '../model/scenario.ts';
import { scheduleText } from '../model/schedule-text.ts';
import type { SystemCode } from '../model/system-code.ts';
import type { Value } from '../model/values.ts';
import { defaultLimits, type RunReport, type RunRequest, shrinkRunsDefault } from '../pipeline/api.ts';
import type { CampaignHooks } from '../pipeline/campaign.ts';
import { defaultWorkers, SimulationPool } from '../pipeline/pool.ts';
import { plural } from '../report/units.ts';
import type { ScenarioResult } from '../simulator/result.ts';
import type { Trace } from '../simulator/trace.ts';
import { installed } from './installation.ts';
import { progressText } from './progress-text.ts';
import type { Terminal } from './terminal.ts';
import type { RunAgain } from './trace-target.ts';

export interface SimulateOptions {
  readonly seed?: number | null;
  readonly runs?: number | null;
  readonly constants: Readonly<Record<string, Value>>;
  readonly trace: boolean;
  readonly coverage?: boolean;
  readonly campaign?: Pick<CampaignHooks, 'record' | 'shard' | 'concludeOnly'>;
  /** Called as seeds are done. */
  readonly onProgress?: () => void;
  readonly schedule?: Schedule;
  /** Whether failing runs are reduced (left out), those that show an expected violation too (true), or none. */
  readonly shrink?: boolean;
  readonly shrinkRuns?: number;
}

/** Ctrl-C lets the seeds that are running come to their end, for so long, ms. */
const graceMs = 3_000;

/** Workers for the scenarios of a command; `jobs` at the most, one a processor when left out. */
export function simulationPool(jobs = defaultWorkers()): SimulationPool {
  return new SimulationPool(installed('dist/worker/worker.cjs'), defaultLimits.memoryMb, jobs);
}

/** Runs a scenario of a system over its seeds, with progress, until Ctrl-C. */
export function simulate(
  terminal: Terminal,
  pool: SimulationPool,
  code: SystemCode,
  scenario: string,
  options: SimulateOptions,
): Promise<RunReport> {
  const begun = performance.now();
  return pool.run(requestOf(code, scenario, options), {
    ...options.campaign,
    signal: terminal.signal,
    graceMs,
    onProgress: (progress) => {
      terminal.progress.update(progressText(code.name, progress, performance.now() - begun));
      options.onProgress?.();
    },
  });
}

/** What `simulate` asks for, for one more run of it. */
export function requestOf(code: SystemCode, scenario: string, options: SimulateOptions): RunRequest {
  const { seed = null, runs = null, constants, trace, schedule, coverage = false } = options;
  const shrink = shrinkOptions(options);
  return { code, scenarios: [scenario], seed, runs, trace, coverage, constants, schedule, limits: defaultLimits, shrink };
}

function shrinkOptions({ shrink, shrinkRuns = shrinkRunsDefault }: SimulateOptions): RunRequest['shrink'] {
  return shrink === false ? undefined : { runs: shrinkRuns, expected: shrink === true };
}

/** The command that runs a reduced scenario once it stands in the file. */
export function shrunkCommands(file: string, result: ScenarioResult, settings: readonly string[]): readonly string[] {
  return (result.shrunk ?? []).map(({ name }) =>
    ['dsys', 'run', file, name, '--system', result.system, ...settings.flatMap((setting) => ['--set', setting])].map(quote).join(' '),
  );
}

/** Makes runs of a scenario again for their traces, with progress, until Ctrl-C. */
export function retracing(terminal: Terminal, pool: SimulationPool, request: RunRequest, scenario: string): RunAgain {
  return (variant, seed, sink) => {
    let rows = 0;
    const counted = (part: Trace): void => {
      sink(part);
      rows += part.length;
      terminal.progress.update(`${scenario}: writing the trace of seed ${seed}, ${plural(rows, 'row')}`);
    };
    return pool.trace(request, { variant, seed }, counted, terminal.signal);
  };
}

/** The command that shows the run to look at: the failing seed where there is one. */
export function repeatCommand(file: string, result: ScenarioResult, settings: readonly string[], schedule?: Schedule): string {
  const seed = result.shown?.seed ?? result.verdicts.find((verdict) => !verdict.passed)?.seed ?? result.runs[0]?.seed ?? 1;
  return [
    ...['dsys', 'run', file, result.scenario],
    ...['--system', result.system],
    ...['--seed', String(seed), '--runs', '1'],
    ...(schedule ? ['--schedule', scheduleText(schedule)] : []),
    ...settings.flatMap((setting) => ['--set', setting]),
  ]
    .map(quote)
    .join(' ');
}

/** For a POSIX shell. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
