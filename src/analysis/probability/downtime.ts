import { formatDuration, formatRatio } from '../../base/units.ts';
import { yearNs } from './durability.ts';
import type { Chance } from './uptimes.ts';

/** Mean time down in a year of 365 days, ns. */
export function downtimeNs({ down }: Chance): number {
  return down * yearNs;
}

/** "99.972%, down 2 h 27 min a year". */
export function availabilityText(chance: Chance): string {
  if (chance.down === 0) return 'always';
  if (chance.up === 0) return 'never';
  return `${shareText(chance)}, down ${downtimeText(chance)} a year`;
}

/** An availability as nines: what is left is written out even where the share is nearest to a whole 100 %. */
export function shareText({ up, down }: Chance): string {
  return down > 0 && down < 1e-13 ? `100% less ${down.toExponential(1)}` : formatRatio(up);
}

const units: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
];

/** "2 h 27 min", "57 min 25 s", "315 ms". */
export function downtimeText(chance: Chance): string {
  const time = downtimeNs(chance);
  if (time < 1) return 'less than 1 ns';
  const seconds = Math.round(time / 1e9);
  if (seconds < 60) return formatDuration(time).replace(/([a-z]+)$/, ' $1');
  const at = units.findIndex(([, size]) => seconds >= size);
  const [unit, size] = units[at] as readonly [string, number];
  const [smaller, part] = units[at + 1] as readonly [string, number];
  const whole = Math.round(seconds / part);
  const rest = whole % (size / part);
  const count = (whole - rest) / (size / part);
  return rest === 0 ? `${count} ${unit}` : `${count} ${unit} ${rest} ${smaller}`;
}
