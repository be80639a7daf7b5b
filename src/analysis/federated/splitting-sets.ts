import { OutOfWork, type Work } from '../work.ts';
import { SplitEncoding } from './encoding.ts';
import type { Federation } from './federation.ts';
import { type FederatedSplit, SplitSearch } from './split.ts';
import type { Units } from './units.ts';

export type Smallest<T> =
  /** A smallest one; null when there is none of any size. */
  | { readonly kind: 'exact'; readonly found: T | null; readonly size: number }
  /** The search ran out of work: none of up to `none` units was found to do it; `known` does, but may not be a smallest one. */
  | { readonly kind: 'bounded'; readonly none: number; readonly known: T | null };

/**
 * A smallest set of units whose lying splits the quorums: the number of liars is raised from none until a split is
 * found. Sizes that counting rules out are passed over. Size 0: the quorums are split already. Never a wrong answer: what could not be searched is said.
 */
export function smallestSplitting(federation: Federation, units: Units, work: Work): Smallest<FederatedSplit> {
  const all = units.members.map((_, unit) => unit);
  let most = 0;
  try {
    const search = new SplitSearch(federation, units, work);
    for (; most <= all.length; most++) {
      if (search.isTogether(most)) continue;
      const split = search.within([{ capacity: most, units: all }]);
      if (split !== null) return { kind: 'exact', found: split, size: split.units.length };
    }
    return { kind: 'exact', found: null, size: all.length };
  } catch (error) {
    if (!(error instanceof OutOfWork)) throw error;
    return { kind: 'bounded', none: most - 1, known: null };
  }
}

/** All sets of one kind, or the first of too many. */
export interface Listing {
  readonly sets: readonly (readonly number[])[];
  readonly complete: boolean;
}

/**
 * All minimal sets of units whose lying splits the quorums: no proper subset does. They are found by size; a larger set than a splitting one need not
 * split (there may be nobody left to disagree), so that sizes are searched to the end. `[[]]`: split already.
 */
export function minimalSplittingSets(federation: Federation, units: Units, work: Work, most = 200): Listing {
  const sets: number[][] = [];
  const all = units.members.map((_, unit) => unit);
  try {
    const search = new SplitSearch(federation, units, work);
    const encoding = new SplitEncoding(federation, units, work);
    for (let size = 0; size <= all.length; size++) {
      if (search.isTogether(size)) continue;
      const bound = encoding.atMostLiars(size);
      while (encoding.sat.solve(work, [bound])) {
        if (sets.length === most) return { sets, complete: false };
        const found = encoding.found().lying;
        sets.push(found);
        encoding.forbid(found);
      }
      // Without a bound, and none of the larger ones is new: done.
      if (!encoding.sat.solve(work)) break;
    }
    return { sets: inOrder(sets), complete: true };
  } catch (error) {
    if (!(error instanceof OutOfWork)) throw error;
    return { sets: inOrder(sets), complete: false };
  }
}

/** Small sets first, then by their units. */
export function inOrder(sets: readonly (readonly number[])[]): number[][] {
  return sets.map((set) => [...set].sort((a, b) => a - b)).sort((a, b) => a.length - b.length || compare(a, b));
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number);
  return 0;
}
