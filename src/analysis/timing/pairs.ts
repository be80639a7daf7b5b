import type { System } from '../../model/system.ts';
import { BoundedMemo } from '../memo.ts';
import type { Work } from '../work.ts';
import type { Part } from './delay-sum.ts';
import { type Routes, routesOf } from './routes.ts';

/** Pairs of nodes between which messages take equally long, there and back. */
export interface PairGroup {
  /** A first pair of them, by node index. */
  readonly from: number;
  readonly to: number;
  /** How many ordered pairs there are. */
  readonly count: number;
  /** What a message is made up of each way; null where there is no way. */
  readonly there: Leg | null;
  readonly back: Leg | null;
}

/** One message: links by class, and the group of the receiver, whose nodes take as long to serve it. */
export interface Leg {
  /** Link classes on the way, ascending, with repetitions. */
  readonly classes: readonly number[];
  readonly receiver: number;
}

const groupings = new BoundedMemo<readonly PairGroup[]>();

/**
 * All ordered pairs of a node of `froms` and another of `tos`, those alike put together: of a thousand nodes a handful of
 * groups are left. Throws OutOfWork.
 */
export function pairGroups(system: System, froms: readonly number[], tos: readonly number[], work: Work): readonly PairGroup[] {
  return groupings.get(`${contentOf(system)}|${froms}|${froms === tos ? '' : tos}`, work, (left) =>
    system.network.complete ? groupKinds(system, froms, tos) : groupPaths(system, froms, tos, left),
  );
}

/** Nodes on the way, both ends included; null where there is none. Throws OutOfWork. */
export function pathBetween(system: System, from: number, to: number, work: Work): number[] | null {
  const next = routesOf(system).hopsTo(to, work);
  const path = [from];
  for (let at = from; at !== to; ) {
    at = next(at);
    if (at < 0 || path.length > system.nodes.length) return null;
    path.push(at);
  }
  return path;
}

/** What a leg is made up of: the latency of each link, no more than `most` where that is given, and the receiver's service. */
export function legParts(system: System, leg: Leg, most = Number.POSITIVE_INFINITY): Part[] {
  const parts: Part[] = leg.classes.flatMap((linkClass) => {
    const latency = system.network.classes[linkClass]?.latency;
    return latency === undefined ? [] : [{ distribution: latency, count: 1, most }];
  });
  const service = system.groups[leg.receiver]?.attributes.cpu;
  if (service) parts.push({ distribution: service, count: 1, most: Number.POSITIVE_INFINITY });
  return parts;
}

/** In a complete network all nodes of one kind and group are alike. */
function groupKinds(system: System, froms: readonly number[], tos: readonly number[]): PairGroup[] {
  const routes = routesOf(system);
  const alike = (nodes: readonly number[]): Map<string, number[]> => {
    const byKind = new Map<string, number[]>();
    for (const node of nodes) {
      const key = `${system.network.kind[node]}/${system.nodes[node]?.group}`;
      const known = byKind.get(key);
      if (known === undefined) byKind.set(key, [node]);
      else known.push(node);
    }
    return byKind;
  };
  const targets = alike(tos);
  const groups: PairGroup[] = [];
  for (const sources of alike(froms).values()) {
    for (const others of targets.values()) {
      const both = new Set(others);
      const same = sources.filter((node) => both.has(node)).length;
      const count = sources.length * others.length - same;
      const from = sources[0] as number;
      const to = others.find((node) => node !== from) ?? (others[0] as number);
      const start = to === from ? sources.find((node) => node !== to) : from;
      if (count <= 0 || start === undefined) continue;
      groups.push(pairGroup(system, start, to, count, [routes.classOf(start, to)], [routes.classOf(to, start)]));
    }
  }
  return groups;
}

function pairGroup(
  system: System,
  from: number,
  to: number,
  count: number,
  there: readonly number[] | null,
  back: readonly number[] | null,
): PairGroup {
  const leg = (classes: readonly number[] | null, receiver: number): Leg | null =>
    classes === null ? null : { classes, receiver: system.nodes[receiver]?.group ?? -1 };
  return { from, to, count, there: leg(there, to), back: leg(back, from) };
}

