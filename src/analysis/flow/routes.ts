import { mean, median } from '../../model/distributions.ts';
import type { LinkAttributes, System } from '../../model/system.ts';
import { EventHeap } from './event-heap.ts';

/** From one node: mean delay in ns to each other (Infinity for none), and the node before each on the way. */
interface Tree {
  readonly delay: Float64Array;
  readonly before: Int32Array;
}

/** Where messages go: directly where there is a link, else over the path of least mean latency, as the simulator routes them. */
export class Routes {
  private readonly delays: readonly number[];
  private readonly links: ReadonlyMap<number, number>[] | null;
  private readonly trees = new Map<number, Tree>();

  /** @param down by node: 1 for one that relays nothing. */
  constructor(
    private readonly system: System,
    private readonly down: Uint8Array,
  ) {
    const { network, nodes, timing } = system;
    const bound = timing.delay ?? Number.POSITIVE_INFINITY;
    this.delays = network.classes.map((attributes) => Math.min(bound, typical(attributes)));
    if (network.complete) {
      this.links = null;
      return;
    }
    const links = nodes.map(() => new Map<number, number>());
    const add = (from: number, to: number, linkClass: number): void => {
      const known = links[from]?.get(to);
      if (known === undefined || (this.delays[linkClass] ?? 0) < (this.delays[known] ?? 0)) links[from]?.set(to, linkClass);
    };
    for (let i = 0; i < network.from.length; i++) {
      const [from, to, linkClass] = [network.from[i] as number, network.to[i] as number, network.linkClass[i] as number];
      add(from, to, linkClass);
      if (network.directed[i] !== 1) add(to, from, linkClass);
    }
    this.links = links;
  }

  /** The class of the direct link, -1 for none. */
  classOf(from: number, to: number): number {
    const { network } = this.system;
    if (this.links !== null) return this.links[from]?.get(to) ?? -1;
    return network.pairClass[(network.kind[from] as number) * network.kinds + (network.kind[to] as number)] ?? -1;
  }

  /** Mean one-way delay, ns; Infinity where no way leads. */
  delay(from: number, to: number): number {
    if (from === to) return 0;
    const direct = this.classOf(from, to);
    return direct >= 0 ? (this.delays[direct] ?? 0) : (this.tree(from).delay[to] as number);
  }

  /** The links on the way, each as its two ends, in order; empty where no way leads. */
  path(from: number, to: number): (readonly [number, number])[] {
    if (from === to) return [];
    if (this.classOf(from, to) >= 0) return [[from, to]];
    const { before, delay } = this.tree(from);
    const hops: (readonly [number, number])[] = [];
    if (!Number.isFinite(delay[to] as number)) return hops;
    for (let at = to; at !== from; at = before[at] as number) hops.push([before[at] as number, at]);
    return hops.reverse();
  }

  /** Nodes that a direct link leads to, ascending. */
  neighbors(node: number): number[] {
    if (this.links !== null) return [...(this.links[node]?.keys() ?? [])].sort((a, b) => a - b);
    return this.system.nodes.map(({ index }) => index).filter((other) => other !== node);
  }

  /** Dijkstra 1959. */
  private tree(from: number): Tree {
    const known = this.trees.get(from);
    if (known !== undefined) return known;
    const count = this.system.nodes.length;
    const delay = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
    const before = new Int32Array(count).fill(-1);
    delay[from] = 0;
    const heap = new EventHeap<{ time: number; order: number; node: number }>();
    heap.push({ time: 0, order: from, node: from });
    for (let next = heap.pop(); next !== undefined; next = heap.pop()) {
      if (next.time > (delay[next.node] as number) || (next.node !== from && this.down[next.node] === 1)) continue;
      for (const [to, linkClass] of this.links?.[next.node] ?? []) {
        const time = next.time + Math.max(1, this.delays[linkClass] ?? 0);
        if (time >= (delay[to] as number)) continue;
        delay[to] = time;
        before[to] = next.node;
        heap.push({ time, order: to, node: to });
      }
    }
    const tree = { delay, before };
    this.trees.set(from, tree);
    return tree;
  }
}

/** The mean latency, or the median of a tail without a mean; draws below zero count as zero. */
function typical({ latency }: LinkAttributes): number {
  const found = mean(latency);
  return Math.max(0, Number.isFinite(found) ? found : median(latency));
}
