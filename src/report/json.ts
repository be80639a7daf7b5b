import type { Finding, Label, TextEdit } from '../base/finding.ts';
import type { Span } from '../base/source.ts';
import type { ScenarioResult } from '../simulator/result.ts';
import { allFindings, countFindings, type Report } from './report.ts';
import type { Places } from './sources.ts';

/**
 * A report as JSON. The shape is documented in docs/formats.md: fields are added, never changed or removed, while
 * `version` stays.
 */
export function renderJson(report: Report, places: Places): string {
  const findings = allFindings(report);
  const document = {
    format: 'dsys-report',
    version: 1,
    tool: { name: 'dsys', version: report.version },
    command: report.command,
    stopped: report.stopped,
    summary: {
      ...countFindings(findings.map(({ finding }) => finding)),
      scenariosPassed: report.scenarios.filter(({ result }) => result.passed).length,
      scenariosFailed: report.scenarios.filter(({ result }) => !result.passed).length,
    },
    files: report.files.map((file) => ({ path: places.sources.pathOf(file.uri), deployments: file.cards.map(cardOf) })),
    findings: findings.map(({ finding, scenario }) => findingOf(finding, scenario, places)),
    scenarios: report.scenarios.map(({ result, repeat, shrunk }) => ({
      ...resultOf(result, places),
      repeat,
      shrunk: shrunkOf(result, shrunk ?? []),
    })),
  };
  return `${JSON.stringify(document, finiteOnly, 2)}\n`;
}

/** JSON has no infinities: they become null, as documented. */
export function finiteOnly(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

function cardOf({ system, card }: Report['files'][number]['cards'][number]): object {
  const { protocol, faultModel, summary, numbers, requirements } = card;
  return { system, protocol, faultModel, summary, numbers, requirements };
}

/** Reduced runs; empty where there are none. */
function shrunkOf({ shrunk = [], findings }: ScenarioResult, commands: readonly string[]): object[] {
  return shrunk.map(({ finding, ...report }, index) => ({
    code: finding === null ? null : (findings[finding]?.code ?? null),
    ...report,
    command: commands[index] ?? null,
  }));
}

function findingOf(finding: Finding, scenario: ScenarioResult | null, places: Places): object {
  return {
    code: finding.code,
    severity: finding.severity,
    message: finding.message,
    ...locationOf(finding.span, places),
    why: finding.why ?? null,
    help: finding.help ?? null,
    source: finding.source ?? null,
    notes: finding.notes ?? [],
    labels: (finding.labels ?? []).map((label: Label) => ({ message: label.message, ...locationOf(label.span, places) })),
    witness: finding.witness ?? null,
    numbers: finding.numbers ?? {},
    tags: finding.tags ?? [],
    fixes: (finding.fixes ?? []).map((fix) => ({
      title: fix.title,
      preferred: fix.preferred ?? false,
      edits: fix.edits.map((edit: TextEdit) => ({ ...locationOf(edit.span, places), text: edit.text })),
    })),
    scenario: scenario && { system: scenario.system, scenario: scenario.scenario, variant: scenario.variant },
  };
}

function resultOf(result: ScenarioResult, places: Places): object {
  const { shown } = result;
  return {
    system: result.system,
    scenario: result.scenario,
    variant: result.variant,
    faultModel: result.faultModel,
    ...locationOf(result.span, places),
    passed: result.passed,
    stopped: result.stopped,
    verdicts: result.verdicts.map((verdict) => ({
      text: verdict.text,
      kind: verdict.kind,
      passed: verdict.passed,
      detail: verdict.detail,
      seed: verdict.seed,
      rate: verdict.rate ?? null,
      measured: verdict.measured ?? [],
      ...locationOf(verdict.span, places),
    })),
    runs: result.runs,
    coverage: result.coverage
      ? {
          ...result.coverage,
          items: result.coverage.items.map(({ span, never: _, ...item }) => ({ ...item, ...locationOf(span, places) })),
        }
      : null,
    shown: shown && {
      seed: shown.seed,
      digest: shown.digest,
      end: shown.end,
      steps: shown.steps,
      delivered: shown.delivered,
      error: shown.error && { ...withoutSpan(shown.error), ...locationOf(shown.error.span, places) },
      violations: shown.violations.map((violation) => ({ ...withoutSpan(violation), ...locationOf(violation.span, places) })),
      expectations: shown.expectations,
      metrics: shown.metrics,
    },
  };
}

function withoutSpan<T extends { readonly span: Span }>({ span: _, ...rest }: T): Omit<T, 'span'> {
  return rest;
}

/** Lines and columns from 1, columns in UTF-16 units, the end excluded; offsets from 0. */
function locationOf(span: Span, places: Places): object {
  const place = places.of(span);
  return {
    path: place.path,
    range: {
      start: { line: place.line, column: place.column, offset: span.start },
      end: { line: place.endLine, column: place.endColumn, offset: span.end },
    },
  };
}
