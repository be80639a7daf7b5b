/**
 * Registers: where it is known which write a read has read from, other orders follow (the rules of Gibbons & Korach 1997;
 * Bouajjani, Enea, Guerraoui & Hamza, POPL 2017, for causal memory). A contradiction among them refutes a history in
 * polynomial time, and without one there is little left to search.
 */

import type { Precedence } from './bits.ts';
import type { Budget, HistoryOperation, RegisterAccess, SequentialModel } from './linearizability.ts';

/** Registers that each operation reads or writes; null where one does something else. */
export function accessesOf(operations: readonly HistoryOperation[], model: SequentialModel): readonly RegisterAccess[] | null {
  const accesses = operations.map((operation) => model.register?.(operation) ?? null);
  return accesses.every((access) => access !== null) ? (accesses as RegisterAccess[]) : null;
}

/** Writers of a read: indices of operations, -1 for the initial value. */
export function writersOf(read: RegisterAccess, accesses: readonly RegisterAccess[], order: Precedence | null, index: number): number[] {
  const writers = accesses.flatMap((access, other) => {
    const fits = access.kind === 'write' && access.key === read.key && access.value === read.value;
    return fits && !order?.has(other, index) ? [other] : [];
  });
  return read.value === read.initial ? [-1, ...writers] : writers;
}

/**
 * Adds to `order` what follows from the reads in one order of all items in which each of `reads` gives the latest value:
 * a write before a read of another comes before that other; a write after the one that is read comes after the read. False
 * where an item that one of `needed` needs would come before itself: then there is no such order. Reads with several possible
 * writers say nothing. Stops adding when half of the budget is gone, which leaves out only what was not needed to be right.
 */
export function saturate(
  order: Precedence,
  accesses: readonly RegisterAccess[],
  reads: readonly number[],
  needed: readonly number[],
  budget: Budget,
): boolean {
  const least = budget.left / 2;
  const cost = 1 + (order.size >>> 4);
  const writesTo = new Map<string, number[]>();
  for (const [index, { kind, key }] of accesses.entries()) {
    if (kind !== 'write') continue;
    const writes = writesTo.get(key);
    if (writes) writes.push(index);
    else writesTo.set(key, [index]);
  }
  const known: { readonly read: number; readonly writer: number; readonly others: readonly number[] }[] = [];
  for (const read of reads) {
    const access = accesses[read] as RegisterAccess;
    const writers = writersOf(access, accesses, order, read);
    const [writer] = writers;
    if (writer === undefined) return false;
    if (writers.length > 1) continue;
    if (writer >= 0) order.add(read, writer);
    known.push({ read, writer, others: (writesTo.get(access.key) ?? []).filter((other) => other !== writer) });
  }
  for (let changed = true; changed && budget.left > least; ) {
    changed = false;
    for (const { read, writer, others } of known) {
      for (const other of others) {
        if (order.has(read, other)) {
          if (writer < 0) return false;
          if (order.add(writer, other)) {
            changed = true;
            budget.left -= cost;
          }
        }
        if ((writer < 0 || order.has(other, writer)) && order.add(other, read)) {
          changed = true;
          budget.left -= cost;
        }
      }
    }
  }
  return !needed.some((item) => order.has(item, item) || order.list(item).some((before) => order.has(before, before)));
}

/** The same registers, with every write's value told apart and every read's known to come from the writer chosen for it. */
export function withWriters(
  accesses: readonly RegisterAccess[],
  writers: ReadonlyMap<number, readonly number[]>,
): readonly RegisterAccess[] {
  return accesses.map((access, index) => {
    const [writer] = access.kind === 'write' ? [index] : (writers.get(index) ?? []);
    return { ...access, value: writer === undefined ? 'initial' : `write ${writer}`, initial: 'initial' };
  });
}
