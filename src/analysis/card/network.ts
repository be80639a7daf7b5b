import { counted, listed } from '../../base/units.ts';
import { type FaultSet, unresponsive } from '../fault-sets.ts';
import { articulationOf, degreesOf, edgeConnectivityOf, graphOfFacts, worstDiameterOf } from '../network/network-facts.ts';
import { linkCount, linkNames } from '../network/network-notes.ts';
import type { Separation } from '../network/separation.ts';
import { faultsOf, worstDiameterBound } from '../network/worst-diameter.ts';
import { faultPhrase, hasFaults, nodeNames } from '../words.ts';
import { OutOfWork } from '../work.ts';
import type { CardRow, CardSection, CardSubject } from './section.ts';

/** How the members hang together: what must fail to cut them off from each other, and how far apart they are. */
export function network(subject: CardSubject): CardSection | null {
  const { system, deployment } = subject;
  const n = deployment.members.length;
  if (n < 2) return null;
  const frame = { id: 'network', title: 'Network' };
  if (system.network.complete) {
    const nodes = system.nodes.length;
    const row: CardRow = {
      label: 'links',
      value: `every two of ${counted(nodes, 'node')} are linked: whoever is left stays connected`,
      data: { complete: true, nodes, members: n, connectivity: n - 1, edgeConnectivity: nodes - 1, diameter: 1 },
    };
    return { ...frame, rows: [row], assumptions: [], sources: [] };
  }
  const size = sizeRow(subject);
  // Where every two members are linked no loss parts those that are left: the other rows would say it five times more.
  if (size.routed === 0) return { ...frame, rows: [size.row], assumptions: [], sources: [] };
  const rows: CardRow[] = [size.row];
  const makers: readonly (readonly [string, (label: string) => CardRow])[] = [
    ['connectivity κ', (label) => connectivityRow(label, subject)],
    ['edge connectivity λ', (label) => edgeRow(label, subject)],
    ['articulation points', (label) => articulationRow(label, subject)],
    ['degree', (label) => degreeRow(label, subject)],
    ['diameter', (label) => diameterRow(label, subject)],
    ['diameter after faults', (label) => worstRow(label, subject)],
  ];
  for (const [label, make] of makers) {
    // Without faults the last row would repeat the one before.
    if (label === 'diameter after faults' && ifFound(() => mostFailures(subject)) === 0) continue;
    rows.push(attempt(label, make));
  }
  const kappa = ifFound(() => subject.facts.connectivity().value);
  return {
    ...frame,
    rows,
    assumptions: [
      'Messages between nodes without a link are relayed along links; what has failed relays nothing. Connectivity counts the loss of any nodes, members or relays, whatever the fault model admits; the last row is about the fault model.',
    ],
    sources: ['Menger 1927', 'Dolev 1982', 'Whitney 1932: κ ≤ λ ≤ δ where all nodes are members'],
    ...(kappa === null ? {} : { headline: `κ = ${kappa}` }),
  };
}

/** A row, or that it takes too long to say. */
function attempt(label: string, make: (label: string) => CardRow): CardRow {
  try {
    return make(label);
  } catch (error) {
    if (error instanceof OutOfWork) return { label, value: `undecided: ${error.reason}`, data: { undecided: error.reason } };
    throw error;
  }
}

/** The answer, null where it takes too much work. */
function ifFound<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof OutOfWork) return null;
    throw error;
  }
}

/** The most nodes, members or not, that can fail at once in a way that ends their relaying. */
function mostFailures({ system, facts }: CardSubject): number {
  return facts.family.maximum(unresponsive, [...system.nodes.keys()], facts.work()).value;
}

function names({ system }: CardSubject, nodes: readonly number[], most = 8): string {
  return listed(nodeNames(system, nodes), most);
}

/** "`a` and `b` | `c`", of many sides the first ones. */
function sidesText(subject: CardSubject, sides: readonly (readonly number[])[]): string {
  const shown = sides.slice(0, 4).map((side) => names(subject, side, 4));
  return sides.length > 4 ? `${shown.join(' | ')} and ${sides.length - 4} more` : shown.join(' | ');
}

/** The links, and how many pairs of members share none. */
function sizeRow(subject: CardSubject): { readonly row: CardRow; readonly routed: number } {
  const { system, deployment, facts } = subject;
  const { out } = graphOfFacts(facts);
  const { members } = deployment;
  const isMember = new Uint8Array(system.nodes.length);
  for (const node of members) isMember[node] = 1;
  let direct = 0;
  for (const node of members) for (const to of out[node] ?? []) if (to > node && isMember[to] && out[to]?.includes(node)) direct++;
  const pairs = (members.length * (members.length - 1)) / 2;
  const relays = system.nodes.length - members.length;
  const links = linkCount(facts);
  const routed = pairs - direct;
  const row: CardRow = {
    label: 'links',
    value: `${counted(links, 'link')} between ${counted(system.nodes.length, 'node')}, ${relays === 0 ? 'all' : `${members.length} of them`} members`,
    notes: [
      routed === 0
        ? 'Every two members share a link: those that are left stay connected.'
        : `Members talk over relays: ${routed} of ${counted(pairs, 'pair')} of members share no link that goes both ways.`,
    ],
    data: {
      complete: false,
      nodes: system.nodes.length,
      members: members.length,
      others: relays,
      links,
      routedPairs: routed,
      pairs,
      ...(routed === 0 ? { connectivity: members.length - 1, diameter: 1 } : {}),
    },
  };
  return { row, routed };
}

