import { Digest } from '../simulator/digest.ts';
import type { RunResult, ScenarioResult } from '../simulator/result.ts';
import type { Trace } from '../simulator/trace.ts';
import { kindName, nodeName } from './trace-text.ts';

/** Columns of a row, in their order in the file. */
export const traceColumns = ['time', 'kind', 'node', 'peer', 'name', 'link', 'detail'] as const;

export const traceFormat = 'dsys-trace';
export const traceVersion = 2;

/** Rows between two checksums, and lines to hand out at once: a write for each event would take longer than the run. */
const chunkRows = 2_000;

/** What a trace was made of. */
export interface TraceOrigin {
  /** Version of dsys. */
  readonly tool: string;
  /** The specification's path as it was named. */
  readonly file: string;
  /** 16 hex digits over the checked code of the system and all that it imports. */
  readonly content: string;
  /** `--set` as written: `n=7`. */
  readonly constants: readonly string[];
}

/** First line of a trace file. */
export interface TraceHeader extends TraceOrigin {
  readonly format: typeof traceFormat;
  readonly version: typeof traceVersion;
  readonly system: string;
  readonly scenario: string;
  readonly variant: string | null;
  readonly seed: number;
  readonly digest: string;
  /** ns. */
  readonly end: number;
  /** One message in so many is kept; 1: all of them. */
  readonly sample: number;
  readonly nodes: readonly { readonly name: string; readonly zone: string | null }[];
  readonly columns: readonly string[];
}

export function traceHeader(
  result: ScenarioResult,
  run: Pick<RunResult, 'seed' | 'digest' | 'end'>,
  trace: Trace,
  origin: TraceOrigin,
  sample = 1,
): TraceHeader {
  return {
    format: traceFormat,
    version: traceVersion,
    ...origin,
    system: result.system,
    scenario: result.scenario,
    variant: result.variant,
    seed: run.seed,
    digest: run.digest,
    end: run.end,
    sample,
    nodes: trace.nodes.map((name, index) => ({ name, zone: trace.zones[index] || null })),
    columns: traceColumns,
  };
}

/**
 * A trace file, piece by piece: JSON lines. A header, an array a row, after each chunk of rows a line with a checksum of
 * all before it, a last line that says that it is whole. Rows may come in any number of parts, so that what does not fit into memory
 * is written as it happens. Times are ns; a cell without meaning is null. Documented in docs/formats.md.
 */
export class TraceWriter {
  private rows = 0;
  private sinceChecksum = 0;
  private readonly checksum = new Digest();

  constructor(private readonly put: (text: string) => void) {}

  header(header: TraceHeader): void {
    this.line(JSON.stringify(header));
  }

  /** Writes the rows of a trace for which `kept` holds. */
  add(trace: Trace, kept: (row: number) => boolean = () => true): void {
    let chunk = '';
    for (let row = 0; row < trace.length; row += 1) {
      if (!kept(row)) continue;
      const text = rowText(trace, row);
      this.checksum.addText(text);
      chunk += `${text}\n`;
      this.rows += 1;
      this.sinceChecksum += 1;
      if (this.sinceChecksum < chunkRows) continue;
      this.put(`${chunk}${this.seal()}\n`);
      chunk = '';
    }
    if (chunk !== '') this.put(chunk);
  }

  /** @param truncated whether the run had more events than were written, sampling aside */
  finish(truncated: boolean): void {
    this.put(`${JSON.stringify({ whole: true, truncated, rows: this.rows, checksum: this.checksumOf(String(truncated)) })}\n`);
  }

  /** Ends a file that does not become whole: all rows so far can be read. */
  cut(): void {
    if (this.sinceChecksum > 0) this.put(`${this.seal()}\n`);
  }

  private line(text: string): void {
    this.checksum.addText(text);
    this.put(`${text}\n`);
  }

  private seal(): string {
    this.sinceChecksum = 0;
    return JSON.stringify({ rows: this.rows, checksum: this.checksum.toString() });
  }

  private checksumOf(end: string): string {
    this.checksum.addText(end);
    return this.checksum.toString();
  }
}

function rowText(trace: Trace, row: number): string {
  const link = trace.link[row] as number;
  return JSON.stringify([
    trace.time[row],
    kindName(trace.kind[row] as number),
    nodeName(trace, trace.node[row] as number) || null,
    nodeName(trace, trace.peer[row] as number) || null,
    trace.names[trace.name[row] as number] ?? null,
    link < 0 ? null : link,
    trace.details[trace.detail[row] as number] ?? null,
  ]);
}
