import type { Formula } from '../formula.ts';
import type { Work } from '../work.ts';
import type { Causes } from './causes.ts';
import { allUp, type Chance } from './uptimes.ts';

/** Sums longer than this are left to the decision diagram, which keeps only those that occur. */
export const longestSum = 5_000;

/** What a look at one node's zones costs, in steps of work. */
const nodeCost = 8;

interface Gate {
  readonly need: number;
  readonly parts: readonly Part[];
}

interface Part {
  readonly weight: number;
  /** Of a single node; -1 of a gate. */
  readonly node: number;
  readonly gate: Gate | null;
  /** All nodes in it. */
  readonly nodes: readonly number[];
}

const unknown = 0;
const isUp = 1;
const isDown = 2;

/**
 * The probability that a formula holds in which no node stands twice. The parts of a threshold then depend on each other only
 * through zones, so: parts that share no zone are independent, and the number of them that hold is a convolution
 * (Poisson-binomial, by weight where there are weights); of parts that share a zone, the outermost one is conditioned on,
 * up and down, and the rest done again. Exact: sums of products of probabilities, nothing subtracted.
 *
 * A flat threshold over any tree of zones takes polynomial time. Nested thresholds that cross zones take up to 2^zones.
 */
export class ReadOnce {
  private readonly state: Uint8Array;
  /** Zones around each node, outermost first. */
  private readonly chains: readonly (readonly number[])[];

  constructor(
    private readonly causes: Causes,
    private readonly work: Work,
  ) {
    this.state = new Uint8Array(causes.zones.length);
    this.chains = causes.nodes.map((_, node) => {
      const chain: number[] = [];
      for (let at = causes.zoneOf[node] as number; at >= 0; at = causes.zones[at]?.parent ?? -1) chain.unshift(at);
      return chain;
    });
  }

  probability(formula: Formula): Chance {
    return this.part(toPart(formula, 1));
  }

  private part(part: Part): Chance {
    if (part.gate !== null) return this.gate(part.gate);
    const { causes, state } = this;
    const own: Chance[] = [causes.nodes[part.node] as Chance];
    for (const zone of this.chains[part.node] as readonly number[]) {
      if (state[zone] === isDown) return { up: 0, down: 1 };
      if (state[zone] === unknown) own.push(causes.zones[zone] as Chance);
    }
    return own.length === 1 ? (own[0] as Chance) : allUp(own);
  }

  private gate({ need, parts }: Gate): Chance {
    if (need <= 0) return { up: 1, down: 0 };
    const sums = this.sums(parts, need);
    let down = 0;
    for (let sum = 0; sum < need && sum < sums.length; sum++) down += sums[sum] as number;
    return { up: sums[need] ?? 0, down };
  }

  /** The probabilities of the weights that hold: entry `need` is for that and more. */
  private sums(parts: readonly Part[], need: number): Float64Array {
    let sums = new Float64Array([1]);
    for (const cluster of this.clusters(parts)) {
      if (cluster.zone < 0) {
        for (const part of cluster.parts) sums = this.added(sums, part, need);
        continue;
      }
      const { zone } = cluster;
      const { up, down } = this.causes.zones[zone] as Chance;
      this.state[zone] = isUp;
      const above = this.sums(cluster.parts, need);
      this.state[zone] = isDown;
      const below = this.sums(cluster.parts, need);
      this.state[zone] = unknown;
      const mixed = new Float64Array(Math.max(above.length, below.length));
      for (let i = 0; i < mixed.length; i++) mixed[i] = up * (above[i] ?? 0) + down * (below[i] ?? 0);
      sums = this.convolved(sums, mixed, need);
    }
    return sums;
  }

  private added(sums: Float64Array<ArrayBuffer>, part: Part, need: number): Float64Array<ArrayBuffer> {
    const { up, down } = this.part(part);
    const result = new Float64Array(Math.min(sums.length - 1 + part.weight, need) + 1);
    this.work.spend(sums.length);
    for (let sum = 0; sum < sums.length; sum++) {
      const here = sums[sum] as number;
      if (here === 0) continue;
      result[sum] = (result[sum] as number) + here * down;
      const to = Math.min(need, sum + part.weight);
      result[to] = (result[to] as number) + here * up;
    }
    return result;
  }

