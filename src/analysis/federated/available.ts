import { type Availability, minimalFaults } from '../availability.ts';
import { pickCost, strikeQuorums } from '../blocking.ts';
import { decideConnectivity } from '../connectivity.ts';
import { type FaultFamily, type FaultSet, goneNodes, unresponsive } from '../fault-sets.ts';
import { type Graph, graphOf, liveComponents, reach } from '../graph.ts';
import type { Strikes } from '../strikes.ts';
import type { Work } from '../work.ts';
import { leastToFall, strikeFederation } from './blocking-sets.ts';
import { exchangeable } from './classes.ts';
import { Counting } from './counting.ts';
import { liarBudgets } from './fault-budgets.ts';
import { closure, everyNode, type Federation, mark, marked, minimalQuorumIn } from './federation.ts';
import { not, Sat } from './sat.ts';
import { groupedUnits, singleUnits } from './units.ts';

/**
 * Whether every admissible fault set leaves a quorum of well-behaved nodes, connected: what `isAvailable` says of other quorum
 * systems. Crashed, omitting and Byzantine nodes, and those of zones that are out, are taken to be silent for ever; the needs of the others stay as written,
 * since a silent node helps nobody. A partition that never heals may cut the rest in two in any way.
 *
 * Exact, or throws OutOfWork.
 */
export function isFederatedAvailable(family: FaultFamily, federation: Federation, work: Work): Availability {
  const quorums = closure(federation, everyNode(federation), work);
  if (!quorums.includes(1)) return { verdict: 'no-quorum' };
  const classes = exchangeable(federation, quorums);
  const question: Question = { family, federation, members: marked(quorums), classes, work };
  return findBlock(question) ?? findSeparation(question) ?? findPartition(question) ?? { verdict: 'holds' };
}

interface Question {
  readonly family: FaultFamily;
  readonly federation: Federation;
  /** Nodes of quorums. */
  readonly members: readonly number[];
  readonly classes: Int32Array;
  readonly work: Work;
}

type Loss = Availability & { readonly verdict: 'fails' };

const upFrom = (gone: Uint8Array): Uint8Array => Uint8Array.from(gone, (down) => (down ? 0 : 1));

function findBlock({ family, federation, members, classes, work }: Question): Loss | null {
  if (survivesByCounting(family, federation, work)) return null;
  const strikes = family.strikes(unresponsive);
  const units = singleUnits(federation.nodeCount);
  for (const outages of family.outageChoices(unresponsive, classes, strikes, work)) {
    const alive = upFrom(family.nodesOf(outages));
    if (!strikeFederation({ federation, units, strikes, alive, work })) continue;
    const faults = minimalFaults(family, outages, strikes, (gone) => !closure(federation, upFrom(gone), work).includes(1));
    return { verdict: 'fails', faults, left: leftOf(family, members, faults), how: 'too-few', sides: [] };
  }
  return null;
}

/**
 * Whether counting alone proves that a quorum is left: each strike is taken to cost its whole zone, where an outage could take that, too. Sound, since that is never
 * less than what is lost.
 */
function survivesByCounting(family: FaultFamily, federation: Federation, work: Work): boolean {
  const strikes = family.strikes(unresponsive);
  const zones = family.outageBudgets.flatMap((budget) => (budget.count > 0 ? budget.zones : []));
  const outermost = new Int32Array(federation.nodeCount).fill(-1);
  // A zone holds the nodes of those inside it: the largest ones last, so that they have the last word.
  const bySize = [...new Set(zones)]
    .map((zone) => family.system.zones[zone])
    .sort((a, b) => (a?.nodes.length ?? 0) - (b?.nodes.length ?? 0));
  for (const zone of bySize) for (const node of zone?.nodes ?? []) outermost[node] = zone?.index ?? -1;
  const labels = Array.from(outermost, (zone, node) => (zone >= 0 ? `zone ${zone}` : strikes.canStrike(node) ? `node ${node}` : null));
  const units = groupedUnits(labels);
  for (const [node, label] of labels.entries()) if (label === null) units.of[node] = -1;
  const capacity =
    strikes.budgets.reduce((sum, budget) => sum + budget.capacity, 0) + family.outageBudgets.reduce((sum, budget) => sum + budget.count, 0);
  return leastToFall(federation, units, work) > capacity;
}

/** A fault set after which every quorum left is torn apart by the network. */
function findSeparation({ family, federation, members, work }: Question): Loss | null {
  const graph = graphOf(family.system.network, family.nodeCount);
  if (graph.complete) return null;
  // With more disjoint paths than faults, whoever is left is connected.
  const everybody = Array.from({ length: family.nodeCount }, (_, node) => node);
  const most = family.maximum(unresponsive, everybody, work).value;
  if (decideConnectivity(graph, members, most + 1, work)) return null;
  const edges = graph.out.reduce((sum, targets) => sum + targets.length, 0);
  const cost = 4 * (edges + family.nodeCount) + pickCost * federation.kinds.reduce((sum, kind) => sum + kind.cost, 0);
  const strikes = family.strikes(unresponsive);
  const distinct = Int32Array.from(everybody);
  const quorum = (live: Uint8Array): readonly number[] | null => connectedQuorum(graph, federation, live, work);
  for (const outages of family.outageChoices(unresponsive, distinct, strikes, work)) {
    const alive = upFrom(family.nodesOf(outages));
    strikes.clear();
    if (!strikeQuorums({ quorum, cost, alive, strikes, classes: distinct, work })) continue;
    const faults = minimalFaults(family, outages, strikes, (gone) => quorum(upFrom(gone)) === null);
    const live = everyNode(federation);
    for (const node of goneNodes(family.system, faults)) live[node] = 0;
    const inside = new Set(members);
    const sides = liveComponents(graph, live)
      .map((side) => side.filter((node) => inside.has(node)))
      .filter((side) => side.length > 0);
    return { verdict: 'fails', faults, left: leftOf(family, members, faults), how: 'apart', sides };
  }
  return null;
}

