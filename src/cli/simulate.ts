import type { SystemCode } from '../model/system-code.ts';
import type { Value } from '../model/values.ts';
import { defaultLimits, type RunReport } from '../pipeline/api.ts';
import { runInWorker } from '../pipeline/runner.ts';
import type { ScenarioResult } from '../simulator/result.ts';
import { installed } from './installation.ts';
import type { Terminal } from './terminal.ts';

export interface SimulateOptions {
  readonly seed?: number;
  readonly runs?: number;
  readonly constants: Readonly<Record<string, Value>>;
  readonly trace: boolean;
}

/** Runs a scenario of a system over its seeds in a worker, with progress, until Ctrl-C. */
export function simulate(terminal: Terminal, code: SystemCode, scenario: string, options: SimulateOptions): Promise<RunReport> {
  const { seed = 1, runs = null, constants, trace } = options;
  return runInWorker(
    installed('dist/worker/worker.cjs'),
    { code, scenarios: [scenario], seed, runs, trace, constants, limits: defaultLimits },
    {
      signal: terminal.signal,
      onProgress: ({ done, total }) => terminal.progress.update(`${code.name}.${scenario}: ${done} of ${total} seeds`),
    },
  );
}

/** The command that shows the run to look at: the failing seed where there is one. */
export function repeatCommand(file: string, result: ScenarioResult, settings: readonly string[]): string {
  const seed = result.shown?.seed ?? result.verdicts.find((verdict) => !verdict.passed)?.seed ?? result.runs[0]?.seed ?? 1;
  return [
    ...['dsys', 'run', file, result.scenario],
    ...['--system', result.system],
    ...['--seed', String(seed), '--runs', '1'],
    ...settings.flatMap((setting) => ['--set', setting]),
  ]
    .map(quote)
    .join(' ');
}

/** For a POSIX shell. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
