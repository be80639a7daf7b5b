import type { CardRow, CardSection } from '../src/analysis/card/section.ts';
import type { ResilienceCard } from '../src/analysis/resilience.ts';
import type { DeploymentCard } from '../src/pipeline/api.ts';
import { headlinesOf } from '../src/report/analysis.ts';
import { markdownText } from '../src/report/markdown.ts';

/** A hover that needs scrolling is not read. */
const linesMax = 32;
const rowsMax = 6;

/** A card under one fault model with the verdict on it. */
export interface CardUnderModel {
  /** The quick verdict, which is always there. */
  readonly verdict: ResilienceCard;
  /** Undefined until it has been computed. */
  readonly card: DeploymentCard | undefined;
}

/**
 * One deployment as Markdown for a hover: the verdict under each fault model, what fails, then the sections under the worst
 * of the models as short lists.
 */
export function cardMarkdown(models: readonly CardUnderModel[]): string {
  const worst = worstOf(models);
  const blocks = models.map((model) => verdictBlock(model, model === worst));
  let left = linesMax - blocks.join('\n\n').split('\n').length;
  let folded = 0;
  for (const section of worst?.card?.sections ?? []) {
    const lines = sectionLines(section);
    if (lines.length === 0) continue;
    left -= lines.length + 1;
    if (left < 0) folded++;
    else blocks.push(lines.join('\n'));
  }
  if (folded > 0) blocks.push(`…and ${folded === 1 ? 'one section' : `${folded} sections`} more: \`dsys analyze\``);
  return blocks.join('\n\n');
}

/** The model under which a deployment stands worst: one that breaks it, or else leaves something open, or else the first. */
export function worstOf(models: readonly CardUnderModel[]): CardUnderModel | undefined {
  const withVerdict = (holds: boolean | 'undecided') =>
    models.find(({ verdict }) => verdict.requirements.some((requirement) => requirement.holds === holds));
  return withVerdict(false) ?? withVerdict('undecided') ?? models[0];
}

/** What fails stands under every model, what holds and what else there is to say once. */
function verdictBlock({ verdict, card }: CardUnderModel, isWorst: boolean): string {
  const under = verdict.faultModel === null ? 'Without faults' : `Under \`${verdict.faultModel}\``;
  const headlines = card === undefined ? [] : headlinesOf(card).slice(0, isWorst ? undefined : 1);
  const text = headlines.length > 0 ? headlines.join(' · ') : verdict.summary;
  const open = verdict.requirements.filter(({ holds }) => holds !== true);
  const held = verdict.requirements.filter(({ holds }) => holds === true).map(({ text }) => `\`${text}\``);
  const mark = open.some(({ holds }) => holds === false) ? '✗' : open.length > 0 ? '?' : '✓';
  const rows = open.map(
    ({ holds, kind, text, detail }) =>
      `- ${holds === false ? '✗' : '?'} ${kind} \`${text}\`${detail === '' ? '' : `: ${markdownText(detail)}`}`,
  );
  if (isWorst && held.length > 0) rows.push(`- ✓ ${held.join(', ')}`);
  return [`${mark} ${under}: **${markdownText(text)}**`, ...rows].join('\n');
}

/** The verdicts on requirements stand above already. */
function sectionLines(section: CardSection): string[] {
  const rows = section.rows.filter((row) => !isVerdict(row));
  if (rows.length === 0) return [];
  const shown = rows.slice(0, rows.length > rowsMax + 1 ? rowsMax : rows.length);
  const lines = shown.map(({ label, value }) => `- ${markdownText(label)}: ${markdownText(value)}`);
  const more = rows.length - shown.length;
  return [`**${markdownText(section.title)}**`, ...lines, ...(more > 0 ? [`- …and ${more} more`] : [])];
}

function isVerdict({ data }: CardRow): boolean {
  return typeof data === 'object' && data !== null && 'requirement' in data && 'holds' in data;
}
