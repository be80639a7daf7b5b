import { type Graph, liveComponents, reach } from './graph.ts';
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
 * with no path between them; by Menger (1927) the least number of disjoint paths between two members without a link. Where
 * every two members are linked it is n − 1 by convention.
 *
 * Exact. The neighbours of a member of least degree are a cut; as long as there is a smaller one, that is taken.
 */
export function connectivity(graph: Graph, members: readonly number[], work: Work): Connectivity {
  let best: readonly number[] | null = null;
  if (!graph.complete) {
    for (const member of members) {
      for (const near of graph.directed ? [graph.out[member], graph.in[member]] : [graph.out[member]]) {
        if (near === undefined || (best !== null && near.length >= best.length)) continue;
        if (members.some((other) => other !== member && !near.includes(other))) best = near;
      }
    }
  }
  if (best === null) return { value: Math.max(0, members.length - 1), cut: [], sides: [] };
  for (;;) {
    const smaller = cutBelow(graph, members, best.length, work);
    if (smaller === null) return { value: best.length, cut: best, sides: sidesOf(graph, members, best) };
    best = smaller;
  }
}

/** Whether no set of fewer than `wanted` nodes separates two members. */
export function decideConnectivity(graph: Graph, members: readonly number[], wanted: number, work: Work): boolean {
  return graph.complete || cutBelow(graph, members, wanted, work) === null;
}

/** Fewer than `wanted` nodes, all of them `removable`, without which two other members have no path; null when there are none. */
export function removableCut(
  graph: Graph,
  members: readonly number[],
  wanted: number,
  removable: Uint8Array,
  work: Work,
): readonly number[] | null {
  return graph.complete ? null : cutBelow(graph, members, wanted, work, removable);
}

/**
 * Fewer than `wanted` nodes whose removal separates two members, null when there are none. After Even (1975): a set of nodes
 * that no such cut tears apart is grown, member by member. The first `wanted` members are compared in pairs; each further
 * one belongs to the set when it has `wanted` disjoint paths to it (and from it, where links go one way), for which as
 * many neighbours in the set are enough.
 */
function cutBelow(graph: Graph, members: readonly number[], wanted: number, work: Work, removable?: Uint8Array): readonly number[] | null {
  if (wanted <= 0 || members.length <= 1) return null;
  const order = byCloseness(graph, members);
  const core = order.slice(0, wanted);
  const pairs = new DisjointPaths(graph.out, removable);
  for (const [i, a] of core.entries()) {
    for (const b of core.slice(i + 1)) {
      const cut = pairs.cutBetween(a, b, wanted, work) ?? (graph.directed ? pairs.cutBetween(b, a, wanted, work) : null);
      if (cut !== null) return cut;
    }
  }
  const fans = [new DisjointPaths(graph.out, removable), ...(graph.directed ? [new DisjointPaths(graph.in, removable)] : [])];
  const inside = new Uint8Array(graph.nodeCount);
  const join = (node: number): void => {
    inside[node] = 1;
    for (const fan of fans) fan.makeTarget(node);
  };
  core.forEach(join);
  for (const node of order.slice(wanted)) {
    for (const fan of fans) {
      const cut = fan.cutFromTargets(node, inside, wanted, work);
      if (cut !== null) return cut;
    }
    join(node);
  }
  return null;
}

/** Seeds from which `inseparable` tries to grow a set. */
const mostSeeds = 3;

/**
 * A large set of nodes that no removal of fewer than `wanted` nodes tears apart: those left of it reach each other. Sound,
 * not always the largest; empty when none was found.
 */
export function inseparable(graph: Graph, wanted: number, work: Work): number[] {
  const isWide = (node: number): boolean =>
    (graph.out[node]?.length ?? 0) >= wanted && (!graph.directed || (graph.in[node]?.length ?? 0) >= wanted);
  const wide = Array.from({ length: graph.nodeCount }, (_, node) => node).filter(isWide);
  let candidates = wide;
  let best: number[] = [];
  for (let seed = 0; seed < mostSeeds && candidates.length >= Math.max(1, wanted); seed++) {
    const grown = growFrom(graph, byCloseness(graph, candidates), wanted, work);
    if (grown.length > best.length) best = grown;
    const taken = new Set(grown);
    candidates = candidates.filter((node) => !taken.has(node));
    if (best.length * 2 > wide.length) break;
  }
  return best;
}

