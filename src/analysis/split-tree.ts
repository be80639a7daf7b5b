import { type Formula, holds, leaves, pickQuorum } from './formula.ts';

interface Uniform {
  readonly capacity: number;
  readonly strikable: Uint8Array;
}

/**
 * Two quorums that meet only in at most `capacity` strikable nodes (or free ones), for two formulas of the same shape in
 * which no node stands twice: thresholds over the same parts, at any depth. Null when there are none, undefined when the
 * formulas are not of this kind.
 *
 * Of the m parts of a pair of thresholds k1, k2, at least k1 + k2 − m must serve both sides, and each part that does has
 * its own least price; so the sum of the smallest prices is exact.
 */
export function splitTree(
  first: Formula,
  second: Formula,
  uniform: Uniform,
  free?: Uint8Array,
): { readonly first: number[]; readonly second: number[] } | null | undefined {
  if (!isAligned(first, second)) return undefined;
  const present = new Uint8Array(uniform.strikable.length);
  for (const node of leaves(first)) present[node] = 1;
  const prices = new Map<Formula, number>();
  const priceOf = (one: Formula, two: Formula): number => {
    const known = prices.get(one);
    if (known !== undefined) return known;
    const price = computePrice(one, two);
    prices.set(one, price);
    return price;
  };
  const computePrice = (one: Formula, two: Formula): number => {
    if (one.kind === 'node') return free?.[one.node] ? 0 : uniform.strikable[one.node] ? 1 : Number.POSITIVE_INFINITY;
    if (one.kind !== 'atleast' || two.kind !== 'atleast') return Number.POSITIVE_INFINITY;
    const plan = planOf(one, two);
    if (plan === null) return Number.POSITIVE_INFINITY;
    return plan.both.reduce((sum, i) => sum + priceOf(one.of[i] as Formula, two.of[i] as Formula), 0);
  };

  /** Which parts serve both sides, only the first, only the second. */
  const planOf = (one: Formula & { kind: 'atleast' }, two: Formula & { kind: 'atleast' }) => {
    const able1 = one.of.map((part) => holds(part, present));
    const able2 = two.of.map((part) => holds(part, present));
    const either: number[] = [];
    const only1: number[] = [];
    const only2: number[] = [];
    one.of.forEach((_, i) => {
      if (able1[i] && able2[i]) either.push(i);
      else if (able1[i]) only1.push(i);
      else if (able2[i]) only2.push(i);
    });
    const need1 = Math.max(0, one.count - only1.length);
    const need2 = Math.max(0, two.count - only2.length);
    if (need1 > either.length || need2 > either.length) return null;
    const doubled = Math.max(0, need1 + need2 - either.length);
    const byPrice = [...either].sort((a, b) => {
      const price = (i: number): number => priceOf(one.of[i] as Formula, two.of[i] as Formula);
      const difference = price(a) - price(b);
      return Number.isNaN(difference) ? 0 : difference;
    });
    const both = byPrice.slice(0, doubled).sort((a, b) => a - b);
    const rest = either.filter((i) => !both.includes(i));
    return {
      both,
      first: [...only1.slice(0, one.count), ...rest.slice(0, need1 - doubled)],
      second: [...only2.slice(0, two.count), ...rest.slice(need1 - doubled, need1 - doubled + need2 - doubled)],
    };
  };

  if (priceOf(first, second) > uniform.capacity) return null;
  const sides = { first: [] as number[], second: [] as number[] };
  const build = (one: Formula, two: Formula): void => {
    if (one.kind === 'node') {
      sides.first.push(one.node);
      sides.second.push(one.node);
      return;
    }
    if (one.kind !== 'atleast' || two.kind !== 'atleast') return;
    const plan = planOf(one, two);
    for (const i of plan?.both ?? []) build(one.of[i] as Formula, two.of[i] as Formula);
    for (const i of plan?.first ?? []) sides.first.push(...(pickQuorum(one.of[i] as Formula, present, () => 1) ?? []));
    for (const i of plan?.second ?? []) sides.second.push(...(pickQuorum(two.of[i] as Formula, present, () => 1) ?? []));
  };
  build(first, second);
  return sides;
}

/** Thresholds over the same nodes at every level; weighted sums are left to the search. */
function isAligned(first: Formula, second: Formula): boolean {
  if (first.kind === 'node') return second.kind === 'node' && second.node === first.node;
  if (first.kind !== 'atleast' || second.kind !== 'atleast') return false;
  return first.of.length === second.of.length && first.of.every((part, i) => isAligned(part, second.of[i] as Formula));
}
