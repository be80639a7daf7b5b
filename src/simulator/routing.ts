import { nextHops } from '../model/routes.ts';
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

  private treeOf(target: number): Int32Array {
    const { links, cut, status } = this;
    const incoming = this.incomingOf();
    return nextHops(
      {
        nodes: links.nodes,
        incoming: (node) => incoming[node] as readonly number[],
        cost: (from, via) => (cut.separates(from, via) ? Number.POSITIVE_INFINITY : (links.cost[links.classOf(from, via)] as number)),
        forwards: (node) => !status.isDown(node),
      },
      target,
    );
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
