import { exp, ln } from '../../base/exact-math.ts';
import { Random } from '../../base/random.ts';
import type { CallHandle, Host, Instance, Payload, Program } from '../../compiler/program.ts';
import type { Distribution } from '../../model/values.ts';
import type { Work } from '../work.ts';
import { EventHeap } from './event-heap.ts';
import type { Routes } from './routes.ts';

/** Steps that one handler may take, as in a simulated run. */
const handlerSteps = 100_000;

/** Work of one event: what it takes compared with a step of a search. */
const workOfEvent = 200;

/** Bytes on the wire, as the simulator counts them: a call's header and eight a field; an answer's header and a number. */
export const requestBytes = (fields: number): number => 16 + 8 * fields;
export const answerBytes = 24;

/** What one call, or everything that no call causes, has caused. */
export class Tally {
  /** Messages sent and their bytes, by kind. */
  readonly sent: Float64Array;
  readonly bytes: Float64Array;
  /** Messages sent by the node that was called, and to it, by kind. */
  readonly sentByCalled: Float64Array;
  readonly sentToCalled: Float64Array;
  /** Protocol messages that arrived, by node. */
  readonly arrivals: Float64Array;
  /** Bytes by line (from · nodes + to), of protocol messages. */
  readonly lines = new Map<number, number>();
  /** Messages under way and timers set. */
  pending = 0;
  /** ns when the client had its answer, -1 for never. */
  answeredAt = -1;
  /** Message delays until then. */
  rounds = 0;
  /** Whether a handler drew a random number for it. */
  drew = false;

  constructor(
    kinds: number,
    nodes: number,
    readonly called: number,
  ) {
    this.sent = new Float64Array(kinds);
    this.bytes = new Float64Array(kinds);
    this.sentByCalled = new Float64Array(kinds);
    this.sentToCalled = new Float64Array(kinds);
    this.arrivals = new Float64Array(nodes);
  }
}

type What =
  | { readonly kind: 'message'; readonly index: number; readonly payload: Payload; readonly sender: number }
  | { readonly kind: 'request'; readonly index: number; readonly handle: CallHandle }
  | { readonly kind: 'answer'; readonly handle: CallHandle }
  | { readonly kind: 'timer'; readonly index: number; readonly generation: number };

interface Event {
  readonly time: number;
  readonly order: number;
  readonly node: number;
  readonly what: What;
  readonly depth: number;
  readonly tally: Tally;
  /** Whether the node has done its service: then its handler runs. */
  readonly served: boolean;
}

interface Timer {
  generation: number;
  set: boolean;
  tally: Tally;
  depth: number;
}

class Handle implements CallHandle {
  constructor(
    readonly id: number,
    readonly operation: number,
    readonly fields: Payload,
    readonly client: number,
    readonly tally: Tally,
  ) {}
}

export interface RunSetting {
  readonly program: Program;
  readonly members: readonly number[];
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
 * caused the handler. One call at a time is put in; everything else is background.
 */
export class ReferenceRun implements Host {
  fuel = 0;
  time = 0;
  /** How many have been worked off. */
  events = 0;
  /** The longest delay of a timer that was set, ns. */
  longestTimer = 0;
  background: Tally;
  private readonly heap = new EventHeap<Event>();
  private readonly instances: (Instance | undefined)[] = [];
  private readonly timers: Timer[];
  private readonly busyUntil: Float64Array;
  private readonly randoms = new Map<number, Random>();
  private tally: Tally;
  private depth = 0;
  private orders = 0;
  private calls = 0;

  constructor(
    private readonly setting: RunSetting,
    private readonly work: Work,
  ) {
    const { program, members, nodeCount, down } = setting;
    this.background = this.newTally(-1);
    this.tally = this.background;
    this.busyUntil = new Float64Array(nodeCount);
    this.timers = Array.from({ length: nodeCount * program.timers.length }, () => ({
      generation: 0,
      set: false,
      tally: this.background,
      depth: 0,
    }));
    for (const node of members) if (down[node] === 0) this.instances[node] = program.instantiate(node, this);
    for (const node of members) {
      this.fuel = handlerSteps;
      this.instances[node]?.start();
    }
  }

