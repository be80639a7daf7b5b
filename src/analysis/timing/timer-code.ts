import type { Expression, Handler, ProtocolCode, Statement } from '../../model/code.ts';
import { blocksOf, expressionsOf, walkExpression } from '../../model/walk.ts';

/** A `set t after …` that a handler can reach. */
export interface TimerSetting {
  readonly timer: string;
  readonly delay: Expression;
  /** Whether the handler reaches it whenever it does not return before: not only in a branch or loop. */
  readonly always: boolean;
}

/** What a handler may do, by itself and by the functions that it calls, whichever way it goes. */
export interface Deeds {
  readonly handler: Handler;
  readonly sets: readonly TimerSetting[];
  readonly cancels: ReadonlySet<string>;
  /** Messages sent to others, in the order of the text. */
  readonly sends: ReadonlySet<string>;
  /** State that is given a new value, other than by adding to it or taking away. */
  readonly replaces: ReadonlySet<string>;
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
  /** Whether the timer only sends the same again: impatience then costs messages and changes nothing else. */
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

function gather(protocol: ProtocolCode, handler: Handler): Deeds {
  const sets: TimerSetting[] = [];
  const cancels = new Set<string>();
  const sends = new Set<string>();
  const replaces = new Set<string>();
  const visited = new Set<string>();
  const enter = (name: string, always: boolean): void => {
    const key = `${name}/${always}`;
    if (visited.has(key)) return;
    visited.add(key);
    const code = protocol.functions.find((candidate) => candidate.name === name);
    if (code !== undefined) walk(code.body, always);
  };
  const walk = (statements: readonly Statement[], always: boolean): void => {
    for (const statement of statements) {
      if (statement.kind === 'set-timer') sets.push({ timer: statement.timer, delay: statement.delay, always });
      else if (statement.kind === 'cancel-timer') cancels.add(statement.timer);
      else if (statement.kind === 'send' || statement.kind === 'broadcast' || statement.kind === 'reply-message') {
        if (!(statement.kind === 'send' && isSelf(statement.target))) sends.add(statement.message);
      } else if (statement.kind === 'assign' && statement.place.root.kind === 'state' && statement.operator === 'set') {
        replaces.add(statement.place.root.name);
      }
      for (const expression of expressionsOf(statement)) {
        walkExpression(expression, (inner) => {
          if (inner.kind === 'call') enter(inner.function, always && statement.kind === 'do');
        });
      }
      for (const block of blocksOf(statement)) walk(block, false);
    }
  };
  walk(handler.body, true);
  return { handler, sets, cancels, sends, replaces };
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
  const onMessage = new Map(
    deeds.flatMap((each) => (each.handler.trigger.kind === 'message' ? [[each.handler.trigger.message, each]] : [])),
  );
  const onTimeout = new Map(deeds.flatMap((each) => (each.handler.trigger.kind === 'timeout' ? [[each.handler.trigger.timer, each]] : [])));
  const waits: Wait[] = [];
  for (const { handler, sets, sends } of deeds) {
    for (const { timer, delay } of sets) {
      const timeout = onTimeout.get(timer);
      if (timeout === undefined) continue;
      const beats = timeout.sets.some((set) => set.timer === timer);
      const ends = ({ cancels, sets: again }: Deeds): boolean => cancels.has(timer) || (!beats && again.some((set) => set.timer === timer));
      for (const asks of sends) {
        const endedBy = answerTo(asks, onMessage, ends);
        if (endedBy === null) continue;
        const resends = timeout.sends.has(asks) && timeout.replaces.size === 0;
        waits.push({ timer, delay, by: handler, asks, endedBy, resends });
        break;
      }
    }
  }
  return waits;
}

/** The nearest message that follows from `asked` over at least one other node and ends the wait; null for none. */
function answerTo(asked: string, onMessage: ReadonlyMap<string, Deeds>, ends: (deeds: Deeds) => boolean): string | null {
  const seen = new Set<string>();
  let layer = [asked];
  while (layer.length > 0) {
    const next: string[] = [];
    for (const message of layer) {
      for (const answer of onMessage.get(message)?.sends ?? []) {
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
    for (const message of beating.sends) {
      const received = onMessage.get(message);
      if (received === undefined) continue;
      for (const { timer, delay, always } of received.sets) {
        if (!always || timer === trigger.timer) continue;
        // A timer that what it asks in the same breath cancels bounds a wait for the answer, not one for the next beat.
        const asked = [...received.sends].some((sent) => answerTo(sent, onMessage, ({ cancels }) => cancels.has(timer)) !== null);
        if (!asked)
          watches.push({ timer, delay, message, beat: trigger.timer, period, sender: beating.handler, receiver: received.handler });
      }
    }
  }
  return watches;
}
