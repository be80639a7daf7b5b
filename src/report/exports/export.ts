import type { Trace } from '../../simulator/trace.ts';
import type { TraceFile } from '../trace-reader.ts';
import { renderChromeTrace } from './chrome-trace.ts';
import { renderEdn } from './edn.ts';
import type { ExportFormat } from './formats.ts';
import { renderMermaid } from './mermaid.ts';
import { renderSeriesCsv, renderSummaryCsv } from './metrics-csv.ts';
import { renderOtlp } from './otlp.ts';
import { renderShiviz } from './shiviz.ts';

/** Formats that draw every event, with how many they draw unless asked. */
export const drawnMost: Readonly<Partial<Record<ExportFormat, number>>> = { mermaid: 200, shiviz: 20_000 };

/** What of a trace is exported. */
export interface ExportWindow {
  /** ns, both included. */
  readonly from: number;
  readonly to: number;
  /** Nodes by index, null for all: what happens at them, between them, and to the whole system. */
  readonly nodes: ReadonlySet<number> | null;
  /** Events that are drawn; null: as many as the format likes. */
  readonly limit: number | null;
}

export const everything: ExportWindow = { from: 0, to: Number.POSITIVE_INFINITY, nodes: null, limit: null };

/** A trace in another tool's format, piece by piece. */
export function renderExport(format: ExportFormat, file: TraceFile, window: ExportWindow = everything): Iterable<string> {
  const shown = { ...file, trace: selected(file.trace, window) };
  const limit = window.limit ?? drawnMost[format] ?? Number.POSITIVE_INFINITY;
  switch (format) {
    case 'chrome':
      return renderChromeTrace(shown);
    case 'shiviz':
      return renderShiviz(shown, limit);
    case 'otlp':
      return renderOtlp(shown);
    case 'mermaid':
      return renderMermaid(shown, limit);
    case 'csv':
      return renderSeriesCsv(shown);
    case 'csv-summary':
      return renderSummaryCsv(shown);
    case 'edn':
      return renderEdn(shown);
  }
}

/** The rows that lie in the window. */
function selected(trace: Trace, { from, to, nodes }: ExportWindow): Trace {
  if (from <= 0 && to === Number.POSITIVE_INFINITY && nodes === null) return trace;
  const inside = (node: number): boolean => node < 0 || nodes === null || nodes.has(node);
  const kept = (_: unknown, row: number): boolean => {
    const time = trace.time[row] as number;
    return time >= from && time <= to && inside(trace.node[row] as number) && inside(trace.peer[row] as number);
  };
  const time = trace.time.filter(kept);
  return {
    ...trace,
    length: time.length,
    time,
    kind: trace.kind.filter(kept),
    node: trace.node.filter(kept),
    peer: trace.peer.filter(kept),
    name: trace.name.filter(kept),
    link: trace.link.filter(kept),
    detail: trace.detail.filter(kept),
  };
}
