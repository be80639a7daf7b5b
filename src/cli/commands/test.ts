import { availableParallelism } from 'node:os';
import type { SystemCode } from '../../model/system-code.ts';
import type { RunReport } from '../../pipeline/api.ts';
import { Checker, toFileReport } from '../checker.ts';
import type { TestOptions } from '../command-line.ts';
import { collectFiles } from '../files.ts';
import { Output } from '../output.ts';
import { repeatCommand, simulate } from '../simulate.ts';
import type { Terminal } from '../terminal.ts';

/** More workers than this only compete for memory. */
const MAX_JOBS = 16;

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
      for (const result of report.results) output.scenario({ result, repeat: repeatCommand(path, result, options.set) });
      output.late(uri, report.findings);
      output.stop(report.stopped);
    }
  };
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < jobs.length && !terminal.signal.aborted) {
      const index = next++;
      const { code, scenario } = jobs[index] as Job;
      results[index] = await simulate(terminal, code, scenario, { ...options, constants, trace: false });
      printReady();
    }
  };
  const workers = Math.min(options.jobs ?? Math.min(availableParallelism(), MAX_JOBS), jobs.length);
  await Promise.all(Array.from({ length: workers }, work));
  if (terminal.signal.aborted) output.stop('cancelled');
  process.exitCode = output.finish();
}
