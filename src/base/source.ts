/** A stretch of a source text: UTF-16 offsets, `end` excluded. Lines and columns are computed where they are shown. */
export interface Span {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}

/** A place in a text, both counted from 0; `column` in UTF-16 units, as LSP and SARIF want it. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Finds line and column of offsets in one text in O(log lines). */
export class LineIndex {
  private readonly starts: number[] = [0];

  constructor(readonly text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** The position of an offset; offsets beyond the text count as its end. */
  position(offset: number): Position {
    const clamped = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] as number) <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: clamped - (this.starts[low] as number) };
  }

  /** The offset of a position; columns beyond the line count as its end. */
  offset(position: Position): number {
    const start = this.starts[Math.max(0, Math.min(position.line, this.starts.length - 1))] as number;
    const end = this.starts[position.line + 1] ?? this.text.length + 1;
    return Math.min(start + position.column, Math.max(start, end - 1));
  }

  /** The text of a line, without its line break. */
  line(number: number): string {
    const start = this.starts[number];
    if (start === undefined) return '';
    return this.text.slice(start, (this.starts[number + 1] ?? this.text.length + 1) - 1).replace(/\r$/, '');
  }
}
