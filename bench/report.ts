/** One measured thing beside its reference, which ran in the same process or minute. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly reference: { readonly name: string; readonly value: number };
  /** What it must reach: an upper bound on the value (`atMost`) or a lower one (`atLeast`), in its unit. */
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Prints a measurement with its ratio to the reference and whether it reached what it must. */
export function report(measurement: Measurement): void {
  const { name, value, unit, reference, atMost, atLeast } = measurement;
  const target = atMost !== undefined ? `at most ${format(atMost)}` : atLeast !== undefined ? `at least ${format(atLeast)}` : '';
  const met = (atMost === undefined || value <= atMost) && (atLeast === undefined || value >= atLeast);
  const verdict = target ? (met ? `reached (${target})` : `MISSED (${target})`) : '';
  process.stdout.write(
    `${name}: ${format(value)} ${unit}; ${reference.name}: ${format(reference.value)} ${unit}; ratio ${format(value / reference.value)}  ${verdict}\n`,
  );
}

export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function format(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return value >= 10 ? value.toFixed(1) : value.toFixed(3);
}
