import { counted } from '../../base/units.ts';
import type { NodeGroup } from '../../model/system.ts';
import { Facts } from '../facts.ts';
import { type DeploymentAvailability, deploymentAvailability, workOf } from '../probability/deployment.ts';
import { availabilityText, downtimeText, shareText } from '../probability/downtime.ts';
import { reliability } from '../probability/reliability.ts';
import { structureOf } from '../probability/structure.ts';
import { type Chance, saysUptime, uptimesOf } from '../probability/uptimes.ts';
import { attempt, availabilityAssumptions, availabilityRows, availabilitySources, chanceData } from './availability-rows.ts';
import type { CardRow, CardSection, CardSubject } from './section.ts';

type KnownAvailability = DeploymentAvailability & { readonly kind: 'known' };

/**
 * How often a deployment's liveness clauses hold for the nodes and zones that are up: nothing where the file says of none how
 * available it is.
 */
export function availability(subject: CardSubject): CardSection | null {
  const { system, deployment, facts } = subject;
  if (!saysUptime(system, deployment.members)) return null;
  const found = deploymentAvailability(facts);
  if (found === null) return null;
  const frame = { id: 'availability', title: 'Availability', sources: availabilitySources };
  if (found.kind === 'none') {
    const row: CardRow = {
      label: 'availability',
      value: 'not known',
      notes: found.reasons,
      data: { availability: null, reasons: found.reasons },
    };
    return { ...frame, rows: [row], assumptions: [] };
  }
  const { chance, needed } = found;
  return {
    ...frame,
    rows: [...availabilityRows(system, needed, workOf(facts), clauseRows(subject, found)), ...neighbourRows(subject, chance)],
    assumptions: availabilityAssumptions(system, needed),
    headline: `${shareText(chance)} available`,
  };
}

/** Each clause that by itself is available more. */
function clauseRows({ system, facts }: CardSubject, { clauses, chance: whole }: KnownAvailability): CardRow[] {
  const needs = clauses.flatMap((clause) => (clause.kind === 'condition' ? [clause] : []));
  if (needs.length < 2) return [];
  return needs.flatMap((clause) =>
    attempt(() => {
      const chance = reliability(structureOf(system, clause.condition).structure, uptimesOf(system), workOf(facts));
      if (chance.down >= whole.down * (1 - 1e-9)) return [];
      return [
        { label: `\`${clause.text}\` alone`, value: availabilityText(chance), data: { requirement: clause.text, ...chanceData(chance) } },
      ];
    }),
  );
}

/** A downtime shorter by less than this factor is the same to people. */
const worthTelling = 0.99;

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
  if (fewer && found.chance.down < chance.down * worthTelling) {
    notes.push(
      `One node fewer is available more: down ${downtimeText(found.chance)} instead of ${downtimeText(chance)} a year.${group.size % 2 === 0 ? ' A majority of an even number of nodes needs one more than that of the odd number before it, and one more can fail.' : ''}`,
    );
  }
  if (!fewer && chance.down < found.chance.down * worthTelling) notes.push('One node more is available less: it is one more to wait for.');
  return [
    {
      label: `with ${counted(size, 'node')} in \`${group.name}\``,
      value: availabilityText(found.chance),
      notes,
      data: { group: group.name, size, ...chanceData(found.chance) },
    },
  ];
}
