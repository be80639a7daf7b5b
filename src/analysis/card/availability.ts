import { counted, formatRatio, listed } from '../../base/units.ts';
import type { NodeGroup } from '../../model/system.ts';
import { Facts } from '../facts.ts';
import { type DeploymentAvailability, deploymentAvailability, workOf } from '../probability/deployment.ts';
import { availabilityText, downtimeNs, downtimeText, shareText } from '../probability/downtime.ts';
import { type Importance, importances } from '../probability/importance.ts';
import { reliability } from '../probability/reliability.ts';
import { type Needed, structureOf } from '../probability/structure.ts';
import { allUp, type Chance, certain, saysUptime, type Uptimes, uptimesOf } from '../probability/uptimes.ts';
import { nodeNames, zoneNames } from '../words.ts';
import { OutOfWork } from '../work.ts';
import type { CardData, CardRow, CardSection, CardSubject } from './section.ts';

type KnownAvailability = DeploymentAvailability & { readonly kind: 'known' };

/** So many causes are shown; the others have less to win. */
const mostCauses = 5;

/**
 * How often a deployment's liveness clauses hold for the nodes and zones that are up: nothing where the file says of none how
 * available it is.
 */
export function availability(subject: CardSubject): CardSection | null {
  const { system, deployment, facts } = subject;
  if (!saysUptime(system, deployment.members)) return null;
  const found = deploymentAvailability(facts);
  if (found === null) return null;
  const frame = { id: 'availability', title: 'Availability', sources: sourcesOf() };
  if (found.kind === 'none') {
    const row: CardRow = {
      label: 'availability',
      value: 'not known',
      notes: found.reasons,
      data: { availability: null, reasons: found.reasons },
    };
    return { ...frame, rows: [row], assumptions: [] };
  }
  const uptimes = uptimesOf(system);
  const { chance, needed } = found;
  return {
    ...frame,
    rows: [
      { label: 'available', value: availabilityText(chance), notes: wholeNotes(found, uptimes), data: chanceData(chance) },
      ...clauseRows(subject, found, uptimes),
      ...attempt(() => zoneRows(subject, needed, chance, uptimes)),
      ...attempt(() => causeRows(subject, needed, chance, uptimes)),
      ...neighbourRows(subject, chance),
    ],
    assumptions: assumptionsOf(subject, needed),
    headline: `${shareText(chance)} available`,
  };
}

/** Rows that are left out where they take too much work: the availability itself is known. */
function attempt(make: () => readonly CardRow[]): readonly CardRow[] {
  try {
    return make();
  } catch (error) {
    if (error instanceof OutOfWork) return [];
    throw error;
  }
}

export function chanceData(chance: Chance): { readonly [name: string]: CardData } {
  return { availability: chance.up, unavailability: chance.down, downtime_ns_per_year: downtimeNs(chance), year_days: 365 };
}

/** Below one half a majority is worse than a single node (Barbara & Garcia-Molina 1987). */
function wholeNotes({ chance, needed }: KnownAvailability, uptimes: Uptimes): string[] {
  const alone = needed.nodes.map((node) => wholeNode(uptimes, node).up);
  const best = Math.max(...alone);
  if (best >= 0.5 || best <= chance.up) return [];
  return [
    `Its best single node is up ${formatRatio(best)} of the time, which is more: where nodes are up less than half of the time no majority is more available than one node (Barbara & Garcia-Molina 1987).`,
  ];
}

/** A node with all the zones around it. */
function wholeNode(uptimes: Uptimes, node: number): Chance {
  const causes = [uptimes.nodes[node] ?? certain];
  for (let at = uptimes.zoneOf[node] ?? -1; at >= 0; at = uptimes.zones[at]?.parent ?? -1) causes.push(uptimes.zones[at] ?? certain);
  return allUp(causes);
}

/** Each clause that by itself is available more. */
function clauseRows({ system, facts }: CardSubject, { clauses, chance: whole }: KnownAvailability, uptimes: Uptimes): CardRow[] {
  const needs = clauses.flatMap((clause) => (clause.kind === 'condition' ? [clause] : []));
  if (needs.length < 2) return [];
  return needs.flatMap((clause) =>
    attempt(() => {
      const chance = reliability(structureOf(system, clause.condition).structure, uptimes, workOf(facts));
      if (chance.down >= whole.down * (1 - 1e-9)) return [];
      return [
        { label: `\`${clause.text}\` alone`, value: availabilityText(chance), data: { requirement: clause.text, ...chanceData(chance) } },
      ];
    }),
  );
}

/** What zones alone cost: a common cause sets a limit that no number of nodes in the same zones passes. */
function zoneRows({ facts }: CardSubject, { structure, nodes }: Needed, chance: Chance, uptimes: Uptimes): CardRow[] {
  const isZoned = nodes.some((node) => wholeNode({ ...uptimes, nodes: [] }, node).down > 0);
  if (!isZoned || chance.down === 0) return [];
  const limit = reliability(structure, { ...uptimes, nodes: uptimes.nodes.map(() => certain) }, workOf(facts));
  if (limit.down === 0) return [];
  const share = limit.down / chance.down;
  return [
    {
      label: 'if no node failed by itself',
      value: availabilityText(limit),
      notes:
        share < 0.5
          ? []
          : [
              `Outages of zones are ${formatRatio(share)} of the downtime. They are a common cause: more or better nodes in these zones gain at most the rest.`,
            ],
      data: { ...chanceData(limit), share_of_downtime: share },
    },
  ];
}

