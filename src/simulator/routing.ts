import type { Cut } from './cut.ts';
import type { Links } from './links.ts';
import type { NodeStatus } from './node-status.ts';

/**
 * Next hops between nodes that share no link: the cheapest path by mean latency over nodes that are up and links that no
 * partition cuts. One shortest-path tree a destination (Dijkstra), built when first asked for and forgotten whenever a
 * node or a partition changes.
 */
export class Routing {
  private readonly trees = new Map<number, Int32Array>();
  private incoming: readonly (readonly number[])[] | null = null;

  constructor(
    private readonly links: Links,
    private readonly status: NodeStatus,
    private readonly cut: Cut,
  ) {}

  /** To be called when a node goes down or comes up, or a partition begins or ends. */
  forget(): void {
    this.trees.clear();
  }

  /** The next node on the way, -1 where there is no way. */
  next(from: number, target: number): number {
    let tree = this.trees.get(target);
    if (!tree) {
      tree = this.treeOf(target);
      this.trees.set(target, tree);
    }
    return tree[from] as number;
  }

  /** For each node the next hop towards `target`; of equally cheap ways the one over the lowest node. */
  private treeOf(target: number): Int32Array {
    const { links, cut } = this;
    const incoming = this.incomingOf();
    const hop = new Int32Array(links.nodes).fill(-1);
    const distance = new Float64Array(links.nodes).fill(Number.POSITIVE_INFINITY);
    const heap = new NodeHeap(distance);
    distance[target] = 0;
    hop[target] = target;
    heap.push(target);
    for (let via = heap.pop(); via >= 0; via = heap.pop()) {
      // A node that is down forwards nothing; a target that is down can still be tried.
      if (via !== target && this.status.isDown(via)) continue;
      for (const from of incoming[via] as readonly number[]) {
        if (cut.separates(from, via)) continue;
        const cost = (distance[via] as number) + (links.cost[links.classOf(from, via)] as number);
        const known = distance[from] as number;
        if (cost > known || (cost === known && via >= (hop[from] as number))) continue;
        hop[from] = via;
        distance[from] = cost;
        if (cost < known) heap.push(from);
      }
    }
    return hop;
  }

  private incomingOf(): readonly (readonly number[])[] {
    if (!this.incoming) {
      const incoming: number[][] = Array.from({ length: this.links.nodes }, () => []);
      for (let from = 0; from < this.links.nodes; from += 1) {
        for (const to of this.links.neighbors(from)) (incoming[to] as number[]).push(from);
      }
      this.incoming = incoming;
    }
    return this.incoming;
  }
}

/** A binary heap of nodes by their distance at the time of the push; a node may stand in it more than once. */
class NodeHeap {
  private readonly nodes: number[] = [];
  private readonly keys: number[] = [];

  constructor(private readonly distance: Float64Array) {}

  push(node: number): void {
    const key = this.distance[node] as number;
    let at = this.nodes.length;
    this.nodes.push(node);
    this.keys.push(key);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((this.keys[parent] as number) <= key) break;
      this.move(parent, at);
      at = parent;
    }
    this.nodes[at] = node;
    this.keys[at] = key;
  }

  /** The nearest node that was not popped at this distance before, -1 at the end. */
  pop(): number {
    for (;;) {
      const first = this.nodes[0];
      if (first === undefined) return -1;
      const key = this.keys[0] as number;
      this.removeFirst();
      if (key === this.distance[first]) return first;
    }
  }

  private removeFirst(): void {
    const node = this.nodes.pop() as number;
    const key = this.keys.pop() as number;
    const size = this.nodes.length;
    if (size === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && (this.keys[child + 1] as number) < (this.keys[child] as number)) child += 1;
      if ((this.keys[child] as number) >= key) break;
      this.move(child, at);
      at = child;
    }
    this.nodes[at] = node;
    this.keys[at] = key;
  }

  private move(from: number, to: number): void {
    this.nodes[to] = this.nodes[from] as number;
    this.keys[to] = this.keys[from] as number;
  }
}
