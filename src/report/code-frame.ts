import stringWidth from 'fast-string-width';
import type { LineIndex, Span } from '../base/source.ts';
import { printable } from './printable.ts';
import type { Places } from './sources.ts';
import type { Style } from './style.ts';

const TAB = '    ';
/** A line longer than this is shown around its span only. */
const MAX_LINE = 160;

interface Mark {
  readonly span: Span;
  readonly message: string;
  readonly primary: boolean;
}

/** One stretch of one line to underline. */
interface Underline {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly primary: boolean;
}

/**
 * The source around a finding, in the manner of rustc: the place, the lines with their numbers, carets under the span,
 * dashes under the labels. Labels in other files follow with places of their own.
 */
export function codeFrame(
  primary: Span,
  labels: readonly { readonly span: Span; readonly message: string }[],
  places: Places,
  style: Style,
  paint: (text: string) => string,
): string[] {
  const marks: Mark[] = [
    { span: primary, message: '', primary: true },
    ...labels.map((label) => ({ span: label.span, message: label.message, primary: false })),
  ];
  const uris = [...new Set(marks.map((mark) => mark.span.uri))];
  const underlines = new Map(
    uris.map((uri) => [uri, marks.filter((mark) => mark.span.uri === uri).flatMap((mark) => underlinesOf(mark, places.lines(uri)))]),
  );
  const lastLine = Math.max(...[...underlines.values()].flat().map((underline) => underline.line + 1));
  const gutter = ' '.repeat(String(lastLine).length);
  const bar = style.cyan('|');
  const output: string[] = [];
  for (const [position, uri] of uris.entries()) {
    const first = marks.find((mark) => mark.span.uri === uri) as Mark;
    const place = places.of(first.span);
    const arrow = position === 0 ? '-->' : ':::';
    output.push(`${gutter}${style.cyan(arrow)} ${printable(place.path)}:${place.line}:${place.column}`);
    if (places.sources.textOf(uri) === undefined) continue;
    output.push(`${gutter} ${bar}`);
    output.push(...frameOfFile(underlines.get(uri) as Underline[], places.lines(uri), gutter, style, paint));
  }
  return output;
}

function frameOfFile(
  underlines: readonly Underline[],
  lines: LineIndex,
  gutter: string,
  style: Style,
  paint: (text: string) => string,
): string[] {
  const bar = style.cyan('|');
  const output: string[] = [];
  const shown = [...new Set(underlines.map((underline) => underline.line))].sort((a, b) => a - b);
  for (const [position, line] of shown.entries()) {
    const before = shown[position - 1];
    if (before !== undefined && line === before + 2) output.push(sourceLine(line - 1, lines, 0, gutter, style));
    else if (before !== undefined && line > before + 2) output.push(style.cyan('...'));
    const here = underlines.filter((underline) => underline.line === line).sort((a, b) => Number(b.primary) - Number(a.primary));
    const offset = windowStart(lines.line(line), here[0] as Underline);
    output.push(sourceLine(line, lines, offset, gutter, style));
    for (const underline of here) {
      const text = lines.line(line);
      const lead = displayWidth(text.slice(offset, Math.max(offset, underline.from)));
      const width = Math.max(1, displayWidth(text.slice(Math.max(offset, underline.from), Math.min(underline.to, offset + MAX_LINE))));
      const drawn = (underline.primary ? '^' : '-').repeat(width);
      const message = underline.message === '' ? '' : ` ${printable(underline.message)}`;
      output.push(
        `${gutter} ${bar} ${' '.repeat(lead + (offset > 0 ? 3 : 0))}${underline.primary ? paint(drawn) : style.cyan(drawn + message)}`,
      );
    }
  }
  return output;
}

function sourceLine(line: number, lines: LineIndex, offset: number, gutter: string, style: Style): string {
  const text = lines.line(line);
  const cut = text.length > offset + MAX_LINE;
  const shown = `${offset > 0 ? '...' : ''}${expand(text.slice(offset, offset + MAX_LINE))}${cut ? '...' : ''}`;
  return `${style.cyan(String(line + 1).padStart(gutter.length))} ${style.cyan('|')} ${shown}`.trimEnd();
}

/** Where to begin a line that is too long to be shown in full. */
function windowStart(text: string, underline: Underline): number {
  if (text.length <= MAX_LINE || underline.to <= MAX_LINE) return 0;
  let start = Math.max(0, underline.from - 40);
  // Not between the halves of a surrogate pair.
  if (start > 0 && /[\udc00-\udfff]/.test(text[start] as string)) start--;
  return start;
}

/** A span over several lines is shown by its first and its last line. */
function underlinesOf(mark: Mark, lines: LineIndex): Underline[] {
  const start = lines.position(mark.span.start);
  const end = lines.position(Math.max(mark.span.start, mark.span.end));
  const { message, primary } = mark;
  if (start.line === end.line) return [{ line: start.line, from: start.column, to: end.column, message, primary }];
  const firstText = lines.line(start.line);
  const first: Underline = { line: start.line, from: start.column, to: Math.max(start.column + 1, firstText.length), message: '', primary };
  // A span that ends with a line break ends on the line before.
  const lastLine = end.column === 0 ? end.line - 1 : end.line;
  if (lastLine === start.line) return [{ ...first, message }];
  const lastText = lines.line(lastLine);
  const from = lastText.length - lastText.trimStart().length;
  const to = end.column === 0 ? lastText.length : end.column;
  return [first, { line: lastLine, from: Math.min(from, to), to, message, primary }];
}

function expand(text: string): string {
  return printable(text.replaceAll('\t', TAB));
}

function displayWidth(text: string): number {
  return stringWidth(expand(text));
}