  newTally(called: number): Tally {
    return new Tally(this.setting.program.messages.length, this.setting.nodeCount, called);
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
    const handle = new Handle(this.calls, operation, fields, client, tally);
    this.calls += 1;
    this.tally = tally;
    this.depth = 0;
    this.launch(client, target, { kind: 'request', index: operation, handle });
    this.tally = this.background;
    const end = this.time + patience;
    while (tally.pending > 0) {
      const next = this.heap.peek();
      if (next === undefined || next.time > end) break;
      this.step();
    }
    return tally;
  }

  // ---- events -------------------------------------------------------------------------------------------------------

  private step(): void {
    const event = this.heap.pop();
    if (event === undefined) return;
    this.events += 1;
    this.work.spend(workOfEvent);
    this.time = event.time;
    const { what, node, tally } = event;
    if (what.kind === 'timer') {
      const timer = this.timer(node, what.index);
      if (!timer.set || timer.generation !== what.generation) return;
      timer.set = false;
      tally.pending -= 1;
      this.act(event, (instance) => instance.timeout(what.index));
      return;
    }
    if (this.setting.down[node] === 1) {
      tally.pending -= 1;
      return;
    }
    if (!event.served) {
      if (what.kind === 'message') tally.arrivals[node] = (tally.arrivals[node] as number) + 1;
      const service = this.setting.service[node] as number;
      const wait = this.setting.wait[node] as number;
      // The background does not queue: one that is more than a node can do would never let a call through.
      if (service + wait > 0 && tally !== this.background) {
        const begins = Math.max(this.time, this.busyUntil[node] as number);
        this.busyUntil[node] = begins + service;
        this.heap.push({ ...event, time: begins + service + wait, order: this.nextOrder(), served: true });
        return;
      }
    }
    tally.pending -= 1;
    if (what.kind === 'answer') {
      if (tally.answeredAt < 0) {
        tally.answeredAt = this.time;
        tally.rounds = event.depth;
      }
    } else if (what.kind === 'request') this.act(event, (instance) => instance.operation(what.index, what.handle));
    else this.act(event, (instance) => instance.message(what.index, what.payload, what.sender));
  }

  private act(event: Event, handler: (instance: Instance) => void): void {
    const instance = this.instances[event.node];
    if (instance === undefined) return;
    this.tally = event.tally;
    this.depth = event.depth;
    this.fuel = handlerSteps;
    handler(instance);
    // Long handlers are rare, and what they take counts: copies of large collections are charged for by an eighth of them.
    this.work.spend(8 * (handlerSteps - this.fuel));
    instance.dirty = 0;
    this.tally = this.background;
    this.depth = 0;
  }

  private launch(from: number, to: number, what: Exclude<What, { kind: 'timer' }>): void {
    // A client's answer belongs to its call, whoever caused the handler that gives it.
    const tally = what.kind === 'answer' ? (what.handle as Handle).tally : this.tally;
    const depth = from === to ? this.depth : this.depth + 1;
    const delay = this.setting.routes.delay(from, to);
    if (!Number.isFinite(delay)) return;
    tally.pending += 1;
    this.heap.push({
      time: this.time + delay,
      order: this.nextOrder(),
      node: to,
      what,
      depth: what.kind === 'answer' && from !== to ? Math.max(2, depth) : depth,
      tally,
      served: false,
    });
  }

  private nextOrder(): number {
    this.orders += 1;
    return this.orders;
  }

  private timer(node: number, timer: number): Timer {
    return this.timers[node * this.setting.program.timers.length + timer] as Timer;
  }

  private randomOf(node: number): Random {
    let random = this.randoms.get(node);
    if (random === undefined) {
      random = new Random(1, `reference ${node}`);
      this.randoms.set(node, random);
    }
    return random;
  }

