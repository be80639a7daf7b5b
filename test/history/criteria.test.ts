import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCriterion } from '../../src/history/criteria.ts';
import type { HistoryOperation, SequentialModel } from '../../src/history/linearizability.ts';
import type { Criterion } from '../../src/model/consistency.ts';
import { bruteForce } from './brute-force.ts';
import { registers, sessions, store } from './kit.ts';

const all: readonly Criterion[] = [
  'linearizable',
  'strictly_serializable',
  'sequential',
  'serializable',
  'causal',
  'read_your_writes',
  'monotonic_reads',
  'monotonic_writes',
  'writes_follow_reads',
];

/** The criteria that a history satisfies, both when the registers are known and when they are not. */
function satisfied(history: readonly HistoryOperation[]): readonly Criterion[] {
  const of = (model: SequentialModel): Criterion[] => all.filter((criterion) => verdict(criterion, history, model) === 'yes');
  expect(of(registers)).toEqual(of(store));
  return of(registers);
}

function verdict(criterion: Criterion, history: readonly HistoryOperation[], model: SequentialModel): string {
  return checkCriterion(criterion, history, model).verdict;
}

describe('histories of the literature', () => {
  it('two clients that read two writes in opposite orders are causal but not sequential (Ahamad et al. 1995)', () => {
    const history = sessions('w x1', 'w x2', 'r x1, r x2', 'r x2, r x1');
    expect(satisfied(history)).toEqual([
      'serializable',
      'causal',
      'read_your_writes',
      'monotonic_reads',
      'monotonic_writes',
      'writes_follow_reads',
    ]);
  });

  it('one client that reads a value, its replacement and the value again is not even monotonic (Bouajjani et al. 2017, not CM)', () => {
    const history = sessions('w x1', 'w x2', 'r x1, r x2, r x1');
    expect(satisfied(history)).not.toContain('causal');
    expect(satisfied(history)).not.toContain('monotonic_reads');
  });

  it('an effect that is seen without its cause is not causal (WriteCORead of Bouajjani et al. 2017)', () => {
    const history = sessions('w x1, w x2', 'r x2, w y1', 'r y1, r x1');
    expect(satisfied(history)).toEqual(['serializable', 'read_your_writes', 'monotonic_reads', 'monotonic_writes', 'writes_follow_reads']);
  });

  it('a convergent store whose last writer wins is not causal memory (CCv but not CM, Bouajjani et al. 2017)', () => {
    const history = sessions('w z1, w x1, w y1', 'w x2, r z0, r y1, r x2');
    expect(satisfied(history)).not.toContain('causal');
    expect(satisfied(history)).toContain('monotonic_reads');
  });

  it('stores that buffer writes are not sequential (Dekker)', () => {
    const history = sessions('w x1, r y0', 'w y1, r x0');
    expect(satisfied(history)).toEqual([
      'serializable',
      'causal',
      'read_your_writes',
      'monotonic_reads',
      'monotonic_writes',
      'writes_follow_reads',
    ]);
  });

  it('a stale read is sequential but not linearizable (Jepsen on etcd and Consul, 2014)', () => {
    const history = sessions('w x1, w x2', 'r x0').map((operation) =>
      operation.client === 1 ? { ...operation, call: 5000, response: 5001 } : operation,
    );
    expect(satisfied(history)).toEqual(all.filter((criterion) => criterion !== 'linearizable' && criterion !== 'strictly_serializable'));
  });

  it.each([
    { lost: 'read_your_writes', clients: ['w x1, r x0'] },
    { lost: 'monotonic_reads', clients: ['w x1', 'r x1, r x0'] },
    { lost: 'monotonic_writes', clients: ['w x1, w y1', 'r y1, r x0'] },
    { lost: 'writes_follow_reads', clients: ['w x1', 'r x1, w y1', 'r y1, r x0'] },
  ] as const)('only $lost is lost by $clients (Terry et al. 1994)', ({ lost, clients }) => {
    const guarantees = all.slice(5);
    expect(guarantees.filter((criterion) => !satisfied(sessions(...clients)).includes(criterion))).toEqual([lost]);
  });

  it('updates seen in another order than their client made them break monotonic writes', () => {
    expect(satisfied(sessions('w x1, w x2', 'r x2, r x1'))).not.toContain('monotonic_writes');
  });
});

/** Histories of up to five calls of up to three clients; calls of one client may overlap. */
function histories(kinds: readonly string[], keys: readonly string[], size: number): fc.Arbitrary<HistoryOperation[]> {
  const call = fc.record({
    client: fc.integer({ min: 0, max: 2 }),
    operation: fc.constantFrom(...kinds),
    key: fc.constantFrom(...keys),
    value: fc.integer({ min: 1, max: 2 }),
    result: fc.integer({ min: 0, max: 3 }),
    length: fc.integer({ min: 0, max: 4 }),
    answered: fc.integer({ min: 0, max: 5 }),
  });
  return fc.array(call, { maxLength: size }).map((calls) =>
    calls.map(({ client, operation, key, value, result, length, answered }, id) => ({
      id,
      client,
      operation,
      key,
      args: store.kind?.(operation) === 'read' ? [key] : [key, value],
      call: 2 * id,
      response: answered === 0 ? null : 2 * id + 1 + length,
      result: store.kind?.(operation) === 'write' ? null : result,
    })),
  );
}

describe('against the definitions', () => {
  const cases = [
    { name: 'a register', kinds: ['Write', 'Read', 'Read'], keys: ['x'], models: [registers, store] },
    { name: 'two registers', kinds: ['Write', 'Read'], keys: ['x', 'y'], models: [registers, store] },
    { name: 'a counter', kinds: ['Add', 'Get'], keys: ['x'], models: [store] },
    { name: 'swaps', kinds: ['Write', 'Read', 'Swap'], keys: ['x'], models: [store] },
  ];
  it.each(cases)('agrees with brute force on $name', ({ kinds, keys, models }) => {
    const counts = new Map<string, number>();
    fc.assert(
      fc.property(histories(kinds, keys, 5), (history) => {
        for (const criterion of [...all, 'convergent'] as const) {
          const expected = bruteForce(criterion, history, store);
          counts.set(`${criterion} ${expected}`, (counts.get(`${criterion} ${expected}`) ?? 0) + 1);
          for (const model of models) expect([criterion, verdict(criterion, history, model)]).toEqual([criterion, expected]);
        }
      }),
      { numRuns: 120 },
    );
    for (const criterion of all)
      expect(Math.min(counts.get(`${criterion} yes`) ?? 0, counts.get(`${criterion} no`) ?? 0)).toBeGreaterThan(3);
  });
});

describe('what implies what', () => {
  const implied: readonly (readonly [Criterion, Criterion])[] = [
    ['linearizable', 'sequential'],
    ['sequential', 'serializable'],
    ['sequential', 'causal'],
    ['causal', 'read_your_writes'],
    ['causal', 'monotonic_reads'],
    ['causal', 'monotonic_writes'],
    ['causal', 'writes_follow_reads'],
  ];
  it('holds of histories of eight calls', () => {
    fc.assert(
      fc.property(histories(['Write', 'Read', 'Read'], ['x', 'y'], 8), (history) => {
        const held = new Set(all.filter((criterion) => verdict(criterion, history, registers) === 'yes'));
        for (const [stronger, weaker] of implied)
          if (held.has(stronger)) expect([stronger, held.has(weaker) && weaker]).toEqual([stronger, weaker]);
      }),
      { numRuns: 300 },
    );
  });
});
