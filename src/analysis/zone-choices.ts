import type { Zone } from '../model/system.ts';
import type { Work } from './work.ts';

export interface OutageBudget {
  /** At least 0, at most the number of zones. */
  readonly count: number;
  readonly zones: readonly number[];
  /** Index in FaultModel.budgets. */
  readonly index: number;
}

interface Candidate {
  readonly zone: number;
  /** Relevant nodes per class. */
  readonly histogram: ReadonlyMap<number, number>;
  readonly nodes: ReadonlySet<number>;
  /** Zones without which there is no need to try this one: each is at least as bad to lose. */
  readonly before: readonly number[];
}

/**
 * Every choice of zones within the outage budgets that can be the worst one. Each budget is spent in full, since losing
 * more is never better. A zone is tried only together with those that dominate it: zones that contain it, and zones
 * apart from it that hold at least as many nodes of every class, because exchanging the nodes of the two turns a bad
 * choice with the one into a bad choice with the other.
 *
 * @param classOf class of each node, nodes of one class being exchangeable for the question; -1 for nodes of no matter.
 */
export function* zoneChoices(
  zones: readonly Zone[],
  budgets: readonly OutageBudget[],
  classOf: Int32Array,
  work: Work,
): Generator<readonly number[]> {
  const candidates = makeCandidates(zones, budgets, classOf);
  const lists = budgets
    .map((budget) => ({
      count: budget.count,
      items: candidates.filter((candidate) => budget.zones.includes(candidate.zone)),
    }))
    .filter((list) => list.count > 0 && list.items.length > 0);
  const chosen: number[] = [];
  const taken = new Set<number>();

  function* choose(list: number, from: number, left: number): Generator<readonly number[]> {
    work.spend(10);
    const current = lists[list];
    if (current === undefined) {
      yield [...chosen].sort((a, b) => a - b);
      return;
    }
    if (left === 0) {
      yield* choose(list + 1, 0, lists[list + 1]?.count ?? 0);
      return;
    }
    let extended = false;
    for (let i = from; i < current.items.length; i++) {
      const item = current.items[i] as Candidate;
      if (taken.has(item.zone) || !item.before.every((zone) => taken.has(zone))) continue;
      extended = true;
      taken.add(item.zone);
      chosen.push(item.zone);
      yield* choose(list, i + 1, left - 1);
      chosen.pop();
      taken.delete(item.zone);
    }
    // Nothing more to take: the rest of this budget has no use.
    if (!extended) yield* choose(list + 1, 0, lists[list + 1]?.count ?? 0);
  }
  yield* choose(0, 0, lists[0]?.count ?? 0);
}

function makeCandidates(zones: readonly Zone[], budgets: readonly OutageBudget[], classOf: Int32Array): Candidate[] {
  const listed = new Map<number, string>();
  budgets.forEach((budget, b) => {
    if (budget.count > 0) for (const zone of budget.zones) listed.set(zone, `${listed.get(zone) ?? ''}${b},`);
  });
  const items: { zone: number; key: string; histogram: Map<number, number>; nodes: Set<number> }[] = [];
  for (const [zone, key] of listed) {
    const nodes = new Set<number>();
    const histogram = new Map<number, number>();
    for (const node of zones[zone]?.nodes ?? []) {
      const own = classOf[node] as number;
      if (own < 0) continue;
      nodes.add(node);
      histogram.set(own, (histogram.get(own) ?? 0) + 1);
    }
    if (nodes.size > 0) items.push({ zone, key, histogram, nodes });
  }
  items.sort((a, b) => b.nodes.size - a.nodes.size || a.zone - b.zone);
  const overlaps = (a: Set<number>, b: Set<number>): boolean => [...a].some((node) => b.has(node));
  const within = (a: Set<number>, b: Set<number>): boolean => a.size <= b.size && [...a].every((node) => b.has(node));
  return items.map((item, i) => {
    const before: number[] = [];
    for (let j = 0; j < i; j++) {
      const other = items[j] as (typeof items)[number];
      if (other.key !== item.key) continue;
      if (within(item.nodes, other.nodes)) before.push(other.zone);
      else if (!overlaps(item.nodes, other.nodes) && covers(other.histogram, item.histogram) && isApart(item, other))
        before.push(other.zone);
    }
    return { ...item, before };
  });

  /** Exchanging the nodes of two zones must leave every other listed zone as it is: around both, or away from both. */
  function isApart(a: (typeof items)[number], b: (typeof items)[number]): boolean {
    return items.every(({ zone, nodes }) => {
      if (zone === a.zone || zone === b.zone) return true;
      if (within(a.nodes, nodes) && within(b.nodes, nodes)) return true;
      return !overlaps(nodes, a.nodes) && !overlaps(nodes, b.nodes);
    });
  }
}

function covers(large: ReadonlyMap<number, number>, small: ReadonlyMap<number, number>): boolean {
  for (const [of, count] of small) if ((large.get(of) ?? 0) < count) return false;
  return true;
}
