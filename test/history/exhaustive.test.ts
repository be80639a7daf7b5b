import { describe, expect, it } from 'vitest';
import { checkCriterion } from '../../src/history/criteria.ts';
import type { HistoryOperation, SequentialModel } from '../../src/history/linearizability.ts';
import type { Criterion } from '../../src/model/consistency.ts';
import { bruteForce } from './brute-force.ts';

/** One register that starts with 0. */
const opaque: SequentialModel = {
  initial: () => 0,
  apply: (state, operation, args) => (operation === 'Write' ? { state: args[0], result: null } : { state, result: state }),
  stateKey: (state) => String(state),
  resultKey: (_operation, result) => String(result),
  kind: (operation) => (operation === 'Read' ? 'read' : 'write'),
};

/** The same, known to be a register. */
const register: SequentialModel = {
  ...opaque,
  register: ({ operation, args, result }) =>
    operation === 'Write'
      ? { kind: 'write', key: '', value: String(args[0]), initial: '0' }
      : { kind: 'read', key: '', value: String(result), initial: '0' },
};

type Times = readonly (readonly [call: number, response: number])[];

/** All ways in which so many calls can overlap, up to renaming: the interval orders. */
function overlaps(size: number): readonly Times[] {
  const found = new Map<string, Times>();
  const permutations = (items: readonly number[]): number[][] =>
    items.length === 0
      ? [[]]
      : items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
  const names = permutations(Array.from({ length: size }, (_, at) => at));
  const canonical = (times: Times): string =>
    names
      .map((name) => name.map((a) => name.map((b) => ((times[a]?.[1] as number) < (times[b]?.[0] as number) ? 1 : 0)).join('')).join())
      .sort()[0] as string;
  const extend = (calls: readonly number[], responses: ReadonlyMap<number, number>, now: number): void => {
    if (responses.size === size) {
      const times = calls.map((call, at): [number, number] => [call, responses.get(at) as number]);
      found.set(canonical(times), times);
      return;
    }
    if (calls.length < size) extend([...calls, now], responses, now + 1);
    for (const at of calls.keys()) if (!responses.has(at)) extend(calls, new Map([...responses, [at, now]]), now + 1);
  };
  extend([], new Map(), 0);
  return [...found.values()];
}

/** All sessions of so many calls by at most three clients, up to renaming; what one client has outstanding at once too. */
function sessionShapes(size: number): readonly (readonly Times[])[] {
  const choose = (left: number, clients: number, most: readonly [number, number]): Times[][] => {
    if (left === 0) return [[]];
    if (clients === 0) return [];
    // Larger sessions first, among equals by number, so that each set comes once.
    return Array.from({ length: Math.min(left, most[0]) }, (_, at) => at + 1).flatMap((length) =>
      overlaps(length).flatMap((shape, at) =>
        length === most[0] && at > most[1] ? [] : choose(left - length, clients - 1, [length, at]).map((rest) => [shape, ...rest]),
      ),
    );
  };
  return choose(size, 3, [size, Number.POSITIVE_INFINITY]);
}

type Content = Pick<HistoryOperation, 'operation' | 'args' | 'result'> & { readonly lost: boolean };

const values = [0, 1, 2];
const answered: readonly Content[] = values.flatMap((value) => [
  { operation: 'Write', args: [value], result: null, lost: false },
  { operation: 'Read', args: [], result: value, lost: false },
]);
const pending: readonly Content[] = [
  ...values.map((value) => ({ operation: 'Write', args: [value], result: null, lost: true })),
  { operation: 'Read', args: [], result: null, lost: true },
];

/** All contents of so many calls, up to the names of the values other than the first. */
function* contents(size: number, kinds: readonly Content[]): Generator<readonly Content[]> {
  const value = ({ operation, args, result }: Content): unknown => (operation === 'Write' ? args[0] : result);
  const chosen: Content[] = [];
  function* extend(): Generator<readonly Content[]> {
    if (chosen.length === size) {
      yield chosen;
      return;
    }
    for (const kind of kinds) {
      if (value(kind) === 2 && !chosen.some((other) => value(other) === 1)) continue;
      chosen.push(kind);
      yield* extend();
      chosen.pop();
    }
  }
  yield* extend();
}

function historyOf(contents: readonly Content[], times: Times, clientOf: (at: number) => number): HistoryOperation[] {
  return contents.map(({ operation, args, result, lost }, id) => {
    const [call, response] = times[id] as Times[number];
    return { id, client: clientOf(id), operation, key: '', args, call, response: lost ? null : response, result };
  });
}

