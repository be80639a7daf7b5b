import { counted, listed } from '../../base/units.ts';
import { isQuorum } from '../../model/value-operations.ts';
import type { CardRow, CardSection, CardSubject } from '../card/section.ts';
import { nodeNames, zoneNames } from '../words.ts';
import { OutOfWork } from '../work.ts';
import { compiledFederation, type Federated } from './answers.ts';
import { smallestBlocking } from './blocking-sets.ts';
import type { Federation } from './federation.ts';
import { worstIntact } from './intact.ts';
import { cores, listMinimalQuorums } from './minimal-quorums.ts';
import { hasQuorum } from './split.ts';
import { type Smallest, smallestSplitting } from './splitting-sets.ts';
import { symmetricTier, topTier } from './top-tier.ts';
import { leastOverlap, uniqueNodeLists } from './unique-node-lists.ts';
import { groupedUnits, singleUnits, type Units } from './units.ts';

/** Minimal quorums that are listed, and with them counted exactly. */
const mostQuorums = 2000;

/** The federated quorum systems of a deployment: how their quorums meet, who can split and who can stop them, who matters. Null where there are none. */
export function federated(subject: CardSubject): CardSection | null {
  const systems = federatedSystems(subject);
  if (systems.length === 0) return null;
  return {
    id: 'federated',
    title: 'Federated quorums',
    rows: systems.flatMap(({ name, quorum }) => rowsOf(subject, systems.length > 1 ? `\`${name}\`: ` : '', quorum)),
    assumptions: [
      'Slices are as written: a node counts for itself only where it is listed, and a node without slices counts as crashed.',
      'Nodes that lie are deleted from all slices: they satisfy whoever lists them. Nodes that are lost satisfy nobody.',
      'A group is lost, or lies, with all its nodes; who trusts whom stays as it is.',
    ],
    sources: ['Mazières 2015', 'Lachowski 2019', 'Florian, Henningsen, Ndolo & Scheuermann 2022', 'Chase & MacBrough 2018'],
  };
}

/** Arguments and declared quorums that are slices; one that is passed on under another name is told once. */
function federatedSystems({ deployment }: CardSubject): { readonly name: string; readonly quorum: Federated }[] {
  const all = [
    ...deployment.arguments.map(({ name, value }) => ({ name, quorum: value })),
    ...deployment.quorums.map(({ name, system }) => ({ name, quorum: system })),
  ];
  const seen = new Set<unknown>();
  return all.flatMap(({ name, quorum }) => {
    if (quorum === null || !isQuorum(quorum) || quorum.kind !== 'slices' || seen.has(quorum)) return [];
    seen.add(quorum);
    return { name, quorum };
  });
}

function rowsOf(subject: CardSubject, prefix: string, quorum: Federated): CardRow[] {
  const { facts, system } = subject;
  const federation = attempt(() => compiledFederation(quorum, system.nodes.length));
  if (typeof federation === 'string') return [undecided(`${prefix}slices`, federation)];
  const rows: CardRow[] = [];
  const row = (label: string, make: () => CardRow | null): void => {
    const made = attempt(make);
    if (typeof made === 'string') rows.push(undecided(`${prefix}${label}`, made));
    else if (made !== null) rows.push({ ...made, label: `${prefix}${made.label}` });
  };
  if (attempt(() => hasQuorum(federation, facts.work())) === false) {
    return [{ label: `${prefix}quorums`, value: 'no set of nodes is a quorum', data: { quorums: 0 } }];
  }
  row('quorum intersection', () => intersectionRow(subject, quorum));
  row('minimal quorums', () => minimalQuorumsRow(subject, federation));
  row('top tier', () => topTierRow(subject, federation));
  for (const { by, units, nameOf } of groupings(subject)) {
    row(`smallest splitting set${by}`, () =>
      setRow(`smallest splitting set${by}`, splittingUnits(smallestSplitting(federation, units, facts.work(4))), nameOf),
    );
    row(`smallest blocking set${by}`, () =>
      setRow(`smallest blocking set${by}`, smallestBlocking(federation, units, facts.work(4)), nameOf),
    );
  }
  row('intact nodes', () => intactRow(subject, federation));
  row('unique node lists', () => overlapRow(subject, federation));
  return rows;
}

