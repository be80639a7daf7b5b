import { routingCost } from '../model/distributions.ts';
import type { LinkAttributes, System } from '../model/system.ts';
import { Sampler } from './sampler.ts';

/** Pairs up to this many (nodes squared) are looked up in a dense table: 8 MB of 16-bit classes. */
const densePairsMax = 4_000_000;

/** The physical network ready for use: the class of a pair of nodes, and each class's attributes as columns. */
export class Links {
  readonly nodes: number;
  readonly complete: boolean;
  readonly latency: readonly Sampler[];
  /** Mean latency of a class, ns: what a route costs. */
  readonly cost: Float64Array;
  readonly loss: Float64Array;
  /** Mean number of messages lost one after the other where losses come in bursts, 0 where each is lost independently. */
  readonly burst: Float64Array;
  /** Share of messages that the next one overtakes. */
  readonly reorder: Float64Array;
  readonly duplicate: Float64Array;
  /** ns that one byte takes on the line, 0 for unlimited bandwidth. */
  readonly perByte: Float64Array;
  readonly fifo: Uint8Array;
  /** Whether a class needs the state of its line: a transmit queue or the order of arrivals. */
  readonly hasLine: Uint8Array;
  private readonly kind: Int32Array;
  private readonly kinds: number;
  private readonly pairClass: Int32Array;
  /** Class of an explicit pair, -1 for none; empty when the pairs are too many for a table. */
  private readonly dense: Int16Array;
  private readonly sparse: readonly Map<number, number>[];
  private readonly neighborLists: (readonly number[] | undefined)[];

  constructor(system: System) {
    const { network } = system;
    const { classes } = network;
    this.nodes = system.nodes.length;
    this.complete = network.complete;
    this.kind = network.kind;
    this.kinds = network.kinds;
    this.pairClass = network.pairClass;
    this.latency = classes.map((attributes) => new Sampler(attributes.latency));
    this.cost = Float64Array.from(classes, (attributes) => routingCost(attributes.latency));
    this.loss = Float64Array.from(classes, (attributes) => attributes.loss);
    this.burst = Float64Array.from(classes, (attributes) => attributes.burst ?? 0);
    this.reorder = Float64Array.from(classes, (attributes) => attributes.reorder);
    this.duplicate = Float64Array.from(classes, (attributes) => attributes.duplicate);
    this.perByte = Float64Array.from(classes, (attributes) => (attributes.bandwidth ? 8e9 / attributes.bandwidth : 0));
    this.fifo = Uint8Array.from(classes, (attributes) => (attributes.fifo ? 1 : 0));
    this.hasLine = Uint8Array.from(classes, (attributes: LinkAttributes) => (attributes.fifo || attributes.bandwidth ? 1 : 0));
    this.neighborLists = new Array<readonly number[] | undefined>(this.nodes);

    const dense = !network.complete && this.nodes * this.nodes <= densePairsMax;
    this.dense = new Int16Array(dense ? this.nodes * this.nodes : 0).fill(-1);
    this.sparse = network.complete || dense ? [] : Array.from({ length: this.nodes }, () => new Map<number, number>());
    if (network.complete) return;
    for (let link = 0; link < network.from.length; link += 1) {
      const from = network.from[link] as number;
      const to = network.to[link] as number;
      const linkClass = network.linkClass[link] as number;
      this.add(from, to, linkClass);
      if (!network.directed[link]) this.add(to, from, linkClass);
    }
  }

  /** Class of the direct link, -1 where there is none. */
  classOf(from: number, to: number): number {
    if (this.complete) return this.pairClass[(this.kind[from] as number) * this.kinds + (this.kind[to] as number)] as number;
    if (this.dense.length > 0) return this.dense[from * this.nodes + to] as number;
    return (this.sparse[from] as Map<number, number>).get(to) ?? -1;
  }

  /** Nodes that `node` has a direct link to, ascending. */
  neighbors(node: number): readonly number[] {
    let list = this.neighborLists[node];
    if (!list) {
      list = this.findNeighbors(node);
      this.neighborLists[node] = list;
    }
    return list;
  }

  private findNeighbors(node: number): readonly number[] {
    if (this.sparse.length > 0) return [...(this.sparse[node] as Map<number, number>).keys()].sort((a, b) => a - b);
    const list: number[] = [];
    for (let other = 0; other < this.nodes; other += 1) if (other !== node && this.classOf(node, other) >= 0) list.push(other);
    return list;
  }

  /** Of several links between the same two nodes the quickest counts. */
  private add(from: number, to: number, linkClass: number): void {
    const present = this.classOf(from, to);
    if (present >= 0 && (this.cost[present] as number) <= (this.cost[linkClass] as number)) return;
    if (this.dense.length > 0) this.dense[from * this.nodes + to] = linkClass;
    else (this.sparse[from] as Map<number, number>).set(to, linkClass);
  }
}

/** A number for each ordered pair of nodes that has one, 0 for the others: state of lines. */
export class PairTable {
  private readonly dense: Float64Array;
  private readonly sparse = new Map<number, number>();

  constructor(private readonly nodes: number) {
    this.dense = new Float64Array(nodes * nodes <= densePairsMax ? nodes * nodes : 0);
  }

  get(from: number, to: number): number {
    const pair = from * this.nodes + to;
    return this.dense.length > 0 ? (this.dense[pair] as number) : (this.sparse.get(pair) ?? 0);
  }

  set(from: number, to: number, value: number): void {
    const pair = from * this.nodes + to;
    if (this.dense.length > 0) this.dense[pair] = value;
    else this.sparse.set(pair, value);
  }
}
