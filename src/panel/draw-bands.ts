// How faults that last are drawn: the boxes of the space–time diagram, and the same in small for its legend.

import type { BandKind } from '../protocol/view-model.ts';
import type { Drawing } from './draw-space-time.ts';
import { bandLabels } from './fault-words.ts';
import { axisHeight, laneMiddle } from './lanes.ts';
import type { Theme } from './theme.ts';
import { xOf } from './time-scale.ts';

/** Patterns tell kinds apart without the help of colour. */
type Fill = 'plain' | 'hatched' | 'barred';

/** Faults that last. Those of some nodes lie on their lanes, a partition of all over the whole height. */
export function drawBands(drawing: Drawing): void {
  const { context, theme, view, width, lanes, run } = drawing;
  context.font = theme.font;
  context.textBaseline = 'middle';
  for (const band of run.bands) {
    if (band.toMs < view.fromMs || band.fromMs > view.toMs) continue;
    const left = Math.max(-2, xOf(view, width, band.fromMs));
    const right = Math.min(width + 2, Math.max(left + 2, xOf(view, width, band.toMs)));
    const colour = bandColour(theme, band.kind);
    if (band.kind === 'partition' && band.nodes.length === run.topology.nodes.length) {
      bandBox(context, colour, { x: left, y: axisHeight, width: right - left, height: lanes.height - axisHeight }, 'plain');
      label(drawing, [band.label, 'partition'], left, right, axisHeight + 7, colour);
      continue;
    }
    for (const node of band.nodes) {
      const lane = lanes.laneOf[node] ?? -1;
      if (lane < 0) continue;
      const height = lanes.laneHeight - 6;
      const top = laneMiddle(lanes, lane) - height / 2;
      bandBox(context, colour, { x: left, y: top, width: right - left, height }, fillOf(band.kind));
      if (lanes.laneHeight >= 24)
        label(drawing, bandLabels(band, run.topology.nodes[node]?.name ?? ''), left, right, top + 7, theme.foreground);
    }
  }
}

export function bandColour(theme: Theme, kind: BandKind): string {
  return kind === 'outage' ? theme.crash : theme[kind];
}

/** A node that does nothing is told from one that misbehaves. */
function fillOf(kind: BandKind): Fill {
  if (kind === 'crash' || kind === 'outage') return 'hatched';
  return kind === 'pause' ? 'barred' : 'plain';
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function bandBox(context: CanvasRenderingContext2D, colour: string, { x, y, width, height }: Box, fill: Fill, strength = 0.12): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.fillStyle = colour;
  context.globalAlpha = fill === 'hatched' ? 0.22 : strength;
  context.fillRect(x, y, width, height);
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.globalAlpha = 0.45;
  context.beginPath();
  if (fill === 'hatched') {
    for (let offset = -height; offset < width; offset += 7) {
      context.moveTo(x + offset, y + height);
      context.lineTo(x + offset + height, y);
    }
  } else if (fill === 'barred') {
    for (let offset = 4; offset < width; offset += 7) {
      context.moveTo(x + offset, y);
      context.lineTo(x + offset, y + height);
    }
  }
  context.stroke();
  context.globalAlpha = 0.8;
  context.beginPath();
  for (const edge of [x + 0.5, x + width - 0.5]) {
    context.moveTo(edge, y);
    context.lineTo(edge, y + height);
  }
  context.stroke();
  context.restore();
}

/** The first of the texts that has room in the box, on a plate. */
function label(drawing: Drawing, texts: readonly string[], left: number, right: number, y: number, colour: string): void {
  const { context, theme, width } = drawing;
  const from = Math.max(4, left + 4);
  const room = Math.min(width, right) - from - 4;
  const text = texts.find((each) => context.measureText(each).width <= room);
  if (text === undefined) return;
  const textWidth = context.measureText(text).width;
  context.fillStyle = theme.background;
  context.globalAlpha = 0.75;
  context.fillRect(from - 2, y - 6, textWidth + 4, 12);
  context.globalAlpha = 1;
  context.fillStyle = colour;
  context.fillText(text, from, y + 0.5);
}

/** A band as small as a word, for the legend: the same colour and pattern. */
export function bandSample(theme: Theme, kind: BandKind): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [18, 11];
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  canvas.setAttribute('aria-hidden', 'true');
  const context = canvas.getContext('2d');
  if (context) {
    context.scale(scale, scale);
    // So small a box needs more colour to be told from its neighbours.
    bandBox(context, bandColour(theme, kind), { x: 0, y: 0, width, height }, fillOf(kind), 0.4);
  }
  return canvas;
}
