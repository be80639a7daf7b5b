import type { RunRequest } from './api.ts';
import type { Part } from './campaign-part.ts';
import type { WorkerMessage, WorkerOrder } from './worker-messages.ts';

/** An order for a worker and the part that it is about; null for the plan and for traces. */
export interface Assignment {
  readonly order: Extract<WorkerOrder, { kind: 'plan' | 'run' | 'conclude' | 'trace' }>;
  readonly part: Part | null;
}

/** How a worker came to its end. */
export interface Death {
  /** What it was running; null when it was at no seed. */
  readonly seed: number | null;
  /** What it may take and took more of; null when it ended for another reason. */
  readonly memoryMb: number | null;
  readonly exitCode: number | null;
}

/** Something on its way through the workers of a pool. It knows no thread: the pool asks for assignments and tells how they went. */
export interface PoolTask<Result> {
  readonly id: number;
  readonly request: RunRequest;
  /** Whether something waits that may be worth another worker later on. */
  readonly hasWaiting: boolean;
  /**
   * Work for one more worker, of `preferred` first, for which it is set up; null when there is none that is worth it.
   * `now` in ms; `workersMost` that the pool may have.
   */
  next(preferred: Part | null, now: number, workersMost: number): Assignment | null;
  /** Nothing further is begun. */
  cancel(): void;
  /** A worker's message about an assignment. What it throws ends the task. */
  told(assignment: Assignment, message: WorkerMessage): void;
  /** The worker of an assignment has died: of what it was doing, as far as one can tell. */
  died(assignment: Assignment, death: Death): void;
  /** The worker of an assignment was ended because it did not stop in time. */
  abandoned(assignment: Assignment): void;
  /** Null as long as there is something to do. */
  report(): Result | null;
}
