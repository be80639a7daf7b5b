import stringWidth from 'fast-string-width';
import type { CardRow, CardSection } from '../analysis/card/section.ts';
import type { DeploymentCard } from '../pipeline/api.ts';
import { type AnalysisReport, cardTitle, headlinesOf, type Repeats } from './analysis.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';
import { plural } from './units.ts';
import { wrapped } from './wrap.ts';

export interface AnalysisTextOptions {
  readonly style: Style;
  /** Also assumptions and sources. */
  readonly verbose: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** The first column grows to this width and to this share of the terminal; a longer label stands on a line of its own. */
const labelWidthMax = 38;
const labelShareMax = 0.45;
/** On a narrow terminal text gets at least so many columns, and the terminal wraps it. */
const textWidthMin = 24;

/** A card as a block of text that ends with an empty line. */
export function renderCardText(card: DeploymentCard, repeats: Repeats, options: AnalysisTextOptions): string {
  const { style, width } = options;
  const lines = wrapped(printable(cardTitle(card)), width).map((line) => style.bold(line));
  const headlines = headlinesOf(card);
  if (headlines.length > 0) lines.push(...wrapped(printable(headlines.join(' · ')), width - 2).map((line) => `  ${style.cyan(line)}`));
  if (card.sections.length === 0) lines.push(`  ${style.dim('nothing to say: its protocol asks nothing of a deployment')}`);
  for (const section of card.sections) {
    const before = repeats.of(card, section);
    if (before === null) lines.push('', `  ${style.bold(printable(section.title))}`, ...sectionLines(section, options));
    else lines.push('', `  ${style.bold(printable(section.title))} ${style.dim(printable(`as under \`${before}\``))}`);
  }
  return `${lines.join('\n')}\n\n`;
}

function sectionLines(section: CardSection, options: AnalysisTextOptions): string[] {
  const most = Math.min(labelWidthMax, Math.floor(options.width * labelShareMax));
  const widths = section.rows.map(({ label }) => stringWidth(printable(label))).filter((width) => width <= most);
  const labelWidth = Math.max(0, ...widths);
  const lines = section.rows.flatMap((row) => rowLines(row, labelWidth, options));
  if (!options.verbose) return lines;
  return [
    ...lines,
    ...section.assumptions.flatMap((text) => aside('assumes', text, options)),
    ...section.sources.flatMap((text) => aside('source', text, options)),
  ];
}

function rowLines({ label, value, notes = [] }: CardRow, labelWidth: number, { style, width }: AnalysisTextOptions): string[] {
  const name = printable(label);
  const indent = ' '.repeat(4 + labelWidth + 2);
  const room = Math.max(textWidthMin, width - indent.length);
  const texts = [
    ...wrapped(printable(value), room).map((line, index) => (index === 0 ? painted(line, style) : line)),
    ...notes.flatMap((note) => wrapped(printable(note), room).map((line) => style.dim(line))),
  ];
  const [first = '', ...rest] = texts;
  const fits = stringWidth(name) <= labelWidth;
  const head = fits
    ? [`    ${name}${' '.repeat(labelWidth - stringWidth(name))}  ${first}`]
    : [...wrapped(name, width - 4).map((line) => `    ${line}`), `${indent}${first}`];
  return [...head, ...rest.map((line) => `${indent}${line}`)].map((line) => line.trimEnd());
}

/** Verdicts have colours; numbers speak for themselves. */
function painted(text: string, style: Style): string {
  return text.replace(/^(holds|does not hold|undecided)(?=:|$)/, (word) =>
    word === 'holds' ? style.green(word) : word === 'undecided' ? style.yellow(word) : style.red(word),
  );
}

function aside(word: string, text: string, { style, width }: AnalysisTextOptions): string[] {
  const indent = ' '.repeat(4 + word.length + 2);
  return wrapped(printable(text), Math.max(textWidthMin, width - indent.length)).map((line, index) =>
    style.dim(index === 0 ? `    ${word}: ${line}` : `${indent}${line}`),
  );
}

/** The last line: what was looked at. */
export function renderAnalysisSummary({ files, stopped }: AnalysisReport, style: Style): string {
  const cards = files.reduce((sum, file) => sum + file.cards.length, 0);
  const lines = [`${plural(files.length, 'file')} analysed: ${plural(cards, 'card')}`];
  if (stopped === 'limit') lines.push(style.yellow('Stopped by a limit: what is shown is not all.'));
  if (stopped === 'cancelled') lines.push(style.yellow('Stopped: what is shown is not all.'));
  return `${lines.join('\n')}\n`;
}
