/** A text under construction, of which nobody wants to see more than the first `most` characters. */
export class Writer {
  text = '';
  /**
   * Where somebody wants them: the outermost parts of the value that the text shows (elements, keys and values in turn, fields).
   * Whoever writes the outermost value takes the list, so that nothing inside adds to it.
   */
  private parts: unknown[] | null;

  constructor(
    readonly most: number,
    parts: unknown[] | null = null,
  ) {
    this.parts = parts;
  }

  get full(): boolean {
    return this.text.length > this.most;
  }

  takeParts(): unknown[] | null {
    const { parts } = this;
    this.parts = null;
    return parts;
  }

  /** The text, cut with an ellipsis where it is longer than wanted. */
  finish(): string {
    return this.full ? `${this.text.slice(0, Math.max(0, this.most - 1))}…` : this.text;
  }
}