function connectivityRow(label: string, subject: CardSubject): CardRow {
  const { facts, system } = subject;
  const { value, cut, sides } = facts.connectivity();
  const cutNames = nodeNames(system, cut);
  return {
    label,
    value:
      sides.length === 0
        ? `${value}: every two members share a link`
        : value === 0
          ? '0: the members are apart already'
          : value === 1
            ? '1: the loss of one node cuts members off'
            : `${value}: any ${counted(value - 1, 'node')} may be lost and the members left reach each other`,
    ...(sides.length > 1
      ? {
          notes: [
            `${value === 0 ? 'Apart' : `Without ${listed(cutNames)}`}: ${sidesText(subject, sides)}.`,
            ...(value > 1 ? [bearsText(value)] : []),
          ],
        }
      : {}),
    data: { connectivity: value, cut: cutNames, sides: sides.map((side) => nodeNames(system, side)) },
  };
}

/** What connectivity is enough for, between nodes that share no link. */
function bearsText(kappa: number): string {
  const liars = Math.floor((kappa - 1) / 2);
  return `What is relayed arrives and can be believed with up to ${kappa - 1} crashed nodes, or as many liars where messages are signed; without signatures with up to ${counted(liars, 'liar')} (Dolev 1982).`;
}

function edgeRow(label: string, subject: CardSubject): CardRow {
  const { facts, system } = subject;
  const { value, cut, sides } = edgeConnectivityOf(facts);
  const { bridges } = articulationOf(facts);
  const text = bridges.length > 0 ? `${value}: ${counted(bridges.length, 'bridge')} (${linkNames(bridges, facts, 6)})` : String(value);
  return {
    label,
    value: text,
    notes:
      cut.length === 0
        ? []
        : [`Without ${cut.length === 1 ? 'the link' : 'the links'} ${linkNames(cut, facts, 8)}: ${sidesText(subject, sides)}.`],
    data: {
      edgeConnectivity: value,
      cut: cut.map((link) => nodeNames(system, link)),
      bridges: bridges.map((link) => nodeNames(system, link)),
    },
  };
}

function articulationRow(label: string, subject: CardSubject): CardRow {
  const { points } = articulationOf(subject.facts);
  return {
    label,
    value: points.length === 0 ? 'none: no single node cuts members off' : names(subject, points),
    data: { points: nodeNames(subject.system, points) },
  };
}

function degreeRow(label: string, { facts, system }: CardSubject): CardRow {
  const { least, leastNode, most, mostNode } = degreesOf(facts);
  const name = (node: number): string => system.nodes[node]?.name ?? '';
  return {
    label,
    value:
      least === most
        ? `${least} neighbours of every member`
        : `${least} (\`${name(leastNode)}\`) to ${most} (\`${name(mostNode)}\`) neighbours`,
    data: { least, leastNode: name(leastNode), most, mostNode: name(mostNode) },
  };
}

function diameterRow(label: string, { facts }: CardSubject): CardRow {
  const hops = facts.diameter();
  return { label, value: hops === null ? 'none: some members cannot reach each other' : counted(hops, 'hop'), data: { hops } };
}

function worstRow(label: string, subject: CardSubject): CardRow {
  const { facts, system } = subject;
  try {
    const worst = worstDiameterOf(facts);
    if (worst.kind === 'cut-off') return cutOffRow(label, subject, worst.separation);
    const pair = worst.pair === null ? [] : nodeNames(system, worst.pair);
    return {
      label,
      value: `${counted(worst.hops, 'hop')}${hasFaults(worst.faults) ? `, with ${faultPhrase(system, worst.faults)}` : ', as without faults'}`,
      notes: pair.length === 0 ? [] : [`Between ${listed(pair)}. Exact: all admissible fault sets were searched.`],
      data: { hops: worst.hops, exact: true, pair, gone: faultsText(subject, worst.faults) },
    };
  } catch (error) {
    if (!(error instanceof OutOfWork)) throw error;
    const most = mostFailures(subject);
    const bound = worstDiameterBound(system.nodes.length, facts.connectivity().value, most);
    if (bound === null) throw error;
    return {
      label,
      value: `at most ${counted(bound, 'hop')}`,
      notes: [
        `A bound, since the search takes too long: κ − f disjoint paths share the ${system.nodes.length} nodes less ${most} that fail (Chung & Garey 1984).`,
      ],
      data: { hops: bound, exact: false },
    };
  }
}

function cutOffRow(label: string, subject: CardSubject, separation: Separation): CardRow {
  const faults = faultsOf(separation);
  return {
    label,
    value: hasFaults(faults)
      ? `members can be cut off: with ${faultPhrase(subject.system, faults)}`
      : 'some members cannot reach each other',
    notes: [`Then apart: ${sidesText(subject, separation.sides)}.`],
    data: {
      hops: null,
      exact: true,
      gone: faultsText(subject, faults),
      sides: separation.sides.map((side) => nodeNames(subject.system, side)),
    },
  };
}

function faultsText({ system }: CardSubject, faults: FaultSet): string | null {
  return hasFaults(faults) ? faultPhrase(system, faults) : null;
}
