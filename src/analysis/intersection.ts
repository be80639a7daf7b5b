import { pickCost } from './blocking.ts';
import { type Formula, holds, interchangeable, isReadOnce, leafCount, leaves, minimalQuorum, pickQuorum } from './formula.ts';
import { listQuorums } from './list-quorums.ts';
import { splitTree } from './split-tree.ts';
import type { Strikes } from './strikes.ts';
import type { Work } from './work.ts';

/** Two quorums, or three, whose common members can all be faulty at once. */
export interface Split {
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly third?: readonly number[];
  /** What they share, all of it in `faulty`. */
  readonly shared: readonly number[];
  readonly faulty: readonly number[];
}

/** A question about two or three formulas: may a node stand on all sides, and at what price? */
export interface SplitQuestion {
  readonly first: Formula;
  readonly second: Formula;
  readonly third?: Formula;
  readonly nodeCount: number;
  /** The faults that allow a node to stand on all sides. */
  readonly strikes: Strikes;
  /** Nodes that stand on all sides for free (they are down anyway). */
  readonly free?: Uint8Array;
  readonly work: Work;
}

function sidesOf({ first, second, third }: SplitQuestion): readonly Formula[] {
  return third === undefined ? [first, second] : [first, second, third];
}

/**
 * Quorums, one of each formula, whose common nodes can all be struck at once; null when there are none. Exact, or
 * throws OutOfWork. For Byzantine strikes two such refute the consistency of a dissemination quorum system: that every two
 * quorums share a node outside any admissible fault set (Malkhi & Reiter 1998). Three are the question of Fast Paxos
 * (Lamport 2006). With the strikes of `manifold(2)` it is the consistency of a masking quorum system.
 *
 * In order of cost: a sum over the tree where no node stands twice and one capacity covers all; counts and weights; all choices where
 * the quorums are few; a search otherwise.
 */
export function findSplit(question: SplitQuestion): Split | null {
  const { nodeCount, strikes, work } = question;
  const sides = sidesOf(question);
  const all = new Uint8Array(nodeCount);
  for (const node of leaves(...sides)) all[node] = 1;
  if (!sides.every((side) => holds(side, all))) return null;
  const uniform = strikes.uniform(leaves(...sides));
  if (uniform !== null && sides.every(isReadOnce)) {
    const quorums = splitTree(sides, uniform, question.free);
    if (quorums !== undefined) return quorums === null ? null : report(question, quorums);
  }
  const byWeight = splitByWeight(question);
  if (byWeight !== undefined) return byWeight;
  const few = splitLists(question);
  if (few !== undefined) return few;
  work.spend(sides.reduce((sum, side) => sum + leafCount(side), 0));
  return searchSplit(question);
}

/** The search alone: the same answer as `findSplit` for any formulas that have a quorum. */
export function searchSplit(question: SplitQuestion): Split | null {
  return new SplitSearch(question).run();
}

/** Minimal quorums inside the sides, with what they share. */
function report(question: SplitQuestion, quorums: readonly (readonly number[])[]): Split {
  const minimal = sidesOf(question).map((side, i) => minimalQuorum(side, quorums[i] ?? [], question.nodeCount));
  const [first = [], second = [], third] = minimal;
  const shared = (third ?? second).filter((node) => minimal.every((quorum) => quorum.includes(node)));
  // Nodes that are struck and not shared in the end need no fault.
  const faulty = shared.filter((node) => question.free?.[node] !== 1);
  return { first, second, ...(third === undefined ? {} : { third }), shared, faulty };
}

/**
 * Thresholds and weighted sums over the same nodes. A node that is not struck is missing from one side at least: when the thresholds
 * together exceed what that leaves, with the heaviest strikes on all sides, there is no split. Otherwise the heaviest strikes
 * stand on all sides and each other node, heaviest first, is left out of the side that lacks least: nearly always that is a
 * split. Undefined when it is not, or the formulas are not of this kind.
 */
