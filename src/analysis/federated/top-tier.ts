import { type Formula, leaves } from '../formula.ts';
import type { Work } from '../work.ts';
import { closure, type Federation, mark, marked } from './federation.ts';
import { cores, listMinimalQuorums } from './minimal-quorums.ts';

/** The nodes that are in some minimal quorum: those whose choices can matter to the network as a whole. */
export interface TopTier {
  readonly nodes: readonly number[];
  /** False when some nodes of the cores could neither be shown to be in it nor not to be. */
  readonly exact: boolean;
}

/**
 * The union of all minimal quorums. Where there are too many to list, each node is tried: others leave first, and what
 * remains is a quorum with it; when that one is minimal, the node is in.
 */
export function topTier(federation: Federation, work: Work): TopTier {
  const listing = listMinimalQuorums(federation, work, 500);
  if (listing.complete) return { nodes: [...new Set(listing.sets.flat())].sort((a, b) => a - b), exact: true };
  const inside = new Set(listing.sets.flat());
  let exact = true;
  for (const core of cores(federation, work)) {
    for (const node of core) {
      if (inside.has(node)) continue;
      const quorum = quorumWith(federation, node, core, work);
      if (quorum === null) exact = false;
      else for (const member of quorum) inside.add(member);
    }
  }
  return { nodes: [...inside].sort((a, b) => a - b), exact };
}

/** A minimal quorum with the node, or null when the one that is left when others leave first is not minimal. */
function quorumWith(federation: Federation, node: number, core: readonly number[], work: Work): number[] | null {
  let inside = closure(federation, mark(core, federation.nodeCount), work);
  for (const other of [...core].reverse()) {
    if (other === node || !inside[other]) continue;
    inside[other] = 0;
    const rest = closure(federation, inside, work);
    inside[other] = 1;
    if (rest[node]) inside = rest;
  }
  inside[node] = 0;
  const isMinimal = !closure(federation, inside, work).includes(1);
  inside[node] = 1;
  return isMinimal ? marked(inside) : null;
}

/** Nodes that all have the same needs, over themselves alone. */
export interface SymmetricTier {
  readonly nodes: readonly number[];
  readonly needs: Formula;
  /** `threshold` of `parts`, each a node or an organisation with a threshold of its own. */
  readonly threshold: number;
  readonly parts: number;
}

/**
 * The symmetric top tier (Florian et al. 2022): one core whose nodes all have the same needs, over exactly themselves. For a flat threshold of t of m nodes the smallest
 * blocking set has m − t + 1 nodes, the smallest splitting set 2t − m, and quorums intersect exactly when 2t > m. Null when
 * the top tier is not of this kind.
 */
export function symmetricTier(federation: Federation, work: Work): SymmetricTier | null {
  const found = cores(federation, work);
  const core = found[0];
  if (core === undefined || found.length > 1) return null;
  const kind = federation.kindOf[core[0] as number] as number;
  const needs = federation.kinds[kind]?.formula;
  if (needs === undefined || needs.kind !== 'atleast' || core.some((node) => federation.kindOf[node] !== kind)) return null;
  if (leaves(needs).join() !== core.join()) return null;
  return { nodes: core, needs, threshold: needs.count, parts: needs.of.length };
}
