import { createHash } from 'node:crypto';
import type { Finding, Fix, Severity } from '../base/finding.ts';
import type { Span } from '../base/source.ts';
import type { ScenarioResult } from '../simulator/result.ts';
import { allFindings, placeForUser, type Report, reducedRunOf, scenarioName } from './report.ts';
import type { Places } from './sources.ts';
import { eventsBefore } from './trace-text.ts';
import { describeWitness } from './witness.ts';

/** The page of a code in Markdown, from docs/checks; undefined where there is none. */
export type Documentation = (code: string) => string | undefined;

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

/** Steps of a counterexample to show: what a reader follows, not the whole run. */
const MAX_FLOW_STEPS = 50;

/** A report as SARIF 2.1.0 (OASIS), for code scanning. */
export function renderSarif(report: Report, places: Places, documentation: Documentation): string {
  const findings = allFindings(report);
  const codes = [...new Set(findings.map(({ finding }) => finding.code))].sort();
  const fingerprints = new Fingerprints(places);
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'dsys',
            version: report.version,
            semanticVersion: report.version,
            rules: codes.map((code) => ruleOf(code, documentation(code), findings)),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The folder in which dsys was started.' } } },
        invocations: [{ executionSuccessful: report.stopped === 'no' }],
        results: findings.map(({ finding, scenario }) => ({
          ruleId: finding.code,
          ruleIndex: codes.indexOf(finding.code),
          level: levels[finding.severity],
          message: { text: messageOf(finding) },
          locations: [{ physicalLocation: physical(placeForUser(finding, scenario), places) }],
          ...nonEmpty('relatedLocations', relatedLocations(finding, scenario, places)),
          partialFingerprints: { 'dsysFinding/v1': fingerprints.of(finding) },
          ...nonEmpty(
            'fixes',
            (finding.fixes ?? []).filter((fix) => fix.edits.length > 0).map((fix) => fixOf(fix, places)),
          ),
          ...nonEmpty('codeFlows', codeFlows(finding, scenario, places)),
          properties: propertiesOf(finding, scenario, report),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, (_key, value) => (typeof value === 'number' && !Number.isFinite(value) ? null : value), 2)}\n`;
}

type Found = ReturnType<typeof allFindings>;

function ruleOf(code: string, page: string | undefined, findings: Found): object {
  const title = /^#\s*(?:DS\d+\s*[:—-]?\s*)?(.+)$/m.exec(page ?? '')?.[1] ?? code;
  const worst = (['error', 'warning', 'information', 'hint'] as const).find((severity) =>
    findings.some(({ finding }) => finding.code === code && finding.severity === severity),
  );
  return {
    id: code,
    shortDescription: { text: title },
    ...(page === undefined ? {} : { help: { text: page, markdown: page } }),
    defaultConfiguration: { level: levels[worst ?? 'warning'] },
  };
}

/** What is wrong, why, what shows it, what to do: viewers show one text. */
function messageOf(finding: Finding): string {
  return [
    sentence(finding.message),
    finding.why && sentence(finding.why),
    finding.witness && sentence(`Witness: ${describeWitness(finding.witness)}`),
    ...(finding.notes ?? []).map(sentence),
    finding.help && sentence(finding.help),
    finding.source && `Source: ${sentence(finding.source)}`,
  ]
    .filter((text) => text !== undefined && text !== '')
    .join(' ');
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

function relatedLocations(finding: Finding, scenario: ScenarioResult | null, places: Places): object[] {
  const own = placeForUser(finding, scenario) === finding.span ? [] : [{ span: finding.span, message: 'declared here' }];
  return [...own, ...(finding.labels ?? [])].map((label, index) => ({
    id: index + 1,
    physicalLocation: physical(label.span, places),
    message: { text: label.message },
  }));
}

function physical(span: Span, places: Places): object {
  const place = places.of(span);
  return {
    artifactLocation: artifact(span.uri, places),
    region: { startLine: place.line, startColumn: place.column, endLine: place.endLine, endColumn: place.endColumn },
  };
}

/** Files below the working folder are relative to %SRCROOT%; all others keep their own URI. */
function artifact(uri: string, places: Places): object {
  const path = places.sources.pathOf(uri);
  const isRelative = !path.startsWith('/') && !/^[a-z][a-z0-9+.-]*:/i.test(path) && !path.startsWith('..');
  if (!isRelative) return { uri };
  return { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}

function fixOf(fix: Fix, places: Places): object {
  const uris = [...new Set(fix.edits.map((edit) => edit.span.uri))];
  return {
    description: { text: fix.title },
    artifactChanges: uris.map((uri) => ({
      artifactLocation: artifact(uri, places),
      replacements: fix.edits
        .filter((edit) => edit.span.uri === uri)
        .map((edit) => {
          const place = places.of(edit.span);
          return {
            deletedRegion: { startLine: place.line, startColumn: place.column, endLine: place.endLine, endColumn: place.endColumn },
            insertedContent: { text: edit.text },
          };
        }),
    })),
  };
}

/** The last events of the run that shows the finding. */
function codeFlows(finding: Finding, scenario: ScenarioResult | null, places: Places): object[] {
  const run = scenario?.shown;
  if (!run?.trace || finding.witness?.kind !== 'run' || finding.witness.seed !== run.seed) return [];
  const { time } = finding.witness;
  const violation = run.violations.find((candidate) => candidate.time === time);
  const steps = eventsBefore(run.trace, violation?.event ?? -1, time, MAX_FLOW_STEPS);
  if (steps.length === 0) return [];
  const location = (text: string) => ({ physicalLocation: physical(finding.span, places), message: { text } });
  const locations = steps.map((step) => ({ location: location(`${step.time}  ${step.node}  ${step.text}`) }));
  return [{ message: { text: `The last events of seed ${run.seed}` }, threadFlows: [{ locations }] }];
}

function propertiesOf(finding: Finding, scenario: ScenarioResult | null, report: Report): object {
  const reduced = reducedRunOf(report, finding);
  return {
    severity: finding.severity,
    ...(finding.witness ? { witness: finding.witness } : {}),
    ...(finding.numbers ? { numbers: finding.numbers } : {}),
    ...(scenario ? { scenario: scenarioName(scenario) } : {}),
    ...(reduced ? { reduced } : {}),
  };
}

function nonEmpty<T>(key: string, list: readonly T[]): Record<string, readonly T[]> {
  return list.length === 0 ? {} : { [key]: list };
}

/**
 * Tells a finding from others when lines above it move: by code, file, the text of its line and how many of the same came
 * before, not by line numbers or measured values.
 */
class Fingerprints {
  private readonly seen = new Map<string, number>();

  constructor(private readonly places: Places) {}

  of(finding: Finding): string {
    const place = this.places.of(finding.span);
    const text = this.places.lines(finding.span.uri).line(place.line - 1);
    const base = [finding.code, place.path, text.replace(/\s+/g, ' ').trim()].join('\u0000');
    const count = this.seen.get(base) ?? 0;
    this.seen.set(base, count + 1);
    return createHash('sha256').update(`${base}\u0000${count}`).digest('hex').slice(0, 32);
  }
}
