import type { CallHandle, Instance, Payload } from '../../compiler/program.ts';
import type { Work } from '../work.ts';
import { EventHeap } from './event-heap.ts';
import { type PartSetting, ReferencePart } from './reference-part.ts';
import type { Routes } from './routes.ts';
import { Tally } from './tally.ts';

/** Steps that one handler may take, as in a simulated run. */
export const handlerSteps = 100_000;

/** Work of one event: what it takes compared with a step of a search. */
const workOfEvent = 200;

/** Bytes on the wire, as the simulator counts them: a call's header and eight a field; an answer's header and a number. */
export const requestBytes = (fields: number): number => 16 + 8 * fields;
export const answerBytes = 24;

type What =
  | { readonly kind: 'message'; readonly index: number; readonly payload: Payload; readonly sender: number }
  | { readonly kind: 'request'; readonly index: number; readonly handle: Handle }
  | { readonly kind: 'answer'; readonly handle: Handle; readonly value: unknown }
  | { readonly kind: 'timer'; readonly index: number; readonly generation: number };

interface Event {
  readonly time: number;
  readonly order: number;
  readonly part: ReferencePart;
  readonly node: number;
  readonly what: What;
  readonly depth: number;
  readonly tally: Tally;
  /** Whether the node has done its service: then its handler runs. */
  readonly served: boolean;
}

/** What waits at the node that acts until its step is over. */
interface LocalStep {
  readonly part: ReferencePart;
  readonly node: number;
  readonly handler: (instance: Instance) => void;
}

/** The deployment that makes a call of another one, and whether it has its answer. */
interface Caller {
  readonly part: ReferencePart;
  readonly use: number;
  done: boolean;
}

export class Handle implements CallHandle {
  constructor(
    readonly id: number,
    readonly operation: number,
    readonly fields: Payload,
    readonly client: number,
    readonly deployment: number,
    readonly tally: Tally,
    /** Null for a client's call. */
    readonly caller: Caller | null,
  ) {}
}

export interface RunSetting {
  /** The deployment whose flow is asked for, then those that it uses, each once. */
  readonly parts: readonly PartSetting[];
  /** Kinds of messages of all parts. */
  readonly kinds: number;
  readonly nodeCount: number;
  readonly routes: Routes;
  /** Mean service time of a message, ns, by node. */
  readonly service: Float64Array;
  /** Mean wait before the service besides that for messages of the same call, ns, by node. */
  readonly wait: Float64Array;
  /** By node: 1 for one that is down from the beginning. */
  readonly down: Uint8Array;
  /** Whether bytes are counted line by line. */
  readonly countLines: boolean;
}

/**
 * One execution of a deployment's code without faults in which every message takes the mean latency of its way and every
 * service its mean, and that keeps the book of causes: what a handler sends, or a timer that it sets, is caused by what
 * caused the handler. One call at a time is put in; everything else is background. Deployments that are used run along; what they
 * do unasked is no background of the one that is looked at.
 */
export class ReferenceRun {
  time = 0;
  /** How many have been worked off. */
  events = 0;
  /** The longest delay of a timer that was set, ns. */
  longestTimer = 0;
  readonly background: Tally;
  /** What caused the handler that is running, and how many message delays lie behind it. */
  tally: Tally;
  depth = 0;
  readonly parts: readonly ReferencePart[];
  /** What the deployments that are used do unasked. */
  private readonly below: Tally;
  private readonly own: ReferencePart;
  private readonly heap = new EventHeap<Event>();
  private readonly busyUntil: Float64Array;
  private local: LocalStep[] = [];
  private orders = 0;
  private calls = 0;

  constructor(
    private readonly setting: RunSetting,
    private readonly work: Work,
  ) {
    const { parts, nodeCount, down } = setting;
    this.background = this.newTally(-1);
    this.below = parts.length === 1 ? this.background : this.newTally(-1);
    this.tally = this.background;
    this.busyUntil = new Float64Array(nodeCount);
    this.parts = parts.map((part, place) => new ReferencePart(this, place, part, place === 0 ? this.background : this.below, nodeCount));
    this.own = this.parts[0] as ReferencePart;
    for (const part of this.parts) {
      for (const node of part.deployment.members) if (down[node] === 0) part.instances[node] = part.program.instantiate(node, part);
    }
    // What is used stands behind those who use it, and starts before them.
    for (const part of [...this.parts].reverse()) {
      for (const node of part.deployment.members) {
        this.tally = part.background;
        part.start(node);
        this.drain();
      }
    }
    this.tally = this.background;
  }

  newTally(called: number): Tally {
    return new Tally(this.setting.kinds, this.setting.nodeCount, called);
  }

  neighbors(node: number): readonly number[] {
    return this.setting.routes.neighbors(node);
  }

  /** Lets time pass until `time` or until `most` events have been worked off; the number of them. */
  advance(time: number, most: number): number {
    let events = 0;
    while (events < most) {
      const next = this.heap.peek();
      if (next === undefined || next.time > time) break;
      this.step();
      events += 1;
    }
    if (events < most) this.time = Math.max(this.time, time);
    return events;
  }

  /** Makes a call and works off what it causes, until nothing of it is left or the time has come. Background goes on meanwhile. */
  call(operation: number, fields: Payload, client: number, target: number, patience: number): Tally {
    const tally = this.newTally(target);
    this.tally = tally;
    this.depth = 0;
    const handle = this.handle(operation, fields, client, this.own.deployment.index, null);
    this.launch(this.own, client, target, { kind: 'request', index: operation, handle });
    this.tally = this.background;
    const end = this.time + patience;
    while (tally.pending > 0) {
      const next = this.heap.peek();
      if (next === undefined || next.time > end) break;
      this.step();
    }
    return tally;
  }

