import { describe, expect, test } from 'vitest';
import { panned, revealing, ticks, timeAt, xOf, zoomed } from '../../src/panel/time-scale.ts';
import { formatTime } from '../../src/protocol/format-time.ts';

const view = { fromMs: 1000, toMs: 3000 };

describe('positions', () => {
  test('a moment and its position are each other’s inverse', () => {
    expect(xOf(view, 500, 1500)).toBe(125);
    expect(timeAt(view, 500, 125)).toBe(1500);
  });
});

describe('zooming and panning', () => {
  test('zooming in keeps the moment under the pointer where it is', () => {
    const closer = zoomed(view, 0.5, 1500, 10_000);
    expect(closer.toMs - closer.fromMs).toBe(1000);
    expect(xOf(closer, 500, 1500)).toBeCloseTo(125);
  });
  test('zooming out stops at the whole run', () => {
    expect(zoomed(view, 100, 1500, 10_000)).toEqual({ fromMs: 0, toMs: 10_000 });
  });
  test('zooming in stops at a microsecond', () => {
    const closest = zoomed(view, 1e-12, 1500, 10_000);
    expect(closest.toMs - closest.fromMs).toBeCloseTo(0.001, 6);
  });
  test('panning stops at both ends of the run', () => {
    expect(panned(view, -5000, 10_000)).toEqual({ fromMs: 0, toMs: 2000 });
    expect(panned(view, 50_000, 10_000)).toEqual({ fromMs: 8000, toMs: 10_000 });
  });
  test('a moment outside the view is brought to its middle, one inside moves nothing', () => {
    expect(revealing(view, 6000, 10_000)).toEqual({ fromMs: 5000, toMs: 7000 });
    expect(revealing(view, 2900, 10_000)).toBe(view);
  });
});

describe('ticks', () => {
  test('are round, in view, and as far apart as asked', () => {
    expect(ticks(view, 500, 90)).toEqual([1000, 1500, 2000, 2500, 3000]);
    expect(ticks({ fromMs: 0.1, toMs: 0.4 }, 300, 90)).toEqual([0.1, 0.2, 0.3, 0.4]);
  });
});

describe('times as text', () => {
  test.each([
    [0, undefined, '0 s'],
    [1250, 10, '1.25 s'],
    [30_000, 1000, '30 s'],
    [340, 1, '340 ms'],
    [2.5, 0.1, '2.5 ms'],
    [0.012, 0.001, '12 us'],
    [16_689.906, undefined, '16.689906 s'],
  ])('%f ms, step %s → %s', (timeMs, stepMs, text) => {
    expect(formatTime(timeMs, stepMs)).toBe(text);
  });
});
