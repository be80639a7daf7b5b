import { EventKind } from '../../simulator/trace.ts';
import type { TraceFile } from '../trace-reader.ts';
import { describeEvent, kindName } from '../trace-text.ts';
import { contentAt, detailAt, isFault, nameAt, stepsOf } from './steps.ts';

/** One event of the Trace Event Format. */
interface ChromeEvent {
  readonly name: string;
  readonly ph: 'M' | 'X' | 's' | 'f' | 'b' | 'e' | 'i';
  /** µs. */
  readonly ts: number;
  readonly pid: number;
  readonly tid: number;
  readonly cat?: string;
  readonly dur?: number;
  readonly id?: string;
  readonly bp?: 'e';
  readonly s?: 'g' | 'p' | 't';
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Process of what concerns the whole system; nodes follow from 1 on. */
const systemPid = 0;
/** Length of a step, ns at the most: it takes no simulated time, and what has no length is not seen. */
const stepLength = 1_000;

/**
 * Trace Event Format as Chrome's and Perfetto's viewers read it (Google, "Trace Event Format"): a process for each node, a slice
 * for each step with its state changes as arguments, arrows for messages, asynchronous slices for calls, instants for faults.
 */
export function* renderChromeTrace({ header, trace }: TraceFile): Generator<string> {
  yield `{"displayTimeUnit":"ms","otherData":${JSON.stringify({
    tool: `dsys ${header.tool}`,
    file: header.file,
    system: header.system,
    scenario: header.scenario,
    seed: header.seed,
    digest: header.digest,
  })},"traceEvents":[`;
  let separator = '\n';
  const text = (event: ChromeEvent): string => {
    const line = `${separator}${JSON.stringify(event)}`;
    separator = ',\n';
    return line;
  };
  yield text({ name: 'process_name', ph: 'M', ts: 0, pid: systemPid, tid: 1, args: { name: header.system } });
  for (const [index, name] of trace.nodes.entries()) {
    const zone = trace.zones[index];
    yield text({ name: 'process_name', ph: 'M', ts: 0, pid: index + 1, tid: 1, args: { name: zone ? `${name} (${zone})` : name } });
    yield text({ name: 'thread_name', ph: 'M', ts: 0, pid: index + 1, tid: 1, args: { name: 'steps' } });
  }
  const { stepOf, causeOf, endOf } = stepsOf(trace);
  const lengths = stepLengths(trace, stepOf);
  for (let row = 0; row < trace.length; row += 1) {
    const kind = trace.kind[row] as number;
    const pid = (trace.node[row] as number) + 1;
    const place = { ts: (trace.time[row] as number) / 1000, pid, tid: 1 };
    const name = nameAt(trace, row);
    const link = trace.link[row] as number;
    if (stepOf[row] === row) {
      const title = name === '' ? kindName(kind) : name;
      yield text({
        name: title,
        cat: kindName(kind),
        ph: 'X',
        dur: (lengths[row] as number) / 1000,
        ...place,
        args: stepArgs(trace, row, stepOf, causeOf),
      });
    }
    if (kind === EventKind.send) yield text({ name, cat: 'message', ph: 's', id: `m${link}`, ...place });
    else if (kind === EventKind.deliver && (causeOf[row] as number) >= 0) {
      yield text({ name, cat: 'message', ph: 'f', bp: 'e', id: `m${link}`, ...place });
    } else if (kind === EventKind.call) {
      yield text({ name, cat: 'call', ph: 'b', id: `c${link}`, ...place, args: { detail: detailAt(trace, row) } });
      if (!endOf.has(row)) {
        const ts = header.end / 1000;
        yield text({ name, cat: 'call', ph: 'e', id: `c${link}`, ...place, ts, args: { answered: false } });
      }
    } else if ((kind === EventKind.reply || kind === EventKind.giveUp) && (causeOf[row] as number) >= 0) {
      const args = { answered: kind === EventKind.reply, detail: detailAt(trace, row) };
      yield text({ name, cat: 'call', ph: 'e', id: `c${link}`, ...place, args });
    } else if (isInstant(kind)) {
      const cat = isFault(kind) ? 'fault' : kindName(kind);
      yield text({ name: describeEvent(trace, row).text, cat, ph: 'i', s: pid === systemPid ? 'g' : 'p', ...place });
    }
  }
  yield '\n]}\n';
}

function isInstant(kind: number): boolean {
  const told = [EventKind.lose, EventKind.emit, EventKind.violation, EventKind.error, EventKind.duplicate] as readonly number[];
  return isFault(kind) || told.includes(kind);
}

/** Of each step, ns: so long that slices of one node never overlap. */
function stepLengths(trace: TraceFile['trace'], stepOf: Int32Array): Float64Array {
  const lengths = new Float64Array(trace.length);
  const next = new Map<number, number>();
  for (let row = trace.length - 1; row >= 0; row -= 1) {
    if (stepOf[row] !== row) continue;
    const node = trace.node[row] as number;
    const time = trace.time[row] as number;
    lengths[row] = Math.min(stepLength, (next.get(node) ?? Number.POSITIVE_INFINITY) - time);
    next.set(node, time);
  }
  return lengths;
}

function stepArgs(trace: TraceFile['trace'], step: number, stepOf: Int32Array, causeOf: Int32Array): Readonly<Record<string, unknown>> {
  const state: Record<string, string> = {};
  for (let row = step + 1; row < trace.length && trace.time[row] === trace.time[step] && stepOf[row] !== row; row += 1) {
    if (stepOf[row] === step && trace.kind[row] === EventKind.state) state[nameAt(trace, row)] = detailAt(trace, row);
  }
  const detail = contentAt(trace, step, causeOf);
  return { row: step, ...(detail === '' ? {} : { detail }), ...(Object.keys(state).length > 0 ? { state } : {}) };
}
