import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { RunReport, RunRequest } from './api.ts';
import { type Assignment, Campaign, type CampaignHooks } from './campaign.ts';
import type { Part } from './campaign-part.ts';
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

interface Running {
  readonly campaign: Campaign;
  readonly hooks: PoolHooks;
  readonly settle: (act: () => void) => void;
  readonly resolve: (report: RunReport) => void;
  readonly reject: (error: Error) => void;
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
  private campaigns = 0;
  private look: NodeJS.Timeout | null = null;
  private isClosed = false;

  constructor(
    private readonly workerFile: string | URL,
    /** Of each worker. */
    private readonly memoryMb: number,
    private readonly workersMost = defaultWorkers(),
  ) {}

  run(request: RunRequest, hooks: PoolHooks = {}): Promise<RunReport> {
    return new Promise((resolve, reject) => {
      const { signal } = hooks;
      const campaign = new Campaign(this.campaigns, request, hooks);
      this.campaigns += 1;
      const timers: NodeJS.Timeout[] = [];
      const onAbort = (): void => {
        campaign.cancel();
        this.halt(campaign, Halt.afterSeed);
        const { graceMs = 0 } = hooks;
        timers.push(setTimeout(() => this.halt(campaign, Halt.atOnce), graceMs));
        timers.push(setTimeout(() => this.abandon(campaign), graceMs + patienceMs));
        this.dispatch();
      };
      const settle = (act: () => void): void => {
        const at = this.running.indexOf(running);
        if (at < 0) return;
        this.running.splice(at, 1);
        for (const timer of timers) clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        for (const worker of this.workers) worker.forget(campaign);
        act();
      };
      const running: Running = { campaign, hooks, settle, resolve, reject };
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
    for (const { campaign, settle, resolve } of [...this.running]) {
      const report = campaign.report();
      if (report) settle(() => resolve(report));
    }
    for (const worker of this.workers) {
      if (worker.assignment) continue;
      const work = this.workFor(worker.lastCampaign, worker.lastPart);
      if (!work) break;
      worker.take(work.campaign, work.assignment);
    }
    while (this.workers.length < this.workersMost && this.workers.every(({ assignment }) => assignment)) {
      const work = this.workFor(null, null);
      if (!work) break;
      this.start().take(work.campaign, work.assignment);
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

  /** Something to do, best for a worker that was at `campaign` and `part` before. */
  private workFor(campaign: Campaign | null, part: Part | null): { readonly campaign: Campaign; readonly assignment: Assignment } | null {
    const now = performance.now();
    const all = this.running.map((running) => running.campaign);
    for (const candidate of campaign && all.includes(campaign) ? [campaign, ...all.filter((other) => other !== campaign)] : all) {
      const assignment = candidate.next(part, now, this.workersMost);
      if (assignment) return { campaign: candidate, assignment };
    }
    return null;
  }

  /** Whether a long seed keeps others waiting is seen only as time passes. */
  private lookAgain(): void {
    const spare = this.workers.length < this.workersMost || this.workers.some(({ assignment }) => !assignment);
    if (this.look || !spare || !this.running.some(({ campaign }) => campaign.hasWaiting)) return;
    this.look = setTimeout(() => {
      this.look = null;
      this.dispatch();
    }, lookMs);
  }

  private onMessage(worker: PoolWorker, message: WorkerMessage): void {
    const { assignment, lastCampaign } = worker;
    if (message.kind === 'bug') {
      this.onBug(worker, Object.assign(new WorkerBug(message.message), { stack: message.stack }));
      return;
    }
    if (message.kind !== 'outcomes' && message.kind !== 'shrinking') worker.assignment = null;
    if (assignment) lastCampaign?.told(assignment, message);
    this.dispatch();
  }

  /** A failure of ours ends the request that it happened in. */
  private onBug(worker: PoolWorker, error: Error): void {
    this.remove(worker);
    const of = this.running.find(({ campaign }) => campaign === worker.lastCampaign);
    of?.settle(() => of.reject(error));
    this.dispatch();
  }

  private onDeath(worker: PoolWorker, memoryMb: number | null, exitCode: number | null): void {
    const { assignment, lastCampaign } = worker;
    if (memoryMb === null && worker.seed === null) {
      this.onBug(worker, new WorkerBug(`the simulation's worker ended with code ${exitCode} before it had a result`));
      return;
    }
    this.remove(worker);
    if (assignment) lastCampaign?.died(assignment, { seed: worker.seed, memoryMb, exitCode });
    this.dispatch();
  }

  private halt(campaign: Campaign, halt: number): void {
    for (const worker of this.workers) if (worker.assignment && worker.lastCampaign === campaign) worker.halt(halt);
  }

  private abandon(campaign: Campaign): void {
    for (const worker of [...this.workers]) {
      const { assignment } = worker;
      if (!assignment || worker.lastCampaign !== campaign) continue;
      this.remove(worker);
      campaign.abandoned(assignment);
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
  lastCampaign: Campaign | null = null;
  lastPart: Part | null = null;
  private readonly shared = new Int32Array(new SharedArrayBuffer(4 * Shared.words));
  private readonly thread: Worker;
  private readonly begun = new Set<Campaign>();
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

  take(campaign: Campaign, assignment: Assignment): void {
    this.assignment = assignment;
    this.lastCampaign = campaign;
    this.lastPart = assignment.part;
    Atomics.store(this.shared, Shared.halt, Halt.none);
    Atomics.store(this.shared, Shared.position, -1);
    if (!this.begun.has(campaign)) {
      this.begun.add(campaign);
      this.tell({ kind: 'begin', campaign: campaign.id, request: campaign.request });
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

  forget(campaign: Campaign): void {
    if (!this.begun.delete(campaign) || this.isEnded) return;
    if (this.lastCampaign === campaign) this.lastPart = null;
    this.tell({ kind: 'forget', campaign: campaign.id });
  }

  end(): void {
    this.isEnded = true;
    void this.thread.terminate();
  }

  private tell(order: WorkerOrder): void {
    this.thread.postMessage(order);
  }
}