function groupPaths(system: System, froms: readonly number[], tos: readonly number[], work: Work): PairGroup[] {
  const routes = routesOf(system);
  const ways = new Ways();
  const back = froms.map((target) => waysTo(routes, target, tos, ways, work));
  const groupOf = Float64Array.from(system.nodes, ({ group }) => group);
  const groupCount = system.groups.length + 1;
  // Numbers for keys: there may be a million pairs.
  const groups = new Map<number, { from: number; to: number; count: number; thereWay: number; backWay: number }>();
  tos.forEach((to, toIndex) => {
    const there = froms === tos ? (back[toIndex] as Int32Array) : waysTo(routes, to, froms, ways, work);
    work.spend(froms.length);
    froms.forEach((from, fromIndex) => {
      if (from === to) return;
      const thereWay = there[from] as number;
      const backWay = (back[fromIndex] as Int32Array)[to] as number;
      const oneWay = (thereWay + 1) * groupCount + (groupOf[to] as number);
      const key = oneWay * 67_108_864 + (backWay + 1) * groupCount + (groupOf[from] as number);
      const known = groups.get(key);
      if (known === undefined) groups.set(key, { from, to, count: 1, thereWay, backWay });
      else {
        known.count++;
        if (from < known.from || (from === known.from && to < known.to)) Object.assign(known, { from, to });
      }
    });
  });
  return [...groups.values()].map(({ from, to, count, thereWay, backWay }) =>
    pairGroup(system, from, to, count, ways.classesOf(thereWay), ways.classesOf(backWay)),
  );
}

/** Multisets of link classes, each known by a number; 0 is the empty one, -1 no way at all. */
class Ways {
  private readonly multisets: (readonly number[])[] = [[]];
  private readonly numbers = new Map<string, number>([['', 0]]);
  private readonly longer = new Map<number, number>();

  /** The way with one link more. */
  extend(way: number, linkClass: number): number {
    const step = way * 65_536 + linkClass;
    const known = this.longer.get(step);
    if (known !== undefined) return known;
    const classes = [...(this.multisets[way] as readonly number[]), linkClass].sort((a, b) => a - b);
    const key = classes.join(' ');
    const number = this.numbers.get(key) ?? this.multisets.length;
    if (number === this.multisets.length) {
      this.multisets.push(classes);
      this.numbers.set(key, number);
    }
    this.longer.set(step, number);
    return number;
  }

  classesOf(way: number): readonly number[] | null {
    return way < 0 ? null : (this.multisets[way] as readonly number[]);
  }
}

/** The way from each of `sources` to `target`; entries of other nodes mean nothing. */
function waysTo(routes: Routes, target: number, sources: readonly number[], ways: Ways, work: Work): Int32Array {
  const next = routes.hopsTo(target, work);
  const unknown = -2;
  const found = new Int32Array(routes.nodes).fill(unknown);
  found[target] = 0;
  const trail: number[] = [];
  for (const source of sources) {
    work.spend(1);
    let at = source;
    while (found[at] === unknown) {
      const via = next(at);
      if (via < 0) {
        found[at] = -1;
        break;
      }
      trail.push(at);
      at = via;
    }
    let way = found[at] as number;
    for (let node = trail.pop(); node !== undefined; node = trail.pop()) {
      way = way < 0 ? -1 : ways.extend(way, routes.classOf(node, at));
      found[node] = way;
      at = node;
    }
  }
  return found;
}

const contents = new WeakMap<System['network'], string>();

/** What routes and delays depend on, as text. Links are told by a digest: half a million of them would make keys of megabytes. */
function contentOf(system: System): string {
  const { network, nodes } = system;
  const known = contents.get(network);
  const columns = network.complete ? [network.kind, network.pairClass] : [network.from, network.to, network.directed, network.linkClass];
  const links = known ?? `${network.complete}/${network.kinds}/${columns.map(digest).join('/')}`;
  if (known === undefined) contents.set(network, links);
  const latencies = JSON.stringify(network.classes.map(({ latency }) => latency));
  return `${links}|${latencies}|${digest(nodes.map(({ group }) => group))}`;
}

/** 64 bits and the length: two multiplicative hashes of 32-bit integers. */
function digest(numbers: ArrayLike<number>): string {
  let first = 0x811c_9dc5 | 0;
  let second = 0x9e37_79b9 | 0;
  for (let i = 0; i < numbers.length; i++) {
    const number = (numbers[i] as number) | 0;
    first = Math.imul(first ^ number, 0x0100_0193);
    first ^= first >>> 15;
    second = Math.imul(second + number, 0x85eb_ca6b) ^ (second >>> 13);
  }
  return `${numbers.length}:${first >>> 0}:${second >>> 0}`;
}
