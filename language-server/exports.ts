import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../src/language/node-library.ts';
import type { ExportFormatInfo, ExportParams, ExportResult } from '../src/protocol/messages.ts';
import { renderExport } from '../src/report/exports/export.ts';
import { exportFormats, exportTitles } from '../src/report/exports/formats.ts';
import { joined } from '../src/report/exports/joined.ts';
import type { TraceFile } from '../src/report/trace-reader.ts';

/** The run that the editor shows, as other tools read it. Its events stay here: the panel has what it draws only. */
export class Exports {
  private kept: TraceFile | null = null;
  private pieces: Iterator<string> | null = null;
  private next: string | null = null;
  readonly toolVersion: string;

  /** @param from a file of the package: the running bundle. */
  constructor(from: string) {
    const root = packageFolder(from);
    const text = root && readFileSync(join(root, 'package.json'), 'utf8');
    this.toolVersion = text ? String((JSON.parse(text) as { version?: unknown }).version ?? '') : '';
  }

  /** Takes the place of the run before; null where there are no events of it. */
  keep(run: TraceFile | null): void {
    this.kept = run;
    this.pieces = null;
  }

  formats(): ExportFormatInfo[] {
    return exportFormats.map((format) => ({ format, ...exportTitles[format] }));
  }

  /** The next piece of an export; null where the run is no longer kept, or another export was begun meanwhile. */
  piece({ digest, format, begin }: ExportParams): ExportResult | null {
    const { kept } = this;
    const known = exportFormats.find((name) => name === format);
    if (!kept || !known || kept.header.digest !== digest) return null;
    if (begin) {
      this.pieces = joined(renderExport(known, kept))[Symbol.iterator]();
      this.next = this.draw();
    }
    if (!this.pieces) return null;
    const text = this.next ?? '';
    this.next = this.draw();
    const more = this.next !== null;
    if (!more) this.pieces = null;
    return { text, more, truncated: kept.trace.truncated };
  }

  private draw(): string | null {
    const { value, done } = this.pieces?.next() ?? { value: null, done: true };
    return done ? null : (value as string);
  }
}
