import type { NamedQuorum, System } from '../../model/system.ts';
import { shareText } from '../probability/downtime.ts';
import { reliability } from '../probability/reliability.ts';
import { nodesOfQuorum, structureOf } from '../probability/structure.ts';
import { saysUptime, uptimesOf } from '../probability/uptimes.ts';
import type { Work } from '../work.ts';
import { availabilityAssumptions, availabilityRows, availabilitySources } from './availability-rows.ts';
import type { CardSection } from './section.ts';

/**
 * The availability of a quorum system that a system names. Read as a reliability block diagram: `a * b` is in series, `a + b`
 * in parallel, and what stands in it twice is counted once. Nothing where the file says of no part how available it is.
 */
export function systemQuorum(system: System, { name, system: quorum }: NamedQuorum, work: () => Work): CardSection | null {
  if (!saysUptime(system, nodesOfQuorum(quorum))) return null;
  const needed = structureOf(system, { kind: 'quorum', quorum });
  return {
    id: 'availability',
    title: `Availability of \`${name}\``,
    rows: availabilityRows(system, needed, work),
    assumptions: availabilityAssumptions(system, needed),
    sources: availabilitySources,
    headline: `\`${name}\` ${shareText(reliability(needed.structure, uptimesOf(system), work))} available`,
  };
}
