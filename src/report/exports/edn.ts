import { EventKind, type Trace } from '../../simulator/trace.ts';
import type { TraceFile } from '../trace-reader.ts';
import { detailAt, nameAt, stepsOf } from './steps.ts';

/**
 * The calls as a history of Jepsen's: an operation map a line, for Knossos and Elle. A call is an `:invoke`, its answer `:ok`; giving up is
 * `:info`, since the call may have taken effect; `:fail` never comes, for nothing says that a call did nothing. A process does one thing at
 * a time and none after `:info`, so a client with several calls under way is several processes; `:node` is its name.
 */
export function* renderEdn({ trace, header }: TraceFile): Generator<string> {
  const { causeOf, endOf } = stepsOf(trace);
  const processes = new Map<number, number>();
  const free = new Map<number, number[]>();
  let count = 0;
  let index = 0;
  const line = (type: string, call: number, time: number, value: string, more = ''): string =>
    `{:index ${index++}, :type ${type}, :process ${processes.get(call)}, :f ${keyword(nameAt(trace, call))}, :value ${value}, :time ${time}, :node ${quoted(trace.nodes[trace.node[call] as number] ?? '')}${more}}\n`;
  for (let row = 0; row < trace.length; row += 1) {
    const kind = trace.kind[row];
    const time = trace.time[row] as number;
    const client = trace.node[row] as number;
    if (kind === EventKind.call) {
      processes.set(row, free.get(client)?.pop() ?? count++);
      yield line(':invoke', row, time, fieldsValue(detailAt(trace, row)));
      continue;
    }
    const call = causeOf[row] as number;
    if (call < 0 || endOf.get(call) !== row) continue;
    if (kind === EventKind.reply) {
      yield line(':ok', call, time, answerOf(trace, row, call));
      const process = processes.get(call) as number;
      const idle = free.get(client);
      if (idle) idle.push(process);
      else free.set(client, [process]);
    } else if (kind === EventKind.giveUp) yield line(':info', call, time, fieldsValue(detailAt(trace, call)), ', :error :timeout');
  }
  for (const call of processes.keys()) {
    if (!endOf.has(call)) yield line(':info', call, header.end, fieldsValue(detailAt(trace, call)), ', :error :open');
  }
}

/** What was answered; of an operation without a result what was asked, as Jepsen has it. */
function answerOf(trace: Trace, reply: number, call: number): string {
  const answer = detailAt(trace, reply);
  return answer === '' ? fieldsValue(detailAt(trace, call)) : literal(answer);
}

/** `CompareAndSet` → `:compare-and-set` */
function keyword(name: string): string {
  return `:${name
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-')
    .replaceAll('_', '-')
    .toLowerCase()}`;
}

/** Fields of a call: none is nil, one its value, several a map. */
function fieldsValue(fields: string): string {
  if (fields === '') return 'nil';
  const parts = topLevel(fields).map((part) => /^(\w+): (.*)$/s.exec(part));
  if (fields.endsWith('…') || !parts.every((part) => part !== null)) return quoted(fields);
  const [only] = parts;
  if (parts.length === 1 && only) return literal(only[2] as string);
  return `{${parts.map((part) => `${keyword(part?.[1] as string)} ${literal(part?.[2] as string)}`).join(', ')}}`;
}

/** A value of the language: numbers, truth values and `none` as such, lists as vectors, all else as text. */
function literal(text: string): string {
  if (/^-?\d{1,18}$/.test(text) || text === 'true' || text === 'false') return text;
  if (text === 'none') return 'nil';
  if (/^\[.*\]$/s.test(text)) return `[${topLevel(text.slice(1, -1)).map(literal).join(' ')}]`;
  return /^".*"$/s.test(text) ? quoted(text.slice(1, -1)) : quoted(text);
}

/** The parts between commas that stand in no brackets and no text. */
function topLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let inText = false;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === '"') inText = !inText;
    else if (inText) continue;
    else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  const last = text.slice(from).trim();
  return last === '' && parts.length === 0 ? [] : [...parts, last];
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