function undecided(label: string, reason: string): CardRow {
  return { label, value: `undecided: ${reason}`, data: { undecided: reason } };
}

/** The answer, or why there is none. */
function attempt<T>(make: () => T): T | string {
  try {
    return make();
  } catch (error) {
    if (error instanceof OutOfWork) return error.reason;
    throw error;
  }
}

function intersectionRow({ facts, system, model }: CardSubject, quorum: Federated): CardRow {
  const label = 'quorum intersection';
  const answer = facts.intersect(quorum, quorum);
  if (answer.verdict !== 'fails') {
    const despite = model === null ? 'without faults' : `despite every admissible set of liars`;
    return { label, value: `holds ${despite}`, data: { holds: true } };
  }
  const { first, second, faulty } = answer.split;
  const why =
    faulty.length === 0 ? 'even without liars' : `if ${listed(nodeNames(system, faulty))} ${faulty.length === 1 ? 'lies' : 'lie'}`;
  return {
    label,
    value: `fails ${why}`,
    notes: [`One quorum: ${listed(nodeNames(system, first), 12)}.`, `Another: ${listed(nodeNames(system, second), 12)}.`],
    data: { holds: false, quorums: [nodeNames(system, first), nodeNames(system, second)], liars: nodeNames(system, faulty) },
  };
}

function minimalQuorumsRow({ facts, system }: CardSubject, federation: Federation): CardRow {
  const listing = listMinimalQuorums(federation, facts.work(4), mostQuorums);
  const sizes = listing.sets.map((set) => set.length);
  const smallest = Math.min(...sizes);
  const count = listing.complete ? String(listing.sets.length) : `more than ${listing.sets.length}`;
  const example = listing.sets[0];
  return {
    label: 'minimal quorums',
    value:
      sizes.length === 0 ? `${count}` : `${count}, ${listing.complete ? 'the smallest' : 'one of them'} of ${counted(smallest, 'node')}`,
    notes: example === undefined ? [] : [`Such as ${listed(nodeNames(system, example), 12)}.`],
    data: { count: listing.sets.length, complete: listing.complete, smallest: sizes.length === 0 ? null : smallest },
  };
}

function topTierRow({ facts, system }: CardSubject, federation: Federation): CardRow {
  const work = facts.work(4);
  const symmetric = symmetricTier(federation, work);
  const tier = topTier(federation, work);
  const kind =
    symmetric === null
      ? ''
      : `, symmetric: each needs ${symmetric.threshold} of ${counted(symmetric.parts, symmetric.parts === tier.nodes.length ? 'node' : 'part')}`;
  const parts = cores(federation, work).length;
  return {
    label: 'top tier',
    value: `${tier.exact ? '' : 'at least '}${counted(tier.nodes.length, 'node')}${kind}`,
    notes: [
      `${listed(nodeNames(system, tier.nodes), 24)}.`,
      ...(parts > 1 ? [`They form ${parts} groups that do not trust each other: their quorums are apart.`] : []),
    ],
    data: { nodes: nodeNames(system, tier.nodes), exact: tier.exact, symmetric: symmetric !== null, groups: parts },
  };
}

interface Grouping {
  /** "", " by zone", " by node group". */
  readonly by: string;
  readonly units: Units;
  readonly nameOf: (unit: number) => string;
}

