import { isOpen } from '../../analysis/codes.ts';
import type { SystemCode } from '../../model/system-code.ts';
import type { Value } from '../../model/values.ts';
import type { ThoroughCheck } from '../../pipeline/analysis-worker.ts';
import { Analyst } from '../../pipeline/analyst.ts';
import type { CheckedSystem, CheckReport, DeploymentCard } from '../../pipeline/api.ts';
import { type AnalysisReport, type AnalyzedFile, Repeats } from '../../report/analysis.ts';
import { renderAnalysisJson } from '../../report/analysis-json.ts';
import { renderAnalysisMarkdown } from '../../report/analysis-markdown.ts';
import { renderAnalysisSummary, renderCardText } from '../../report/analysis-text.ts';
import { plural } from '../../report/units.ts';
import { Checker, suggestion } from '../checker.ts';
import type { AnalyzeOptions } from '../command-line.ts';
import { ExitCode, UsageError } from '../exit-code.ts';
import { collectFiles } from '../files.ts';
import { installed, toolVersion } from '../installation.ts';
import type { Terminal } from '../terminal.ts';

/** How often the line of progress is written anew, ms. */
const INTERVAL_MS = 200;
/** Columns where stdout is no terminal. */
const WIDTH = 100;

/** `dsys analyze FILE…`: the card of each deployment under each fault model, as it comes, until Ctrl-C. */
export async function analyze(terminal: Terminal, paths: readonly string[], options: AnalyzeOptions): Promise<void> {
  const checker = new Checker(collectFiles(paths));
  const constants = checker.override(options.set);
  // Quick, so that Ctrl-C is heard: long searches are left to the worker.
  const reports = checker.uris.map((uri) => checker.check(uri, 1));
  const wanted = chosen(reports, options);
  const analysis = new Analysis(terminal, constants, options);
  for (const report of reports) await analysis.file(report, wanted, checker.sources.pathOf(report.uri));
  analysis.end();
  const { files, stopped } = analysis;
  const report: AnalysisReport = { version: toolVersion(), effort: options.effort, files, stopped };
  terminal.print(documentOf(report, checker, terminal, options));
  const errors = files.some((file) => file.errors > 0);
  process.exitCode = stopped !== 'no' ? ExitCode.stopped : errors ? ExitCode.specification : ExitCode.good;
}

/** Files, one after the other, in one worker. After a stop all others are left out. */
class Analysis {
  readonly files: AnalyzedFile[] = [];
  stopped: AnalysisReport['stopped'] = 'no';
  private readonly analyst = new Analyst(installed('dist/worker/analysis.cjs'));

  constructor(
    private readonly terminal: Terminal,
    private readonly constants: Readonly<Record<string, Value>>,
    private readonly options: AnalyzeOptions,
  ) {
    terminal.signal.addEventListener('abort', () => this.analyst.cancel());
  }

  async file(report: CheckReport, wanted: ReadonlySet<CheckedSystem>, path: string): Promise<void> {
    const { terminal, options } = this;
    if (this.stopped !== 'no') return;
    const errors = await this.errorsOf(report);
    if (errors > 0) terminal.complain(`dsys: the checks report ${plural(errors, 'error')} in ${path}; \`dsys check ${path}\` shows them\n`);
    const cards: DeploymentCard[] = [];
    this.files.push({ uri: report.uri, errors, cards });
    const repeats = new Repeats();
    const take = (card: DeploymentCard): void => {
      cards.push(card);
      if (options.format === 'text') terminal.print(renderCardText(card, repeats, textOptions(terminal, options)));
    };
    for (const { code } of report.systems.filter((system) => wanted.has(system))) {
      if (this.stopped !== 'no') return;
      await this.ask('cards', code, take);
    }
  }

  end(): void {
    this.analyst.close();
  }

  /** The errors of a file, as `dsys check` counts them: what the quick check left open is searched with more effort. */
  private async errorsOf(report: CheckReport): Promise<number> {
    const findings = [...report.ownFindings];
    for (const system of report.systems) {
      const thoroughly = system.findings.some(isOpen) ? await this.ask('check', system.code) : null;
      findings.push(...(thoroughly?.findings ?? system.findings));
    }
    return findings.filter(({ severity }) => severity === 'error').length;
  }

  private async ask(kind: 'check' | 'cards', code: SystemCode, take?: (card: DeploymentCard) => void): Promise<ThoroughCheck | null> {
    const { terminal, constants, options } = this;
    const progress = setInterval(() => terminal.progress.update(`analysing ${code.name}`), INTERVAL_MS);
    try {
      const only = options.deployment === undefined ? {} : { protocol: options.deployment };
      const answer = await this.analyst.ask({ kind, code, constants, effort: options.effort, ...only }, take);
      if (answer.kind === 'stopped') this.stopped = answer.why === 'memory' ? 'limit' : 'cancelled';
      else if (terminal.signal.aborted) this.stopped = 'cancelled';
      return answer.kind === 'done' ? answer.check : null;
    } finally {
      clearInterval(progress);
    }
  }
}

/** The systems that can be analysed and that the options name. A name that is nowhere is a mistake of the command line. */
function chosen(reports: readonly CheckReport[], { system, deployment }: AnalyzeOptions): ReadonlySet<CheckedSystem> {
  const all = reports.flatMap(({ systems }) => systems);
  const named = all.filter(({ code }) => system === undefined || code.name === system);
  if (named.length === 0 && system !== undefined && all.length > 0) {
    throw new UsageError(
      `there is no system \`${system}\`${suggestion(
        system,
        all.map(({ code }) => code.name),
      )}`,
    );
  }
  const expanded = named.filter((checked) => checked.system !== null);
  const protocols = expanded.flatMap(
    ({ system }) => system?.deployments.map(({ protocol }) => system.protocols[protocol]?.name ?? '') ?? [],
  );
  if (deployment !== undefined && expanded.length > 0 && !protocols.includes(deployment)) {
    throw new UsageError(`no system runs \`${deployment}\`${suggestion(deployment, protocols)}`);
  }
  return new Set(expanded);
}

function textOptions(terminal: Terminal, { color, verbose }: AnalyzeOptions): Parameters<typeof renderCardText>[2] {
  return { style: terminal.style(color), verbose, width: terminal.width ?? WIDTH };
}

function documentOf(report: AnalysisReport, checker: Checker, terminal: Terminal, { format, color }: AnalyzeOptions): string {
  if (format === 'json') return renderAnalysisJson(report, checker.sources);
  if (format === 'markdown') return renderAnalysisMarkdown(report, checker.sources);
  return renderAnalysisSummary(report, terminal.style(color));
}
