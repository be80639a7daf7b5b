import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { committeeFailure } from '../../../src/analysis/probability/committees.ts';
import { binomialTail, hypergeometricTail, poissonTail } from '../../../src/analysis/probability/tails.ts';
import { vectorsOf } from './vectors.ts';

const fraction = (text: unknown): number => {
  const [numerator, denominator = '1'] = String(text).split('/');
  return Number(numerator) / Number(denominator);
};

/** C(n, k) exactly. */
function choose(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n;
  let result = 1n;
  for (let i = 1; i <= k; i++) result = (result * BigInt(n - k + i)) / BigInt(i);
  return result;
}

/** a / b to double precision, however small. */
function quotient(a: bigint, b: bigint): number {
  if (a === 0n) return 0;
  const digits = Math.max(0, b.toString().length - a.toString().length) + 20;
  return Number((a * 10n ** BigInt(digits)) / b) / 10 ** digits || Number(`${(a * 10n ** BigInt(digits)) / b}e-${digits}`);
}

function exactHypergeometric(population: number, marked: number, draws: number, least: number): number {
  let sum = 0n;
  for (let x = Math.max(0, least); x <= draws; x++) sum += choose(marked, x) * choose(population - marked, draws - x);
  return quotient(sum, choose(population, draws));
}

/** Share a / b: the binomial tail exactly. */
function exactBinomial(draws: number, a: number, b: number, least: number): number {
  let sum = 0n;
  for (let x = Math.max(0, least); x <= draws; x++) sum += choose(draws, x) * BigInt(a) ** BigInt(x) * BigInt(b - a) ** BigInt(draws - x);
  return quotient(sum, BigInt(b) ** BigInt(draws));
}

const near = (value: number, expected: number, relative: number): void => {
  // Below 1e-300 doubles run out of digits.
  if (expected < 1e-300) expect(value).toBeLessThan(1e-299);
  else expect(Math.abs(value / expected - 1)).toBeLessThan(relative);
};

/** One unit of the last decimal digit that is written. */
function lastDigit(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  return 10 ** (Number(exponent) - (digits.split('.')[1]?.length ?? 0));
}

describe('published committee sizes and risks', () => {
  const vectors = vectorsOf('committees');
  it('covers the file', () => expect(vectors.length).toBeGreaterThan(25));
  for (const vector of vectors) {
    if (vector.model === 'binomial') {
      it(vector.id, () => {
        const value = binomialTail(vector.n as number, fraction(vector.p), vector.k_at_least as number);
        // Tables are rounded: half a unit of the last digit shown is no difference.
        const shown = (vector.expect ?? vector.computed) as number;
        near(value, shown, Math.max((vector.tol_rel as number | undefined) ?? 1e-3, (0.5 * lastDigit(shown)) / shown));
      });
    }
    if (vector.model === 'hypergeometric') {
      it(vector.id, () => {
        const { N, K, n, k_at_least, computed } = vector as unknown as Record<string, number>;
        near(hypergeometricTail(N as number, K as number, n as number, k_at_least as number), computed as number, 1e-12);
      });
    }
    if (vector.model === 'binomial_min_n_odd') {
      it(vector.id, () => {
        const target = 2 ** Number(String(vector.target).slice(2));
        const share = fraction(vector.p);
        const isSafe = (n: number): boolean => binomialTail(n, share, Math.ceil(n / 2)) <= target;
        expect(isSafe(vector.expect as number)).toBe(true);
        expect(isSafe((vector.expect as number) - 2)).toBe(false);
      });
    }
    if (vector.model === 'poisson') {
      it(vector.id, () => {
        // P[g <= Tτ] + P[g / 2 + b > Tτ] with g honest and b Byzantine voters.
        const { tau, T, h } = vector as unknown as { tau: number; T: number; h: number };
        const threshold = Math.floor(T * tau);
        let mixed = 0;
        for (let g = 0; g < 4 * tau; g++) {
          const here = poissonTail(h * tau, g) - poissonTail(h * tau, g + 1);
          if (here > 0) mixed += here * poissonTail((1 - h) * tau, Math.floor(T * tau - g / 2) + 1);
        }
        let few = 0;
        for (let g = threshold; g >= 0 && g > threshold - 400; g--) few += Math.exp(g * Math.log(h * tau) - h * tau - logFactorial(g));
        near(few + mixed, vector.computed as number, 0.02);
        expect(few + mixed).toBeLessThan(vector.expect_at_most as number);
      });
    }
  }

  it('eth2 minimum committee size 111', () => {
    const isSafe = (n: number): boolean => binomialTail(n, 1 / 3, Math.ceil((2 * n) / 3)) <= 2 ** -40;
    expect([105, 107, 108, 109, 110, 111].map(isSafe)).toEqual([false, true, false, true, true, true]);
    for (let n = 111; n < 200; n++) expect(isSafe(n)).toBe(true);
  });
});

