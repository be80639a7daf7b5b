import { type Formula, leaves } from '../formula.ts';

/**
 * What fails together: a node by itself, or all nodes of a zone or an organisation. Failing whole groups takes the quotient of the
 * fault sets, not of the quorum sets: who trusts whom stays as it is written.
 */
export interface Units {
  readonly members: readonly (readonly number[])[];
  /** The unit of each node, -1 for a node that cannot fail. */
  readonly of: Int32Array;
}

/** Every node a unit of its own; with `only`, just the nodes marked there. */
export function singleUnits(nodeCount: number, only?: Uint8Array): Units {
  const members: number[][] = [];
  const of = new Int32Array(nodeCount).fill(-1);
  for (let node = 0; node < nodeCount; node++) if (!only || only[node]) of[node] = members.push([node]) - 1;
  return { members, of };
}

/** Nodes with the same label fail together; a node labelled null fails by itself. */
export function groupedUnits(labels: readonly (string | number | null)[]): Units {
  const members: number[][] = [];
  const known = new Map<string | number, number>();
  const of = Int32Array.from(labels, (label, node) => {
    const at = label === null ? undefined : known.get(label);
    if (at !== undefined) {
      (members[at] as number[]).push(node);
      return at;
    }
    const unit = members.push([node]) - 1;
    if (label !== null) known.set(label, unit);
    return unit;
  });
  return { members, of };
}

/** A lower bound on how many units it takes, and units that do it, though perhaps more of them than the bound. */
export interface Price {
  /** Exact where no unit stands in two parts; infinite when no units do it. */
  readonly least: number;
  readonly units: readonly number[];
}

const nothing: Price = { least: 0, units: [] };
const impossible: Price = { least: Number.POSITIVE_INFINITY, units: [] };

/**
 * The fewest units that, together with the nodes marked in `free`, satisfy the formula. A threshold takes its cheapest parts. Where parts share no unit their
 * prices add up; where they do, all that is sure is the dearest of them.
 */
export function satisfyPrice(formula: Formula, free: Uint8Array, units: Units): Price {
  switch (formula.kind) {
    case 'node':
      return free[formula.node] ? nothing : unitPrice(formula.node, units);
    case 'weighted':
      return weightedPrice(formula, free, units);
    case 'atleast': {
      if (formula.count <= 0) return nothing;
      if (formula.count > formula.of.length) return impossible;
      return cheapest(
        formula.of.map((part) => ({ part, price: satisfyPrice(part, free, units) })),
        formula.count,
        units,
      );
    }
  }
}

/**
 * The fewest units in which a set that satisfies the one formula and a set that satisfies the other must meet (infinite when they must meet in a node
 * that cannot fail). A lower bound, exact for thresholds over the same parts in which no node stands twice: of m parts that
 * both know, at least k₁ + k₂ − m serve both sides, and each that does has its own least price.
 */
export function meetPrice(first: Formula, second: Formula, units: Units): Price {
  if (first.kind === 'node') return second.kind === 'node' && second.node === first.node ? unitPrice(first.node, units) : nothing;
  if (first.kind === 'weighted') return second.kind === 'weighted' ? meetWeighted(first, second, units) : nothing;
  if (second.kind !== 'atleast') return nothing;
  const others = new Map(second.of.map((part) => [leafKey(part), part]));
  const common: { part: Formula; price: Price }[] = [];
  for (const part of first.of) {
    const key = leafKey(part);
    const other = others.get(key);
    if (other === undefined) continue;
    // A part that is listed twice is matched once: the copy counts as one that need not meet anything.
    others.delete(key);
    common.push({ part, price: meetPrice(part, other, units) });
  }
  const need = (of: Formula & { kind: 'atleast' }): number => Math.max(0, of.count - (of.of.length - common.length));
  const both = need(first) + need(second) - common.length;
  if (both <= 0) return nothing;
  return both > common.length ? impossible : cheapest(common, both, units);
}

function unitPrice(node: number, units: Units): Price {
  const unit = units.of[node] as number;
  return unit < 0 ? impossible : { least: 1, units: [unit] };
}

