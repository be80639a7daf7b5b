import type { QuorumSystem } from '../model/values.ts';
import { scaleThreshold, scaleWeights } from './exact.ts';
import { OutOfWork } from './work.ts';

/**
 * A quorum system ready to be searched: a monotone formula over nodes, weights and thresholds as exact integers. A node
 * may stand in it several times (grids, unions of products).
 */
export type Formula =
  | { readonly kind: 'node'; readonly node: number }
  | { readonly kind: 'atleast'; readonly count: number; readonly of: readonly Formula[] }
  | { readonly kind: 'weighted'; readonly threshold: number; readonly nodes: readonly number[]; readonly weights: readonly number[] };

/**
 * Throws OutOfWork when weights are too large to be added exactly. Federated slices are no formula: what they can be asked
 * is in `federated`, and all else is undecided.
 */
export function compile(system: QuorumSystem): Formula {
  switch (system.kind) {
    case 'node':
      return system;
    case 'atleast':
      return { kind: 'atleast', count: Math.ceil(system.count), of: system.of.map(compile) };
    case 'weighted': {
      const scaled = scaleWeights(system.weights);
      if (scaled === null) throw new OutOfWork('the weights are too large to be added exactly');
      return {
        kind: 'weighted',
        threshold: scaleThreshold(system.threshold, scaled.places),
        nodes: system.nodes,
        weights: scaled.weights,
      };
    }
    case 'slices':
      throw new OutOfWork('this question is not answered for federated slices');
  }
}

/** Whether the nodes with `present[node] !== 0` contain a quorum. A threshold of zero or less always holds. */
export function holds(formula: Formula, present: Uint8Array): boolean {
  switch (formula.kind) {
    case 'node':
      return present[formula.node] !== 0;
    case 'atleast': {
      let missing = formula.count;
      let left = formula.of.length;
      for (const part of formula.of) {
        if (missing <= 0) return true;
        if (left < missing) return false;
        if (holds(part, present)) missing--;
        left--;
      }
      return missing <= 0;
    }
    case 'weighted': {
      let missing = formula.threshold;
      for (let i = 0; i < formula.nodes.length && missing > 0; i++) {
        if (present[formula.nodes[i] as number] !== 0) missing -= formula.weights[i] as number;
      }
      return missing <= 0;
    }
  }
}

/** Calls `visit` for every occurrence of a node, in the order written. */
export function eachLeaf(formula: Formula, visit: (node: number) => void): void {
  if (formula.kind === 'node') visit(formula.node);
  else if (formula.kind === 'weighted') for (const node of formula.nodes) visit(node);
  else for (const part of formula.of) eachLeaf(part, visit);
}

/** The distinct nodes of formulas, ascending. */
export function leaves(...formulas: readonly Formula[]): number[] {
  const nodes = new Set<number>();
  for (const formula of formulas) eachLeaf(formula, (node) => nodes.add(node));
  return [...nodes].sort((a, b) => a - b);
}

/** Occurrences of nodes: what one evaluation costs. */
export function leafCount(formula: Formula): number {
  let count = 0;
  eachLeaf(formula, () => count++);
  return count;
}

/** Whether no node stands in the formula twice: then parts fail independently and sums over parts are exact. */
export function isReadOnce(formula: Formula): boolean {
  return leafCount(formula) === leaves(formula).length;
}

/**
 * Classes of nodes that can be exchanged without changing any of the formulas: those that are direct members of the same
 * thresholds (with the same weight). Sound, not complete. -1 for nodes that stand in no formula.
 */
export function interchangeable(formulas: readonly Formula[], nodeCount: number): Int32Array {
  const places: string[] = new Array(nodeCount).fill('');
  let id = 0;
  const walk = (formula: Formula): void => {
    const own = id++;
    if (formula.kind === 'node') places[formula.node] += `${own};`;
    else if (formula.kind === 'weighted') {
      formula.nodes.forEach((node, i) => {
        places[node] += `${own}:${formula.weights[i]};`;
      });
    } else {
      for (const part of formula.of) {
        if (part.kind === 'node') places[part.node] += `${own};`;
        else walk(part);
      }
    }
  };
  for (const formula of formulas) walk(formula);
  const classes = new Map<string, number>();
  return Int32Array.from(places, (place) => {
    if (place === '') return -1;
    const known = classes.get(place);
    if (known !== undefined) return known;
    classes.set(place, classes.size);
    return classes.size - 1;
  });
}

