import type { Formula } from '../formula.ts';
import type { Federation } from './federation.ts';

/** A list of validators, of which a node waits for `quorum`. */
export interface NodeList {
  /** Those who use it, ascending. */
  readonly users: readonly number[];
  readonly list: readonly number[];
  readonly quorum: number;
}

/** The slices as unique node lists, or a node whose needs are no threshold over a list of distinct nodes. */
export function uniqueNodeLists(federation: Federation): { readonly lists: readonly NodeList[] } | { readonly other: number } {
  const lists: NodeList[] = [];
  for (const { formula, nodes } of federation.kinds) {
    const list = listOf(formula);
    if (list === null) return { other: nodes[0] as number };
    lists.push({ users: nodes, ...list });
  }
  return { lists };
}

function listOf(formula: Formula): { readonly list: readonly number[]; readonly quorum: number } | null {
  if (formula.kind === 'node') return { list: [formula.node], quorum: 1 };
  if (formula.kind !== 'atleast') return null;
  const list = formula.of.flatMap((part) => (part.kind === 'node' ? [part.node] : []));
  return list.length === formula.of.length && new Set(list).size === list.length ? { list, quorum: formula.count } : null;
}

/** Two users of lists that overlap too little, `first` being the one whose quorum is too small for it. */
export interface TooLittleOverlap {
  readonly first: { readonly node: number; readonly list: readonly number[]; readonly quorum: number };
  readonly second: { readonly node: number; readonly list: readonly number[]; readonly quorum: number };
  readonly shared: readonly number[];
  /** The most shared validators that may lie at once. */
  readonly liars: number;
  /** The least overlap that would do. */
  readonly needed: number;
}

/**
 * The pair that lacks most for fork safety of XRP's ledger consensus: for any two nodes i and j, the overlap of their lists must exceed n_j/2 + n_i − q_i + t_ij (Chase
 * & MacBrough 2018, arXiv:1802.07242), n the size of a list and q its quorum. t_ij is what may lie of the overlap; the paper takes the least of what either node tolerates and
 * the overlap, here it is `liarsAmong`, what the fault model admits. Null when all pairs overlap enough.
 */
export function leastOverlap(lists: readonly NodeList[], liarsAmong: (nodes: readonly number[]) => number): TooLittleOverlap | null {
  let worst: (TooLittleOverlap & { readonly lack: number }) | null = null;
  for (const [i, one] of lists.entries()) {
    const inFirst = new Set(one.list);
    for (const [j, two] of lists.entries()) {
      const first = one.users[0] as number;
      const second = two.users[i === j ? 1 : 0];
      // A list that one node alone uses is not compared with itself.
      if (second === undefined) continue;
      const shared = two.list.filter((node) => inFirst.has(node)).sort((a, b) => a - b);
      const liars = liarsAmong(shared);
      // Twice everything, so that a half is whole.
      const lack = two.list.length + 2 * (one.list.length - one.quorum + liars) - 2 * shared.length;
      if (lack < 0 || (worst !== null && lack <= worst.lack)) continue;
      const needed = Math.floor(two.list.length / 2 + one.list.length - one.quorum + liars) + 1;
      worst = {
        first: { node: first, list: one.list, quorum: one.quorum },
        second: { node: second, list: two.list, quorum: two.quorum },
        shared,
        liars,
        needed,
        lack,
      };
    }
  }
  return worst;
}