function splitByWeight(question: SplitQuestion): Split | null | undefined {
  const { strikes, free } = question;
  const sides: (Formula & { kind: 'weighted' })[] = [];
  for (const side of sidesOf(question)) {
    const weighted = asWeighted(side);
    if (weighted === null || (sides[0] !== undefined && !sameList(sides[0], weighted))) return undefined;
    sides.push(weighted);
  }
  const [list] = sides;
  if (list === undefined) return undefined;
  const weight = new Map<number, number>();
  list.nodes.forEach((node, i) => {
    weight.set(node, (weight.get(node) ?? 0) + (list.weights[i] as number));
  });
  const heaviestFirst = [...weight.keys()].sort((a, b) => (weight.get(b) as number) - (weight.get(a) as number));
  strikes.strikeHeaviest(
    heaviestFirst.filter((node) => !free?.[node]),
    (node) => weight.get(node) as number,
  );
  const struck = new Set(strikes.struck);
  strikes.clear();
  const onAll = (node: number): boolean => struck.has(node) || free?.[node] === 1;
  const quorums = sides.map((): number[] => []);
  const lacking = sides.map((side) => side.threshold);
  const give = (node: number, missing: number): void => {
    for (let i = 0; i < sides.length; i++) {
      if (i === missing) continue;
      quorums[i]?.push(node);
      lacking[i] = (lacking[i] as number) - (weight.get(node) as number);
    }
  };
  let most = 0;
  for (const node of heaviestFirst) {
    most += (weight.get(node) as number) * (onAll(node) ? sides.length : sides.length - 1);
    if (onAll(node)) give(node, -1);
  }
  if (sides.reduce((sum, side) => sum + side.threshold, 0) > most) return null;
  for (const node of heaviestFirst) if (!onAll(node)) give(node, lacking.lastIndexOf(Math.min(...lacking)));
  return lacking.every((lack) => lack <= 0) ? report(question, quorums) : undefined;
}

/** A threshold over nodes is one of equal weights, as often as each is written. Null for what is nested. */
function asWeighted(formula: Formula): (Formula & { kind: 'weighted' }) | null {
  if (formula.kind === 'weighted') return formula;
  if (formula.kind === 'node') return { kind: 'weighted', threshold: 1, nodes: [formula.node], weights: [1] };
  const nodes = formula.of.flatMap((part) => (part.kind === 'node' ? [part.node] : []));
  return nodes.length < formula.of.length ? null : { kind: 'weighted', threshold: formula.count, nodes, weights: nodes.map(() => 1) };
}

function sameList(first: Formula & { kind: 'weighted' }, second: Formula & { kind: 'weighted' }): boolean {
  return (
    first.nodes.length === second.nodes.length &&
    first.nodes.every((node, i) => node === second.nodes[i] && first.weights[i] === second.weights[i])
  );
}

const mostQuorums = 2000;
const mostChoices = 500_000;

/** Tries every choice of one minimal quorum for each side; undefined when there are too many. */
function splitLists(question: SplitQuestion): Split | null | undefined {
  const { strikes, free, work } = question;
  const sides = sidesOf(question);
  const lists: (readonly number[])[][] = [];
  let choices = 1;
  for (const side of sides) {
    const list = side === sides[0] && lists[0] !== undefined ? lists[0] : listQuorums(side, mostQuorums);
    if (list === null) return undefined;
    lists.push(list);
    choices *= list.length;
  }
  if (choices > mostChoices) return undefined;
  const capacity = strikes.budgets.reduce((sum, budget) => sum + budget.capacity, 0);
  const chosen: (readonly number[])[] = [];
  // By side: which nodes the quorums before it share.
  const marks = sides.map(() => new Uint8Array(question.nodeCount));
  for (const node of leaves(...sides)) if (marks[0] !== undefined && !free?.[node]) marks[0][node] = 1;
  /** @param from of equal sides the quorums are chosen in order. */
  const visit = (side: number, from: number): boolean => {
    const list = lists[side] as readonly (readonly number[])[];
    const mark = marks[side] as Uint8Array;
    const next = marks[side + 1];
    for (let i = from; i < list.length; i++) {
      const quorum = list[i] as readonly number[];
      work.spend(quorum.length);
      chosen[side] = quorum;
      const shared = quorum.filter((node) => mark[node]);
      if (next === undefined) {
        if (shared.length <= capacity && strikes.admits(shared)) return true;
        continue;
      }
      next.fill(0);
      for (const node of shared) next[node] = 1;
      if (visit(side + 1, sides[side] === sides[side + 1] ? i : 0)) return true;
    }
    return false;
  };
  return visit(0, 0) ? report(question, chosen) : null;
}

