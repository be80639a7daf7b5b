import { Random } from '../base/random.ts';
import type { CallHandle, Payload } from '../compiler/program.ts';
import type { ScenarioCall } from '../model/scenario.ts';
import type { Workload, WorkloadCall } from '../model/system.ts';
import { ArgumentSource, interval } from './call-streams.ts';
import { awaitMoment } from './chosen-moments.ts';
import type { DeploymentHost } from './deployment-host.ts';
import { Category, type Task } from './event-store.ts';
import type { Kernel } from './kernel.ts';
import { Sampler } from './sampler.ts';
import { ScheduledCall } from './scheduled-call.ts';
import { EventKind } from './trace.ts';

/** Bytes of a call on the wire: a header and eight a field. */
const callBytes = (fields: number): number => 16 + 8 * fields;

/** A call as it went, for metrics and histories. */
export interface CallRecord {
  readonly id: number;
  readonly client: number;
  readonly deployment: number;
  readonly operation: number;
  readonly fields: Payload;
  /** ns. */
  readonly invokedAt: number;
  /** Place of the invocation among all invocations and answers: histories are ordered even within one instant. */
  readonly invokedOrder: number;
  /** ns, -1 for never answered. */
  answeredAt: number;
  answeredOrder: number;
  result: unknown;
  /** Message delays from the invocation to the answer. */
  rounds: number;
}

/** What makes calls and waits for their answers. */
export interface Caller {
  readonly host: DeploymentHost;
  readonly operation: number;
  readonly client: number;
  readonly call: Pick<WorkloadCall, 'span' | 'timeout' | 'retries' | 'arguments'>;
  /** Where the next attempt goes. */
  target(attempt: number): number;
  /** A call was answered or given up. */
  ended(call: Call): void;
}

/** The clients' calls of a run: when they are made, to whom, how often they are tried, what came back. */
export class Calls {
  readonly records: Call[] = [];
  /** Every attempt in order, for a log of the run; null where none is kept. */
  attempts: { readonly call: Call; readonly target: number }[] | null = null;
  private readonly streams: readonly Stream[];
  private readonly scheduled: readonly ScheduledCall[];
  private readonly unique = { next: 0 };
  private orders = 0;

  constructor(
    readonly kernel: Kernel,
    workloads: readonly Workload[],
    seed: number,
    scheduled: readonly ScenarioCall[] = [],
  ) {
    this.scheduled = scheduled.flatMap((call, at) => {
      const random = new Random(seed, `call ${at}`);
      return call.clients.map((client) => new ScheduledCall(this, call, client, random, this.unique));
    });
    this.streams = workloads.flatMap((workload) =>
      workload.calls.flatMap((call, at) =>
        workload.clients.map((client) => {
          const host = kernel.hosts[call.deployment] as DeploymentHost;
          const operation = host.program.operations.findIndex((candidate) => candidate.name === call.operation);
          const random = new Random(seed, `workload ${workload.name} ${at} ${client}`);
          return new Stream(
            this,
            host,
            operation,
            call,
            client,
            random,
            new ArgumentSource(host.program, operation, call, random, this.unique),
          );
        }),
      ),
    );
  }

  begin(): void {
    for (const stream of this.streams) stream.begin();
    const { kernel } = this;
    for (const call of this.scheduled) {
      const { at, when } = call.call;
      kernel.at(at, when ? { run: () => awaitMoment(kernel, when, call) } : call);
    }
  }

  /** A client that comes back takes its closed loops up again; what it was waiting for is lost to it. */
  nodeUp(node: number): void {
    for (const stream of this.streams) if (stream.client === node) stream.resume();
  }

  /** A client that goes down forgets what it waits for. */
  nodeDown(node: number): void {
    for (const stream of this.streams) if (stream.client === node) stream.abandon();
  }

  answered(handle: CallHandle, by: number, value: unknown, rounds: number): void {
    const call = handle as Call;
    if (call.state !== 'open' || call.epoch !== this.kernel.status.epoch[call.client]) return;
    call.state = 'answered';
    call.answeredAt = this.kernel.now;
    call.answeredOrder = this.nextOrder();
    call.result = value;
    call.rounds = rounds;
    this.kernel.recorder?.answered(EventKind.reply, call.deployment, call, by, value);
    call.caller.ended(call);
  }

  /** Makes a call: the first attempt leaves now. */
  invoke(caller: Caller, fields: Payload): Call {
    const call = new Call(this, caller, this.records.length, fields);
    this.records.push(call);
    this.attempt(call);
    return call;
  }

  /** Sends the call, or sends it again. */
  attempt(call: Call): void {
    const { kernel } = this;
    const { host, client, operation } = call.caller;
    const target = call.caller.target(call.attempts);
    call.attempts += 1;
    this.attempts?.push({ call, target });
    const bytes = callBytes(host.program.operations[operation]?.fields.length ?? 0);
    if (call.attempts === 1) kernel.recorder?.called(EventKind.call, host.index, call, target);
    kernel.network.send(Category.request, host.index, client, target, operation, call, bytes);
    const { timeout } = call.caller.call;
    if (timeout !== null) kernel.at(kernel.now + timeout, new Timeout(this, call, call.attempts));
  }

