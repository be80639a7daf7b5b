import { LineIndex, type Span } from '../base/source.ts';

/** The texts that findings point into, and how their files are called in front of the user. */
export interface Sources {
  textOf(uri: string): string | undefined;
  /** Relative to where the command was started, with `/`; other files and those of the library in full. */
  pathOf(uri: string): string;
}

/** A span in lines and columns, both from 1, columns in UTF-16 units, the end excluded. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Finds places in texts, each indexed once. */
export class Places {
  private readonly indices = new Map<string, LineIndex>();

  constructor(readonly sources: Sources) {}

  lines(uri: string): LineIndex {
    let index = this.indices.get(uri);
    if (!index) {
      index = new LineIndex(this.sources.textOf(uri) ?? '');
      this.indices.set(uri, index);
    }
    return index;
  }

  of(span: Span): Place {
    const lines = this.lines(span.uri);
    const start = lines.position(span.start);
    const end = lines.position(Math.max(span.start, span.end));
    return {
      path: this.sources.pathOf(span.uri),
      line: start.line + 1,
      column: start.column + 1,
      endLine: end.line + 1,
      endColumn: end.column + 1,
    };
  }
}
