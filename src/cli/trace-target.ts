import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TraceEnd } from '../pipeline/trace-task.ts';
import { type TraceOrigin, TraceWriter, traceHeader } from '../report/trace-file.ts';
import { sampledRows } from '../report/trace-sample.ts';
import type { ScenarioResult } from '../simulator/result.ts';
import type { Trace, TraceSink } from '../simulator/trace.ts';
import { OutFile, outFailure } from './out-file.ts';

export interface TraceChoice {
  /** `failing`: no file of what passes. */
  readonly when: 'always' | 'failing';
  /** One message in so many is kept. */
  readonly sample: number;
}

/** Makes a run of a scenario again, with all of its trace. */
export type RunAgain = (variant: string | null, seed: number, sink: TraceSink) => Promise<TraceEnd>;

/** The runs of a scenario, of which some may be written. */
export interface TracedResult {
  readonly result: ScenarioResult;
  readonly origin: TraceOrigin;
  readonly again: RunAgain;
}

/** Where `--trace` writes. */
export interface TraceTarget {
  readonly isFolder: boolean;
  /** As soon as a scenario is done. Resolves with why not all of its runs were written, null where they were. */
  take(of: TracedResult): Promise<CutShort | null>;
  /** When all are; `chosen` is the one whose run stands for all. */
  finish(chosen: TracedResult | null): Promise<CutShort | null>;
  /** Files that hold something. */
  readonly written: number;
}

/** A file that holds the beginning of a trace only, and why. */
export interface CutShort {
  readonly path: string;
  readonly seed: number;
  readonly end: Exclude<TraceEnd, { kind: 'whole' }>;
}

/** Whether there is a run to look at, and time to do so. */
export function isRun({ shown, stopped }: ScenarioResult): boolean {
  return shown !== null && stopped !== 'cancelled';
}

/** Of a scenario and `vary` value, the first so many failing seeds have files in a folder. */
export const folderSeedsMost = 20;

export function traceTarget(path: string, choice: TraceChoice, namesSystems: boolean): TraceTarget {
  return /[/\\]$/.test(path) || isFolder(path) ? new TraceFolder(path, choice, namesSystems) : new TraceFile(path, choice);
}

/** One file. It is opened before the run, so that a path that cannot be written is said at once, and holds one run. */
class TraceFile implements TraceTarget {
  readonly isFolder = false;
  written = 0;
  private readonly file: OutFile;

  constructor(
    path: string,
    private readonly choice: TraceChoice,
  ) {
    this.file = new OutFile(path, 'the trace to ');
  }

  take(): Promise<null> {
    return Promise.resolve(null);
  }

  async finish(chosen: TracedResult | null): Promise<CutShort | null> {
    const run = chosen?.result.shown;
    if (!chosen || !run) {
      this.file.discard();
      return null;
    }
    const cut = await writeRun(this.file, chosen, run, this.choice.sample);
    this.written = this.file.isGone ? 0 : 1;
    return cut;
  }
}

/** A folder: a file for each failing seed, or where none fails of the run that is shown. */
class TraceFolder implements TraceTarget {
  readonly isFolder = true;
  written = 0;
  private readonly isNew: boolean;

  constructor(
    private readonly path: string,
    private readonly choice: TraceChoice,
    /** Whether scenarios of several systems come. */
    private readonly namesSystems: boolean,
  ) {
    try {
      this.isNew = mkdirSync(path, { recursive: true }) !== undefined;
    } catch (error) {
      throw outFailure(path, 'traces to ', error);
    }
  }

  async take(of: TracedResult): Promise<CutShort | null> {
    const { result } = of;
    const { shown } = result;
    const failing = result.runs.filter(({ fails }) => fails).slice(0, folderSeedsMost);
    if (!isRun(result)) return null;
    const asShown = shown && (this.choice.when === 'always' || !result.passed) ? [shown] : [];
    for (const run of failing.length > 0 ? failing : asShown) {
      const file = new OutFile(join(this.path, this.nameOf(result, run.seed)), 'the trace to ');
      const cut = await writeRun(file, of, run, this.choice.sample);
      if (!file.isGone) this.written += 1;
      if (cut) return cut;
    }
    return null;
  }

  finish(): Promise<null> {
    if (this.isNew && readdirSync(this.path).length === 0) rmdirSync(this.path);
    return Promise.resolve(null);
  }

  private nameOf({ system, scenario, variant }: ScenarioResult, seed: number): string {
    const parts = [...(this.namesSystems ? [system] : []), scenario, ...(variant === null ? [] : [variant]), `seed${seed}`];
    return `${parts.map((part) => part.replaceAll(/\s/g, '').replaceAll(/[^\p{L}\p{N}_=.+-]/gu, '_')).join('-')}.trace`;
  }
}

/** Writes a run to a file and closes it; a file that would hold nothing is gone. */
async function writeRun(
  file: OutFile,
  { result, origin, again }: TracedResult,
  run: { readonly seed: number; readonly digest: string; readonly end: number },
  sample: number,
): Promise<CutShort | null> {
  const writer = new TraceWriter((text) => file.write(text));
  let isBegun = false;
  const add = (part: Trace): void => {
    if (!isBegun) writer.header(traceHeader(result, run, part, origin, sample));
    isBegun = true;
    writer.add(part, sample === 1 ? undefined : sampledRows(part, sample));
  };
  const kept = result.shown?.seed === run.seed ? result.shown.trace : null;
  let end: TraceEnd = { kind: 'whole', digest: run.digest };
  if (kept && !kept.truncated) add(kept);
  else {
    // What does not fit into memory is written while the run is made once more.
    end = await again(result.variant, run.seed, add);
    if (kept && !isBegun) add(kept);
  }
  if (end.kind === 'whole') writer.finish(false);
  else if (isBegun) writer.cut();
  if (isBegun) file.close();
  else file.discard();
  return end.kind === 'whole' ? null : { path: file.path, seed: run.seed, end };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
