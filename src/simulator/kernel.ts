import { Random } from '../base/random.ts';
import type { CallHandle, Instance, Program } from '../compiler/program.ts';
import { RuntimeFailure } from '../compiler/program.ts';
import type { Scenario } from '../model/scenario.ts';
import type { System } from '../model/system.ts';
import type { Calls } from './calls.ts';
import { ComposedHost, Composition, isComposed } from './composition.ts';
import type { CoverageRecorder, RunObserver } from './coverage-recorder.ts';
import { Cut } from './cut.ts';
import { DeploymentHost } from './deployment-host.ts';
import { Digest } from './digest.ts';
import { Category, Cell, EventCode, EventStore, type Task } from './event-store.ts';
import { HeldMessages } from './held-messages.ts';
import { Liars } from './liars.ts';
import { Cancelled, LimitReached, type SimulatorLimits } from './limits.ts';
import { Links } from './links.ts';
import { Network } from './network.ts';
import { Flag, NodeStatus } from './node-status.ts';
import { Recorder } from './recorder.ts';
import type { RunError } from './result.ts';
import { Routing } from './routing.ts';
import { endlessInstant, errorOf } from './run-error.ts';
import { scheduledQueue } from './schedule/choose.ts';
import { EventKind, type TraceSink } from './trace.ts';
import { UsedCall } from './used-call.ts';
import { ViolationLog } from './violation-log.ts';

/** How many events pass between two looks at `shouldStop`. */
const eventsPerLook = 4096;

/**
 * One run: takes the next event and lets its node act, until nothing is left or the scenario's time is up. What acts and
 * what it acts on stand in the parts; this is the loop and the moment in it: the time and the handler that is running.
 */
export class Kernel {
  /** ns since the start. */
  now = 0;
  /** The running handler's causal depth and its place within the instant: `Cell.depth`. */
  cause = 0;
  /** Events processed. */
  steps = 0;
  error: RunError | null = null;

  /** ns. */
  readonly end: number;
  readonly gst: number;
  readonly store = new EventStore();
  readonly digest = new Digest();
  readonly status: NodeStatus;
  readonly links: Links;
  readonly cut: Cut;
  readonly routing: Routing;
  readonly network: Network;
  readonly hosts: readonly DeploymentHost[];
  /** Null where no protocol uses another. */
  readonly composition: Composition | null;
  readonly liars: Liars;
  readonly held: HeldMessages;
  readonly violations: ViolationLog;
  readonly recorder: RunObserver | null;
  /** The workloads' calls; set before the run begins. */
  calls: Calls | null = null;

  private readonly serviceDraws: Random;
  private readonly omissionDraws: Random;
  /** Who acts, for messages about errors. */
  private actor = -1;
  private actorHost: DeploymentHost | null = null;
  private trigger: 'message' | 'timeout' | 'operation' | 'local' = 'message';
  private triggerIndex = -1;

  constructor(
    readonly system: System,
    readonly scenario: Scenario,
    programs: readonly Program[],
    seed: number,
    private readonly limits: SimulatorLimits,
    trace: boolean | TraceSink,
    private readonly shouldStop: () => boolean,
    coverage: CoverageRecorder | null = null,
  ) {
    this.end = scenario.duration;
    this.gst = system.timing.gst ?? 0;
    this.status = new NodeStatus(system, seed);
    this.links = new Links(system);
    this.cut = new Cut(system.nodes.length);
    this.routing = new Routing(this.links, this.status, this.cut);
    const faultModel = scenario.faults === null ? null : (system.faultModels[scenario.faults] ?? null);
    this.network = new Network(this, seed, system.timing, faultModel);
    this.liars = new Liars(this, seed);
    this.held = new HeldMessages(this);
    this.violations = new ViolationLog(this);
    this.serviceDraws = new Random(seed, 'service');
    this.omissionDraws = new Random(seed, 'omission');
    const byDeployment = system.deployments.map((deployment) => {
      const program = programs.find((candidate) => candidate.deployment === deployment.index);
      if (!program) throw new Error(`no program for deployment ${deployment.index} of system ${system.name}`);
      return program;
    });
    coverage?.attach(this);
    this.recorder = trace ? new Recorder(this, byDeployment, limits, trace === true ? null : trace) : coverage;
    if (scenario.schedule.kind !== 'latency') this.store.queue = scheduledQueue(this, scenario.schedule, seed);
    const composed = isComposed(system);
    const HostClass = composed ? ComposedHost : DeploymentHost;
    this.hosts = system.deployments.map((deployment, at) => new HostClass(this, byDeployment[at] as Program, deployment, seed));
    this.composition = composed ? new Composition(this, this.hosts) : null;
    this.instantiate();
  }

