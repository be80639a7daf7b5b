import { EventKind, type Trace } from '../simulator/trace.ts';
import { formatTime } from './units.ts';

/** One event of a run in words. */
export interface EventText {
  readonly time: string;
  readonly node: string;
  readonly text: string;
}

const kindNames = Object.fromEntries(Object.entries(EventKind).map(([name, value]) => [value, name])) as Readonly<Record<number, string>>;

/** The name of a kind, as in the trace file: `send`, `deliver`, … */
export function kindName(kind: number): string {
  return kindNames[kind] ?? String(kind);
}

/** The kind of a name; undefined where there is none such. */
export function kindNumber(name: string): number | undefined {
  return Object.hasOwn(EventKind, name) ? EventKind[name as keyof typeof EventKind] : undefined;
}

/**
 * The last events up to the one with that index; without an index, up to a time. State changes are left out where the
 * space is needed: the messages tell the story.
 */
export function eventsBefore(trace: Trace, event: number, time: number, limit: number): EventText[] {
  let last = event >= 0 ? Math.min(event, trace.length - 1) : trace.length - 1;
  if (event < 0) while (last >= 0 && (trace.time[last] as number) > time) last--;
  const rows: number[] = [];
  for (let row = last; row >= 0 && rows.length < limit; row--) {
    if (trace.kind[row] !== EventKind.violation) rows.push(row);
  }
  return rows.reverse().map((row) => describeEvent(trace, row));
}

export function describeEvent(trace: Trace, row: number): EventText {
  const node = nodeName(trace, trace.node[row] as number);
  return { time: formatTime(trace.time[row] as number), node: node === '' ? 'all' : node, text: textOf(trace, row) };
}

export function nodeName(trace: Trace, node: number): string {
  return node < 0 ? '' : (trace.nodes[node] ?? String(node));
}

function textOf(trace: Trace, row: number): string {
  const name = textAt(trace.names, trace.name[row] as number);
  const detail = textAt(trace.details, trace.detail[row] as number);
  const peer = nodeName(trace, trace.peer[row] as number);
  const content = detail === '' ? name : /^[([{]/.test(detail) ? `${name}${detail}` : `${name} ${detail}`;
  switch (trace.kind[row]) {
    case EventKind.send:
      return `sends ${content}${peer === '' ? '' : ` to ${peer}`}`;
    case EventKind.deliver:
      return `gets ${content}${peer === '' ? '' : ` from ${peer}`}`;
    case EventKind.lose:
      return `never gets ${content}${peer === '' ? '' : ` from ${peer}`}`;
    case EventKind.duplicate:
      return `gets a second copy of ${content}${peer === '' ? '' : ` from ${peer}`}`;
    case EventKind.timeout:
      return `timer ${content} runs out`;
    case EventKind.start:
      return 'starts';
    case EventKind.crash:
      return detail === '' ? 'crashes' : `crashes and loses ${detail}`;
    case EventKind.recover:
      return 'recovers';
    case EventKind.outage:
      return `zone ${content} goes down`;
    case EventKind.outageEnd:
      return `zone ${content} is back`;
    case EventKind.partition:
      return `partition ${detail}`.trim();
    case EventKind.heal:
      return 'the partition heals';
    case EventKind.byzantine:
      return `turns Byzantine: ${content}`;
    case EventKind.emit:
      return `emits ${content}`;
    case EventKind.call:
      return `calls ${content}${peer === '' ? '' : ` at ${peer}`}`;
    case EventKind.nodeCall:
      return `calls ${content} ${trace.peer[row] === trace.node[row] ? 'on itself' : `at ${peer}`}`;
    case EventKind.nodeAnswer:
    case EventKind.reply:
      return `is answered ${content}${peer === '' ? '' : ` by ${peer}`}`;
    case EventKind.giveUp:
      return `gives up on ${content}`;
    case EventKind.state:
      return detail === '' ? name : `${name} = ${detail}`;
    case EventKind.violation:
      return `violates ${content}`;
    case EventKind.error:
      return `error: ${content}`;
    case EventKind.slow:
      return `slows down ${content}`.trim();
    case EventKind.pause:
      return detail === '' ? 'goes on after a pause' : `stands still for ${detail}`;
    case EventKind.drift:
      return detail === '' ? 'clock runs as before' : `clock runs ${detail} off`;
    case EventKind.omit:
      return detail === '' ? 'loses no more messages' : `loses ${detail}`;
    case EventKind.links:
      return `links: ${name} ${detail}`;
    case EventKind.linksEnd:
      return `links are as before (${name})`;
    case EventKind.local:
      return `handles ${content}`;
    case EventKind.skew:
      return `clock is skewed ${content}`.trim();
    default:
      return content;
  }
}

function textAt(table: readonly string[], index: number): string {
  return index < 0 ? '' : (table[index] ?? '');
}
