// The lanes of the space–time diagram: which node has which, and where it lies.

/** Heights in pixels. */
export const axisHeight = 26;

export interface Lanes {
  /** Nodes that are shown, from top to bottom. */
  readonly nodes: readonly number[];
  readonly laneHeight: number;
  /** Lane of each node of the topology, -1 for a hidden one. */
  readonly laneOf: Int32Array;
  /** Height of the whole diagram, the axis included. */
  readonly height: number;
}

/** Lanes shown to begin with at the most: more are neither readable nor quick to draw. */
export const openingLanesMax = 60;
/** Lanes that may be shown all at once on demand. */
export const lanesMax = 250;

/** Lanes that nodes struck by a fault may take of those at first: the others are for those that speak. */
const struckLanesMax = 15;

/**
 * The nodes whose lanes are hidden to begin with: none in a system of ordinary size; in a large one all but some that a
 * fault strikes and those that are first to send or receive, so that the first messages are all to be seen.
 * `senders` and `receivers` are columns of the messages in order of time.
 */
export function hiddenAtFirst(
  nodeCount: number,
  struck: readonly number[],
  senders: readonly number[],
  receivers: readonly number[],
): readonly number[] {
  if (nodeCount <= openingLanesMax) return [];
  const shown = new Set(struck.slice(0, struckLanesMax));
  const candidates = function* (): Generator<number> {
    for (const [message, sender] of senders.entries()) yield* [sender, receivers[message] as number];
    for (let node = 0; node < nodeCount; node += 1) yield node;
  };
  for (const node of candidates()) {
    if (shown.size >= openingLanesMax) break;
    shown.add(node);
  }
  return Array.from({ length: nodeCount }, (_, node) => node).filter((node) => !shown.has(node));
}

export function lanesFor(nodeCount: number, hidden: readonly number[]): Lanes {
  const hiddenSet = new Set(hidden);
  const nodes = Array.from({ length: nodeCount }, (_, node) => node).filter((node) => !hiddenSet.has(node));
  const laneOf = new Int32Array(nodeCount).fill(-1);
  nodes.forEach((node, lane) => {
    laneOf[node] = lane;
  });
  const laneHeight = nodes.length <= 6 ? 44 : nodes.length <= 14 ? 34 : 24;
  return { nodes, laneHeight, laneOf, height: axisHeight + nodes.length * laneHeight };
}

/** Height of the middle of a lane, in pixels from the diagram's top. */
export function laneMiddle(lanes: Lanes, lane: number): number {
  return axisHeight + (lane + 0.5) * lanes.laneHeight;
}

/** The node whose lane is at this height, if any. */
export function nodeAt(lanes: Lanes, y: number): number | undefined {
  return y < axisHeight ? undefined : lanes.nodes[Math.floor((y - axisHeight) / lanes.laneHeight)];
}
