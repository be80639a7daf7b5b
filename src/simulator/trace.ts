/**
 * A run as columns: typed arrays of equal length, one row an event in order of (time, sequence); payloads and texts by
 * reference into side tables. Transferable: a million events reach the panel as a few buffers.
 */
export interface Trace {
  readonly version: 1;
  readonly nodes: readonly string[];
  /** Zone name of each node, '' for none. */
  readonly zones: readonly string[];
  readonly length: number;
  /** True where the run had more events than the trace's limit; the digest covers them all the same. */
  readonly truncated: boolean;
  /** ns. */
  readonly time: Float64Array;
  readonly kind: Uint8Array;
  /** The node at which it happens; -1 for what concerns the whole system. */
  readonly node: Int32Array;
  /** The other node: of a send its target, of a delivery or loss its sender; -1 for none. */
  readonly peer: Int32Array;
  /** Index into `names`: message type, timer, event, operation, or what a fault is called. -1 for none. */
  readonly name: Int32Array;
  /** Rows that belong together: send ↔ deliver/lose share a message number; call ↔ reply a call number. -1 for none. */
  readonly link: Int32Array;
  /** Index into `details`, -1 for none: fields of a message, value of a reply, `name = value` of state, a log line. */
  readonly detail: Int32Array;
  readonly names: readonly string[];
  readonly details: readonly string[];
}

/** Takes a trace in parts as the run goes on, each with texts of its own, so that no run is too long for the memory. */
export type TraceSink = (part: Trace) => void;

/** Values of `Trace.kind`. */
export const EventKind = {
  send: 0,
  deliver: 1,
  /** A message lost on its way or dropped by a partition or a dead node; `node` is the intended receiver. */
  lose: 2,
  timeout: 3,
  start: 4,
  crash: 5,
  recover: 6,
  /** `name` is the zone; `link` pairs it with its `outageEnd`. */
  outage: 7,
  outageEnd: 8,
  /** `detail` lists the sides. */
  partition: 9,
  heal: 10,
  byzantine: 11,
  emit: 12,
  call: 13,
  reply: 14,
  /** A call that got no answer in time. */
  giveUp: 15,
  /** A state variable changed: `name` the variable, `detail` its new value. */
  state: 16,
  violation: 17,
  error: 18,
  slow: 19,
  skew: 20,
  duplicate: 21,
  /** A node begins or ends to lose messages: `detail` says which, '' for none any more. */
  omit: 22,
  /** A fault of links begins: `name` what it does (`lose`, `disconnect`, …), `detail` between whom; `link` pairs it with its end. */
  links: 23,
  linksEnd: 24,
  /** A node stands still for `detail`; '' at the end. */
  pause: 25,
  /** A clock runs at another rate from now on: `detail` is by how much, '' at the end. */
  drift: 26,
  /** A protocol handles what another one on the same node gives it: `name` its event (`health.Suspected`) or its own operation; `link` the call. */
  local: 27,
  /** A node calls an operation of a protocol that it uses, on itself or another node, and has the answer; as `call` and `reply` of clients. */
  nodeCall: 28,
  nodeAnswer: 29,
} as const;

export type EventKindValue = (typeof EventKind)[keyof typeof EventKind];
