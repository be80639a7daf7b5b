import { closeSync, fstatSync, openSync, rmSync, writeSync } from 'node:fs';
import { joined } from '../report/exports/joined.ts';
import { UsageError } from './exit-code.ts';
import { reason } from './files.ts';

/** A file to be written in pieces. What goes wrong is a UsageError that says so. */
export class OutFile {
  /** Whether it was removed again. */
  isGone = false;
  private readonly file: number;

  constructor(
    readonly path: string,
    /** What goes there, for messages: `the trace to `. */
    private readonly what = '',
  ) {
    this.file = this.guarded(() => openSync(path, 'w'));
  }

  /** A pipe or a full disk may take less than all at once. */
  write(text: string): void {
    this.guarded(() => {
      const bytes = Buffer.from(text, 'utf8');
      for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at);
    });
  }

  writeAll(pieces: Iterable<string>): void {
    for (const text of joined(pieces)) this.write(text);
  }

  close(): void {
    this.guarded(() => closeSync(this.file));
  }

  /** Closes it and takes it away; a device or a pipe stays. */
  discard(): void {
    this.guarded(() => {
      const isPlain = fstatSync(this.file).isFile();
      closeSync(this.file);
      if (isPlain) rmSync(this.path, { force: true });
      this.isGone = true;
    });
  }

  private guarded<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      throw outFailure(this.path, this.what, error);
    }
  }
}

export function outFailure(path: string, what: string, error: unknown): UsageError {
  const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such folder' : reason(error);
  return new UsageError(`cannot write ${what}\`${path}\`: ${why}`);
}
