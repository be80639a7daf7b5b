import { renderExport } from '../report/exports/export.ts';
import type { ExportFormat } from '../report/exports/formats.ts';
import { traceHeader } from '../report/trace-file.ts';
import { plural } from '../report/units.ts';
import type { RunOptions } from './command-line.ts';
import { UsageError } from './exit-code.ts';
import { OutFile } from './out-file.ts';
import type { Terminal } from './terminal.ts';
import { type CutShort, folderSeedsMost, isRun, type TracedResult, type TraceTarget, traceTarget } from './trace-target.ts';

/** What `--export` names. */
export interface ExportChoice {
  readonly format: ExportFormat;
  readonly path: string;
}

/**
 * What `dsys run` writes of its runs: traces and exports. One run stands for all where there is one file: that of the first
 * scenario that fails, or else of the first. Files are opened at the start, so that a path that cannot be written is said at once.
 */
export class RunTraces {
  private readonly target: TraceTarget | null;
  private readonly exports: readonly { readonly format: ExportFormat; readonly file: OutFile }[];
  private chosen: TracedResult | null = null;

  constructor(
    private readonly terminal: Terminal,
    private readonly options: Pick<RunOptions, 'trace' | 'traceSample' | 'traceWhen' | 'export'>,
    systems: number,
  ) {
    const { trace, traceSample: sample, traceWhen: when, export: exports } = options;
    if (trace === undefined && sample > 1) throw new UsageError('--trace-sample needs --trace FILE');
    if (trace === undefined && exports.length === 0 && when === 'failing') {
      throw new UsageError('--trace-when needs --trace FILE or --export FORMAT=FILE');
    }
    this.target = trace === undefined ? null : traceTarget(trace, { sample, when }, systems > 1);
    this.exports = exports.map(({ format, path }) => ({ format, file: new OutFile(path) }));
  }

  /** A scenario is done. Resolves with why traces ended early: a limit, the user, or not at all. */
  async take(of: TracedResult): Promise<'no' | 'limit' | 'cancelled'> {
    const { result } = of;
    const { chosen } = this;
    if (isRun(result) && (this.options.traceWhen === 'always' || !result.passed)) {
      if (chosen === null || (chosen.result.passed && !result.passed)) this.chosen = of;
    }
    const failing = result.runs.filter(({ fails }) => fails).length;
    const cut = (await this.target?.take(of)) ?? null;
    if (this.target?.isFolder && failing > folderSeedsMost && isRun(result) && !cut) {
      this.terminal.complain(`dsys: ${failing} seeds of ${result.scenario} fail; the traces of the first ${folderSeedsMost} are written\n`);
    }
    return this.told(cut);
  }

  /** All scenarios are done. */
  async finish(): Promise<'no' | 'limit' | 'cancelled'> {
    const { target, chosen } = this;
    const stopped = this.told((await target?.finish(chosen)) ?? null);
    const absent = [
      ...(target?.written === 0 ? ['no trace was written'] : []),
      ...(this.exports.length > 0 && chosen === null ? ['nothing was exported'] : []),
    ];
    const why = this.options.traceWhen === 'failing' ? 'no run failed' : 'no run came to its end';
    if (absent.length > 0) this.terminal.complain(`dsys: ${why}, so ${absent.join(' and ')}\n`);
    for (const { format, file } of this.exports) this.export(format, file);
    return stopped;
  }

  private export(format: ExportFormat, file: OutFile): void {
    const { chosen } = this;
    const run = chosen?.result.shown;
    const trace = run?.trace;
    if (chosen && (!trace || trace.truncated)) {
      const rows = plural(trace?.length ?? 0, 'row');
      this.terminal.complain(`dsys: exported are the first ${rows} of the run; \`--trace FILE\` and \`dsys export\` take more\n`);
    }
    if (!chosen || !trace) {
      file.discard();
      return;
    }
    const header = traceHeader(chosen.result, run, trace, chosen.origin);
    file.writeAll(renderExport(format, { header, trace, whole: true }));
    file.close();
  }

  private told(cut: CutShort | null): 'no' | 'limit' | 'cancelled' {
    if (!cut) return 'no';
    const { path, seed, end } = cut;
    if (end.kind === 'cancelled') {
      this.terminal.complain(`dsys: stopped while the trace of seed ${seed} was written; \`${path}\` is cut short\n`);
      return 'cancelled';
    }
    this.terminal.complain(
      `dsys: the trace of seed ${seed} took more than the ${end.memoryMb} MB of memory that a run may use; \`${path}\` is cut short\n`,
    );
    return 'limit';
  }
}
