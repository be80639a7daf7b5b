import { formatRatio, listed } from '../../base/units.ts';
import type { System } from '../../model/system.ts';
import { availabilityText, downtimeNs } from '../probability/downtime.ts';
import { type Importance, importances } from '../probability/importance.ts';
import { reliability } from '../probability/reliability.ts';
import type { Needed } from '../probability/structure.ts';
import { allUp, type Chance, certain, saysUptime, type Uptimes, uptimesOf } from '../probability/uptimes.ts';
import { nodeNames, zoneNames } from '../words.ts';
import { OutOfWork, type Work } from '../work.ts';
import type { CardData, CardRow } from './section.ts';

/** So many causes are shown; the others have less to win. */
const mostCauses = 5;
/** What would take off less than this share of the downtime is not told. */
const leastGain = 1e-3;

/** The availability of a structure, what zones cost it, and where there is most to win. */
export function availabilityRows(system: System, needed: Needed, work: () => Work, clauses: readonly CardRow[] = []): CardRow[] {
  const uptimes = uptimesOf(system);
  const chance = reliability(needed.structure, uptimes, work);
  return [
    { label: 'available', value: availabilityText(chance), notes: wholeNotes(needed, chance, uptimes), data: chanceData(chance) },
    ...clauses,
    ...attempt(() => zoneRows(needed, chance, uptimes, work)),
    ...attempt(() => causeRows(system, needed, chance, uptimes, work)),
  ];
}

/** Rows that are left out where they take too much work: the availability itself is known. */
export function attempt(make: () => readonly CardRow[]): readonly CardRow[] {
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
function wholeNotes({ nodes }: Needed, chance: Chance, uptimes: Uptimes): string[] {
  const alone = nodes.map((node) => wholeNode(uptimes, node).up);
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

/** What zones alone cost: a common cause sets a limit that no number of nodes in the same zones passes. */
function zoneRows({ structure, nodes }: Needed, chance: Chance, uptimes: Uptimes, work: () => Work): CardRow[] {
  const isZoned = nodes.some((node) => wholeNode({ ...uptimes, nodes: [] }, node).down > 0);
  if (!isZoned || chance.down === 0) return [];
  const limit = reliability(structure, { ...uptimes, nodes: uptimes.nodes.map(() => certain) }, work);
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
function causeRows(system: System, { structure, nodes }: Needed, chance: Chance, uptimes: Uptimes, work: () => Work): CardRow[] {
  const causes = importances(structure, nodes, uptimes, work).filter(({ potential }) => potential > chance.down * leastGain);
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

export function availabilityAssumptions(system: System, { nodes, links }: Needed): string[] {
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

export const availabilitySources: readonly string[] = [
  'Barlow & Proschan 1975, coherent systems',
  'Birnbaum 1969, importance',
  'Howard 2015, adding machines can decrease availability',
];
