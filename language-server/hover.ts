import type { Hover } from 'vscode-languageserver';
import type { ResilienceCard } from '../src/analysis/resilience.ts';
import type { Span } from '../src/base/source.ts';
import { typeToString } from '../src/language/types/type.ts';
import type { CheckedSystem } from '../src/pipeline/api.ts';
import { toRange } from './convert.ts';
import type { Session } from './session.ts';

/** Declaration, type and documentation of the name under the cursor; at a `run` the deployment's resilience too. */
export function hover(session: Session, uri: string, offset: number): Hover | null {
  const lines = session.linesOf(uri);
  if (!lines) return null;
  const name = session.nameAt(uri, offset);
  const parts: string[] = [];
  if (name) {
    parts.push(fence(name.declaration.detail || name.declaration.name));
    if (name.declaration.documentation) parts.push(name.declaration.documentation);
  }
  const cards = session.report(uri).systems.flatMap((system) => cardsAt(system, uri, offset));
  parts.push(...cards.map(cardText));
  const typed = name ? undefined : session.file(uri).hovers.find(({ span }) => within(span, uri, offset));
  if (typed) parts.push(fence(typeToString(typed.type)));
  if (parts.length === 0) return null;
  const span = name?.span ?? typed?.span;
  return { contents: { kind: 'markdown', value: parts.join('\n\n') }, range: span && toRange(span, lines) };
}

function cardsAt(checked: CheckedSystem, uri: string, offset: number): readonly ResilienceCard[] {
  const deployments = checked.system?.deployments.filter(({ nameSpan }) => within(nameSpan, uri, offset)) ?? [];
  return checked.cards.filter((card) => deployments.some(({ index }) => index === card.deployment));
}

/** One deployment under one fault model as Markdown: the verdict, then each requirement with its numbers. */
export function cardText(card: ResilienceCard): string {
  const head = card.faultModel ? `**Under \`${card.faultModel}\`**: ${card.summary}` : `**Without faults**: ${card.summary}`;
  const rows = card.requirements.map(({ kind, text, holds, detail }) => {
    const mark = holds === true ? '✓' : holds === false ? '✗' : '?';
    return `- ${mark} ${kind} \`${text}\`${detail ? `: ${detail}` : ''}`;
  });
  return [head, ...rows].join('\n');
}

function within(span: Span, uri: string, offset: number): boolean {
  return span.uri === uri && span.start <= offset && offset <= span.end;
}

function fence(code: string): string {
  return `\`\`\`dsys\n${code}\n\`\`\``;
}
