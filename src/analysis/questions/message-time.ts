import { formatDuration, formatRatio } from '../../base/units.ts';
import { pathWords } from '../timing/path-words.ts';
import { type Journey, slowest } from '../timing/slowest.ts';
import { nodeNames } from '../words.ts';
import { type Answer, type Asked, BadArgument } from './answer.ts';

/** `message_time(quantile)`: that quantile of the slowest pair of members. */
export const messageTime = (asked: Asked): Answer => journeyTime(asked, 'message');

/** `round_trip(quantile)`: the same of a question and its answer. */
export const roundTrip = (asked: Asked): Answer => journeyTime(asked, 'round trip');

function journeyTime({ facts, values }: Asked, journey: Journey): Answer {
  const quantile = Number(values[0]);
  if (!(quantile > 0 && quantile < 1)) throw new BadArgument('a quantile lies between 0 and 1, as 99.9% does', 0);
  const { system, deployment } = facts;
  const found = slowest(system, deployment, journey, tailOf(quantile), facts.work());
  if (found === null) return { value: 0, remarks: ['One member alone sends no messages.'] };
  const [from, to] = nodeNames(system, [found.from, found.to]);
  if (found.delay === null) return { value: found.time, remarks: [`\`${from}\` and \`${to}\` cannot reach each other.`] };
  const both = journey === 'message' ? `A message from \`${from}\` to \`${to}\`` : `A round trip from \`${from}\` to \`${to}\``;
  return {
    value: found.time,
    remarks: [
      `${both} takes ${formatDuration(found.time)} or less in ${formatRatio(quantile)} of the cases, the longest of any two members: ${pathWords(system, found.from, found.to, facts.work())}.`,
      'Queueing, loss, slow members and the time that long messages take on the line are not counted; links and nodes draw independently of each other.',
    ],
  };
}

/** 1 - quantile without the last digits that the subtraction makes up: 0.001 for 99.9 %. */
function tailOf(quantile: number): number {
  return Number((1 - quantile).toPrecision(12));
}
