import { Worker } from 'node:worker_threads';
import type { AnalysisRequest, ThoroughCheck, WorkerAnswer, WorkerQuestion } from './analysis-worker.ts';
import type { DeploymentCard } from './api.ts';
import { WorkerBug } from './pool.ts';

export type AnalysisAnswer =
  | { readonly kind: 'done'; readonly check: ThoroughCheck | null }
  /** Cancelled, or out of memory: the cards that were given before are all there is. */
  | { readonly kind: 'stopped'; readonly why: 'cancelled' | 'memory' };

interface Pending {
  readonly onCard: ((card: DeploymentCard) => void) | undefined;
  readonly resolve: (answer: AnalysisAnswer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Analyses in a worker of its own with a memory limit, so that a long search never holds up who asks. Questions are
 * answered in turn; what one of them has found out serves the next. The worker starts with the first question.
 */
export class Analyst {
  private worker: Worker | null = null;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;

  constructor(
    private readonly workerFile: string | URL,
    private readonly memoryMb = 1024,
  ) {}

  /** Whether a question is not answered yet. */
  get busy(): boolean {
    return this.pending.size > 0;
  }

  /** Resolves with the answer, cards before it by `onCard`; rejects with WorkerBug for a failure of ours. */
  ask(request: AnalysisRequest, onCard?: (card: DeploymentCard) => void): Promise<AnalysisAnswer> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { onCard, resolve, reject });
      this.worker ??= this.start();
      this.worker.ref();
      this.worker.postMessage({ id, request } satisfies WorkerQuestion);
    });
  }

  /** Ends what is being worked on; its questions resolve with `stopped`. Later ones start a new worker. */
  cancel(): void {
    if (this.busy) this.stop('cancelled');
  }

  /** Ends the worker. */
  close(): void {
    this.stop('cancelled');
  }

  private start(): Worker {
    const worker = new Worker(this.workerFile, { resourceLimits: { maxOldGenerationSizeMb: this.memoryMb }, stdout: false, stderr: false });
    worker.on('message', (answer: WorkerAnswer) => {
      if (worker === this.worker) this.receive(answer);
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (worker !== this.worker) return;
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') this.stop('memory');
      else this.fail(Object.assign(new WorkerBug(error.message), { stack: error.stack }));
    });
    worker.on('exit', (code) => {
      if (worker === this.worker) this.fail(new WorkerBug(`the analysis's worker ended with code ${code}`));
    });
    return worker;
  }

  private receive(answer: WorkerAnswer): void {
    const question = this.pending.get(answer.id);
    if (!question) return;
    if (answer.kind === 'card') {
      question.onCard?.(answer.card);
      return;
    }
    this.pending.delete(answer.id);
    // An idle worker keeps no process alive.
    if (!this.busy) this.worker?.unref();
    if (answer.kind === 'done') question.resolve({ kind: 'done', check: answer.check });
    else question.reject(Object.assign(new WorkerBug(answer.message), { stack: answer.stack }));
  }

  private stop(why: 'cancelled' | 'memory'): void {
    for (const { resolve } of this.forget()) resolve({ kind: 'stopped', why });
  }

  private fail(error: Error): void {
    for (const { reject } of this.forget()) reject(error);
  }

  /** Lets go of the worker and of its questions. */
  private forget(): Pending[] {
    const { worker } = this;
    this.worker = null;
    void worker?.terminate();
    const questions = [...this.pending.values()];
    this.pending.clear();
    return questions;
  }
}
