import type { Expression, Handler, ProtocolCode, Statement } from '../../model/code.ts';
import { blocksOf, expressionsOf, walkExpression } from '../../model/walk.ts';

/**
 * Where in a handler something stands: the branches of `if` and `match` around it, through the functions called. `leaves`: a
 * branch of the handler itself that ends in `return`, so that what follows the choice is not done too.
 */
export type Place = readonly { readonly statement: Statement; readonly branch: number; readonly leaves: boolean }[];

/** A `set t after …` that a handler can reach. */
export interface TimerSetting {
  readonly timer: string;
  readonly delay: Expression;
  /** Whether the handler reaches it whenever it does not return before: not only in a branch or loop. */
  readonly always: boolean;
  readonly place: Place;
}

/** What a handler may do, by itself and by the functions that it calls, whichever way it goes. */
export interface Deeds {
  readonly handler: Handler;
  readonly sets: readonly TimerSetting[];
  readonly cancels: ReadonlySet<string>;
  readonly cancelled: readonly { readonly timer: string; readonly place: Place }[];
  /** Calls that are answered; `kept`: surely not the one being handled but one from before. */
  readonly answers: readonly { readonly place: Place; readonly kept: boolean }[];
  /** Messages sent to others, in the order of the text. */
  readonly sends: readonly { readonly message: string; readonly place: Place }[];
  readonly changes: ReadonlySet<string>;
  readonly reads: ReadonlySet<string>;
}

/** A timer that runs while its node waits for others to answer. */
export interface Wait {
  readonly timer: string;
  readonly delay: Expression;
  /** Sets the timer and sends `asks`. */
  readonly by: Handler;
  readonly asks: string;
  /** The message whose arrival stops the timer or starts it anew: an answer, or what follows from answers. */
  readonly endedBy: string;
  /** Whether the timer only asks again and late answers still count: impatience then costs messages and nothing else. */
  readonly resends: boolean;
}

/** A timer that is set anew by each message which another timer has sent at its every turn. */
export interface Watch {
  readonly timer: string;
  readonly delay: Expression;
  readonly message: string;
  readonly beat: string;
  readonly period: Expression;
  readonly sender: Handler;
  readonly receiver: Handler;
}

const deedsKnown = new WeakMap<ProtocolCode, readonly Deeds[]>();

/** The deeds of each handler, in the order of the text. */
export function deedsOf(protocol: ProtocolCode): readonly Deeds[] {
  const known = deedsKnown.get(protocol) ?? protocol.handlers.map((handler) => gather(protocol, handler));
  deedsKnown.set(protocol, known);
  return known;
}

/** Statements that are looked at in one handler; functions count at each place that calls them. */
const mostStatements = 5_000;

function gather(protocol: ProtocolCode, handler: Handler): Deeds {
  const sets: TimerSetting[] = [];
  const cancelled: Deeds['cancelled'][number][] = [];
  const answers: Deeds['answers'][number][] = [];
  const sends: Deeds['sends'][number][] = [];
  const changes = new Set<string>();
  const reads = new Set<string>();
  const active = new Set<string>();
  let left = mostStatements;
  const enter = (name: string, always: boolean, place: Place): void => {
    const code = protocol.functions.find((candidate) => candidate.name === name);
    if (code === undefined || active.has(name)) return;
    active.add(name);
    walk(code.body, always, place);
    active.delete(name);
  };
  const walk = (statements: readonly Statement[], always: boolean, place: Place): void => {
    for (const statement of statements) {
      left -= 1;
      if (left < 0) return;
      if (statement.kind === 'set-timer') sets.push({ timer: statement.timer, delay: statement.delay, always, place });
      else if (statement.kind === 'cancel-timer') cancelled.push({ timer: statement.timer, place });
      else if (statement.kind === 'reply-call') answers.push({ place, kept: active.size === 0 && isKept(handler, statement.call) });
      else if (statement.kind === 'send' || statement.kind === 'broadcast' || statement.kind === 'reply-message') {
        if (!(statement.kind === 'send' && isSelf(statement.target))) sends.push({ message: statement.message, place });
      } else if (statement.kind === 'assign' && statement.place.root.kind === 'state') changes.add(statement.place.root.name);
      for (const expression of expressionsOf(statement)) {
        walkExpression(expression, (inner) => {
          if (inner.kind === 'state') reads.add(inner.name);
          if (inner.kind === 'call') enter(inner.function, always && statement.kind === 'do', place);
        });
      }
      const branches = statement.kind === 'if' || statement.kind === 'match';
      blocksOf(statement).forEach((block, branch) => {
        const leaves = active.size === 0 && block.at(-1)?.kind === 'return';
        walk(block, false, branches ? [...place, { statement, branch, leaves }] : place);
      });
    }
  };
  walk(handler.body, true, []);
  const cancels = new Set(cancelled.map(({ timer }) => timer));
  return { handler, sets, cancels, cancelled, answers, sends, changes, reads };
}

/** Whether a call that is answered is another than the one being handled. */
function isKept({ trigger }: Handler, call: Expression): boolean {
  return trigger.kind !== 'operation' || (call.kind === 'local' && call.name !== trigger.variable);
}

/** Whether one run can come by both places: they stand in no two branches of one choice. */
export function together(a: Place, b: Place): boolean {
  return a.every(({ statement, branch }) => b.every((other) => other.statement !== statement || other.branch === branch));
}

