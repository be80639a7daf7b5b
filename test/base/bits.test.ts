import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bitAnd, bitLength, bitOr, xor } from '../../src/base/bits.ts';

const whole = fc.oneof(
  fc.nat(),
  fc.maxSafeNat(),
  fc.integer({ min: 0, max: 53 }).map((k) => Math.min(2 ** k, Number.MAX_SAFE_INTEGER)),
);

it('bits of whole numbers up to 2^53 - 1 are those of big integers', () => {
  fc.assert(
    fc.property(whole, whole, (a, b) => {
      expect(xor(a, b)).toBe(Number(BigInt(a) ^ BigInt(b)));
      expect(bitAnd(a, b)).toBe(Number(BigInt(a) & BigInt(b)));
      expect(bitOr(a, b)).toBe(Number(BigInt(a) | BigInt(b)));
      expect(bitLength(a)).toBe(a === 0 ? 0 : a.toString(2).length);
    }),
    { numRuns: 2000, seed: 5 },
  );
});
