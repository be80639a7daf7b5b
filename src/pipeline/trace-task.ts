import type { TraceSink } from '../simulator/trace.ts';
import type { RunRequest } from './api.ts';
import type { Assignment, Death, PoolTask } from './pool-task.ts';
import type { WorkerMessage } from './worker-messages.ts';

/** How the trace of a run came to its end; in all cases but `whole` what was handed out is its beginning. */
export type TraceEnd =
  | { readonly kind: 'whole'; readonly digest: string }
  | { readonly kind: 'cancelled' }
  /** The worker took more memory than it may. */
  | { readonly kind: 'memory'; readonly memoryMb: number };

/** Which run of a request, that is of one scenario. */
export interface RunChoice {
  /** `n = 4`; null without `vary`. */
  readonly variant: string | null;
  readonly seed: number;
}

/** A single run, made in a worker that hands out its whole trace part by part. */
export class TraceTask implements PoolTask<TraceEnd> {
  readonly hasWaiting = false;
  private isBegun = false;
  private end: TraceEnd | null = null;

  constructor(
    readonly id: number,
    readonly request: RunRequest,
    private readonly choice: RunChoice,
    private readonly sink: TraceSink,
  ) {}

  next(): Assignment | null {
    if (this.isBegun || this.end) return null;
    this.isBegun = true;
    return { order: { kind: 'trace', campaign: this.id, ...this.choice }, part: null };
  }

  cancel(): void {
    if (!this.isBegun) this.end = { kind: 'cancelled' };
  }

  told(_: Assignment, message: WorkerMessage): void {
    if (message.kind === 'rows') this.sink(message.part);
    else if (message.kind === 'traced') {
      const { digest } = message;
      this.end = digest === null ? { kind: 'cancelled' } : { kind: 'whole', digest };
    } else if (message.kind === 'refused') {
      throw new Error(`the run cannot be made again: ${message.findings[0]?.message ?? 'the scenario has no such variant'}`);
    }
  }

  died(_: Assignment, { memoryMb, exitCode }: Death): void {
    if (memoryMb === null) throw new Error(`a worker that made a trace ended with code ${exitCode}`);
    this.end = { kind: 'memory', memoryMb };
  }

  abandoned(): void {
    this.end = { kind: 'cancelled' };
  }

  report(): TraceEnd | null {
    return this.end;
  }
}
