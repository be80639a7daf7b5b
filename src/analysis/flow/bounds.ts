import type { Handler, ProtocolCode } from '../../model/code.ts';
import type { Deployment, System } from '../../model/system.ts';
import { BoundedMemo } from '../memo.ts';
import type { Work } from '../work.ts';
import { flowContent } from './content.ts';
import { Known } from './decide.ts';
import { type Addressee, type Effects, Interpreter, join, noEffects } from './effects.ts';
import { either, type Interval, never, repeated, sum } from './interval.ts';

/** What no execution without faults falls below or goes beyond, by the code alone. */
export interface FlowBounds {
  /** Protocol messages that one call causes, by kind; `most` is Infinity where a timer or a cycle of messages may go on. */
  readonly messages: ReadonlyMap<string, Interval>;
  readonly total: Interval;
  /** Protocol messages that arrive for sure at the called node, and at each other member. */
  readonly arrivals: { readonly called: number; readonly eachOther: number };
  /** Message delays until the answer. */
  readonly rounds: Interval;
}

/** Where a message comes from or goes to, as far as the code tells. */
type Side = 'called' | 'others' | 'any';

/** Messages of a kind between two sides. */
interface Stream {
  readonly message: string;
  readonly from: Side;
  readonly at: Side;
}

const memo = new BoundedMemo<{ readonly bounds: FlowBounds | null }>();

/** Bounds on what one call of an operation causes in a deployment; null when it has no handler. Throws OutOfWork. */
export function flowBounds(system: System, deployment: Deployment, operation: string, work: Work): FlowBounds | null {
  // What goes through other protocols is not followed.
  if (deployment.uses.length > 0) return null;
  return memo.get(`${operation}|${flowContent(system, deployment, [], null)}`, work, (limited) => {
    const protocol = system.protocols[deployment.protocol];
    return { bounds: protocol === undefined ? null : new Bounds(system, deployment, protocol, limited).of(operation) };
  }).bounds;
}

class Bounds {
  private readonly interpreter: Interpreter;
  private readonly n: number;
  private readonly handlerEffects = new Map<Handler, Effects>();
  private readonly messageEffects = new Map<string, Effects>();

  constructor(
    private readonly system: System,
    private readonly deployment: Deployment,
    private readonly protocol: ProtocolCode,
    work: Work,
  ) {
    this.interpreter = new Interpreter(protocol, new Known(system, deployment, work));
    this.n = deployment.members.length;
  }

  of(operation: string): FlowBounds | null {
    const handlers = this.protocol.handlers.filter(({ trigger }) => trigger.kind === 'operation' && trigger.operation === operation);
    const effects = handlers.map((handler) => this.onHandler(handler));
    const [first, ...rest] = effects;
    if (first === undefined) return null;
    const own = rest.reduce((all, each) => join(all, each, either), first);
    const least = this.least(own);
    const most = this.most(own);
    const messages = new Map<string, Interval>();
    let total = never;
    for (const { name } of this.protocol.messages) {
      const count = { least: least.counts.get(name) ?? 0, most: most.get(name) ?? 0 };
      if (count.most > 0) messages.set(name, count);
      total = sum(total, count);
    }
    const others = Math.max(1, this.n - 1);
    return {
      messages,
      total,
      arrivals: { called: least.called, eachOther: least.others / others },
      rounds: this.rounds(operation, own),
    };
  }

  // ---- at least -----------------------------------------------------------------------------------------------------

  /** Follows what is sent for sure, level by level; a lower bound wherever it ends. */
  private least(own: Effects): { readonly counts: Map<string, number>; readonly called: number; readonly others: number } {
    const counts = new Map<string, number>();
    let called = 0;
    let others = 0;
    let level = this.sentBy(own, 1, 'called', 'any');
    for (let depth = 0; depth < 2 * this.protocol.messages.length + 2 && level.length > 0; depth++) {
      const next: (Stream & { readonly count: number })[] = [];
      for (const { message, from, at, count } of level) {
        counts.set(message, (counts.get(message) ?? 0) + count);
        if (at === 'called') called += count;
        if (at === 'others') others += count;
        next.push(...this.sentBy(this.onMessage(message), count, at, from));
      }
      level = next;
    }
    return { counts, called, others };
  }