  /** Makes the nodes; an initial value may fail as a handler may. */
  private instantiate(): void {
    try {
      for (const host of this.hosts) {
        this.actorHost = host;
        host.instantiate();
      }
    } catch (failure) {
      if (!this.survives(failure)) return;
      throw failure;
    }
  }

  // ---- scheduling ---------------------------------------------------------------------------------------------------

  /** Runs a task at `time`, ns; what is beyond the end never comes. */
  at(time: number, task: Task): void {
    if (time > this.end) return;
    const slot = this.store.take();
    const cell = slot << 3;
    this.store.cells[cell + Cell.head] = EventCode.task;
    this.store.cells[cell + Cell.depth] = time <= this.now ? this.nextInInstant() : 0;
    this.store.payloads[slot] = task;
    this.store.queue.push(slot, Math.max(time, this.now));
  }

  /** The bits of `Cell.depth` for an event that follows the running one within the same instant. */
  nextInInstant(): number {
    const steps = (this.cause >> 16) + 1;
    if (steps > this.limits.instantSteps) this.stopInstant(steps - 1);
    return steps << 16;
  }

  // ---- the loop -----------------------------------------------------------------------------------------------------

  /** Processes all events. A failure of the specification ends the run, unless a Byzantine node's own. */
  run(): void {
    if (this.error) return;
    for (;;) {
      try {
        this.loop();
        return;
      } catch (failure) {
        if (!this.survives(failure)) return;
        this.composition?.drain(this.actor);
      }
    }
  }

  /** Calls a handler that no message or timer triggers: `start` and `recover`. */
  act(host: DeploymentHost, node: number, handler: 'start' | 'recover'): void {
    const instance = host.instances[node];
    if (!instance) return;
    this.actor = node;
    this.actorHost = host;
    this.cause &= ~0xffff;
    host.fuel = this.limits.handlerSteps;
    try {
      instance[handler]();
    } catch (failure) {
      if (!this.survives(failure)) throw failure;
    }
    host.stepped(node, instance);
  }

  /** Starts or wakes all deployments of a node. */
  begin(node: number, handler: 'start' | 'recover'): void {
    if (this.composition !== null) this.composition.begin(node, handler);
    else for (const host of this.hosts) this.act(host, node, handler);
  }

  /** A step that another protocol on the same node has caused. */
  local(
    host: DeploymentHost,
    node: number,
    cause: number,
    trigger: 'operation' | 'local',
    index: number,
    act: (instance: Instance) => void,
  ): void {
    const instance = host.instances[node];
    if (!instance) return;
    this.cause = cause;
    this.actor = node;
    this.actorHost = host;
    this.trigger = trigger;
    this.triggerIndex = index;
    host.fuel = this.limits.handlerSteps;
    try {
      act(instance);
    } catch (failure) {
      if (!this.survives(failure)) throw failure;
    }
    host.stepped(node, instance);
  }

  /** Whether the node goes on to act in this instant: not when it is down or its last message before a crash is out. */
  mayAct(node: number): boolean {
    const { status } = this;
    return !status.isDown(node) && !(status.has(node, Flag.dying) && (status.sendsLeft[node] as number) <= 0);
  }

  private loop(): void {
    const { store, limits } = this;
    const { queue } = store;
    let untilLook = eventsPerLook;
    for (;;) {
      const slot = queue.pop();
      if (slot < 0) return;
      this.now = queue.now;
      this.steps += 1;
      untilLook -= 1;
      if (untilLook <= 0) {
        untilLook = eventsPerLook;
        if (this.shouldStop()) throw new Cancelled();
        if (this.steps > limits.events) throw new LimitReached(`the run took more than ${limits.events} events`, null);
        if (store.live > limits.pending) throw new LimitReached(`more than ${limits.pending} events are pending at once`, null);
      }
      switch ((store.cells[slot << 3] as number) & 15) {
        case EventCode.arrive:
          this.arrive(slot);
          break;
        case EventCode.served:
          this.served(slot);
          break;
        case EventCode.timer:
          this.timer(slot);
          break;
        case EventCode.relay:
          this.relay(slot);
          break;
        default:
          this.task(slot);
      }
    }
  }

  // ---- messages -----------------------------------------------------------------------------------------------------

