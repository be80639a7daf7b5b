import { EventKind } from '../../simulator/trace.ts';
import type { TraceFile } from '../trace-reader.ts';
import { describeEvent, kindName } from '../trace-text.ts';
import { contentAt, nameAt, stepsOf } from './steps.ts';

/** The run's time zero, ns since 1970: 2000-01-01T00:00:00Z, for there are backends that refuse times near zero. */
const epoch = 946_684_800_000_000_000n;

/** Values of SpanKind and StatusCode (opentelemetry-proto, trace/v1/trace.proto). */
const SpanKind = { internal: 1, client: 3, consumer: 5 } as const;
const Status = { ok: 1, error: 2 } as const;

/**
 * Spans in the JSON encoding of OTLP 1.x: a resource for each node; a trace for each call, and for what no call has caused; a span for
 * the call, one for each message (from its sending to its handling) and each timer, below what caused it. Ids hang on digest and row only.
 */
export function* renderOtlp({ header, trace }: TraceFile): Generator<string> {
  const { stepOf, causeOf, endOf } = stepsOf(trace);
  const parents = parentsOf(trace, stepOf, causeOf);
  const roots = rootsOf(parents);
  const byNode: number[][] = trace.nodes.map(() => []);
  for (let row = 0; row < trace.length; row += 1) if (stepOf[row] === row) byNode[trace.node[row] as number]?.push(row);

  yield '{"resourceSpans":[';
  for (const [node, rows] of byNode.entries()) {
    const resource = {
      attributes: [
        attribute('service.name', trace.nodes[node] ?? ''),
        attribute('service.namespace', header.system),
        ...(trace.zones[node] ? [attribute('cloud.availability_zone', trace.zones[node])] : []),
        attribute('dsys.scenario', header.scenario),
        attribute('dsys.seed', String(header.seed)),
        attribute('dsys.digest', header.digest),
      ],
    };
    const scope = JSON.stringify({ name: 'dsys', version: header.tool });
    yield `${node === 0 ? '\n' : ',\n'}{"resource":${JSON.stringify(resource)},"scopeSpans":[{"scope":${scope},"spans":[`;
    let separator = '\n';
    for (const row of rows) {
      yield separator + JSON.stringify(span(row));
      separator = ',\n';
    }
    yield ']}]}';
  }
  yield '\n]}\n';

  function span(row: number) {
    const kind = trace.kind[row] as number;
    const cause = causeOf[row] as number;
    const end = endOf.get(row);
    const begun = kind === EventKind.deliver && cause >= 0 ? cause : row;
    const ended = kind === EventKind.call ? (end === undefined ? header.end : (trace.time[end] as number)) : (trace.time[row] as number);
    const parent = parents[row] as number;
    const detail = contentAt(trace, row, causeOf);
    const answered = end !== undefined && trace.kind[end] === EventKind.reply;
    return {
      traceId: header.digest + id((roots[row] as number) + 1),
      spanId: id(row + 1),
      ...(parent < 0 ? {} : { parentSpanId: id(parent + 1) }),
      name: nameAt(trace, row) || kindName(kind),
      kind: kind === EventKind.call ? SpanKind.client : kind === EventKind.deliver ? SpanKind.consumer : SpanKind.internal,
      startTimeUnixNano: nanoseconds(trace.time[begun] as number),
      endTimeUnixNano: nanoseconds(ended),
      attributes: [
        attribute('dsys.event', kindName(kind)),
        ...(detail === '' ? [] : [attribute('dsys.detail', detail)]),
        ...((trace.peer[row] as number) < 0 ? [] : [attribute('dsys.peer', trace.nodes[trace.peer[row] as number] ?? '')]),
      ],
      events: eventsOf(row),
      ...(kind !== EventKind.call ? {} : { status: answered ? { code: Status.ok } : { code: Status.error, message: 'no answer' } }),
    };
  }

  /** What the step did besides sending. */
  function eventsOf(step: number) {
    const events = [];
    for (let row = step + 1; row < trace.length && trace.time[row] === trace.time[step] && stepOf[row] !== row; row += 1) {
      const kind = trace.kind[row];
      if (stepOf[row] !== step || kind === EventKind.send || kind === EventKind.reply) continue;
      events.push({ timeUnixNano: nanoseconds(trace.time[row] as number), name: describeEvent(trace, row).text });
    }
    return events;
  }
}

/** Of each step the one that caused it, -1 for none. */
function parentsOf(trace: TraceFile['trace'], stepOf: Int32Array, causeOf: Int32Array): Int32Array {
  return Int32Array.from({ length: trace.length }, (_, row) => {
    const cause = stepOf[row] === row ? (causeOf[row] as number) : -1;
    return cause < 0 ? -1 : (stepOf[cause] as number);
  });
}

function rootsOf(parents: Int32Array): Int32Array {
  const roots = new Int32Array(parents.length);
  // A cause is before what it causes.
  for (let row = 0; row < parents.length; row += 1) {
    const parent = parents[row] as number;
    roots[row] = parent < 0 ? row : (roots[parent] as number);
  }
  return roots;
}

function attribute(key: string, value: string) {
  return { key, value: { stringValue: value } };
}

/** A positive whole number as 8 bytes in hex. */
function id(value: number): string {
  return value.toString(16).padStart(16, '0');
}

function nanoseconds(time: number): string {
  return String(epoch + BigInt(Math.round(time)));
}
