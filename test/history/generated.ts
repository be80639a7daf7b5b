import { Random } from '../../src/base/random.ts';
import type { HistoryOperation, SequentialModel } from '../../src/history/linearizability.ts';
import { registers } from './kit.ts';

/** Registers by key, each key apart. */
export const keyed: SequentialModel = { ...registers, partition: ({ key }) => key };

export interface Load {
  readonly count: number;
  readonly clients: number;
  readonly keys: number;
  readonly seed?: number;
  /** Values written; left out: none is written twice. */
  readonly values?: number;
  /** One in so many is never answered; left out: all are. */
  readonly lost?: number;
  /** One call in four adds to the value and gives the one before; left out: only reads and writes. */
  readonly swaps?: boolean;
}

/** Calls on a real store, each taking effect at one moment between start and answer: linearizable. */
export function generated({ count, clients, keys, seed = 7, values, lost = 0, swaps = false }: Load): HistoryOperation[] {
  const random = new Random(seed, 'history');
  const free = Array.from({ length: clients }, () => 0);
  const calls = Array.from({ length: count }, (_, id) => {
    const client = id % clients;
    const call = (free[client] as number) + random.nextFloat();
    const effect = call + random.nextFloat();
    const response = effect + random.nextFloat();
    free[client] = response + 0.01;
    const [kind, key] = [random.nextFloat(), random.nextInt(keys)];
    const operation = swaps && kind < 0.25 ? 'Swap' : kind < 0.5 ? 'Write' : 'Read';
    const value = values ? 1 + random.nextInt(values) : id + 1;
    return { id, client, call, effect, response, operation, key: `k${key}`, value, lost: lost > 0 && random.nextInt(lost) === 0 };
  });
  const now = new Map<string, number>();
  const results = new Map<number, number | null>();
  for (const { id, key, operation, value } of [...calls].sort((a, b) => a.effect - b.effect)) {
    results.set(id, operation === 'Write' ? null : (now.get(key) ?? 0));
    if (operation !== 'Read') now.set(key, operation === 'Swap' ? (now.get(key) ?? 0) + value : value);
  }
  return calls.map(({ id, client, call, response, operation, key, value, lost }) => ({
    id,
    client,
    operation,
    key,
    args: operation === 'Read' ? [key] : [key, value],
    call,
    response: lost ? null : response,
    result: results.get(id),
  }));
}

/** The same with one wrong read: the last gives what was replaced long before, what nobody wrote, or what is written only later. */
export function withBadRead(history: readonly HistoryOperation[], bad: 'stale' | 'unwritten' | 'early'): HistoryOperation[] {
  const reads = history.filter(({ operation, response }) => operation === 'Read' && response !== null);
  const wrong = reads[Math.floor(reads.length * (bad === 'early' ? 0.1 : 0.9))] as HistoryOperation;
  const writes = history.filter(({ operation, key, response }) => operation === 'Write' && key === wrong.key && response !== null);
  const result = { stale: writes[0]?.args[1], early: writes.at(-1)?.args[1], unwritten: -1 }[bad];
  return history.map((operation) => (operation === wrong ? { ...operation, result } : operation));
}
