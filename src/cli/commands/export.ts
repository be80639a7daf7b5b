import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { drawnMost, type ExportWindow, renderExport } from '../../report/exports/export.ts';
import type { ExportFormat } from '../../report/exports/formats.ts';
import { joined } from '../../report/exports/joined.ts';
import { type TraceFile, TraceFileError, TraceReader } from '../../report/trace-reader.ts';
import { plural } from '../../report/units.ts';
import { suggestion } from '../checker.ts';
import type { ExportOptions } from '../command-line.ts';
import { UsageError } from '../exit-code.ts';
import { reason } from '../files.ts';
import { OutFile } from '../out-file.ts';
import type { Terminal } from '../terminal.ts';

/** `dsys export FORMAT TRACE`: a trace file in another tool's format. */
export function exportTrace(terminal: Terminal, format: ExportFormat, path: string, options: ExportOptions): void {
  if (options.limit !== undefined && drawnMost[format] === undefined) {
    throw new UsageError(`--limit is for ${Object.keys(drawnMost).join(' and ')}; ${format} always has all events`);
  }
  const file = readTrace(path);
  if (!file.whole) {
    terminal.complain(`dsys: \`${path}\` is cut short: exported are the ${plural(file.trace.length, 'row')} that are whole\n`);
  } else if (file.trace.truncated) {
    terminal.complain(`dsys: the run had more events than the trace keeps: exported are its first ${plural(file.trace.length, 'row')}\n`);
  }
  if (file.header.sample > 1) {
    terminal.complain(`dsys: the trace holds one message in ${file.header.sample}, and so does what is exported\n`);
  }
  const pieces = renderExport(format, file, windowOf(file, path, options));
  if (options.out === undefined) for (const text of joined(pieces)) terminal.print(text);
  else {
    const file = new OutFile(options.out);
    file.writeAll(pieces);
    file.close();
  }
}

function windowOf({ header, trace }: TraceFile, path: string, { from = 0, to, nodes, limit }: ExportOptions): ExportWindow {
  if (from > header.end) throw new UsageError(`--from is after the end of the run, ${header.end / 1e9} s`);
  if (to !== undefined && to < from) throw new UsageError('--to is before --from');
  const chosen = nodes?.map((name) => {
    const index = trace.nodes.indexOf(name);
    if (index < 0) throw new UsageError(`\`${path}\` has no node \`${name}\`${suggestion(name, trace.nodes)}`);
    return index;
  });
  return { from, to: to ?? Number.POSITIVE_INFINITY, nodes: chosen ? new Set(chosen) : null, limit: limit ?? null };
}

function readTrace(path: string): TraceFile {
  try {
    const file = openSync(path, 'r');
    try {
      const reader = new TraceReader();
      const decoder = new StringDecoder('utf8');
      const buffer = Buffer.alloc(1 << 20);
      for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) reader.push(decoder.write(buffer.subarray(0, read)));
      reader.push(decoder.end());
      return reader.finish();
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof TraceFileError) throw new UsageError(`\`${path}\` ${error.message}`);
    throw new UsageError(`cannot read \`${path}\`: ${reason(error)}`);
  }
}
