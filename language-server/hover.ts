import type { Hover } from 'vscode-languageserver';
import type { Span } from '../src/base/source.ts';
import type { Declaration } from '../src/language/elaborate/context.ts';
import { typeToString } from '../src/language/types/type.ts';
import { isQuestion, type QuestionSignature, questions } from '../src/model/questions.ts';
import type { CheckedSystem } from '../src/pipeline/api.ts';
import { cardMarkdown } from './card-markdown.ts';
import { completionContext, wordAt } from './completion-context.ts';
import { toRange } from './convert.ts';
import { modelsOf } from './inlay-hints.ts';
import type { Insights } from './insights.ts';
import type { Pages } from './pages.ts';
import type { Session } from './session.ts';
import { withoutStops } from './snippets.ts';
import { beginnings, joiningWords } from './words.ts';

/** A hover waits so long for the card; then it shows the quick verdicts. */
const patienceMs = 1_500;

/** Declaration, type and documentation of the name under the cursor; at a `run` the deployment's card too. */
export async function hover(session: Session, insights: Insights, uri: string, offset: number): Promise<Hover | null> {
  const lines = session.linesOf(uri);
  if (!lines) return null;
  const name = session.nameAt(uri, offset);
  const parts: string[] = [];
  if (name) parts.push(fence(name.declaration.detail || name.declaration.name));
  const deployed = session
    .report(uri)
    .systems.flatMap((checked) => deploymentsAt(checked, uri, offset).map((index) => ({ checked, index })));
  if (deployed.length > 0) {
    const { cards } = await insights.waitForCards(uri, patienceMs);
    parts.push(...deployed.map(({ checked, index }) => cardMarkdown(modelsOf(checked, cards, index))).filter((text) => text !== ''));
  }
  if (name?.declaration.documentation)
    parts.push(deployed.length > 0 ? shortened(name.declaration.documentation) : name.declaration.documentation);
  const theory = name && theoryOf(name.declaration, session.pages);
  if (theory) parts.push(`---\n\n${theory}`);
  const typed = name ? undefined : session.file(uri).hovers.find(({ span }) => within(span, uri, offset));
  if (typed) parts.push(fence(typeToString(typed.type)));
  const keyword = parts.length === 0 ? keywordAt(session.file(uri).text, offset) : null;
  if (keyword) parts.push(keyword.markdown);
  if (parts.length === 0) return null;
  const span = name?.span ?? typed?.span ?? (keyword ? { uri, ...keyword.range } : undefined);
  return { contents: { kind: 'markdown', value: parts.join('\n\n') }, range: span && toRange(span, lines) };
}

/** At a `run` the card is what one looks for: of the protocol's own text, which can be long, what it is. The import shows the whole. */
function shortened(documentation: string): string {
  return `---\n\n${documentation.split('\n\n', 1)[0]}`;
}

/** What a word of the language means where it stands, with an example; null for other words. */
function keywordAt(text: string, offset: number): { readonly markdown: string; readonly range: { start: number; end: number } } | null {
  const found = wordAt(text, offset);
  if (!found) return null;
  const { word, start } = found;
  const end = start + word.length;
  const { block, dot } = completionContext(text, end);
  if (dot >= 0) return null;
  const begins = beginnings[block].filter(({ label }) => label.split(' ')[0] === word);
  const said = begins.map(({ about, snippet }) => `${about}\n\n${fence(withoutStops(snippet))}`);
  const joins = Object.hasOwn(joiningWords, word) ? joiningWords[word] : undefined;
  if (joins) said.push(`${joins.about}\n\n${fence(joins.example)}`);
  return said.length > 0 ? { markdown: said.join('\n\n'), range: { start, end } } : null;
}

/** What is known of a bound that a requirement asks about, with an example. */
function theoryOf({ name, documentation }: Declaration, pages: Pages): string | undefined {
  if (!isQuestion(name)) return undefined;
  const { page, documentation: own }: QuestionSignature = questions[name];
  // A name of the user's may be the same.
  return page !== undefined && documentation.startsWith(own) ? pages.theory(page) : undefined;
}

function deploymentsAt({ system }: CheckedSystem, uri: string, offset: number): number[] {
  return system?.deployments.filter(({ nameSpan }) => within(nameSpan, uri, offset)).map(({ index }) => index) ?? [];
}

function within(span: Span, uri: string, offset: number): boolean {
  return span.uri === uri && span.start <= offset && offset <= span.end;
}

function fence(code: string): string {
  return `\`\`\`dsys\n${code}\n\`\`\``;
}