/** As `cutBelow`, but what can be cut off is left out instead of ending the search. */
function growFrom(graph: Graph, order: readonly number[], wanted: number, work: Work): number[] {
  const pairs = new DisjointPaths(graph.out);
  const apart = (a: number, b: number): boolean =>
    pairs.cutBetween(a, b, wanted, work) !== null || (graph.directed && pairs.cutBetween(b, a, wanted, work) !== null);
  const set: number[] = [];
  const rest: number[] = [];
  for (const node of order) {
    if (set.length < wanted && set.every((other) => !apart(node, other))) set.push(node);
    else rest.push(node);
  }
  if (set.length < wanted) return set;
  const fans = [new DisjointPaths(graph.out), ...(graph.directed ? [new DisjointPaths(graph.in)] : [])];
  const inside = new Uint8Array(graph.nodeCount);
  const join = (node: number): void => {
    inside[node] = 1;
    for (const fan of fans) fan.makeTarget(node);
  };
  set.forEach(join);
  for (const node of rest) {
    if (fans.some((fan) => fan.cutFromTargets(node, inside, wanted, work) !== null)) continue;
    join(node);
    set.push(node);
  }
  return set;
}

/** Members in the order of a walk from one of most links, so that early ones are neighbours of each other. */
export function byCloseness(graph: Graph, members: readonly number[]): number[] {
  const degree = (node: number): number => graph.out[node]?.length ?? 0;
  const first = members.reduce((best, node) => (degree(node) > degree(best) ? node : best));
  const { distance } = reach(graph.out, first, new Uint8Array(graph.nodeCount).fill(1));
  const far = (node: number): number => ((distance[node] as number) < 0 ? graph.nodeCount : (distance[node] as number));
  return [...members].sort((a, b) => far(a) - far(b) || degree(b) - degree(a) || a - b);
}

/** The members that still reach each other when some nodes are gone, in parts, ordered by their first members. */
export function sidesOf(graph: Graph, members: readonly number[], cut: readonly number[]): number[][] {
  const live = new Uint8Array(graph.nodeCount).fill(1);
  for (const node of cut) live[node] = 0;
  const inside = new Set(members);
  return liveComponents(graph, live)
    .map((side) => side.filter((node) => inside.has(node)))
    .filter((side) => side.length > 0)
    .sort((a, b) => (a[0] as number) - (b[0] as number));
}

/**
 * Flows that pass each node at most once (any number of times where it is not `removable`): node v receives at vertex 2v
 * and sends at 2v + 1. Links pass any amount.
 */
class DisjointPaths {
  private readonly flow: FlowNetwork;
  private readonly through: number[] = [];
  private readonly toSink: number[] = [];
  private readonly sink: number;

  constructor(
    private readonly next: readonly (readonly number[])[],
    private readonly removable?: Uint8Array,
  ) {
    this.sink = 2 * next.length;
    this.flow = new FlowNetwork(this.sink + 1);
    next.forEach((targets, node) => {
      this.through.push(this.flow.addArc(2 * node, 2 * node + 1, this.capacityOf(node)));
      this.toSink.push(this.flow.addArc(2 * node, this.sink, 0));
      for (const to of targets) this.flow.addArc(2 * node + 1, 2 * to, next.length + 1);
    });
  }

  private capacityOf(node: number): number {
    return this.removable === undefined || this.removable[node] ? 1 : this.next.length + 1;
  }

  /** A cut of fewer than `wanted` nodes between two, null when there is none or they are linked. */
  cutBetween(from: number, to: number, wanted: number, work: Work): number[] | null {
    if (this.next[from]?.includes(to)) return null;
    if (this.flow.maximum(2 * from + 1, 2 * to, wanted, work) >= wanted) return null;
    return this.cut(from, work);
  }

  /** From now on paths end at this node. */
  makeTarget(node: number): void {
    this.flow.setCapacity(this.through[node] as number, 0);
    this.flow.setCapacity(this.toSink[node] as number, this.capacityOf(node));
  }

  /** A cut of fewer than `wanted` nodes between a node and the targets (which may be part of it), null when there is none. */
  cutFromTargets(node: number, isTarget: Uint8Array, wanted: number, work: Work): number[] | null {
    let near = 0;
    for (const other of this.next[node] ?? []) near += (isTarget[other] as number) * this.capacityOf(other);
    if (near >= wanted) return null;
    if (this.flow.maximum(2 * node + 1, this.sink, wanted, work) >= wanted) return null;
    return this.cut(node, work);
  }

  /** After a flow that is a maximum: the nodes reached that nothing passes any more. */
  private cut(from: number, work: Work): number[] {
    const near = this.flow.reachable(2 * from + 1, work);
    return this.next.map((_, node) => node).filter((node) => node !== from && near[2 * node] === 1 && near[2 * node + 1] === 0);
  }
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
