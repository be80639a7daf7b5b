import type { Diagnostic, Location, Range, TextEdit } from 'vscode-languageserver';
import type { Finding, TextEdit as FixEdit, Severity } from '../src/base/finding.ts';
import type { LineIndex, Span } from '../src/base/source.ts';
import type { Pages } from './pages.ts';

/** Finds the lines of a file; undefined for files that are not at hand. */
export type LinesOf = (uri: string) => LineIndex | undefined;

const severities: Record<Severity, 1 | 2 | 3 | 4> = { error: 1, warning: 2, information: 3, hint: 4 };

export function toRange(span: Pick<Span, 'start' | 'end'>, lines: LineIndex): Range {
  const start = lines.position(span.start);
  const end = lines.position(span.end);
  return { start: { line: start.line, character: start.column }, end: { line: end.line, character: end.column } };
}

export function toLocation(span: Span, linesOf: LinesOf): Location | undefined {
  const lines = linesOf(span.uri);
  return lines && { uri: span.uri, range: toRange(span, lines) };
}

export function toTextEdit(edit: FixEdit, lines: LineIndex): TextEdit {
  return { range: toRange(edit.span, lines), newText: edit.text };
}

/** A finding as the Problems view shows it: the sentence first, then why, what to do, notes and source. */
export function toDiagnostic(finding: Finding, linesOf: LinesOf, pages: Pages): Diagnostic | undefined {
  const lines = linesOf(finding.span.uri);
  if (!lines) return undefined;
  const text = [finding.message];
  if (finding.why) text.push(`Why: ${finding.why}`);
  for (const note of finding.notes ?? []) text.push(note);
  if (finding.help) text.push(`Help: ${finding.help}`);
  if (finding.source) text.push(`Source: ${finding.source}`);
  const related = (finding.labels ?? []).flatMap((label) => {
    const location = toLocation(label.span, linesOf);
    return location ? [{ location, message: label.message }] : [];
  });
  const link = pages.link(finding.code);
  return {
    range: toRange(finding.span, lines),
    severity: severities[finding.severity],
    code: finding.code,
    codeDescription: link === undefined ? undefined : { href: link },
    source: 'dsys',
    message: text.join('\n'),
    tags: finding.tags?.map((tag) => (tag === 'unnecessary' ? 1 : 2)),
    relatedInformation: related.length > 0 ? related : undefined,
  };
}
