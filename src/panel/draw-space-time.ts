// Draws the space–time diagram on a canvas: time to the right, one lane a node, an arrow a message.

import { formatTime } from '../protocol/format-time.ts';
import { outcome, type RunView } from '../protocol/view-model.ts';
import type { Segment } from './hit-test.ts';
import { axisHeight, type Lanes, laneMiddle } from './lanes.ts';
import { at, type LaneCounts } from './messages-in-view.ts';
import { seriesStyle, type Theme } from './theme.ts';
import { type TimeView, ticks, xOf } from './time-scale.ts';

export interface Drawing {
  readonly context: CanvasRenderingContext2D;
  readonly theme: Theme;
  readonly run: RunView;
  readonly lanes: Lanes;
  readonly view: TimeView;
  readonly width: number;
  /** Series number of each message type, in the order of the legend. */
  readonly seriesOf: ReadonlyMap<number, number>;
}

/** How far along its way a lost message is drawn; the cross stands there, clear of the receiver's lane. */
const lostShare = 0.8;

/** Arrows lose their heads when there are more than these: they would touch each other. */
const headsMax = 700;

export function drawAxis({ context, theme, view, width, lanes }: Drawing): void {
  context.font = theme.font;
  context.textBaseline = 'middle';
  context.lineWidth = 1;
  const moments = ticks(view, width, 90);
  const step = (moments[1] ?? 1) - (moments[0] ?? 0);
  for (const moment of moments) {
    const x = Math.round(xOf(view, width, moment)) + 0.5;
    context.strokeStyle = theme.grid;
    line(context, x, axisHeight - 6, x, lanes.height);
    const text = formatTime(moment, Math.abs(step));
    const half = context.measureText(text).width / 2;
    context.fillStyle = theme.muted;
    context.fillText(text, Math.min(width - 2 * half - 2, Math.max(2, x - half)), axisHeight / 2 - 2);
  }
}

/** A line a lane: through its middle, or under the bars when counts are shown. */
export function drawLanes({ context, theme, width, lanes }: Drawing, selectedNode: number, counts: boolean): void {
  context.lineWidth = 1;
  for (const [lane, node] of lanes.nodes.entries()) {
    const y = Math.round(counts ? barsBase(lanes, lane) : laneMiddle(lanes, lane)) + 0.5;
    context.strokeStyle = node === selectedNode ? theme.foreground : theme.muted;
    line(context, 0, y, width, y);
  }
}

/** Height of the tallest bar of a lane, in pixels. */
function tallestBar(lanes: Lanes): number {
  return lanes.laneHeight - 8;
}

function barsBase(lanes: Lanes, lane: number): number {
  return laneMiddle(lanes, lane) + tallestBar(lanes) / 2;
}

/** Where each message is drawn; one between a shown and a hidden node is left out. */
export function segmentsOf({ run, lanes, view, width }: Drawing, rows: readonly number[]): Segment[] {
  const { messages } = run;
  const segments: Segment[] = [];
  for (const row of rows) {
    const from = lanes.laneOf[at(messages.from, row)] ?? -1;
    const to = lanes.laneOf[at(messages.to, row)] ?? -1;
    if (from < 0 || to < 0) continue;
    const x1 = xOf(view, width, at(messages.sentMs, row));
    const y1 = laneMiddle(lanes, from);
    const share = at(messages.outcome, row) === outcome.lost ? lostShare : 1;
    const x2 = x1 + (xOf(view, width, at(messages.endMs, row)) - x1) * share;
    const y2 = y1 + (laneMiddle(lanes, to) - y1) * share;
    segments.push({ row, x1, y1, x2, y2 });
  }
  return segments;
}

export function drawArrows(drawing: Drawing, segments: readonly Segment[]): void {
  const { context, theme, run, seriesOf } = drawing;
  const byStyle = new Map<number, Segment[]>();
  for (const segment of segments) {
    const series = seriesOf.get(at(run.messages.type, segment.row)) ?? 0;
    const inFlight = at(run.messages.outcome, segment.row) === outcome.inFlight;
    const key = series * 2 + (inFlight ? 1 : 0);
    const group = byStyle.get(key);
    if (group) group.push(segment);
    else byStyle.set(key, [segment]);
  }
  const heads = segments.length <= headsMax;
  // Many thin lines read better than many thick ones.
  context.lineWidth = segments.length > 300 ? 0.8 : 1.2;
  for (const [key, group] of byStyle) {
    const { colour, dash } = seriesStyle(theme, key >> 1);
    context.strokeStyle = colour;
    context.fillStyle = colour;
    context.globalAlpha = segments.length > 800 ? 0.6 : 0.9;
    context.setLineDash(key & 1 ? [3, 4] : [...dash]);
    context.beginPath();
    for (const { x1, y1, x2, y2 } of group) {
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
    }
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
    for (const segment of group) {
      const end = at(run.messages.outcome, segment.row);
      if (end === outcome.lost) drawCross(context, theme.failed, segment.x2, segment.y2, 3.5);
      else if (heads && end === outcome.delivered) drawHead(context, segment);
    }
  }
}

