import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clopperPearson, regularizedBeta } from '../../src/base/confidence.ts';

/** P(X <= seen) of a binomial distribution, term by term. */
function atMost(seen: number, trials: number, p: number): number {
  let term = (1 - p) ** trials;
  let sum = term;
  for (let k = 1; k <= seen; k += 1) {
    term *= ((trials - k + 1) / k) * (p / (1 - p));
    sum += term;
  }
  return sum;
}

describe('the interval for a probability', () => {
  // R: binom.test(3, 10000)$conf.int, binom.test(7, 20)$conf.int, binom.test(0, 1000)$conf.int
  test.each([
    [3, 10_000, 6.187e-5, 8.764e-4],
    [7, 20, 0.1539092, 0.5921885],
    [0, 1_000, 0, 0.003682084],
    [10, 10, 0.6915029, 1],
  ])('of %d seen in %d is that of Clopper and Pearson', (seen, trials, low, high) => {
    const interval = clopperPearson(seen, trials, 0.95);
    expect(interval.low).toBeCloseTo(low, low < 0.001 ? 7 : 6);
    expect(interval.high).toBeCloseTo(high, high < 0.001 ? 6 : 6);
  });

  test('leaves half of the rest on each side', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, share) => {
        const seen = Math.floor(share * trials);
        const { low, high } = clopperPearson(seen, trials, 0.95);
        if (seen > 0) expect(1 - atMost(seen - 1, trials, low)).toBeCloseTo(0.025, 6);
        if (seen < trials) expect(atMost(seen, trials, high)).toBeCloseTo(0.025, 6);
        expect(low).toBeLessThanOrEqual(seen / trials);
        expect(high).toBeGreaterThanOrEqual(seen / trials);
      }),
      { numRuns: 200 },
    );
  });

  test('is everything without trials, and shrinks with them', () => {
    expect(clopperPearson(0, 0, 0.95)).toEqual({ low: 0, high: 1 });
    const widths = [10, 100, 1_000, 1_000_000].map((trials) => {
      const { low, high } = clopperPearson(trials / 10, trials, 0.95);
      return high - low;
    });
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
    expect(widths.at(-1)).toBeCloseTo(2 * 1.96 * Math.sqrt(0.09 / 1e6), 5);
  });
});

test('the incomplete beta function has its known values', () => {
  expect(regularizedBeta(0.5, 1, 1)).toBeCloseTo(0.5, 14);
  expect(regularizedBeta(0.3, 2, 3)).toBeCloseTo(0.3483, 12);
  expect(regularizedBeta(0.7, 3, 2)).toBeCloseTo(1 - 0.3483, 12);
});
