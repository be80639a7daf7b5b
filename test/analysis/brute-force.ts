import type { FaultModel, System } from '../../src/model/system.ts';
import type { QuorumSystem, Slices } from '../../src/model/values.ts';

/** The definitions themselves, over bit masks of nodes: slow, and too simple to be wrong. Up to about 10 nodes. */

export function met(system: QuorumSystem, mask: number): boolean {
  switch (system.kind) {
    case 'node':
      return ((mask >> system.node) & 1) === 1;
    case 'atleast':
      return system.of.filter((part) => met(part, mask)).length >= system.count;
    case 'weighted': {
      // Tests use tenths: as whole numbers they add up exactly.
      const tenths = (value: number): number => Math.round(value * 10);
      const sum = system.nodes.reduce((total, node, i) => total + ((mask >> node) & 1) * tenths(system.weights[i] as number), 0);
      return sum >= tenths(system.threshold);
    }
    case 'slices':
      // Some non-empty subset in which everybody is content.
      for (let quorum = mask; quorum > 0; quorum = (quorum - 1) & mask) if (isClosed(system.slices, quorum)) return true;
      return false;
  }
}

/** Whether each node of the set has slices, and they are satisfied by the set (and `lying`, which satisfies all that lists it). */
export function isClosed(slices: readonly Slices[], quorum: number, lying = 0): boolean {
  return bits(quorum).every((node) => {
    const own = slices.find((entry) => entry.node === node);
    return own !== undefined && met(own.needs, quorum | lying);
  });
}

export function bits(mask: number): number[] {
  const nodes: number[] = [];
  for (let node = 0; mask >> node; node++) if ((mask >> node) & 1) nodes.push(node);
  return nodes;
}

export const maskOf = (nodes: readonly number[]): number => nodes.reduce((mask, node) => mask | (1 << node), 0);

const count = (mask: number): number => bits(mask).length;

/** All sets of nodes that the budgets of these kinds can hit at once (`crash` brings outages with it). */
export function admissible(system: System, model: FaultModel, kinds: readonly string[]): Set<number> {
  let sets = new Set<number>([0]);
  for (const budget of model.budgets) {
    const options: number[] = [];
    if (budget.kind === 'outage') {
      if (!kinds.includes('crash')) continue;
      for (let pick = 0; pick < 1 << budget.zones.length; pick++) {
        if (count(pick) > budget.count) continue;
        options.push(bits(pick).reduce((mask, i) => mask | maskOf(system.zones[budget.zones[i] as number]?.nodes ?? []), 0));
      }
    } else if ('countSpan' in budget) {
      if (!kinds.includes(budget.kind)) continue;
      const all = maskOf(budget.nodes);
      for (let pick = 0; pick < 1 << system.nodes.length; pick++) {
        if ((pick & ~all) === 0 && count(pick) <= budget.count) options.push(pick);
      }
    }
    if (options.length === 0) continue;
    const next = new Set<number>();
    for (const set of sets) for (const option of options) next.add(set | option);
    sets = next;
  }
  return sets;
}

export function intersects(q1: QuorumSystem, q2: QuorumSystem, byzantine: ReadonlySet<number>, nodes: number): boolean {
  const all = (1 << nodes) - 1;
  const ones: number[] = [];
  const twos: number[] = [];
  for (let mask = 0; mask <= all; mask++) {
    if (met(q1, mask)) ones.push(mask);
    if (met(q2, mask)) twos.push(mask);
  }
  return !ones.some((one) => twos.some((two) => byzantine.has(one & two)));
}

/** Sets that meet this quorum system and would not without any one of their nodes. */
export function minimalQuorums(system: QuorumSystem, nodes: number): number[] {
  const quorums = Array.from({ length: 1 << nodes }, (_, mask) => mask).filter((mask) => met(system, mask));
  return quorums.filter((mask) => bits(mask).every((node) => !met(system, mask & ~(1 << node))));
}

/** Whether any choice of one quorum of each system shares a node outside any of the `sets`. */
export function meets(systems: readonly QuorumSystem[], sets: ReadonlySet<number>, nodes: number): boolean {
  let shared = new Set([(1 << nodes) - 1]);
  for (const system of systems) {
    const quorums = minimalQuorums(system, nodes);
    shared = new Set([...shared].flatMap((mask) => quorums.map((quorum) => mask & quorum)));
  }
  return ![...shared].some((mask) => sets.has(mask));
}

/** Unions of `times` of the sets. */
export function unions(sets: ReadonlySet<number>, times: number): Set<number> {
  let result = new Set<number>([0]);
  for (let i = 0; i < times; i++) result = new Set([...result].flatMap((union) => [...sets].map((set) => union | set)));
  return result;
}

/** The size of the smallest set without which no quorum is left; null when there is none. */
export function smallestTransversal(system: QuorumSystem, nodes: number): number | null {
  const all = (1 << nodes) - 1;
  let least: number | null = null;
  for (let gone = 0; gone <= all; gone++) {
    if (!met(system, all & ~gone) && (least === null || count(gone) < least)) least = count(gone);
  }
  return least;
}

/** Live nodes that reach each other, as masks. */
export function components(links: readonly (readonly [number, number])[], live: number, directed = false): number[] {
  const reach = (from: number, forward: boolean): number => {
    let seen = 1 << from;
    for (;;) {
      let next = seen;
      for (const [a, b] of links) {
        const [x, y] = forward ? [a, b] : [b, a];
        if ((seen >> x) & 1 && (live >> y) & 1) next |= 1 << y;
        if (!directed && (seen >> y) & 1 && (live >> x) & 1) next |= 1 << x;
      }
      if (next === seen) return seen;
      seen = next;
    }
  };
  const found = new Set<number>();
  for (const node of bits(live)) found.add(reach(node, true) & reach(node, false));
  return [...found];
}

export function available(
  system: System,
  model: FaultModel,
  quorum: QuorumSystem,
  links?: readonly (readonly [number, number])[],
  directed = false,
): boolean {
  const all = (1 << system.nodes.length) - 1;
  const forever = model.budgets.some((budget) => budget.kind === 'partition' && budget.heals === null);
  for (const gone of admissible(system, model, ['crash', 'omission', 'byzantine'])) {
    const live = all & ~gone;
    const isWhole = (side: number): boolean =>
      (links === undefined ? [side] : [0, ...components(links, side, directed)]).some((part) => met(quorum, part));
    if (!isWhole(live)) return false;
    if (!forever) continue;
    for (let side = live; ; side = (side - 1) & live) {
      if (!isWhole(side) && !isWhole(live & ~side)) return false;
      if (side === 0) break;
    }
  }
  return true;
}
