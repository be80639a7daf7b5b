import type { SystemCode } from '../../model/system-code.ts';
import type { RunReport } from '../../pipeline/api.ts';
import { Checker, toFileReport } from '../checker.ts';
import type { TestOptions } from '../command-line.ts';
import { collectFiles } from '../files.ts';
import { Output } from '../output.ts';
import { repeatCommand, shrunkCommands, simulate, simulationPool } from '../simulate.ts';
import type { Terminal } from '../terminal.ts';

interface Job {
  readonly uri: string;
  readonly code: SystemCode;
  readonly scenario: string;
}

/** `dsys test PATH…`: checks, then every scenario of every system that can run, several at a time, reported in order. */
export async function test(terminal: Terminal, paths: readonly string[], options: TestOptions): Promise<void> {
  const checker = new Checker(collectFiles(paths));
  const constants = checker.override(options.set);
  const output = new Output(terminal, 'test', checker.sources, options);
  const jobs: Job[] = [];
  for (const uri of checker.uris) {
    terminal.progress.update(`checking ${checker.sources.pathOf(uri)}`);
    const report = checker.check(uri);
    output.file(toFileReport(report));
    const runnable = report.systems.filter((system) => system.runnable);
    jobs.push(...runnable.flatMap(({ code }) => code.scenarios.map((scenario) => ({ uri, code, scenario: scenario.name }))));
    if (await terminal.isInterrupted()) {
      output.stop('cancelled');
      jobs.length = 0;
      break;
    }
  }
  const results = new Array<RunReport | undefined>(jobs.length);
  let printed = 0;
  const printReady = (): void => {
    for (; printed < jobs.length && results[printed] !== undefined; printed++) {
      const { uri } = jobs[printed] as Job;
      const report = results[printed] as RunReport;
      const path = checker.sources.pathOf(uri);
      for (const result of report.results) {
        const repeat = repeatCommand(path, result, options.set, options.schedule);
        output.scenario({ result, repeat, shrunk: shrunkCommands(path, result, options.set) });
      }
      output.late(uri, report.findings);
      output.stop(report.stopped);
    }
  };
  // One pool for the seeds of all scenarios: a long one gets the workers that short ones leave.
  const pool = simulationPool(options.jobs);
  await Promise.all(
    jobs.map(async ({ code, scenario }, index) => {
      results[index] = await simulate(terminal, pool, code, scenario, { ...options, constants, trace: false });
      printReady();
    }),
  );
  pool.close();
  if (terminal.signal.aborted) output.stop('cancelled');
  process.exitCode = output.finish();
}
