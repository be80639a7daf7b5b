/*
 * The command line. Only what every command needs is loaded here: a command's own parts are imported when it runs, so
 * that `dsys --version` does not wait for the language.
 */
import { CommanderError } from 'commander';
import { commandLine } from './command-line.ts';
import { ExitCode, Stopped, UsageError } from './exit-code.ts';
import { toolVersion } from './installation.ts';
import { Terminal } from './terminal.ts';

const terminal = new Terminal();

try {
  process.exitCode = ExitCode.good;
  await commandLine(terminal).parseAsync(process.argv);
} catch (error) {
  process.exitCode = report(error);
} finally {
  terminal.close();
}

/** Says what went wrong, and gives the exit code for it. */
function report(error: unknown): number {
  // Help and version end this way too; commander has printed what there is to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.good : ExitCode.usage;
  if (error instanceof UsageError) {
    terminal.complain(`dsys: ${error.message}\n`);
    return ExitCode.usage;
  }
  if (error instanceof Stopped) {
    terminal.complain('dsys: stopped\n');
    return ExitCode.stopped;
  }
  const failure = error instanceof Error ? error : new Error(String(error));
  const verbose = process.argv.includes('--verbose');
  terminal.complain(
    [
      `dsys: this is a bug in dsys ${toolVersion()}, not in your specification: ${failure.message.split('\n')[0]}`,
      'Please report it with the command, the file, and the output of the command with --verbose.',
      ...(verbose ? [`node ${process.version}, ${process.platform} ${process.arch}`, failure.stack ?? ''] : []),
      '',
    ].join('\n'),
  );
  return ExitCode.bug;
}
