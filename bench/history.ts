// The time to a verdict on histories of key-value stores, 2,000 operations by 50 clients, right ones and ones with one wrong read,
// by the criteria that a specification's registers make quick and by the search alone. Reference: plain Wing–Gong–Lowe (a linked
// list, a bit set, a cache, key by key, as in Porcupine) on the same history in the same process, given up after some seconds.
import { checkCriterion } from '../src/history/criteria.ts';
import type { HistoryOperation, SequentialModel } from '../src/history/linearizability.ts';
import type { Criterion } from '../src/model/consistency.ts';
import { generated, keyed, withBadRead } from '../test/history/generated.ts';
import { timed } from './dsys.ts';
import { report } from './report.ts';
import { wingGongLowe } from './wing-gong-lowe.ts';

const patience = Number(process.argv[2] ?? 3) * 1000;

/** The same store, of which nothing is known but how to run it. */
const { register: _, ...opaque } = keyed;

function measure(name: string, history: readonly HistoryOperation[], model: SequentialModel, criterion: Criterion, within?: number): void {
  const ours = timed(() => checkCriterion(criterion, history, model).verdict);
  const reference = timed(() => wingGongLowe(history, model, patience));
  report({
    name: `${criterion}, ${name}: ${ours.value}`,
    value: ours.ms,
    unit: 'ms',
    reference: { name: `Wing–Gong–Lowe (linearizable: ${reference.value})`, value: reference.ms },
    ...(within ? { atMost: within } : {}),
  });
}

for (const keys of [1, 10, 50]) {
  const right = generated({ count: 2_000, clients: 50, keys });
  const histories = [
    ['right', right],
    ['one stale read', withBadRead(right, 'stale')],
    ['one read of what is written later', withBadRead(right, 'early')],
    ['right, one in 50 never answered', generated({ count: 2_000, clients: 50, keys, lost: 50 })],
  ] as const;
  for (const [name, history] of histories) {
    const where = `${keys === 1 ? '1 key' : `${keys} keys`}, ${name}`;
    measure(where, history, keyed, 'linearizable', 1000);
    measure(`${where}, nothing known of the store`, history, opaque, 'linearizable', keys === 1 ? undefined : 1000);
  }
  const swapped = generated({ count: 2_000, clients: 50, keys, swaps: true });
  measure(
    `${keys === 1 ? '1 key' : `${keys} keys`} with fetch-and-add, right`,
    swapped,
    keyed,
    'linearizable',
    keys === 1 ? undefined : 1000,
  );
  measure(
    `${keys === 1 ? '1 key' : `${keys} keys`} with fetch-and-add, one stale read`,
    withBadRead(swapped, 'stale'),
    keyed,
    'linearizable',
    keys === 1 ? undefined : 1000,
  );
  const repeated = generated({ count: 2_000, clients: 50, keys, values: 5 });
  measure(`${keys === 1 ? '1 key' : `${keys} keys`}, five values, right`, repeated, keyed, 'linearizable', 1000);
  measure(
    `${keys === 1 ? '1 key' : `${keys} keys`}, five values, one read of no value`,
    withBadRead(repeated, 'unwritten'),
    keyed,
    'linearizable',
    1000,
  );
}
for (const clients of [20, 50]) {
  const right = generated({ count: 2_000, clients, keys: 1, seed: 11 });
  measure(`one register, ${clients} clients, right`, right, keyed, 'linearizable', 1000);
  measure(`one register, ${clients} clients, one stale read`, withBadRead(right, 'stale'), keyed, 'linearizable', 1000);
}
const right = generated({ count: 2_000, clients: 50, keys: 10 });
for (const criterion of ['sequential', 'serializable', 'causal', 'monotonic_reads', 'writes_follow_reads'] as const) {
  for (const bad of ['stale', 'early', 'unwritten'] as const) {
    measure(`10 keys, one ${bad} read`, withBadRead(right, bad), keyed, criterion, 2000);
  }
}
