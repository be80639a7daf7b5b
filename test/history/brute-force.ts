/** Criteria by their definitions: all orders, all sets of what was seen. For histories of a handful of calls. */

import type { HistoryOperation, SequentialModel } from '../../src/history/linearizability.ts';
import type { Criterion } from '../../src/model/consistency.ts';

type Op = HistoryOperation;
type Before = (a: Op, b: Op) => boolean;

const inSession: Before = (a, b) => a.client === b.client && a.response !== null && a.response < b.call;
const inTime: Before = (a, b) => a.response !== null && a.response < b.call;

export function bruteForce(criterion: Criterion, history: readonly Op[], model: SequentialModel): 'yes' | 'no' | 'unknown' {
  if (criterion === 'convergent') return convergent(history, model);
  return decide(criterion, history, model) ? 'yes' : 'no';
}

function decide(criterion: Criterion, history: readonly Op[], model: SequentialModel): boolean {
  const answered = history.filter((op) => op.response !== null);
  const updates = history.filter((op) => model.kind?.(op.operation) !== 'read');
  const observers = answered.filter((op) => model.kind?.(op.operation) !== 'write');
  const clients = [...new Set(history.map((op) => op.client))];
  const order = (must: readonly Op[], may: readonly Op[], checked: readonly Op[], before: Before, exact?: Before): boolean =>
    someOrder(model, must, may, checked, before, exact);
  const monotonic = (observed: readonly Op[], before: Before, exact?: Before): boolean =>
    order(
      observed,
      updates,
      observed,
      (a, b) =>
        before(a, b) ||
        (inSession(a, b) &&
          observed.length > 0 &&
          a.client === observed[0]?.client &&
          (observed.includes(a) || (updates.includes(a) && updates.includes(b)))),
      exact,
    );
  const own = (client: number): Op[] => observers.filter((op) => op.client === client);
  const upTo = (op: Op): Op[] => [...own(op.client).filter((other) => inSession(other, op)), op];
  const ruled = (client: number, before: Before, exact?: Before): boolean =>
    own(client).every((op) =>
      monotonic(upTo(op), () => false) ? monotonic(upTo(op), before, exact) : upTo(op).every((each) => monotonic([each], before, exact)),
    );
  switch (criterion) {
    case 'linearizable':
    case 'strictly_serializable':
      return order(answered, history, answered, inTime);
    case 'sequential':
      return order(answered, history, answered, inSession);
    case 'serializable':
      return order(answered, history, answered, () => false);
    case 'read_your_writes':
      return observers.every((op) => {
        const earlier = updates.filter((update) => inSession(update, op));
        return order([...earlier, op], updates, [op], (a, b) => a.client === op.client && inSession(a, b));
      });
    case 'monotonic_reads':
      return observers.every((op) => monotonic(upTo(op), () => false));
    case 'monotonic_writes':
      return clients.every((client) => ruled(client, (a, b) => updates.includes(a) && updates.includes(b) && inSession(a, b)));
    case 'writes_follow_reads':
      return someSeen(observers, updates, (seen) => {
        const before: Before = (a, b) =>
          observers.some((read) => inSession(read, b) && updates.includes(b) && (seen.get(read) ?? []).includes(a));
        const exact: Before = (a, reader) => (seen.get(reader) ?? []).includes(a);
        return clients.every((client) => ruled(client, before, exact));
      });
    case 'causal':
      return someSeen(observers, updates, (seen) => {
        const past = closure(history, (a, b) => inSession(a, b) || (seen.get(b) ?? []).includes(a));
        if (!past) return false;
        return observers.every((op) => {
          const before = past.get(op) as ReadonlySet<Op>;
          const told = [...observers.filter((other) => before.has(other) && other.client === op.client && inSession(other, op)), op];
          const seenUpdates = updates.filter((update) => before.has(update));
          return order([...new Set([...told, ...seenUpdates])], [], told, (a, b) => past.get(b)?.has(a) ?? false);
        });
      });
    default:
      throw new Error(criterion);
  }
}