  /** What handlers that run `count` times on one side send for sure. */
  private sentBy(effects: Effects, count: number, at: Side, from: Side): (Stream & { readonly count: number })[] {
    const streams: (Stream & { readonly count: number })[] = [];
    const add = (message: string, to: Side, times: number): void => {
      if (times > 0) streams.push({ message, from: at, at: to, count: times });
    };
    for (const [key, { least }] of effects.sends) {
      const [message = '', to] = key.split(' ') as [string, Addressee];
      const times = least * count;
      if (to === 'self') add(message, at, times);
      else if (to === 'sender') add(message, from, times);
      else if (to === 'any') add(message, 'any', times);
      else if (at === 'called') add(message, 'others', times * (this.n - 1));
      else if (at === 'others') {
        add(message, 'called', times);
        add(message, 'others', times * (this.n - 2));
      } else add(message, 'any', times * (this.n - 1));
    }
    return streams;
  }

  // ---- at the most --------------------------------------------------------------------------------------------------

  /** Follows what may be sent, timers too. Whatever is still reached after as many steps as there are kinds is on a cycle or behind one. */
  private most(own: Effects): Map<string, number> {
    const totals = new Map<string, number>();
    const kinds = this.protocol.messages.length + this.protocol.timers.length;
    let level = this.reached(own, 1);
    for (let depth = 0; depth < 2 * kinds + 2 && level.size > 0; depth++) {
      const next = new Map<string, number>();
      for (const [key, count] of level) {
        const known = depth > kinds ? Number.POSITIVE_INFINITY : (totals.get(key) ?? 0) + count;
        totals.set(key, known);
        for (const [more, times] of this.reached(this.effectsOf(key), depth > kinds ? 1 : count)) {
          next.set(more, (next.get(more) ?? 0) + times);
        }
      }
      level = next;
    }
    return new Map([...totals].flatMap(([key, count]) => (key.startsWith('message ') ? [[key.slice('message '.length), count]] : [])));
  }

  private reached(effects: Effects, count: number): Map<string, number> {
    const found = new Map<string, number>();
    const add = (key: string, times: number): void => {
      if (times > 0) found.set(key, (found.get(key) ?? 0) + times * count);
    };
    for (const [key, { most }] of effects.sends) {
      const [message, to] = key.split(' ') as [string, Addressee];
      add(`message ${message}`, repeated({ least: 0, most }, { least: 0, most: to === 'others' ? this.n - 1 : 1 }).most);
    }
    for (const [timer, { most }] of effects.timers) add(`timer ${timer}`, most);
    return found;
  }

  private effectsOf(key: string): Effects {
    const name = key.slice(key.indexOf(' ') + 1);
    return key.startsWith('message ') ? this.onMessage(name) : this.onTimeout(name);
  }

  // ---- delays -------------------------------------------------------------------------------------------------------

  /**
   * From the call to the answer. An answer may also be given by a handler that something else has set off (another call, a
   * timer), so the shortest way counts from all of them; the longest is known only where nothing goes round.
   */
  private rounds(operation: string, own: Effects): Interval {
    const starts = [{ effects: own, began: 1 }];
    for (const handler of this.protocol.handlers) {
      const { trigger } = handler;
      if (trigger.kind === 'start' || trigger.kind === 'timeout') starts.push({ effects: this.onHandler(handler), began: 0 });
      if (trigger.kind === 'operation' && trigger.operation !== operation) starts.push({ effects: this.onHandler(handler), began: 1 });
    }
    const shortest = Math.min(...starts.map(({ effects, began }) => this.shortest(effects, began)));
    const least = this.clientsAreMembers() ? 0 : Math.max(2, shortest);
    const longest = Math.max(...starts.map(({ effects }) => this.longest(effects, 0)));
    return { least: Number.isFinite(least) ? least : 2, most: longest };
  }

  /** Fewest message delays from a handler to an answer, the request (`began`) and the answer itself counted in; Infinity for none. */
  private shortest(effects: Effects, began: number): number {
    let level: { readonly effects: Effects }[] = [{ effects }];
    const seen = new Set<string>();
    for (let delays = began; level.length > 0; delays++) {
      const next: { readonly effects: Effects }[] = [];
      // What takes no delay (timers, messages that may be to oneself) joins the same level.
      for (const at of level) {
        if (at.effects.answers.most > 0) return delays + 1;
        for (const key of this.reached(at.effects, 1).keys()) {
          if (seen.has(key)) continue;
          seen.add(key);
          (key.startsWith('timer ') || this.maybeToSelf(key) ? level : next).push({ effects: this.effectsOf(key) });
        }
      }
      level = next;
    }
    return Number.POSITIVE_INFINITY;
  }

