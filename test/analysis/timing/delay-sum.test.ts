import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DelaySum, type Part } from '../../../src/analysis/timing/delay-sum.ts';
import { Work } from '../../../src/analysis/work.ts';
import { Random } from '../../../src/base/random.ts';
import { exceeds, infimum, supremum, upperQuantile } from '../../../src/model/distributions.ts';
import type { Distribution } from '../../../src/model/values.ts';
import { Sampler } from '../../../src/simulator/sampler.ts';

const work = (): Work => new Work(1e9);
const free = Number.POSITIVE_INFINITY;
const part = (distribution: Distribution, count = 1, most = free): Part => ({ distribution, count, most });

const constant = (value: number): Distribution => ({ kind: 'constant', value });
const normal = (mean: number, sd: number): Distribution => ({ kind: 'normal', mean, sd });
const lognormal = (median: number, sigma: number): Distribution => ({ kind: 'lognormal', median, sigma });
const exponential = (mean: number): Distribution => ({ kind: 'exponential', mean });
const uniform = (min: number, max: number): Distribution => ({ kind: 'uniform', min, max });
const pareto = (scale: number, shape: number): Distribution => ({ kind: 'pareto', scale, shape });

describe('quantiles of one distribution', () => {
  const all: Distribution[] = [
    uniform(1e6, 5e6),
    normal(6e6, 1e6),
    lognormal(2e6, 0.8),
    exponential(3e6),
    pareto(1e6, 1.5),
    { kind: 'empirical', values: [3e6, 1e6, 2e6, 9e6, 4e6] },
  ];
  it.each(all.map((distribution) => [distribution.kind, distribution] as const))('%s: exceeded as often as asked', (_, distribution) => {
    for (const tail of [0.9, 0.5, 0.1, 0.01, 0.001, 1e-6]) {
      const value = upperQuantile(distribution, tail);
      expect(exceeds(distribution, value)).toBeLessThanOrEqual(tail * (1 + 1e-6));
      expect(exceeds(distribution, value * (1 - 1e-6) - 1)).toBeGreaterThanOrEqual(tail * (1 - 1e-4));
    }
    expect(upperQuantile(distribution, 0)).toBe(supremum(distribution));
    expect(upperQuantile(distribution, 1)).toBe(infimum(distribution));
  });
  it('standard normal: 1.6449, 2.3263, 3.0902 at 95 %, 99 %, 99.9 %', () => {
    expect(upperQuantile(normal(100, 1), 0.05)).toBeCloseTo(101.6448536, 5);
    expect(upperQuantile(normal(100, 1), 0.01)).toBeCloseTo(102.3263479, 5);
    expect(upperQuantile(normal(100, 1), 0.001)).toBeCloseTo(103.0902323, 5);
  });
});

describe('sums with a closed form', () => {
  it('constants are exact', () => {
    const sum = new DelaySum([part(constant(5e6), 3), part(constant(1e5))]);
    expect(sum.quantile(0.001, work())).toEqual({ value: 15.1e6, error: 0 });
    expect([sum.exceeds(15.1e6, work()), sum.exceeds(15.09e6, work())]).toEqual([0, 1]);
  });
  it('normals are exact', () => {
    const { value, error } = new DelaySum([part(normal(6e6, 3e5), 2), part(normal(8e6, 4e5)), part(constant(1e6))]).quantile(0.01, work());
    const sd = Math.sqrt(2 * 9e10 + 16e10);
    expect(error).toBe(0);
    expect(value).toBeCloseTo(21e6 + 2.3263478740408408 * sd, -1);
  });
  it('two exponentials are an Erlang distribution', () => {
    // P(S > x) = e^-x (1 + x): x = 9.2334 at 0.1 %, 1.67835 at 50 %.
    const sum = new DelaySum([part(exponential(1e6), 2)]);
    for (const tail of [0.5, 0.01, 0.001, 1e-6]) {
      const { value, error } = sum.quantile(tail, work());
      const cdf = (x: number): number => Math.exp(-x / 1e6) * (1 + x / 1e6);
      expect(cdf(value - error)).toBeGreaterThanOrEqual(tail);
      expect(cdf(value + error)).toBeLessThanOrEqual(tail);
      expect(error / value).toBeLessThan(0.005);
    }
    expect(sum.quantile(0.5, work()).value / 1e6).toBeCloseTo(1.67835, 2);
    expect(sum.quantile(0.001, work()).value / 1e6).toBeCloseTo(9.2334, 2);
    expect(sum.exceeds(9.2334e6, work())).toBeCloseTo(0.001, 5);
  });
  it('uniforms follow Irwin and Hall', () => {
    // P(U1 + U2 + U3 > 3 - t) = t³ / 6 for t <= 1.
    const sum = new DelaySum([part(uniform(0, 1e6), 3)]);
    expect(sum.quantile(0.001, work()).value / 1e6).toBeCloseTo(3 - 0.006 ** (1 / 3), 2);
    expect(sum.exceeds(2.5e6, work())).toBeCloseTo(0.125 / 6, 4);
    expect(sum.exceeds(3e6, work())).toBe(0);
  });
  it('a cut at Δ puts all that exceeds it there', () => {
    const sum = new DelaySum([part(pareto(1e6, 1.1), 2, 10e6)]);
    expect(sum.quantile(1e-9, work()).value).toBeLessThanOrEqual(20e6 * 1.001);
    expect(sum.exceeds(20e6, work())).toBe(0);
    // Both are cut with probability P(X > 10 ms)².
    const both = exceeds(pareto(1e6, 1.1), 10e6) ** 2;
    expect(sum.exceeds(19.9e6, work())).toBeGreaterThanOrEqual(both * 0.999);
  });
  it('a constant above Δ counts as Δ', () => {
    expect(new DelaySum([part(constant(80e6), 2, 50e6)]).quantile(0.5, work()).value).toBe(100e6);
  });
  it('an impossible amount of work is refused, not guessed', () => {
    expect(() => new DelaySum([part(lognormal(1e6, 0.77), 40)]).quantile(0.001, new Work(1_000))).toThrow('work limit');
  });
});

