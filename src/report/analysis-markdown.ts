import type { CardSection } from '../analysis/card/section.ts';
import type { DeploymentCard } from '../pipeline/api.ts';
import { type AnalysisReport, type AnalyzedFile, cardTitle, headlinesOf, Repeats } from './analysis.ts';
import { markdownCell, markdownText } from './markdown.ts';
import type { Sources } from './sources.ts';
import { plural } from './units.ts';

/** An analysis as Markdown that reads well on GitHub: a heading a card, a table a section. */
export function renderAnalysisMarkdown(report: AnalysisReport, sources: Sources): string {
  const blocks = report.files.flatMap((file) => fileBlocks(file, sources));
  if (report.stopped !== 'no') blocks.push(`**Stopped${report.stopped === 'limit' ? ' by a limit' : ''}: what is shown is not all.**`);
  blocks.push(`<sub>dsys ${report.version}, effort ${report.effort}</sub>`);
  return `${blocks.join('\n\n')}\n`;
}

function fileBlocks(file: AnalyzedFile, sources: Sources): string[] {
  const repeats = new Repeats();
  const blocks = [`# \`${sources.pathOf(file.uri)}\``];
  if (file.errors > 0) blocks.push(`**The checks report ${plural(file.errors, 'error')} in this file.**`);
  if (file.cards.length === 0) blocks.push('Nothing to analyse: no system that can be expanded runs a protocol.');
  return [...blocks, ...file.cards.flatMap((card) => cardBlocks(card, repeats))];
}

function cardBlocks(card: DeploymentCard, repeats: Repeats): string[] {
  const blocks = [`## ${markdownText(cardTitle(card))}`];
  const headlines = headlinesOf(card);
  if (headlines.length > 0) blocks.push(`**${markdownText(headlines.join(' · '))}**`);
  return [...blocks, ...card.sections.flatMap((section) => sectionBlocks(section, repeats.of(card, section)))];
}

function sectionBlocks(section: CardSection, before: string | null): string[] {
  const title = `### ${markdownText(section.title)}`;
  if (before !== null) return [title, `As under \`${before}\`.`];
  const rows = section.rows.map(({ label, value, notes = [] }) => {
    const cell = [markdownCell(value), ...notes.map((note) => `<sub>${markdownCell(note)}</sub>`)].join('<br>');
    return `| ${markdownCell(label)} | ${cell} |`;
  });
  const blocks = [title, ['| | |', '|---|---|', ...rows].join('\n')];
  const asides = [
    ...section.assumptions.map((text) => `- Assumes: ${markdownText(text)}`),
    ...section.sources.map((text) => `- Source: ${markdownText(text)}`),
  ];
  return asides.length === 0 ? blocks : [...blocks, asides.join('\n')];
}
