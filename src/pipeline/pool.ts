import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SystemCode } from '../model/system-code.ts';
import type { TraceSink } from '../simulator/trace.ts';
import type { RunReport, RunRequest } from './api.ts';
import { Campaign, type CampaignHooks } from './campaign.ts';
import type { Part } from './campaign-part.ts';
import type { Assignment, PoolTask } from './pool-task.ts';
import { type RunChoice, type TraceEnd, TraceTask } from './trace-task.ts';
import { Halt, Shared, type WorkerMessage, type WorkerOrder, type WorkerStart } from './worker-messages.ts';

/** A failure of ours inside a worker: not the specification's fault. */
export class WorkerBug extends Error {}

export interface PoolHooks extends CampaignHooks {
  readonly signal?: AbortSignal;
  /** How long the seeds that are running when it is cancelled may take to come to their end, ms. Default 0. */
  readonly graceMs?: number;
}

/** More workers than this only compete for memory. */
const workersDefaultMost = 16;
/** How long a worker may take to notice that it is to stop at once, ms, before it is ended the hard way. */
const patienceMs = 1_000;
/** How often it is looked whether another worker is worth it, ms. */
const lookMs = 50;

/** One a processor. */
export function defaultWorkers(): number {
  return Math.min(availableParallelism(), workersDefaultMost);
}

/**
 * Runs a single request with workers of its own. Resolves with what there is when cancelled or out of memory; rejects with
 * WorkerBug for a failure of ours.
 */
export async function runInWorkers(
  workerFile: string | URL,
  request: RunRequest,
  hooks: PoolHooks = {},
  workers = defaultWorkers(),
): Promise<RunReport> {
  const pool = new SimulationPool(workerFile, request.limits.memoryMb, workers);
  try {
    return await pool.run(request, hooks);
  } finally {
    pool.close();
  }
}

/** What the pool knows of a task whatever its result. */
type Task = PoolTask<unknown>;

interface Running {
  readonly task: Task;
  /** Hands out what it came to, if it came to its end. */
  readonly conclude: () => void;
  readonly fail: (error: Error) => void;
}

/**
 * Workers that share the seeds of requests among them, each with a memory limit: a specification can stop a run, never the
 * tool. Workers start as there is work for them and stay, so that what they have compiled and what their engine has learnt
 * serves the next seeds. What a request gives does not hang on how many workers there are.
 */
export class SimulationPool {
  private readonly workers: PoolWorker[] = [];
  /** In the order in which they were asked for. */
  private readonly running: Running[] = [];
  private tasks = 0;
  /** Numbers of the codes that requests were about. */
  private readonly codes = new WeakMap<SystemCode, number>();
  private codesCount = 0;
  private look: NodeJS.Timeout | null = null;
  private isClosed = false;

  constructor(
    private readonly workerFile: string | URL,
    /** Of each worker. */
    private readonly memoryMb: number,
    private readonly workersMost = defaultWorkers(),
  ) {}

  run(request: RunRequest, hooks: PoolHooks = {}): Promise<RunReport> {
    return this.take(new Campaign(this.nextId(), request, hooks), hooks);
  }

  /**
   * Makes a single run of a request of one scenario and hands its whole trace to `sink`, part by part; the worker waits where
   * that is slower than the run. Rejects with what the sink throws.
   */
  trace(request: RunRequest, choice: RunChoice, sink: TraceSink, signal?: AbortSignal): Promise<TraceEnd> {
    return this.take(new TraceTask(this.nextId(), request, choice, sink), { signal });
  }

  private nextId(): number {
    this.tasks += 1;
    return this.tasks;
  }

