import { setMaxListeners } from 'node:events';
import { writeSync } from 'node:fs';
import { coloured, plain, type Style } from '../report/style.ts';
import { ProgressLine } from './progress.ts';

export type ColorChoice = 'auto' | 'always' | 'never';

/**
 * The streams of the process. What was asked for goes to stdout, all else to stderr. Nothing here ends the process: an exit
 * with output still in a pipe would cut it off.
 */
export class Terminal {
  readonly progress = new ProgressLine(process.stderr);
  private readonly interrupted = new AbortController();
  private readonly onInterrupt = (): void => this.interrupt();

  constructor() {
    // One for every scenario that waits: their number is no leak.
    setMaxListeners(0, this.interrupted.signal);
    // A reader that has seen enough (`dsys … | head`) is no mistake: stop quietly.
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit();
    });
    process.stderr.on('error', () => undefined);
  }

  print(text: string): void {
    if (text === '') return;
    this.progress.clear();
    process.stdout.write(text);
  }

  complain(text: string): void {
    this.progress.clear();
    process.stderr.write(text);
  }

  /** Aborted by Ctrl-C. From the first call on the process no longer ends by itself at the first one; at the second it does. */
  get signal(): AbortSignal {
    if (process.listenerCount('SIGINT', this.onInterrupt) === 0 && !this.interrupted.signal.aborted) {
      process.on('SIGINT', this.onInterrupt);
      process.on('SIGTERM', this.onInterrupt);
    }
    return this.interrupted.signal;
  }

  /** Lets a pending Ctrl-C through; true when there was one. */
  async isInterrupted(): Promise<boolean> {
    const { signal } = this;
    await new Promise((resolve) => setImmediate(resolve));
    return signal.aborted;
  }

  /** Columns of stdout; undefined where it is no terminal. */
  get width(): number | undefined {
    return process.stdout.isTTY ? process.stdout.columns : undefined;
  }

  /** Whether and how to colour what goes to stdout. */
  style(choice: ColorChoice): Style {
    return choice === 'always' || (choice === 'auto' && wantsColor()) ? coloured : plain;
  }

  close(): void {
    this.progress.clear();
    process.off('SIGINT', this.onInterrupt);
    process.off('SIGTERM', this.onInterrupt);
  }

  private interrupt(): void {
    process.off('SIGINT', this.onInterrupt);
    process.off('SIGTERM', this.onInterrupt);
    if (process.stderr.isTTY) writeSync(2, '\n');
    this.interrupted.abort();
  }
}

/** https://no-color.org, https://force-color.org, then what the terminal can do. */
function wantsColor(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return process.stdout.isTTY === true && TERM !== 'dumb';
}