/** Where there is most to win. */
function causeRows({ system, facts }: CardSubject, { structure, nodes }: Needed, chance: Chance, uptimes: Uptimes): CardRow[] {
  const causes = importances(structure, nodes, uptimes, workOf(facts)).filter(({ birnbaum }) => birnbaum > 0);
  return causes.slice(0, mostCauses).map((cause) => {
    const names = cause.kind === 'zone' ? zoneNames(system, cause.indices) : nodeNames(system, cause.indices);
    const better: Chance = { up: Math.min(1, chance.up + cause.potential), down: Math.max(0, chance.down - cause.potential) };
    return {
      label: `if ${nameOf(cause, names)} never failed`,
      value: availabilityText(better),
      notes: [`Birnbaum importance ${formatRatio(cause.birnbaum)}.`],
      data: { kind: cause.kind, names, birnbaum: cause.birnbaum, improvement_potential: cause.potential },
    };
  });
}

function nameOf({ kind, indices }: Importance, names: readonly string[]): string {
  if (kind === 'zone') return `the zone ${listed(names)}`;
  return indices.length === 1 ? listed(names) : `one of ${listed(names, 3)}`;
}

/** One node more and one fewer in each group of members, its placement going on in the same pattern. */
function neighbourRows(subject: CardSubject, chance: Chance): CardRow[] {
  const { system, deployment, expand } = subject;
  if (expand === undefined) return [];
  const members = new Set(deployment.members);
  const groups = system.groups.filter(
    (group) => group.sizeSpan !== null && group.attributes.weights.length === 0 && holdsMembers(group, members),
  );
  return groups.flatMap((group) =>
    [group.size - 1, group.size + 1].flatMap((size) => (size < 1 ? [] : attempt(() => neighbourRow(subject, group, size, chance)))),
  );
}

function holdsMembers({ first, size }: NodeGroup, members: ReadonlySet<number>): boolean {
  for (let node = first; node < first + size; node++) if (!members.has(node)) return false;
  return true;
}

function neighbourRow(
  { expand, deployment, model, effort, shouldStop }: CardSubject,
  group: NodeGroup,
  size: number,
  chance: Chance,
): CardRow[] {
  const changed = expand?.({ groupSizes: { [group.name]: size } });
  const there = changed?.deployments[deployment.index];
  if (!changed || there === undefined) return [];
  const sameModel = changed.faultModels.find(({ name }) => name === model?.name) ?? null;
  const found = deploymentAvailability(new Facts(changed, there, sameModel, { effort, shouldStop }));
  if (found?.kind !== 'known') return [];
  const fewer = size < group.size;
  const notes: string[] = [];
  if (fewer && found.chance.down < chance.down * (1 - 1e-9)) {
    notes.push(
      `One node fewer is available more: down ${downtimeText(found.chance)} instead of ${downtimeText(chance)} a year.${group.size % 2 === 0 ? ' A majority of an even number of nodes needs one more than that of the odd number before it, and one more can fail.' : ''}`,
    );
  }
  if (!fewer && found.chance.down > chance.down * (1 + 1e-9)) notes.push('One node more is available less: it is one more to wait for.');
  return [
    {
      label: `with ${counted(size, 'node')} in \`${group.name}\``,
      value: availabilityText(found.chance),
      notes,
      data: { group: group.name, size, ...chanceData(found.chance) },
    },
  ];
}

function assumptionsOf({ system }: CardSubject, { nodes, links }: Needed): string[] {
  const silent = nodes.filter((node) => !saysUptime({ ...system, zones: [] }, [node]));
  return [
    'Nodes and zones fail independently of each other; a zone takes down all in it (common cause). Members fail by crashing only, and those that are back count at once.',
    'The Birnbaum importance of a node or zone is how much more often the deployment is available while that is up than while it is down.',
    'A year has 365 days. An availability that a provider promises (SLA) bounds a refund; what is written here is taken as the probability itself.',
    ...(silent.length > 0 && silent.length < nodes.length
      ? [
          `${listed(nodeNames(system, silent))} ${silent.length === 1 ? 'says no availability of its own and counts' : 'say no availability of their own and count'} as never failing.`,
        ]
      : []),
    ...(silent.length === nodes.length ? ['No node says an availability of its own: nodes fail only with their zones.'] : []),
    ...(links === 'perfect'
      ? ['Links never fail and lead from everybody to everybody: with so many nodes their routes are not part of the sum.']
      : []),
    ...(links === 'exact' ? ['A quorum must reach each other over links through nodes that are up; links themselves never fail.'] : []),
  ];
}

function sourcesOf(): string[] {
  return [
    'Barlow & Proschan 1975, coherent systems',
    'Birnbaum 1969, importance',
    'Howard 2015, adding machines can decrease availability',
  ];
}
