import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkLinearizable, type HistoryOperation, type SequentialModel } from '../../src/history/linearizability.ts';

/** A register: Write(v), Read() → v, Add(v) → the value before. */
const register: SequentialModel = {
  initial: () => 0,
  apply(state, operation, args) {
    const value = state as number;
    if (operation === 'Write') return { state: args[0], result: null };
    if (operation === 'Add') return { state: value + (args[0] as number), result: value };
    return { state, result: value };
  },
  stateKey: (state) => String(state),
  resultKey: (_operation, result) => String(result),
};

const queue: SequentialModel = {
  initial: () => [],
  apply(state, operation, args) {
    const items = state as readonly number[];
    if (operation === 'Put') return { state: [...items, args[0]], result: null };
    return { state: items.slice(1), result: items[0] ?? null };
  },
  stateKey: (state) => JSON.stringify(state),
  resultKey: (_operation, result) => String(result),
};

const registers: SequentialModel = { ...register, partition: (operation) => operation.key };

function op(client: number, text: string, call: number, response: number | null, result: unknown = null, key = ''): HistoryOperation {
  const [, operation = '', argument] = /^(\w+)\((\d*)\)$/.exec(text) ?? [];
  return { id: call * 100 + client, client, operation, key, args: argument ? [Number(argument)] : [], call, response, result };
}

describe('known histories', () => {
  it('accepts the empty history', () => {
    expect(checkLinearizable([], register)).toEqual({ verdict: 'yes', order: [] });
  });

  it('accepts a read that overlaps a write, with the old or the new value', () => {
    for (const value of [0, 1]) {
      expect(checkLinearizable([op(0, 'Write(1)', 1, 5), op(1, 'Read()', 2, 3, value)], register).verdict).toBe('yes');
    }
  });

  it('refuses a stale read, and shows it with the writes before it', () => {
    const history = [op(0, 'Write(1)', 1, 2), op(0, 'Write(2)', 3, 4), op(1, 'Read()', 5, 6, 1), op(1, 'Read()', 7, 8, 2)];
    const result = checkLinearizable(history, register);
    expect(result.verdict).toBe('no');
    if (result.verdict !== 'no') return;
    expect(result.stuck.call).toBe(5);
    expect(result.witness.map((operation) => operation.call)).toEqual([1, 3, 5]);
  });

  it('refuses two reads that see two overlapping writes in opposite orders', () => {
    const history = [
      op(0, 'Write(1)', 1, 10),
      op(1, 'Write(2)', 1, 10),
      op(2, 'Read()', 2, 3, 1),
      op(2, 'Read()', 4, 5, 2),
      op(3, 'Read()', 6, 7, 1),
    ];
    expect(checkLinearizable(history, register).verdict).toBe('no');
  });

  it('lets a call without an answer take effect late, or never', () => {
    const lost = op(0, 'Write(7)', 1, null);
    expect(checkLinearizable([lost, op(1, 'Read()', 50, 51, 0), op(1, 'Read()', 60, 61, 7)], register).verdict).toBe('yes');
    expect(checkLinearizable([lost, op(1, 'Read()', 50, 51, 0)], register).verdict).toBe('yes');
    expect(checkLinearizable([lost, op(1, 'Read()', 50, 51, 7), op(1, 'Read()', 60, 61, 0)], register).verdict).toBe('no');
    expect(checkLinearizable([op(1, 'Read()', 0, 0.5, 7), lost], register).verdict).toBe('no');
  });

  it('refuses a queue that gives one item twice, and one that overtakes', () => {
    const puts = [op(0, 'Put(1)', 1, 2), op(0, 'Put(2)', 3, 4)];
    expect(checkLinearizable([...puts, op(1, 'Get()', 5, 6, 1), op(2, 'Get()', 7, 8, 1)], queue).verdict).toBe('no');
    expect(checkLinearizable([...puts, op(1, 'Get()', 5, 6, 2)], queue).verdict).toBe('no');
    expect(checkLinearizable([...puts, op(1, 'Get()', 5, 8, 2), op(2, 'Get()', 6, 7, 1)], queue).verdict).toBe('yes');
  });

  it('checks keys apart when the model says that it may, and only then', () => {
    const history = [op(0, 'Write(1)', 1, 2, null, 'a'), op(1, 'Write(2)', 3, 4, null, 'b'), op(0, 'Read()', 5, 6, 1, 'a')];
    expect(checkLinearizable(history, registers).verdict).toBe('yes');
    expect(checkLinearizable(history, register).verdict).toBe('no');
  });

  it('gives one order over all keys that respects real time', () => {
    const history = [op(0, 'Write(1)', 1, 2, null, 'b'), op(1, 'Write(2)', 3, 4, null, 'a'), op(0, 'Write(3)', 5, 6, null, 'b')];
    const result = checkLinearizable(history, registers);
    expect(result).toEqual({ verdict: 'yes', order: history.map((operation) => operation.id) });
  });

  it('says unknown at the limit, and when it is asked to stop', () => {
    // Sums of 24 numbers, one of which the read does not give: every subset is a state of its own.
    const adds = Array.from({ length: 24 }, (_, client) => ({ ...op(client, `Add(${2 ** client})`, 1, null), id: client }));
    const history = [...adds, op(30, 'Read()', 200, 201, 0.5)];
    expect(checkLinearizable(history, register, { maxStates: 10_000 })).toMatchObject({
      verdict: 'unknown',
      reason: 'the limit on visited configurations was reached',
    });
    expect(checkLinearizable(history, register, { shouldStop: () => true })).toMatchObject({ verdict: 'unknown', reason: 'stopped' });
  });
});

