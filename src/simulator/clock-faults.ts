import { faultsChanged, undoAfter } from './fault-effects.ts';
import type { Kernel } from './kernel.ts';
import { EventKind } from './trace.ts';

/** Clocks that jump and clocks that run too fast or too slow. */
export class ClockFaults {
  /** The rates that clocks were drawn, by node; only of those that run at another one. */
  private readonly drawn = new Map<number, number>();
  /** Rises with every drift of a node, so that an end knows whether it is still wanted. */
  private readonly changes: Int32Array;

  constructor(private readonly kernel: Kernel) {
    this.changes = new Int32Array(kernel.system.nodes.length);
  }

  /** Adds `offset` ns to the clocks. Timers, which count how long they run, stay. */
  skew(nodes: readonly number[], offset: number): void {
    const { status, recorder } = this.kernel;
    for (const node of nodes) {
      status.clockOffset[node] = (status.clockOffset[node] as number) + offset;
      recorder?.note(EventKind.skew, node, '', `${offset >= 0 ? '+' : '−'}${Math.abs(offset) / 1e6} ms`);
    }
    faultsChanged(this.kernel);
  }

  /** From now on the clocks run at 1 + `rate` times the true rate; when that ends, at the rate that they were drawn. */
  drift(nodes: readonly number[], rate: number, length: number | null): void {
    const { status, recorder } = this.kernel;
    const marks = nodes.map((node) => {
      if (!this.drawn.has(node)) this.drawn.set(node, status.clockRate[node] as number);
      this.setRate(node, 1 + rate);
      recorder?.note(EventKind.drift, node, '', `${rate >= 0 ? '+' : '−'}${Number((Math.abs(rate) * 100).toPrecision(4))} %`);
      this.changes[node] = (this.changes[node] as number) + 1;
      return this.changes[node];
    });
    faultsChanged(this.kernel);
    undoAfter(this.kernel, length, () => {
      nodes.forEach((node, at) => {
        if (this.changes[node] !== marks[at]) return;
        this.setRate(node, this.drawn.get(node) ?? 1);
        recorder?.note(EventKind.drift, node, '');
      });
      faultsChanged(this.kernel);
    });
  }

  /** The clock goes on from where it stands; what a timer has left takes as long as before by the clock. */
  private setRate(node: number, rate: number): void {
    const { status, now, hosts } = this.kernel;
    const before = status.clockRate[node] as number;
    status.clockOffset[node] = (status.clockOffset[node] as number) + now * (before - rate);
    status.clockRate[node] = rate;
    // What was due while the node stood still is due as it was.
    const moved = (due: number): number => (due <= now ? due : now + Math.floor(((due - now) * before) / rate + 0.5));
    for (const host of hosts) host.moveTimers(node, moved);
  }
}
