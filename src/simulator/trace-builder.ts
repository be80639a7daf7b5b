import type { System } from '../model/system.ts';
import type { EventKindValue, Trace, TraceSink } from './trace.ts';

/** Longest text of one detail, UTF-16 units. */
export const detailLengthMax = 200;
/** All details together, UTF-16 units: a trace of a million long texts would not fit into a panel. */
const textMax = 40_000_000;

/** Rows of a part that is handed to a sink. */
const partRows = 16_384;

/** Collects a trace row by row in growing columns. Past its limit it only remembers that there was more; with a sink there is no limit. */
export class TraceBuilder {
  length = 0;
  truncated = false;
  private time = new Float64Array(1024);
  private kind = new Uint8Array(1024);
  private node = new Int32Array(1024);
  private peer = new Int32Array(1024);
  private name = new Int32Array(1024);
  private link = new Int32Array(1024);
  private detail = new Int32Array(1024);
  private readonly names = new Interned();
  private details = new Interned();
  private readonly lengthMax: number;
  /** Parts handed out so far: a text's number holds within one. */
  part = 0;

  constructor(
    private readonly system: System,
    lengthMax: number,
    private readonly sink: TraceSink | null = null,
  ) {
    this.lengthMax = sink ? partRows : lengthMax;
  }

  /** Whether further rows would be left out. */
  get full(): boolean {
    return this.length >= this.lengthMax;
  }

  /** The number of a name: a message, timer, event, operation, variable, or what a fault is called. */
  nameOf(text: string): number {
    return this.names.indexOf(text);
  }

  /** The number of a text, cut where it is too long; -1 for the empty one. */
  detailOf(text: string): number {
    // Past the limit rows go on without their texts.
    if (text === '' || this.full || this.details.size > textMax) return -1;
    return this.details.indexOf(text.length > detailLengthMax ? `${text.slice(0, detailLengthMax - 1)}…` : text);
  }

  /** Index of the new row, or of the last one when the trace is full. */
  add(time: number, kind: EventKindValue, node: number, peer = -1, name = -1, link = -1, detail = -1): number {
    const row = this.length;
    if (row >= this.lengthMax) {
      this.truncated = true;
      return row - 1;
    }
    if (row === this.time.length) this.grow();
    this.time[row] = time;
    this.kind[row] = kind;
    this.node[row] = node;
    this.peer[row] = peer;
    this.name[row] = name;
    this.link[row] = link;
    this.detail[row] = detail;
    this.length = row + 1;
    if (this.sink !== null && this.length === partRows) this.handOut(this.sink);
    return row;
  }

  /** The trace; with a sink, what is left goes there, and the trace is empty. */
  finish(): Trace {
    // Even an empty trace says of which nodes it is.
    if (this.sink !== null && (this.length > 0 || this.part === 0)) this.handOut(this.sink);
    return this.asTrace();
  }

  private handOut(sink: TraceSink): void {
    sink(this.asTrace());
    this.length = 0;
    this.part += 1;
    this.details = new Interned();
  }

  private asTrace(): Trace {
    const { system, length } = this;
    return {
      version: 1,
      nodes: system.nodes.map((node) => node.name),
      zones: system.nodes.map((node) => system.zones[node.zone]?.name ?? ''),
      length,
      truncated: this.truncated,
      time: this.time.slice(0, length),
      kind: this.kind.slice(0, length),
      node: this.node.slice(0, length),
      peer: this.peer.slice(0, length),
      name: this.name.slice(0, length),
      link: this.link.slice(0, length),
      detail: this.detail.slice(0, length),
      names: this.names.texts,
      details: this.details.texts,
    };
  }

  private grow(): void {
    const size = Math.min(this.time.length * 2, Math.max(this.lengthMax, 1));
    const time = new Float64Array(size);
    time.set(this.time);
    this.time = time;
    const kind = new Uint8Array(size);
    kind.set(this.kind);
    this.kind = kind;
    const larger = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(size);
      to.set(from);
      return to;
    };
    this.node = larger(this.node);
    this.peer = larger(this.peer);
    this.name = larger(this.name);
    this.link = larger(this.link);
    this.detail = larger(this.detail);
  }
}

class Interned {
  readonly texts: string[] = [];
  /** UTF-16 units of all texts. */
  size = 0;
  private readonly indices = new Map<string, number>();

  indexOf(text: string): number {
    let index = this.indices.get(text);
    if (index === undefined) {
      index = this.texts.push(text) - 1;
      this.size += text.length;
      this.indices.set(text, index);
    }
    return index;
  }
}
