import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { Schedule } from '../model/scenario.ts';
import { parseSchedule } from '../model/schedule-text.ts';
import { thorough } from '../pipeline/api.ts';
import type { Shard } from '../pipeline/campaign-record.ts';
import { type ExportFormat, exportFormats } from '../report/exports/formats.ts';
import type { ImportFormat } from './commands/import.ts';
import { toolVersion } from './installation.ts';
import type { ExportChoice } from './run-traces.ts';
import type { ColorChoice, Terminal } from './terminal.ts';

export type Format = 'text' | 'json' | 'sarif' | 'junit' | 'github';

/** Options of `check`, `run` and `test`. */
export interface CommonOptions {
  readonly format: Format;
  readonly set: readonly string[];
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly color: ColorChoice;
}

export interface ImportOptions {
  readonly out?: string;
  readonly force: boolean;
  readonly trusted: boolean;
}

export interface RunOptions extends CommonOptions {
  readonly seed?: number;
  readonly runs?: number;
  readonly jobs?: number;
  readonly campaign?: string;
  readonly shard?: Shard;
  readonly coverage: boolean;
  readonly plot?: string;
  readonly schedule?: Schedule;
  readonly shrink?: boolean;
  readonly shrinkRuns?: number;
  readonly trace?: string;
  /** One message in so many. */
  readonly traceSample: number;
  readonly traceWhen: 'always' | 'failing';
  readonly export: readonly ExportChoice[];
  readonly system?: string;
}

export interface ExportOptions {
  readonly out?: string;
  /** ns. */
  readonly from?: number;
  readonly to?: number;
  readonly nodes?: readonly string[];
  readonly limit?: number;
}

export interface MergeOptions extends Omit<CommonOptions, 'set'> {
  readonly out?: string;
  readonly spec?: string;
}

export interface TestOptions extends CommonOptions {
  readonly seed?: number;
  readonly runs?: number;
  readonly jobs?: number;
  readonly schedule?: Schedule;
  readonly shrink?: boolean;
  readonly shrinkRuns?: number;
}

export interface AnalyzeOptions {
  readonly format: 'text' | 'json' | 'markdown';
  readonly set: readonly string[];
  /** Name of the system. */
  readonly system?: string;
  /** Name of the protocol that is deployed. */
  readonly deployment?: string;
  readonly effort: number;
  readonly verbose: boolean;
  readonly color: ColorChoice;
}

