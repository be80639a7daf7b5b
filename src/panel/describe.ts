// Rows of a run in words: for the line under the diagram, for tables and for screen readers.

import { formatTime } from '../protocol/format-time.ts';
import { outcome, type RunView } from '../protocol/view-model.ts';
import { at } from './messages-in-view.ts';

export function nodeName(run: RunView, node: number): string {
  return run.topology.nodes[node]?.name ?? '–';
}

/** `Vote from replica[1] to replica[0], sent at 1.2 s, delivered after 2.1 ms: term: 1, granted: true`. */
export function describeMessage(run: RunView, row: number): string {
  const { messages } = run;
  const type = run.messageTypes[at(messages.type, row)] ?? 'message';
  const from = nodeName(run, at(messages.from, row));
  const to = nodeName(run, at(messages.to, row));
  const sentMs = at(messages.sentMs, row);
  const text = run.texts[at(messages.text, row)];
  return `${type} from ${from} to ${to}, sent at ${formatTime(sentMs)}, ${ending(run, row)}${text ? `: ${text}` : ''}`;
}

/** The row of a message table: type, sender, receiver, moment of sending, how it ended, fields. */
export function messageCells(run: RunView, row: number): readonly string[] {
  const { messages } = run;
  return [
    formatTime(at(messages.sentMs, row)),
    run.messageTypes[at(messages.type, row)] ?? '',
    nodeName(run, at(messages.from, row)),
    nodeName(run, at(messages.to, row)),
    ending(run, row),
    run.texts[at(messages.text, row)] ?? '',
  ];
}

function ending(run: RunView, row: number): string {
  const tookMs = at(run.messages.endMs, row) - at(run.messages.sentMs, row);
  switch (at(run.messages.outcome, row)) {
    case outcome.delivered:
      return `delivered after ${formatTime(tookMs)}`;
    case outcome.lost:
      return 'lost';
    default:
      return 'still in flight at the end';
  }
}

/** `1,234 messages`, `1 message`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
