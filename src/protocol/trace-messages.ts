// The messages of a trace: each send joined with its delivery or loss.

import { EventKind, type Trace } from '../simulator/trace.ts';
import type { Texts } from './to-view-model.ts';
import { type MessageTable, outcome } from './view-model.ts';

interface Open {
  readonly sender: number;
  readonly receiver: number;
  readonly sentMs: number;
  readonly type: number;
  readonly text: number;
  /** Row of the table, or -1 until it ended once. */
  row: number;
}

/**
 * One row a message; a message that was duplicated in the network has one row for each delivery. Messages that have
 * neither arrived nor been lost by the end are in flight. At most `rowsMax` rows; `omitted` counts the others.
 */
export function messagesOf(trace: Trace, durationMs: number, texts: Texts, rowsMax: number): { messages: MessageTable; omitted: number } {
  const table = {
    type: [] as number[],
    from: [] as number[],
    to: [] as number[],
    sentMs: [] as number[],
    endMs: [] as number[],
    outcome: [] as number[],
    text: [] as number[],
  };
  const open = new Map<number, Open>();
  let omitted = 0;

  const append = (message: Open): number => {
    table.type.push(message.type);
    table.from.push(message.sender);
    table.to.push(message.receiver);
    table.sentMs.push(message.sentMs);
    table.endMs.push(durationMs);
    table.outcome.push(outcome.inFlight);
    return table.text.push(message.text) - 1;
  };

  for (let event = 0; event < trace.length; event += 1) {
    const kind = trace.kind[event];
    const link = trace.link[event] as number;
    const timeMs = (trace.time[event] as number) / 1e6;
    if (kind === EventKind.send) {
      if (table.type.length >= rowsMax) {
        omitted += 1;
        continue;
      }
      const message: Open = {
        sender: trace.node[event] as number,
        receiver: trace.peer[event] as number,
        sentMs: timeMs,
        type: trace.name[event] as number,
        text: texts.indexOf(trace.details[trace.detail[event] as number] ?? ''),
        row: -1,
      };
      message.row = append(message);
      open.set(link, message);
    } else if (kind === EventKind.deliver || kind === EventKind.lose) {
      const message = open.get(link);
      if (!message) continue;
      const ended = table.outcome[message.row] !== outcome.inFlight;
      if (ended && table.type.length >= rowsMax) {
        omitted += 1;
        continue;
      }
      const row = ended ? append(message) : message.row;
      table.endMs[row] = timeMs;
      table.outcome[row] = kind === EventKind.deliver ? outcome.delivered : outcome.lost;
    }
  }
  return { messages: table, omitted };
}
