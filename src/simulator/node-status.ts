import { Random } from '../base/random.ts';
import type { System } from '../model/system.ts';
import { Sampler } from './sampler.ts';

/** Bits of `NodeStatus.flags`: what makes a node's messages take the slow way. */
export const Flag = {
  down: 1,
  /** Loses some of what it should receive. */
  omitsReceive: 2,
  /** Loses some of what it sends. */
  omitsSend: 4,
  /** Serves messages one at a time. */
  queues: 8,
  /** Counts as Byzantine: no property speaks of it. */
  byzantine: 16,
  /** Will crash in the middle of what it sends: see `sendsLeft`. */
  dying: 64,
  /** Does nothing for a while: see `pausedUntil`. */
  paused: 128,
  /** Runs the protocol, but what it sends goes through a built-in behaviour. */
  lies: 32,
} as const;

/** Why a node is down; it is up when no reason is left. Outages are counted apart, for zones may overlap. */
export const Down = { crashed: 1, left: 2 } as const;

/** What the simulator knows of each node besides its protocols' state: whether it is up, its clock, its message queue. */
export class NodeStatus {
  readonly flags: Uint8Array;
  /** Bits of `Down`. */
  readonly downFor: Uint8Array;
  readonly outages: Uint16Array;
  /** Rises with every crash; what was under way before is then void. */
  readonly epoch: Int32Array;
  /** Rises with every change of `downFor`, so that an undo knows whether it is still wanted. */
  readonly changes: Int32Array;
  readonly started: Uint8Array;
  /** Factor on service times and on the latency of what it sends. */
  readonly slowness: Float64Array;
  /** Local nanoseconds per nanosecond. */
  readonly clockRate: Float64Array;
  /** Local time at time zero, ns; changed by `skew`. */
  readonly clockOffset: Float64Array;
  /** ns, for nodes that are paused. */
  readonly pausedUntil: Float64Array;
  /** Messages that a dying node still gets out. */
  readonly sendsLeft: Int32Array;
  /** Shares of the messages that an omitting node sends and receives that are lost. */
  readonly omitsSends: Float64Array;
  readonly omitsReceipts: Float64Array;

  /** Service time of a message by node; null where it takes none. */
  readonly service: readonly (Sampler | null)[];
  readonly busy: Uint8Array;
  /** First and last slot of the messages that wait at a node, -1 for none. */
  readonly queueHead: Int32Array;
  readonly queueTail: Int32Array;

  constructor(system: System, seed: number) {
    const count = system.nodes.length;
    this.flags = new Uint8Array(count);
    this.downFor = new Uint8Array(count);
    this.outages = new Uint16Array(count);
    this.epoch = new Int32Array(count);
    this.changes = new Int32Array(count);
    this.started = new Uint8Array(count);
    this.slowness = new Float64Array(count).fill(1);
    this.clockRate = new Float64Array(count).fill(1);
    this.clockOffset = new Float64Array(count);
    this.pausedUntil = new Float64Array(count);
    this.sendsLeft = new Int32Array(count);
    this.omitsSends = new Float64Array(count);
    this.omitsReceipts = new Float64Array(count);
    this.busy = new Uint8Array(count);
    this.queueHead = new Int32Array(count).fill(-1);
    this.queueTail = new Int32Array(count).fill(-1);

    const samplers = system.groups.map((group) => (group.attributes.cpu ? new Sampler(group.attributes.cpu) : null));
    this.service = system.nodes.map((node) => samplers[node.group] ?? null);
    const clocks = new Random(seed, 'clocks');
    for (const node of system.nodes) {
      const drift = system.groups[node.group]?.attributes.drift ?? null;
      // One draw a node, drifting or not, so that giving one group a drift leaves the others' clocks alone.
      const position = 2 * clocks.nextFloat() - 1;
      if (drift !== null) this.clockRate[node.index] = 1 + position * drift;
      if (this.service[node.index]) this.setFlag(node.index, Flag.queues, true);
    }
  }

  isDown(node: number): boolean {
    return ((this.flags[node] as number) & Flag.down) !== 0;
  }

  has(node: number, flag: number): boolean {
    return ((this.flags[node] as number) & flag) !== 0;
  }

  setFlag(node: number, flag: number, on: boolean): void {
    const flags = this.flags[node] as number;
    this.flags[node] = on ? flags | flag : flags & ~flag;
  }

  /** Local time of a node at `time`, whole ns. */
  localTime(node: number, time: number): number {
    return Math.floor(time * (this.clockRate[node] as number) + (this.clockOffset[node] as number) + 0.5);
  }
}
