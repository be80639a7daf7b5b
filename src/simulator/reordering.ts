import type { Random } from '../base/random.ts';
import type { Kernel } from './kernel.ts';
import type { Passage } from './link-faults.ts';

interface Waiting {
  readonly passage: Passage;
  /** When it would have arrived, ns. */
  readonly arrival: number;
  over: boolean;
}

/**
 * Overtaking on lines that keep no order. A message that is struck is overtaken by the next one on its line that is not
 * struck itself, if that is sent before the struck one would arrive: it then arrives right behind it, or at its own time
 * if that is later. Where nothing follows in time there is nothing to be overtaken by, and it arrives as it would have.
 */
export class Reordering {
  private readonly waiting = new Map<number, Waiting[]>();

  constructor(
    private readonly kernel: Kernel,
    private readonly draws: Random,
  ) {}

  /** Whether any message waits to be overtaken. */
  get isWaiting(): boolean {
    return this.waiting.size > 0;
  }

  /** Puts a message on its line, struck with probability `share`; it would arrive at `arrival`, ns. */
  place(passage: Passage, arrival: number, share: number): void {
    const { kernel } = this;
    const line = passage.at * kernel.links.nodes + passage.via;
    if (share > 0 && this.draws.chance(share)) {
      this.hold(line, { passage, arrival, over: false });
      return;
    }
    kernel.network.arrive(passage, arrival);
    const overtaken = this.waiting.get(line);
    if (!overtaken) return;
    this.waiting.delete(line);
    for (const item of overtaken) {
      item.over = true;
      kernel.network.arrive(item.passage, Math.max(item.arrival, arrival));
    }
  }

  private hold(line: number, item: Waiting): void {
    const list = this.waiting.get(line);
    if (list) list.push(item);
    else this.waiting.set(line, [item]);
    this.kernel.at(item.arrival, { run: () => this.letGo(line, item) });
  }

  /** Nothing has overtaken it in time. */
  private letGo(line: number, item: Waiting): void {
    if (item.over) return;
    const left = (this.waiting.get(line) ?? []).filter((other) => other !== item);
    if (left.length > 0) this.waiting.set(line, left);
    else this.waiting.delete(line);
    this.kernel.network.arrive(item.passage, item.arrival);
  }
}
