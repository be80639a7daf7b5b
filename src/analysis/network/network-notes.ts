import type { Witness } from '../../base/finding.ts';
import { counted, listed } from '../../base/units.ts';
import type { GivenName } from '../../model/code.ts';
import type { Facts } from '../facts.ts';
import type { FaultSet } from '../fault-sets.ts';
import { hasFaults, nodeNames } from '../words.ts';
import { leastLinks } from './degree.ts';
import type { Link } from './edge-connectivity.ts';
import { degreesOf, edgeConnectivityOf, graphOfFacts, worstDiameterOf } from './network-facts.ts';

const networkNames: readonly GivenName[] = ['connectivity', 'edge_connectivity', 'degree', 'diameter', 'worst_diameter'];

/** Whether a clause names a number of the network. */
export function namesNetwork(used: ReadonlySet<GivenName>): boolean {
  return networkNames.some((name) => used.has(name));
}

/** What shows where a clause about the network fails: the cut and its sides, the member with the fewest neighbours, the far pair. */
export function networkNotes(used: ReadonlySet<GivenName>, facts: Facts): string[] {
  const { system } = facts;
  const names = (nodes: readonly number[]): string => (nodes.length === 0 ? 'nobody' : listed(nodeNames(system, nodes), 8));
  const sidesText = (sides: readonly (readonly number[])[]): string => sides.map(names).join(' | ');
  const notes: string[] = [];
  if (used.has('connectivity')) {
    const { cut, sides } = facts.connectivity();
    if (cut.length > 0) notes.push(`Without ${listed(nodeNames(system, cut))} the members are apart: ${sidesText(sides)}.`);
    else if (sides.length > 1) notes.push(`The members are apart already: ${sidesText(sides)}.`);
  }
  if (used.has('edge_connectivity')) {
    const { cut, sides } = edgeConnectivityOf(facts);
    if (cut.length > 0 && sides.length > 1) {
      notes.push(`Without the ${cut.length === 1 ? 'link' : 'links'} ${linkNames(cut, facts)} the members are apart: ${sidesText(sides)}.`);
    } else if (sides.length > 1) notes.push(`The members are apart already: ${sidesText(sides)}.`);
  }
  if (used.has('degree')) {
    const { least, leastNode } = degreesOf(facts);
    if (leastNode >= 0) {
      notes.push(
        `\`${system.nodes[leastNode]?.name}\` has the fewest direct neighbours: ${least}. A degree alone keeps no network together.`,
      );
    }
  }
  if (used.has('worst_diameter')) {
    const worst = worstDiameterOf(facts);
    if (worst.kind === 'hops' && worst.pair !== null) {
      const when = hasFaults(worst.faults) ? 'then' : 'and no admissible fault sets members farther apart';
      notes.push(`${names(worst.pair)} are ${counted(worst.hops, 'hop')} apart ${when}.`);
    }
  }
  if (used.has('connectivity') && !system.network.complete && facts.deployment.members.length === system.nodes.length) {
    const wanted = (facts.quantity('faulty')?.value ?? 0) + 1;
    const links = leastLinks(system.nodes.length, wanted);
    const now = linkCount(facts);
    if (links > now) {
      notes.push(
        `${system.nodes.length} nodes of connectivity ${wanted} need at least ${links} links, and there are ${now} (Harary 1962).`,
      );
    }
  }
  return notes;
}

/** Pairs with a link, each counted once. */
export function linkCount(facts: Facts): number {
  const graph = graphOfFacts(facts);
  const n = graph.nodeCount;
  if (graph.complete) return (n * (n - 1)) / 2;
  let links = 0;
  graph.out.forEach((targets, from) => {
    for (const to of targets) if (from < to || !graph.out[to]?.includes(from)) links++;
  });
  return links;
}

/** `a -- b`, `a -> b`: as they would be written. */
export function linkNames(links: readonly Link[], facts: Facts, most = 5): string {
  return listed(
    links.map((link) => linkName(link, facts)),
    most,
  );
}

function linkName([from, to]: Link, facts: Facts): string {
  const graph = graphOfFacts(facts);
  const name = (node: number): string => facts.system.nodes[node]?.name ?? `node ${node}`;
  return `${name(from)} ${!graph.complete && !graph.out[to]?.includes(from) ? '->' : '--'} ${name(to)}`;
}

/** Members that a clause about the network leaves apart, or too far apart: between these sides a link may help. Empty for others. */
export function sidesApart(used: ReadonlySet<GivenName>, facts: Facts): readonly (readonly number[])[] {
  if (facts.system.network.complete) return [];
  if (used.has('connectivity')) return facts.connectivity().sides;
  if (used.has('edge_connectivity')) return edgeConnectivityOf(facts).sides;
  if (used.has('worst_diameter')) {
    const worst = worstDiameterOf(facts);
    return worst.kind === 'cut-off' ? worst.separation.sides : (worst.pair?.map((node) => [node]) ?? []);
  }
  return used.has('diameter') && facts.diameter() === null ? facts.connectivity().sides : [];
}

/** The cut behind a clause about connectivity; null where it names none. */
export function networkWitness(used: ReadonlySet<GivenName>, facts: Facts): Witness | null {
  const names = (nodes: readonly number[]): string[] => nodeNames(facts.system, nodes);
  if (used.has('connectivity')) {
    const { cut, sides } = facts.connectivity();
    if (sides.length > 0) return { kind: 'cut', nodes: names(cut), sides: sides.map(names) };
  }
  if (used.has('edge_connectivity')) {
    const { cut, sides } = edgeConnectivityOf(facts);
    if (sides.length > 1) return { kind: 'cut', nodes: [], links: cut.map((link) => linkName(link, facts)), sides: sides.map(names) };
  }
  return null;
}

/** The faults after which members are farthest apart; null where they are cut off. */
export function worstDiameterFaults(facts: Facts): FaultSet | null {
  const worst = worstDiameterOf(facts);
  return worst.kind === 'hops' ? worst.faults : null;
}

/** What is known of the numbers named, where the protocol's author says no more. */
export function networkTheory(used: ReadonlySet<GivenName>): { readonly why?: string; readonly source?: string } {
  if (used.has('connectivity')) {
    return {
      why: 'Nodes stay connected under any f node failures exactly when the connectivity is at least f + 1.',
      source: 'Menger 1927',
    };
  }
  if (used.has('edge_connectivity')) {
    return {
      why: 'Nodes stay connected under any f link failures exactly when the edge connectivity is at least f + 1.',
      source: 'Menger 1927',
    };
  }
  if (used.has('degree')) {
    return {
      why: 'No network of least degree d bears more than d − 1 failures of links; that it bears them does not follow.',
      source: 'Whitney 1932',
    };
  }
  return {};
}
