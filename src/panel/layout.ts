// Where the nodes of a topology lie in the plane, without a screen. The same topology gives the same picture.

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from 'd3-force';
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

/** Where links pull the nodes (d3-force, deterministic), from a circle in declared order, so that rings come out round. */
function byLinks(topology: TopologyView): Layout {
  const count = topology.nodes.length;
  const dense = count > roomyMax;
  const apart = dense ? 30 : 80;
  const radius = Math.max(60, (count * apart) / (2 * Math.PI));
  const nodes = topology.nodes.map((_, node) => ({
    x: radius * Math.sin((2 * Math.PI * node) / count),
    y: -radius * Math.cos((2 * Math.PI * node) / count),
  }));
  // With all nodes linked every place is as good as any other: the circle stays. Large graphs keep it for speed.
  if (!topology.complete && count > 2 && count <= relaxedNodesMax && topology.links.length < (count * (count - 1)) / 2) {
    relax(nodes, topology, apart);
  }
  const left = Math.min(...nodes.map(({ x }) => x), 0);
  const top = Math.min(...nodes.map(({ y }) => y), 0);
  const marginX = roomyCell.width / 2 + padding;
  const marginY = roomyCell.height / 2 + padding;
  return {
    dense,
    nodes: nodes.map(({ x, y }) => ({ x: x - left + marginX, y: y - top + marginY })),
    zones: [],
    width: Math.max(...nodes.map(({ x }) => x), 0) - left + 2 * marginX,
    height: Math.max(...nodes.map(({ y }) => y), 0) - top + 2 * marginY,
  };
}

const relaxedNodesMax = 150;
/** Nodes that have room for their names at the most. */
const roomyMax = 80;
const rounds = 300;

function relax(nodes: SimulationNodeDatum[], topology: TopologyView, apart: number): void {
  const links = topology.links.map(({ from, to }) => ({ source: from, target: to }));
  forceSimulation(nodes)
    .force('link', forceLink(links).distance(1.1 * apart))
    .force(
      'charge',
      forceManyBody()
        .strength(-8 * apart)
        .distanceMax(10 * apart),
    )
    // Parts that no link joins would drift apart for ever.
    .force('x', forceX(0).strength(0.04))
    .force('y', forceY(0).strength(0.04))
    .force(
      'collide',
      forceCollide(apart / 2)
        .strength(1)
        .iterations(4),
    )
    .stop()
    .tick(rounds);
}