/** By definition: some subset of the unanswered calls and some permutation that respects real time and the model. */
function bruteForce(history: readonly HistoryOperation[], model: SequentialModel): boolean {
  const search = (state: unknown, rest: readonly HistoryOperation[]): boolean => {
    if (rest.every((operation) => operation.response === null)) return true;
    return rest.some((candidate) => {
      if (rest.some((other) => other !== candidate && other.response !== null && other.response < candidate.call)) return false;
      const next = model.apply(state, candidate.operation, candidate.args);
      const fits =
        candidate.response === null ||
        model.resultKey(candidate.operation, next.result) === model.resultKey(candidate.operation, candidate.result);
      return (
        fits &&
        search(
          next.state,
          rest.filter((other) => other !== candidate),
        )
      );
    });
  };
  return search(model.initial(), history);
}

/** Whether an order given as proof is one. */
function isProof(history: readonly HistoryOperation[], order: readonly number[], model: SequentialModel): boolean {
  const placed = order.map((id) => history.find((operation) => operation.id === id) as HistoryOperation);
  let state = model.initial();
  for (const [position, operation] of placed.entries()) {
    if (placed.slice(position + 1).some((later) => later.response !== null && later.response < operation.call)) return false;
    const next = model.apply(state, operation.operation, operation.args);
    if (operation.response !== null && String(next.result) !== String(operation.result)) return false;
    state = next.state;
  }
  return history.every((operation) => operation.response === null || order.includes(operation.id));
}

