import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countByLane, indexMessages, messagesIn, openingView } from '../../src/panel/messages-in-view.ts';
import { type MessageTable, outcome } from '../../src/protocol/view-model.ts';

function table(rows: readonly (readonly [from: number, sentMs: number, endMs: number, end?: number])[]): MessageTable {
  return {
    type: rows.map(() => 0),
    from: rows.map(([from]) => from),
    to: rows.map(() => 0),
    sentMs: rows.map(([, sentMs]) => sentMs),
    endMs: rows.map(([, , endMs]) => endMs),
    outcome: rows.map(([, , , end]) => end ?? outcome.delivered),
    text: rows.map(() => 0),
  };
}

const all = (): boolean => true;

describe('messages in view', () => {
  test('one that is under way all the time is in view though it was sent long before', () => {
    const index = indexMessages(
      table([
        [0, 0, 100],
        [0, 10, 12],
        [0, 50, 52],
      ]),
    );
    expect(messagesIn(index, { fromMs: 40, toMs: 60 }, all)).toEqual([0, 2]);
  });
  test('hidden ones are left out', () => {
    const index = indexMessages(
      table([
        [0, 1, 2],
        [1, 1, 2],
      ]),
    );
    expect(messagesIn(index, { fromMs: 0, toMs: 5 }, (row) => row !== 0)).toEqual([1]);
  });
  test('the search finds what a look at every message finds', () => {
    const time = fc.integer({ min: 0, max: 50 });
    fc.assert(
      fc.property(fc.array(fc.tuple(time, time), { maxLength: 40 }), time, time, (pairs, a, b) => {
        const rows = pairs.map(([start, length]) => [0, start, start + length] as const);
        const view = { fromMs: Math.min(a, b), toMs: Math.max(a, b) };
        const expected = rows.flatMap(([, sent, end], row) => (sent <= view.toMs && end >= view.fromMs ? [row] : []));
        const found = messagesIn(indexMessages(table(rows)), view, all);
        expect(found.toSorted((x, y) => x - y)).toEqual(expected);
      }),
    );
  });
});

describe('counts by lane', () => {
  const messages = table([
    [0, 0, 5],
    [0, 1, 5, outcome.lost],
    [1, 99, 105],
    [1, 100, 105],
    [1, -1, 5],
  ]);
  const counts = countByLane(messages, [0, 1, 2, 3, 4], { fromMs: 0, toMs: 100 }, 10, 2);

  test('each message counts once, where it was sent', () => {
    expect([...counts.sent]).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    expect([...counts.lost]).toEqual([1, ...new Array(19).fill(0)]);
    expect(counts.largest).toBe(2);
  });
});

describe('the first view', () => {
  const index = indexMessages(table(Array.from({ length: 1000 }, (_, row) => [0, row, row + 1] as const)));

  test('shows about as many messages as wanted, most of them after the moment', () => {
    const { fromMs, toMs } = openingView(index, 300, 1000, 100);
    expect(fromMs).toBeCloseTo(265 - 9.9);
    expect(toMs).toBeCloseTo(364 + 0.99);
  });
  test('shows the last messages when the moment is near the end, the first at the beginning', () => {
    expect(openingView(index, 990, 1000, 100).toMs).toBeGreaterThan(999);
    expect(openingView(index, 0, 1000, 100)).toMatchObject({ fromMs: 0 });
  });
  test('shows the whole of a short run', () => {
    expect(openingView(index, 300, 1000, 5000)).toEqual({ fromMs: 0, toMs: 1000 });
  });
});
