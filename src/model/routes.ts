/** A network as routing sees it. */
export interface RoutedNetwork {
  readonly nodes: number;
  /** Nodes with a link to `node`, ascending. */
  readonly incoming: (node: number) => readonly number[];
  /** What the link from `from` to `via` costs, above 0; Infinity where it is cut. */
  readonly cost: (from: number, via: number) => number;
  /** Whether a node passes messages on. */
  readonly forwards: (node: number) => boolean;
}

/**
 * For each node the next hop towards `target` on the cheapest path, -1 where there is none (Dijkstra 1959); of equally
 * cheap paths the one over the lowest node. What runs do and what the analysis computes are the same paths.
 */
export function nextHops({ nodes, incoming, cost, forwards }: RoutedNetwork, target: number): Int32Array {
  const hop = new Int32Array(nodes).fill(-1);
  const distance = new Float64Array(nodes).fill(Number.POSITIVE_INFINITY);
  const heap = new NodeHeap(distance);
  distance[target] = 0;
  hop[target] = target;
  heap.push(target);
  for (let via = heap.pop(); via >= 0; via = heap.pop()) {
    // A node that is down forwards nothing; a target that is down can still be tried.
    if (via !== target && !forwards(via)) continue;
    for (const from of incoming(via)) {
      const total = (distance[via] as number) + cost(from, via);
      const known = distance[from] as number;
      if (total > known || total === Number.POSITIVE_INFINITY || (total === known && via >= (hop[from] as number))) continue;
      hop[from] = via;
      distance[from] = total;
      if (total < known) heap.push(from);
    }
  }
  return hop;
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
