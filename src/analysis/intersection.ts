import { pickCost } from './blocking.ts';
import { type Formula, holds, interchangeable, isReadOnce, leafCount, leaves, minimalQuorum, pickQuorum } from './formula.ts';
import { listQuorums } from './list-quorums.ts';
import { splitTree } from './split-tree.ts';
import type { Strikes } from './strikes.ts';
import type { Work } from './work.ts';

/** Two quorums whose common members can all be faulty at once. */
export interface Split {
  readonly first: readonly number[];
  readonly second: readonly number[];
  /** What they share, all of it in `faulty`. */
  readonly shared: readonly number[];
  readonly faulty: readonly number[];
}

/** A question about two formulas: may a node stand on both sides, and at what price? */
export interface SplitQuestion {
  readonly first: Formula;
  readonly second: Formula;
  readonly nodeCount: number;
  /** The faults that allow a node to stand on both sides. */
  readonly strikes: Strikes;
  /** Nodes that stand on both sides for free (they are down anyway). */
  readonly free?: Uint8Array;
  readonly work: Work;
}

/**
 * Two quorums, one of each formula, whose common nodes can all be struck at once; null when there are none. Exact, or
 * throws OutOfWork. For Byzantine strikes this refutes the consistency of a dissemination quorum system: that every two
 * quorums share a node outside any admissible fault set (Malkhi & Reiter 1998).
 *
 * In order of cost: a sum over the tree where no node stands twice and one capacity covers all; all pairs where the
 * quorums are few; a search otherwise.
 */
export function findSplit(question: SplitQuestion): Split | null {
  const { first, second, nodeCount, strikes, work } = question;
  const all = new Uint8Array(nodeCount);
  for (const node of leaves(first, second)) all[node] = 1;
  if (!holds(first, all) || !holds(second, all)) return null;
  const uniform = strikes.uniform(leaves(first, second));
  if (uniform !== null && isReadOnce(first) && isReadOnce(second)) {
    const sides = splitTree(first, second, uniform, question.free);
    if (sides !== undefined) return sides === null ? null : report(question, sides.first, sides.second);
  }
  const byWeight = splitByWeight(question);
  if (byWeight !== undefined) return byWeight;
  const few = splitPairs(question);
  if (few !== undefined) return few;
  work.spend(leafCount(first) + leafCount(second));
  return searchSplit(question);
}

/** The search alone: the same answer as `findSplit` for any formulas that have a quorum. */
export function searchSplit(question: SplitQuestion): Split | null {
  return new SplitSearch(question).run();
}

/** Minimal quorums inside the two sides, with what they share. */
function report(question: SplitQuestion, first: readonly number[], second: readonly number[]): Split {
  const q1 = minimalQuorum(question.first, first, question.nodeCount);
  const q2 = minimalQuorum(question.second, second, question.nodeCount);
  const inFirst = new Set(q1);
  const shared = q2.filter((node) => inFirst.has(node));
  const faulty = shared.filter((node) => question.free?.[node] !== 1);
  return { first: q1, second: q2, shared, faulty };
}

/**
 * Weighted sums over the same nodes. When both thresholds together exceed all weight plus the heaviest that can count
 * twice, there is no split. Otherwise the heaviest strikes stand on both sides and the rest is dealt out, heaviest first, to the
 * side that lacks more: nearly always that is a split. Undefined when it is not, or the formulas are not of this kind.
 */
function splitByWeight(question: SplitQuestion): Split | null | undefined {
  const { first, second, strikes, free } = question;
  if (first.kind !== 'weighted' || second.kind !== 'weighted' || !sameList(first, second)) return undefined;
  const weight = new Map<number, number>();
  first.nodes.forEach((node, i) => {
    weight.set(node, (weight.get(node) ?? 0) + (first.weights[i] as number));
  });
  const heaviestFirst = [...weight.keys()].sort((a, b) => (weight.get(b) as number) - (weight.get(a) as number));
  strikes.strikeHeaviest(
    heaviestFirst.filter((node) => !free?.[node]),
    (node) => weight.get(node) as number,
  );
  const struck = new Set(strikes.struck);
  strikes.clear();
  const sides = [[] as number[], [] as number[]] as const;
  let lacking1 = first.threshold;
  let lacking2 = second.threshold;
  let most = 0;
  for (const node of heaviestFirst) {
    const own = weight.get(node) as number;
    const both = struck.has(node) || free?.[node] === 1;
    most += both ? 2 * own : own;
    if (both) {
      sides[0].push(node);
      sides[1].push(node);
      lacking1 -= own;
      lacking2 -= own;
    }
  }
  if (first.threshold + second.threshold > most) return null;
  for (const node of heaviestFirst) {
    if (struck.has(node) || free?.[node] === 1) continue;
    const own = weight.get(node) as number;
    const toFirst = lacking1 >= lacking2;
    sides[toFirst ? 0 : 1].push(node);
    if (toFirst) lacking1 -= own;
    else lacking2 -= own;
  }
  return lacking1 <= 0 && lacking2 <= 0 ? report(question, sides[0], sides[1]) : undefined;
}