/**
 * A search over sides for each node. It picks a quorum on each side, as cheaply as what is decided allows; if they meet
 * only in struck nodes that is the answer, and otherwise a node in which they meet is decided: the side that it is missing
 * from, or none. A side that has no quorum left ends the branch. Interchangeable nodes take their sides in a fixed order, so
 * that symmetric systems need a number of branches that is polynomial.
 *
 * What a node may still be is a set of bits: bit i for "missing from side i", the bit above them for "on all sides".
 */
class SplitSearch {
  private readonly sides: readonly Formula[];
  private readonly allowed: Uint8Array;
  private readonly classes: Int32Array;
  private readonly nodesOfClass: number[][] = [];
  private readonly cost: number;
  private readonly nodes: readonly number[];
  private readonly onAll: number;
  /** The order in which interchangeable nodes take their sides. */
  private readonly chain: readonly number[];

  constructor(private readonly question: SplitQuestion) {
    const { nodeCount, strikes, free } = question;
    const sides = sidesOf(question);
    this.sides = sides;
    strikes.clear();
    this.nodes = leaves(...sides);
    this.cost = pickCost * sides.reduce((sum, side) => sum + leafCount(side), 0) + this.nodes.length;
    this.onAll = 1 << sides.length;
    const missing = sides.map((_, i) => 1 << i);
    this.chain = [...missing.slice(1).reverse(), this.onAll, 1];
    const places = interchangeable(sides, nodeCount);
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
      this.allowed[node] = free?.[node] ? this.onAll : this.onAll - 1 + (strikes.canStrike(node) ? this.onAll : 0);
    }
  }

  run(): Split | null {
    const { nodeCount, strikes, work } = this.question;
    work.spend(this.cost);
    // The quorums picked so far all have these nodes.
    let common: Uint8Array | null = null;
    const quorums: number[][] = [];
    for (const [i, side] of this.sides.entries()) {
      const present = new Uint8Array(nodeCount);
      for (const node of this.nodes) if ((this.allowed[node] as number) & ~(1 << i)) present[node] = 1;
      const before: Uint8Array | null = common;
      const quorum = pickQuorum(side, present, (node) => (this.isDecided(node) ? 0 : before?.[node] ? 1000 : 1));
      if (quorum === null) return null;
      quorums.push(quorum);
      common = new Uint8Array(nodeCount);
      for (const node of quorum) if (before === null || before[node]) common[node] = 1;
    }
    const clash = quorums.at(-1)?.find((node) => common?.[node] && this.allowed[node] !== this.onAll);
    if (clash === undefined) return report(this.question, quorums);
    const members = this.nodesOfClass[this.classes[clash] as number] as readonly number[];
    const at = members.findIndex((node) => !this.isDecided(node));
    const node = members[at] as number;
    for (let option = 1; option <= this.onAll; option *= 2) {
      if (((this.allowed[node] as number) & option) === 0) continue;
      const before = members.slice(at).map((other) => this.allowed[other] as number);
      if (option === this.onAll && !strikes.add(node)) continue;
      this.allowed[node] = option;
      const rest = this.chain.slice(this.chain.indexOf(option)).reduce((bits, bit) => bits | bit, 0);
      for (let i = at + 1; i < members.length; i++) {
        const other = members[i] as number;
        this.allowed[other] = (this.allowed[other] as number) & rest;
      }
      const split = this.run();
      if (split !== null) return split;
      if (option === this.onAll) strikes.remove(node);
      members.slice(at).forEach((other, i) => {
        this.allowed[other] = before[i] as number;
      });
    }
    return null;
  }

  private isDecided(node: number): boolean {
    const options = this.allowed[node] as number;
    return (options & (options - 1)) === 0;
  }
}
