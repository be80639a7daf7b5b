import { describe, expect, it } from 'vitest';
import { checkCriterion } from '../../src/history/criteria.ts';
import type { HistoryOperation } from '../../src/history/linearizability.ts';
import { generated, keyed as store } from './generated.ts';

describe('2,000 calls by 50 clients on ten keys', () => {
  const right = generated({ count: 2_000, clients: 50, keys: 10 });

  it.each(['linearizable', 'sequential', 'serializable', 'causal', 'monotonic_writes'] as const)(
    'are found %s within two seconds',
    (criterion) => {
      const start = performance.now();
      expect(checkCriterion(criterion, right, store).verdict).toBe('yes');
      expect(performance.now() - start).toBeLessThan(2_000);
    },
  );

  it('are refused for one read of what was replaced, and few calls are shown', () => {
    const last = right.findLast(({ operation }) => operation === 'Read') as HistoryOperation;
    const first = right.find(({ operation, key }) => operation === 'Write' && key === last.key) as HistoryOperation;
    const wrong = right.map((operation) => (operation === last ? { ...operation, result: first.args[1] } : operation));
    const result = checkCriterion('linearizable', wrong, store);
    expect(result.verdict).toBe('no');
    if (result.verdict !== 'no') return;
    expect(result.offending.map(({ id }) => id)).toContain(last.id);
    expect(result.offending.length).toBeLessThan(6);
  });
});
