import type { NodeFault } from '../../model/system.ts';
import { type FaultFamily, type FaultSet, noFaults, unresponsive } from '../fault-sets.ts';
import { type Graph, reach } from '../graph.ts';
import type { Work } from '../work.ts';
import { findSeparation, hitAllPaths, outageSubsets, type Separation, without } from './separation.ts';

export type WorstDiameter =
  | {
      readonly kind: 'hops';
      readonly hops: number;
      /** A fault set after which two members are that far apart; empty where no fault makes it worse. */
      readonly faults: FaultSet;
      /** Two such members; null for fewer than two. */
      readonly pair: readonly [number, number] | null;
    }
  /** Some admissible faults leave two members without a path. */
  | { readonly kind: 'cut-off'; readonly separation: Separation };

/**
 * The most hops between two members that are left after the worst admissible faults. What is down, omits messages or lies
 * passes nothing on; slow nodes do.
 *
 * Exact: for each pair and each set of zones out, faults are sought that hit every path no longer than the longest
 * distance found so far, until there are none. Throws OutOfWork.
 */
export function worstDiameter(graph: Graph, members: readonly number[], family: FaultFamily, work: Work): WorstDiameter {
  const separation = findSeparation(graph, members, family, unresponsive, work);
  if (separation !== null) return { kind: 'cut-off', separation };
  const [first, second] = members;
  if (first === undefined || second === undefined) return { kind: 'hops', hops: 0, faults: noFaults, pair: null };
  if (graph.complete) return { kind: 'hops', hops: 1, faults: noFaults, pair: [first, second] };
  let worst: WorstDiameter & { readonly kind: 'hops' } = { kind: 'hops', hops: 0, faults: noFaults, pair: [first, second] };
  const strikes = family.strikes(unresponsive);
  const cost = graph.nodeCount + graph.out.reduce((sum, targets) => sum + targets.length, 0);
  for (const outages of outageSubsets(family, unresponsive, work)) {
    const down = family.nodesOf(outages);
    const rest = outages.length === 0 ? graph : without(graph, down);
    const left = members.filter((node) => !down[node]);
    for (const from of left) {
      work.spend(cost);
      const near = reach(rest.out, from, alive(down)).distance;
      for (const to of left) {
        if (to === from || (!graph.directed && to < from)) continue;
        if ((near[to] as number) > worst.hops) {
          worst = { kind: 'hops', hops: near[to] as number, faults: family.faultSet(outages, clean(strikes)), pair: [from, to] };
        }
        for (;;) {
          const hit = hitAllPaths(rest, from, to, { down, strikes, work }, worst.hops);
          if (hit === null) break;
          const live = alive(down);
          for (const node of hit) live[node] = 0;
          const hops = reach(rest.out, from, live).distance[to] as number;
          strikes.admits(hit, true);
          worst = { kind: 'hops', hops, faults: family.faultSet(outages, strikes), pair: [from, to] };
        }
      }
    }
  }
  strikes.clear();
  return worst;
}

function clean<T extends { clear(): void }>(strikes: T): T {
  strikes.clear();
  return strikes;
}

function alive(down: Uint8Array): Uint8Array {
  return Uint8Array.from(down, (gone) => (gone ? 0 : 1));
}

/**
 * A bound on the same without a search: among n nodes of connectivity κ, after any f of them have failed, two members are at
 * most ⌊(n − f − 2) / (κ − f)⌋ + 1 hops apart, since κ − f disjoint paths share the n − f − 2 nodes between them (Menger 1927;
 * Chung & Garey 1984). Null where κ ≤ f: then some may be cut off.
 */
export function worstDiameterBound(nodes: number, connectivity: number, failures: number): number | null {
  if (connectivity <= failures) return null;
  return Math.max(1, Math.floor((nodes - failures - 2) / (connectivity - failures)) + 1);
}

/** The fault set of a separation. */
export function faultsOf({ outages, struck }: Separation): FaultSet {
  const of = (kind: NodeFault): number[] => struck.filter((strike) => strike.kind === kind).map(({ node }) => node);
  return { outages, crashed: of('crash'), omitting: of('omission'), byzantine: of('byzantine'), slow: of('timing') };
}
