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
      work.spend(20 * (one.cost + two.cost));
      const isThere = one.nodes.length > 0 && two.nodes.length > 0;
      const { least } = isThere ? meetPrice(one.formula, two.formula, units) : { least: Number.POSITIVE_INFINITY };
      (table[i] as Float64Array)[j] = least;
      (table[j] as Float64Array)[i] = least;
    }
  }
  return table;
}

/**
 * Whether it is certain, by counting alone, that no `most` units make two quorums disjoint. Polynomial and sound: true proves
 * it, false leaves it open.
 *
 * A node of the one quorum and a node of the other both have their needs met, so their two kinds of needs must be able to do with
 * at most `most` shared units: call them loose. Take a set of strict kinds, no two of which (nor one and itself) are loose: at
 * most one side has a node of these. With a loose pair fixed, each side may hold only kinds that are loose with the pair's other node, and one of the two sides
 * no strict ones; kinds whose needs cannot be met by what is left and `most` liars leave. If every pair loses one of its two, there is
 * no split.
 */
export function isSurelyTogether(federation: Federation, table: MeetTable, units: Units, most: number, work: Work): boolean {
  const { kinds } = federation;
  const isLoose = (one: number, two: number): boolean => ((table[one] as Float64Array)[two] as number) <= most;
  const strict = strictKinds(table, most);
  const remaining = new Map<string, Uint8Array>();
  /** Of the kinds allowed on a side those whose needs can be met there. */
  const supported = (allowed: Uint8Array): Uint8Array => {
    const key = allowed.join('');
    const known = remaining.get(key);
    if (known !== undefined) return known;
    const left = supportedKinds(federation, allowed, units, most, work);
    remaining.set(key, left);
    return left;
  };
  const beside = (other: number, withStrict: boolean): Uint8Array =>
    supported(Uint8Array.from(kinds, (_, kind) => (isLoose(kind, other) && (withStrict || !strict[kind]) ? 1 : 0)));
  for (let one = 0; one < kinds.length; one++) {
    for (let two = 0; two < kinds.length; two++) {
      work.spend(2 * kinds.length);
      // The side of `one` is the one without strict kinds.
      if (!strict[one] && isLoose(one, two) && beside(two, false)[one] && beside(one, true)[two]) return false;
    }
  }
  return true;
}

/** Kinds of which no two are loose, nor one with itself; those with few loose partners first. */
function strictKinds(table: MeetTable, most: number): Uint8Array {
  const strict = new Uint8Array(table.length);
  const partners = table.map((row) => row.reduce((sum, least) => sum + (least <= most ? 1 : 0), 0));
  const order = table.map((_, kind) => kind).sort((a, b) => (partners[a] as number) - (partners[b] as number));
  for (const kind of order) {
    const row = table[kind] as Float64Array;
    if ((row[kind] as number) <= most) continue;
    if (row.every((least, other) => !strict[other] || least > most)) strict[kind] = 1;
  }
  return strict;
}

function supportedKinds({ kinds, nodeCount }: Federation, allowed: Uint8Array, units: Units, most: number, work: Work): Uint8Array {
  const left = Uint8Array.from(allowed);
  for (let changed = true; changed; ) {
    changed = false;
    const inside = mark(
      kinds.flatMap(({ nodes }, kind) => (left[kind] ? nodes : [])),
      nodeCount,
    );
    for (const [kind, { formula, cost }] of kinds.entries()) {
      if (!left[kind]) continue;
      work.spend(20 * cost);
      if (satisfyPrice(formula, inside, units).least <= most) continue;
      left[kind] = 0;
      changed = true;
    }
  }
  return left;
}