describe('against draws of the simulator', () => {
  const distributions = fc.oneof(
    fc.double({ min: 0, max: 5e6, noNaN: true }).map(constant),
    fc
      .tuple(fc.double({ min: 0, max: 3e6, noNaN: true }), fc.double({ min: 1e4, max: 3e6, noNaN: true }))
      .map(([a, b]) => uniform(a, a + b)),
    fc.tuple(fc.double({ min: 0, max: 5e6, noNaN: true }), fc.double({ min: 1e4, max: 3e6, noNaN: true })).map(([a, b]) => normal(a, b)),
    fc
      .tuple(fc.double({ min: 1e4, max: 5e6, noNaN: true }), fc.double({ min: 0.05, max: 1.5, noNaN: true }))
      .map(([a, b]) => lognormal(a, b)),
    fc.double({ min: 1e4, max: 5e6, noNaN: true }).map(exponential),
    fc.tuple(fc.double({ min: 1e4, max: 2e6, noNaN: true }), fc.double({ min: 0.8, max: 4, noNaN: true })).map(([a, b]) => pareto(a, b)),
    fc
      .array(fc.double({ min: 0, max: 9e6, noNaN: true }), { minLength: 1, maxLength: 9 })
      .map((values): Distribution => ({ kind: 'empirical', values })),
  );
  const parts = fc.array(
    fc.record({ distribution: distributions, count: fc.integer({ min: 1, max: 4 }), most: fc.constantFrom(free, free, 4e6) }),
    { minLength: 1, maxLength: 4 },
  );

  it('quantiles and tails lie within the bounds of chance', () => {
    const draws = 20_000;
    // Dvoretzky, Kiefer & Wolfowitz 1956, Massart 1990: P(sup |F_n - F| > e) <= 2 exp(-2 n e²); here 4e-8.
    const slack = Math.sqrt(Math.log(2 / 4e-8) / (2 * draws));
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 1e6 }), (list, seed) => {
        const random = new Random(seed, 'delays');
        const samplers = list.map(({ distribution, count, most }) => ({ sampler: new Sampler(distribution), count, most }));
        const sums = Float64Array.from({ length: draws }, () => {
          let total = 0;
          for (const { sampler, count, most } of samplers) for (let i = 0; i < count; i++) total += Math.min(most, sampler.draw(random));
          return total;
        });
        const sum = new DelaySum(list);
        const above = (bound: number): number => sums.reduce((count, each) => count + (each > bound ? 1 : 0), 0) / draws;
        for (const tail of [0.5, 0.1, 0.01]) {
          const { value, error } = sum.quantile(tail, work());
          expect(value).toBeLessThanOrEqual(sum.upperBound(tail) * (1 + 1e-9) + 1);
          expect(above(value + error + 1)).toBeLessThanOrEqual(tail + slack);
          expect(above(value - error - 1)).toBeGreaterThanOrEqual(tail - slack);
          expect(error).toBeLessThanOrEqual(0.02 * value + 0.005 * sum.upperBound(tail) + 10);
          // Half a step a draw either way is what the tail may be off by.
          const chance = sum.exceeds(value, work());
          expect(chance).toBeLessThanOrEqual(above(value * 0.99 - 1) + slack);
          expect(chance).toBeGreaterThanOrEqual(above(value * 1.01 + 1) - slack);
        }
      }),
      { numRuns: 60 },
    );
  });
});
