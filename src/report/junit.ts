import type { Finding } from '../base/finding.ts';
import { sizesText } from '../simulator/shrink/report.ts';
import { printable } from './printable.ts';
import { type FileReport, type Report, type ScenarioReport, scenarioName } from './report.ts';
import type { Places } from './sources.ts';
import { describeWitness } from './witness.ts';

interface Case {
  readonly name: string;
  /** One line for a list of failures, and the text below it; null when it passed. */
  readonly failure: { readonly message: string; readonly type: string; readonly text: string } | null;
  /** Not the specification's fault: stopped by a limit or the user. */
  readonly error: string | null;
  readonly output: string;
}

/** A report as JUnit XML: a suite a file, a case for its checks and one a scenario. */
export function renderJunit(report: Report, places: Places): string {
  const suites = report.files.map((file) => ({
    name: places.sources.pathOf(file.uri),
    cases: [
      checkCase(file, places),
      ...report.scenarios.filter(({ result }) => result.uri === file.uri).map((scenario) => scenarioCase(scenario, places)),
    ],
  }));
  const all = suites.flatMap((suite) => suite.cases);
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites name="dsys"${totals(all)}>`];
  for (const suite of suites) {
    lines.push(`  <testsuite name="${xml(suite.name)}"${totals(suite.cases)}>`);
    for (const testCase of suite.cases) lines.push(...caseLines(testCase, suite.name));
    lines.push('  </testsuite>');
  }
  lines.push('</testsuites>');
  return `${lines.join('\n')}\n`;
}

function totals(cases: readonly Case[]): string {
  const failures = cases.filter((testCase) => testCase.failure !== null).length;
  const errors = cases.filter((testCase) => testCase.failure === null && testCase.error !== null).length;
  return ` tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="0"`;
}

function caseLines(testCase: Case, file: string): string[] {
  const head = `    <testcase name="${xml(testCase.name)}" classname="${xml(file)}" file="${xml(file)}"`;
  const body: string[] = [];
  const { failure, error, output } = testCase;
  if (failure) body.push(`      <failure message="${xml(failure.message)}" type="${xml(failure.type)}">${xml(failure.text)}</failure>`);
  else if (error !== null) body.push(`      <error message="${xml(error)}" type="stopped"/>`);
  if (output !== '') body.push(`      <system-out>${xml(output)}</system-out>`);
  return body.length === 0 ? [`${head}/>`] : [`${head}>`, ...body, '    </testcase>'];
}

function checkCase(file: FileReport, places: Places): Case {
  const errors = file.findings.filter((finding) => finding.severity === 'error');
  const others = file.findings.filter((finding) => finding.severity === 'warning');
  return {
    name: 'check',
    failure: failureOf(errors, places),
    error: null,
    output: others.map((finding) => oneFinding(finding, places)).join('\n'),
  };
}

function scenarioCase({ result, repeat, shrunk = [] }: ScenarioReport, places: Places): Case {
  const errors = result.findings.filter((finding) => finding.severity === 'error');
  const failed = result.verdicts.filter((verdict) => !verdict.passed);
  const verdicts = result.verdicts.map((verdict) => `${verdict.passed ? 'pass' : 'FAIL'} ${verdict.text}: ${verdict.detail}`);
  const output = [
    ...verdicts,
    `seeds: ${result.runs.length}`,
    ...(result.shown ? [`seed ${result.shown.seed} has digest ${result.shown.digest}`] : []),
    `repeat: ${repeat}`,
    ...(result.shrunk ?? []).flatMap(({ failure, text, ...sizes }, index) => [
      `reduced, ${failure}: ${sizesText(sizes)}`,
      text,
      ...(shrunk[index] === undefined ? [] : [`put it into the system and run ${shrunk[index]}`]),
    ]),
  ];
  const failure =
    result.passed || (errors.length === 0 && failed.length === 0)
      ? null
      : (failureOf(errors, places) ?? {
          message: failed.map((verdict) => `${verdict.text}: ${verdict.detail}`).join('; '),
          type: 'verdict',
          text: '',
        });
  return {
    name: scenarioName(result),
    failure: failure && { ...failure, text: `${failure.text}\nrepeat: ${repeat}`.trim() },
    error: result.stopped === 'no' ? null : result.stopped === 'limit' ? 'stopped by a limit' : 'stopped by the user',
    output: output.join('\n'),
  };
}

function failureOf(errors: readonly Finding[], places: Places): Case['failure'] {
  const [first] = errors;
  if (!first) return null;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return { message: `${first.message}${more}`, type: first.code, text: errors.map((finding) => oneFinding(finding, places)).join('\n\n') };
}

function oneFinding(finding: Finding, places: Places): string {
  const place = places.of(finding.span);
  return [
    `${place.path}:${place.line}:${place.column}: ${finding.severity}[${finding.code}]: ${finding.message}`,
    finding.why && `why: ${finding.why}`,
    finding.witness && `witness: ${describeWitness(finding.witness)}`,
    ...(finding.notes ?? []).map((note) => `note: ${note}`),
    finding.help && `help: ${finding.help}`,
    finding.source && `source: ${finding.source}`,
  ]
    .filter((line) => line !== undefined && line !== '')
    .join('\n');
}

/** For attributes and text alike. XML 1.0 has no way to write most control characters, so they are made visible first. */
function xml(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\t', '&#9;');
}
