import type { Work } from '../work.ts';
import { type Federation, mark } from './federation.ts';
import { meetPrice, satisfyPrice, type Units } from './units.ts';

/** What every pair of needs must share at the least, by index of their kinds; symmetric. */
export type MeetTable = readonly Float64Array[];

export function meetTable(federation: Federation, units: Units, work: Work): MeetTable {
  const { kinds } = federation;
  const table = kinds.map(() => new Float64Array(kinds.length));
  for (const [i, one] of kinds.entries()) {
    for (let j = i; j < kinds.length; j++) {
      const two = kinds[j] as (typeof kinds)[number];
      work.spend(4 * (one.cost + two.cost));
      const isThere = one.nodes.length > 0 && two.nodes.length > 0;
      const { least } = isThere ? meetPrice(one.formula, two.formula, units) : { least: Number.POSITIVE_INFINITY };
      (table[i] as Float64Array)[j] = least;
      (table[j] as Float64Array)[i] = least;
    }
  }
  return table;
}

/**
 * Whether it is certain, by counting alone, that no `most` units make two quorums disjoint. Polynomial and sound: true proves it, false leaves it open.
 *
 * A node of the one quorum and a node of the other both have their needs met, so the two kinds of needs must be able to do with at most `most`
 * shared units. With such a pair fixed, each side may hold only nodes whose needs go together with the pair's other node; nodes that
 * cannot be satisfied by what is left and `most` liars leave, until both of the pair stay or one has left. If no pair
 * stays, there is no split.
 */
export function isSurelyTogether(federation: Federation, table: MeetTable, units: Units, most: number, work: Work): boolean {
  const { kinds, nodeCount } = federation;
  const remaining = new Map<string, Uint8Array>();
  /** The kinds of nodes that a side can hold when it meets kind `other` on the other side. */
  const side = (other: number): Uint8Array => {
    const allowed = Uint8Array.from(kinds, (_, kind) => (((table[kind] as Float64Array)[other] as number) <= most ? 1 : 0));
    const key = allowed.join('');
    const known = remaining.get(key);
    if (known !== undefined) return known;
    for (let changed = true; changed; ) {
      changed = false;
      const inside = mark(
        kinds.flatMap(({ nodes }, kind) => (allowed[kind] ? nodes : [])),
        nodeCount,
      );
      for (const [kind, { formula, cost }] of kinds.entries()) {
        if (!allowed[kind]) continue;
        work.spend(4 * cost);
        if (satisfyPrice(formula, inside, units).least <= most) continue;
        allowed[kind] = 0;
        changed = true;
      }
    }
    remaining.set(key, allowed);
    return allowed;
  };
  for (let one = 0; one < kinds.length; one++) {
    for (let two = one; two < kinds.length; two++) {
      if (((table[one] as Float64Array)[two] as number) > most) continue;
      if (side(two)[one] && side(one)[two]) return false;
    }
  }
  return true;
}
