import type { QuorumSystem } from '../model/values.ts';
import { pickCost, strikeBlockingSet, strikeQuorums } from './blocking.ts';
import { decideConnectivity, inseparable } from './connectivity.ts';
import { type FaultFamily, type FaultSet, goneNodes, unresponsive } from './fault-sets.ts';
import { compile, dual, type Formula, holds, interchangeable, leafCount, leaves, pickQuorum } from './formula.ts';
import { type Graph, graphOf, liveComponents, reach } from './graph.ts';
import { findSplit } from './intersection.ts';
import { findPartitionInNetwork } from './network/partition.ts';
import type { Strikes } from './strikes.ts';
import type { Work } from './work.ts';

export type Availability =
  | { readonly verdict: 'holds' }
  /** Not even all nodes together are a quorum. */
  | { readonly verdict: 'no-quorum' }
  | {
      readonly verdict: 'fails';
      readonly faults: FaultSet;
      /** Nodes of the quorum system that still answer, ascending. */
      readonly left: readonly number[];
      /**
       * `too-few`: those left contain no quorum. `apart`: they do, but no quorum lies among nodes that reach each other.
       * `partition`: a partition that never heals splits them so that no side has a quorum.
       */
      readonly how: 'too-few' | 'apart' | 'partition';
      /** For `apart` and `partition`: who is still together. */
      readonly sides: readonly (readonly number[])[];
    };

/**
 * Whether every admissible fault set leaves a quorum whole: members that are down, omit messages or are Byzantine do not
 * answer; a slow one does in the end. In a network that is not complete the quorum must lie among nodes that reach each
 * other through nodes without faults. A partition that heals delays a quorum and does not take it away; one that never
 * heals is taken to cut the nodes into two sides, in any way, and one side must keep a quorum that reaches itself there.
 *
 * Exact, or throws OutOfWork.
 */
export function isAvailable(family: FaultFamily, system: QuorumSystem, work: Work): Availability {
  const formula = compile(system);
  const members = leaves(formula);
  const everyone = new Uint8Array(family.nodeCount);
  for (const node of members) everyone[node] = 1;
  if (!holds(formula, everyone)) return { verdict: 'no-quorum' };
  // A threshold of zero asks for nobody's answer.
  if (holds(formula, new Uint8Array(family.nodeCount))) return { verdict: 'holds' };
  const places = interchangeable([formula], family.nodeCount);
  const tooFew = findBlock(family, formula, places, everyone, work);
  if (tooFew !== null) return tooFew;
  const graph = graphOf(family.system.network, family.nodeCount);
  if (!graph.complete) {
    const apart = findSeparation(family, formula, graph, work);
    if (apart !== null) return apart;
  }
  if (family.model?.budgets.some((budget) => budget.kind === 'partition' && budget.heals === null)) {
    const split = findPartition(family, formula, places, work) ?? (graph.complete ? null : findPartitionOf(graph, family, formula, work));
    if (split !== null) return split;
  }
  return { verdict: 'holds' };
}

/** A fault set after which the members left contain no quorum. */
function findBlock(family: FaultFamily, formula: Formula, places: Int32Array, everyone: Uint8Array, work: Work): Availability | null {
  const strikes = family.strikes(unresponsive);
  for (const outages of family.outageChoices(unresponsive, places, strikes, work)) {
    const down = family.nodesOf(outages);
    const alive = everyone.map((present, node) => (down[node] ? 0 : present));
    if (!strikeBlockingSet({ formula, alive, strikes, classes: places, work })) continue;
    const blocks = (gone: Uint8Array): boolean =>
      !holds(
        formula,
        everyone.map((present, node) => (gone[node] ? 0 : present)),
      );
    const faults = minimalFaults(family, outages, strikes, blocks);
    return { verdict: 'fails', faults, left: leftOf(family, formula, faults), how: 'too-few', sides: [] };
  }
  return null;
}

/** A fault set after which every quorum left is torn apart by the network. */
function findSeparation(family: FaultFamily, formula: Formula, graph: Graph, work: Work): Availability | null {
  const members = leaves(formula);
  const everyNode = Array.from({ length: family.nodeCount }, (_, node) => node);
  const most = family.maximum(unresponsive, everyNode, work).value;
  // With more disjoint paths than faults, whoever is left is connected.
  if (decideConnectivity(graph, members, most + 1, work)) return null;
  // Nor does it matter that some can be cut off, where those who cannot keep a quorum among them.
  const together = new Uint8Array(family.nodeCount);
  for (const node of inseparable(graph, most + 1, work)) together[node] = 1;
  if (keepsQuorum(family, formula, together, work)) return null;
  const edges = graph.out.reduce((sum, targets) => sum + targets.length, 0);
  const cost = 4 * (edges + family.nodeCount) + pickCost * leafCount(formula);
  const distinct = Int32Array.from(everyNode);
  const strikes = family.strikes(unresponsive);
  const quorum = (live: Uint8Array, avoid?: Uint8Array): readonly number[] | null =>
    connectedQuorum(graph, formula, live, (node) => (avoid?.[node] ? 1000 : strikes.canStrike(node) ? 1 : 0));
  for (const outages of family.outageChoices(unresponsive, distinct, strikes, work)) {
    const down = family.nodesOf(outages);
    const alive = Uint8Array.from(down, (value) => (value ? 0 : 1));
    strikes.clear();
    if (!strikeQuorums({ quorum, cost, alive, strikes, classes: distinct, work })) continue;
    const blocks = (gone: Uint8Array): boolean => quorum(gone.map((down) => (down ? 0 : 1))) === null;
    const faults = minimalFaults(family, outages, strikes, blocks);
    const live = new Uint8Array(family.nodeCount).fill(1);
    for (const node of goneNodes(family.system, faults)) live[node] = 0;
    const inside = new Set(members);
    const sides = liveComponents(graph, live)
      .map((side) => side.filter((node) => inside.has(node)))
      .filter((side) => side.length > 0);
    return { verdict: 'fails', faults, left: leftOf(family, formula, faults), how: 'apart', sides };
  }
  return null;
}

