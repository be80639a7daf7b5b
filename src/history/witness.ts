import type { Budget, HistoryOperation, SequentialModel } from './linearizability.ts';

/**
 * The smallest part of a refused history that can be found by leaving out. An operation that is left out counts as never answered: an
 * update may have taken effect or not, a read says nothing. So the part is refused whatever the others did.
 *
 * A `guess` is tried first. Chunks are left out, halves first (Zeller & Hildebrandt, IEEE TSE 2002), as long as the rest is `refused` within the budget. What
 * was written and read of the part's own values is added, so that the part can be understood.
 */
export function narrowed(
  history: readonly HistoryOperation[],
  model: SequentialModel,
  budget: Budget,
  guess: readonly HistoryOperation[],
  refused: (part: readonly HistoryOperation[], budget: Budget) => boolean,
): readonly HistoryOperation[] {
  const ordered = [...history].sort((a, b) => a.call - b.call || a.id - b.id);
  const isRead = (operation: HistoryOperation): boolean => model.kind?.(operation.operation) === 'read';
  const accesses = new Map(ordered.map((operation) => [operation, model.register?.(operation) ?? null]));
  const cell = (operation: HistoryOperation): string => JSON.stringify([accesses.get(operation)?.key, accesses.get(operation)?.value]);
  const without = (kept: ReadonlySet<HistoryOperation>): HistoryOperation[] => {
    const read = new Set([...kept].filter(isRead).map(cell));
    return ordered.flatMap((operation) => {
      if (kept.has(operation)) return [operation];
      // A write of a register that need not be there and that nobody reads makes no difference.
      const useless = accesses.get(operation)?.kind === 'write' && !read.has(cell(operation));
      return isRead(operation) || useless ? [] : [{ ...operation, response: null }];
    });
  };
  let kept = ordered.filter((operation) => operation.response !== null);
  const stays = (part: readonly HistoryOperation[]): boolean => {
    // Each try also costs what building it costs.
    budget.left -= ordered.length;
    return budget.left > 0 && refused(without(new Set(part)), budget);
  };
  const guessed = kept.filter((operation) => guess.some(({ id }) => id === operation.id));
  if (guessed.length > 0 && guessed.length < kept.length && stays(guessed)) kept = guessed;
  for (let size = kept.length >> 1; size >= 1 && budget.left > 0; size = Math.min(size >> 1, kept.length)) {
    for (let from = kept.length - size; from > -size && budget.left > 0; from -= size) {
      const part = kept.filter((_, at) => at < from || at >= from + size);
      if (part.length < kept.length && stays(part)) kept = part;
    }
  }
  const shown = new Set(kept);
  for (const operation of kept) {
    const read = accesses.get(operation);
    if (read?.kind !== 'read') continue;
    const writer = ordered.find((other) => {
      const write = accesses.get(other);
      return write?.kind === 'write' && write.key === read.key && write.value === read.value;
    });
    if (writer) shown.add(writer);
  }
  return ordered.filter((operation) => shown.has(operation));
}
