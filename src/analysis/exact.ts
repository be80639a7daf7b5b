/**
 * Exact arithmetic on what an author wrote: weights such as 0.1 are decimals, so they are scaled to integers before they
 * are added or compared. 0.1 + 0.2 then meets a threshold of 0.3.
 */
interface Decimal {
  readonly digits: bigint;
  /** The value is digits · 10^exponent. */
  readonly exponent: number;
}

function decimal(value: number): Decimal {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (match === null) return { digits: 0n, exponent: 0 };
  const fraction = match[3] ?? '';
  const digits = BigInt((match[2] as string) + fraction) * (match[1] === '-' ? -1n : 1n);
  return { digits, exponent: Number(match[4] ?? 0) - fraction.length };
}

/** Weights as safe integers, all multiplied by 10^`places`. */
export interface Scaled {
  readonly weights: readonly number[];
  readonly places: number;
}

/** Scales decimals to integers; null when their sum does not fit into a safe integer. Negative weights count as 0. */
export function scaleWeights(values: readonly number[]): Scaled | null {
  if (values.every((value) => Number.isSafeInteger(value) && value >= 0)) {
    return Number.isSafeInteger(values.reduce((sum, value) => sum + value, 0)) ? { weights: values, places: 0 } : null;
  }
  const decimals = values.map((value) => decimal(Math.max(0, value)));
  const places = Math.max(0, ...decimals.map(({ exponent }) => -exponent));
  let total = 0n;
  const weights: number[] = [];
  for (const { digits, exponent } of decimals) {
    const scaled = digits * 10n ** BigInt(exponent + places);
    total += scaled;
    weights.push(Number(scaled));
  }
  return total <= BigInt(Number.MAX_SAFE_INTEGER) ? { weights, places } : null;
}

/**
 * The least integer that is at least `threshold` · 10^`places`. A threshold is often computed (2/3 of a sum): one that lies
 * within a rounding error of an integer is taken as that integer.
 */
export function scaleThreshold(threshold: number, places: number): number {
  const scaled = threshold * 10 ** places;
  const nearest = Math.round(scaled);
  if (Math.abs(scaled - nearest) <= Math.max(1, Math.abs(scaled)) * 1e-12) return nearest;
  return Math.ceil(scaled);
}
