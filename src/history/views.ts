/**
 * A view of a session: an order of updates, its own and others', in which the session's results are what the specification
 * gives (Terry et al., PDIS 1994; Ahamad et al., Distributed Computing 1995). Criteria differ in what must come before what.
 */

import { Precedence } from './bits.ts';
import type { Budget, RegisterAccess, SequentialModel } from './linearizability.ts';
import { findOrder } from './orders.ts';
import { saturate, writersOf } from './registers.ts';
import type { Sessions } from './sessions.ts';
import type { Transitions } from './transitions.ts';

/** A history under judgement, with what its checks share. */
export interface Case {
  readonly model: SequentialModel;
  readonly sessions: Sessions;
  readonly transitions: Transitions;
  readonly budget: Budget;
  /** By operation; null where the specification is more than registers. */
  readonly accesses: readonly RegisterAccess[] | null;
}

export type Answer = 'yes' | 'no' | 'unknown';

/** What must be explained, and in which order. Indices are of operations. */
export interface View {
  /** Operations whose results must come out. */
  readonly observed: readonly number[];
  /** Updates and reads that may occur, `observed` among them, ascending. */
  readonly items: readonly number[];
  /** Updates that must occur. */
  readonly forced?: readonly number[];
  /** Whether `a`, if `b` is there, must be there before it; asked of operations of one session. */
  readonly before: (a: number, b: number) => boolean;
  /** The same, asked of all pairs. */
  readonly across?: (a: number, b: number) => boolean;
}

/** Whether there is such an order. */
export function hasView(of: Case, view: View): Answer {
  const { items } = view;
  const size = items.length;
  const order = new Precedence(size);
  const bySession = new Map<number, number[]>();
  for (const [b, index] of items.entries()) {
    const { client } = of.sessions.at(index);
    const earlier = bySession.get(client) ?? [];
    // Latest first: what comes before it need not be asked for.
    for (let at = earlier.length - 1; at >= 0; at--) {
      const a = earlier[at] as number;
      if (!order.has(b, a) && view.before(items[a] as number, index)) order.add(b, a);
    }
    earlier.push(b);
    bySession.set(client, earlier);
  }
  const { across } = view;
  if (across) {
    for (let b = 0; b < size; b++) {
      for (let a = size - 1; a >= 0; a--) {
        if (a !== b && !order.has(b, a) && across(items[a] as number, items[b] as number)) order.add(b, a);
      }
    }
  }
  const observed = new Set(view.observed);
  const needed = new Set([...view.observed, ...(view.forced ?? [])]);
  let kept = items.map((_, item) => item);
  if (of.accesses) {
    const accesses = items.map((index) => of.accesses?.[index] as RegisterAccess);
    const reads = kept.filter((item) => observed.has(items[item] as number) && accesses[item]?.kind === 'read');
    const roots = kept.filter((item) => needed.has(items[item] as number));
    if (!saturate(order, accesses, reads, roots, of.budget)) return 'no';
    // Writes that nobody reads and nothing needs may be left out.
    const useful = new Set(roots);
    for (const read of reads) for (const writer of writersOf(accesses[read] as RegisterAccess, accesses, order, read)) useful.add(writer);
    for (const item of [...useful]) if (item >= 0) for (const before of order.list(item)) useful.add(before);
    kept = kept.filter((item) => useful.has(item));
    // What the first read needs comes first, then what the second needs.
    const turn = new Map<number, number>();
    reads.forEach((read, at) => {
      for (const item of [...order.list(read), read]) if (!turn.has(item)) turn.set(item, at);
    });
    kept.sort((a, b) => (turn.get(a) ?? size) - (turn.get(b) ?? size) || a - b);
  }
  const place = new Map(kept.map((item, at) => [item, at]));
  const outcome = findOrder(
    {
      operations: kept.map((item) => of.sessions.at(items[item] as number)),
      mandatory: kept.map((item) => needed.has(items[item] as number)),
      checked: kept.map((item) => observed.has(items[item] as number)),
      after: kept.map((item) => order.list(item).map((before) => place.get(before) ?? (place.get(item) as number))),
    },
    of.transitions,
    of.budget,
  );
  return outcome.verdict;
}

/** `no` if one is, else `unknown` if one is. Stops at the first `no`. */
export function all<T>(items: Iterable<T>, answer: (item: T) => Answer): Answer {
  let result: Answer = 'yes';
  for (const item of items) {
    const found = answer(item);
    if (found === 'no') return 'no';
    if (found === 'unknown') result = 'unknown';
  }
  return result;
}
