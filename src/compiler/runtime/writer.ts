/** A text that many others contain: words of a program, the name of a node. */
export class Piece {
  /** Who has numbered it last, and how: a trace keeps texts as numbers. */
  numberedBy: unknown = null;
  number = 0;

  constructor(readonly text: string) {}
}

/** Takes a text piece by piece; nobody wants to see more of it than the first `most` characters. */
export abstract class Writer {
  /** Characters so far. */
  length = 0;
  /**
   * Where somebody wants them: the outermost parts of the value that the text shows (elements, keys and values in turn, fields).
   * Whoever writes the outermost value takes the list, so that nothing inside adds to it.
   */
  protected parts: unknown[] | null = null;

  constructor(readonly most: number) {}

  /** Nothing more will be seen. */
  get full(): boolean {
    return this.length > this.most;
  }

  wantParts(parts: unknown[]): void {
    this.parts = parts;
  }

  takeParts(): unknown[] | null {
    const { parts } = this;
    this.parts = null;
    return parts;
  }

  abstract piece(piece: Piece): void;
  abstract text(text: string): void;
  /** A string as the language writes it. */
  abstract quoted(text: string): void;
  abstract number(value: number): void;
}

/** Writes a string. */
export class StringWriter extends Writer {
  private written = '';

  piece({ text }: Piece): void {
    this.text(text);
  }
  text(text: string): void {
    this.written += text;
    this.length = this.written.length;
  }
  quoted(text: string): void {
    this.text(JSON.stringify(text));
  }
  number(value: number): void {
    this.text(String(value));
  }

  /** The text, cut with an ellipsis where it is longer than wanted. */
  finish(): string {
    return cut(this.written, this.most);
  }
}

/** The text in `most` characters, the last of them an ellipsis where there would be more. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, Math.max(0, most - 1))}…` : text;
}
