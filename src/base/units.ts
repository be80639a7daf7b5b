/**
 * How quantities read in messages. The texts are also valid literals of the language where the value has few digits;
 * `durationLiteral` is exact and meant for edits.
 */

const durations: readonly (readonly [unit: string, nanoseconds: number])[] = [
  ['d', 86_400e9],
  ['h', 3_600e9],
  ['min', 60e9],
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
  ['ns', 1],
];

/** `2.5ms`, `90s`, `1.5h`: the largest unit in which the value is short, at most four significant digits. */
export function formatDuration(nanoseconds: number): string {
  if (!Number.isFinite(nanoseconds)) return nanoseconds > 0 ? 'unbounded' : String(nanoseconds);
  if (nanoseconds === 0) return '0s';
  if (nanoseconds < 0) return `-${formatDuration(-nanoseconds)}`;
  for (const [unit, size] of durations) {
    const inUnit = nanoseconds / size;
    // 90s reads better than 1.5min, and 36h better than 1.5d: hours and more only from two of them or when whole.
    if (inUnit >= 1 && (size <= 1e9 || Number.isInteger(inUnit) || inUnit >= 100)) return `${formatNumber(inUnit)}${unit}`;
  }
  return `${formatNumber(nanoseconds)}ns`;
}

/** The duration as an exact literal: whole units, the largest that divides it. */
export function durationLiteral(nanoseconds: number): string {
  const whole = Math.ceil(nanoseconds);
  for (const [unit, size] of durations) if (whole >= size && whole % size === 0) return `${whole / size}${unit}`;
  return `${whole}ns`;
}

/** The duration as an exact literal that reads well: `412.567891ms`, `-20us`, `0s`. Whole nanoseconds. */
export function exactDuration(nanoseconds: number): string {
  const whole = Math.round(Math.abs(nanoseconds));
  const sign = nanoseconds < 0 && whole > 0 ? '-' : '';
  if (whole === 0) return '0s';
  const [unit, size] = durations.find(([, length]) => length <= 1e9 && whole >= length) as (typeof durations)[number];
  const rest = whole % size;
  const fraction = rest === 0 ? '' : `.${String(rest).padStart(Math.log10(size), '0').replace(/0+$/, '')}`;
  return `${sign}${Math.floor(whole / size)}${fraction}${unit}`;
}

/** A share as an exact literal in percent; null where percent cannot say it. */
export function exactRatio(ratio: number): string | null {
  const digits = String(Number((ratio * 100).toPrecision(15)));
  return !digits.includes('e') && Number(`${digits}e-2`) === ratio ? `${digits}%` : null;
}

/** `99.9%`; tiny shares keep their first digits: `0.0012%`, `1e-9` below a millionth of a percent. */
export function formatRatio(ratio: number): string {
  const percent = ratio * 100;
  if (percent !== 0 && Math.abs(percent) < 1e-6) return ratio.toExponential(1);
  // Availabilities differ in their last nines, so digits are counted from the distance to 100 %.
  const gap = Math.abs(100 - percent);
  const digits = gap > 0 && gap < 1 ? Math.min(12, Math.ceil(-Math.log10(gap)) + 2) : 0;
  const text = digits > 0 ? percent.toFixed(digits).replace(/\.?0+$/, '') : formatNumber(percent);
  return `${text}%`;
}

/** `50/s`, `2/min`, `1.5/h`. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0 || perSecond >= 1) return `${formatNumber(perSecond)}/s`;
  if (perSecond * 60 >= 1) return `${formatNumber(perSecond * 60)}/min`;
  if (perSecond * 3_600 >= 1) return `${formatNumber(perSecond * 3_600)}/h`;
  return `${formatNumber(perSecond * 86_400)}/d`;
}

/** `512B`, `64KiB`, `1.5GiB`. */
export function formatSize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1_024 && unit < units.length - 1) {
    value /= 1_024;
    unit++;
  }
  return `${formatNumber(value)}${units[unit]}`;
}

/** `64kbps`, `1Gbps`. */
export function formatBandwidth(bitsPerSecond: number): string {
  const units = ['bps', 'kbps', 'Mbps', 'Gbps', 'Tbps'];
  let value = bitsPerSecond;
  let unit = 0;
  while (Math.abs(value) >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${formatNumber(value)}${units[unit]}`;
}

/** At most four significant digits, no trailing zeros; whole numbers in full; ∞ beyond all. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value) && !Number.isNaN(value)) return value > 0 ? '∞' : '-∞';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  return String(Number(value.toPrecision(4)));
}

/** `1 node`, `3 nodes`; the plural may be given. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** `a`, `a and b`, `a, b and c`; beyond `most` names: `a, b, c and 7 more`. Names are set in backticks. */
export function listed(names: readonly string[], most = 5): string {
  const quoted = names.map((name) => `\`${name}\``);
  if (quoted.length > most) return `${quoted.slice(0, most).join(', ')} and ${quoted.length - most} more`;
  if (quoted.length <= 1) return quoted[0] ?? 'none';
  return `${quoted.slice(0, -1).join(', ')} and ${quoted[quoted.length - 1]}`;
}
