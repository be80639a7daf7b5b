import { describe, expect, it } from 'vitest';
import { amdahl, amdahlLimit, gustafson, peak, peakMembers, relativeCapacity } from '../../src/analysis/capacity/scaling.ts';

describe("Amdahl's law (1967)", () => {
  it('gives 6.9 for ten processors and a serial share of 5 %, and never 20', () => {
    // 1 / (0.05 + 0.95 / 10) = 6.8966; the limit is 20, which no number of processors reaches.
    expect(amdahl(10, 0.05)).toBeCloseTo(6.8966, 4);
    expect(amdahlLimit(0.05)).toBeCloseTo(20, 12);
    for (const n of [1, 10, 1_000, 1_000_000]) expect(amdahl(n, 0.05)).toBeLessThan(20);
  });

  it('is linear without a serial share, and 1 with nothing else', () => {
    expect(amdahl(64, 0)).toBe(64);
    expect(amdahl(64, 1)).toBe(1);
  });

  it("grows where the work grows (Gustafson 1988: 1,024 processors, s' = 0.4 % to 0.8 %)", () => {
    expect(gustafson(1024, 0.004)).toBeCloseTo(1019.9, 1);
    expect(gustafson(1024, 0.008)).toBeCloseTo(1015.8, 1);
  });
});

describe('universal scalability law (Gunther 1993)', () => {
  it("is Amdahl's law without crosstalk", () => {
    for (const n of [1, 2, 7, 100]) expect(relativeCapacity(n, { serial: 0.1, crosstalk: 0 })).toBeCloseTo(amdahl(n, 0.1), 12);
    expect(peak({ serial: 0.1, crosstalk: 0 })).toBe(Number.POSITIVE_INFINITY);
  });

  it('has its peak at √((1 − σ)/κ)', () => {
    // √(0.98 / 0.0005) = √1960.
    expect(peak({ serial: 0.02, crosstalk: 0.0005 })).toBeCloseTo(44.27, 2);
    expect(peakMembers({ serial: 0.02, crosstalk: 0.0005 })).toBe(44);
  });

  it('has its whole-number peak where brute force finds it', () => {
    for (const serial of [0, 0.01, 0.3, 0.99, 1]) {
      for (const crosstalk of [0.0003, 0.001, 0.02, 0.5, 1]) {
        let best = 1;
        for (let n = 2; n <= 200; n++) {
          if (relativeCapacity(n, { serial, crosstalk }) > relativeCapacity(best, { serial, crosstalk }) * (1 + 1e-12)) best = n;
        }
        expect(peakMembers({ serial, crosstalk }), `σ ${serial}, κ ${crosstalk}`).toBe(best);
      }
    }
  });
});