/** The selected message again, thicker, on top of the others. */
export function drawSelected({ context, theme }: Drawing, segment: Segment): void {
  context.strokeStyle = theme.focus;
  context.fillStyle = theme.focus;
  context.lineWidth = 3;
  line(context, segment.x1, segment.y1, segment.x2, segment.y2);
  drawHead(context, segment);
}

function drawHead(context: CanvasRenderingContext2D, { x1, y1, x2, y2 }: Segment): void {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length < 5) return;
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const size = 6;
  context.beginPath();
  context.moveTo(x2, y2);
  context.lineTo(x2 - ux * size - uy * size * 0.45, y2 - uy * size + ux * size * 0.45);
  context.lineTo(x2 - ux * size + uy * size * 0.45, y2 - uy * size - ux * size * 0.45);
  context.fill();
}

function drawCross(context: CanvasRenderingContext2D, colour: string, x: number, y: number, size: number): void {
  context.save();
  context.strokeStyle = colour;
  context.lineWidth = 1.6;
  line(context, x - size, y - size, x + size, y + size);
  line(context, x - size, y + size, x + size, y - size);
  context.restore();
}

/** Counts instead of arrows: a bar a stretch of time on the sender's lane, the lost share at its foot. */
export function drawCounts({ context, theme, width, lanes }: Drawing, counts: LaneCounts): void {
  const binWidth = width / counts.bins;
  const tallest = tallestBar(lanes);
  for (const [lane, node] of lanes.nodes.entries()) {
    const base = barsBase(lanes, lane);
    for (let bin = 0; bin < counts.bins; bin += 1) {
      const sent = counts.sent[node * counts.bins + bin] ?? 0;
      if (sent === 0) continue;
      const lost = counts.lost[node * counts.bins + bin] ?? 0;
      // The square root keeps a quiet lane visible beside a busy one.
      const height = Math.max(1.5, tallest * Math.sqrt(sent / counts.largest));
      context.globalAlpha = 0.75;
      context.fillStyle = theme.series[0] ?? theme.foreground;
      context.fillRect(bin * binWidth, base - height, Math.max(1, binWidth - 0.5), height);
      context.globalAlpha = 1;
      if (lost === 0) continue;
      context.fillStyle = theme.failed;
      const lostHeight = Math.max(1.5, (height * lost) / sent);
      context.fillRect(bin * binWidth, base - lostHeight, Math.max(1, binWidth - 0.5), lostHeight);
    }
  }
}

/** Moments at which an expectation was violated, and the cursor. */
export function drawMoments({ context, theme, view, width, lanes, run }: Drawing, cursorMs: number): void {
  for (const { timeMs } of run.verdicts) {
    if (timeMs === null || timeMs < view.fromMs || timeMs > view.toMs) continue;
    const x = Math.round(xOf(view, width, timeMs)) + 0.5;
    context.strokeStyle = theme.failed;
    context.fillStyle = theme.failed;
    context.lineWidth = 1.5;
    context.setLineDash([5, 3]);
    line(context, x, axisHeight - 8, x, lanes.height);
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(x, axisHeight - 8);
    context.lineTo(x + 9, axisHeight - 4);
    context.lineTo(x, axisHeight);
    context.fill();
  }
  if (cursorMs < view.fromMs || cursorMs > view.toMs) return;
  const x = Math.round(xOf(view, width, cursorMs)) + 0.5;
  context.strokeStyle = theme.focus;
  context.lineWidth = 2;
  line(context, x, 0, x, lanes.height);
}

/** Events that nodes emitted, as diamonds on their lanes. */
export function drawEmitted({ context, theme, view, width, lanes, run }: Drawing, rows: readonly number[]): void {
  context.fillStyle = theme.foreground;
  context.strokeStyle = theme.background;
  context.lineWidth = 1.5;
  // Few stand out, many must not hide the arrows.
  const half = rows.length <= 40 ? 5.5 : 4;
  for (const row of rows) {
    const lane = lanes.laneOf[at(run.events.node, row)] ?? -1;
    if (lane < 0) continue;
    const x = xOf(view, width, at(run.events.timeMs, row));
    const y = laneMiddle(lanes, lane);
    context.beginPath();
    context.moveTo(x, y - half);
    context.lineTo(x + half, y);
    context.lineTo(x, y + half);
    context.lineTo(x - half, y);
    context.closePath();
    context.stroke();
    context.fill();
  }
}

function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}
