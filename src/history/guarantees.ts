/** The four session guarantees (Terry, Demers, Petersen, Spreitzer, Theimer & Welch, PDIS 1994), each by itself. */

import { Precedence } from './bits.ts';
import type { RegisterAccess } from './linearizability.ts';
import { withWriters, writersOf } from './registers.ts';
import { eachChoice } from './seen.ts';
import { type Answer, all, type Case, hasView } from './views.ts';

/** What must come before what, among updates of one session other than the viewer's, or across sessions. */
type Rule = (a: number, b: number, observed: ReadonlySet<number>) => boolean;

/**
 * For every result: some updates, all that its session had finished before among them and in their order, after which the
 * specification gives it. What the session does later is not among them.
 */
export function readYourWrites(of: Case): Answer {
  const { sessions } = of;
  return all(
    sessions.sessions.flatMap((session) => session.filter((index) => sessions.observes(index)).map((observed) => ({ session, observed }))),
    ({ session, observed }) => {
      if (of.accesses) return readsOwnWrites(of, of.accesses, session, observed) ? 'yes' : 'no';
      const own = new Set(session);
      return hasView(of, {
        observed: [observed],
        items: sessions.operations.flatMap((_, index) => (index === observed || sessions.updates(index) ? [index] : [])),
        before: (a, b) => own.has(a) && own.has(b) && sessions.before(a, b),
      });
    },
  );
}

/** The same for a read of a register: no write that it may give is one that an own, later one has replaced. */
function readsOwnWrites({ sessions }: Case, accesses: readonly RegisterAccess[], session: readonly number[], read: number): boolean {
  const access = accesses[read] as RegisterAccess;
  const own = session.filter(
    (index) => accesses[index]?.kind === 'write' && accesses[index]?.key === access.key && sessions.before(index, read),
  );
  return writersOf(access, accesses, null, read).some((writer) => {
    if (writer < 0) return own.length === 0;
    return !sessions.before(read, writer) && !own.some((later) => sessions.before(writer, later));
  });
}

/** For every session one order of updates in which its results come one after the other. */
export function monotonicReads(of: Case): Answer {
  return all(of.sessions.sessions, (session) => all(of.sessions.experiences(session), (observed) => monotonicView(of, session, observed)));
}

/** As `monotonicReads`, with every session's updates in the order in which it made them. */
export function monotonicWrites(of: Case): Answer {
  const { sessions } = of;
  return all(sessions.sessions, (session) =>
    withRule(of, session, (a, b) => sessions.updates(a) && sessions.updates(b) && sessions.before(a, b)),
  );
}

/** As `monotonicReads`, with every update after those that its session had seen before it. */
export function writesFollowReads(of: Case): Answer {
  const { sessions, accesses, budget } = of;
  const readers = sessions.operations.flatMap((_, index) => (sessions.observes(index) ? [index] : []));
  const followers = new Map(
    readers.map((read) => [
      read,
      sessions.operations.flatMap((_, index) => (sessions.updates(index) && sessions.before(read, index) ? [index] : [])),
    ]),
  );
  const judge = (seen: ReadonlyMap<number, readonly number[]>): Answer => {
    const order = new Precedence(sessions.operations.length);
    for (const [read, updates] of seen)
      for (const later of followers.get(read) ?? []) for (const update of updates) order.add(later, update);
    const exact = accesses ? null : seen;
    const chosen = accesses ? { ...of, accesses: withWriters(accesses, seen) } : of;
    return all(sessions.sessions, (session) =>
      withRule(chosen, session, (a, b, observed) => {
        if (order.has(b, a)) return true;
        // What a reader sees are exactly the updates before it.
        if (exact && observed.has(b) && sessions.updates(a) && exact.get(b)?.includes(a)) return true;
        return exact !== null && observed.has(a) && sessions.updates(b) && exact.get(a)?.includes(b) === false;
      }),
    );
  };
  if (accesses) {
    const choices = readers.map((read) =>
      writersOf(accesses[read] as RegisterAccess, accesses, null, read).map((writer) => (writer < 0 ? [] : [writer])),
    );
    return eachChoice(readers, choices, budget, judge);
  }
  return eachChoice(readers, subsets(of, readers), budget, judge);
}

/**
 * Whether a session's view obeys a rule on the order of updates. Where its reads are not even monotonic, each result is looked at
 * by itself: what breaks there is not the rule.
 */
function withRule(of: Case, session: readonly number[], rule: Rule): Answer {
  return all(of.sessions.experiences(session), (observed) => {
    const monotonic = monotonicView(of, session, observed);
    if (monotonic === 'no') return all(observed, (each) => monotonicView(of, session, [each], rule));
    const found = monotonicView(of, session, observed, rule);
    return found === 'no' && monotonic === 'unknown' ? 'unknown' : found;
  });
}

function monotonicView(of: Case, session: readonly number[], observed: readonly number[], rule?: Rule): Answer {
  const { sessions } = of;
  const own = new Set(session);
  const told = new Set(observed);
  return hasView(of, {
    observed,
    items: sessions.operations.flatMap((_, index) => (told.has(index) || sessions.updates(index) ? [index] : [])),
    before: (a, b) => {
      // The session's own results come in its order, and no update of its own comes before a result that it follows.
      if (!own.has(a) || !own.has(b) || !sessions.before(a, b)) return false;
      return told.has(a) || (sessions.updates(a) && sessions.updates(b));
    },
    across: rule && ((a, b) => rule(a, b, told)),
  });
}

/** For each reader all sets of updates that it may have seen. Empty where there are too many to list. */
export function subsets({ sessions }: Case, readers: readonly number[]): readonly Iterable<readonly number[]>[] {
  const updates = sessions.operations.flatMap((_, index) => (sessions.updates(index) ? [index] : []));
  return readers.map((read) => {
    const possible = updates.filter((update) => update !== read && !sessions.before(read, update));
    return {
      *[Symbol.iterator]() {
        // Most likely first: what was answered before the reader was called is seen, the rest is not.
        const count = 2 ** possible.length;
        for (let bits = count - 1; bits >= 0; bits--) yield possible.filter((_, at) => Math.floor(bits / 2 ** at) % 2 === 1);
      },
    };
  });
}
