import { Random } from '../base/random.ts';
import type { Span } from '../base/source.ts';
import type { CallHandle, Host, Instance, Payload, Program } from '../compiler/program.ts';
import type { Deployment } from '../model/system.ts';
import type { Distribution } from '../model/values.ts';
import { Category, Cell, EventCode } from './event-store.ts';
import type { Kernel } from './kernel.ts';
import { Flag } from './node-status.ts';
import { PropertyMonitor } from './property-monitor.ts';
import { Sampler } from './sampler.ts';

/** Bytes of a call's answer on the wire: a header and a number. */
const answerBytes = 24;

/** What happened of one declared event over a run. */
export interface EventTally {
  count: number;
  /** ns of the first, -1 for never. */
  firstAt: number;
  /** 1 for each node that emitted it. */
  readonly nodes: Uint8Array;
}

/** A deployment in a run: its nodes' instances, their timers, and what their handlers may ask for. */
export class DeploymentHost implements Host {
  fuel = 0;
  readonly index: number;
  readonly members: readonly number[];
  readonly instances: (Instance | undefined)[];
  readonly monitor: PropertyMonitor;
  readonly tallies: readonly EventTally[];

  private readonly timerCount: number;
  /** When a timer is due, -1 for not set; by node * timerCount + timer. */
  private readonly due: Float64Array;
  /** Time of the pending event that looks after the timer, -1 for none. */
  private readonly queuedAt: Float64Array;
  private readonly generation: Int32Array;
  /** Causal depth of the handler that set it. */
  private readonly causes: Int32Array;
  private readonly randoms: (Random | undefined)[];
  private readonly samplers = new Map<Distribution, Sampler>();

  constructor(
    protected readonly kernel: Kernel,
    readonly program: Program,
    readonly deployment: Deployment,
    private readonly seed: number,
  ) {
    const nodes = kernel.system.nodes.length;
    this.index = deployment.index;
    this.members = deployment.members;
    this.timerCount = program.timers.length;
    const timers = nodes * this.timerCount;
    this.due = new Float64Array(timers).fill(-1);
    this.queuedAt = new Float64Array(timers).fill(-1);
    this.generation = new Int32Array(timers);
    this.causes = new Int32Array(timers);
    this.randoms = new Array<Random | undefined>(nodes);
    this.instances = new Array<Instance | undefined>(nodes).fill(undefined);
    this.tallies = program.events.map(() => ({ count: 0, firstAt: -1, nodes: new Uint8Array(nodes) }));
    this.monitor = new PropertyMonitor(kernel, this);
  }

  /** Creates the instances. Apart from the constructor, for compiled code may already ask its host for something. */
  instantiate(): void {
    for (const node of this.members) this.instances[node] = this.program.instantiate(node, this);
    this.monitor.statusChanged();
  }

  // ---- what handlers ask for ----------------------------------------------------------------------------------------

  send(node: number, target: number, message: number, payload: Payload): void {
    if (((this.kernel.status.flags[node] as number) & Flag.lies) !== 0) this.kernel.liars.send(this, node, target, message, payload);
    else {
      const bytes = this.program.sizeOf(message, payload);
      this.kernel.network.send(Category.protocol, this.index, node, target, message, payload, bytes);
    }
  }

  broadcast(node: number, message: number, payload: Payload): void {
    const { members } = this;
    if (((this.kernel.status.flags[node] as number) & Flag.lies) !== 0) {
      for (const member of members) if (member !== node) this.kernel.liars.send(this, node, member, message, payload);
      return;
    }
    const bytes = this.program.sizeOf(message, payload);
    const { network } = this.kernel;
    for (let at = 0; at < members.length; at += 1) {
      const member = members[at] as number;
      if (member !== node) network.send(Category.protocol, this.index, node, member, message, payload, bytes);
    }
  }

  setTimer(node: number, timer: number, delay: number): void {
    const { kernel } = this;
    const rate = kernel.status.clockRate[node] as number;
    const length = rate === 1 ? delay : delay / rate;
    const due = kernel.now + (length > 0 ? Math.floor(length + 0.5) : 0);
    const at = node * this.timerCount + timer;
    this.causes[at] = kernel.cause;
    this.setDue(node, timer, at, due);
  }

  private setDue(node: number, timer: number, at: number, due: number): void {
    this.due[at] = due;
    const { status, now } = this.kernel;
    const isPaused = status.has(node, Flag.paused);
    // Of a node that stands still the timers fire when it goes on, whatever the clock has made of their times.
    const comes = Math.max(due, isPaused ? (status.pausedUntil[node] as number) : now);
    // An event that comes no later will find the new time: a timer that is moved over and over keeps one event.
    const queued = this.queuedAt[at] as number;
    if (queued >= 0 && (isPaused ? queued === comes : queued <= comes)) return;
    this.generation[at] = ((this.generation[at] as number) + 1) | 0;
    this.queueTimer(node, timer, at, comes);
  }