/** Whether every run that comes by `inner` comes by `outer` too, as far as branches tell: it stands in no branch beyond. */
export function covers(outer: Place, inner: Place): boolean {
  return outer.every(({ statement, branch }) => inner.some((other) => other.statement === statement && other.branch === branch));
}

function isSelf(target: Expression): boolean {
  return target.kind === 'given' && target.name === 'self';
}

const waitsKnown = new WeakMap<ProtocolCode, readonly Wait[]>();

/**
 * Timers that bound a wait: a handler sets the timer and sends a message; the message makes another node send one, that one
 * perhaps a third, and when such a message comes back a handler cancels the timer (or sets it anew, for a timer whose own
 * timeout does not). The wait takes a round trip at the least. Timers that beat (their timeout sets them again, and nothing
 * cancels them) are none.
 */
export function waitsOf(protocol: ProtocolCode): readonly Wait[] {
  const known = waitsKnown.get(protocol) ?? findWaits(protocol);
  waitsKnown.set(protocol, known);
  return known;
}

function findWaits(protocol: ProtocolCode): Wait[] {
  const deeds = deedsOf(protocol);
  const onMessage = byMessage(deeds);
  const onTimeout = new Map(deeds.flatMap((each) => (each.handler.trigger.kind === 'timeout' ? [[each.handler.trigger.timer, each]] : [])));
  const waits: Wait[] = [];
  for (const { handler, sets, sends } of deeds) {
    for (const { timer, delay, place } of sets) {
      const timeout = onTimeout.get(timer);
      if (timeout === undefined) continue;
      const beats = timeout.sets.some((set) => set.timer === timer);
      const ends = ({ cancels, sets: again }: Deeds): boolean => cancels.has(timer) || (!beats && again.some((set) => set.timer === timer));
      for (const asked of sends) {
        // What is sent instead of setting the timer is not what it waits for.
        if (!together(asked.place, place)) continue;
        const endedBy = answerTo(asked.message, onMessage, ends);
        if (endedBy === null) continue;
        waits.push({
          timer,
          delay,
          by: handler,
          asks: asked.message,
          endedBy,
          resends: sendsAgain(timeout, asked.message, onMessage.get(endedBy)),
        });
        break;
      }
    }
  }
  return waits;
}

export function byMessage(deeds: readonly Deeds[]): ReadonlyMap<string, Deeds> {
  return new Map(deeds.flatMap((each) => (each.handler.trigger.kind === 'message' ? [[each.handler.trigger.message, each]] : [])));
}

/** Whether the timeout asks again and leaves alone what the answer is judged by: a late answer is then as good as before. */
function sendsAgain(timeout: Deeds, asks: string, answered: Deeds | undefined): boolean {
  if (!timeout.sends.some(({ message }) => message === asks)) return false;
  return ![...timeout.changes].some((name) => answered?.reads.has(name));
}

/** The nearest message that follows from `asked` over at least one other node and ends the wait; null for none. */
function answerTo(asked: string, onMessage: ReadonlyMap<string, Deeds>, ends: (deeds: Deeds) => boolean): string | null {
  const seen = new Set<string>();
  let layer = [asked];
  while (layer.length > 0) {
    const next: string[] = [];
    for (const message of layer) {
      for (const { message: answer } of onMessage.get(message)?.sends ?? []) {
        if (seen.has(answer)) continue;
        seen.add(answer);
        const deeds = onMessage.get(answer);
        if (deeds !== undefined && ends(deeds)) return answer;
        next.push(answer);
      }
    }
    layer = next;
  }
  return null;
}

const watchesKnown = new WeakMap<ProtocolCode, readonly Watch[]>();

/** Timers that watch a beat: one whose handler sends a message at its every turn, and the message sets the other timer anew. */
export function watchesOf(protocol: ProtocolCode): readonly Watch[] {
  const known = watchesKnown.get(protocol) ?? findWatches(protocol);
  watchesKnown.set(protocol, known);
  return known;
}

function findWatches(protocol: ProtocolCode): Watch[] {
  const deeds = deedsOf(protocol);
  const onMessage = new Map(
    deeds.flatMap((each) => (each.handler.trigger.kind === 'message' ? [[each.handler.trigger.message, each]] : [])),
  );
  const watches: Watch[] = [];
  for (const beating of deeds) {
    const { trigger } = beating.handler;
    if (trigger.kind !== 'timeout') continue;
    const period = beating.sets.find((set) => set.timer === trigger.timer)?.delay;
    if (period === undefined) continue;
    for (const { message } of beating.sends) {
      const received = onMessage.get(message);
      if (received === undefined) continue;
      for (const { timer, delay, always } of received.sets) {
        if (!always || timer === trigger.timer) continue;
        // A timer that what it asks in the same breath cancels bounds a wait for the answer, not one for the next beat.
        const asked = received.sends.some(({ message: sent }) => answerTo(sent, onMessage, ({ cancels }) => cancels.has(timer)) !== null);
        // One whose timeout sends the same again, neither.
        const resent = deeds.some(
          ({ handler, sends }) =>
            handler.trigger.kind === 'timeout' &&
            handler.trigger.timer === timer &&
            sends.some(({ message: again }) => received.sends.some((sent) => sent.message === again)),
        );
        if (!asked && !resent)
          watches.push({ timer, delay, message, beat: trigger.timer, period, sender: beating.handler, receiver: received.handler });
      }
    }
  }
  return watches;
}
