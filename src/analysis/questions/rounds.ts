import { counted, formatDuration } from '../../base/units.ts';
import { type Answer, type Asked, BadArgument, NoDelayBound } from './answer.ts';

/** `rounds(deadline)`: how many delays of Δ fit into a deadline. Without a Δ the clause has no value. */
export function rounds({ facts, values }: Asked): Answer {
  const { delay } = facts.system.timing;
  const deadline = Number(values[0]);
  if (deadline < 0) throw new BadArgument('a deadline is not negative', 0);
  if (delay === null) throw new NoDelayBound('delay');
  const count = delay > 0 ? Math.floor(deadline / delay) : Number.MAX_SAFE_INTEGER;
  if (!Number.isFinite(deadline))
    return { value: Number.MAX_SAFE_INTEGER, remarks: ['A deadline without bound leaves room for any number of message delays.'] };
  return {
    value: count,
    remarks: [`${formatDuration(deadline)} leaves room for ${counted(count, 'message delay')} of ${formatDuration(delay)}.`],
  };
}
