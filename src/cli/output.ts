import type { Finding } from '../base/finding.ts';
import { renderGithub } from '../report/github.ts';
import { renderJson } from '../report/json.ts';
import { renderJunit } from '../report/junit.ts';
import { allFindings, type FileReport, type Report, type ScenarioReport } from '../report/report.ts';
import { renderSarif } from '../report/sarif.ts';
import { renderScenario, renderScenarioBriefly } from '../report/scenario-text.ts';
import { Places, type Sources } from '../report/sources.ts';
import { isShown, renderCards, renderFinding, renderSummary, type TextOptions } from '../report/text.ts';
import { renderVary, type VarySeries } from '../report/vary.ts';
import type { CommonOptions } from './command-line.ts';
import { ExitCode } from './exit-code.ts';
import { checkPage, toolVersion } from './installation.ts';
import type { Terminal } from './terminal.ts';

/**
 * Takes what a command finds, as it finds it. Text is printed at once; the other formats are one document, printed at the
 * end.
 */
export class Output {
  private readonly places: Places;
  private readonly text: TextOptions | null;
  private readonly files: FileReport[] = [];
  private readonly scenarios: ScenarioReport[] = [];
  private stopped: Report['stopped'] = 'no';

  constructor(
    private readonly terminal: Terminal,
    private readonly command: Report['command'],
    sources: Sources,
    private readonly options: Omit<CommonOptions, 'set'>,
  ) {
    this.places = new Places(sources);
    const { verbose, quiet } = options;
    this.text = options.format === 'text' ? { style: terminal.style(options.color), verbose, brief: command === 'test', quiet } : null;
  }

  file(file: FileReport): void {
    this.files.push(file);
    if (!this.text) return;
    this.printFindings(file);
    if (this.text.verbose) this.terminal.print(renderCards(file, this.text.style));
  }

  /** What a run says of a file that was reported before. */
  late(uri: string, findings: readonly Finding[]): void {
    if (findings.length === 0) return;
    const index = this.files.findIndex((file) => file.uri === uri);
    const before = this.files[index];
    if (before) this.files[index] = { ...before, findings: [...before.findings, ...findings] };
    else this.files.push({ uri, findings, cards: [] });
    this.printFindings({ findings });
  }

  scenario(scenario: ScenarioReport): void {
    this.scenarios.push(scenario);
    const { text, command } = this;
    if (!text) return;
    if (command === 'test' && scenario.result.passed && !text.verbose) {
      if (!text.quiet) this.terminal.print(renderScenarioBriefly(scenario, text.style));
    } else if (!text.quiet || !scenario.result.passed) {
      this.terminal.print(`${renderScenario(scenario, this.places, text.style)}${command === 'run' ? '\n' : ''}`);
    }
    this.printFindings(scenario.result);
  }

  /** What a scenario under `vary` comes to; for text, the other formats have every value's result. */
  vary(series: VarySeries): void {
    if (this.text && !this.text.quiet) this.terminal.print(`${renderVary(series, this.text.style)}\n`);
  }

  stop(why: Report['stopped']): void {
    if (this.stopped !== 'cancelled') this.stopped = why === 'no' ? this.stopped : why;
  }

  /** Prints what is left, and gives the exit code. */
  finish(): number {
    const { command, files, scenarios, stopped } = this;
    const report: Report = { command, version: toolVersion(), files, scenarios, stopped };
    this.terminal.print(this.document(report));
    if (stopped !== 'no') return ExitCode.stopped;
    const failed =
      allFindings(report).some(({ finding }) => finding.severity === 'error') || scenarios.some(({ result }) => !result.passed);
    return failed ? ExitCode.specification : ExitCode.good;
  }

  private document(report: Report): string {
    switch (this.options.format) {
      case 'text':
        return this.text && !this.text.quiet ? renderSummary(report, this.text) : '';
      case 'json':
        return renderJson(report, this.places);
      case 'sarif':
        return renderSarif(report, this.places, checkPage);
      case 'junit':
        return renderJunit(report, this.places);
      case 'github':
        return renderGithub(report, this.places);
    }
  }

  private printFindings({ findings }: Pick<FileReport, 'findings'>): void {
    const { text } = this;
    if (!text) return;
    for (const finding of findings) if (isShown(finding, text)) this.terminal.print(renderFinding(finding, this.places, text.style));
  }
}