/** By node; by zone and by node group where those are something else. */
function groupings({ system }: CardSubject): Grouping[] {
  const { nodes, groups } = system;
  const single = singleUnits(nodes.length);
  const groupingsOf = (by: string, labels: readonly (number | null)[], named: (label: number) => string): Grouping[] => {
    const units = groupedUnits(labels);
    if (units.members.length === nodes.length || units.members.length < 2) return [];
    const nameOf = (unit: number): string => {
      const [first] = units.members[unit] as readonly number[];
      const label = labels[first as number];
      return label === null || label === undefined ? (nodeNames(system, [first as number])[0] as string) : named(label);
    };
    return [{ by, units, nameOf }];
  };
  const zoneNamed = (zone: number): string => zoneNames(system, [zone])[0] as string;
  const byZone = groupingsOf(
    ' by zone',
    nodes.map(({ zone }) => (zone < 0 ? null : zone)),
    zoneNamed,
  );
  const byGroup = groupingsOf(
    ' by node group',
    nodes.map(({ group }) => group),
    (group) => groups[group]?.name ?? String(group),
  );
  const isSame = byZone[0] !== undefined && JSON.stringify(byZone[0].units.members) === JSON.stringify(byGroup[0]?.units.members);
  return [{ by: '', units: single, nameOf: (unit) => nodeNames(system, [unit])[0] as string }, ...byZone, ...(isSame ? [] : byGroup)];
}

function splittingUnits(smallest: ReturnType<typeof smallestSplitting>): Smallest<readonly number[]> {
  if (smallest.kind === 'exact') return { ...smallest, found: smallest.found?.units ?? null };
  return { ...smallest, known: smallest.known?.units ?? null };
}

function setRow(label: string, smallest: Smallest<readonly number[]>, nameOf: (unit: number) => string): CardRow {
  const named = (units: readonly number[]): string[] => units.map(nameOf);
  if (smallest.kind === 'bounded') {
    const known = smallest.known === null ? '' : `, and ${smallest.known.length} are enough`;
    return {
      label,
      value: smallest.none < 0 ? `undecided${known}` : `more than ${smallest.none}${known}`,
      notes: smallest.known === null ? [] : [`Such as ${listed(named(smallest.known), 12)}.`],
      data: { exact: false, moreThan: smallest.none, known: smallest.known === null ? null : named(smallest.known) },
    };
  }
  if (smallest.found === null) return { label, value: 'none, of any size', data: { exact: true, size: null } };
  return {
    label,
    value: smallest.size === 0 ? '0: it is so already' : String(smallest.size),
    notes: smallest.size === 0 ? [] : [`Such as ${listed(named(smallest.found), 12)}.`],
    data: { exact: true, size: smallest.size, units: named(smallest.found) },
  };
}

/** After the admissible set of Byzantine nodes that leaves the fewest. */
function intactRow({ facts, system, model }: CardSubject, federation: Federation): CardRow | null {
  if (model === null) return null;
  const { nodes, befouled, illBehaved, exact } = worstIntact(federation, facts.family.strikes(['byzantine']), facts.work(4));
  if (illBehaved.length === 0) return null;
  const names = { despite: nodeNames(system, illBehaved), intact: nodeNames(system, nodes), befouled: nodeNames(system, befouled) };
  return {
    label: 'intact nodes',
    value: `${nodes.length} of ${federation.nodes.length} at worst${exact ? '' : ' (not all sets tried)'}, with ${listed(names.despite)} Byzantine`,
    notes: befouled.length === 0 ? [] : [`Not intact then, though they do as they should: ${listed(names.befouled, 12)}.`],
    data: { ...names, exact },
  };
}

function overlapRow({ facts, system }: CardSubject, federation: Federation): CardRow | null {
  const found = uniqueNodeLists(federation);
  if ('other' in found) return null;
  const pair = leastOverlap(found.lists, (nodes) => facts.family.maximum(['byzantine'], nodes, facts.work()).value);
  const label = 'unique node lists';
  const value = counted(found.lists.length, 'list');
  if (pair === null)
    return {
      label,
      value: `${value}, which overlap enough for XRP’s consensus not to fork`,
      data: { lists: found.lists.length, enough: true },
    };
  const { first, second, shared, needed } = pair;
  const users = nodeNames(system, [first.node, second.node]);
  return {
    label,
    value: `${value}; those of ${listed(users)} share ${shared.length}, and XRP’s consensus needs ${needed}`,
    data: { lists: found.lists.length, enough: false, nodes: users, shared: shared.length, needed },
  };
}
