import { describe, expect, test } from 'vitest';
import { axisHeight, hiddenAtFirst, laneMiddle, lanesFor, nodeAt, openingLanesMax } from '../../src/panel/lanes.ts';

describe('lanes', () => {
  const lanes = lanesFor(4, [1]);

  test('a hidden node has none, the others move up', () => {
    expect(lanes.nodes).toEqual([0, 2, 3]);
    expect([...lanes.laneOf]).toEqual([0, -1, 1, 2]);
  });
  test('a height belongs to the node whose lane is there', () => {
    expect(nodeAt(lanes, laneMiddle(lanes, 1))).toBe(2);
    expect(nodeAt(lanes, axisHeight - 1)).toBeUndefined();
    expect(nodeAt(lanes, lanes.height + 1)).toBeUndefined();
  });
});

describe('at first', () => {
  test('a system of ordinary size shows every lane', () => {
    expect(hiddenAtFirst(openingLanesMax, [], [], [])).toEqual([]);
  });
  test('a large one shows struck nodes and those that speak first', () => {
    const hidden = new Set(hiddenAtFirst(1000, [999], [700, 700], [701, 702]));
    expect(hidden.size).toBe(1000 - openingLanesMax);
    for (const shown of [999, 700, 701, 702]) expect(hidden.has(shown)).toBe(false);
  });
});