function logFactorial(n: number): number {
  let sum = 0;
  for (let i = 2; i <= n; i++) sum += Math.log(i);
  return sum;
}

describe('against exact rationals', () => {
  it('hypergeometric tails, whatever their size', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.nat(400), fc.nat(400), fc.nat(401), (population, a, b, least) => {
        const marked = Math.min(a, population);
        const draws = Math.min(b, population);
        near(hypergeometricTail(population, marked, draws, least), exactHypergeometric(population, marked, draws, least), 1e-11);
      }),
      { numRuns: 300 },
    );
  });

  it('binomial tails', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: 1, max: 1023 }), fc.nat(301), (draws, a, least) => {
        near(binomialTail(draws, a / 1024, least), exactBinomial(draws, a, 1024, least), 1e-11);
      }),
      { numRuns: 300 },
    );
  });

  it('certain and impossible tails', () => {
    expect(binomialTail(5, 0, 0)).toBe(1);
    expect(binomialTail(5, 0, 1)).toBe(0);
    expect(binomialTail(5, 1, 5)).toBe(1);
    expect(binomialTail(5, 1, 6)).toBe(0);
    expect(hypergeometricTail(10, 0, 4, 1)).toBe(0);
    expect(hypergeometricTail(10, 10, 4, 4)).toBe(1);
    expect(hypergeometricTail(10, 8, 4, 2)).toBe(1);
    expect(poissonTail(0, 1)).toBe(0);
    expect(poissonTail(3, 0)).toBe(1);
  });

  it('a Poisson tail is the limit of binomial ones', () => near(poissonTail(2, 9), binomialTail(1e9, 2e-9, 9), 1e-7));
});

/** Every way of dealing out the faulty ones over the committees and the rest, exactly. */
function bruteCommittees(pool: number, faulty: number, size: number, most: number, committees: number): number {
  const rest = pool - committees * size;
  const ways = (committee: number, left: number): bigint => {
    if (committee === committees) return choose(rest, left);
    let sum = 0n;
    for (let x = 0; x <= Math.min(size, left, most); x++) sum += choose(size, x) * ways(committee + 1, left - x);
    return sum;
  };
  const all = choose(pool, faulty);
  return quotient(all - ways(0, faulty), all);
}

describe('committees', () => {
  it('disjoint ones exactly, never above the union bound, never below independent ones', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(6),
        fc.nat(30),
        fc.nat(5),
        (size, committees, rest, a, most) => {
          const pool = size * committees + rest;
          const faulty = Math.min(a, pool);
          const { probability, method } = committeeFailure(pool, faulty, size, most, committees);
          near(probability, bruteCommittees(pool, faulty, size, most, committees), 1e-11);
          const one = hypergeometricTail(pool, faulty, size, most + 1);
          expect(method).toBe(committees === 1 ? 'one' : 'disjoint');
          expect(probability).toBeLessThanOrEqual(committees * one * (1 + 1e-12));
          expect(probability).toBeGreaterThanOrEqual((1 - (1 - one) ** committees) * (1 - 1e-9) - 1e-15);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('too many for the exact sum, or for the pool: the union bound', () => {
    const one = hypergeometricTail(300_000, 100_000, 128, 86);
    expect(committeeFailure(300_000, 100_000, 128, 85, 64)).toEqual({ probability: 64 * one, method: 'bound' });
    expect(committeeFailure(10, 3, 4, 1, 5).method).toBe('bound');
  });
});
