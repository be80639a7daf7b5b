import { closeSync, openSync, writeSync } from 'node:fs';
import { traceLines } from '../report/trace-file.ts';
import type { ScenarioResult } from '../simulator/result.ts';
import { UsageError } from './exit-code.ts';
import { reason } from './files.ts';

/**
 * The file that `--trace` names. It is opened before the run, so that a path that cannot be written is said at once, and
 * holds one run: that of the first scenario that fails, or else of the first.
 */
export class TraceTarget {
  private readonly file: number;
  private chosen: ScenarioResult | null = null;

  constructor(private readonly path: string) {
    try {
      this.file = openSync(path, 'w');
    } catch (error) {
      throw this.failure(error);
    }
  }

  offer(result: ScenarioResult): void {
    if (!result.shown?.trace) return;
    if (this.chosen === null || (this.chosen.passed && !result.passed)) this.chosen = result;
  }

  write(): void {
    const run = this.chosen?.shown;
    try {
      if (this.chosen && run?.trace) {
        for (const chunk of traceLines(this.chosen, run, run.trace)) writeAll(this.file, chunk);
      }
      closeSync(this.file);
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
function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
