import { Cell, EventCode } from './event-store.ts';
import type { Kernel } from './kernel.ts';
import { Flag } from './node-status.ts';

/** Messages that wait at nodes that stand still. */
export class HeldMessages {
  /** By node, the slots of its messages in the order of their arrival. */
  private readonly slots = new Map<number, number[]>();

  constructor(private readonly kernel: Kernel) {}

  hold(slot: number, node: number): void {
    const held = this.slots.get(node);
    if (held) held.push(slot);
    else this.slots.set(node, [slot]);
  }

  /** What waits at a node; it waits no longer. */
  take(node: number): readonly number[] {
    const held = this.slots.get(node) ?? [];
    this.slots.delete(node);
    return held;
  }

  /** What has waited at a node comes now. */
  release(node: number): void {
    const { status, store, now } = this.kernel;
    for (const slot of this.take(node)) {
      const at = slot << 3;
      const head = store.cells[at + Cell.head] as number;
      if ((head & 15) === EventCode.relay) store.queue.push(slot, now);
      else if (status.has(node, Flag.queues)) this.kernel.enqueue(slot, node);
      else {
        // Like a message whose service is over: what cuts it off now comes too late.
        store.cells[at + Cell.head] = head | EventCode.served;
        store.cells[at + Cell.hop] = status.epoch[node] as number;
        store.queue.push(slot, now);
      }
    }
  }
}
