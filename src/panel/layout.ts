// Where the nodes of a topology lie in the plane, without a screen. The same topology gives the same picture.

import type { TopologyView } from '../protocol/view-model.ts';
import { distanceToSegment } from './hit-test.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A zone's frame, in the same units as the points. */
export interface ZoneBox {
  readonly zone: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** 0 for an outermost zone. */
  readonly depth: number;
}

export interface Layout {
  /** Whether there is no room for names. */
  readonly dense: boolean;
  readonly nodes: readonly Point[];
  readonly zones: readonly ZoneBox[];
  readonly width: number;
  readonly height: number;
}

/** Distances in units of the picture (pixels at scale 1): a node with its name needs about 100 by 56. */
const roomyCell = { width: 100, height: 56 } as const;
/** In a crowd names would be too small to read: the nodes stand closer and without them. */
const denseCell = { width: 30, height: 30 } as const;
const padding = 14;
const titleHeight = 20;
const gap = 18;

/** Nodes on one circle at the most, when all are linked and there is nothing else to tell them apart. */
const circleMax = 12;

/** Distance in which a link passes a node that it does not touch. */
const clearance = 16;

/**
 * How far the middle of a link is to be moved sideways (to the right of its direction), so that it does not run through a
 * third node and seem to end there; 0 for a straight link.
 */
export function bendOf(nodes: readonly Point[], from: number, to: number): number {
  const a = nodes[from] as Point;
  const b = nodes[to] as Point;
  const inTheWay = nodes.some(({ x, y }, node) => node !== from && node !== to && distanceToSegment(x, y, a.x, a.y, b.x, b.y) < clearance);
  return inTheWay ? Math.max(40, 0.18 * Math.hypot(b.x - a.x, b.y - a.y)) : 0;
}

/** Zones as boxes when there are any, otherwise the nodes where their links pull them, or in rows when all are linked. */
export function layOut(topology: TopologyView): Layout {
  const inRows = topology.zones.length > 0 || (topology.complete && topology.nodes.length > circleMax);
  return inRows ? inBoxes(topology) : byLinks(topology);
}

interface Block {
  width: number;
  height: number;
  place(x: number, y: number): void;
}

/** Nested boxes: within a zone its nodes in rows, then its zones, rows of about equal width. */
function inBoxes(topology: TopologyView): Layout {
  const dense = topology.nodes.length > roomyMax;
  const cell = dense ? denseCell : roomyCell;
  const nodes: Point[] = topology.nodes.map(() => ({ x: 0, y: 0 }));
  const zones: ZoneBox[] = [];

  const zoneBlock = (zone: number, depth: number): Block => {
    const inner = contents(zone, depth + 1);
    const width = Math.max(inner.width, cell.width) + 2 * padding;
    const height = inner.height + titleHeight + 2 * padding;
    return {
      width,
      height,
      place(x, y) {
        zones.push({ zone, x, y, width, height, depth });
        inner.place(x + padding, y + padding + titleHeight);
      },
    };
  };
  const nodeBlock = (node: number): Block => ({
    ...cell,
    place(x, y) {
      nodes[node] = { x: x + cell.width / 2, y: y + cell.height / 2 };
    },
  });
  const contents = (zone: number, depth: number): Block => {
    const inside = topology.nodes.flatMap((node, index) => (node.zone === zone ? [nodeBlock(index)] : []));
    const children = topology.zones.flatMap((child, index) => (child.parent === zone ? [zoneBlock(index, depth)] : []));
    return stack([flow(inside, 0), flow(children, gap)]);
  };

  const all = contents(-1, 0);
  all.place(padding, padding);
  return { dense, nodes, zones, width: all.width + 2 * padding, height: all.height + 2 * padding };
}

/** Blocks side by side, in rows about as wide as the whole is high (a little wider: panels are wide). */
function flow(blocks: readonly Block[], gapBetween: number): Block {
  const area = blocks.reduce((sum, block) => sum + (block.width + gapBetween) * (block.height + gapBetween), 0);
  const widest = Math.max(0, ...blocks.map((block) => block.width));
  const rowWidth = Math.max(widest, Math.sqrt(area * 1.8));
  const rows: Block[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const block of blocks) {
    if (used + gapBetween + block.width > rowWidth + 1) {
      rows.push([]);
      used = -gapBetween;
    }
    rows.at(-1)?.push(block);
    used += gapBetween + block.width;
  }
  const lines = rows.map(
    (row): Block => ({
      width: row.reduce((sum, block) => sum + block.width, gapBetween * (row.length - 1)),
      height: Math.max(...row.map((block) => block.height)),
      place(x, y) {
        let left = x;
        for (const block of row) {
          block.place(left, y);
          left += block.width + gapBetween;
        }
      },
    }),
  );
  return stack(lines, gapBetween);
}

