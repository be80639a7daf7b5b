import { describe, expect, it } from 'vitest';
import { choose, copysetLoss, erasureLoss, lossWithin, meanTimeToLoss, staleRead } from '../../../src/analysis/probability/durability.ts';

describe('the birth–death chain of copies', () => {
  it('one copy is an exponential', () => {
    expect(lossWithin(1, { copies: 1, mtbf: 4, mttr: 1 })).toBeCloseTo(1 - Math.exp(-0.25), 14);
    expect(meanTimeToLoss({ copies: 1, mtbf: 4, mttr: 1 })).toBe(4);
  });

  it('two copies: the roots of the characteristic equation', () => {
    // States 2 → 1 → 0 with rates 2a, a and repair b: the survivor function is (s1 e^{s2 t} - s2 e^{s1 t}) / (s1 - s2).
    const a = 1 / 50;
    const b = 1 / 3;
    const sum = 3 * a + b;
    const root = Math.sqrt(sum * sum - 8 * a * a);
    const s1 = (-sum + root) / 2;
    const s2 = (-sum - root) / 2;
    for (const t of [1, 10, 100, 1000, 10_000]) {
      const survives = (s1 * Math.exp(s2 * t) - s2 * Math.exp(s1 * t)) / (s1 - s2);
      expect(lossWithin(t, { copies: 2, mtbf: 50, mttr: 3 })).toBeCloseTo(1 - survives, 12);
    }
    expect(meanTimeToLoss({ copies: 2, mtbf: 50, mttr: 3 })).toBeCloseTo((3 * a + b) / (2 * a * a), 8);
  });

  it('three copies: MTTDL is near μ² / (3λ³), doubled since two repairs go on at once, and rare losses are time over it', () => {
    const chain = { copies: 3, mtbf: 10_000, mttr: 10 };
    const mean = meanTimeToLoss(chain);
    expect(mean / ((10_000 ** 3 / 10 ** 2 / 6) * 2)).toBeCloseTo(1, 2);
    expect(lossWithin(8760, chain) / (8760 / mean)).toBeCloseTo(1, 2);
    // Tiny probabilities keep their digits.
    const rare = { copies: 8, mtbf: 1e6, mttr: 1 };
    expect(lossWithin(8760, rare) / (8760 / meanTimeToLoss(rare))).toBeCloseTo(1, 2);
    expect(lossWithin(8760, rare)).toBeLessThan(1e-35);
  });

  it('repair that takes no time loses nothing', () => {
    expect(lossWithin(100, { copies: 3, mtbf: 1, mttr: 0 })).toBe(0);
    expect(meanTimeToLoss({ copies: 3, mtbf: 1, mttr: 0 })).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('fragments, copysets, reads', () => {
  it('erasure codes by enumeration', () => {
    for (let data = 1; data <= 4; data++) {
      for (let parity = 0; parity <= 3; parity++) {
        let lost = 0;
        for (let mask = 0; mask < 1 << (data + parity); mask++) {
          const gone = mask.toString(2).replaceAll('0', '').length;
          if (gone > parity) lost += 0.1 ** gone * 0.9 ** (data + parity - gone);
        }
        expect(erasureLoss(data, parity, 0.1)).toBeCloseTo(lost, 13);
      }
    }
  });

  it('copysets: exactly their share of all sets when as many nodes fail as there are copies (Cidon et al. 2013)', () => {
    expect(copysetLoss(9, 3, 3, 9)).toBeCloseTo(9 / 84, 14);
    expect(copysetLoss(9, 3, 3, 84)).toBe(1);
    expect(copysetLoss(9, 3, 2, 84)).toBe(0);
    // 5,000 nodes, 1 % fail at once: random replication with many chunks loses data almost surely, few copysets hardly ever.
    expect(copysetLoss(5000, 3, 50, 1_000_000)).toBeGreaterThan(0.6);
    expect(copysetLoss(5000, 3, 50, 8333)).toBeLessThan(0.01);
  });

  it('copysets by enumeration over all placements', () => {
    // 5 nodes, pairs, 3 fail: of the 10 pairs 3 lie within; 2 distinct copysets miss them with C(7,2)/C(10,2).
    expect(copysetLoss(5, 2, 3, 2)).toBeCloseTo(1 - 21 / 45, 14);
    expect(choose(10, 3)).toBe(120);
    expect(choose(3, 4)).toBe(0);
  });

  it('stale reads: C(n - w, r) / C(n, r)', () => {
    expect(staleRead(3, 1, 1, 1)).toBeCloseTo(2 / 3, 15);
    expect(staleRead(3, 2, 2, 1)).toBe(0);
    expect(staleRead(5, 2, 2, 1)).toBeCloseTo(3 / 10, 15);
    expect(staleRead(5, 2, 2, 3)).toBeCloseTo(0.027, 15);
    expect(staleRead(5, 1, 0, 1)).toBe(1);
  });
});
