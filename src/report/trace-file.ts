import type { RunResult, ScenarioResult } from '../simulator/result.ts';
import type { Trace } from '../simulator/trace.ts';
import { kindName, nodeName } from './trace-text.ts';

export const traceColumns = ['time', 'kind', 'node', 'peer', 'name', 'link', 'detail'] as const;

/** Lines to hand out at once: a write for each of a million events would take longer than the run. */
const CHUNK = 2_000;

/**
 * A run's trace as JSON lines, in chunks: a header that names the columns and the run, then one array an event. Times are
 * ns; a cell without meaning is null. Documented in docs/formats.md.
 */
export function* traceLines(result: ScenarioResult, run: RunResult, trace: Trace): Generator<string> {
  const header = {
    format: 'dsys-trace',
    version: 1,
    system: result.system,
    scenario: result.scenario,
    variant: result.variant,
    seed: run.seed,
    digest: run.digest,
    end: run.end,
    events: trace.length,
    truncated: trace.truncated,
    nodes: trace.nodes.map((name, index) => ({ name, zone: trace.zones[index] || null })),
    columns: traceColumns,
  };
  let chunk = `${JSON.stringify(header)}\n`;
  for (let row = 0; row < trace.length; row++) {
    const link = trace.link[row] as number;
    const cells = [
      trace.time[row],
      kindName(trace.kind[row] as number),
      nodeName(trace, trace.node[row] as number) || null,
      nodeName(trace, trace.peer[row] as number) || null,
      trace.names[trace.name[row] as number] ?? null,
      link < 0 ? null : link,
      trace.details[trace.detail[row] as number] ?? null,
    ];
    chunk += `${JSON.stringify(cells)}\n`;
    if (row % CHUNK === CHUNK - 1) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}
