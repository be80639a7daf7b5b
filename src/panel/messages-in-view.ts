// Which messages a stretch of time shows, and how they are summed up when they are too many to draw one by one.

import type { MessageTable } from '../protocol/view-model.ts';
import { outcome } from '../protocol/view-model.ts';
import type { TimeView } from './time-scale.ts';

/** Above this many messages in view single arrows say nothing, and drawing them is slow: counts are shown instead. */
export const arrowsMax = 2_000;

/** The message table with what is needed to find the messages of a stretch of time quickly. */
export interface MessageIndex {
  readonly table: MessageTable;
  /** Row numbers in order of sending. */
  readonly order: readonly number[];
  /** For each position in `order`, the latest end among the messages up to it: never falls, so it can be searched. */
  readonly latestEndMs: Float64Array;
}

export function indexMessages(table: MessageTable): MessageIndex {
  const order = table.sentMs.map((_, row) => row).sort((a, b) => at(table.sentMs, a) - at(table.sentMs, b) || a - b);
  const latestEndMs = new Float64Array(order.length);
  let latest = Number.NEGATIVE_INFINITY;
  order.forEach((row, position) => {
    latest = Math.max(latest, at(table.endMs, row));
    latestEndMs[position] = latest;
  });
  return { table, order, latestEndMs };
}

/** Rows of the messages that are under way at some moment of the view and that `shown` accepts, in order of sending. */
export function messagesIn(index: MessageIndex, view: TimeView, shown: (row: number) => boolean): number[] {
  const rows: number[] = [];
  const start = firstAtLeast(index.latestEndMs, view.fromMs);
  for (let position = start; position < index.order.length; position += 1) {
    const row = at(index.order, position);
    if (at(index.table.sentMs, row) > view.toMs) break;
    if (at(index.table.endMs, row) >= view.fromMs && shown(row)) rows.push(row);
  }
  return rows;
}

/** Messages of a run by lane and time: for each bin how many were sent, and how many of those were lost. */
export interface LaneCounts {
  readonly bins: number;
  /** `sent[lane * bins + bin]` */
  readonly sent: Uint32Array;
  readonly lost: Uint32Array;
  /** The largest entry of `sent`. */
  readonly largest: number;
}

/** Sums up rows by the lane of their sender into `bins` stretches of equal length. */
export function countByLane(table: MessageTable, rows: readonly number[], view: TimeView, bins: number, lanes: number): LaneCounts {
  const sent = new Uint32Array(lanes * bins);
  const lost = new Uint32Array(lanes * bins);
  let largest = 0;
  for (const row of rows) {
    const share = (at(table.sentMs, row) - view.fromMs) / (view.toMs - view.fromMs);
    // Sent before the view began: such a message is under way in it, but counts where it was sent.
    if (share < 0) continue;
    const cell = at(table.from, row) * bins + Math.min(bins - 1, Math.floor(share * bins));
    const count = (sent[cell] ?? 0) + 1;
    sent[cell] = count;
    if (at(table.outcome, row) === outcome.lost) lost[cell] = (lost[cell] ?? 0) + 1;
    largest = Math.max(largest, count);
  }
  return { bins, sent, lost, largest };
}

/** Share of the opening view's messages that are sent before the moment it is about. */
const shareBefore = 0.35;
/** Share of the messages' time that is added before the first of them; after the last one there may be a burst. */
const margin = 0.1;

/**
 * The stretch to begin with: about `wanted` messages around `momentMs`, so that a reader meets arrows and not a cloud. The
 * overview beside it shows the whole run.
 */
export function openingView(index: MessageIndex, momentMs: number, durationMs: number, wanted: number): TimeView {
  const { order, table } = index;
  if (order.length <= wanted) return { fromMs: 0, toMs: durationMs };
  const sentMs = order.map((row) => at(table.sentMs, row));
  const centre = firstAtLeast(sentMs, momentMs);
  const first = Math.min(order.length - wanted, Math.max(0, centre - Math.round(wanted * shareBefore)));
  const [firstMs, lastMs] = [at(sentMs, first), at(sentMs, first + wanted - 1)];
  const marginMs = margin * Math.max(lastMs - firstMs, durationMs / 1e6);
  return { fromMs: Math.max(0, firstMs - marginMs), toMs: Math.min(durationMs, lastMs + marginMs / 10) };
}

/** Position of the first entry of an ascending array that is not below `least`; its length when there is none. */
export function firstAtLeast(ascending: ArrayLike<number>, least: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(ascending, middle) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An entry that is known to exist. */
export function at(column: ArrayLike<number>, row: number): number {
  return column[row] as number;
}
