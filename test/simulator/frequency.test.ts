import { expect, test } from 'vitest';
import { frequency, frequencyText } from '../../src/simulator/frequency.ts';

test('how often runs fail is told with its bounds, rounded outwards', () => {
  expect(frequencyText(frequency('failures', 3, 10_000))).toBe('fails in 0.03% of runs (95%: 0.0061% … 0.088%)');
  expect(frequencyText(frequency('failures', 0, 1_000))).toBe('fails in fewer than 0.37% of runs (95%)');
  expect(frequencyText(frequency('witnesses', 20, 200))).toBe('seen in 10% of runs (95%: 6.2% … 16%)');
  expect(frequencyText(frequency('failures', 500, 500))).toBe('fails in more than 99% of runs (95%)');
});

test('over a few runs nothing is told of all the others', () => {
  expect(frequencyText(frequency('failures', 1, 99))).toBe('');
});
