import { type Graph, reach } from '../graph.ts';
import type { Work } from '../work.ts';

export interface Eccentricity {
  /** Links to the member that is farthest away; 0 where there is no other. */
  readonly hops: number;
  /** That member, -1 for none. */
  readonly farthest: number;
  /** Members to which no path leads. */
  readonly unreached: readonly number[];
}

/** How far the members are from a node, which need not be one. Linear. Throws OutOfWork. */
export function eccentricity(graph: Graph, node: number, members: readonly number[], work: Work): Eccentricity {
  const others = members.filter((member) => member !== node);
  const [first] = others;
  if (first === undefined) return { hops: 0, farthest: -1, unreached: [] };
  if (graph.complete) return { hops: 1, farthest: first, unreached: [] };
  work.spend(graph.nodeCount + graph.out.reduce((sum, targets) => sum + targets.length, 0));
  const { distance } = reach(graph.out, node, new Uint8Array(graph.nodeCount).fill(1));
  let farthest = first;
  for (const member of others) if ((distance[member] as number) > (distance[farthest] as number)) farthest = member;
  return { hops: distance[farthest] as number, farthest, unreached: others.filter((member) => (distance[member] as number) < 0) };
}
