import { describe, expect, it } from 'vitest';
import {
  chainTolerance,
  confirmationsFor,
  doubleSpend,
  doubleSpendDelayed,
  nakamotoApproximation,
  selfishThreshold,
} from '../../../src/analysis/probability/longest-chain.ts';
import { rowsOf, vector } from './vectors.ts';

describe('double spends', () => {
  it("Nakamoto's table is reproduced by his approximation", () => {
    for (const id of ['nakamoto_poisson', 'bridge depth']) {
      for (const { q, z, P } of rowsOf('nakamoto', id)) {
        expect(Math.abs(nakamotoApproximation(q as number, z as number) - (P as number))).toBeLessThan(
          vector('nakamoto', id).tol as number,
        );
      }
    }
    for (const { q, z } of rowsOf('nakamoto', 'nakamoto_min_confirmations')) {
      expect(nakamotoApproximation(q as number, z as number)).toBeLessThan(0.001);
      expect(nakamotoApproximation(q as number, (z as number) - 1)).toBeGreaterThanOrEqual(0.001);
    }
  });

  it('the exact probability (Rosenfeld 2014, Table 1)', () => {
    for (const { q, z, P } of rowsOf('nakamoto', 'exact_negative_binomial')) {
      expect(Math.abs(doubleSpend(q as number, z as number) - (P as number))).toBeLessThan(6e-6);
    }
  });

  it('is the sum 1 - Σ (p^z q^k - q^z p^k) C(k + z - 1, k)', () => {
    for (const q of [0.05, 0.1, 0.3, 0.45]) {
      for (let z = 1; z <= 12; z++) {
        let sum = 1;
        let binomial = 1;
        for (let k = 0; k < z; k++) {
          sum -= ((1 - q) ** z * q ** k - q ** z * (1 - q) ** k) * binomial;
          binomial = (binomial * (k + z)) / (k + 1);
        }
        expect(doubleSpend(q, z)).toBeCloseTo(sum, 12);
      }
    }
  });

  it('with a head start it is what the race says, block by block', () => {
    // The adversary's lead over blocks found; a lead of -d is made up for with the probability (q/p)^d (gambler's ruin).
    const race = (q: number, z: number, ahead: number): number => {
      const from = (honest: number, adversary: number): number => {
        if (honest === z) return adversary >= z ? 1 : (q / (1 - q)) ** (z - adversary);
        if (adversary >= z) return 1;
        return q * from(honest, adversary + 1) + (1 - q) * from(honest + 1, adversary);
      };
      return from(0, ahead);
    };
    for (const q of [0.05, 0.2, 0.45]) {
      for (const z of [1, 2, 5, 8]) {
        for (const ahead of [0, 1, 3, 7, 8]) expect(doubleSpend(q, z, ahead)).toBeCloseTo(race(q, z, ahead), 12);
      }
    }
    expect(doubleSpend(0, 5, 2)).toBe(0);
    expect(doubleSpend(1e-9, 200, 100)).toBe(0);
  });

  it('more confirmations are needed than the approximation says', () => {
    const exact = rowsOf('nakamoto', 'exact_min_confirmations');
    expect(exact.map(({ q }) => confirmationsFor(q as number, 0.001))).toEqual(exact.map(({ z }) => z));
    expect(confirmationsFor(0.5, 0.001)).toBeNull();
    expect(confirmationsFor(0.1, 0)).toBeNull();
    expect(confirmationsFor(0, 0.001)).toBe(1);
  });

  it('with delay the bound and its value without delay span what Guo & Ren give', () => {
    const { input, expect_interval } = vector('longest-chain', 'bitcoin 6-conf') as unknown as {
      input: { block_interval_s: number; delta_s: number; adversary: number; k: number };
      expect_interval: readonly [number, number];
    };
    const upper = doubleSpendDelayed(input.adversary, input.k, input.delta_s / input.block_interval_s);
    expect(upper).toBeLessThan(expect_interval[1] + 0.00005);
    expect(upper).toBeGreaterThan(expect_interval[1] - 0.00005);
    expect(doubleSpendDelayed(input.adversary, input.k, 0)).toBeGreaterThan(doubleSpend(input.adversary, input.k));
    expect(doubleSpendDelayed(0.1, 6, 10)).toBe(1);
    expect(doubleSpendDelayed(0, 6, 0)).toBe(0);
  });
});

describe('thresholds', () => {
  it('of a longest chain under delay', () => {
    for (const { lambda_delta, beta_max, beta_max_approx } of rowsOf('longest-chain', 'tight longest-chain')) {
      const tolerance = chainTolerance(lambda_delta as number);
      if (beta_max !== undefined) expect(tolerance).toBeCloseTo(beta_max, 14);
      if (beta_max_approx !== undefined) expect(tolerance).toBeCloseTo(beta_max_approx, 4);
      expect((1 - tolerance) / (1 + (1 - tolerance) * (lambda_delta as number))).toBeCloseTo(tolerance, 14);
    }
  });

  it('of selfish mining', () => {
    for (const { gamma, alpha } of rowsOf('longest-chain', 'selfish'))
      expect(selfishThreshold(gamma as number)).toBeCloseTo(alpha as number, 14);
  });
});