  // ---- what handlers ask for ----------------------------------------------------------------------------------------

  send(node: number, target: number, message: number, payload: Payload): void {
    this.count(node, target, message, this.setting.program.sizeOf(message, payload));
    this.launch(node, target, { kind: 'message', index: message, payload, sender: node });
  }

  broadcast(node: number, message: number, payload: Payload): void {
    const bytes = this.setting.program.sizeOf(message, payload);
    for (const target of this.setting.members) {
      if (target === node) continue;
      this.count(node, target, message, bytes);
      this.launch(node, target, { kind: 'message', index: message, payload, sender: node });
    }
  }

  private count(from: number, to: number, message: number, bytes: number): void {
    const { tally } = this;
    // What is sent is kept until it arrives: large messages take memory and time.
    this.work.spend(bytes);
    tally.sent[message] = (tally.sent[message] as number) + 1;
    tally.bytes[message] = (tally.bytes[message] as number) + bytes;
    if (from === tally.called) tally.sentByCalled[message] = (tally.sentByCalled[message] as number) + 1;
    if (to === tally.called) tally.sentToCalled[message] = (tally.sentToCalled[message] as number) + 1;
    if (!this.setting.countLines) return;
    for (const [at, via] of this.setting.routes.path(from, to)) {
      const line = at * this.setting.nodeCount + via;
      tally.lines.set(line, (tally.lines.get(line) ?? 0) + bytes);
    }
  }

  setTimer(node: number, index: number, delay: number): void {
    const timer = this.timer(node, index);
    this.longestTimer = Math.max(this.longestTimer, delay);
    // A timer that is only moved is not caused anew: a periodic one stays in the background.
    if (!timer.set) {
      timer.tally = this.tally;
      timer.tally.pending += 1;
    }
    timer.set = true;
    timer.depth = this.depth;
    timer.generation += 1;
    this.heap.push({
      time: this.time + Math.max(0, delay),
      order: this.nextOrder(),
      node,
      what: { kind: 'timer', index, generation: timer.generation },
      depth: this.depth,
      tally: timer.tally,
      served: true,
    });
  }

  cancelTimer(node: number, index: number): void {
    const timer = this.timer(node, index);
    if (timer.set) timer.tally.pending -= 1;
    timer.set = false;
  }

  replyCall(node: number, call: CallHandle): void {
    this.launch(node, call.client, { kind: 'answer', handle: call });
  }

  emit(): void {
    // Events cost nothing.
  }

  assertionFailed(): void {
    // Runs report it.
  }

  now(): number {
    return this.time;
  }

  random(node: number): number {
    this.tally.drew = true;
    return this.randomOf(node).nextFloat();
  }

  draw(node: number, distribution: Distribution): number {
    return Math.max(0, drawn(distribution, this.randomOf(node)));
  }

  liars(): readonly number[] {
    return [];
  }
  liar(): undefined {
    return undefined;
  }
  canSync(): boolean {
    return true;
  }
  neighbors(node: number): readonly number[] {
    return this.setting.routes.neighbors(node);
  }
}

function drawn(distribution: Distribution, random: Random): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return distribution.min + (distribution.max - distribution.min) * random.nextFloat();
    case 'normal':
      return distribution.mean + distribution.sd * standardNormal(random);
    case 'lognormal':
      return distribution.median * exp(distribution.sigma * standardNormal(random));
    case 'exponential':
      return -distribution.mean * ln(1 - random.nextFloat());
    case 'pareto':
      return distribution.scale * exp(-ln(1 - random.nextFloat()) / distribution.shape);
    case 'empirical':
      return distribution.values[Math.floor(random.nextFloat() * distribution.values.length)] ?? 0;
  }
}

/** Twelve uniform draws, less six: near enough to normal for the delay of a timer. */
function standardNormal(random: Random): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random.nextFloat();
  return sum;
}