  private convolved(a: Float64Array<ArrayBuffer>, b: Float64Array, need: number): Float64Array<ArrayBuffer> {
    if (a.length === 1) return Float64Array.from(b, (share) => share * (a[0] as number));
    const result = new Float64Array(Math.min(a.length + b.length - 2, need) + 1);
    this.work.spend(a.length * b.length);
    for (let i = 0; i < a.length; i++) {
      const here = a[i] as number;
      if (here === 0) continue;
      for (let j = 0; j < b.length; j++) {
        const to = Math.min(need, i + j);
        result[to] = (result[to] as number) + here * (b[j] as number);
      }
    }
    return result;
  }

  /**
   * Parts that share no zone of unknown state are apart. Zones form a tree, so parts that share one share the outermost such
   * zone around what they share; each cluster names the zone that most of its parts are in, -1 where it is a part alone.
   */
  private clusters(parts: readonly Part[]): readonly { readonly zone: number; readonly parts: readonly Part[] }[] {
    this.work.spend(parts.length);
    const { state } = this;
    /** For each outermost zone the first part in it, and how many parts are. */
    const first = new Map<number, number>();
    const counts = new Map<number, number>();
    const leader = parts.map((_, i) => i);
    const find = (i: number): number => {
      let at = i;
      while (leader[at] !== at) {
        leader[at] = leader[leader[at] as number] as number;
        at = leader[at] as number;
      }
      return at;
    };
    const zonesOf: number[][] = parts.map((part, i) => {
      const seen: number[] = [];
      for (const node of part.nodes) {
        let outermost = -1;
        for (const zone of this.chains[node] as readonly number[]) {
          if (state[zone] === isUp) continue;
          if (state[zone] === unknown) outermost = zone;
          break;
        }
        if (outermost < 0 || seen.includes(outermost)) continue;
        seen.push(outermost);
        counts.set(outermost, (counts.get(outermost) ?? 0) + 1);
        const other = first.get(outermost);
        if (other === undefined) first.set(outermost, i);
        else leader[find(i)] = find(other);
      }
      this.work.spend(nodeCost * part.nodes.length);
      return seen;
    });
    if (first.size === 0) return [{ zone: -1, parts }];
    const clusters = new Map<number, { zone: number; parts: Part[] }>();
    parts.forEach((part, i) => {
      const root = find(i);
      const cluster = clusters.get(root) ?? { zone: -1, parts: [] };
      clusters.set(root, cluster);
      cluster.parts.push(part);
      for (const zone of zonesOf[i] as number[]) {
        const shared = counts.get(zone) ?? 0;
        if (shared > 1 && (cluster.zone < 0 || shared > (counts.get(cluster.zone) ?? 0))) cluster.zone = zone;
      }
    });
    return [...clusters.values()];
  }
}

/** Whether the formula's sums are short enough to be held in full. */
export function hasShortSums(formula: Formula): boolean {
  if (formula.kind === 'node') return true;
  if (formula.kind === 'weighted') return formula.threshold / divisor(formula.weights) <= longestSum;
  return formula.count <= longestSum && formula.of.every(hasShortSums);
}

function toPart(formula: Formula, weight: number): Part {
  if (formula.kind === 'node') return { weight, node: formula.node, gate: null, nodes: [formula.node] };
  if (formula.kind === 'atleast') {
    const parts = formula.of.map((part) => toPart(part, 1));
    return { weight, node: -1, gate: { need: formula.count, parts }, nodes: parts.flatMap((part) => part.nodes) };
  }
  const common = divisor(formula.weights);
  const parts = formula.nodes.flatMap((node, i) => {
    const own = (formula.weights[i] as number) / common;
    return own > 0 ? [toPart({ kind: 'node', node }, own)] : [];
  });
  return { weight, node: -1, gate: { need: Math.ceil(formula.threshold / common), parts }, nodes: parts.flatMap((part) => part.nodes) };
}

/** The greatest common divisor of whole weights, 1 where all are 0. */
function divisor(weights: readonly number[]): number {
  const common = weights.reduce((a, b) => {
    let [x, y] = [a, b];
    while (y !== 0) [x, y] = [y, x % y];
    return x;
  }, 0);
  return common === 0 ? 1 : common;
}
