import type { Finding, Severity } from '../base/finding.ts';
import { codeFrame } from './code-frame.ts';
import { printable } from './printable.ts';
import { allFindings, type Counts, countFindings, type FileReport, type Report } from './report.ts';
import type { Places } from './sources.ts';
import type { Style } from './style.ts';
import { plural } from './units.ts';
import { describeWitness } from './witness.ts';

export interface TextOptions {
  readonly style: Style;
  /** Hints are shown only to those who ask. */
  readonly verbose: boolean;
  /** Errors and warnings only. */
  readonly brief: boolean;
  /** Errors only. */
  readonly quiet: boolean;
}

const words: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', information: 'info', hint: 'hint' };

const order: readonly Severity[] = ['error', 'warning', 'information'];

/** A finding as a block of text that ends with an empty line. */
export function renderFinding(finding: Finding, places: Places, style: Style): string {
  const paint = painter(finding.severity, style);
  const head = `${paint(style.bold(`${words[finding.severity]}[${finding.code}]`))}${style.bold(`: ${printable(finding.message)}`)}`;
  const lines = [head, ...codeFrame(finding.span, finding.labels ?? [], places, style, paint)];
  const gutter = ' '.repeat(/^ */.exec(lines[1] as string)?.[0].length ?? 1);
  const trailer: string[] = [];
  const add = (name: string, text: string | undefined): void => {
    if (text !== undefined && text !== '') trailer.push(...entry(name, text, gutter, style));
  };
  add('why', finding.why);
  add('witness', finding.witness && describeWitness(finding.witness));
  for (const note of finding.notes ?? []) add('note', note);
  if (!fixesSayIt(finding)) add('help', finding.help);
  for (const fix of finding.fixes ?? []) add('fix', fix.title + fixPreview(finding, fix.edits, places));
  add('source', finding.source?.replace(/\s+/g, ' '));
  if (trailer.length > 0) trailer.unshift(`${gutter} ${style.cyan('|')}`);
  return `${[...lines, ...trailer].join('\n')}\n\n`;
}

/** Whether a finding is shown under these options. */
export function isShown(finding: Finding, options: TextOptions): boolean {
  if (options.quiet) return finding.severity === 'error';
  if (options.verbose || finding.severity === 'error' || finding.severity === 'warning') return true;
  return finding.severity === 'information' && !options.brief;
}

/** The last lines: what was found, and where to read on. */
export function renderSummary(report: Report, options: TextOptions): string {
  const findings = allFindings(report).map(({ finding }) => finding);
  const { style } = options;
  const counts = countFindings(findings);
  const lines: string[] = [];
  const worst = order.flatMap((severity) => findings.filter((finding) => finding.severity === severity && isShown(finding, options)))[0];
  if (worst) lines.push(style.dim(`More about a finding: dsys explain ${worst.code}`));
  const failed = report.scenarios.filter(({ result }) => !result.passed).length;
  if (report.scenarios.length > 0) {
    const passed = report.scenarios.length - failed;
    const text = `${plural(passed, 'scenario')} passed, ${failed} failed`;
    lines.push(failed > 0 ? style.red(text) : style.green(text));
  }
  if (report.command !== 'run' || report.files.length > 0) {
    const problems = describeCounts(counts);
    const text = `${plural(report.files.length, 'file')} checked: ${problems === '' ? 'no problems' : problems}`;
    lines.push(counts.error > 0 ? style.red(text) : counts.warning > 0 ? style.yellow(text) : style.green(text));
  }
  if (report.stopped === 'limit') lines.push(style.yellow('Stopped by a limit: what is shown is not all.'));
  if (report.stopped === 'cancelled') lines.push(style.yellow('Stopped: what is shown is not all.'));
  return `${lines.join('\n')}\n`;
}

export function describeCounts(counts: Counts): string {
  return [
    counts.error > 0 ? plural(counts.error, 'error') : '',
    counts.warning > 0 ? plural(counts.warning, 'warning') : '',
    counts.information > 0 ? plural(counts.information, 'info', 'infos') : '',
  ]
    .filter((text) => text !== '')
    .join(', ');
}

function painter(severity: Severity, style: Style): (text: string) => string {
  return { error: style.red, warning: style.yellow, information: style.blue, hint: style.green }[severity];
}

/** ` = note: text`, further lines of it indented below. */
function entry(name: string, text: string, gutter: string, style: Style): string[] {
  const indent = `${gutter} ${' '.repeat(name.length + 4)}`;
  return printable(text)
    .split('\n')
    .map((line, index) => (index === 0 ? `${gutter} ${style.cyan('=')} ${style.bold(`${name}:`)} ${line}` : `${indent}${line}`));
}

/** Whether the help only repeats the fixes, which say where as well. */
function fixesSayIt({ help = '', fixes = [] }: Finding): boolean {
  const rest = fixes.reduce((text, fix) => text.replace(fix.title.toLowerCase(), ''), help.toLowerCase());
  return fixes.length > 0 && /^[\s.,;]*(or)?[\s.,;]*$/.test(rest);
}

/** ` (line 4: \`[3]\` → \`[5]\`)` for a fix that changes one short stretch. */
function fixPreview(finding: Finding, edits: readonly { readonly span: Finding['span']; readonly text: string }[], places: Places): string {
  const [edit] = edits;
  if (!edit || edits.length !== 1) return '';
  const old = places.sources.textOf(edit.span.uri)?.slice(edit.span.start, edit.span.end) ?? '';
  if (old.length > 40 || edit.text.length > 40 || /\n/.test(old + edit.text)) return '';
  const place = places.of(edit.span);
  const where = edit.span.uri === finding.span.uri ? `line ${place.line}` : `${place.path}:${place.line}`;
  if (old === '') return ` (${where}: insert \`${edit.text.trim()}\`)`;
  return edit.text === '' ? ` (${where}: remove \`${old}\`)` : ` (${where}: \`${old}\` → \`${edit.text}\`)`;
}

/** What each deployment of a file survives. */
export function renderCards({ cards }: FileReport, style: Style): string {
  if (cards.length === 0) return '';
  const lines = cards.map(({ system, card }) => {
    const under = card.faultModel === null ? '' : ` under ${card.faultModel}`;
    const head = `${style.bold(printable(`${system}: ${card.protocol}${under}`))}: ${printable(card.summary)}`;
    const requirements = card.requirements.map((requirement) => {
      const sign =
        requirement.holds === true ? style.green('holds') : requirement.holds === false ? style.red('broken') : style.yellow('undecided');
      return `  ${sign}  ${requirement.kind} ${printable(requirement.text)}${requirement.detail === '' ? '' : `: ${printable(requirement.detail)}`}`;
    });
    return [head, ...requirements].join('\n');
  });
  return `${lines.join('\n')}\n\n`;
}
