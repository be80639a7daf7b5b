/** Says in one sentence what is broken in a refused part of a history of registers: what a read misses, and how it was known. */

import type { Criterion } from '../model/consistency.ts';
import type { HistoryOperation, SequentialModel } from './linearizability.ts';
import { accessesOf, writersOf } from './registers.ts';
import { Sessions } from './sessions.ts';

/** Criteria that are broken when causes are not seen with their effects. */
const CAUSAL: ReadonlySet<Criterion> = new Set([
  'causal',
  'read_your_writes',
  'monotonic_reads',
  'monotonic_writes',
  'writes_follow_reads',
]);

/**
 * The chain of calls through which a reader knew of a write, and what that write had replaced and the reader got nevertheless (the
 * patterns WriteCORead and WriteCOInitRead of Bouajjani et al., POPL 2017); null where what is wrong is of another shape.
 */
export function reasonOf(
  criterion: Criterion,
  part: readonly HistoryOperation[],
  model: SequentialModel,
  textOf: (operation: HistoryOperation) => string,
): string | null {
  if (!CAUSAL.has(criterion)) return null;
  const sessions = new Sessions(part, model);
  const { operations } = sessions;
  const accesses = accessesOf(operations, model);
  if (!accesses) return null;
  const writers = accesses.map((access, index) => (access.kind === 'read' ? writersOf(access, accesses, null, index) : []));
  /** The calls of a shortest chain in which each was made by a client that knew of the one before. */
  const chain = (from: number, to: number): readonly number[] | null => {
    const reached = new Map<number, number>([[from, -1]]);
    for (const at of reached.keys()) {
      for (const next of operations.keys()) {
        const known = sessions.before(at, next) || (writers[next]?.length === 1 && writers[next]?.[0] === at);
        if (known && !reached.has(next)) reached.set(next, at);
      }
    }
    if (!reached.has(to)) return null;
    const path: number[] = [];
    for (let at = to; at >= 0; at = reached.get(at) as number) path.unshift(at);
    return path;
  };
  const text = (index: number): string => `\`${textOf(sessions.at(index))}\``;
  const through = (path: readonly number[]): string =>
    path.length > 2 ? ` by way of ${path.slice(1, -1).map(text).join(' and ')}` : ' at the same client';
  for (const [read, access] of accesses.entries()) {
    if (access.kind !== 'read' || writers[read]?.length !== 1) continue;
    const writer = writers[read]?.[0] as number;
    for (const [missed, other] of accesses.entries()) {
      if (other.kind !== 'write' || other.key !== access.key || missed === writer) continue;
      const known = chain(missed, read);
      const replaced = writer < 0 ? [] : chain(writer, missed);
      if (!known || !replaced) continue;
      const after = `it comes after it${through(known)}`;
      if (writer < 0) return `${text(read)} gives what was there before ${text(missed)}, but ${after}`;
      return `${text(read)} gives what ${text(missed)} had replaced, but ${after}; that came after ${text(writer)}${through(replaced)}`;
    }
  }
  return null;
}
