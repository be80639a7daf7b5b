import type { Graph } from '../graph.ts';

/** How many direct neighbours the members have: of links that go one way the fewer of those to and from a node count. */
export interface Degrees {
  /** δ: the least, with the first member that has it (-1 for no members, the degree then 0). */
  readonly least: number;
  readonly leastNode: number;
  readonly most: number;
  readonly mostNode: number;
}

export function degrees(graph: Graph, members: readonly number[]): Degrees {
  const degree = (node: number): number =>
    graph.complete ? graph.nodeCount - 1 : Math.min(graph.out[node]?.length ?? 0, graph.in[node]?.length ?? 0);
  let [least, leastNode, most, mostNode] = [Number.POSITIVE_INFINITY, -1, 0, -1];
  for (const node of members) {
    const own = degree(node);
    if (own < least) [least, leastNode] = [own, node];
    if (mostNode < 0 || own > most) [most, mostNode] = [own, node];
  }
  return { least: leastNode < 0 ? 0 : least, leastNode, most, mostNode };
}

/** Fewest links of any network of n nodes with connectivity k: ⌈k n / 2⌉ (Harary 1962), for 1 < k < n. */
export function leastLinks(nodes: number, connectivity: number): number {
  if (connectivity <= 0 || nodes <= 1) return 0;
  return connectivity === 1 ? nodes - 1 : Math.ceil((Math.min(connectivity, nodes - 1) * nodes) / 2);
}
