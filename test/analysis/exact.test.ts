import { describe, expect, it } from 'vitest';
import { scaleThreshold, scaleWeights } from '../../src/analysis/exact.ts';
import { asWritten, withNumbers } from '../../src/analysis/print.ts';
import { binary, given, literal } from './code.ts';

describe('weights are the decimals that were written', () => {
  it('adds tenths exactly', () => {
    expect(scaleWeights([0.1, 0.2, 3])).toEqual({ weights: [1, 2, 30], places: 1 });
    expect(scaleWeights([1e-7, 1.5e3])).toEqual({ weights: [1, 15_000_000_000], places: 7 });
    expect(scaleThreshold(0.1 + 0.2, 1)).toBe(3);
  });

  it('takes a threshold between two sums as the next sum', () => {
    expect(scaleThreshold((2 / 3) * 100, 0)).toBe(67);
    expect(scaleThreshold((2 / 3) * 99, 0)).toBe(66);
  });

  it('refuses what no safe integer holds', () => {
    expect(scaleWeights([2 ** 53 - 1, 1])).toBeNull();
    expect(scaleWeights([0.000_000_1, 1e10])).toBeNull();
  });
});

describe('clauses with their numbers', () => {
  const clause = binary(
    given('n'),
    '>',
    binary(literal(3), '*', binary(given('crashed'), '-', binary(given('byzantine'), '-', literal(1)))),
  );

  it('keeps the parentheses that are needed', () => {
    expect(asWritten(clause)).toBe('n > 3 * (crashed - (byzantine - 1))');
    const values: Readonly<Record<string, number>> = { n: 7, crashed: 2, byzantine: 1 };
    expect(withNumbers(clause, { given: (name) => values[name] })).toBe('7 > 3 * (2 - (1 - 1))');
  });

  it('leaves a name that has no value', () => {
    expect(withNumbers(clause, { given: (name) => (name === 'n' ? 7 : undefined) })).toBe('7 > 3 * (crashed - (byzantine - 1))');
  });
});
