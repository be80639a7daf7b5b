import type { Expression, Handler, ProtocolCode } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import { walkStatements } from '../../model/walk.ts';
import { mentioned } from '../mentions.ts';
import { byMessage, covers, type Deeds, deedsOf, type TimerSetting, together } from './timer-code.ts';

/** A wait on the way from a call to its answer: a handler asks others and sets a timer that helps when they do not answer. */
export interface Hop {
  readonly timer: string;
  readonly delay: Expression;
  /** All durations that the timer may be set for before it runs out first. */
  readonly delays: readonly Expression[];
  /** Sets the timer and sends `asks`. */
  readonly by: Handler;
  readonly asks: string;
  /** The role that handles `asks`; null for all members. */
  readonly asked: string | null;
  /** Whether its timeout sends `asks` again, and whether it then sets the timer again too. */
  readonly again: 'never' | 'once' | 'each turn';
  /** Whether its timeout answers a call that was kept. */
  readonly answers: boolean;
  /** Whether every run of the handler sets the timer, so that a call that comes again moves it. */
  readonly always: boolean;
  /** Whether the same request that comes again takes the place of the first in what the timeout goes by. */
  readonly merges: boolean;
  readonly timeout: Handler;
  /** The wait of another role that lasts until this one has ended; null where only the client waits. */
  readonly outer: Hop | null;
}

const known = new WeakMap<ProtocolCode, ReadonlyMap<string, readonly Hop[]>>();

/** The waits on the way of each operation, by its name, the outer ones first. Operations without any are left out. */
export function hopsOf(protocol: ProtocolCode): ReadonlyMap<string, readonly Hop[]> {
  const hops = known.get(protocol) ?? new Reader(protocol).all();
  known.set(protocol, hops);
  return hops;
}

class Reader {
  private readonly deeds: readonly Deeds[];
  private readonly onMessage: ReadonlyMap<string, Deeds>;
  private readonly onTimeout: ReadonlyMap<string, Deeds>;
  private readonly background: ReadonlySet<string>;
  /** State in which calls are kept. */
  private readonly keepers: ReadonlySet<string>;

  constructor(protocol: ProtocolCode) {
    this.deeds = deedsOf(protocol);
    this.onMessage = byMessage(this.deeds);
    this.onTimeout = new Map(
      this.deeds.flatMap((each) => (each.handler.trigger.kind === 'timeout' ? [[each.handler.trigger.timer, each]] : [])),
    );
    this.background = this.backgroundTimers();
    this.keepers = new Set(protocol.state.filter(({ type }) => holdsCall(protocol, type)).map(({ name }) => name));
  }

  all(): ReadonlyMap<string, readonly Hop[]> {
    const found = new Map<string, readonly Hop[]>();
    for (const deeds of this.deeds) {
      if (deeds.handler.trigger.kind !== 'operation') continue;
      const hops = this.hopsFrom(deeds);
      if (hops.length > 0) found.set(deeds.handler.trigger.operation, hops);
    }
    return found;
  }

  /** Timers that run whether anybody calls or not: elections, heartbeats, rounds of gossip. */
  private backgroundTimers(): Set<string> {
    const timers = new Set<string>();
    const seen = new Set<Deeds>();
    const queue = this.deeds.filter(({ handler }) => handler.trigger.kind === 'start');
    for (let deeds = queue.pop(); deeds !== undefined; deeds = queue.pop()) {
      if (seen.has(deeds)) continue;
      seen.add(deeds);
      for (const { message } of deeds.sends) queue.push(...some(this.onMessage.get(message)));
      for (const { timer } of deeds.sets) {
        timers.add(timer);
        queue.push(...some(this.onTimeout.get(timer)));
      }
    }
    return timers;
  }

  private hopsFrom(operation: Deeds): Hop[] {
    const hops: Hop[] = [];
    const seen = new Set<Deeds>([operation]);
    let layer: { readonly deeds: Deeds; readonly around: Hop | null }[] = [{ deeds: operation, around: null }];
    while (layer.length > 0) {
      const next: typeof layer = [];
      for (const { deeds, around } of layer) {
        const own = this.waitsIn(deeds, operation, around);
        hops.push(...own);
        for (const { message } of deeds.sends) {
          const receiver = this.onMessage.get(message);
          if (receiver === undefined || seen.has(receiver)) continue;
          seen.add(receiver);
          next.push({ deeds: receiver, around: own.find(({ asks }) => asks === message) ?? own[0] ?? around });
        }
      }
      layer = next;
    }
    return hops;
  }

