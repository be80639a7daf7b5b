import { byCloseness } from '../connectivity.ts';
import { type Graph, liveComponents, makeGraph } from '../graph.ts';
import { FlowNetwork } from '../max-flow.ts';
import type { Work } from '../work.ts';

/** A link as two node indices: in ascending order where it goes both ways, otherwise sender first. */
export type Link = readonly [number, number];

export interface EdgeConnectivity {
  /** λ among the members: the fewest links whose loss leaves two of them without a path. 0 for fewer than two members. */
  readonly value: number;
  /** A smallest set of such links; empty when members are apart already or there are fewer than two. */
  readonly cut: readonly Link[];
  /** The members left on each side of the cut; empty for fewer than two members. */
  readonly sides: readonly (readonly number[])[];
}

/**
 * Edge connectivity among the members: by Menger (1927) the least number of link-disjoint paths between two of them, there
 * and back where links go one way. A link that goes both ways is lost as a whole.
 *
 * Exact, in one pass: that two nodes have k link-disjoint paths is an equivalence, so a set of members of which this is
 * known is one target, and each further member is compared with the set. The links of a member of least degree are the
 * first cut; each smaller one found takes its place. Throws OutOfWork.
 */
export function edgeConnectivity(graph: Graph, members: readonly number[], work: Work): EdgeConnectivity {
  const [first, ...others] = members;
  if (first === undefined || others.length === 0) return { value: 0, cut: [], sides: [] };
  if (graph.complete) {
    const everyone = Array.from({ length: graph.nodeCount }, (_, node) => node);
    const cut = everyone.filter((node) => node !== first).map((node): Link => (node < first ? [node, first] : [first, node]));
    return { value: cut.length, cut, sides: [[first], others] };
  }
  let best = cutAround(graph, members);
  const flows = [new ContractedFlow(graph.out, false), ...(graph.directed ? [new ContractedFlow(graph.in, true)] : [])];
  for (const member of byCloseness(graph, members)) {
    if (best.length === 0) break;
    for (const flow of flows) best = flow.cutBelow(member, best.length, work) ?? best;
    for (const flow of flows) flow.join(member);
  }
  const cut = best.map(([a, b]): Link => (!isOneWay(graph, a, b) && a > b ? [b, a] : [a, b])).sort(byEnds);
  return { value: cut.length, cut, sides: sidesWithout(graph, members, cut) };
}

/** The links around the member that has the fewest, to it or from it. */
function cutAround(graph: Graph, members: readonly number[]): Link[] {
  let best: Link[] | null = null;
  for (const member of members) {
    const out = graph.out[member] ?? [];
    const into = graph.in[member] ?? [];
    if (best === null || out.length < best.length) best = out.map((to): Link => [member, to]);
    if (into.length < best.length) best = into.map((from): Link => [from, member]);
  }
  return best ?? [];
}

function isOneWay(graph: Graph, from: number, to: number): boolean {
  return graph.directed && !graph.out[to]?.includes(from);
}

function byEnds(one: Link, two: Link): number {
  return one[0] - two[0] || one[1] - two[1];
}

/** The members that still reach each other without these links, in parts, ordered by their first members. */
export function sidesWithout(graph: Graph, members: readonly number[], cut: readonly Link[]): number[][] {
  const lost = new Set(cut.flatMap(([a, b]) => [`${a} ${b}`, ...(isOneWay(graph, a, b) ? [] : [`${b} ${a}`])]));
  const arcs = graph.out.flatMap((targets, from) => targets.filter((to) => !lost.has(`${from} ${to}`)).map((to): Link => [from, to]));
  const inside = new Set(members);
  return liveComponents(makeGraph(graph.nodeCount, arcs), new Uint8Array(graph.nodeCount).fill(1))
    .map((side) => side.filter((node) => inside.has(node)))
    .filter((side) => side.length > 0)
    .sort((a, b) => (a[0] as number) - (b[0] as number));
}

/** Flows in which each link carries one unit, from a node to a growing set of nodes taken as one. */
class ContractedFlow {
  private readonly flow: FlowNetwork;
  private readonly toSink: number[] = [];
  private readonly inside: Uint8Array;
  private empty = true;

  /** @param reversed whether `next` leads against the links: cuts are then turned round. */
  constructor(
    private readonly next: readonly (readonly number[])[],
    private readonly reversed: boolean,
  ) {
    this.flow = new FlowNetwork(next.length + 1);
    this.inside = new Uint8Array(next.length);
    next.forEach((targets, node) => {
      for (const to of targets) this.flow.addArc(node, to, 1);
      this.toSink.push(this.flow.addArc(node, next.length, 0));
    });
  }

  join(node: number): void {
    this.empty = false;
    this.inside[node] = 1;
    this.flow.setCapacity(this.toSink[node] as number, this.next.length * this.next.length);
  }

  /** Fewer than `wanted` links that separate a node from the set, null when there are none. */
  cutBelow(node: number, wanted: number, work: Work): Link[] | null {
    if (this.empty) return null;
    let near = 0;
    for (const other of this.next[node] ?? []) near += this.inside[other] as number;
    if (near >= wanted || this.flow.maximum(node, this.next.length, wanted, work) >= wanted) return null;
    const side = this.flow.reachable(node, work);
    const cut: Link[] = [];
    this.next.forEach((targets, from) => {
      if (!side[from]) return;
      for (const to of targets) if (!side[to]) cut.push(this.reversed ? [to, from] : [from, to]);
    });
    return cut;
  }
}
