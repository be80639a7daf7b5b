import { type Formula, holds, interchangeable, isReadOnce, leafCount, leaves, pickQuorum } from './formula.ts';
import { Strikes } from './strikes.ts';
import type { Work } from './work.ts';

interface BlockQuestion {
  readonly formula: Formula;
  /** What is not down already. Changed during the search and given back as it was. */
  readonly alive: Uint8Array;
  readonly strikes: Strikes;
  /** Nodes that can be exchanged; see `interchangeable`. */
  readonly classes: Int32Array;
  readonly work: Work;
}

/**
 * Strikes nodes so that no quorum is left among the others: a blocking set (transversal) within the budgets. Leaves it
 * struck in `strikes` and returns true, or returns false when none is admissible. Exact, or throws OutOfWork.
 */
export function strikeBlockingSet(question: BlockQuestion): boolean {
  const { formula, alive, strikes, work } = question;
  strikes.clear();
  work.spend(leafCount(formula));
  if (!holds(formula, alive)) return true;
  if (isReadOnce(formula)) {
    const nodes = leaves(formula);
    if (isFlat(formula)) return strikeFlat(formula, nodes, question);
    const uniform = strikes.uniform(nodes.filter((node) => alive[node]));
    if (uniform !== null) {
      const cheapest = cheapestBlock(formula, alive, uniform.strikable);
      return cheapest !== null && cheapest.length <= uniform.capacity && strikes.admits(cheapest, true);
    }
  }
  // Where all parts are needed, losing one of them is enough, whatever nodes they have in common.
  if (formula.kind === 'atleast' && formula.count === formula.of.length && formula.count > 1) {
    return formula.of.some((part) => strikeBlockingSet({ ...question, formula: part }));
  }
  return strikeQuorums({
    quorum: (live, avoid) => pickQuorum(formula, live, (node) => (avoid?.[node] ? 1000 : strikes.canStrike(node) ? 1 : 0)),
    cost: pickCost * leafCount(formula),
    alive,
    strikes,
    classes: question.classes,
    work,
  });
}

function isFlat(formula: Formula): boolean {
  return formula.kind === 'weighted' || (formula.kind === 'atleast' && formula.of.every((part) => part.kind === 'node'));
}

/** One threshold over nodes: the heaviest admissible set decides. */
function strikeFlat(formula: Formula, nodes: readonly number[], { alive, strikes }: BlockQuestion): boolean {
  const weight = new Map<number, number>();
  if (formula.kind === 'weighted') {
    formula.nodes.forEach((node, i) => {
      weight.set(node, formula.weights[i] as number);
    });
  }
  strikes.strikeHeaviest(
    nodes.filter((node) => alive[node]),
    (node) => weight.get(node) ?? 1,
  );
  const live = Uint8Array.from(alive);
  for (const node of strikes.struck) live[node] = 0;
  if (!holds(formula, live)) return true;
  strikes.clear();
  return false;
}

/**
 * The least number of strikable nodes whose loss leaves no quorum, for a formula in which no node stands twice: a
 * threshold k of m parts falls when its m − k + 1 cheapest parts fall. Null when no loss of strikable nodes does it.
 */
export function cheapestBlock(formula: Formula, alive: Uint8Array, strikable: Uint8Array): number[] | null {
  if (formula.kind === 'node') return !alive[formula.node] ? [] : strikable[formula.node] ? [formula.node] : null;
  if (formula.kind === 'weighted') return cheapestWeightedBlock(formula, alive, strikable);
  const needed = formula.of.length - formula.count + 1;
  if (needed > formula.of.length) return null;
  const blocks: number[][] = [];
  for (const part of formula.of) {
    const block = cheapestBlock(part, alive, strikable);
    if (block !== null) blocks.push(block);
  }
  if (blocks.length < needed) return null;
  return blocks
    .sort((a, b) => a.length - b.length)
    .slice(0, Math.max(0, needed))
    .flat();
}

function cheapestWeightedBlock(formula: Formula & { kind: 'weighted' }, alive: Uint8Array, strikable: Uint8Array): number[] | null {
  if (formula.threshold <= 0) return null;
  let left = 0;
  const order: { node: number; weight: number }[] = [];
  formula.nodes.forEach((node, i) => {
    if (!alive[node]) return;
    left += formula.weights[i] as number;
    if (strikable[node]) order.push({ node, weight: formula.weights[i] as number });
  });
  order.sort((a, b) => b.weight - a.weight);
  const block: number[] = [];
  for (const { node, weight } of order) {
    if (left < formula.threshold) break;
    block.push(node);
    left -= weight;
  }
  return left < formula.threshold ? block : null;
}

