import type { ResilienceCard } from '../analysis/resilience.ts';
import type { Finding } from '../base/finding.ts';
import type { Span } from '../base/source.ts';
import type { ScenarioResult } from '../simulator/result.ts';

/** What a command found, before it is text, JSON, SARIF, JUnit or annotations. Every renderer takes exactly this. */
export interface Report {
  readonly command: 'check' | 'run' | 'test';
  /** Version of dsys. */
  readonly version: string;
  /** In the order in which they are shown. */
  readonly files: readonly FileReport[];
  readonly scenarios: readonly ScenarioReport[];
  /** Whether a limit or the user ended it before everything was looked at. */
  readonly stopped: 'no' | 'limit' | 'cancelled';
}

export interface FileReport {
  readonly uri: string;
  /** What the checks say; what runs say stands in `Report.scenarios`. */
  readonly findings: readonly Finding[];
  readonly cards: readonly { readonly system: string; readonly card: ResilienceCard }[];
}

export interface ScenarioReport {
  readonly result: ScenarioResult;
  /** The command that shows the seed to look at again. */
  readonly repeat: string;
  /** For each of the result's reduced runs the command that shows it, once its scenario stands in the file. */
  readonly shrunk?: readonly string[];
}

export interface Counts {
  readonly error: number;
  readonly warning: number;
  readonly information: number;
  readonly hint: number;
}

/** The run that a finding's was reduced to, as a scenario, and the command that runs it there; null where there is none. */
export function reducedRunOf(report: Report, finding: Finding): { readonly scenario: string; readonly command: string | null } | null {
  for (const { result, shrunk } of report.scenarios) {
    const index = (result.shrunk ?? []).findIndex((reduced) => reduced.finding !== null && result.findings[reduced.finding] === finding);
    const reduced = result.shrunk?.[index];
    if (reduced) return { scenario: reduced.text, command: shrunk?.[index] ?? null };
  }
  return null;
}

/** All findings of a report: those of the checks file by file, then those of the runs. */
export function allFindings(report: Report): readonly { readonly finding: Finding; readonly scenario: ScenarioResult | null }[] {
  return [
    ...report.files.flatMap((file) => file.findings.map((finding) => ({ finding, scenario: null }))),
    ...report.scenarios.flatMap(({ result }) => result.findings.map((finding) => ({ finding, scenario: result }))),
  ];
}

/** Where a finding is shown that must stand in a file of the user's: of one in the library, the scenario that brought it up. */
export function placeForUser(finding: Finding, scenario: ScenarioResult | null): Span {
  return scenario === null || finding.span.uri.startsWith('file:') ? finding.span : scenario.span;
}

export function countFindings(findings: readonly Finding[]): Counts {
  const counts = { error: 0, warning: 0, information: 0, hint: 0 };
  for (const finding of findings) counts[finding.severity]++;
  return counts;
}

/** `Bank.LeaderCrash [n = 4]` */
export function scenarioName(result: ScenarioResult): string {
  return `${result.system}.${result.scenario}${result.variant === null ? '' : ` [${result.variant}]`}`;
}
