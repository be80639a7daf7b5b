/**
 * Causal memory (Ahamad, Neiger, Burns, Kohli & Hutto 1995), for any specification as by Perrin, Mostéfaoui & Jard (PPoPP 2016) and
 * Bouajjani, Enea, Guerraoui & Hamza (POPL 2017), who call it CM: there is a causal order that contains every session's own
 * order, and each operation and the results of its session before it are explained by one order of its causal past.
 */

import { Precedence } from './bits.ts';
import { subsets } from './guarantees.ts';
import type { RegisterAccess } from './linearizability.ts';
import { withWriters, writersOf } from './registers.ts';
import { eachChoice } from './seen.ts';
import { sequential } from './serial.ts';
import { type Answer, all, type Case, hasView } from './views.ts';

/**
 * Registers whose written values differ are decided in polynomial time; values written twice multiply the choices. Other
 * specifications are tried against what is stronger and what is weaker before all causal orders are.
 */
export function causal(of: Case): Answer {
  const { sessions, accesses, budget } = of;
  const readers = sessions.operations.flatMap((_, index) => (sessions.observes(index) ? [index] : []));
  if (accesses) {
    const choices = readers.map((read) =>
      writersOf(accesses[read] as RegisterAccess, accesses, null, read).map((writer) => (writer < 0 ? [] : [writer])),
    );
    return eachChoice(readers, choices, budget, (seen) => causalRegisters(of, seen));
  }
  const share = { left: Math.floor(budget.left / 4), shouldStop: budget.shouldStop };
  budget.left -= share.left;
  if (sequential({ ...of, budget: share }) === 'yes') return 'yes';
  share.left = Math.floor(budget.left / 4);
  budget.left -= share.left;
  if (pipelined({ ...of, budget: share }) === 'no') return 'no';
  return eachChoice(readers, subsets(of, readers), budget, (seen) => causalPasts(of, seen));
}

/** The causal order: the sessions' orders and what was seen. Null where it is not an order. */
function causalOrder({ sessions }: Case, seen: ReadonlyMap<number, readonly number[]>): Precedence | null {
  const order = new Precedence(sessions.operations.length);
  for (const [index, before] of sessions.predecessors().entries()) {
    for (const other of before) order.add(index, other);
    for (const other of seen.get(index) ?? []) if (other !== index) order.add(index, other);
  }
  return sessions.operations.some((_, index) => order.has(index, index)) ? null : order;
}

function causalRegisters(of: Case, seen: ReadonlyMap<number, readonly number[]>): Answer {
  const { sessions, accesses } = of;
  const order = causalOrder(of, seen);
  if (!order || !accesses) return 'no';
  const chosen = { ...of, accesses: withWriters(accesses, seen) };
  return all(sessions.sessions, (session) =>
    all(sessions.experiences(session), (observed) =>
      hasView(chosen, {
        observed,
        items: seenBy(of, observed),
        before: (a, b) => order.has(b, a),
        across: (a, b) => order.has(b, a),
      }),
    ),
  );
}

/** All updates, and those operations. */
function seenBy({ sessions }: Case, observed: readonly number[]): readonly number[] {
  const told = new Set(observed);
  return sessions.operations.flatMap((_, index) => (told.has(index) || sessions.updates(index) ? [index] : []));
}

function causalPasts(of: Case, seen: ReadonlyMap<number, readonly number[]>): Answer {
  const { sessions } = of;
  const order = causalOrder(of, seen);
  if (!order) return 'no';
  return all([...seen.keys()], (reader) => {
    const past = order.list(reader);
    const observed = [...past.filter((index) => sessions.before(index, reader) && sessions.observes(index)), reader];
    const told = new Set(observed);
    return hasView(of, {
      observed,
      items: [...past, reader].filter((index) => told.has(index) || sessions.updates(index)).sort((a, b) => a - b),
      forced: past.filter((index) => sessions.updates(index)),
      before: (a, b) => order.has(b, a),
      across: (a, b) => order.has(b, a),
    });
  });
}

/** What causal memory implies: each session sees all updates, its own and others', in their sessions' orders (PRAM, Lipton & Sandberg 1988). */
function pipelined(of: Case): Answer {
  const { sessions } = of;
  return all(sessions.sessions, (session) =>
    all(sessions.experiences(session), (observed) =>
      hasView(of, { observed, items: seenBy(of, observed), before: (a, b) => sessions.before(a, b) }),
    ),
  );
}