/** What the user can write. Every command loads its own parts when it runs. */
export function commandLine(terminal: Terminal): Command {
  const program = new Command('dsys')
    .description('A type checker for fault tolerance: says whether a distributed system survives its faults, and simulates it.')
    .version(toolVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showHelpAfterError('(dsys --help says what there is)')
    .configureOutput({
      writeOut: (text) => terminal.print(text),
      writeErr: (text) => terminal.complain(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'dsys: ')),
    })
    .exitOverride();

  common(program.command('check'))
    .description('check files and say what is wrong with them')
    .argument('<path...>', 'files, or folders with .dsys files')
    .action(async (paths: string[], options: CommonOptions) => (await import('./commands/check.ts')).check(terminal, paths, options));

  shared(
    program
      .command('analyze')
      .description('print what each deployment survives, what kills it first, and its numbers')
      .argument('<path...>', 'files, or folders with .dsys files')
      .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json', 'markdown']).default('text'))
      .option('--system <name>', 'only this system')
      .option('--deployment <protocol>', 'only where this protocol runs')
      .option('--effort <n>', 'how hard to search; 1 is what the editor does at a keystroke', integer(1), thorough)
      .option('--verbose', 'also assumptions and sources', false),
  ).action(async (paths: string[], options: AnalyzeOptions) => (await import('./commands/analyze.ts')).analyze(terminal, paths, options));

  common(program.command('run'))
    .description('simulate the scenarios of a file')
    .argument('<file>', 'the file')
    .argument('[scenario]', 'the scenario; left out: all of them')
    .option('--seed <n>', 'the first seed', integer(0, seedMost))
    .option('--runs <n>', 'how many seeds; left out: as many as the scenario says', integer(1, seedMost))
    .option('--schedule <strategy>', scheduleHelp, schedule)
    .option('--jobs <n>', 'workers that share the seeds; left out: one a processor', integer(1))
    .option('--coverage', 'count what the runs exercise, and list what none of them does', false)
    .option('--plot <file>', 'draw what scenarios under `vary` measure, as SVG')
    .option('--campaign <file>', 'keep what comes of the seeds in a file, and go on from what it holds')
    .option('--shard <i/n>', 'run only every n-th seed from the i-th on; `dsys merge` puts the campaign files together', shard)
    .option('--shrink', 'reduce runs that show an expected violation too')
    .option('--no-shrink', 'do not reduce failing runs')
    .option('--shrink-runs <n>', 'how many runs of full length reducing may take for each scenario (default: 400)', integer(1))
    .option('--system <name>', 'the system, where the file has several')
    .option('--trace <file>', 'write the events of the run that is shown, for `dsys export`; into a folder: those of each failing seed')
    .option('--trace-sample <1/n>', 'keep one message in n, and all that is no message', fraction, 1)
    .addOption(new Option('--trace-when <when>', 'whether a run that passes is written').choices(['always', 'failing']).default('always'))
    .option('--export <format=file>', 'write the run that is shown as `dsys export` does (repeatable)', exportChoice, [] as ExportChoice[])
    .action(async (file: string, scenario: string | undefined, options: RunOptions) =>
      (await import('./commands/run.ts')).run(terminal, file, scenario, options),
    );

  common(program.command('test'))
    .description('check files, then run every scenario and compare it with what it expects')
    .argument('<path...>', 'files, or folders with .dsys files')
    .option('--seed <n>', 'the first seed of each scenario', integer(0, seedMost))
    .option('--runs <n>', 'how many seeds; left out: as many as each scenario says', integer(1, seedMost))
    .option('--schedule <strategy>', scheduleHelp, schedule)
    .option('--jobs <n>', 'workers that share the seeds of all scenarios; left out: one a processor', integer(1))
    .option('--shrink', 'reduce runs that show an expected violation too')
    .option('--no-shrink', 'do not reduce failing runs')
    .option('--shrink-runs <n>', 'how many runs of full length reducing may take for each scenario (default: 400)', integer(1))
    .action(async (paths: string[], options: TestOptions) => (await import('./commands/test.ts')).test(terminal, paths, options));

  reported(program.command('merge'))
    .description('put the shards of a campaign together and report what one run of all seeds would')
    .argument('<campaign...>', 'files that `dsys run --campaign` wrote')
    .option('--spec <file>', 'the specification; left out: where the first campaign file says it is')
    .option('--out <file>', 'also write them as one campaign file')
    .action(async (paths: string[], options: MergeOptions) => (await import('./commands/merge.ts')).merge(terminal, paths, options));

  program
    .command('import')
    .description('make a .dsys file of a federated network: `stellar` (nodes with quorum sets) or `unl` (unique node lists), as JSON')
    .addArgument(new Argument('<format>', 'what the file holds').choices(['stellar', 'unl']))
    .argument('<file>', 'the JSON file')
    .option('--out <file>', 'write to a file; left out: print')
    .option('--force', 'overwrite the file', false)
    .option('--trusted', 'leave out nodes whom nobody else trusts', false)
    .action(async (format: ImportFormat, file: string, options: ImportOptions) =>
      (await import('./commands/import.ts')).importNetwork(terminal, format, file, options),
    );

  program
    .command('export')
    .description('turn a trace file into what other tools read')
    .addArgument(new Argument('<format>', 'what to write').choices(exportFormats))
    .argument('<trace>', 'a file that `dsys run --trace` wrote')
    .option('--out <file>', 'write to a file; left out: print')
    .option('--from <time>', 'only from this time of the run on, such as 1.5s', time)
    .option('--to <time>', 'only up to this time', time)
    .option('--nodes <name...>', 'only what happens at these nodes and between them')
    .option('--limit <n>', 'mermaid and shiviz: how many events to draw', integer(1))
    .action(async (format: ExportFormat, trace: string, options: ExportOptions) =>
      (await import('./commands/export.ts')).exportTrace(terminal, format, trace, options),
    );

  program
    .command('explain')
    .description('explain a finding; without a code, list all of them')
    .argument('[code]', 'the code, such as DS3002')
    .action(async (code: string | undefined) => (await import('./commands/explain.ts')).explain(terminal, code));

  program
    .command('lsp')
    .description('start the language server, for editors')
    .option('--stdio', 'talk over standard input and output (the only way)')
    .action(async () => (await import('./commands/lsp.ts')).lsp());

  program.addHelpText(
    'after',
    `
Exit codes:
  0  all good
  1  the specification is at fault
  2  the command line is at fault, or a file cannot be read or written
  3  stopped by a limit or by the user
  70 a bug in dsys`,
  );
  return program;
}