/** Whether every admissible fault set leaves a quorum among these nodes. */
function keepsQuorum(family: FaultFamily, formula: Formula, nodes: Uint8Array, work: Work): boolean {
  if (!holds(formula, nodes)) return false;
  const classes = Int32Array.from(nodes.keys());
  const strikes = family.strikes(unresponsive);
  for (const outages of family.outageChoices(unresponsive, classes, strikes, work)) {
    const down = family.nodesOf(outages);
    const alive = nodes.map((present, node) => (down[node] ? 0 : present));
    if (strikeBlockingSet({ formula, alive, strikes, classes, work })) return false;
  }
  return true;
}

/** A quorum among nodes that reach each other, with the nodes on the ways between its members. Null when there is none. */
function connectedQuorum(graph: Graph, formula: Formula, live: Uint8Array, price: (node: number) => number): number[] | null {
  for (const side of liveComponents(graph, live)) {
    const inside = new Uint8Array(live.length);
    for (const node of side) inside[node] = 1;
    const quorum = pickQuorum(formula, inside, price);
    if (quorum === null) continue;
    const root = quorum[0];
    const needed = new Set(quorum);
    if (root !== undefined) {
      for (const links of graph.directed ? [graph.out, graph.in] : [graph.out]) {
        const { from } = reach(links, root, inside);
        for (const node of quorum) for (let at = node; at !== root && at >= 0; at = from[at] as number) needed.add(at);
      }
    }
    return [...needed].sort((a, b) => a - b);
  }
  return null;
}

/**
 * A fault set and a cut of the rest into two sides, neither with a quorum. In terms of the dual (the sets that meet every
 * quorum) that is two dual sets that share only what is faulty.
 */
function findPartition(family: FaultFamily, formula: Formula, places: Int32Array, work: Work): Availability | null {
  const other = dual(formula);
  const strikes = family.strikes(unresponsive);
  for (const outages of family.outageChoices(unresponsive, places, strikes, work)) {
    const free = family.nodesOf(outages);
    const split = findSplit({ first: other, second: other, nodeCount: family.nodeCount, strikes, free, work });
    if (split === null) continue;
    // What is in neither of the two dual sets may go to either side: the first.
    const second = new Set(split.second);
    strikes.admits(split.faulty, true);
    const gone = new Set([...split.faulty, ...leaves(formula).filter((node) => free[node])]);
    const members = leaves(formula).filter((node) => !gone.has(node));
    const sides = [members.filter((node) => !second.has(node)), members.filter((node) => second.has(node))];
    return { verdict: 'fails', faults: family.faultSet(outages, strikes), left: members, how: 'partition', sides };
  }
  return null;
}

/** The same where the network leaves less on each side than all its nodes together. */
function findPartitionOf(graph: Graph, family: FaultFamily, formula: Formula, work: Work): Availability | null {
  const edges = graph.out.reduce((sum, targets) => sum + targets.length, 0);
  const found = findPartitionInNetwork({
    family,
    quorum: (live) => connectedQuorum(graph, formula, live, () => 1),
    cost: 4 * (edges + family.nodeCount) + pickCost * leafCount(formula),
    work,
  });
  if (found === null) return null;
  const inside = new Set(leaves(formula));
  const sides = found.sides
    .flatMap((side) => liveComponents(graph, side))
    .map((part) => part.filter((node) => inside.has(node)))
    .filter((part) => part.length > 0);
  return { verdict: 'fails', faults: found.faults, left: leftOf(family, formula, found.faults), how: 'partition', sides };
}

/**
 * Takes back outages and strikes, the last declared first, as long as what is left still does the damage. The budgets of
 * `strikes` keep paying for what stays.
 *
 * @param damages whether losing the nodes marked does it.
 */
export function minimalFaults(
  family: FaultFamily,
  outages: readonly number[],
  strikes: Strikes,
  damages: (gone: Uint8Array) => boolean,
): FaultSet {
  let zones = [...outages].sort((a, b) => a - b);
  const goneWith = (down: readonly number[]): Uint8Array => {
    const gone = family.nodesOf(down);
    for (const node of strikes.struck) gone[node] = 1;
    return gone;
  };
  for (const zone of [...zones].reverse()) {
    const fewer = zones.filter((other) => other !== zone);
    if (damages(goneWith(fewer))) zones = fewer;
  }
  const down = family.nodesOf(zones);
  const gone = goneWith(zones);
  for (const node of [...strikes.struck].sort((a, b) => b - a)) {
    gone[node] = down[node] as number;
    if (damages(gone)) strikes.remove(node);
    else gone[node] = 1;
  }
  return family.faultSet(zones, strikes);
}

function leftOf(family: FaultFamily, formula: Formula, faults: FaultSet): number[] {
  const gone = new Set(goneNodes(family.system, faults));
  return leaves(formula).filter((node) => !gone.has(node));
}
