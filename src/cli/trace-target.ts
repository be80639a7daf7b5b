import { closeSync, fstatSync, openSync, rmSync, writeSync } from 'node:fs';
import { type TraceOrigin, TraceWriter, traceHeader } from '../report/trace-file.ts';
import { sampledRows } from '../report/trace-sample.ts';
import type { ScenarioResult } from '../simulator/result.ts';
import type { Trace, TraceSink } from '../simulator/trace.ts';
import { UsageError } from './exit-code.ts';
import { reason } from './files.ts';

export interface TraceChoice {
  /** `failing`: no file when every scenario passes. */
  readonly when: 'always' | 'failing';
  /** One message in so many is kept. */
  readonly sample: number;
}

/** Makes a run of a scenario again, with all of its trace. */
export type RunAgain = (variant: string | null, seed: number, sink: TraceSink) => unknown;

/**
 * The file that `--trace` names. It is opened before the run, so that a path that cannot be written is said at once, and
 * holds one run: that of the first scenario that fails, or else of the first.
 */
export class TraceTarget {
  private readonly file: number;
  private chosen: { readonly result: ScenarioResult; readonly origin: TraceOrigin; readonly again: RunAgain } | null = null;

  constructor(
    private readonly path: string,
    private readonly choice: TraceChoice,
  ) {
    try {
      this.file = openSync(path, 'w');
    } catch (error) {
      throw this.failure(error);
    }
  }

  offer(result: ScenarioResult, origin: TraceOrigin, again: RunAgain): void {
    if (!result.shown?.trace || (this.choice.when === 'failing' && result.passed)) return;
    if (this.chosen === null || (this.chosen.result.passed && !result.passed)) this.chosen = { result, origin, again };
  }

  /** False where there was nothing to write, and the file is gone. */
  write(): boolean {
    const { chosen } = this;
    const run = chosen?.result.shown;
    const { sample } = this.choice;
    try {
      if (chosen && run?.trace) {
        const writer = new TraceWriter((text) => writeAll(this.file, text));
        writer.header(traceHeader(chosen.result, run, run.trace, chosen.origin, sample));
        const add = (trace: Trace): void => writer.add(trace, sample === 1 ? undefined : sampledRows(trace, sample));
        // What does not fit into memory is written while the run is made once more.
        if (run.trace.truncated) chosen.again(chosen.result.variant, run.seed, add);
        else add(run.trace);
        writer.finish(false);
      }
      // A device or a pipe stays.
      const removable = !chosen && fstatSync(this.file).isFile();
      closeSync(this.file);
      if (removable) rmSync(this.path, { force: true });
      return chosen !== null;
    } catch (error) {
      throw this.failure(error);
    }
  }

  private failure(error: unknown): UsageError {
    return new UsageError(
      `cannot write the trace to \`${this.path}\`: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such folder' : reason(error)}`,
    );
  }
}

/** A pipe or a full disk may take less than all at once. */
export function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
