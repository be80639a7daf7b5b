import { EventKind, type Trace } from '../../simulator/trace.ts';

/** What caused what in a trace. */
export interface Steps {
  /**
   * Of each row the first row of the step to which it belongs, -1 for none. A step begins with what a node reacts to (a message, a
   * timer, a start, a recovery, a call of its own) and holds what it does at that instant.
   */
  readonly stepOf: Int32Array;
  /** Of a delivery, loss or second copy the row of its send; of a reply or giving up that of its call; -1 for others and where it is absent. */
  readonly causeOf: Int32Array;
  /** Of each call the row in which it ends. */
  readonly endOf: ReadonlyMap<number, number>;
}

/** Finds causes by the links of the rows, in one pass. */
export function stepsOf(trace: Trace): Steps {
  const stepOf = new Int32Array(trace.length).fill(-1);
  const causeOf = new Int32Array(trace.length).fill(-1);
  const endOf = new Map<number, number>();
  const sends = new Map<number, number>();
  const calls = new Map<number, number>();
  let step = -1;
  for (let row = 0; row < trace.length; row += 1) {
    const kind = trace.kind[row] as number;
    const link = trace.link[row] as number;
    if (begins(kind)) step = row;
    else if (kind === EventKind.crash || (step >= 0 && trace.time[step] !== trace.time[row])) step = -1;
    if (step >= 0 && (trace.node[row] === trace.node[step] || kind === EventKind.violation) && kind !== EventKind.lose) stepOf[row] = step;
    switch (kind) {
      case EventKind.send:
        sends.set(link, row);
        break;
      case EventKind.call:
        calls.set(link, row);
        break;
      case EventKind.deliver:
      case EventKind.lose:
      case EventKind.duplicate:
        causeOf[row] = sends.get(link) ?? -1;
        break;
      case EventKind.reply:
      case EventKind.giveUp: {
        const call = calls.get(link) ?? -1;
        causeOf[row] = call;
        if (call >= 0) endOf.set(call, row);
      }
    }
  }
  return { stepOf, causeOf, endOf };
}

function begins(kind: number): boolean {
  return (
    kind === EventKind.deliver ||
    kind === EventKind.timeout ||
    kind === EventKind.start ||
    kind === EventKind.recover ||
    kind === EventKind.call
  );
}

export function nameAt(trace: Trace, row: number): string {
  return trace.names[trace.name[row] as number] ?? '';
}

export function detailAt(trace: Trace, row: number): string {
  return trace.details[trace.detail[row] as number] ?? '';
}

/** The row's detail; of a delivery or loss, which have none, that of its send. */
export function contentAt(trace: Trace, row: number, causeOf: Int32Array): string {
  const detail = detailAt(trace, row);
  const cause = causeOf[row] as number;
  const ofMessage = trace.kind[row] === EventKind.deliver || trace.kind[row] === EventKind.lose;
  return detail === '' && cause >= 0 && ofMessage ? detailAt(trace, cause) : detail;
}

/** Whether the row tells of a fault or of its end. */
export function isFault(kind: number): boolean {
  return faults.has(kind);
}

const faults: ReadonlySet<number> = new Set([
  EventKind.crash,
  EventKind.recover,
  EventKind.outage,
  EventKind.outageEnd,
  EventKind.partition,
  EventKind.heal,
  EventKind.byzantine,
  EventKind.slow,
  EventKind.skew,
  EventKind.omit,
  EventKind.links,
  EventKind.linksEnd,
  EventKind.pause,
  EventKind.drift,
]);
