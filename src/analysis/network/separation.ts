import type { NodeFault } from '../../model/system.ts';
import { strikeQuorums } from '../blocking.ts';
import { removableCut, sidesOf } from '../connectivity.ts';
import type { FaultFamily, FaultKinds } from '../fault-sets.ts';
import { type Graph, makeGraph, reach } from '../graph.ts';
import { Strikes } from '../strikes.ts';
import type { Work } from '../work.ts';

/** Faults after which two members that are left have no path. */
export interface Separation {
  readonly outages: readonly number[];
  /** Struck nodes by the kind of fault that their budget pays for, ascending; none in a zone that is out. */
  readonly struck: readonly {
    readonly node: number;
    readonly kind: NodeFault /** Index in FaultModel.budgets. */;
    readonly budget: number;
  }[];
  /** The members left, in the parts that still reach each other. */
  readonly sides: readonly (readonly number[])[];
}

/**
 * A smallest-effort set of admissible faults that separates two members that are not struck themselves, null when there is
 * none. With `liesTwice` each Byzantine budget may be spent twice over: two admissible sets of liars together, which by matroid
 * union (Edmonds 1965) is the same as one set within doubled budgets.
 *
 * Exact for the whole family, zone outages included, or throws OutOfWork. Where the budgets amount to one number it is a flow;
 * otherwise a search over the paths that must be hit.
 */
export function findSeparation(
  graph: Graph,
  members: readonly number[],
  family: FaultFamily,
  kinds: FaultKinds,
  work: Work,
  liesTwice = false,
): Separation | null {
  // Whoever is left of a complete graph is linked.
  if (graph.complete || members.length < 2) return null;
  const strikes = strikesOf(family, kinds, liesTwice);
  for (const outages of outageSubsets(family, kinds, work)) {
    const down = family.nodesOf(outages);
    const left = members.filter((node) => !down[node]);
    if (left.length < 2) continue;
    const rest = outages.length === 0 ? graph : without(graph, down);
    work.spend(graph.nodeCount);
    const found = cutWithin(rest, left, down, strikes, work);
    if (found === null) continue;
    const cut = minimal(rest, left, found);
    strikes.admits(cut, true);
    const struck = cut.map((node) => ({ node, kind: strikes.kindOf(node) as NodeFault, budget: strikes.budgetOf(node) as number }));
    return { outages, struck, sides: sidesOf(rest, left, cut) };
  }
  return null;
}

/** Nodes that the strikes can pay for and that separate two other members, ascending and minimal; null when there are none. */
function cutWithin(graph: Graph, members: readonly number[], down: Uint8Array, strikes: Strikes, work: Work): number[] | null {
  const everyone = Array.from({ length: graph.nodeCount }, (_, node) => node).filter((node) => !down[node]);
  strikes.strikeHeaviest(everyone, () => 1);
  const most = strikes.struck.length;
  strikes.clear();
  const removable = Uint8Array.from({ length: graph.nodeCount }, (_, node) => (strikes.canStrike(node) && !down[node] ? 1 : 0));
  const cut = removableCut(graph, members, most + 1, removable, work);
  if (cut === null) return null;
  if (strikes.admits(cut)) return [...cut].sort((a, b) => a - b);
  // As many as can be struck, but not these together: the budgets differ in the nodes they name.
  for (const [i, a] of members.entries()) {
    for (const b of members.slice(i + 1)) {
      for (const [from, to] of graph.directed ? [[a, b] as const, [b, a] as const] : [[a, b] as const]) {
        const hit = hitAllPaths(graph, from, to, { down, strikes, work });
        if (hit !== null) return hit;
      }
    }
  }
  return null;
}

/** Spares nodes of a cut, the last first, as long as members stay apart. */
function minimal(graph: Graph, members: readonly number[], cut: readonly number[]): number[] {
  let least = [...cut];
  for (const node of [...cut].reverse()) {
    const fewer = least.filter((other) => other !== node);
    if (sidesOf(graph, members, fewer).length > 1) least = fewer;
  }
  return least;
}

export interface PathSearch {
  readonly down: Uint8Array;
  readonly strikes: Strikes;
  readonly work: Work;
}

/**
 * Nodes between two that the strikes can pay for and that leave no path of at most `longest` links; minimal, ascending. Null
 * when there are none.
 */
export function hitAllPaths(
  graph: Graph,
  from: number,
  to: number,
  { down, strikes, work }: PathSearch,
  longest = graph.nodeCount,
): number[] | null {
  if (graph.out[from]?.includes(to)) return null;
  const cost = graph.nodeCount + graph.out.reduce((sum, targets) => sum + targets.length, 0);
  const alive = Uint8Array.from(down, (gone) => (gone ? 0 : 1));
  const between = (live: Uint8Array): number[] | null => {
    const { distance, from: previous } = reach(graph.out, from, live);
    if ((distance[to] as number) < 0 || (distance[to] as number) > longest) return null;
    const path: number[] = [];
    for (let at = previous[to] as number; at !== from; at = previous[at] as number) path.push(at);
    return path;
  };
  strikes.clear();
  const distinct = Int32Array.from({ length: graph.nodeCount }, (_, node) => node);
  if (!strikeQuorums({ quorum: between, cost, alive, strikes, classes: distinct, work })) return null;
  const hit = [...strikes.struck].sort((a, b) => a - b);
  for (const node of [...hit].reverse()) {
    const live = Uint8Array.from(alive);
    for (const other of hit) if (other !== node) live[other] = 0;
    if (between(live) === null) hit.splice(hit.indexOf(node), 1);
  }
  strikes.clear();
  return hit;
}

/** The budgets over single nodes, those of liars doubled where two sets of them are asked for. */
function strikesOf(family: FaultFamily, kinds: FaultKinds, liesTwice: boolean): Strikes {
  const strikes = family.strikes(kinds);
  if (!liesTwice) return strikes;
  return new Strikes(
    strikes.budgets.map((budget) => (budget.kind === 'byzantine' ? { ...budget, capacity: 2 * budget.capacity } : budget)),
    family.nodeCount,
  );
}

/**
 * Every set of zones that may be out at once, small ones first, each set of lost nodes once. Not only the largest: what goes
 * down with a zone no longer needs a path.
 */
export function* outageSubsets(family: FaultFamily, kinds: FaultKinds, work: Work): Generator<readonly number[]> {
  const seen = new Set<string>();
  let sets: (readonly number[])[] = [[]];
  if (kinds.includes('crash')) {
    for (const { count, zones } of family.outageBudgets) {
      const options = subsets(zones, count, work);
      work.spend(sets.length * options.length);
      sets = sets.flatMap((set) => options.map((option) => [...new Set([...set, ...option])].sort((a, b) => a - b)));
    }
  }
  for (const set of sets.sort((a, b) => a.length - b.length)) {
    const key = family.nodesOf(set).join('');
    if (seen.has(key)) continue;
    seen.add(key);
    work.spend(family.nodeCount);
    yield set;
  }
}

/** All subsets of at most `most` items. */
function subsets(items: readonly number[], most: number, work: Work): (readonly number[])[] {
  const found: (readonly number[])[] = [[]];
  for (const item of items) {
    work.spend(found.length);
    for (const smaller of [...found]) if (smaller.length < most) found.push([...smaller, item]);
  }
  return found;
}

/** The graph without the links of nodes that are down. */
export function without(graph: Graph, down: Uint8Array): Graph {
  const arcs = graph.out.flatMap((targets, from) => (down[from] ? [] : targets.filter((to) => !down[to]).map((to) => [from, to] as const)));
  return makeGraph(graph.nodeCount, arcs);
}
