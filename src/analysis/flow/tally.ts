/** What one call, or everything that no call causes, has caused. */
export class Tally {
  /** Messages sent and their bytes, by kind. */
  readonly sent: Float64Array;
  readonly bytes: Float64Array;
  /** Messages sent by the node that was called, and to it, by kind. */
  readonly sentByCalled: Float64Array;
  readonly sentToCalled: Float64Array;
  /** Protocol messages that arrived, by node. */
  readonly arrivals: Float64Array;
  /** Bytes by line (from · nodes + to), of protocol messages. */
  readonly lines = new Map<number, number>();
  /** Messages under way and timers set. */
  pending = 0;
  /** ns when the client had its answer, -1 for never. */
  answeredAt = -1;
  /** Message delays until then. */
  rounds = 0;
  /** Whether a handler drew a random number for it. */
  drew = false;

  constructor(
    kinds: number,
    nodes: number,
    readonly called: number,
  ) {
    this.sent = new Float64Array(kinds);
    this.bytes = new Float64Array(kinds);
    this.sentByCalled = new Float64Array(kinds);
    this.sentToCalled = new Float64Array(kinds);
    this.arrivals = new Float64Array(nodes);
  }
}