function sameList(first: Formula & { kind: 'weighted' }, second: Formula & { kind: 'weighted' }): boolean {
  return (
    first.nodes.length === second.nodes.length &&
    first.nodes.every((node, i) => node === second.nodes[i] && first.weights[i] === second.weights[i])
  );
}

const mostQuorums = 2000;
const mostPairs = 500_000;

/** Tries all pairs of minimal quorums; undefined when there are too many. */
function splitPairs(question: SplitQuestion): Split | null | undefined {
  const { first, second, strikes, free, work } = question;
  const ones = listQuorums(first, mostQuorums);
  const twos = first === second ? ones : listQuorums(second, mostQuorums);
  if (ones === null || twos === null || ones.length * twos.length > mostPairs) return undefined;
  const capacity = strikes.budgets.reduce((sum, budget) => sum + budget.capacity, 0);
  const inFirst = new Uint8Array(question.nodeCount);
  for (const [i, one] of ones.entries()) {
    inFirst.fill(0);
    for (const node of one) inFirst[node] = 1;
    for (const two of first === second ? twos.slice(i) : twos) {
      work.spend(two.length);
      const shared = two.filter((node) => inFirst[node] && !free?.[node]);
      if (shared.length <= capacity && strikes.admits(shared)) return report(question, one, two);
    }
  }
  return null;
}

// Which sides a node may still stand on.
const onFirst = 1;
const onSecond = 2;
const onBoth = 4;

/**
 * A search over sides for each node. It picks a quorum on each side, as cheaply as what is decided allows; if they meet
 * only in struck nodes that is the answer, and otherwise a node in which they meet is decided: first side, both sides, or
 * second side. A side that has no quorum left ends the branch. Interchangeable nodes take their sides in that order, so
 * that symmetric systems need a number of branches that is polynomial.
 */
class SplitSearch {
  private readonly allowed: Uint8Array;
  private readonly classes: Int32Array;
  private readonly nodesOfClass: number[][] = [];
  private readonly cost: number;
  private readonly nodes: readonly number[];

  constructor(private readonly question: SplitQuestion) {
    const { first, second, nodeCount, strikes, free } = question;
    strikes.clear();
    this.nodes = leaves(first, second);
    this.cost = pickCost * (leafCount(first) + leafCount(second)) + this.nodes.length;
    const places = interchangeable([first, second], nodeCount);
    this.allowed = new Uint8Array(nodeCount);
    this.classes = new Int32Array(nodeCount).fill(-1);
    const ids = new Map<string, number>();
    for (const node of this.nodes) {
      const key = `${places[node]}/${strikes.type[node]}/${free?.[node] ?? 0}`;
      const id = ids.get(key) ?? ids.size;
      ids.set(key, id);
      this.classes[node] = id;
      const members = this.nodesOfClass[id] ?? [];
      this.nodesOfClass[id] = members;
      members.push(node);
      this.allowed[node] = free?.[node] ? onBoth : onFirst | onSecond | (strikes.canStrike(node) ? onBoth : 0);
    }
  }

  run(): Split | null {
    const { first, second, nodeCount, free, strikes, work } = this.question;
    work.spend(this.cost);
    const one = new Uint8Array(nodeCount);
    const two = new Uint8Array(nodeCount);
    for (const node of this.nodes) {
      const sides = this.allowed[node] as number;
      if (sides & (onFirst | onBoth)) one[node] = 1;
      if (sides & (onSecond | onBoth)) two[node] = 1;
    }
    const q1 = pickQuorum(first, one, (node) => (this.isDecided(node) ? 0 : 1));
    if (q1 === null) return null;
    const inFirst = new Uint8Array(nodeCount);
    for (const node of q1) inFirst[node] = 1;
    const q2 = pickQuorum(second, two, (node) => (this.isDecided(node) ? 0 : inFirst[node] ? 1000 : 1));
    if (q2 === null) return null;
    const clash = q2.find((node) => inFirst[node] && this.allowed[node] !== onBoth);
    if (clash === undefined) {
      const split = report(this.question, q1, q2);
      // Struck nodes that the quorums do not share in the end need no fault.
      return { ...split, faulty: split.shared.filter((node) => !free?.[node]) };
    }
    const members = this.nodesOfClass[this.classes[clash] as number] as readonly number[];
    const at = members.findIndex((node) => !this.isDecided(node));
    const node = members[at] as number;
    for (const side of [onSecond, onFirst, onBoth]) {
      if (((this.allowed[node] as number) & side) === 0) continue;
      const before = members.slice(at).map((other) => this.allowed[other] as number);
      if (side === onBoth && !strikes.add(node)) continue;
      this.allowed[node] = side;
      const rest = side === onFirst ? onFirst | onSecond | onBoth : side === onBoth ? onSecond | onBoth : onSecond;
      for (let i = at + 1; i < members.length; i++) {
        const other = members[i] as number;
        this.allowed[other] = (this.allowed[other] as number) & rest;
      }
      const split = this.run();
      if (split !== null) return split;
      if (side === onBoth) strikes.remove(node);
      members.slice(at).forEach((other, i) => {
        this.allowed[other] = before[i] as number;
      });
    }
    return null;
  }

  private isDecided(node: number): boolean {
    const sides = this.allowed[node] as number;
    return sides === onFirst || sides === onSecond || sides === onBoth;
  }
}