/** The `count` cheapest parts. */
function cheapest(parts: readonly { readonly part: Formula; readonly price: Price }[], count: number, units: Units): Price {
  if (parts.every(({ part }) => part.kind === 'node')) return cheapestNodes(parts, count);
  const chosen = [...parts].sort((a, b) => (a.price.least < b.price.least ? -1 : a.price.least > b.price.least ? 1 : 0)).slice(0, count);
  const dearest = chosen[chosen.length - 1]?.price.least ?? 0;
  if (dearest === Number.POSITIVE_INFINITY) return impossible;
  const all = new Set(chosen.flatMap(({ price }) => price.units));
  // Prices add up only when no choice of parts could share a unit.
  const apart = shareNoUnit(
    parts.map(({ part }) => part),
    units,
  );
  const least = apart ? chosen.reduce((sum, { price }) => sum + price.least, 0) : dearest;
  return { least, units: [...all] };
}

/** The same of single nodes: the units with most of them first. Exact. */
function cheapestNodes(parts: readonly { readonly price: Price }[], count: number): Price {
  let missing = count;
  const counts = new Map<number, number>();
  for (const { price } of parts) {
    if (price.least === 0) missing--;
    const unit = price.units[0];
    if (unit !== undefined) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  }
  const chosen: number[] = [];
  for (const [unit, own] of [...counts].sort((a, b) => b[1] - a[1])) {
    if (missing <= 0) break;
    chosen.push(unit);
    missing -= own;
  }
  return missing > 0 ? impossible : { least: chosen.length, units: chosen };
}

function weightedPrice(formula: Formula & { kind: 'weighted' }, free: Uint8Array, units: Units): Price {
  const weights = formula.nodes.map((node, i) => ({ node, weight: formula.weights[i] as number }));
  const own = weights.reduce((sum, { node, weight }) => sum + (free[node] ? weight : 0), 0);
  return cheapestWeight(
    weights.filter(({ node }) => !free[node]),
    formula.threshold - own,
    units,
  );
}

/** Over the same nodes with the same weights: what both thresholds together exceed all weight by must count twice. */
function meetWeighted(first: Formula & { kind: 'weighted' }, second: Formula & { kind: 'weighted' }, units: Units): Price {
  if (first.nodes.join() !== second.nodes.join() || first.weights.join() !== second.weights.join()) return nothing;
  const total = first.weights.reduce((sum, weight) => sum + weight, 0);
  const weights = first.nodes.map((node, i) => ({ node, weight: first.weights[i] as number }));
  return cheapestWeight(weights, first.threshold + second.threshold - total, units);
}

/** Whole units, the heaviest first. Exact. */
function cheapestWeight(weights: readonly { readonly node: number; readonly weight: number }[], missing: number, units: Units): Price {
  if (missing <= 0) return nothing;
  const byUnit = new Map<number, number>();
  for (const { node, weight } of weights) {
    const unit = units.of[node] as number;
    if (unit >= 0) byUnit.set(unit, (byUnit.get(unit) ?? 0) + weight);
  }
  const chosen: number[] = [];
  let left = missing;
  for (const [unit, weight] of [...byUnit].sort((a, b) => b[1] - a[1])) {
    if (left <= 0) break;
    chosen.push(unit);
    left -= weight;
  }
  return left > 0 ? impossible : { least: chosen.length, units: chosen };
}

const keys = new WeakMap<Formula, string>();

/** The distinct nodes of a formula as text: parts with the same ones are matched with each other. */
function leafKey(formula: Formula): string {
  const known = keys.get(formula);
  if (known !== undefined) return known;
  const key = leaves(formula).join();
  keys.set(formula, key);
  return key;
}

function shareNoUnit(parts: readonly Formula[], units: Units): boolean {
  const owner = new Map<number, number>();
  return parts.every((part, i) =>
    leaves(part).every((node) => {
      const unit = units.of[node] as number;
      if (unit < 0) return true;
      const before = owner.get(unit);
      owner.set(unit, i);
      return before === undefined || before === i;
    }),
  );
}
