import { exp, ln, pow } from './exact-math.ts';

/** Bounds of a probability. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The exact interval of Clopper & Pearson (1934) for the probability of an event seen in `seen` of `trials` independent
 * trials: it holds the true value with at least the probability `confidence` (0 < confidence < 1), each side being missed
 * with half of the rest. Never seen, its upper bound is 1 − ((1 − confidence)/2)^(1/trials), near 3.7 / trials for 95 %
 * (the "rule of three", Hanley & Lippman-Hand 1983, leaves 5 % on one side). Only exactly rounded operations are used, so
 * that every engine gives the same digits. Without trials nothing is known: 0 to 1.
 */
export function clopperPearson(seen: number, trials: number, confidence: number): Interval {
  const tail = (1 - confidence) / 2;
  if (trials === 0) return { low: 0, high: 1 };
  // With k of n seen: P(X >= k) = I_p(k, n − k + 1) and P(X <= k) = 1 − I_p(k + 1, n − k).
  const low = seen === 0 ? 0 : seen === trials ? pow(tail, 1 / trials) : quantile(seen, trials - seen + 1, tail);
  const high = seen === trials ? 1 : seen === 0 ? 1 - pow(tail, 1 / trials) : quantile(seen + 1, trials - seen, 1 - tail);
  return { low, high };
}

/** The x with I_x(a, b) = share, by bisection. */
function quantile(a: number, b: number, share: number): number {
  let low = 0;
  let high = 1;
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (regularizedBeta(middle, a, b) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** I_x(a, b), the regularized incomplete beta function, for a, b > 0 and 0 < x < 1: DLMF 8.17.22, by Lentz's method. */
export function regularizedBeta(x: number, a: number, b: number): number {
  // The fraction converges fast on the left of the mean; on its right the mirror image does.
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
  const front = exp(a * ln(x) + b * ln(1 - x) + lnGamma(a + b) - lnGamma(a) - lnGamma(b)) / a;
  const tiny = 1e-300;
  const kept = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 10_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / kept(1 + even * d);
    c = kept(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / kept(1 + odd * d);
    c = kept(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return front * fraction;
}

/** The logarithm of the gamma function for x > 0: Stirling's series (DLMF 5.11.1), from where six terms are exact. */
function lnGamma(x: number): number {
  let shift = 1;
  let z = x;
  while (z < 12) {
    shift *= z;
    z += 1;
  }
  const r = 1 / (z * z);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - r * (691 / 360360)))))) / z;
  return (z - 0.5) * ln(z) - z + 0.9189385332046727 + series - ln(shift);
}