/** Whether some order of all of `must` and some of `may` gives the results of `checked`. `before(a, b)`: b needs a before it. */
function someOrder(
  model: SequentialModel,
  must: readonly Op[],
  may: readonly Op[],
  checked: readonly Op[],
  before: Before,
  exact?: Before,
): boolean {
  const items = [...new Set([...must, ...may])];
  const search = (state: unknown, placed: readonly Op[]): boolean => {
    if (must.every((op) => placed.includes(op))) return true;
    return items.some((op) => {
      if (placed.includes(op)) return false;
      // Whatever must come before it, optional or not, must be there.
      if (items.some((other) => other !== op && before(other, op) && !placed.includes(other))) return false;
      const updates = (each: Op): boolean => model.kind?.(each.operation) !== 'read';
      if (
        exact &&
        checked.includes(op) &&
        items.some((other) => other !== op && updates(other) && exact(other, op) !== placed.includes(other))
      )
        return false;
      const next = model.apply(state, op.operation, op.args);
      if (checked.includes(op) && model.resultKey(op.operation, next.result) !== model.resultKey(op.operation, op.result)) return false;
      return search(next.state, [...placed, op]);
    });
  };
  return search(model.initial(), []);
}

function someSeen(readers: readonly Op[], updates: readonly Op[], holds: (seen: ReadonlyMap<Op, readonly Op[]>) => boolean): boolean {
  const seen = new Map<Op, readonly Op[]>();
  const choose = (at: number): boolean => {
    const reader = readers[at];
    if (!reader) return holds(seen);
    const possible = updates.filter((update) => update !== reader);
    for (let bits = 0; bits < 2 ** possible.length; bits++) {
      seen.set(
        reader,
        possible.filter((_, index) => (bits & (1 << index)) !== 0),
      );
      if (choose(at + 1)) return true;
    }
    return false;
  };
  return choose(0);
}

/** For each operation all before it; null where one is before itself. */
function closure(history: readonly Op[], before: Before): ReadonlyMap<Op, ReadonlySet<Op>> | null {
  const past = new Map(history.map((op) => [op, new Set(history.filter((other) => other !== op && before(other, op)))]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const set of past.values()) {
      for (const op of [...set]) {
        for (const further of past.get(op) ?? []) {
          if (!set.has(further)) changed = true;
          set.add(further);
        }
      }
    }
  }
  return history.some((op) => past.get(op)?.has(op)) ? null : past;
}

function convergent(history: readonly Op[], model: SequentialModel): 'yes' | 'no' | 'unknown' {
  const updates = history.filter((op) => model.kind?.(op.operation) !== 'read');
  const reads = history.filter(
    (op) =>
      model.kind?.(op.operation) === 'read' &&
      op.response !== null &&
      updates.every((update) => (update.response ?? update.call) < op.call),
  );
  const same = (a: Op, b: Op): boolean => a.client === b.client && a.operation === b.operation && a.args.join() === b.args.join();
  const last = reads.filter(
    (op) => !reads.some((other) => other !== op && same(op, other) && (other.response as number) > (op.response as number)),
  );
  const ended = (op: Op): number => op.response as number;
  const finals = last.filter(
    (op) => !last.some((other) => same(op, other) && other !== op && ended(other) === ended(op) && other.id < op.id),
  );
  if (finals.length === 0) return 'unknown';
  const explains = (state: unknown, rest: readonly Op[]): boolean => {
    const fits = finals.every(
      (op) => model.resultKey(op.operation, model.apply(state, op.operation, op.args).result) === model.resultKey(op.operation, op.result),
    );
    if (fits && rest.every((op) => op.response === null)) return true;
    return rest.some((op) =>
      explains(
        model.apply(state, op.operation, op.args).state,
        rest.filter((other) => other !== op),
      ),
    );
  };
  return explains(model.initial(), updates) ? 'yes' : 'no';
}
