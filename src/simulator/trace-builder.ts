import type { System } from '../model/system.ts';
import type { SimulatorLimits } from './limits.ts';
import type { EventKindValue, Trace, TraceSink } from './trace.ts';
import { TraceTexts } from './trace-texts.ts';

/** Rows of a part that is handed to a sink. */
const partRows = 16_384;

/** Collects a trace row by row in blocks of columns. Past its limit it only remembers that there was more; with a sink there is no limit. */
export class TraceBuilder {
  length = 0;
  truncated = false;
  /** Rows go here until it is full. */
  private block = new Block(firstRows);
  /** Rows of the block at hand. */
  private filled = 0;
  /** Full blocks before it. */
  private blocks: Block[] = [];
  private readonly names: string[] = [];
  private readonly nameNumbers = new Map<string, number>();
  /** The details: those of a part, with a sink. */
  texts = new TraceTexts();
  private readonly lengthMax: number;
  /** Parts handed out so far: a text's number holds within one. */
  part = 0;

  constructor(
    private readonly system: System,
    private readonly limits: SimulatorLimits,
    private readonly sink: TraceSink | null = null,
  ) {
    this.lengthMax = sink ? partRows : limits.traceEvents;
  }

  /** Whether further rows would be left out. */
  get full(): boolean {
    return this.length >= this.lengthMax;
  }

  /** The number of a name: a message, timer, event, operation, variable, or what a fault is called. */
  nameOf(text: string): number {
    let number = this.nameNumbers.get(text);
    if (number === undefined) {
      number = this.names.push(text) - 1;
      this.nameNumbers.set(text, number);
    }
    return number;
  }

  /** The number of the text that `texts` has at hand; -1 for the empty one, and past the limit, where rows go on without. */
  detail(): number {
    return this.full || this.texts.size > this.limits.traceText ? -1 : this.texts.take();
  }

  /** Index of the new row, or of the last one when the trace is full. */
  add(time: number, kind: EventKindValue, node: number, peer = -1, name = -1, link = -1, detail = -1): number {
    const row = this.length;
    if (row >= this.lengthMax) {
      this.truncated = true;
      return row - 1;
    }
    if (this.filled === this.block.rows) this.nextBlock();
    const at = this.filled;
    const { block } = this;
    block.time[at] = time;
    block.kind[at] = kind;
    block.node[at] = node;
    block.peer[at] = peer;
    block.name[at] = name;
    block.link[at] = link;
    block.detail[at] = detail;
    this.filled = at + 1;
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
    this.filled = 0;
    this.blocks = [];
    this.part += 1;
    this.texts = new TraceTexts();
  }

  private asTrace(): Trace {
    const { system, length } = this;
    return {
      version: 1,
      nodes: system.nodes.map((node) => node.name),
      zones: system.nodes.map((node) => system.zones[node.zone]?.name ?? ''),
      length,
      truncated: this.truncated,
      time: this.column(new Float64Array(length), ({ time }) => time),
      kind: this.column(new Uint8Array(length), ({ kind }) => kind),
      node: this.column(new Int32Array(length), ({ node }) => node),
      peer: this.column(new Int32Array(length), ({ peer }) => peer),
      name: this.column(new Int32Array(length), ({ name }) => name),
      link: this.column(new Int32Array(length), ({ link }) => link),
      detail: this.column(new Int32Array(length), ({ detail }) => detail),
      names: this.names,
      details: this.texts.all(),
    };
  }

  private nextBlock(): void {
    this.blocks.push(this.block);
    this.block = new Block(Math.min(this.block.rows * 2, blockRows));
    this.filled = 0;
  }

  /** The blocks' parts of a column, one behind the other. */
  private column<Column extends Float64Array | Uint8Array | Int32Array>(into: Column, of: (block: Block) => Column): Column {
    let at = 0;
    for (const block of this.blocks) {
      into.set(of(block), at);
      at += block.rows;
    }
    into.set(of(this.block).subarray(0, this.filled), at);
    return into;
  }
}

/** Rows of the first block, and of all but the first few: columns that double would be copied, and cleared, twice over. */
const firstRows = 1_024;
const blockRows = 65_536;

class Block {
  readonly time: Float64Array;
  readonly kind: Uint8Array;
  readonly node: Int32Array;
  readonly peer: Int32Array;
  readonly name: Int32Array;
  readonly link: Int32Array;
  readonly detail: Int32Array;

  constructor(readonly rows: number) {
    this.time = new Float64Array(rows);
    this.kind = new Uint8Array(rows);
    this.node = new Int32Array(rows);
    this.peer = new Int32Array(rows);
    this.name = new Int32Array(rows);
    this.link = new Int32Array(rows);
    this.detail = new Int32Array(rows);
  }
}
