import { parentPort, workerData } from 'node:worker_threads';
import type { RunProgress, RunReport, RunRequest } from './api.ts';
import { runScenarios } from './run.ts';

/** What a worker says to the thread that started it. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly progress: RunProgress }
  | { readonly kind: 'report'; readonly report: RunReport }
  | { readonly kind: 'bug'; readonly message: string; readonly stack: string };

/** What a worker is started with; `cancel` is a shared flag that it polls between steps. */
export interface WorkerStart {
  readonly request: RunRequest;
  readonly cancel: SharedArrayBuffer;
}

const port = parentPort;
if (port) {
  const { request, cancel } = workerData as WorkerStart;
  const flag = new Int32Array(cancel);
  try {
    const report = runScenarios(request, {
      onProgress: (progress) => port.postMessage({ kind: 'progress', progress } satisfies WorkerMessage),
      shouldStop: () => Atomics.load(flag, 0) !== 0,
    });
    port.postMessage({ kind: 'report', report } satisfies WorkerMessage);
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    port.postMessage({ kind: 'bug', message: failure.message, stack: failure.stack ?? '' } satisfies WorkerMessage);
  }
}
