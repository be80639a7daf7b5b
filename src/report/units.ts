const durations: readonly (readonly [number, string])[] = [
  [86_400e9, 'd'],
  [3_600e9, 'h'],
  [60e9, 'min'],
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
];

/** Nanoseconds in the largest unit that leaves at least 1, with up to four significant digits: `312 ms`, `1.5 s`. */
export function formatDuration(ns: number): string {
  const size = Math.abs(ns);
  if (!Number.isFinite(ns)) return ns > 0 ? 'for ever' : String(ns);
  // Minutes and above only from two on: 90 s reads better than 1.5 min.
  const [factor, unit] = durations.find(([factor]) => size >= (factor >= 60e9 ? 2 * factor : factor)) ?? [1, 'ns'];
  return `${significant(ns / factor)} ${unit}`;
}

/** Simulated time for columns: always seconds, six digits, so that rows line up. */
export function formatTime(ns: number): string {
  return `${(ns / 1e9).toFixed(6)} s`;
}

/** A whole number with its thousands apart: 12,345. Not by `Intl`, whose tables take longer to load than most checks last. */
export function formatCount(count: number): string {
  return String(count).replace(/(?<=\d)(?=(\d{3})+$)/g, ',');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

function significant(value: number): string {
  return String(Number(value.toPrecision(4)));
}
