import { formatNumber, formatRatio } from '../../base/units.ts';
import { type Asked, BadArgument } from './answer.ts';

/** Numeric arguments of questions, checked: what is out of range is a BadArgument. */

/** Counts beyond it would be summed for too long, and are no deployment's. */
export const largestCount = 1_000_000_000;

/** A number; optional ones that are not written are `missing`. */
export function numberAt(asked: Asked, index: number, name: string, missing?: number): number {
  const value = asked.values[index];
  if (typeof value === 'number' && !Number.isNaN(value)) return value;
  if (value === undefined && missing !== undefined) return missing;
  throw new BadArgument(`\`${name}\` must be a number`, index);
}

/** A probability or a share of a whole, 0..1. */
export function probabilityAt(asked: Asked, index: number, name: string): number {
  const value = numberAt(asked, index, name);
  if (value >= 0 && value <= 1) return value;
  throw new BadArgument(`\`${name}\` must lie between 0% and 100%, and this is ${formatRatio(value)}`, index);
}

/** A whole number within `least..most`; `mostName` says what `most` is. */
export function countAt(asked: Asked, index: number, name: string, least = 0, most = largestCount, mostName?: string): number {
  return checkedCount(index, name, numberAt(asked, index, name), least, most, mostName);
}

/** The same, optional. */
export function optionalCountAt(asked: Asked, index: number, name: string, missing: number, least = 0, most = largestCount): number {
  return checkedCount(index, name, numberAt(asked, index, name, missing), least, most);
}

function checkedCount(index: number, name: string, value: number, least: number, most: number, mostName?: string): number {
  if (!Number.isInteger(value) || value < least) {
    throw new BadArgument(`\`${name}\` must be a whole number of ${least} or more, and this is ${formatNumber(value)}`, index);
  }
  if (value <= most) return value;
  const limit = mostName === undefined ? most.toLocaleString('en-US') : `${mostName}, ${formatNumber(most)}`;
  throw new BadArgument(`\`${name}\` must be at most ${limit}, and this is ${formatNumber(value)}`, index);
}

/** A finite number of 0 or more; `positive`: more than 0. `shown` writes it with its unit. */
export function amountAt(asked: Asked, index: number, name: string, positive: boolean, shown: (value: number) => string): number {
  const value = numberAt(asked, index, name);
  if (Number.isFinite(value) && (positive ? value > 0 : value >= 0)) return value;
  throw new BadArgument(`\`${name}\` must be ${positive ? 'more than 0' : '0 or more'}, and this is ${shown(value)}`, index);
}
