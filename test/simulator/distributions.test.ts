import { describe, expect, it } from 'vitest';
import { exp, ln, pow } from '../../src/base/exact-math.ts';
import { Random } from '../../src/base/random.ts';
import type { Distribution } from '../../src/model/values.ts';
import { zipfTable } from '../../src/simulator/call-streams.ts';
import { Digest } from '../../src/simulator/digest.ts';
import { Sampler } from '../../src/simulator/sampler.ts';
import { standardNormal } from '../../src/simulator/ziggurat.ts';

const draws = 200_000;

function sample(distribution: Distribution): Float64Array {
  const random = new Random(42, 'test');
  const sampler = new Sampler(distribution);
  return Float64Array.from({ length: draws }, () => sampler.draw(random));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function quantile(values: Float64Array, share: number): number {
  return values.toSorted()[Math.floor(share * values.length)] as number;
}

describe('elementary functions', () => {
  it('agree with the engine’s to 1e-14', () => {
    const random = new Random(1, 'points');
    for (let count = 0; count < 20_000; count += 1) {
      const x = Math.exp((random.nextFloat() - 0.5) * 400);
      expect(Math.abs(ln(x) - Math.log(x))).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(Math.log(x))));
      const y = (random.nextFloat() - 0.5) * 1400;
      expect(Math.abs(exp(y) / Math.exp(y) - 1)).toBeLessThan(1e-14);
    }
  });

  it('have their limits', () => {
    expect([ln(0), ln(1), ln(-1), ln(Number.POSITIVE_INFINITY)]).toEqual([-Infinity, 0, NaN, Infinity]);
    expect([exp(0), exp(-1000), exp(1000), exp(Number.NaN)]).toEqual([1, 0, Infinity, NaN]);
    expect(ln(5e-324)).toBeCloseTo(Math.log(5e-324), 10);
    expect([pow(2, 10), pow(0, 2), pow(0, 0)]).toEqual([expect.closeTo(1024, 9), 0, 1]);
  });
});

describe('random streams', () => {
  it('are pinned', () => {
    const random = new Random(7, 'latency');
    const digest = new Digest();
    for (let count = 0; count < 1000; count += 1) digest.add(random.nextUint32(), 0, 0);
    expect(digest.toString()).toMatchInlineSnapshot(`"ed8fe45552ca52a7"`);
  });

  it('differ by seed and by name', () => {
    const firsts = [new Random(1, 'a'), new Random(2, 'a'), new Random(1, 'b'), new Random(2 ** 40 + 1, 'a')].map((r) => r.nextUint32());
    expect(new Set(firsts).size).toBe(4);
  });

  it('are uniform', () => {
    const random = new Random(3, 'uniform');
    const bins = new Array<number>(16).fill(0);
    for (let count = 0; count < 160_000; count += 1) bins[random.nextInt(16)]! += 1;
    const chiSquare = bins.reduce((sum, bin) => sum + (bin - 10_000) ** 2 / 10_000, 0);
    // 15 degrees of freedom: beyond 37.7 once in a thousand.
    expect(chiSquare).toBeLessThan(37.7);
  });
});

describe('distributions', () => {
  it('normal', () => {
    const values = sample({ kind: 'normal', mean: 100, sd: 10 });
    expect(mean(values)).toBeCloseTo(100, 0);
    expect(quantile(values, 0.8413)).toBeCloseTo(110, 0);
    expect(quantile(values, 0.9987)).toBeGreaterThan(128.5);
    expect(quantile(values, 0.9987)).toBeLessThan(131.5);
  });

  it('normal: moments of the standard one', () => {
    const random = new Random(5, 'normal');
    const sums = [0, 0, 0, 0];
    for (let count = 0; count < 1_000_000; count += 1) {
      const z = standardNormal(random);
      for (let power = 0; power < 4; power += 1) sums[power]! += z ** (power + 1);
    }
    const [first, second, third, fourth] = sums.map((sum) => sum / 1_000_000) as [number, number, number, number];
    expect(Math.abs(first)).toBeLessThan(0.004);
    expect(Math.abs(second - 1)).toBeLessThan(0.006);
    expect(Math.abs(third)).toBeLessThan(0.012);
    expect(Math.abs(fourth - 3)).toBeLessThan(0.05);
  });

  it('normal, cut at zero', () => {
    const values = sample({ kind: 'normal', mean: 0, sd: 1 });
    expect(values.every((value) => value >= 0)).toBe(true);
    expect(values.filter((value) => value === 0).length / draws).toBeCloseTo(0.5, 2);
  });

  it('lognormal', () => {
    const values = sample({ kind: 'lognormal', median: 80, sigma: 0.2 });
    expect(quantile(values, 0.5)).toBeCloseTo(80, 0);
    expect(quantile(values, 0.8413)).toBeCloseTo(80 * Math.exp(0.2), -0.2);
    expect(mean(values)).toBeCloseTo(80 * Math.exp(0.02), 0);
  });

  it('exponential', () => {
    const values = sample({ kind: 'exponential', mean: 5 });
    expect(mean(values)).toBeCloseTo(5, 1);
    expect(quantile(values, 0.99)).toBeCloseTo(5 * Math.log(100), -0.2);
  });

  it('pareto', () => {
    const values = sample({ kind: 'pareto', scale: 10, shape: 3 });
    expect(values.every((value) => value >= 10)).toBe(true);
    expect(mean(values)).toBeCloseTo(15, 0);
    expect(quantile(values, 0.9)).toBeCloseTo(10 * 10 ** (1 / 3), 0);
  });

  it('uniform, constant and empirical', () => {
    const uniform = sample({ kind: 'uniform', min: 2, max: 4 });
    expect(mean(uniform)).toBeCloseTo(3, 1);
    expect(uniform.every((value) => value >= 2 && value < 4)).toBe(true);
    expect(new Set(sample({ kind: 'constant', value: 7 }))).toEqual(new Set([7]));
    expect(new Set(sample({ kind: 'empirical', values: [1, 5] }))).toEqual(new Set([1, 5]));
  });

  it('zipf: probabilities fall as 1 / rank^s', () => {
    const below = zipfTable(100, 1);
    expect(below[99]).toBe(1);
    expect((below[0] as number) / ((below[1] as number) - (below[0] as number))).toBeCloseTo(2, 9);
  });

  it('all draws are pinned', () => {
    const kinds: Distribution[] = [
      { kind: 'normal', mean: 2e6, sd: 5e5 },
      { kind: 'lognormal', median: 8e7, sigma: 0.2 },
      { kind: 'exponential', mean: 1e6 },
      { kind: 'pareto', scale: 1e6, shape: 1.5 },
      { kind: 'uniform', min: 0, max: 1e6 },
    ];
    const digest = new Digest();
    for (const kind of kinds) {
      const random = new Random(1, kind.kind);
      const sampler = new Sampler(kind);
      for (let count = 0; count < 1000; count += 1) digest.add(sampler.drawTime(random), 0, 0);
    }
    expect(digest.toString()).toMatchInlineSnapshot(`"7131245906afeef6"`);
  });
});