  private arrive(slot: number): void {
    const { cells } = this.store;
    const { cut } = this;
    const at = slot << 3;
    const node = cells[at + Cell.node] as number;
    if (cut.active && cut.separates(cells[at + Cell.hop] as number, node)) {
      this.lose(slot);
      return;
    }
    const flags = this.status.flags[node] as number;
    if ((flags & (Flag.down | Flag.omitsReceive | Flag.queues | Flag.paused)) === 0) this.handle(slot);
    else if ((flags & Flag.down) !== 0) this.lose(slot);
    else if ((flags & Flag.omitsReceive) !== 0 && this.omissionDraws.chance(this.status.omitsReceipts[node] as number)) this.lose(slot);
    else if ((flags & Flag.paused) !== 0) this.held.hold(slot, node);
    else if ((flags & Flag.queues) !== 0) this.enqueue(slot, node);
    else this.handle(slot);
  }

  enqueue(slot: number, node: number): void {
    const { status, store } = this;
    if (status.busy[node] === 0) {
      this.serve(slot, node);
      return;
    }
    store.waiting[slot] = -1;
    if ((status.queueHead[node] as number) < 0) status.queueHead[node] = slot;
    else store.waiting[status.queueTail[node] as number] = slot;
    status.queueTail[node] = slot;
  }

  /** Begins the service of a message; its handler runs when the service is over. */
  private serve(slot: number, node: number): void {
    const { status, store } = this;
    const at = slot << 3;
    status.busy[node] = 1;
    store.cells[at + Cell.head] = (store.cells[at + Cell.head] as number) | EventCode.served;
    store.cells[at + Cell.hop] = status.epoch[node] as number;
    const time = (status.service[node]?.draw(this.serviceDraws) ?? 0) * (status.slowness[node] as number);
    const done = this.now + Math.floor(time + 0.5);
    // A service that outlasts the run keeps its node busy to the end.
    if (done > this.end) store.release(slot);
    else store.queue.push(slot, done);
  }

  private served(slot: number): void {
    const { status, store } = this;
    const at = slot << 3;
    const node = store.cells[at + Cell.node] as number;
    if (store.cells[at + Cell.hop] !== status.epoch[node]) {
      this.lose(slot);
      return;
    }
    // The work of a node that stands still ends when it goes on.
    if (status.has(node, Flag.paused)) {
      const until = status.pausedUntil[node] as number;
      // One that stands still to the end of the run never does.
      if (until > this.end) store.release(slot);
      else store.queue.push(slot, until);
      return;
    }
    status.busy[node] = 0;
    const next = status.queueHead[node] as number;
    if (next >= 0) {
      status.queueHead[node] = store.waiting[next] as number;
      this.serve(next, node);
    }
    this.handle(slot);
  }

  /** What waits at a node that goes down is lost. */
  dropQueue(node: number): void {
    const { status, store } = this;
    status.epoch[node] = (status.epoch[node] as number) + 1;
    status.busy[node] = 0;
    let slot = status.queueHead[node] as number;
    status.queueHead[node] = -1;
    for (const held of this.held.take(node)) this.lose(held);
    while (slot >= 0) {
      const next = store.waiting[slot] as number;
      this.lose(slot);
      slot = next;
    }
  }

  private lose(slot: number): void {
    const { cells } = this.store;
    const at = slot << 3;
    const sender = cells[at + Cell.sender] as number;
    const target = cells[at + Cell.target] as number;
    this.network.drop(cells[at + Cell.head] as number, sender, target, cells[at + Cell.index] as number, cells[at + Cell.number] as number);
    this.digest.add(this.now, 1, cells[at + Cell.number] as number);
    this.store.release(slot);
  }

  private handle(slot: number): void {
    const { cells, payloads } = this.store;
    const at = slot << 3;
    const head = cells[at] as number;
    const node = cells[at + Cell.node] as number;
    const sender = cells[at + Cell.sender] as number;
    const index = cells[at + Cell.index] as number;
    const number = cells[at + Cell.number] as number;
    const category = (head >> 4) & 3;
    const host = this.hosts[head >> 8] as DeploymentHost;
    const payload = payloads[slot];
    this.cause = cells[at + Cell.depth] as number;
    this.store.release(slot);
    this.digest.add(this.now, number, Math.imul(node, 0x0001_0003) ^ (sender << 8) ^ (index << 4) ^ category);
    if (this.recorder !== null) this.recorder.delivered(category, head >> 8, sender, node, index, number);
    if (category === Category.answer) {
      const { call, value } = payload as { readonly call: CallHandle; readonly value: unknown };
      if (this.composition !== null && call instanceof UsedCall) {
        this.composition.arrived(call, sender, value);
        return;
      }
      this.calls?.answered(call, sender, value, this.cause & 0xffff);
      return;
    }
    const instance = host.instances[node] as Instance | undefined;
    if (instance === undefined) return;
    this.actor = node;
    this.actorHost = host;
    this.triggerIndex = index;
    host.fuel = this.limits.handlerSteps;
    if (category === Category.protocol) {
      this.trigger = 'message';
      this.network.delivered += 1;
      instance.message(index, payload as object, sender);
    } else {
      this.trigger = 'operation';
      instance.operation(index, payload as CallHandle);
    }
    host.stepped(node, instance);
  }

