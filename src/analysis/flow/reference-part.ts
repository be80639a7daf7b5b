import { exp, ln } from '../../base/exact-math.ts';
import { Random } from '../../base/random.ts';
import type { Span } from '../../base/source.ts';
import { type CallHandle, type Host, type Instance, type Payload, type Program, RuntimeFailure } from '../../compiler/program.ts';
import type { Deployment } from '../../model/system.ts';
import type { Distribution } from '../../model/values.ts';
import { type Handle, handlerSteps, type ReferenceRun } from './reference-run.ts';
import type { Tally } from './tally.ts';

/** A deployment that takes part in a reference execution. */
export interface PartSetting {
  readonly program: Program;
  readonly deployment: Deployment;
  /** Where the kinds of its messages begin among those of all parts. */
  readonly firstKind: number;
}

interface Timer {
  generation: number;
  set: boolean;
  tally: Tally;
  depth: number;
}

/** One deployment in a reference execution: its instances and timers, and what their handlers may ask for. */
export class ReferencePart implements Host {
  fuel = 0;
  readonly program: Program;
  readonly deployment: Deployment;
  readonly firstKind: number;
  readonly instances: (Instance | undefined)[] = [];
  private readonly timers: Timer[];
  private readonly randoms = new Map<number, Random>();

  constructor(
    private readonly run: ReferenceRun,
    /** 0 for the deployment whose flow is asked for, others for those that it uses. */
    private readonly place: number,
    setting: PartSetting,
    /** What nobody calls for is caused by. */
    readonly background: Tally,
    nodeCount: number,
  ) {
    this.program = setting.program;
    this.deployment = setting.deployment;
    this.firstKind = setting.firstKind;
    this.timers = Array.from({ length: nodeCount * this.program.timers.length }, () => ({
      generation: 0,
      set: false,
      tally: background,
      depth: 0,
    }));
  }

  /** Whether the timer's event still stands for it; it is set no longer then. */
  runsOut(node: number, index: number, generation: number): boolean {
    const timer = this.timer(node, index);
    if (!timer.set || timer.generation !== generation) return false;
    timer.set = false;
    return true;
  }

  send(node: number, target: number, message: number, payload: Payload): void {
    this.run.count(this, node, target, message, this.program.sizeOf(message, payload));
    this.run.launch(this, node, target, { kind: 'message', index: message, payload, sender: node });
  }

  broadcast(node: number, message: number, payload: Payload): void {
    const bytes = this.program.sizeOf(message, payload);
    for (const target of this.deployment.members) {
      if (target === node) continue;
      this.run.count(this, node, target, message, bytes);
      this.run.launch(this, node, target, { kind: 'message', index: message, payload, sender: node });
    }
  }

  setTimer(node: number, index: number, delay: number): void {
    const { run } = this;
    const timer = this.timer(node, index);
    run.longestTimer = Math.max(run.longestTimer, delay);
    // A timer that is only moved is not caused anew: a periodic one stays in the background.
    if (!timer.set) {
      timer.tally = run.tally;
      timer.tally.pending += 1;
    }
    timer.set = true;
    timer.depth = run.depth;
    timer.generation += 1;
    run.await(this, node, { kind: 'timer', index, generation: timer.generation }, delay, timer.tally);
  }

  cancelTimer(node: number, index: number): void {
    const timer = this.timer(node, index);
    if (timer.set) timer.tally.pending -= 1;
    timer.set = false;
  }

  replyCall(node: number, call: CallHandle, value: unknown): void {
    const { caller } = call as Handle;
    if (caller !== null && call.client === node)
      this.run.hand(caller.part, node, (instance) => caller.part.answered(instance, call, value));
    else this.run.launch(this, node, call.client, { kind: 'answer', handle: call as Handle, value });
  }

  /** The answer to a call of the node's own. */
  answered(instance: Instance, call: CallHandle, value: unknown): void {
    const { caller } = call as Handle;
    if (caller === null || caller.done) return;
    caller.done = true;
    const { use } = caller;
    const trigger = this.program.localTriggers.findIndex(
      (each) => each.kind === 'answer' && each.use === use && each.index === call.operation,
    );
    if (trigger >= 0) instance.local?.(trigger, { call, value });
  }

  emit(node: number, event: number, payload: Payload): void {
    // Events cost nothing by themselves.
    for (const part of this.run.parts) {
      part.deployment.uses.forEach(({ bound }, use) => {
        if (bound[node] !== this.deployment.index) return;
        const trigger = part.program.localTriggers.findIndex((each) => each.kind === 'event' && each.use === use && each.index === event);
        if (trigger >= 0) this.run.hand(part, node, (instance) => instance.local?.(trigger, payload));
      });
    }
  }

  used(node: number, use: number): Instance {
    const instance = this.partOf(node, use)?.instances[node];
    if (instance) return instance;
    throw new RuntimeFailure('a node runs nothing of what it uses', this.deployment.nameSpan);
  }

  callUsed(node: number, use: number, operation: number, fields: Payload, target: number, span: Span): CallHandle {
    const at = target < 0 ? node : target;
    const protocol = this.deployment.uses[use]?.protocol;
    const bound = this.partOf(node, use);
    const isMember = (part: ReferencePart | undefined): boolean => part?.deployment.members.includes(at) ?? false;
    const callee = isMember(bound) ? bound : this.run.parts.find((part) => part.deployment.protocol === protocol && isMember(part));
    if (callee === undefined) throw new RuntimeFailure('a node is called that does not run what it is called for', span);
    const handle = this.run.handle(operation, fields, node, callee.deployment.index, { part: this, use, done: false });
    if (at === node) this.run.hand(callee, node, (instance) => instance.operation(operation, handle));
    else this.run.launch(callee, node, at, { kind: 'request', index: operation, handle });
    return handle;
  }

  assertionFailed(): void {
    // Runs report it.
  }

  now(): number {
    return this.run.time;
  }

  random(node: number): number {
    this.run.tally.drew = true;
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
    return this.run.neighbors(node);
  }

  /** Starts the member's instance. */
  start(node: number): void {
    this.fuel = handlerSteps;
    this.instances[node]?.start();
  }

  private partOf(node: number, use: number): ReferencePart | undefined {
    const bound = this.deployment.uses[use]?.bound[node] ?? -1;
    return this.run.parts.find(({ deployment }) => deployment.index === bound);
  }

  private timer(node: number, timer: number): Timer {
    return this.timers[node * this.program.timers.length + timer] as Timer;
  }

  private randomOf(node: number): Random {
    let random = this.randoms.get(node);
    if (random === undefined) {
      random = new Random(1, this.place === 0 ? `reference ${node}` : `reference ${this.place}/${node}`);
      this.randoms.set(node, random);
    }
    return random;
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
