import { EventKind, type Trace } from '../../simulator/trace.ts';
import type { TraceFile } from '../trace-reader.ts';
import { describeEvent } from '../trace-text.ts';
import { formatTime } from '../units.ts';
import { contentAt, isFault, nameAt, stepsOf } from './steps.ts';

/** Longest text at an arrow, characters: longer ones make the diagram wider than a page. */
const textMost = 80;

/**
 * A sequence diagram: an arrow where a message is delivered, `--x` where it is lost, notes for faults, violations, events and answers to calls.
 * After `limit` lines a note says that there is more.
 */
export function* renderMermaid({ header, trace }: TraceFile, limit: number): Generator<string> {
  const { causeOf } = stepsOf(trace);
  const seen = new Set<number>();
  const lines: string[] = [];
  let more = 0;
  for (let row = 0; row < trace.length; row += 1) {
    const line = lineOf(trace, row, causeOf);
    if (line === null) continue;
    if (lines.length >= limit) {
      more += 1;
      continue;
    }
    for (const node of [trace.node[row] as number, trace.peer[row] as number]) if (node >= 0) seen.add(node);
    lines.push(line);
  }
  yield `%% ${header.system}.${header.scenario}, seed ${header.seed}, digest ${header.digest}\nsequenceDiagram\n`;
  const shown = [...seen].sort((a, b) => a - b);
  if (shown.length === 0) shown.push(...trace.nodes.keys());
  for (const node of shown) yield `  participant n${node} as ${escaped(trace.nodes[node] ?? '')}\n`;
  const all = shown.length > 1 ? `n${shown[0]},n${shown.at(-1)}` : `n${shown[0]}`;
  for (const line of lines) yield `  ${line.replace(/^Note over ALL:/, `Note over ${all}:`)}\n`;
  if (more > 0) yield `  Note over ${all}: ${more} more: --from, --to, --nodes and --limit choose what is drawn\n`;
}

/** `ALL` stands for all participants; null for what is not drawn. */
function lineOf(trace: Trace, row: number, causeOf: Int32Array): string | null {
  const kind = trace.kind[row] as number;
  const node = trace.node[row] as number;
  const peer = trace.peer[row] as number;
  const time = formatTime(trace.time[row] as number);
  if ((kind === EventKind.deliver || kind === EventKind.lose) && node >= 0 && peer >= 0) {
    return `n${peer}${kind === EventKind.deliver ? '->>' : '--x'}n${node}: ${label(`${nameAt(trace, row)} ${contentAt(trace, row, causeOf)}`)} (${time})`;
  }
  const noted = [
    EventKind.violation,
    EventKind.error,
    EventKind.emit,
    EventKind.timeout,
    EventKind.call,
    EventKind.reply,
    EventKind.giveUp,
  ];
  if (!isFault(kind) && !(noted as readonly number[]).includes(kind)) return null;
  return `Note over ${node < 0 ? 'ALL' : `n${node}`}: ${label(describeEvent(trace, row).text)} (${time})`;
}

function label(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return escaped(line.length > textMost ? `${line.slice(0, textMost - 1)}…` : line);
}

/** Mermaid ends a statement at `;`, begins an entity with `#`, a comment with `%%`, and reads the word `end` as its own. */
function escaped(text: string): string {
  return text
    .replaceAll(/[#;<>%]/g, (character) => `#${character.charCodeAt(0)};`)
    .replaceAll(/\bend\b/gi, (word) => `#${word.charCodeAt(0)};${word.slice(1)}`);
}