  private waitsIn(deeds: Deeds, operation: Deeds, around: Hop | null): Hop[] {
    const { handler } = deeds;
    // What a node does next, once it was answered, is no wait within its own wait.
    let outer = around;
    while (outer !== null && outer.by.role === handler.role) outer = outer.outer;
    return deeds.sets.flatMap((set): Hop[] => {
      const timeout = this.onTimeout.get(set.timer);
      if (timeout === undefined || this.background.has(set.timer)) return [];
      const asked = deeds.sends.find(({ message, place }) => this.onMessage.has(message) && covers(set.place, place));
      if (asked === undefined || this.answeredAtOnce(deeds, operation, set, asked.message)) return [];
      const again = timeout.sends.some(({ message }) => message === asked.message);
      const answers = timeout.answers.length > 0 || (deeds !== operation && timeout.sends.some(({ message }) => this.ends(message, outer)));
      if (!answers && !(again && this.endsWithAnswer(deeds, operation, set.timer, timeout))) return [];
      return [
        {
          timer: set.timer,
          delay: set.delay,
          delays: this.deeds
            .filter((each) => each !== timeout)
            .flatMap(({ sets }) => sets.flatMap(({ timer, delay }) => (timer === set.timer ? [delay] : []))),
          by: handler,
          asks: asked.message,
          asked: this.onMessage.get(asked.message)?.handler.role ?? null,
          again: !again ? 'never' : timeout.sets.some(({ timer }) => timer === set.timer) ? 'each turn' : 'once',
          answers,
          always: set.always && !returns(handler),
          merges: merges(handler, timeout),
          timeout: timeout.handler,
          outer,
        },
      ];
    });
  }

  /** Whether whoever asked has its answer before the wait begins: the timer then is for work that goes on behind it. */
  private answeredAtOnce(deeds: Deeds, operation: Deeds, set: TimerSetting, asks: string): boolean {
    const beside = (place: TimerSetting['place']): boolean =>
      together(place, set.place) &&
      place.every(({ statement, leaves }) => !leaves || set.place.some((other) => other.statement === statement));
    if (deeds === operation) return deeds.answers.some(({ place, kept }) => !kept && beside(place));
    return deeds.sends.some(({ message, place }) => message !== asks && this.replies(message) && beside(place));
  }

  /** Whether a message makes its receiver answer a call. */
  private replies(message: string): boolean {
    return (this.onMessage.get(message)?.answers.length ?? 0) > 0;
  }

  /** Whether a message answers a call, or ends the wait around. */
  private ends(message: string, outer: Hop | null): boolean {
    return this.replies(message) || (outer !== null && this.onMessage.get(message)?.cancels.has(outer.timer) === true);
  }

  /**
   * Whether the timer is for the call and not for what may go on behind its answer (the repair of copies): who answers the
   * call stops it, or it looks whether the call still waits.
   */
  private endsWithAnswer(deeds: Deeds, operation: Deeds, timer: string, timeout: Deeds): boolean {
    const reached = this.reachedFrom(deeds);
    const answering = reached.map((each) => ({
      each,
      places:
        deeds === operation
          ? each.answers.map(({ place }) => place)
          : each.sends.flatMap(({ message, place }) => (this.replies(message) ? [place] : [])),
    }));
    return answering.some(({ each, places }) => {
      if (places.length === 0) return false;
      if (each.cancelled.some((cancel) => cancel.timer === timer && places.some((place) => covers(cancel.place, place)))) return true;
      return [...each.changes].some(
        (name) => timeout.reads.has(name) && (deeds === operation ? this.keepers.has(name) : deeds.changes.has(name)),
      );
    });
  }

  private reachedFrom(deeds: Deeds): Deeds[] {
    const reached = new Set<Deeds>();
    const queue = [deeds];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const { message } of at.sends) {
        const receiver = this.onMessage.get(message);
        if (receiver === undefined || reached.has(receiver)) continue;
        reached.add(receiver);
        queue.push(receiver);
      }
    }
    return [...reached];
  }
}

/** Whether a handler puts what it keeps for a timeout always at the same place for the same request, and appends nothing. */
function merges(handler: Handler, timeout: Deeds): boolean {
  let places = 0;
  let same = true;
  walkStatements(handler.body, (statement) => {
    if (statement.kind !== 'assign' || statement.place.root.kind !== 'state' || !timeout.reads.has(statement.place.root.name)) return;
    places += 1;
    const { steps } = statement.place;
    const known = (of: unknown): boolean => mentioned(of, 'state').size === 0 && mentioned(of, 'intrinsic').size === 0;
    if (!steps.every((step) => step.kind === 'field' || known(step.index))) same = false;
    if (statement.operator !== 'set' && statement.place.type.kind !== 'Set') same = false;
  });
  return places > 0 && same;
}

function returns({ body }: Handler): boolean {
  let found = false;
  walkStatements(body, ({ kind }) => {
    found ||= kind === 'return';
  });
  return found;
}

function holdsCall(protocol: ProtocolCode, type: Type, seen: readonly string[] = []): boolean {
  switch (type.kind) {
    case 'Call':
      return true;
    case 'Optional':
    case 'List':
    case 'Set':
      return holdsCall(protocol, type.of, seen);
    case 'Map':
      return holdsCall(protocol, type.key, seen) || holdsCall(protocol, type.value, seen);
    case 'Record': {
      const record = protocol.records.find(({ name }) => name === type.name || `${protocol.name}.${name}` === type.name);
      if (record === undefined || seen.includes(type.name)) return false;
      return record.fields.some((field) => holdsCall(protocol, field.type, [...seen, type.name]));
    }
    default:
      return false;
  }
}

function some<T>(item: T | undefined): T[] {
  return item === undefined ? [] : [item];
}