/**
 * The smallest set of nodes whose loss leaves no quorum, by declaration order where there are several; null when even the
 * loss of all leaves one (a threshold of zero). Exact, or throws OutOfWork.
 */
export function smallestBlockingSet(formula: Formula, nodeCount: number, work: Work): number[] | null {
  const nodes = leaves(formula);
  if (holds(formula, new Uint8Array(nodeCount))) return null;
  const alive = new Uint8Array(nodeCount);
  for (const node of nodes) alive[node] = 1;
  const classes = interchangeable([formula], nodeCount);
  for (let capacity = 0; ; capacity++) {
    const strikes = new Strikes([{ kind: 'crash', capacity, nodes, index: 0 }], nodeCount);
    if (strikeBlockingSet({ formula, alive, strikes, classes, work })) return [...strikes.struck].sort((a, b) => a - b);
  }
}

/** Picking a quorum sorts and copies: so many steps for each occurrence of a node. */
export const pickCost = 6;

interface HittingSearch {
  /**
   * What must be hit: some quorum (with what connects it) among the live nodes, with few nodes that are marked in `avoid`;
   * null when none is left.
   */
  readonly quorum: (live: Uint8Array, avoid?: Uint8Array) => readonly number[] | null;
  /** Steps of one call of `quorum`. */
  readonly cost: number;
  readonly alive: Uint8Array;
  readonly strikes: Strikes;
  readonly classes: Int32Array;
  readonly work: Work;
}

/**
 * Hits every quorum: takes one that is left, and one of its nodes must be struck. A node that was tried in vain stays
 * unstruck further on, and with it all that it can be exchanged for. A branch ends when more quorums can be packed side
 * by side than strikes are left.
 */
export function strikeQuorums(search: HittingSearch): boolean {
  const { alive, strikes, classes, work } = search;
  const spared = new Uint8Array(alive.length);
  const capacity = strikes.budgets.reduce((sum, budget) => sum + budget.capacity, 0);
  const canStrike = (node: number): boolean => !spared[node] && strikes.canStrike(node);

  /** Whether quorums that share no node that can be struck outnumber the strikes that are left. */
  const tooMany = (first: readonly number[]): boolean => {
    const rest = Uint8Array.from(alive);
    let left = capacity - strikes.struck.length;
    for (let quorum: readonly number[] | null = first; quorum !== null; quorum = search.quorum(rest)) {
      const hittable = quorum.filter(canStrike);
      if (hittable.length === 0 || --left < 0) return true;
      for (const node of hittable) rest[node] = 0;
      work.spend(search.cost);
    }
    return false;
  };

  /** With one strike left it must hit every quorum that is found: each new one leaves fewer nodes to try. */
  const strikeLast = (quorum: readonly number[]): boolean => {
    let candidates = quorum.filter(canStrike);
    const avoid = new Uint8Array(alive.length);
    while (candidates.length > 0) {
      const node = candidates[0] as number;
      candidates = candidates.slice(1);
      if (!strikes.add(node)) continue;
      avoid.fill(0);
      for (const other of candidates) avoid[other] = 1;
      alive[node] = 0;
      work.spend(search.cost);
      const next = search.quorum(alive, avoid);
      alive[node] = 1;
      if (next === null) return true;
      strikes.remove(node);
      const inNext = new Set(next);
      candidates = candidates.filter((other) => inNext.has(other));
    }
    return false;
  };

  const visit = (): boolean => {
    work.spend(search.cost);
    const quorum = search.quorum(alive);
    if (quorum === null) return true;
    if (tooMany(quorum)) return false;
    if (capacity - strikes.struck.length === 1) return strikeLast(quorum);
    const sparedHere: number[] = [];
    let found = false;
    for (const node of quorum) {
      if (!canStrike(node)) continue;
      if (strikes.add(node)) {
        alive[node] = 0;
        found = visit();
        alive[node] = 1;
        if (found) break;
        strikes.remove(node);
      }
      const own = classes[node] as number;
      for (let other = 0; other < alive.length; other++) {
        const same = other === node || (own >= 0 && classes[other] === own && strikes.type[other] === strikes.type[node]);
        if (same && alive[other] && !spared[other]) {
          spared[other] = 1;
          sparedHere.push(other);
        }
      }
    }
    for (const node of sparedHere) spared[node] = 0;
    return found;
  };
  return visit();
}
