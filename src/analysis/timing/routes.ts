import { routingCost } from '../../model/distributions.ts';
import { nextHops, type RoutedNetwork } from '../../model/routes.ts';
import type { System } from '../../model/system.ts';
import type { Work } from '../work.ts';

/** Pairs up to this many (nodes squared) stand in a table: 8 MB of 16-bit classes, one more than the class, 0 for no link. */
const densePairsMax = 4_000_000;

/**
 * The ways that messages take while nothing has failed, as in a run: over the direct link where there is one, otherwise
 * along the cheapest path by mean latency, each relay doing the same.
 */
export class Routes {
  readonly nodes: number;
  private readonly costs: Float64Array;
  /** The class of the link of each pair, plus one; one of the two is empty. */
  private readonly dense: Uint16Array;
  private readonly sparse: readonly Map<number, number>[];
  private readonly network: RoutedNetwork;
  private readonly links: number;

  constructor(private readonly system: System) {
    const { network } = system;
    this.nodes = system.nodes.length;
    this.links = network.from.length;
    this.costs = Float64Array.from(network.classes, ({ latency }) => routingCost(latency));
    const dense = !network.complete && this.nodes ** 2 <= densePairsMax && network.classes.length < 65_535;
    this.dense = new Uint16Array(dense ? this.nodes ** 2 : 0);
    this.sparse = network.complete || dense ? [] : Array.from({ length: this.nodes }, () => new Map<number, number>());
    const incoming: number[][] = network.complete ? [] : Array.from({ length: this.nodes }, () => []);
    for (let link = 0; link < network.from.length; link++) {
      const from = network.from[link] as number;
      const to = network.to[link] as number;
      const linkClass = network.linkClass[link] as number;
      this.add(from, to, linkClass, incoming);
      if (network.directed[link] !== 1) this.add(to, from, linkClass, incoming);
    }
    for (const list of incoming) list.sort((a, b) => a - b);
    this.network = {
      nodes: this.nodes,
      incoming: (node) => incoming[node] as readonly number[],
      cost: (from, via) => this.costs[this.classOf(from, via)] as number,
      forwards: () => true,
    };
  }

  /** Class of the direct link, -1 where there is none. */
  classOf(from: number, to: number): number {
    const { network } = this.system;
    if (network.complete) return network.pairClass[(network.kind[from] as number) * network.kinds + (network.kind[to] as number)] as number;
    const found = this.dense.length > 0 ? this.dense[from * this.nodes + to] : this.sparse[from]?.get(to);
    return (found ?? 0) - 1;
  }

  /** The next node on the way to `target` from everywhere, -1 where there is no way. Throws OutOfWork. */
  hopsTo(target: number, work: Work): (from: number) => number {
    if (this.system.network.complete) return () => target;
    let tree: Int32Array | null = null;
    return (from) => {
      if (this.classOf(from, target) >= 0) return target;
      if (tree === null) {
        work.spend(4 * (this.nodes + this.links));
        tree = nextHops(this.network, target);
      }
      return tree[from] as number;
    };
  }

  /** Of several links between the same two nodes the quickest counts. */
  private add(from: number, to: number, linkClass: number, incoming: number[][]): void {
    const present = this.classOf(from, to);
    if (present < 0) (incoming[to] as number[]).push(from);
    else if ((this.costs[present] as number) <= (this.costs[linkClass] as number)) return;
    if (this.dense.length > 0) this.dense[from * this.nodes + to] = linkClass + 1;
    else this.sparse[from]?.set(to, linkClass + 1);
  }
}

const known = new WeakMap<System, Routes>();

export function routesOf(system: System): Routes {
  const routes = known.get(system) ?? new Routes(system);
  known.set(system, routes);
  return routes;
}
