import { Worker } from 'node:worker_threads';
import type { RunProgress, RunReport, RunRequest } from './api.ts';
import type { WorkerMessage, WorkerStart } from './worker.ts';

/** A failure of ours inside a worker: not the specification's fault. */
export class WorkerBug extends Error {}

export interface RunnerHooks {
  readonly onProgress?: (progress: RunProgress) => void;
  readonly signal?: AbortSignal;
}

/** How long a cancelled worker may take to notice before it is ended the hard way, ms. */
const PATIENCE_MS = 1_000;

/**
 * Runs a request in a worker of its own with a memory limit, so that a specification can stop a run, never the editor.
 * Resolves with what there is when cancelled or out of memory; rejects with WorkerBug for a failure of ours.
 */
export function runInWorker(workerFile: string | URL, request: RunRequest, hooks: RunnerHooks = {}): Promise<RunReport> {
  return new Promise((resolve, reject) => {
    const cancel = new SharedArrayBuffer(4);
    const start: WorkerStart = { request, cancel };
    const worker = new Worker(workerFile, {
      workerData: start,
      resourceLimits: { maxOldGenerationSizeMb: request.limits.memoryMb },
      stdout: false,
      stderr: false,
    });
    let deadline: NodeJS.Timeout | undefined;
    let settled = false;

    const settle = (act: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(deadline);
      hooks.signal?.removeEventListener('abort', onAbort);
      act();
      void worker.terminate();
    };
    const onAbort = () => {
      Atomics.store(new Int32Array(cancel), 0, 1);
      deadline = setTimeout(() => settle(() => resolve({ results: [], findings: [], stopped: 'cancelled' })), PATIENCE_MS);
    };

    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'progress') hooks.onProgress?.(message.progress);
      else if (message.kind === 'report') settle(() => resolve(message.report));
      else settle(() => reject(Object.assign(new WorkerBug(message.message), { stack: message.stack })));
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') settle(() => resolve(outOfMemory(request)));
      else settle(() => reject(Object.assign(new WorkerBug(error.message), { stack: error.stack })));
    });
    worker.on('exit', (code) =>
      settle(() => reject(new WorkerBug(`the simulation's worker ended with code ${code} before it had a result`))),
    );
    if (hooks.signal?.aborted) onAbort();
    else hooks.signal?.addEventListener('abort', onAbort);
  });
}

/** The worker dies with its heap, so nothing is known but which scenarios were asked for. */
function outOfMemory(request: RunRequest): RunReport {
  const scenarios = request.code.scenarios.filter(
    (scenario) => request.scenarios.length === 0 || request.scenarios.includes(scenario.name),
  );
  return {
    results: [],
    findings: scenarios.map((scenario) => ({
      code: 'DS5006',
      severity: 'error',
      span: scenario.nameSpan,
      message: `the run took more than ${request.limits.memoryMb} MB of memory and was stopped`,
      why: 'a run keeps every node’s state, every message on its way and, when asked for, its trace',
      help: 'look for state that only grows, shorten the scenario, or run fewer nodes',
    })),
    stopped: 'limit',
  };
}