  private take<Result>(task: PoolTask<Result>, { signal, graceMs = 0 }: Pick<PoolHooks, 'signal' | 'graceMs'>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const timers: NodeJS.Timeout[] = [];
      const onAbort = (): void => {
        task.cancel();
        this.halt(task, Halt.afterSeed);
        timers.push(setTimeout(() => this.halt(task, Halt.atOnce), graceMs));
        timers.push(setTimeout(() => this.abandon(task), graceMs + patienceMs));
        this.dispatch();
      };
      const settle = (act: () => void): void => {
        const at = this.running.indexOf(running);
        if (at < 0) return;
        this.running.splice(at, 1);
        for (const timer of timers) clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        for (const worker of this.workers) worker.forget(task);
        act();
      };
      const conclude = (): void => {
        const result = task.report();
        if (result !== null) settle(() => resolve(result));
      };
      const running: Running = { task, conclude, fail: (error) => settle(() => reject(error)) };
      this.running.push(running);
      if (signal?.aborted) onAbort();
      else signal?.addEventListener('abort', onAbort);
      this.dispatch();
    });
  }

  /** Ends the workers. What is still running never settles. */
  close(): void {
    this.isClosed = true;
    if (this.look) clearTimeout(this.look);
    for (const worker of this.workers.splice(0)) worker.end();
  }

  /** Gives every worker that has nothing to do something, and starts workers as long as that is worth it. */
  private dispatch(): void {
    if (this.isClosed) return;
    for (const running of [...this.running]) running.conclude();
    for (const worker of this.workers) {
      if (worker.assignment) continue;
      const work = this.workFor(worker.lastTask, worker.lastPart);
      if (!work) break;
      worker.take(work.task, work.assignment, this.numberOf(work.task.request.code));
    }
    while (this.workers.length < this.workersMost && this.workers.every(({ assignment }) => assignment)) {
      const work = this.workFor(null, null);
      if (!work) break;
      this.start().take(work.task, work.assignment, this.numberOf(work.task.request.code));
    }
    this.lookAgain();
  }

  private start(): PoolWorker {
    const worker: PoolWorker = new PoolWorker(this.workerFile, this.memoryMb, {
      onMessage: (message) => this.onMessage(worker, message),
      onBug: (error) => this.onBug(worker, error),
      onDeath: (memoryMb, exitCode) => this.onDeath(worker, memoryMb, exitCode),
    });
    this.workers.push(worker);
    return worker;
  }

  private numberOf(code: SystemCode): number {
    let number = this.codes.get(code);
    if (number === undefined) {
      this.codesCount += 1;
      number = this.codesCount;
      this.codes.set(code, number);
    }
    return number;
  }

  /** Something to do, best for a worker that was at `task` and `part` before. */
  private workFor(task: Task | null, part: Part | null): { readonly task: Task; readonly assignment: Assignment } | null {
    const now = performance.now();
    const all = this.running.map((running) => running.task);
    for (const candidate of task && all.includes(task) ? [task, ...all.filter((other) => other !== task)] : all) {
      const assignment = candidate.next(part, now, this.workersMost);
      if (assignment) return { task: candidate, assignment };
    }
    return null;
  }

  /** Whether a long seed keeps others waiting is seen only as time passes. */
  private lookAgain(): void {
    const spare = this.workers.length < this.workersMost || this.workers.some(({ assignment }) => !assignment);
    if (this.look || !spare || !this.running.some(({ task }) => task.hasWaiting)) return;
    this.look = setTimeout(() => {
      this.look = null;
      this.dispatch();
    }, lookMs);
  }

  private onMessage(worker: PoolWorker, message: WorkerMessage): void {
    const { assignment, lastTask } = worker;
    if (message.kind === 'bug') {
      this.onBug(worker, Object.assign(new WorkerBug(message.message), { stack: message.stack }));
      return;
    }
    if (message.kind !== 'outcomes' && message.kind !== 'shrinking' && message.kind !== 'rows') worker.assignment = null;
    try {
      if (assignment) lastTask?.told(assignment, message);
    } catch (error) {
      this.onBug(worker, error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (message.kind === 'rows') worker.rowsTaken();
    this.dispatch();
  }

  /** A failure of ours ends the request that it happened in. */
  private onBug(worker: PoolWorker, error: Error): void {
    this.remove(worker);
    const of = this.running.find(({ task }) => task === worker.lastTask);
    of?.fail(error);
    this.dispatch();
  }

  private onDeath(worker: PoolWorker, memoryMb: number | null, exitCode: number | null): void {
    const { assignment, lastTask } = worker;
    if (memoryMb === null && worker.seed === null) {
      this.onBug(worker, new WorkerBug(`the simulation's worker ended with code ${exitCode} before it had a result`));
      return;
    }
    this.remove(worker);
    if (assignment) lastTask?.died(assignment, { seed: worker.seed, memoryMb, exitCode });
    this.dispatch();
  }

  private halt(task: Task, halt: number): void {
    for (const worker of this.workers) if (worker.assignment && worker.lastTask === task) worker.halt(halt);
  }

  private abandon(task: Task): void {
    for (const worker of [...this.workers]) {
      const { assignment } = worker;
      if (!assignment || worker.lastTask !== task) continue;
      this.remove(worker);
      task.abandoned(assignment);
    }
    this.dispatch();
  }

  private remove(worker: PoolWorker): void {
    const at = this.workers.indexOf(worker);
    if (at >= 0) this.workers.splice(at, 1);
    worker.end();
  }
}

interface PoolWorkerEvents {
  readonly onMessage: (message: WorkerMessage) => void;
  readonly onBug: (error: Error) => void;
  readonly onDeath: (memoryMb: number | null, exitCode: number | null) => void;
}

/** A thread of the pool, and what it is at. */
class PoolWorker {
  /** Null when it has nothing to do. */
  assignment: Assignment | null = null;
  lastTask: Task | null = null;
  lastPart: Part | null = null;
  private readonly shared = new Int32Array(new SharedArrayBuffer(4 * Shared.words));
  private readonly thread: Worker;
  private readonly begun = new Set<Task>();
  private isEnded = false;

  constructor(workerFile: string | URL, memoryMb: number, { onMessage, onBug, onDeath }: PoolWorkerEvents) {
    const start: WorkerStart = { shared: this.shared.buffer as SharedArrayBuffer };
    this.thread = new Worker(workerFile, {
      workerData: start,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
      stdout: false,
      stderr: false,
    });
    const once = (act: () => void): void => {
      if (this.isEnded) return;
      this.isEnded = true;
      act();
    };
    this.thread.on('message', (message: WorkerMessage) => {
      if (!this.isEnded) onMessage(message);
    });
    this.thread.on('error', (error: NodeJS.ErrnoException) =>
      once(() => {
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') onDeath(memoryMb, null);
        else onBug(Object.assign(new WorkerBug(error.message), { stack: error.stack }));
      }),
    );
    this.thread.on('exit', (code) => once(() => onDeath(null, code)));
  }

  /** `code`: the number of the request's code. */
  take(task: Task, assignment: Assignment, code: number): void {
    this.assignment = assignment;
    this.lastTask = task;
    this.lastPart = assignment.part;
    Atomics.store(this.shared, Shared.halt, Halt.none);
    Atomics.store(this.shared, Shared.position, -1);
    Atomics.store(this.shared, Shared.rowsTaken, 0);
    if (!this.begun.has(task)) {
      this.begun.add(task);
      this.tell({ kind: 'begin', campaign: task.id, request: task.request, code });
    }
    this.tell(assignment.order);
  }

  /** The seed that it is running; null when it is at none. */
  get seed(): number | null {
    const order = this.assignment?.order;
    const position = Atomics.load(this.shared, Shared.position);
    return order?.kind === 'run' ? (order.seeds[position] ?? null) : null;
  }

  halt(halt: number): void {
    Atomics.store(this.shared, Shared.halt, halt);
  }

  /** Lets it go on with rows where it waits for that; not before other events had their turn: a port with ever more messages keeps Ctrl-C waiting. */
  rowsTaken(): void {
    const { assignment } = this;
    setImmediate(() => {
      if (this.assignment !== assignment) return;
      Atomics.add(this.shared, Shared.rowsTaken, 1);
      Atomics.notify(this.shared, Shared.rowsTaken);
    });
  }

  forget(task: Task): void {
    if (!this.begun.delete(task) || this.isEnded) return;
    if (this.lastTask === task) this.lastPart = null;
    this.tell({ kind: 'forget', campaign: task.id });
  }

  end(): void {
    this.isEnded = true;
    void this.thread.terminate();
  }

  private tell(order: WorkerOrder): void {
    this.thread.postMessage(order);
  }
}
