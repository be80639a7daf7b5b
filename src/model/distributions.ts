import { exp, normalTail, pow } from '../base/exact-math.ts';
import { formatDuration } from '../base/units.ts';
import type { Distribution } from './values.ts';

/** The least value that is never exceeded; Infinity for unbounded distributions. */
export function supremum(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return distribution.max;
    case 'normal':
      return distribution.sd === 0 ? Math.max(0, distribution.mean) : Number.POSITIVE_INFINITY;
    case 'lognormal':
      return distribution.sigma === 0 ? distribution.median : Number.POSITIVE_INFINITY;
    case 'exponential':
      return distribution.mean === 0 ? 0 : Number.POSITIVE_INFINITY;
    case 'pareto':
      return distribution.scale === 0 ? 0 : Number.POSITIVE_INFINITY;
    case 'empirical':
      return distribution.values.reduce((most, value) => Math.max(most, value), 0);
  }
}

/** The value that half of the draws do not exceed (the lower one of an even empirical sample). */
export function median(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return (distribution.min + distribution.max) / 2;
    case 'normal':
      return Math.max(0, distribution.mean);
    case 'lognormal':
      return distribution.median;
    case 'exponential':
      return distribution.mean * Math.LN2;
    case 'pareto':
      return distribution.scale * 2 ** (1 / distribution.shape);
    case 'empirical': {
      const sorted = [...distribution.values].sort((a, b) => a - b);
      return sorted[(sorted.length - 1) >> 1] ?? 0;
    }
  }
}

/** The expected value, draws cut at zero ignored; Infinity for a Pareto tail of shape 1 or less. */
export function mean(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return (distribution.min + distribution.max) / 2;
    case 'normal':
      return distribution.mean;
    case 'lognormal':
      return distribution.median * Math.exp(distribution.sigma ** 2 / 2);
    case 'exponential':
      return distribution.mean;
    case 'pareto':
      return distribution.shape <= 1 ? Number.POSITIVE_INFINITY : (distribution.shape * distribution.scale) / (distribution.shape - 1);
    case 'empirical':
      return distribution.values.reduce((sum, value) => sum + value, 0) / Math.max(1, distribution.values.length);
  }
}

/** The probability that a draw exceeds `bound` (0 or more). */
export function exceeds(distribution: Distribution, bound: number): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value > bound ? 1 : 0;
    case 'uniform': {
      if (bound >= distribution.max) return 0;
      if (bound < distribution.min) return 1;
      return (distribution.max - bound) / (distribution.max - distribution.min);
    }
    case 'normal':
      if (distribution.sd === 0) return distribution.mean > bound ? 1 : 0;
      return normalTail((bound - distribution.mean) / distribution.sd);
    case 'lognormal':
      if (bound <= 0) return 1;
      if (distribution.sigma === 0) return distribution.median > bound ? 1 : 0;
      return normalTail(Math.log(bound / distribution.median) / distribution.sigma);
    case 'exponential':
      return distribution.mean === 0 ? 0 : Math.exp(-bound / distribution.mean);
    case 'pareto':
      return bound <= distribution.scale ? 1 : (distribution.scale / bound) ** distribution.shape;
    case 'empirical':
      return distribution.values.filter((value) => value > bound).length / Math.max(1, distribution.values.length);
  }
}

/** The greatest value that no draw falls below; draws are cut at zero. */
export function infimum(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return Math.max(0, distribution.value);
    case 'uniform':
      return Math.max(0, distribution.min);
    case 'normal':
      return distribution.sd === 0 ? Math.max(0, distribution.mean) : 0;
    case 'lognormal':
      return distribution.sigma === 0 ? Math.max(0, distribution.median) : 0;
    case 'exponential':
      return 0;
    case 'pareto':
      return Math.max(0, distribution.scale);
    case 'empirical':
      return Math.max(
        0,
        distribution.values.reduce(
          (least, value) => Math.min(least, value),
          distribution.values.length === 0 ? 0 : Number.POSITIVE_INFINITY,
        ),
      );
  }
}

/** The least value, 0 or more, that is exceeded with probability `tail` at the most: the (1 - tail)-quantile. `tail` in 0..1. */
export function upperQuantile(distribution: Distribution, tail: number): number {
  return Math.max(0, signedUpperQuantile(distribution, tail));
}

function signedUpperQuantile(distribution: Distribution, tail: number): number {
  if (tail <= 0) return supremum(distribution);
  if (tail >= 1) return infimum(distribution);
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return distribution.max - tail * (distribution.max - distribution.min);
    case 'normal':
      return distribution.mean + distribution.sd * upperNormalQuantile(tail);
    case 'lognormal':
      return distribution.median * Math.exp(distribution.sigma * upperNormalQuantile(tail));
    case 'exponential':
      return -distribution.mean * Math.log(tail);
    case 'pareto':
      return distribution.scale * tail ** (-1 / distribution.shape);
    case 'empirical': {
      const sorted = [...distribution.values].sort((a, b) => a - b);
      // At most tail · n of the values may lie above; the allowance is for products such as 0.1 · 10.
      return sorted[sorted.length - 1 - Math.min(sorted.length - 1, Math.floor(tail * sorted.length + 1e-9))] ?? 0;
    }
  }
}

/** z with P(Z > z) = `tail` (0 < tail < 1), by halving on `normalTail`. */
function upperNormalQuantile(tail: number): number {
  let low = -40;
  let high = 40;
  for (let step = 0; step < 70; step++) {
    const middle = (low + high) / 2;
    if (normalTail(middle) > tail) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * What routing counts a link as: the mean, or the median where there is no finite mean. In whole units and at least one,
 * so that routes do not hang on a last bit.
 */
export function routingCost(distribution: Distribution): number {
  return Math.max(1, Math.round(typicalDelay(distribution)));
}

function typicalDelay(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return (distribution.min + distribution.max) / 2;
    case 'normal':
    case 'exponential':
      return Math.max(0, distribution.mean);
    case 'lognormal':
      return distribution.median * exp((distribution.sigma * distribution.sigma) / 2);
    case 'pareto':
      return distribution.shape > 1
        ? (distribution.shape * distribution.scale) / (distribution.shape - 1)
        : distribution.scale * pow(2, 1 / distribution.shape);
    case 'empirical':
      return distribution.values.reduce((sum, value) => sum + value, 0) / Math.max(1, distribution.values.length);
  }
}

/** `normal(2ms, 0.5ms)`: a distribution of durations as it is written. */
export function formatDelay(distribution: Distribution): string {
  switch (distribution.kind) {
    case 'constant':
      return formatDuration(distribution.value);
    case 'uniform':
      return `uniform(${formatDuration(distribution.min)}, ${formatDuration(distribution.max)})`;
    case 'normal':
      return `normal(${formatDuration(distribution.mean)}, ${formatDuration(distribution.sd)})`;
    case 'lognormal':
      return `lognormal(${formatDuration(distribution.median)}, ${distribution.sigma})`;
    case 'exponential':
      return `exponential(${formatDuration(distribution.mean)})`;
    case 'pareto':
      return `pareto(${formatDuration(distribution.scale)}, ${distribution.shape})`;
    case 'empirical':
      return `empirical of ${distribution.values.length} values`;
  }
}
