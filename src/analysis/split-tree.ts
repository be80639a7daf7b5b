import { type Formula, holds, leaves, pickQuorum } from './formula.ts';

interface Uniform {
  readonly capacity: number;
  readonly strikable: Uint8Array;
}

type Threshold = Formula & { readonly kind: 'atleast' };

/**
 * Quorums, one of each formula, that meet only in at most `capacity` strikable nodes (or free ones), for formulas of the
 * same shape in which no node stands twice: thresholds over the same parts, at any depth. Null when there are none,
 * undefined when the formulas are not of this kind.
 *
 * A part that serves all sides but one costs nothing. Of the m parts under s thresholds k1, …, ks, at least
 * k1 + … + ks − (s − 1) · m must serve all sides, and each part that does has its own least price; so the sum of the smallest
 * prices is exact.
 */
export function splitTree(formulas: readonly Formula[], uniform: Uniform, free?: Uint8Array): number[][] | null | undefined {
  const [one] = formulas;
  if (one === undefined || !formulas.every((formula) => isAligned(one, formula))) return undefined;
  const present = new Uint8Array(uniform.strikable.length);
  for (const node of leaves(one)) present[node] = 1;
  const prices = new Map<Formula, number>();
  const priceOf = (sides: readonly Formula[]): number => {
    const first = sides[0] as Formula;
    const known = prices.get(first);
    if (known !== undefined) return known;
    const price = computePrice(sides);
    prices.set(first, price);
    return price;
  };
  const computePrice = (sides: readonly Formula[]): number => {
    const [first] = sides;
    if (first?.kind === 'node') return free?.[first.node] ? 0 : uniform.strikable[first.node] ? 1 : Number.POSITIVE_INFINITY;
    const plan = planOf(sides);
    if (plan === null) return Number.POSITIVE_INFINITY;
    return plan.onAll.reduce((sum, part) => sum + priceOf(partsAt(sides, part)), 0);
  };

  /** Which parts serve all sides, and which further ones each side has. */
  const planOf = (sides: readonly Formula[]): { readonly onAll: number[]; readonly only: readonly number[][] } | null => {
    const thresholds = sides.filter((side): side is Threshold => side.kind === 'atleast');
    const able = thresholds.map((side) => side.of.map((part) => holds(part, present)));
    const only = thresholds.map((): number[] => []);
    const every: number[] = [];
    for (let part = 0; part < (thresholds[0]?.of.length ?? 0); part++) {
      if (able.every((side) => side[part])) every.push(part);
      else
        able.forEach((side, i) => {
          if (side[part]) only[i]?.push(part);
        });
    }
    const needs = thresholds.map((side, i) => Math.max(0, side.count - (only[i]?.length ?? 0)));
    if (needs.some((need) => need > every.length)) return null;
    const count = Math.max(0, needs.reduce((sum, need) => sum + need, 0) - (sides.length - 1) * every.length);
    const priced = every.map((part) => ({ part, price: priceOf(partsAt(sides, part)) }));
    priced.sort((a, b) => (a.price === b.price ? 0 : a.price - b.price));
    const onAll = priced
      .slice(0, count)
      .map(({ part }) => part)
      .sort((a, b) => a - b);
    // Each of the others is left out of one side: one that has enough, or else the last that can spare it.
    const rest = every.filter((part) => !onAll.includes(part));
    const left = needs.map((need) => Math.max(0, need - count));
    const spare = left.map((need) => rest.length - need);
    for (const part of rest) {
      const done = left.indexOf(0);
      const missing = done >= 0 ? done : spare.findLastIndex((parts) => parts > 0);
      if (done < 0) spare[missing] = (spare[missing] as number) - 1;
      left.forEach((need, i) => {
        if (i === missing || need === 0) return;
        only[i]?.push(part);
        left[i] = need - 1;
      });
    }
    return { onAll, only };
  };

  if (priceOf(formulas) > uniform.capacity) return null;
  const quorums = formulas.map((): number[] => []);
  const build = (sides: readonly Formula[]): void => {
    const [first] = sides;
    if (first?.kind === 'node') {
      for (const quorum of quorums) quorum.push(first.node);
      return;
    }
    const plan = planOf(sides);
    for (const part of plan?.onAll ?? []) build(partsAt(sides, part));
    plan?.only.forEach((parts, i) => {
      for (const part of parts) {
        quorums[i]?.push(...(pickQuorum(partsAt(sides, part)[i] as Formula, present, () => 1) ?? []));
      }
    });
  };
  build(formulas);
  return quorums;
}

/** The same part of each threshold. */
function partsAt(sides: readonly Formula[], part: number): Formula[] {
  return sides.map((side) => (side as Threshold).of[part] as Formula);
}

/** Thresholds over the same nodes at every level; weighted sums are left to the search. */
function isAligned(first: Formula, second: Formula): boolean {
  if (first.kind === 'node') return second.kind === 'node' && second.node === first.node;
  if (first.kind !== 'atleast' || second.kind !== 'atleast') return false;
  return first.of.length === second.of.length && first.of.every((part, i) => isAligned(part, second.of[i] as Formula));
}
