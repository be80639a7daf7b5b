/**
 * Work on files that goes on while the user types: one file at a time, the one asked for last first, and only once a file
 * has been left alone for a while. A change of the file that is being worked on ends the work.
 */
export class Background {
  private readonly wanted = new Map<string, number>();
  private running: string | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    /** Resolves when it is done or was cancelled. */
    private readonly work: (uri: string) => Promise<void>,
    private readonly cancel: () => void,
    /** How long a file must be left alone, ms. */
    private readonly quietMs: number,
  ) {}

  /** Asks for a file's work, at once where somebody waits for it. Asking again does not put it off. */
  want(uri: string, { atOnce = false }: { readonly atOnce?: boolean } = {}): void {
    const due = performance.now() + (atOnce ? 0 : this.quietMs);
    const before = this.wanted.get(uri) ?? due;
    this.wanted.delete(uri);
    this.wanted.set(uri, Math.min(due, before));
    this.schedule();
  }

  /** The file has changed: if its work is wanted, it is put off. */
  touch(uri: string): void {
    if (this.wanted.delete(uri)) this.want(uri);
  }

  /** Ends the work on a file, if it is going on. True if it was. */
  stop(uri: string): boolean {
    if (this.running !== uri) return false;
    this.cancel();
    return true;
  }

  /** Nobody asks for a file any more. */
  drop(uri: string): void {
    this.wanted.delete(uri);
    this.stop(uri);
  }

  dispose(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.wanted.clear();
    this.cancel();
  }

  private schedule(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.running !== null || this.wanted.size === 0) return;
    const next = Math.min(...this.wanted.values());
    this.timer = setTimeout(() => this.start(), Math.max(0, next - performance.now()));
  }

  private start(): void {
    const now = performance.now();
    const due = [...this.wanted].filter(([, at]) => at <= now).at(-1)?.[0];
    if (due === undefined) {
      this.schedule();
      return;
    }
    this.wanted.delete(due);
    this.running = due;
    void this.work(due).finally(() => {
      this.running = null;
      this.schedule();
    });
  }
}
