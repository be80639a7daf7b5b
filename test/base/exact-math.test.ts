import { describe, expect, it } from 'vitest';
import { log10, normalTail, normalTailBeyond } from '../../src/base/exact-math.ts';

describe('the tail of the normal distribution', () => {
  // erfc(z / √2) / 2, by arithmetic of arbitrary precision.
  it.each([
    [0, 0.5],
    [0.5, 0.3085375387259869],
    [1, 0.15865525393145705],
    [2, 0.02275013194817921],
    [2.999, 0.0013543365337271066],
    [3, 0.0013498980316300946],
    [3.5, 0.00023262907903552504],
    [6, 9.86587645037698e-10],
    [10, 7.619853024160525e-24],
    [20, 2.7536241186062337e-89],
    [37, 5.725571222524577e-300],
  ])('beyond %s', (z, tail) => {
    expect(Math.abs(normalTail(z) / tail - 1)).toBeLessThan(1e-12);
    expect(normalTail(-z) + normalTail(z)).toBe(1);
  });

  it('falls from one point to the next, and never to 0', () => {
    for (let z = -5; z < 37; z += 0.01) expect(normalTail(z + 0.01)).toBeLessThan(normalTail(z));
    expect(normalTailBeyond(1e9, 0, 1)).toBeGreaterThan(0);
    expect(normalTailBeyond(7, 1, 2)).toBe(normalTail(3));
  });
});

it('logarithms of powers of ten are whole', () => {
  for (let k = -300; k <= 300; k++) expect(log10(Number(`1e${k}`))).toBe(k);
  expect(log10(2)).toBeCloseTo(0.3010299956639812, 15);
});
