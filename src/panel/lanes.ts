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
