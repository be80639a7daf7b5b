import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.ts';
import { checkCriterion } from '../../src/history/criteria.ts';
import type { HistoryOperation } from '../../src/history/linearizability.ts';
import { registers } from './kit.ts';

/** Calls on a real store, each taking effect at one moment between start and answer. */
function history(count: number, clients: number, keys: number): HistoryOperation[] {
  const random = new Random(7, 'history');
  const free = Array.from({ length: clients }, () => 0);
  const calls = Array.from({ length: count }, (_, id) => {
    const client = id % clients;
    const call = (free[client] as number) + random.nextFloat();
    const effect = call + random.nextFloat();
    const response = effect + random.nextFloat();
    free[client] = response + 0.01;
    return { id, client, call, effect, response, write: random.nextFloat() < 0.5, key: `k${Math.floor(random.nextFloat() * keys)}` };
  });
  const values = new Map<string, number>();
  const results = new Map<number, number | null>();
  for (const { id, key, write } of [...calls].sort((a, b) => a.effect - b.effect)) {
    if (write) values.set(key, id + 1);
    results.set(id, write ? null : (values.get(key) ?? 0));
  }
  return calls.map(({ id, client, call, response, write, key }) => ({
    id,
    client,
    operation: write ? 'Write' : 'Read',
    key,
    args: write ? [key, id + 1] : [key],
    call,
    response,
    result: results.get(id),
  }));
}

const store = { ...registers, partition: ({ key }: HistoryOperation) => key };

describe('2,000 calls by 50 clients on ten keys', () => {
  const right = history(2_000, 50, 10);

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