  /** Passes a message on; relays forward what they receive as fast as they can. */
  private relay(slot: number): void {
    const { store, status, cut } = this;
    const { cells } = store;
    const at = slot << 3;
    const node = cells[at + Cell.node] as number;
    if (status.isDown(node) || cut.separates(cells[at + Cell.hop] as number, node)) {
      this.lose(slot);
      return;
    }
    if (status.has(node, Flag.paused)) {
      this.held.hold(slot, node);
      return;
    }
    const head = (cells[at + Cell.head] as number) & ~15;
    const category = (head >> 4) & 3;
    const index = cells[at + Cell.index] as number;
    const number = cells[at + Cell.number] as number;
    const depth = (cells[at + Cell.depth] as number) & 0xffff;
    const target = cells[at + Cell.target] as number;
    const sender = cells[at + Cell.sender] as number;
    let payload = store.payloads[slot];
    this.cause = cells[at + Cell.depth] as number;
    const host = this.hosts[head >> 8] as DeploymentHost;
    this.digest.add(this.now, number, node);
    store.release(slot);
    if (category === Category.protocol && status.has(node, Flag.lies)) {
      payload = this.liars.relayed(host, node, index, payload as object);
      if (payload === null) {
        this.network.drop(head, sender, target, index, number);
        return;
      }
    }
    const bytes = category === Category.protocol ? host.program.sizeOf(index, payload as object) : 32;
    this.network.forward(head, node, target, sender, index, number, depth, payload, bytes);
  }

  // ---- timers and tasks ---------------------------------------------------------------------------------------------

  private timer(slot: number): void {
    const { cells } = this.store;
    const at = slot << 3;
    const node = cells[at + Cell.node] as number;
    const timer = cells[at + Cell.index] as number;
    const generation = cells[at + Cell.number] as number;
    const host = this.hosts[(cells[at] as number) >> 8] as DeploymentHost;
    this.cause = cells[at + Cell.depth] as number;
    this.store.release(slot);
    if (!host.timerIsDue(node, timer, generation)) return;
    const instance = host.instances[node] as Instance;
    this.digest.add(this.now, timer | 0x1000_0000, node);
    if (this.recorder !== null) this.recorder.timeout(host.index, node, timer);
    this.actor = node;
    this.actorHost = host;
    this.trigger = 'timeout';
    this.triggerIndex = timer;
    host.fuel = this.limits.handlerSteps;
    instance.timeout(timer);
    host.stepped(node, instance);
  }

  private task(slot: number): void {
    const task = this.store.payloads[slot] as Task;
    this.cause = this.store.cells[(slot << 3) + Cell.depth] as number;
    this.store.release(slot);
    this.actor = -1;
    this.actorHost = null;
    task.run();
  }

  // ---- failures -----------------------------------------------------------------------------------------------------

  /** Whether the run goes on. What is no failure of the specification is one of ours and is thrown on. */
  private survives(failure: unknown): boolean {
    if (this.error) return false;
    // A node that lies may well trip over its own lies; its handler just ends there.
    if (failure instanceof RuntimeFailure && this.actor >= 0 && this.status.has(this.actor, Flag.lies)) return true;
    const actor = this.system.nodes[this.actor]?.name ?? '';
    this.error = errorOf(failure, this.scenario, actor, this.actorHost?.deployment ?? null, this.now);
    this.digest.addText(this.error.message);
    this.recorder?.note(EventKind.error, this.actor, '', this.error.message);
    return false;
  }

  /** Names the handler that follows itself for ever. */
  private stopInstant(steps: number): never {
    throw endlessInstant(this.system, this.actorHost, this.trigger, this.triggerIndex, steps);
  }
}