/**
 * The dual: it holds for a set exactly when the formula does not hold for the set's complement. For a quorum system these
 * are the sets that meet every quorum.
 */
export function dual(formula: Formula): Formula {
  switch (formula.kind) {
    case 'node':
      return formula;
    case 'atleast':
      return { kind: 'atleast', count: formula.of.length - formula.count + 1, of: formula.of.map(dual) };
    case 'weighted': {
      const total = formula.weights.reduce((sum, weight) => sum + weight, 0);
      return { ...formula, threshold: total - formula.threshold + 1 };
    }
  }
}

/**
 * A quorum among the nodes present, cheap in the sum of `price` (each at least 0; ties by declaration order). Cheapest for
 * formulas in which no node stands twice, otherwise merely good. Null when there is none.
 */
export function pickQuorum(formula: Formula, present: Uint8Array, price: (node: number) => number): number[] | null {
  const picked = pick(formula, present, price);
  return picked === null ? null : [...new Set(picked.nodes)].sort((a, b) => a - b);
}

interface Picked {
  readonly nodes: readonly number[];
  readonly price: number;
}

function pick(formula: Formula, present: Uint8Array, price: (node: number) => number): Picked | null {
  if (formula.kind === 'node') {
    // A node costs a little even when its price is 0, so that small quorums are preferred.
    return present[formula.node] === 0 ? null : { nodes: [formula.node], price: price(formula.node) + 1e-6 };
  }
  if (formula.kind === 'weighted') return pickWeighted(formula, present, price);
  if (formula.count <= 0) return { nodes: [], price: 0 };
  const parts: Picked[] = [];
  for (const part of formula.of) {
    const picked = pick(part, present, price);
    if (picked !== null) parts.push(picked);
  }
  if (parts.length < formula.count) return null;
  parts.sort((a, b) => a.price - b.price);
  const chosen = parts.slice(0, formula.count);
  return { nodes: chosen.flatMap((part) => part.nodes), price: chosen.reduce((sum, part) => sum + part.price, 0) };
}

function pickWeighted(formula: Formula & { kind: 'weighted' }, present: Uint8Array, price: (node: number) => number): Picked | null {
  const order = formula.nodes
    .map((node, i) => ({ node, weight: formula.weights[i] as number, price: price(node) + 1e-6 }))
    .filter(({ node }) => present[node] !== 0)
    .sort((a, b) => a.price - b.price || b.weight - a.weight);
  let missing = formula.threshold;
  const taken: typeof order = [];
  for (const item of order) {
    if (missing <= 0) break;
    taken.push(item);
    missing -= item.weight;
  }
  if (missing > 0) return null;
  // What was taken early may have become needless; the dearest are let go first.
  const kept: typeof order = [];
  for (const item of taken.reverse()) {
    if (missing + item.weight <= 0) missing += item.weight;
    else kept.push(item);
  }
  return { nodes: kept.map(({ node }) => node), price: kept.reduce((sum, item) => sum + item.price, 0) };
}

/** Takes nodes away from the end until none can go without losing the quorum. */
export function minimalQuorum(formula: Formula, quorum: readonly number[], nodeCount: number): number[] {
  const present = new Uint8Array(nodeCount);
  for (const node of quorum) present[node] = 1;
  const kept = [...quorum].sort((a, b) => a - b);
  for (let i = kept.length - 1; i >= 0; i--) {
    present[kept[i] as number] = 0;
    if (holds(formula, present)) kept.splice(i, 1);
    else present[kept[i] as number] = 1;
  }
  return kept;
}