  private maybeToSelf(key: string): boolean {
    const message = key.slice('message '.length);
    return this.selfSent.has(message);
  }

  private selfSentKnown: ReadonlySet<string> | null = null;

  /** Kinds of messages that a node may send to itself: to nodes that the code does not name, or in answer to such a one. */
  private get selfSent(): ReadonlySet<string> {
    this.selfSentKnown ??= this.findSelfSent();
    return this.selfSentKnown;
  }

  private findSelfSent(): ReadonlySet<string> {
    const found = new Set<string>();
    for (let size = -1; size !== found.size; ) {
      size = found.size;
      for (const handler of this.protocol.handlers) {
        const { trigger } = handler;
        for (const key of this.onHandler(handler).sends.keys()) {
          const [message = '', to] = key.split(' ') as [string, Addressee];
          if (to === 'any' || to === 'self') found.add(message);
          if (to === 'sender' && trigger.kind === 'message' && found.has(trigger.message)) found.add(message);
        }
      }
    }
    return found;
  }

  /** Most message delays until an answer, the request and the answer counted in; Infinity where a cycle leads there. */
  private longest(effects: Effects, steps: number): number {
    const kinds = this.protocol.messages.length + this.protocol.timers.length;
    if (steps > kinds) return Number.POSITIVE_INFINITY;
    let longest = effects.answers.most > 0 ? 2 : 0;
    for (const key of this.reached(effects, 1).keys()) {
      const rest = this.longestFrom(key, steps);
      if (rest > 0) longest = Math.max(longest, rest + (key.startsWith('timer ') ? 0 : 1));
    }
    return longest;
  }

  private readonly longestKnown = new Map<string, number>();

  private longestFrom(key: string, steps: number): number {
    const known = this.longestKnown.get(key);
    if (known !== undefined) return known;
    // While it is looked at: whoever comes back here goes round.
    this.longestKnown.set(key, Number.POSITIVE_INFINITY);
    const found = this.longest(this.effectsOf(key), steps + 1);
    this.longestKnown.set(key, found);
    return found;
  }

  private clientsAreMembers(): boolean {
    const { members, index } = this.deployment;
    const inside = new Set(members);
    return this.system.workloads.some(
      ({ clients, calls }) => calls.some(({ deployment }) => deployment === index) && clients.some((client) => inside.has(client)),
    );
  }

  // ---- handlers -----------------------------------------------------------------------------------------------------

  private onHandler(handler: Handler): Effects {
    let effects = this.handlerEffects.get(handler);
    if (effects === undefined) {
      effects = this.interpreter.handler(handler.body);
      this.handlerEffects.set(handler, effects);
    }
    return effects;
  }

  /** What the arrival of a message does, whichever member it arrives at. */
  private onMessage(message: string): Effects {
    let effects = this.messageEffects.get(message);
    if (effects === undefined) {
      const handlers = this.protocol.handlers.filter(({ trigger }) => trigger.kind === 'message' && trigger.message === message);
      const each = handlers.map((handler) => this.onHandler(handler));
      // A member in none of the roles that handle it does nothing.
      const all = handlers.some(({ role }) => role === null) || this.rolesCover(handlers.map(({ role }) => role ?? ''));
      const [first, ...rest] = all && each.length > 0 ? each : [noEffects, ...each];
      effects = rest.reduce((joined, other) => join(joined, other, either), first ?? noEffects);
      this.messageEffects.set(message, effects);
    }
    return effects;
  }

  private rolesCover(roles: readonly string[]): boolean {
    const playing = new Set(this.deployment.roles.filter(({ name }) => roles.includes(name)).flatMap(({ nodes }) => nodes));
    return this.deployment.members.every((member) => playing.has(member));
  }

  private onTimeout(timer: string): Effects {
    const handler = this.protocol.handlers.find(({ trigger }) => trigger.kind === 'timeout' && trigger.timer === timer);
    return handler === undefined ? noEffects : this.onHandler(handler);
  }
}
