// How faults that last are drawn: the boxes of the space–time diagram, and the same in small for its legend.

import type { BandKind, BandView } from '../protocol/view-model.ts';
import type { Drawing } from './draw-space-time.ts';
import { bandLabels } from './fault-words.ts';
import { axisHeight, laneMiddle } from './lanes.ts';
import type { Theme } from './theme.ts';
import { xOf } from './time-scale.ts';

/** Patterns tell kinds apart without the help of colour. */
type Fill = 'plain' | 'hatched' | 'barred';

/** Faults that last. Those of some nodes lie on their lanes, a partition of all over the whole height. */
export function drawBands(drawing: Drawing): void {
  const { context, theme } = drawing;
  for (const { band, box } of boxesOf(drawing)) bandBox(context, bandColour(theme, band.kind), box, fillOf(band.kind));
}

/** Their words, which arrows must not cross out. */
export function drawBandLabels(drawing: Drawing): void {
  const { context, theme, lanes, run } = drawing;
  context.font = theme.font;
  context.textBaseline = 'middle';
  for (const { band, box, node } of boxesOf(drawing)) {
    if (node === null) label(drawing, [band.label, 'partition'], box, bandColour(theme, band.kind));
    else if (lanes.laneHeight >= 24) label(drawing, bandLabels(band, run.topology.nodes[node]?.name ?? ''), box, theme.foreground);
  }
}

interface PlacedBand {
  readonly band: BandView;
  readonly box: Box;
  /** Whose lane it lies on; null for one over all. */
  readonly node: number | null;
}

/** Where the bands in view are drawn, each on the lane of a node or over all. */
function boxesOf({ view, width, lanes, run }: Drawing): PlacedBand[] {
  return run.bands.flatMap((band): PlacedBand[] => {
    if (band.toMs < view.fromMs || band.fromMs > view.toMs) return [];
    const x = Math.max(-2, xOf(view, width, band.fromMs));
    const across = { x, width: Math.min(width + 2, Math.max(x + 2, xOf(view, width, band.toMs))) - x };
    if (band.kind === 'partition' && band.nodes.length === run.topology.nodes.length) {
      return [{ band, box: { ...across, y: axisHeight, height: lanes.height - axisHeight }, node: null }];
    }
    const height = lanes.laneHeight - 6;
    return band.nodes.flatMap((node) => {
      const lane = lanes.laneOf[node] ?? -1;
      return lane < 0 ? [] : [{ band, box: { ...across, y: laneMiddle(lanes, lane) - height / 2, height }, node }];
    });
  });
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

/** The first of the texts that has room in the box, on a plate at its top. */
function label({ context, theme, width }: Drawing, texts: readonly string[], box: Box, colour: string): void {
  const from = Math.max(4, box.x + 4);
  const y = box.y + 7;
  const room = Math.min(width, box.x + box.width) - from - 4;
  const text = texts.find((each) => context.measureText(each).width <= room);
  if (text === undefined) return;
  const textWidth = context.measureText(text).width;
  context.fillStyle = theme.background;
  context.globalAlpha = 0.85;
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