function stack(blocks: readonly Block[], gapBetween = gap): Block {
  const filled = blocks.filter((block) => block.height > 0);
  return {
    width: Math.max(0, ...filled.map((block) => block.width)),
    height: filled.reduce((sum, block) => sum + block.height, Math.max(0, gapBetween * (filled.length - 1))),
    place(x, y) {
      let top = y;
      for (const block of filled) {
        block.place(x, top);
        top += block.height + gapBetween;
      }
    },
  };
}

/**
 * Stress minimisation (Kamada & Kawai 1989, solved by pairwise relaxation as in Zheng, Pawar & Goodman 2019): the distance
 * of two nodes in the picture follows the number of hops between them, so rings come out round and grids square.
 */
function byLinks(topology: TopologyView): Layout {
  const count = topology.nodes.length;
  const apart = count > roomyMax ? 30 : 74;
  const radius = Math.max(60, (count * apart) / (2 * Math.PI));
  const x = topology.nodes.map((_, node) => radius * Math.sin((2 * Math.PI * node) / count));
  const y = topology.nodes.map((_, node) => -radius * Math.cos((2 * Math.PI * node) / count));
  // With all nodes linked every place is as good as any other: the circle stays. Large graphs keep it for speed.
  if (!topology.complete && count > 2 && count <= relaxedNodesMax && topology.links.length < (count * (count - 1)) / 2) {
    relax(x, y, hopDistances(topology));
    separate(x, y, count > roomyMax ? 30 : 80);
  }
  const left = Math.min(...x, 0);
  const top = Math.min(...y, 0);
  const cell = roomyCell;
  const marginX = cell.width / 2 + padding;
  const marginY = cell.height / 2 + padding;
  return {
    dense: count > roomyMax,
    nodes: x.map((value, node) => ({ x: value - left + marginX, y: (y[node] as number) - top + marginY })),
    zones: [],
    width: Math.max(...x, 0) - left + 2 * marginX,
    height: Math.max(...y, 0) - top + 2 * marginY,
  };
}

const relaxedNodesMax = 150;
/** Nodes that have room for their names at the most. */
const roomyMax = 80;
const hopLength = 84;
const rounds = 40;

function relax(x: number[], y: number[], hops: readonly Int32Array[]): void {
  const count = x.length;
  for (let round = 0; round < rounds; round += 1) {
    const step = 0.02 ** (round / (rounds - 1));
    for (let a = 0; a < count; a += 1) {
      for (let b = a + 1; b < count; b += 1) {
        const hop = hops[a]?.[b] ?? 0;
        const dx = (x[b] as number) - (x[a] as number);
        const dy = (y[b] as number) - (y[a] as number);
        const distance = Math.max(1e-6, Math.hypot(dx, dy));
        const weight = Math.min(1, step * (round < rounds / 4 ? 1 : 1 / (hop * hop) + step));
        const shift = ((distance - hop * hopLength) / 2 / distance) * weight;
        x[a] = (x[a] as number) + dx * shift;
        y[a] = (y[a] as number) + dy * shift;
        x[b] = (x[b] as number) - dx * shift;
        y[b] = (y[b] as number) - dy * shift;
      }
    }
  }
}

/** Pushes nodes apart that are closer than `apart`: in a graph of few hops all want to be in the middle. */
function separate(x: number[], y: number[], apart: number): void {
  for (let round = 0; round < 60; round += 1) {
    let moved = false;
    for (let a = 0; a < x.length; a += 1) {
      for (let b = a + 1; b < x.length; b += 1) {
        const dx = (x[b] as number) - (x[a] as number);
        const dy = (y[b] as number) - (y[a] as number);
        const distance = Math.hypot(dx, dy);
        if (distance >= apart - 1) continue;
        moved = true;
        // Two nodes at one place part in a direction that depends on which they are.
        const [ux, uy] = distance > 0 ? [dx / distance, dy / distance] : [Math.cos(a + b), Math.sin(a + b)];
        const shift = (apart - distance) / 2;
        x[a] = (x[a] as number) - ux * shift;
        y[a] = (y[a] as number) - uy * shift;
        x[b] = (x[b] as number) + ux * shift;
        y[b] = (y[b] as number) + uy * shift;
      }
    }
    if (!moved) return;
  }
}

/** Hops between every two nodes, directions ignored; nodes that no path joins count as far apart. */
function hopDistances(topology: TopologyView): readonly Int32Array[] {
  const count = topology.nodes.length;
  const neighbours: number[][] = topology.nodes.map(() => []);
  for (const { from, to } of topology.links) {
    neighbours[from]?.push(to);
    neighbours[to]?.push(from);
  }
  const far = Math.max(2, Math.ceil(Math.sqrt(count)));
  return topology.nodes.map((_, start) => {
    const hops = new Int32Array(count).fill(-1);
    hops[start] = 0;
    const queue = [start];
    for (const node of queue) {
      for (const next of neighbours[node] ?? []) {
        if (hops[next] !== -1) continue;
        hops[next] = (hops[node] as number) + 1;
        queue.push(next);
      }
    }
    return hops.map((hop) => (hop === -1 ? far : hop));
  });
}
