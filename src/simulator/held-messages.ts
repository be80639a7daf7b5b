import { Cell, EventCode } from './event-store.ts';
import type { Kernel } from './kernel.ts';
import { Flag } from './node-status.ts';

/** What waits at nodes that stand still: messages, and handlers that nothing triggers (`start`, `recover`). */
export class HeldMessages {
  /** By node, the slots of its messages in the order of their arrival. */
  private readonly slots = new Map<number, number[]>();
  private readonly handlers = new Map<number, (() => void)[]>();

  constructor(private readonly kernel: Kernel) {}

  hold(slot: number, node: number): void {
    const held = this.slots.get(node);
    if (held) held.push(slot);
    else this.slots.set(node, [slot]);
  }

  /** Lets a handler of a node that stands still wait until it goes on; a crash before that undoes it. */
  postpone(node: number, handler: () => void): void {
    this.handlers.set(node, [...(this.handlers.get(node) ?? []), handler]);
  }

  /** The messages that wait at a node; neither they nor handlers wait any longer. */
  take(node: number): readonly number[] {
    this.handlers.delete(node);
    const held = this.slots.get(node) ?? [];
    this.slots.delete(node);
    return held;
  }

  /** What has waited at a node comes now. */
  release(node: number): void {
    const { status, store, now } = this.kernel;
    const handlers = this.handlers.get(node) ?? [];
    const slots = this.take(node);
    for (const handler of handlers) handler();
    for (const slot of slots) {
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
