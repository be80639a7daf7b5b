import { Digest } from '../simulator/digest.ts';
import type { Trace } from '../simulator/trace.ts';
import { type TraceHeader, traceColumns, traceFormat, traceVersion } from './trace-file.ts';
import { kindNumber } from './trace-text.ts';

/** Why a file cannot be read as a trace: the rest of a sentence that begins with the file. */
export class TraceFileError extends Error {}

/** A trace as read from a file. */
export interface TraceFile {
  readonly header: TraceHeader;
  readonly trace: Trace;
  /** False where the file ends early: `trace` is what could be told to be whole then. */
  readonly whole: boolean;
}

/** Rows that are held in memory: about 100 bytes each, besides the texts. */
export const traceRowsMost = 5_000_000;
/** UTF-16 units of one line: a row's text has 200, a header one name a node. */
const lineMost = 16_000_000;

type Row = readonly [number, number, number, number, number, number, number];

/** Reads a trace file that comes in pieces. Memory goes with what was read, never with what the file says of itself. */
export class TraceReader {
  private rest = '';
  private header: TraceHeader | null = null;
  private ended: { readonly truncated: boolean } | null = null;
  private readonly checksum = new Digest();
  private readonly nodes = new Map<string, number>();
  private readonly names = new Texts();
  private readonly details = new Texts();
  private readonly rows: Row[] = [];
  /** Rows that a checksum has confirmed. */
  private confirmed = 0;

  /** The next piece of the file. Throws `TraceFileError`. */
  push(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    if (this.rest.length > lineMost) throw this.noTrace();
    for (const line of lines) this.line(line);
  }

  /** What was read. Throws `TraceFileError` when not even the header is whole. */
  finish(): TraceFile {
    const { header } = this;
    if (!header) throw this.rest === '' ? new TraceFileError('is empty') : this.noTrace();
    if (this.ended && this.rest !== '') throw new TraceFileError('goes on after its end: it was changed after dsys wrote it');
    return { header, trace: this.columns(header), whole: this.ended !== null };
  }

  private line(line: string): void {
    if (this.ended) throw new TraceFileError('goes on after its end: it was changed after dsys wrote it');
    const value = parsed(line);
    if (!this.header) {
      this.header = this.readHeader(value);
      for (const [index, { name }] of this.header.nodes.entries()) this.nodes.set(name, index);
      this.checksum.addText(line);
    } else if (Array.isArray(value)) {
      if (this.rows.length >= traceRowsMost) {
        throw new TraceFileError(`has more than ${traceRowsMost} rows; write it with --trace-sample`);
      }
      this.rows.push(this.readRow(value));
      this.checksum.addText(line);
    } else this.readSeal(value);
  }

  private readHeader(value: unknown): TraceHeader {
    const header = value as Partial<TraceHeader> | null;
    if (typeof header !== 'object' || header === null || header.format !== traceFormat) throw this.noTrace();
    if (header.version !== traceVersion) {
      throw new TraceFileError(`is of version ${String(header.version)} of the format, and this dsys reads version ${traceVersion}`);
    }
    const texts = [header.tool, header.file, header.content, header.system, header.scenario, header.digest];
    const numbers = [header.seed, header.end, header.sample];
    const sound =
      texts.every((text) => typeof text === 'string') &&
      numbers.every((number) => Number.isSafeInteger(number)) &&
      (header.variant === null || typeof header.variant === 'string') &&
      Array.isArray(header.constants) &&
      Array.isArray(header.nodes) &&
      header.nodes.every((node: unknown) => {
        const { name, zone } = (node ?? {}) as { name?: unknown; zone?: unknown };
        return typeof name === 'string' && (zone === null || typeof zone === 'string');
      }) &&
      /^[0-9a-f]{16}$/.test(header.digest ?? '') &&
      JSON.stringify(header.columns) === JSON.stringify(traceColumns);
    if (!sound) throw this.changed();
    return header as TraceHeader;
  }

  private readRow(cells: readonly unknown[]): Row {
    const [time, kind, node, peer, name, link, detail] = cells;
    const known = typeof kind === 'string' ? kindNumber(kind) : undefined;
    const last = this.rows.at(-1)?.[0] ?? 0;
    if (cells.length !== traceColumns.length || known === undefined || !Number.isFinite(time) || (time as number) < last)
      throw this.changed();
    if (link !== null && !(Number.isInteger(link) && (link as number) >= 0 && (link as number) < 2 ** 31)) throw this.changed();
    if (![name, detail].every((text) => text === null || typeof text === 'string')) throw this.changed();
    return [
      time as number,
      known,
      this.nodeOf(node),
      this.nodeOf(peer),
      this.names.indexOf(name as string | null),
      (link as number | null) ?? -1,
      this.details.indexOf(detail as string | null),
    ];
  }

  private nodeOf(name: unknown): number {
    if (name === null) return -1;
    const index = this.nodes.get(name as string);
    if (index === undefined) throw this.changed();
    return index;
  }

  private readSeal(value: unknown): void {
    const seal = value as { rows?: unknown; checksum?: unknown; whole?: unknown; truncated?: unknown } | null;
    if (typeof seal !== 'object' || seal === null || seal.rows !== this.rows.length) throw this.changed();
    if (seal.whole === true) {
      this.checksum.addText(String(seal.truncated));
      this.ended = { truncated: seal.truncated === true };
    }
    if (seal.checksum !== this.checksum.toString()) throw this.changed();
    this.confirmed = this.rows.length;
  }

  private noTrace(): TraceFileError {
    return new TraceFileError('is no trace: `dsys run FILE SCENARIO --trace TRACE` writes one');
  }

  private changed(): TraceFileError {
    return new TraceFileError(`was changed after dsys wrote it (after row ${this.confirmed}); make it again with \`dsys run … --trace\``);
  }

  private columns(header: TraceHeader): Trace {
    const rows = this.rows.slice(0, this.confirmed);
    const column = (at: number): Int32Array => Int32Array.from(rows, (row) => row[at] as number);
    return {
      version: 1,
      nodes: header.nodes.map(({ name }) => name),
      zones: header.nodes.map(({ zone }) => zone ?? ''),
      length: rows.length,
      truncated: this.ended?.truncated ?? true,
      time: Float64Array.from(rows, (row) => row[0]),
      kind: Uint8Array.from(rows, (row) => row[1]),
      node: column(2),
      peer: column(3),
      name: column(4),
      link: column(5),
      detail: column(6),
      names: this.names.texts,
      details: this.details.texts,
    };
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Texts by number, each once. */
class Texts {
  readonly texts: string[] = [];
  private readonly indices = new Map<string, number>();

  indexOf(text: string | null): number {
    if (text === null) return -1;
    let index = this.indices.get(text);
    if (index === undefined) {
      index = this.texts.push(text) - 1;
      this.indices.set(text, index);
    }
    return index;
  }
}