const smallHistory = fc
  .array(
    fc.record({
      kind: fc.constantFrom('Write', 'Read', 'Add'),
      value: fc.integer({ min: 0, max: 2 }),
      result: fc.integer({ min: 0, max: 3 }),
      call: fc.integer({ min: 0, max: 12 }),
      length: fc.integer({ min: 0, max: 6 }),
      answered: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 6 },
  )
  .map((calls) =>
    calls.map(
      (call, id): HistoryOperation => ({
        id,
        client: id,
        operation: call.kind,
        key: '',
        args: call.kind === 'Read' ? [] : [call.value],
        call: call.call,
        response: call.answered === 0 ? null : call.call + call.length,
        result: call.kind === 'Write' ? null : call.result,
      }),
    ),
  );

describe('against every permutation', () => {
  it('agrees on histories of up to six calls, and its orders and witnesses are right', () => {
    const counts = { yes: 0, no: 0 };
    fc.assert(
      fc.property(smallHistory, (history) => {
        const result = checkLinearizable(history, register);
        expect(result.verdict).toBe(bruteForce(history, register) ? 'yes' : 'no');
        if (result.verdict === 'yes') {
          counts.yes++;
          expect(isProof(history, result.order, register)).toBe(true);
        } else if (result.verdict === 'no') {
          counts.no++;
          const { stuck } = result;
          const moment = stuck.response as number;
          const called = history.filter((operation) => operation.call <= moment);
          expect(bruteForce(called, register)).toBe(false);
          const before = (operation: HistoryOperation): boolean => operation.response !== null && operation.response < moment;
          expect(
            bruteForce(
              called.map((operation) => (before(operation) ? operation : { ...operation, response: null })),
              register,
            ),
          ).toBe(true);
        }
      }),
      { numRuns: 5_000 },
    );
    expect(Math.min(counts.yes, counts.no)).toBeGreaterThan(200);
  });
});

/** A history of a real register: each call takes effect somewhere between call and answer. */
function longHistory(length: number, clients: number, lossOneIn: number): HistoryOperation[] {
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const free = Array.from({ length: clients }, () => 0);
  const calls = Array.from({ length }, (_, id) => {
    const client = id % clients;
    const call = (free[client] as number) + random();
    const effect = call + 5 * random();
    const response = effect + 5 * random();
    free[client] = response;
    return { id, client, call, effect, response, write: random() < 0.5, lost: lossOneIn > 0 && random() * lossOneIn < 1 };
  });
  let value: unknown = 0;
  const results = new Map<number, unknown>();
  for (const call of [...calls].sort((a, b) => a.effect - b.effect)) {
    if (call.write) value = call.id;
    results.set(call.id, call.write ? null : value);
  }
  return calls.map((call) => ({
    id: call.id,
    client: call.client,
    operation: call.write ? 'Write' : 'Read',
    key: '',
    args: call.write ? [call.id] : [],
    call: call.call,
    response: call.lost ? null : call.response,
    result: results.get(call.id),
  }));
}

describe('long histories', () => {
  it.each([
    { name: 'all answered', loss: 0, clients: 5 },
    { name: 'one in 200 never answered', loss: 200, clients: 5 },
    { name: '8 clients', loss: 0, clients: 8 },
  ])('decides 10,000 operations quickly: $name', ({ loss, clients }) => {
    const history = longHistory(10_000, clients, loss);
    const start = performance.now();
    expect(checkLinearizable(history, register).verdict).toBe('yes');
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it('finds the one wrong read among 10,000 operations quickly', () => {
    const history = longHistory(10_000, 5, 0);
    const wrong = history.findIndex((operation) => operation.id > 7_000 && operation.operation === 'Read');
    history[wrong] = { ...(history[wrong] as HistoryOperation), result: -1 };
    const start = performance.now();
    const result = checkLinearizable(history, register);
    expect(performance.now() - start).toBeLessThan(3_000);
    expect(result.verdict).toBe('no');
    if (result.verdict === 'no') expect(result.stuck.id).toBe(wrong);
  });

  it('keeps a log of 5,000 appends quickly', () => {
    const log: SequentialModel = {
      initial: () => [],
      apply: (state, _operation, args) => ({ state: [...(state as number[]), args[0]], result: (state as number[]).length }),
      stateKey: (state) => (state as number[]).join(),
      resultKey: (_operation, result) => String(result),
    };
    const history = Array.from({ length: 5_000 }, (_, id) => op(id % 5, `Append(${id})`, id * 2, id * 2 + 5, id)).map((o, id) => ({
      ...o,
      id,
    }));
    const start = performance.now();
    expect(checkLinearizable(history, log).verdict).toBe('yes');
    expect(performance.now() - start).toBeLessThan(6_000);
  });
});
