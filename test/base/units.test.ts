import { describe, expect, it } from 'vitest';
import {
  counted,
  durationLiteral,
  formatBandwidth,
  formatDuration,
  formatNumber,
  formatRate,
  formatRatio,
  formatSize,
  listed,
} from '../../src/base/units.ts';

describe('quantities as they read in messages', () => {
  it('durations', () => {
    const texts = [0, 1, 1_500, 2_500_000, 1e9, 90e9, 120e9, 5_400e9, 7_200e9, 86_400e9 * 30].map(formatDuration);
    expect(texts).toEqual(['0s', '1ns', '1.5us', '2.5ms', '1s', '90s', '2min', '90min', '2h', '30d']);
    expect(formatDuration(Number.POSITIVE_INFINITY)).toBe('unbounded');
    expect(formatDuration(-2e6)).toBe('-2ms');
    expect(formatDuration(123_456_789)).toBe('123.5ms');
  });

  it('durations as exact literals', () => {
    expect([20e6, 123_456_789, 90e9, 0.4].map(durationLiteral)).toEqual(['20ms', '123456789ns', '90s', '1ns']);
  });

  it('ratios, with as many nines as there are', () => {
    expect([0, 0.5, 0.999, 0.99999, 1, 1.5, -1, 0.000012, 1e-12].map(formatRatio)).toEqual([
      '0%',
      '50%',
      '99.9%',
      '99.999%',
      '100%',
      '150%',
      '-100%',
      '0.0012%',
      '1.0e-12',
    ]);
  });

  it('rates, sizes, bandwidths, numbers', () => {
    expect([50, 0.5, 1 / 7_200].map(formatRate)).toEqual(['50/s', '30/min', '12/d']);
    expect([512, 65_536, 1.5 * 1024 ** 3].map(formatSize)).toEqual(['512B', '64KiB', '1.5GiB']);
    expect([1e9, 64_000].map(formatBandwidth)).toEqual(['1Gbps', '64kbps']);
    expect([1_000_000, 0.123456, 2.5].map(formatNumber)).toEqual(['1000000', '0.1235', '2.5']);
  });

  it('counts and lists of names', () => {
    expect([counted(1, 'node'), counted(3, 'node')]).toEqual(['1 node', '3 nodes']);
    expect(listed(['a', 'b', 'c'])).toBe('`a`, `b` and `c`');
    expect(listed(['a', 'b', 'c'], 2)).toBe('`a`, `b` and 1 more');
  });
});
