import { formatDuration } from '../base/units.ts';
import { faultsChanged, undoAfter } from './fault-effects.ts';
import type { Kernel } from './kernel.ts';
import { Flag } from './node-status.ts';
import { EventKind } from './trace.ts';

/**
 * Nodes that stand still for a while, as in a pause for garbage collection: they lose nothing, but nothing happens there.
 * Timers that are due meanwhile fire at the end; then comes what has arrived, in its order.
 */
export class Pauses {
  constructor(private readonly kernel: Kernel) {}

  /** Pauses that overlap are one, to the later end. A node that is down has nothing to pause; a crash ends a pause. */
  begin(nodes: readonly number[], length: number): void {
    const { kernel } = this;
    const { status } = kernel;
    const until = kernel.now + length;
    const paused = nodes.filter(
      (node) => !status.isDown(node) && (!status.has(node, Flag.paused) || (status.pausedUntil[node] as number) < until),
    );
    for (const node of paused) {
      status.setFlag(node, Flag.paused, true);
      status.pausedUntil[node] = until;
      for (const host of kernel.hosts) host.moveTimers(node, (due) => due);
      kernel.recorder?.note(EventKind.pause, node, '', formatDuration(length));
    }
    faultsChanged(kernel);
    undoAfter(kernel, length, () => {
      for (const node of paused) {
        if (!status.has(node, Flag.paused) || status.pausedUntil[node] !== until) continue;
        status.setFlag(node, Flag.paused, false);
        kernel.recorder?.note(EventKind.pause, node, '');
        kernel.held.release(node);
      }
      faultsChanged(kernel);
    });
  }
}
