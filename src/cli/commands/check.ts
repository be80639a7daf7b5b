import { Checker, toFileReport } from '../checker.ts';
import type { CommonOptions } from '../command-line.ts';
import { collectFiles } from '../files.ts';
import { Output } from '../output.ts';
import type { Terminal } from '../terminal.ts';

/** `dsys check PATH…` */
export async function check(terminal: Terminal, paths: readonly string[], options: CommonOptions): Promise<void> {
  const checker = new Checker(collectFiles(paths));
  checker.override(options.set);
  const output = new Output(terminal, 'check', checker.sources, options);
  for (const [index, uri] of checker.uris.entries()) {
    terminal.progress.update(`checking ${checker.sources.pathOf(uri)} (${index + 1} of ${checker.uris.length})`);
    output.file(toFileReport(checker.check(uri)));
    if (await terminal.isInterrupted()) {
      output.stop('cancelled');
      break;
    }
  }
  process.exitCode = output.finish();
}