  /**
   * Whether a call counts as tried: not when its client crashed meanwhile, nor when the run ended before its time was up
   * (without a timeout: within the last second, or tenth of a short run).
   */
  counts(call: Call): boolean {
    if (call.state === 'lost') return false;
    if (call.state !== 'open') return true;
    if (call.epoch !== this.kernel.status.epoch[call.client]) return false;
    const { timeout, retries } = call.caller.call;
    const patience = timeout === null ? Math.min(1e9, this.kernel.end / 10) : timeout * (retries + 1);
    return call.invokedAt + patience <= this.kernel.end;
  }

  nextOrder(): number {
    this.orders += 1;
    return this.orders;
  }
}

/** One client's sequence of one kind of call: open (at a rate) or closed (one after the other). */
class Stream implements Caller, Task {
  private made = 0;
  private current: Call | null = null;
  private idle = true;
  private readonly think: Sampler | null;

  constructor(
    readonly calls: Calls,
    readonly host: DeploymentHost,
    readonly operation: number,
    readonly call: WorkloadCall,
    readonly client: number,
    readonly random: Random,
    private readonly source: ArgumentSource,
  ) {
    this.think = call.think ? new Sampler(call.think) : null;
  }

  begin(): void {
    const { call, random } = this;
    this.idle = false;
    // Clients with a constant rate do not march in step: each has a phase of its own.
    const wait =
      call.rate === null
        ? this.pause()
        : call.arrival === 'constant'
          ? interval(call.rate, 'constant', random) * random.nextFloat()
          : interval(call.rate, 'poisson', random);
    this.schedule(call.start + wait);
  }

  /** The time of the next call has come. */
  run(): void {
    const { kernel } = this.calls;
    const { call } = this;
    if (call.limit !== null && this.made >= call.limit) return;
    const up = !kernel.status.isDown(this.client);
    if (call.rate !== null) this.schedule(kernel.now + interval(call.rate, call.arrival, this.random));
    if (up) this.invoke();
    else this.idle = true;
  }

  resume(): void {
    if (this.call.rate !== null || !this.idle) return;
    this.idle = false;
    this.schedule(this.calls.kernel.now + this.pause());
  }

  abandon(): void {
    if (this.call.rate !== null || !this.current) return;
    this.current.state = 'lost';
    this.current = null;
    this.idle = true;
  }

  /** A call was answered or given up: a closed loop goes on. */
  ended(call: Call): void {
    if (this.call.rate !== null || this.current !== call) return;
    this.current = null;
    this.schedule(this.calls.kernel.now + this.pause());
  }

  /** Each attempt goes to a target drawn anew. */
  target(): number {
    const { targets } = this.call;
    return targets.length === 1 ? (targets[0] as number) : (targets[this.random.nextInt(targets.length)] as number);
  }

  private invoke(): void {
    this.made += 1;
    this.current = this.calls.invoke(this, this.source.next());
  }

  private pause(): number {
    return this.think ? this.think.drawTime(this.random) : 0;
  }

  private schedule(time: number): void {
    this.calls.kernel.at(Math.floor(time + 0.5), this);
  }
}

export class Call implements CallHandle, CallRecord {
  readonly operation: number;
  readonly client: number;
  readonly deployment: number;
  readonly invokedAt: number;
  readonly invokedOrder: number;
  /** The client's epoch: one that has crashed since no longer knows of the call. */
  readonly epoch: number;
  state: 'open' | 'answered' | 'given up' | 'lost' = 'open';
  attempts = 0;
  answeredAt = -1;
  answeredOrder = -1;
  result: unknown = null;
  rounds = 0;

  constructor(
    calls: Calls,
    readonly caller: Caller,
    readonly id: number,
    readonly fields: Payload,
  ) {
    this.operation = caller.operation;
    this.client = caller.client;
    this.epoch = calls.kernel.status.epoch[caller.client] as number;
    this.deployment = caller.host.index;
    this.invokedAt = calls.kernel.now;
    this.invokedOrder = calls.nextOrder();
  }
}

/** The end of the wait for one attempt's answer. */
class Timeout implements Task {
  constructor(
    private readonly calls: Calls,
    private readonly call: Call,
    private readonly attempt: number,
  ) {}

  run(): void {
    const { call } = this;
    if (call.state !== 'open' || call.attempts !== this.attempt) return;
    const { kernel } = this.calls;
    if (call.epoch !== kernel.status.epoch[call.client]) {
      call.state = 'lost';
      return;
    }
    if (call.attempts <= call.caller.call.retries) {
      this.calls.attempt(call);
      return;
    }
    call.state = 'given up';
    kernel.recorder?.gaveUp(call.deployment, call);
    call.caller.ended(call);
  }
}
