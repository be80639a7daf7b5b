import { type Graph, isAdjacent, liveComponents, reach } from './graph.ts';
import { FlowNetwork } from './max-flow.ts';
import type { Work } from './work.ts';

export interface Connectivity {
  /** κ among the members; n − 1 where every two members are linked directly. */
  readonly value: number;
  /** A smallest set of nodes whose removal separates members; empty when they are apart already or no set does. */
  readonly cut: readonly number[];
  /** The members left on each side of the cut; empty where no set of nodes separates members. */
  readonly sides: readonly (readonly number[])[];
}

/**
 * Vertex connectivity among the members: the least number of nodes, members or relays, whose removal leaves two members
 * with no path between them; by Menger (1927) the least number of disjoint paths between two members without a link. Where every
 * two members are linked it is n − 1 by convention.
 *
 * Exact. If all nodes are members and links go both ways: Esfahanian & Hakimi (1984), flows from a node of least degree and
 * among its neighbours. Otherwise Even (1975): flows from the members in turn, until more of them are done than the best cut
 * has nodes, since one of those is not in a least cut.
 */
export function connectivity(graph: Graph, members: readonly number[], work: Work): Connectivity {
  const search = new CutSearch(graph, members, work);
  return search.run(Number.POSITIVE_INFINITY);
}

/** Whether κ among the members is at least `wanted`; flows stop as soon as they show it. */
export function decideConnectivity(graph: Graph, members: readonly number[], wanted: number, work: Work): boolean {
  if (members.length <= 1) return true;
  const found = new CutSearch(graph, members, work).run(wanted);
  // Members that are all linked directly stay connected whatever else is lost.
  return found.sides.length === 0 || found.value >= wanted;
}

class CutSearch {
  private readonly flow: FlowNetwork;
  private best: number;
  private pair: readonly [number, number] | null = null;

  constructor(
    private readonly graph: Graph,
    private readonly members: readonly number[],
    private readonly work: Work,
  ) {
    this.best = Number.POSITIVE_INFINITY;
    // Vertex v is split: 2v receives, 2v + 1 sends, and one unit may pass. Links pass any amount, so that a least cut
    // consists of vertices.
    this.flow = new FlowNetwork(graph.complete ? 0 : 2 * graph.nodeCount);
    if (graph.complete) return;
    for (let v = 0; v < graph.nodeCount; v++) {
      this.flow.addArc(2 * v, 2 * v + 1, 1);
      for (const to of graph.out[v] as readonly number[]) this.flow.addArc(2 * v + 1, 2 * to, graph.nodeCount);
    }
  }

  /** Cuts of `wanted` nodes or more are of no interest. */
  run(wanted: number): Connectivity {
    const { graph, members } = this;
    const linked = { value: Math.max(0, members.length - 1), cut: [], sides: [] };
    if (graph.complete || members.length <= 1) return linked;
    this.best = wanted;
    const order = [...members].sort((a, b) => this.degree(a) - this.degree(b) || a - b);
    if (!graph.directed && members.length === graph.nodeCount) {
      const first = order[0] as number;
      this.fromAll(first, members);
      const near = graph.out[first] as readonly number[];
      for (const [i, a] of near.entries()) for (const b of near.slice(i + 1)) this.between(a, b);
    } else {
      for (let i = 0; i < order.length && i <= this.best; i++) this.fromAll(order[i] as number, members);
    }
    if (this.pair === null) return Number.isFinite(wanted) ? { ...linked, value: Math.max(linked.value, wanted) } : linked;
    return this.describe(this.pair);
  }

  private degree(node: number): number {
    return (this.graph.out[node]?.length ?? 0) + (this.graph.directed ? (this.graph.in[node]?.length ?? 0) : 0);
  }

  private fromAll(node: number, others: readonly number[]): void {
    for (const other of others) {
      if (other === node) continue;
      this.between(node, other);
      if (this.graph.directed) this.between(other, node);
    }
  }

  private between(from: number, to: number): void {
    if (this.best <= 0 || isAdjacent(this.graph, from, to)) return;
    const flow = this.flow.maximum(2 * from + 1, 2 * to, this.best, this.work);
    if (flow >= this.best) return;
    this.best = flow;
    this.pair = [from, to];
  }

  private describe([from, to]: readonly [number, number]): Connectivity {
    const { graph, flow, work } = this;
    flow.maximum(2 * from + 1, 2 * to, Number.POSITIVE_INFINITY, work);
    const near = flow.reachable(2 * from + 1, work);
    const cut: number[] = [];
    for (let v = 0; v < graph.nodeCount; v++) {
      if (v === from || v === to) continue;
      const receives = near[2 * v] === 1;
      const sends = near[2 * v + 1] === 1;
      if (receives && !sends) cut.push(v);
    }
    const live = new Uint8Array(graph.nodeCount).fill(1);
    for (const node of cut) live[node] = 0;
    const inside = new Set(this.members);
    const sides = liveComponents(graph, live)
      .map((side) => side.filter((node) => inside.has(node)))
      .filter((side) => side.length > 0);
    return { value: this.best, cut, sides };
  }
}

/**
 * Edge connectivity among the members: the least number of links whose loss leaves two of them with no path. 0 links for fewer
 * than two members. Exact: flows from one member to each other one (and back where links go one way).
 */
export function edgeConnectivity(graph: Graph, members: readonly number[], work: Work): number {
  const [first, ...others] = members;
  if (first === undefined || others.length === 0) return 0;
  if (graph.complete) return graph.nodeCount - 1;
  const flow = new FlowNetwork(graph.nodeCount);
  for (let v = 0; v < graph.nodeCount; v++) for (const to of graph.out[v] as readonly number[]) flow.addArc(v, to, 1);
  let best = graph.out[first]?.length ?? 0;
  for (const other of others) {
    best = flow.maximum(first, other, best, work);
    if (graph.directed) best = flow.maximum(other, first, best, work);
  }
  return best;
}

/** The most hops of a shortest way from one member to another, through any nodes; null when some member cannot reach another. */
export function diameter(graph: Graph, members: readonly number[], work: Work): number | null {
  if (members.length <= 1) return 0;
  if (graph.complete) return 1;
  const live = new Uint8Array(graph.nodeCount).fill(1);
  const edges = graph.out.reduce((sum, targets) => sum + targets.length, 0);
  let longest = 0;
  for (const member of members) {
    work.spend(edges + graph.nodeCount);
    const { distance } = reach(graph.out, member, live);
    for (const other of members) {
      const hops = distance[other] as number;
      if (hops < 0) return null;
      longest = Math.max(longest, hops);
    }
  }
  return longest;
}
