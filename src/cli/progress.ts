/** Progress is shown of what takes longer than this, ms. */
const PATIENCE_MS = 1_000;
const INTERVAL_MS = 100;

/** One line on stderr that is written over; nothing at all where stderr is not a terminal. */
export class ProgressLine {
  private readonly enabled: boolean;
  private since: number | null = null;
  private shownAt = 0;
  private shown = false;

  constructor(private readonly stream: NodeJS.WriteStream) {
    this.enabled = stream.isTTY === true && process.env.TERM !== 'dumb' && !process.env.CI;
  }

  update(text: string): void {
    if (!this.enabled) return;
    const now = performance.now();
    this.since ??= now;
    if (now - this.since < PATIENCE_MS || now - this.shownAt < INTERVAL_MS) return;
    const width = Math.max(10, (this.stream.columns || 80) - 1);
    this.stream.write(`\r\u001b[K${text.length > width ? `${text.slice(0, width - 1)}…` : text}`);
    this.shownAt = now;
    this.shown = true;
  }

  /** Takes the line away, before something else is written. */
  clear(): void {
    if (!this.shown) return;
    this.stream.write('\r\u001b[K');
    this.shown = false;
  }
}
