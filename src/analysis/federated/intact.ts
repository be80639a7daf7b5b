import type { Strikes } from '../strikes.ts';
import type { Work } from '../work.ts';
import { exchangeable } from './classes.ts';
import { closure, everyNode, type Federation, mark, marked } from './federation.ts';
import { splitDespite } from './split.ts';

/** What is left of a network once some of its nodes are ill-behaved (crashed or Byzantine). */
export interface Intact {
  /** Nodes that stay safe and live whatever the ill-behaved do, ascending. */
  readonly nodes: readonly number[];
  /** Well-behaved nodes that are not: they may be led apart, or wait for ever. */
  readonly befouled: readonly number[];
}

/**
 * The intact nodes despite the ill-behaved (Mazières 2015): those outside of the smallest dispensable set around them. A set D is
 * dispensable when quorums of the others intersect with D deleted from all slices, and the others are a quorum (or nobody). In a network with quorum intersection
 * dispensable sets are closed under intersection, so that there is a smallest one; without it no node counts as intact here.
 *
 * The others must lie in the largest quorum without the ill-behaved. If its quorums intersect despite all else, that is the answer; else smaller
 * quorums are tried, the largest first. Exact, or throws OutOfWork.
 */
export function intactNodes(federation: Federation, illBehaved: Uint8Array, work: Work): Intact {
  return intactDespite(federation, illBehaved, isTogether(federation, work), work);
}

function isTogether(federation: Federation, work: Work): boolean {
  return splitDespite(federation, new Uint8Array(federation.nodeCount), work) === null;
}

function intactDespite(federation: Federation, illBehaved: Uint8Array, together: boolean, work: Work): Intact {
  const { nodeCount } = federation;
  const well = Uint8Array.from(illBehaved, (ill) => (ill ? 0 : 1));
  const answer = (intact: Uint8Array): Intact => ({
    nodes: marked(intact),
    befouled: federation.nodes.filter((node) => well[node] && !intact[node]),
  });
  const nobody = new Uint8Array(nodeCount);
  if (!together) return answer(nobody);
  const first = closure(federation, well, work);
  const tried = new Set<string>();
  let layer: Uint8Array[] = first.includes(1) ? [first] : [];
  // By falling size: of two intact sets the union is intact, so that the first one found is the largest.
  while (layer.length > 0) {
    layer.sort((a, b) => marked(b).length - marked(a).length);
    const quorum = layer.shift() as Uint8Array;
    const others = Uint8Array.from(quorum, (inside) => (inside ? 0 : 1));
    if (splitDespite(federation, others, work) === null) return answer(quorum);
    for (const node of marked(quorum)) {
      const fewer = Uint8Array.from(quorum);
      fewer[node] = 0;
      const smaller = closure(federation, fewer, work);
      const key = smaller.join('');
      work.spend(nodeCount);
      if (!smaller.includes(1) || tried.has(key)) continue;
      tried.add(key);
      layer.push(smaller);
    }
    layer = layer.filter((candidate) => candidate.includes(1));
  }
  return answer(nobody);
}

export interface WorstIntact extends Intact {
  readonly illBehaved: readonly number[];
  /** False when not all admissible sets could be tried: there may be a worse one. */
  readonly exact: boolean;
}

/**
 * The admissible set of ill-behaved nodes that leaves the fewest intact. More ill-behaved nodes never leave more, so that only the largest sets are tried, of
 * alike nodes the first ones. Throws OutOfWork.
 */
export function worstIntact(federation: Federation, strikes: Strikes, work: Work, most = 300): WorstIntact {
  const { nodeCount } = federation;
  const classes = exchangeable(federation, closure(federation, everyNode(federation), work));
  const alike = new Map<string, number[]>();
  for (let node = 0; node < nodeCount; node++) {
    if (!strikes.canStrike(node) || (classes[node] as number) < 0) continue;
    const key = `${classes[node]}/${strikes.type[node]}`;
    alike.set(key, [...(alike.get(key) ?? []), node]);
  }
  const groups = [...alike.values()];
  strikes.clear();
  for (const node of groups.flat()) strikes.add(node);
  const size = strikes.struck.length;
  strikes.clear();
  const together = isTogether(federation, work);
  let worst: WorstIntact | null = null;
  let tried = 0;
  const choose = (group: number): boolean => {
    if (strikes.struck.length === size) {
      if (tried++ === most) return false;
      const illBehaved = [...strikes.struck].sort((a, b) => a - b);
      const intact = intactDespite(federation, mark(illBehaved, nodeCount), together, work);
      if (worst === null || intact.nodes.length < worst.nodes.length) worst = { ...intact, illBehaved, exact: true };
      return true;
    }
    const nodes = groups[group];
    if (nodes === undefined) return true;
    const added: number[] = [];
    for (const node of nodes) {
      if (!strikes.add(node)) break;
      added.push(node);
      if (strikes.struck.length === size) break;
    }
    // The most of this group first, then one fewer each time.
    for (;;) {
      if (!choose(group + 1)) return false;
      const last = added.pop();
      if (last === undefined) return true;
      strikes.remove(last);
    }
  };
  const complete = choose(0);
  strikes.clear();
  const found = worst as WorstIntact | null;
  return found === null
    ? { ...intactDespite(federation, new Uint8Array(nodeCount), together, work), illBehaved: [], exact: true }
    : { ...found, exact: complete };
}

/**
 * Whether two well-behaved nodes can never be led apart: every quorum of the one and every quorum of the other share a node that does not lie (Losa,
 * Gafni & Mazières 2019). Weaker than both being intact, and enough for their safety. Exact, or throws OutOfWork.
 */
export function areIntertwined(federation: Federation, first: number, second: number, lying: Uint8Array, work: Work): boolean {
  // A node and itself: two quorums of it need not be the same, but they share it.
  if (first === second) return true;
  return splitDespite(federation, lying, work, first, second) === null;
}

/** Whether the well-behaved nodes that can still form quorums are all intertwined. */
export function isIntertwined(federation: Federation, lying: Uint8Array, work: Work): boolean {
  return splitDespite(federation, lying, work) === null;
}

/** Nodes that are in some quorum, ascending. */
export function nodesInQuorums(federation: Federation, work: Work): number[] {
  return marked(closure(federation, everyNode(federation), work));
}
