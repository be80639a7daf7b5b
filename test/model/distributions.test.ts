import { describe, expect, it } from 'vitest';
import { normalTail } from '../../src/base/exact-math.ts';
import { exceeds, mean, median, supremum } from '../../src/model/distributions.ts';
import type { Distribution } from '../../src/model/values.ts';

const all: readonly Distribution[] = [
  { kind: 'constant', value: 5 },
  { kind: 'uniform', min: 2, max: 8 },
  { kind: 'normal', mean: 10, sd: 2 },
  { kind: 'lognormal', median: 80, sigma: 0.2 },
  { kind: 'exponential', mean: 3 },
  { kind: 'pareto', scale: 2, shape: 3 },
  { kind: 'empirical', values: [4, 1, 3, 2] },
];

describe('distributions', () => {
  it('exceed their median half of the time, at the most', () => {
    for (const distribution of all.slice(1)) {
      expect(exceeds(distribution, median(distribution))).toBeCloseTo(0.5, 6);
      expect(exceeds(distribution, 0)).toBeGreaterThan(0.99);
    }
    expect(exceeds(all[0] as Distribution, 5)).toBe(0);
  });

  it('never exceed their supremum', () => {
    expect(all.map(supremum)).toEqual([5, 8, Infinity, Infinity, Infinity, Infinity, 4]);
    for (const distribution of all) expect(exceeds(distribution, supremum(distribution))).toBe(0);
  });

  it('have the means that books give', () => {
    expect(all.map((distribution) => Number(mean(distribution).toFixed(6)))).toEqual([5, 5, 10, 81.616107, 3, 3, 2.5]);
    expect(mean({ kind: 'pareto', scale: 2, shape: 1 })).toBe(Infinity);
  });

  it('the tail of the normal distribution: published values', () => {
    for (const [z, tail] of [
      [0, 0.5],
      [1, 0.158655254],
      [1.959964, 0.025],
      [3, 0.001349898],
      [-1, 0.841344746],
      [6, 9.8659e-10],
    ] as const) {
      expect(Math.abs(normalTail(z) / tail - 1)).toBeLessThan(2e-5);
    }
  });
});
