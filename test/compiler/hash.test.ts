import { describe, expect, it } from 'vitest';
import { hashText } from '../../src/compiler/runtime/hash.ts';

/** The canonical texts of numbers, texts and records that differ little from one to the next. */
const keys: readonly [string, (i: number) => string][] = [
  ['numbers', String],
  ['texts', (i) => JSON.stringify(`k${i}`)],
  ['records', (i) => `[${i},3]`],
];

describe('hash', () => {
  it('is the same in every version: stored results stay what they are', () => {
    expect(['1', '"a"', '[1,2]'].map(hashText)).toEqual([6_696_869_645_214_893, 4_222_675_205_886_917, 1_645_125_447_061_140]);
    for (let i = 0; i < 10_000; i++) {
      const hash = hashText(String(i));
      expect(Number.isSafeInteger(hash) && hash >= 0).toBe(true);
    }
  });

  // A ring of 2^m places takes the low bits, a share of the whole range the high ones. χ² lies within 4 standard deviations of its mean.
  it.each(keys)('spreads %s evenly, by its low bits and by its high ones', (_, text) => {
    const count = 20_000;
    for (const [buckets, place] of [
      [16, (hash: number) => hash % 16],
      [256, (hash: number) => hash % 256],
      [256, (hash: number) => Math.floor((hash % 2 ** 16) / 256)],
      [256, (hash: number) => Math.floor(hash / 2 ** 45)],
    ] as const) {
      const found = new Array<number>(buckets).fill(0);
      for (let i = 0; i < count; i++) found[place(hashText(text(i)))]! += 1;
      const expected = count / buckets;
      const chiSquare = found.reduce((sum, each) => sum + (each - expected) ** 2 / expected, 0);
      expect(Math.abs(chiSquare - (buckets - 1))).toBeLessThan(4 * Math.sqrt(2 * (buckets - 1)));
    }
  });
});
