import { describe, expect, test } from 'vitest';
import { indexStates, neighbourEvent, statusesAt, variablesAt } from '../../src/panel/at-cursor.ts';
import type { BandView } from '../../src/protocol/view-model.ts';

describe('variables at the cursor', () => {
  const index = indexStates({ timeMs: [1, 2, 2, 5], node: [0, 0, 1, 0], variable: [0, 1, 0, 0], value: [10, 11, 12, 13] }, 2);

  test('the last change at or before the moment counts', () => {
    expect(variablesAt(index, 0, 2)).toEqual([
      { variable: 0, value: 10, sinceMs: 1 },
      { variable: 1, value: 11, sinceMs: 2 },
    ]);
    expect(variablesAt(index, 0, 5)[0]).toEqual({ variable: 0, value: 13, sinceMs: 5 });
  });
  test('before its first change a variable has no value', () => {
    expect(variablesAt(index, 1, 1)).toEqual([{ variable: 0, value: -1, sinceMs: -1 }]);
  });
});

describe('status at the cursor', () => {
  const band = (kind: BandView['kind'], fromMs: number, toMs: number, nodes: number[]): BandView => ({
    kind,
    label: '',
    fromMs,
    toMs,
    nodes,
  });
  const bands = [band('crash', 10, 20, [0]), band('partition', 0, 30, [0, 1])];

  test('a crash hides a partition, its end is not part of it', () => {
    expect(statusesAt(bands, 3, 15)).toEqual(['crash', 'partition', 'up']);
    expect(statusesAt(bands, 3, 20)).toEqual(['partition', 'partition', 'up']);
  });
});

test('events before and after the cursor leave out the one it stands on', () => {
  expect(neighbourEvent([1, 2, 2, 3], 2, 1)).toBe(3);
  expect(neighbourEvent([1, 2, 2, 3], 2, -1)).toBe(1);
  expect(neighbourEvent([1, 2, 2, 3], 3, 1)).toBeUndefined();
});
