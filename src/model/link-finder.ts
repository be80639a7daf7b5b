import type { LinkAttributes, Network } from './system.ts';

/** Answers which links lead from one set of nodes to another, in time linear in the links. */
export class LinkFinder {
  constructor(
    private readonly network: Network,
    private readonly nodes: number,
  ) {}

  /** Classes of the links that lead from a node of the one set to another node of the other; empty where there is none. */
  classes(from: readonly number[], to: readonly number[]): ReadonlySet<number> {
    const { network } = this;
    const found = new Set<number>();
    if (network.complete) {
      const [only] = from;
      for (const a of this.kindsOf(from)) {
        for (const b of this.kindsOf(to)) found.add(network.pairClass[a * network.kinds + b] as number);
      }
      const isSelf = from.length === 1 && to.length === 1 && only === to[0];
      return isSelf ? new Set() : found;
    }
    const first = this.mask(from);
    const second = this.mask(to);
    for (let link = 0; link < network.from.length; link += 1) {
      const a = network.from[link] as number;
      const b = network.to[link] as number;
      const leads = (first[a] === 1 && second[b] === 1) || (network.directed[link] === 0 && first[b] === 1 && second[a] === 1);
      if (leads) found.add(network.linkClass[link] as number);
    }
    return found;
  }

  attributes(linkClass: number): LinkAttributes {
    return this.network.classes[linkClass] as LinkAttributes;
  }

  private kindsOf(nodes: readonly number[]): Set<number> {
    return new Set(nodes.map((node) => this.network.kind[node] as number));
  }

  private mask(nodes: readonly number[]): Uint8Array {
    const mask = new Uint8Array(this.nodes);
    for (const node of nodes) mask[node] = 1;
    return mask;
  }
}
