import type { HistoryOperation, SequentialModel } from '../src/history/linearizability.ts';

interface Entry {
  /** Index of the operation. */
  readonly of: number;
  /** Null for an answer. */
  readonly answer: Entry | null;
  previous: Entry | null;
  next: Entry | null;
}

/**
 * Reference: Wing & Gong's search with Lowe's cache as Porcupine has it, a linked list of calls and answers, a bit set of what is placed,
 * and a cache by its hash; by key. Stops after so many milliseconds.
 */
export function wingGongLowe(history: readonly HistoryOperation[], model: SequentialModel, most: number): 'yes' | 'no' | 'unknown' {
  const parts = new Map<string, HistoryOperation[]>();
  for (const operation of history) {
    const key = model.partition?.(operation) ?? '';
    parts.set(key, [...(parts.get(key) ?? []), operation]);
  }
  const end = performance.now() + most;
  for (const part of parts.values()) {
    const found = check(part, model, end);
    if (found !== 'yes') return found;
  }
  return 'yes';
}

function check(operations: readonly HistoryOperation[], model: SequentialModel, end: number): 'yes' | 'no' | 'unknown' {
  const head: Entry = { of: -1, answer: null, previous: null, next: null };
  const moments = operations.flatMap((operation, of) => {
    const answer: Entry = { of, answer: null, previous: null, next: null };
    const call: Entry = { of, answer, previous: null, next: null };
    return [
      { at: operation.call, entry: call, late: 0 },
      { at: operation.response ?? Number.POSITIVE_INFINITY, entry: answer, late: 1 },
    ];
  });
  moments.sort((a, b) => a.at - b.at || a.late - b.late);
  let last = head;
  for (const { entry } of moments) {
    last.next = entry;
    entry.previous = last;
    last = entry;
  }
  const placed = new Int32Array((operations.length + 31) >>> 5);
  const cache = new Map<number, { placed: Int32Array; state: string }[]>();
  const stack: { entry: Entry; state: unknown }[] = [];
  let state = model.initial();
  let steps = 0;
  for (let entry = head.next; head.next !== null; ) {
    if (++steps % 1024 === 0 && performance.now() > end) return 'unknown';
    if (entry?.answer) {
      const operation = operations[entry.of] as HistoryOperation;
      const next = model.apply(state, operation.operation, operation.args);
      const { response } = operation;
      const fits =
        response === null || model.resultKey(operation.operation, next.result) === model.resultKey(operation.operation, operation.result);
      if (fits) {
        placed[entry.of >>> 5] = (placed[entry.of >>> 5] as number) | (1 << (entry.of & 31));
        if (isNew(cache, placed, model.stateKey(next.state))) {
          stack.push({ entry, state });
          state = next.state;
          lift(entry);
          entry = head.next;
          continue;
        }
        placed[entry.of >>> 5] = (placed[entry.of >>> 5] as number) & ~(1 << (entry.of & 31));
      }
      entry = entry.next;
    } else {
      // An answer whose call is not placed. Those that never came stand at the end: then all that must be placed is.
      if (entry && operations[entry.of]?.response === null) return 'yes';
      const top = stack.pop();
      if (!top) return 'no';
      state = top.state;
      placed[top.entry.of >>> 5] = (placed[top.entry.of >>> 5] as number) & ~(1 << (top.entry.of & 31));
      unlift(top.entry);
      entry = top.entry.next;
    }
  }
  return 'yes';
}

function isNew(cache: Map<number, { placed: Int32Array; state: string }[]>, placed: Int32Array, state: string): boolean {
  let hash = 0;
  for (const word of placed) hash = Math.imul(hash ^ word, 0x9e3779b1) ^ (hash >>> 15);
  const known = cache.get(hash);
  if (known?.some((other) => other.state === state && other.placed.every((word, at) => word === placed[at]))) return false;
  const entry = { placed: placed.slice(), state };
  if (known) known.push(entry);
  else cache.set(hash, [entry]);
  return true;
}

function lift({ previous, next, answer }: Entry): void {
  if (previous) previous.next = next;
  if (next) next.previous = previous;
  if (!answer) return;
  if (answer.previous) answer.previous.next = answer.next;
  if (answer.next) answer.next.previous = answer.previous;
}

function unlift(entry: Entry): void {
  const { previous, next, answer } = entry;
  if (answer) {
    if (answer.previous) answer.previous.next = answer;
    if (answer.next) answer.next.previous = answer;
  }
  if (previous) previous.next = entry;
  if (next) next.previous = entry;
}
