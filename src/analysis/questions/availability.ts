import { workOf } from '../probability/deployment.ts';
import { downtimeText } from '../probability/downtime.ts';
import { reliability } from '../probability/reliability.ts';
import { nodesOfQuorum, structureOf } from '../probability/structure.ts';
import { saysUptime, uptimesOf } from '../probability/uptimes.ts';
import { type Answer, type Asked, BadArgument, quorumAt } from './answer.ts';

/** `availability(Q)`: the probability that the nodes that are up contain a quorum. */
export function availabilityAsked(asked: Asked): Answer {
  const { system } = asked.facts;
  const quorum = quorumAt(asked, 0);
  const name = asked.texts[0] ?? 'it';
  if (quorum === undefined) throw new BadArgument(`\`${name}\` is no quorum system here`, 0);
  if (!saysUptime(system, nodesOfQuorum(quorum))) {
    throw new BadArgument(`no node of \`${name}\`, and no zone around one, says its \`availability\` (or \`mtbf\` and \`mttr\`)`, 0);
  }
  const needed = structureOf(system, { kind: 'quorum', quorum });
  const chance = reliability(needed.structure, uptimesOf(system), workOf(asked.facts));
  return {
    value: chance.up,
    remarks: [
      `\`${name}\` has no quorum for ${downtimeText(chance)} of a year of 365 days, nodes and zones failing independently.`,
      ...(needed.links === 'perfect' ? ['Links are taken never to fail, and to lead from everybody to everybody.'] : []),
    ],
  };
}