/** Options of `check`, `run` and `test`. */
function common(command: Command): Command {
  return settable(reported(command));
}

/** Options of every command that reports findings or runs. */
function reported(command: Command): Command {
  return coloured(
    command
      .addOption(
        new Option('--format <format>', 'how to print what was found')
          .choices(['text', 'json', 'sarif', 'junit', 'github'])
          .default('text'),
      )
      .option('--verbose', 'also hints, and what each deployment survives', false)
      .option('--quiet', 'errors and failures only, no summary', false),
  );
}

/** Options of every command that reads specifications. */
function shared(command: Command): Command {
  return coloured(settable(command));
}

function settable(command: Command): Command {
  return command.option(
    '--set <name=value>',
    'give a const another value (repeatable)',
    (text: string, before: string[]) => [...before, text],
    [] as string[],
  );
}

function coloured(command: Command): Command {
  return command.addOption(new Option('--color <when>', 'whether to colour text').choices(['auto', 'always', 'never']).default('auto'));
}

/** `1/100`: one in a hundred. */
function fraction(text: string): number {
  const every = Number(/^1\/(\d+)$/.exec(text)?.[1] ?? 0);
  if (!(every >= 1 && Number.isSafeInteger(every))) throw new InvalidArgumentError('It must be like 1/100: one message in a hundred.');
  return every;
}

/** `chrome=run.json`. */
function exportChoice(text: string, before: readonly ExportChoice[]): ExportChoice[] {
  const at = text.indexOf('=');
  const format = exportFormats.find((name) => name === text.slice(0, at));
  if (!format || at === text.length - 1) {
    throw new InvalidArgumentError(`It must be like chrome=run.json; the formats are ${exportFormats.join(', ')}.`);
  }
  return [...before, { format, path: text.slice(at + 1) }];
}

/** A time of the run, ns. */
function time(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(ns|us|ms|s|min|h)$/.exec(text) ?? [];
  const units: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, min: 60e9, h: 3600e9 };
  const value = Math.round(Number(number) * (units[unit] ?? Number.NaN));
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a time with its unit, like 250ms or 1.5s.');
  return value;
}

/** `2/8`: the second of eight. */
function shard(text: string): Shard {
  const [, index = 0, of = 0] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (!(index >= 1 && of >= index && Number.isSafeInteger(of))) {
    throw new InvalidArgumentError('It must be like 2/8: the second of eight.');
  }
  return { index, of };
}

/** A whole number that is not less than `least`. */
const scheduleHelp =
  'what decides the order of deliveries: latency, random, pct:<depth>, delay_bounded:<delays> or targeted; left out: as the scenario says';

function schedule(text: string): Schedule {
  const value = parseSchedule(text);
  if (!value) {
    throw new InvalidArgumentError('It must be latency, random, pct:<depth> (1 to 16), delay_bounded:<delays> (0 to 1000) or targeted.');
  }
  return value;
}

/** Of the first seed and of their number, so that the last one is still exact. */
const seedMost = 2 ** 52;

function integer(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value) || value < least) throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
    if (value > most) throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return value;
  };
}