  cancelTimer(node: number, timer: number): void {
    this.due[node * this.timerCount + timer] = -1;
  }

  emit(node: number, event: number, payload: Payload): void {
    const { kernel } = this;
    if (kernel.recorder !== null) kernel.recorder.emitted(this.index, node, event, payload);
    kernel.digest.add(kernel.now, event, node);
    if (kernel.status.has(node, Flag.byzantine)) return;
    const tally = this.tallies[event] as EventTally;
    tally.count += 1;
    if (tally.firstAt < 0) tally.firstAt = kernel.now;
    tally.nodes[node] = 1;
  }

  replyCall(node: number, call: CallHandle, value: unknown): void {
    if (((this.kernel.status.flags[node] as number) & Flag.lies) !== 0) {
      this.kernel.liars.reply(this, node, call, value);
      return;
    }
    this.sendReply(node, call, value);
  }

  /** The answer itself, true or not. */
  sendReply(node: number, call: CallHandle, value: unknown): void {
    this.kernel.network.send(Category.answer, this.index, node, call.client, call.operation, { call, value }, answerBytes);
  }

  now(node: number): number {
    return this.kernel.status.localTime(node, this.kernel.now);
  }

  random(node: number): number {
    return this.randomOf(node).nextFloat();
  }

  draw(node: number, distribution: Distribution): number {
    let sampler = this.samplers.get(distribution);
    if (!sampler) {
      sampler = new Sampler(distribution);
      this.samplers.set(distribution, sampler);
    }
    return sampler.draw(this.randomOf(node));
  }

  assertionFailed(node: number, text: string, span: Span): void {
    if (!this.kernel.status.has(node, Flag.byzantine)) this.kernel.violations.assertion(this, node, text, span);
  }

  canSync(node: number): boolean {
    const { status } = this.kernel;
    return !status.has(node, Flag.dying) || (status.sendsLeft[node] as number) > 0;
  }

  liars(): readonly number[] {
    return this.members.filter((node) => this.kernel.status.has(node, Flag.byzantine));
  }

  liar(node: number): Instance | undefined {
    return this.kernel.status.has(node, Flag.byzantine) ? this.instances[node] : undefined;
  }

  neighbors(node: number): readonly number[] {
    return this.kernel.links.neighbors(node);
  }

  // ---- what the kernel asks for -------------------------------------------------------------------------------------

  /** The end of a step of `instance`: properties that read what it wrote, and the trace. */
  stepped(node: number, instance: Instance): void {
    const { dirty } = instance;
    // What the handler wrote and how many steps it took tell apart runs that differ in their nodes' state only.
    this.kernel.digest.add(this.fuel, dirty, node);
    if (dirty === 0) return;
    instance.dirty = 0;
    if (this.kernel.recorder !== null) this.kernel.recorder.stateChanged(this.index, node, instance, dirty);
    if ((dirty & this.monitor.reads) !== 0) this.monitor.check(node, dirty);
  }

  /** Whether the timer's event still stands for it, and it is due; an early event is put off. */
  timerIsDue(node: number, timer: number, generation: number): boolean {
    const at = node * this.timerCount + timer;
    if (this.generation[at] !== generation) return false;
    this.queuedAt[at] = -1;
    const due = this.due[at] as number;
    if (due < 0) return false;
    if (due > this.kernel.now) {
      this.queueTimer(node, timer, at, due);
      return false;
    }
    this.due[at] = -1;
    return true;
  }

  /** Gives the timers that the node has set other times, ns; in the order of the timers. */
  moveTimers(node: number, moved: (due: number) => number): void {
    for (let timer = 0; timer < this.timerCount; timer += 1) {
      const at = node * this.timerCount + timer;
      const due = this.due[at] as number;
      if (due >= 0) this.setDue(node, timer, at, moved(due));
    }
  }

  /** Whatever timers the node has set are gone. */
  dropTimers(node: number): void {
    this.due.fill(-1, node * this.timerCount, (node + 1) * this.timerCount);
  }

  private queueTimer(node: number, timer: number, at: number, due: number): void {
    const { kernel } = this;
    if (due > kernel.end) {
      this.queuedAt[at] = -1;
      return;
    }
    this.queuedAt[at] = due;
    const { store } = kernel;
    const slot = store.take();
    const { cells } = store;
    const cell = slot << 3;
    const depth = (this.causes[at] as number) & 0xffff;
    cells[cell + Cell.head] = EventCode.timer | (this.index << 8);
    cells[cell + Cell.node] = node;
    cells[cell + Cell.index] = timer;
    cells[cell + Cell.number] = this.generation[at] as number;
    cells[cell + Cell.depth] = due === kernel.now ? depth | kernel.nextInInstant() : depth;
    store.queue.push(slot, due);
  }

  private randomOf(node: number): Random {
    let random = this.randoms[node];
    if (!random) {
      random = new Random(this.seed, `protocol ${this.index}/${node}`);
      this.randoms[node] = random;
    }
    return random;
  }
}