/** Histories in which only the sessions count. */
function* sessionHistories(size: number, kinds: readonly Content[]): Generator<HistoryOperation[]> {
  for (const sessions of sessionShapes(size)) {
    const times = sessions.flat();
    const clients = sessions.flatMap((session, client) => session.map(() => client));
    for (const each of contents(size, kinds)) yield historyOf(each, times, (at) => clients[at] as number);
  }
}

/** Histories in which only real time counts. */
function* timedHistories(size: number, kinds: readonly Content[], clientOf = (at: number) => at): Generator<HistoryOperation[]> {
  for (const times of overlaps(size)) for (const each of contents(size, kinds)) yield historyOf(each, times, clientOf);
}

/** How many there were, and how many of them each criterion accepts. */
function compare(
  histories: Iterable<HistoryOperation[]>,
  criteria: readonly Criterion[],
  models: readonly SequentialModel[],
): { readonly count: number; readonly accepted: readonly number[] } {
  let count = 0;
  const accepted = criteria.map(() => 0);
  for (const history of histories) {
    count++;
    for (const [at, criterion] of criteria.entries()) {
      const expected = bruteForce(criterion, history, opaque);
      if (expected === 'yes') accepted[at] = (accepted[at] as number) + 1;
      for (const model of models) {
        const { verdict } = checkCriterion(criterion, history, model, { shown: 'any' });
        if (verdict !== expected) expect({ criterion, history, verdict }).toEqual({ criterion, history, verdict: expected });
      }
    }
  }
  return { count, accepted };
}

const inSessions = ['sequential', 'causal', 'read_your_writes', 'monotonic_reads', 'monotonic_writes', 'writes_follow_reads'] as const;

describe('what there is to go through', () => {
  it('are the interval orders (Bousquet-Mélou, Claesson, Dukes & Kitaev 2010: 1, 2, 5, 15, 53)', () => {
    expect([1, 2, 3, 4, 5].map((size) => overlaps(size).length)).toEqual([1, 2, 5, 15, 53]);
    expect([1, 2, 3, 4].map((size) => sessionShapes(size).length)).toEqual([1, 3, 8, 25]);
  });
});

describe('all histories of a register with three values, against the definitions', () => {
  const any = [...answered, ...pending];

  it.each([
    { size: 1, counts: [7, 7, 7] },
    { size: 2, counts: [174, 116, 116] },
    { size: 3, counts: [4256, 2660, 2660] },
  ])('of $size calls by all criteria', ({ size, counts }) => {
    const criteria = [...inSessions, 'linearizable', 'serializable', 'convergent'] as const;
    const one = compare(sessionHistories(size, any), inSessions, [register, opaque]);
    const two = compare(timedHistories(size, any), criteria.slice(6), [register, opaque]);
    const three = compare(
      timedHistories(size, any, () => 0),
      ['convergent'],
      [register, opaque],
    );
    expect([one.count, two.count, three.count]).toEqual(counts);
    expect(
      [...one.accepted, ...two.accepted, ...three.accepted].every((accepted) => accepted > 0 && accepted <= one.count + two.count),
    ).toBe(true);
  });

  it('of four calls by real time', { timeout: 120_000 }, () => {
    const { count, accepted } = compare(timedHistories(4, any), ['linearizable'], [register, opaque]);
    expect([count, ...accepted]).toEqual([76920, 45285]);
  });

  it('of four calls by sessions', { timeout: 120_000 }, () => {
    const { count, accepted } = compare(sessionHistories(4, any.slice(0, -1)), ['sequential'], [register]);
    expect([count, ...accepted]).toEqual([83025, 49748]);
  });

  it('of four calls by causality, where 0 is not written', { timeout: 120_000 }, () => {
    const kinds = any.slice(0, -1).filter(({ operation, args }) => operation === 'Read' || args[0] !== 0);
    const { count, accepted } = compare(sessionHistories(4, kinds), inSessions.slice(1), [register]);
    expect([count, ...accepted]).toEqual([30025, 16360, 16818, 18061, 18751, 18747]);
  });

  it('of five answered calls by real time, where 0 is not written', { timeout: 120_000 }, () => {
    const { count, accepted } = compare(timedHistories(5, answered.slice(1)), ['linearizable'], [register]);
    expect([count, ...accepted]).toEqual([82839, 18079]);
  });
});
