import { expect, test } from 'vitest';
import { distanceToSegment, nearestSegment } from '../../src/panel/hit-test.ts';

const arrows = [
  { row: 7, x1: 0, y1: 0, x2: 100, y2: 0 },
  { row: 9, x1: 0, y1: 10, x2: 100, y2: 10 },
];

test('the distance to a segment counts its ends, not the line beyond them', () => {
  expect(distanceToSegment(50, 3, 0, 0, 100, 0)).toBe(3);
  expect(distanceToSegment(103, 4, 0, 0, 100, 0)).toBe(5);
  expect(distanceToSegment(3, 4, 0, 0, 0, 0)).toBe(5);
});

test('the nearest arrow within reach is meant', () => {
  expect(nearestSegment(arrows, 50, 2, 6)).toBe(7);
  expect(nearestSegment(arrows, 50, 8, 6)).toBe(9);
  expect(nearestSegment(arrows, 50, 30, 6)).toBeUndefined();
});