  /** A call, of a client or of a node, that belongs to what is running. */
  handle(operation: number, fields: Payload, client: number, deployment: number, caller: Caller | null): Handle {
    this.calls += 1;
    return new Handle(this.calls - 1, operation, fields, client, deployment, this.tally, caller);
  }

  // ---- events -------------------------------------------------------------------------------------------------------

  private step(): void {
    const event = this.heap.pop();
    if (event === undefined) return;
    this.events += 1;
    this.work.spend(workOfEvent);
    this.time = event.time;
    const { part, what, node, tally } = event;
    if (what.kind === 'timer') {
      if (!part.runsOut(node, what.index, what.generation)) return;
      tally.pending -= 1;
      this.act(event, (instance) => instance.timeout(what.index));
      return;
    }
    if (this.setting.down[node] === 1) {
      tally.pending -= 1;
      return;
    }
    if (!event.served) {
      if (what.kind === 'message') for (const each of this.tellers(part, tally)) each.arrivals[node] = (each.arrivals[node] as number) + 1;
      const service = this.setting.service[node] as number;
      const wait = this.setting.wait[node] as number;
      // The background does not queue: one that is more than a node can do would never let a call through.
      if (service + wait > 0 && tally !== this.background && tally !== this.below) {
        const begins = Math.max(this.time, this.busyUntil[node] as number);
        this.busyUntil[node] = begins + service;
        this.heap.push({ ...event, time: begins + service + wait, order: this.nextOrder(), served: true });
        return;
      }
    }
    tally.pending -= 1;
    if (what.kind === 'answer') {
      const { caller } = what.handle;
      if (caller !== null) this.act({ ...event, part: caller.part }, (instance) => caller.part.answered(instance, what.handle, what.value));
      else if (tally.answeredAt < 0) {
        tally.answeredAt = this.time;
        tally.rounds = event.depth;
      }
    } else if (what.kind === 'request') this.act(event, (instance) => instance.operation(what.index, what.handle));
    else this.act(event, (instance) => instance.message(what.index, what.payload, what.sender));
  }

  private act(event: Event, handler: (instance: Instance) => void): void {
    this.tally = event.tally;
    this.depth = event.depth;
    this.runHandler(event.part, event.node, handler);
    this.drain();
    this.tally = this.background;
    this.depth = 0;
  }

  private runHandler(part: ReferencePart, node: number, handler: (instance: Instance) => void): void {
    const instance = part.instances[node];
    if (instance === undefined) return;
    part.fuel = handlerSteps;
    handler(instance);
    // Long handlers are rare, and what they take counts: copies of large collections are charged for by an eighth of them.
    this.work.spend(8 * (handlerSteps - part.fuel));
    instance.dirty = 0;
  }

  /** A step of another protocol on the node, once the running one is over: it has the same cause. */
  hand(part: ReferencePart, node: number, handler: (instance: Instance) => void): void {
    this.local.push({ part, node, handler });
  }

  private drain(): void {
    for (let at = 0; at < this.local.length; at++) {
      const { part, node, handler } = this.local[at] as LocalStep;
      this.work.spend(workOfEvent);
      this.runHandler(part, node, handler);
    }
    if (this.local.length > 0) this.local = [];
  }

  /** Sends something on its way to a node of a part. */
  launch(part: ReferencePart, from: number, to: number, what: Exclude<What, { kind: 'timer' }>): void {
    // An answer belongs to its call, whoever caused the handler that gives it.
    const tally = what.kind === 'answer' ? what.handle.tally : this.tally;
    const depth = from === to ? this.depth : this.depth + 1;
    const delay = this.setting.routes.delay(from, to);
    if (!Number.isFinite(delay)) return;
    tally.pending += 1;
    this.heap.push({
      time: this.time + delay,
      order: this.nextOrder(),
      part,
      node: to,
      what,
      depth: what.kind === 'answer' && from !== to ? Math.max(2, depth) : depth,
      tally,
      served: false,
    });
  }

  /** Puts the end of a timer on the agenda. */
  await(part: ReferencePart, node: number, what: What, delay: number, tally: Tally): void {
    const { depth } = this;
    this.heap.push({ time: this.time + Math.max(0, delay), order: this.nextOrder(), part, node, what, depth, tally, served: true });
  }

  /** Where a message of a part counts. What is done of its own in answer to what others do unasked is background too. */
  private tellers(part: ReferencePart, tally: Tally): readonly Tally[] {
    return tally === this.below && part === this.own && tally !== this.background ? [tally, this.background] : [tally];
  }

  /** Counts a message that is sent. */
  count(part: ReferencePart, from: number, to: number, message: number, bytes: number): void {
    // What is sent is kept until it arrives: large messages take memory and time.
    this.work.spend(bytes);
    const kind = part.firstKind + message;
    for (const tally of this.tellers(part, this.tally)) {
      tally.sent[kind] = (tally.sent[kind] as number) + 1;
      tally.bytes[kind] = (tally.bytes[kind] as number) + bytes;
      if (from === tally.called) tally.sentByCalled[kind] = (tally.sentByCalled[kind] as number) + 1;
      if (to === tally.called) tally.sentToCalled[kind] = (tally.sentToCalled[kind] as number) + 1;
      if (!this.setting.countLines) continue;
      for (const [at, via] of this.setting.routes.path(from, to)) {
        const line = at * this.setting.nodeCount + via;
        tally.lines.set(line, (tally.lines.get(line) ?? 0) + bytes);
      }
    }
  }

  private nextOrder(): number {
    this.orders += 1;
    return this.orders;
  }
}
