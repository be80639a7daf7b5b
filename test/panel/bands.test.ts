import { describe, expect, test } from 'vitest';
import { statusesAt } from '../../src/panel/at-cursor.ts';
import { bandKindsInUse, bandLabels, bandWords, statusText } from '../../src/panel/fault-words.ts';
import { toViewModel } from '../../src/protocol/to-view-model.ts';
import { faultyRun } from './made-up-run.ts';

const { system, result } = faultyRun();
const run = toViewModel(system, result, () => null);
const statusOf = (node: number, timeMs: number): string => {
  const status = statusesAt(run.bands, run.topology.nodes.length, timeMs)[node] ?? 'up';
  return statusText(status);
};

describe('faults that last', () => {
  test('every kind that a run has is in its legend, the gravest first, and no other', () => {
    expect(bandKindsInUse(run)).toEqual(Object.keys(bandWords).filter((kind) => kind !== 'outage'));
    expect(bandKindsInUse({ ...run, bands: run.bands.filter(({ kind }) => kind === 'pause') })).toEqual(['pause']);
  });

  test('a node that is paused says so until it goes on, and a clock while its rate is wrong', () => {
    expect([statusOf(1, 999), statusOf(1, 1000), statusOf(1, 2999), statusOf(1, 3000)]).toEqual(['up', 'paused', 'paused', 'up']);
    expect([statusOf(2, 1499), statusOf(2, 1500), statusOf(2, 4499), statusOf(2, 4500)]).toEqual([
      'up',
      'clock at a wrong rate',
      'clock at a wrong rate',
      'up',
    ]);
    expect(statusOf(3, 2000)).toBe('omitting');
  });

  test('on its lane a band says what the lane does not: the fault without the node, or the first word of it', () => {
    const written = run.bands.map((band) => bandLabels(band, run.topology.nodes[band.nodes[0] ?? 0]?.name ?? ''));
    expect(written).toContainEqual(['crashed', 'crashed']);
    expect(written).toContainEqual(['paused', 'paused']);
    expect(written).toContainEqual(['clock +2 %', 'clock']);
    expect(written).toContainEqual(['slow ×10', 'slow']);
    expect(written).toContainEqual(['disconnect {replica[0]} – {replica[1]}', 'disconnect']);
  });
});
