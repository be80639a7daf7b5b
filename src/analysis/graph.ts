import type { Network } from '../model/system.ts';

/** The network as adjacency lists over node indices, parallel links merged. */
export interface Graph {
  readonly nodeCount: number;
  /** Every two nodes are linked. The lists are then empty. */
  readonly complete: boolean;
  /** Whether some link goes one way only. */
  readonly directed: boolean;
  /** Neighbours that a node can send to, ascending. */
  readonly out: readonly (readonly number[])[];
  /** Neighbours that can send to a node, ascending. */
  readonly in: readonly (readonly number[])[];
}

const graphs = new WeakMap<Network, Graph>();

/** The graph of a network; computed once for each network. */
export function graphOf(network: Network, nodeCount: number): Graph {
  const known = graphs.get(network);
  if (known !== undefined && known.nodeCount === nodeCount) return known;
  const edges: [number, number][] = [];
  for (let i = 0; i < network.from.length; i++) {
    const from = network.from[i] as number;
    const to = network.to[i] as number;
    edges.push([from, to]);
    if (network.directed[i] !== 1) edges.push([to, from]);
  }
  const graph = network.complete ? { nodeCount, complete: true, directed: false, out: [], in: [] } : makeGraph(nodeCount, edges);
  graphs.set(network, graph);
  return graph;
}

/** A graph of arcs; an undirected edge is given as two. Self-loops are dropped. */
export function makeGraph(nodeCount: number, arcs: readonly (readonly [number, number])[]): Graph {
  const out = Array.from({ length: nodeCount }, () => new Set<number>());
  const into = Array.from({ length: nodeCount }, () => new Set<number>());
  for (const [from, to] of arcs) {
    if (from === to) continue;
    out[from]?.add(to);
    into[to]?.add(from);
  }
  const sorted = (set: Set<number>): number[] => [...set].sort((a, b) => a - b);
  const directed = out.some((targets, from) => [...targets].some((to) => !out[to]?.has(from)));
  return { nodeCount, complete: false, directed, out: out.map(sorted), in: into.map(sorted) };
}

/**
 * The parts of the live nodes that are mutually reachable through live nodes (strongly connected components), each
 * ascending, in the order of their first nodes. Of a complete graph: all live nodes.
 */
export function liveComponents(graph: Graph, live: Uint8Array): number[][] {
  const { nodeCount } = graph;
  if (graph.complete) {
    const all = Array.from({ length: nodeCount }, (_, node) => node).filter((node) => live[node]);
    return all.length === 0 ? [] : [all];
  }
  const component = new Int32Array(nodeCount).fill(-1);
  const components: number[][] = [];
  for (let start = 0; start < nodeCount; start++) {
    if (!live[start] || (component[start] as number) >= 0) continue;
    const forward = reach(graph.out, start, live);
    const backward = graph.directed ? reach(graph.in, start, live) : forward;
    const part: number[] = [];
    for (let node = 0; node < nodeCount; node++) {
      if (forward.seen[node] && backward.seen[node]) {
        component[node] = components.length;
        part.push(node);
      }
    }
    components.push(part);
  }
  return components;
}

/** Nodes reached from `start` through live nodes, with the node each was reached from. */
export function reach(
  next: readonly (readonly number[])[],
  start: number,
  live: Uint8Array,
): { readonly seen: Uint8Array; readonly from: Int32Array; readonly distance: Int32Array } {
  const seen = new Uint8Array(live.length);
  const from = new Int32Array(live.length).fill(-1);
  const distance = new Int32Array(live.length).fill(-1);
  const queue = [start];
  seen[start] = 1;
  distance[start] = 0;
  for (let head = 0; head < queue.length; head++) {
    const node = queue[head] as number;
    for (const other of next[node] as readonly number[]) {
      if (seen[other] || !live[other]) continue;
      seen[other] = 1;
      from[other] = node;
      distance[other] = (distance[node] as number) + 1;
      queue.push(other);
    }
  }
  return { seen, from, distance };
}