/** A quorum among nodes that reach each other, with the nodes on the ways between its members. */
function connectedQuorum(graph: Graph, federation: Federation, live: Uint8Array, work: Work): number[] | null {
  for (const side of liveComponents(graph, live)) {
    const inside = new Uint8Array(live.length);
    for (const node of side) inside[node] = 1;
    const quorums = closure(federation, inside, work);
    if (!quorums.includes(1)) continue;
    const quorum = marked(minimalQuorumIn(federation, quorums, work));
    if (graph.complete) return quorum;
    const root = quorum[0] as number;
    const needed = new Set(quorum);
    for (const links of graph.directed ? [graph.out, graph.in] : [graph.out]) {
      const { from } = reach(links, root, inside);
      for (const node of quorum) for (let at = node; at !== root && at >= 0; at = from[at] as number) needed.add(at);
    }
    return [...needed].sort((a, b) => a - b);
  }
  return null;
}

/**
 * A fault set and a cut of the rest into two sides, neither with a quorum whose members reach each other on that side. Sides
 * are guessed by a solver that knows some sets that must be hit or cut: quorums, with the nodes between their members. One that a guess
 * leaves whole is told to it, until none is or no guess is left.
 */
function findPartition({ family, federation, members, classes, work }: Question): Loss | null {
  if (!family.model?.budgets.some((budget) => budget.kind === 'partition' && budget.heals === null)) return null;
  const graph = graphOf(family.system.network, family.nodeCount);
  const everybody = Array.from({ length: family.nodeCount }, (_, node) => node);
  // In a network without links of its own only nodes of quorums matter, and alike ones can be exchanged.
  const nodes = graph.complete ? members : everybody;
  const alike = graph.complete ? classes : Int32Array.from(everybody);
  const quorum = (live: Uint8Array): readonly number[] | null => connectedQuorum(graph, federation, live, work);
  const strikes = family.strikes(unresponsive);
  for (const outages of family.outageChoices(unresponsive, alike, strikes, work)) {
    const down = family.nodesOf(outages);
    const live = nodes.filter((node) => !down[node]);
    const loss = cutInTwo(live, federation.nodeCount, strikes, quorum, work);
    if (loss === null) continue;
    strikes.admits(loss.struck, true);
    const faults = family.faultSet(outages, strikes);
    const inside = new Set(members);
    const sides = loss.sides
      .flatMap((side) => (graph.complete ? [side] : liveComponents(graph, mark(side, federation.nodeCount))))
      .map((side) => side.filter((node) => inside.has(node)))
      .filter((side) => side.length > 0);
    return { verdict: 'fails', faults, left: leftOf(family, members, faults), how: 'partition', sides };
  }
  return null;
}

/** Nodes struck and two sides of the others such that `quorum` finds nothing on either. */
function cutInTwo(
  live: readonly number[],
  nodeCount: number,
  strikes: Strikes,
  quorum: (live: Uint8Array) => readonly number[] | null,
  work: Work,
): { readonly struck: number[]; readonly sides: number[][] } | null {
  const sat = new Sat();
  const side = [new Map<number, number>(), new Map<number, number>()] as const;
  const struck = new Map<number, number>();
  for (const node of live) {
    const [one, two] = [sat.variable(), sat.variable()];
    side[0].set(node, one);
    side[1].set(node, two);
    sat.add([not(one), not(two)]);
    if (!strikes.canStrike(node)) {
      sat.add([one, two]);
      continue;
    }
    const gone = sat.variable();
    struck.set(node, gone);
    sat.add([one, two, gone]);
    sat.add([not(one), not(gone)]);
    sat.add([not(two), not(gone)]);
  }
  const { units, budgets } = liarBudgets(strikes, nodeCount);
  const fails = units.members.map(([node]) => struck.get(node as number) ?? sat.variable());
  new Counting(sat, work).payFrom(budgets, fails);
  for (;;) {
    if (!sat.solve(work)) return null;
    const taken = [...struck].flatMap(([node, literal]) => (sat.isTrue(literal) ? [node] : []));
    const sides = side.map((on) => live.filter((node) => sat.isTrue(on.get(node) as number)));
    let whole = false;
    for (const nodes of sides) {
      const found = quorum(mark(nodes, nodeCount));
      if (found === null) continue;
      whole = true;
      for (const on of side) sat.add(found.map((node) => not(on.get(node) as number)));
    }
    if (!whole) return { struck: taken, sides };
  }
}

function leftOf(family: FaultFamily, members: readonly number[], faults: FaultSet): number[] {
  const gone = new Set(goneNodes(family.system, faults));
  return members.filter((node) => !gone.has(node));
}
