import { Random } from '../base/random.ts';
import type { CallHandle, Payload } from '../compiler/program.ts';
import type { Workload, WorkloadCall } from '../model/system.ts';
import { ArgumentSource, interval } from './call-streams.ts';
import type { DeploymentHost } from './deployment-host.ts';
import { Category, type Task } from './event-store.ts';
import type { Kernel } from './kernel.ts';
import { Sampler } from './sampler.ts';
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

/** The clients' calls of a run: when they are made, to whom, how often they are tried, what came back. */
export class Calls {
  readonly records: Call[] = [];
  private readonly streams: readonly Stream[];
  private readonly unique = { next: 0 };
  private orders = 0;

  constructor(
    readonly kernel: Kernel,
    workloads: readonly Workload[],
    seed: number,
  ) {
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
    const { recorder } = this.kernel;
    if (recorder) {
      const text = recorder.valueText(call.stream.host.index, call.operation, value);
      recorder.callEvent(EventKind.reply, call.stream.host.index, call, by, text);
    }
    call.stream.ended(call);
  }

  /**
   * Whether a call counts as tried: not when its client crashed meanwhile, nor when the run ended before its time was up
   * (without a timeout: within the last second, or tenth of a short run).
   */
  counts(call: Call): boolean {
    if (call.state === 'lost') return false;
    if (call.state !== 'open') return true;
    if (call.epoch !== this.kernel.status.epoch[call.client]) return false;
    const { timeout, retries } = call.stream.call;
    const patience = timeout === null ? Math.min(1e9, this.kernel.end / 10) : timeout * (retries + 1);
    return call.invokedAt + patience <= this.kernel.end;
  }

  nextOrder(): number {
    this.orders += 1;
    return this.orders;
  }
}

/** One client's sequence of one kind of call: open (at a rate) or closed (one after the other). */
class Stream implements Task {
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

  /** Sends the call, or sends it again, to a target drawn anew. */
  attempt(call: Call): void {
    const { kernel } = this.calls;
    const { targets } = this.call;
    const target = targets.length === 1 ? (targets[0] as number) : (targets[this.random.nextInt(targets.length)] as number);
    call.attempts += 1;
    const bytes = callBytes(this.host.program.operations[this.operation]?.fields.length ?? 0);
    if (kernel.recorder && call.attempts === 1) {
      kernel.recorder.callEvent(EventKind.call, this.host.index, call, target, kernel.recorder.callText(this.host.index, call));
    }
    kernel.network.send(Category.request, this.host.index, this.client, target, this.operation, call, bytes);
    if (this.call.timeout !== null) kernel.at(kernel.now + this.call.timeout, new Timeout(call, call.attempts));
  }

  private invoke(): void {
    this.made += 1;
    const { records } = this.calls;
    const call = new Call(this, records.length, this.source.next());
    records.push(call);
    this.current = call;
    this.attempt(call);
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
    readonly stream: Stream,
    readonly id: number,
    readonly fields: Payload,
  ) {
    this.operation = stream.operation;
    this.client = stream.client;
    this.epoch = stream.calls.kernel.status.epoch[stream.client] as number;
    this.deployment = stream.host.index;
    this.invokedAt = stream.calls.kernel.now;
    this.invokedOrder = stream.calls.nextOrder();
  }
}

/** The end of the wait for one attempt's answer. */
class Timeout implements Task {
  constructor(
    private readonly call: Call,
    private readonly attempt: number,
  ) {}

  run(): void {
    const { call } = this;
    if (call.state !== 'open' || call.attempts !== this.attempt) return;
    const { kernel } = call.stream.calls;
    if (call.epoch !== kernel.status.epoch[call.client]) {
      call.state = 'lost';
      return;
    }
    if (call.attempts <= call.stream.call.retries) {
      call.stream.attempt(call);
      return;
    }
    call.state = 'given up';
    kernel.recorder?.callEvent(EventKind.giveUp, call.stream.host.index, call, -1, '');
    call.stream.ended(call);
  }
}
