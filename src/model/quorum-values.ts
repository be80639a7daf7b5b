import { isQuorum, nodesOf } from './value-operations.ts';
import type { QuorumSystem, Slices, Value } from './values.ts';

/** Thrown for a quorum that cannot be built; the evaluator adds the place. */
export class QuorumError extends Error {}

/** A node, or all of a set of nodes, as a quorum. */
export function toQuorum(value: Value): QuorumSystem {
  if (typeof value === 'number') return { kind: 'node', node: value };
  if (typeof value === 'object' && value !== null) {
    if (isQuorum(value)) return value;
    if (value.kind === 'set' || value.kind === 'list') return allOf(value.items.map(toQuorum));
  }
  throw new QuorumError('this is no quorum, no node and no set of nodes');
}

/** Every part must hold. Of one part it is that part. */
export function allOf(parts: readonly QuorumSystem[]): QuorumSystem {
  return parts.length === 1 ? (parts[0] as QuorumSystem) : { kind: 'atleast', count: parts.length, of: parts };
}

/** One part must hold. */
export function oneOf(parts: readonly QuorumSystem[]): QuorumSystem {
  return parts.length === 1 ? (parts[0] as QuorumSystem) : { kind: 'atleast', count: 1, of: parts };
}

/** A quorum that may be a part of another one, which a federated system may not: its quorums are closed sets, not formulas. */
export function toPart(value: Value): QuorumSystem {
  const quorum = toQuorum(value);
  if (quorum.kind === 'slices') throw new QuorumError('federated slices cannot be a part of another quorum system');
  return quorum;
}

/** The elements that a quorum function counts: each node of a set, each quorum of a list. */
export function partsOf(value: Value): QuorumSystem[] {
  if (typeof value === 'object' && value !== null && (value.kind === 'set' || value.kind === 'list')) {
    return value.items.map(toPart);
  }
  return [toPart(value)];
}

/** A federated system of entries, each a set of nodes with what every one of them needs. */
export function federated(entries: readonly { readonly nodes: Value; readonly needs: Value }[]): QuorumSystem {
  const slices: Slices[] = [];
  for (const entry of entries) {
    const nodes = nodesOf(entry.nodes);
    if (nodes === null) throw new QuorumError('slices are those of a node or of a set of nodes');
    const needs = toPart(entry.needs);
    for (const node of nodes) slices.push({ node, needs });
  }
  return { kind: 'slices', slices };
}

/** More than half of the parts, by count. */
export function majority(value: Value): QuorumSystem {
  const parts = partsOf(value);
  return { kind: 'atleast', count: Math.floor(parts.length / 2) + 1, of: parts };
}

/** At least `count` of the parts. More than there are never forms, which the analysis reports where it matters. */
export function atLeast(count: number, value: Value): QuorumSystem {
  const parts = partsOf(value);
  if (!Number.isInteger(count) || count < 0) throw new QuorumError(`atleast needs a whole number of 0 or more, not ${count}`);
  return { kind: 'atleast', count, of: parts };
}

/** Nodes whose weights sum to at least `threshold`. */
export function weighted(value: Value, threshold: number, weightOf: (node: number) => number): QuorumSystem {
  const nodes = nodesOf(value);
  if (nodes === null) throw new QuorumError('weighted needs a set of nodes');
  const weights = nodes.map(weightOf);
  return { kind: 'weighted', threshold, nodes, weights };
}

/**
 * The nodes laid out row by row; a quorum is one full row and one node of every row (Cheung, Ammar & Ahamad 1992, with
 * rows for their columns). Any two meet: one has a node in the row that the other has in full. A full row and a full
 * column, as in Maekawa's 1985 square, is such a quorum.
 */
export function gridQuorum(value: Value, rows: number, columns: number): QuorumSystem {
  const nodes = nodesOf(value);
  if (nodes === null) throw new QuorumError('grid needs a set of nodes');
  if (!Number.isInteger(rows) || !Number.isInteger(columns) || rows < 1 || columns < 1) {
    throw new QuorumError('grid needs whole numbers of rows and columns, 1 or more');
  }
  if (rows * columns !== nodes.length) {
    throw new QuorumError(`a grid of ${rows} by ${columns} needs ${rows * columns} nodes, and there are ${nodes.length}`);
  }
  const lines = Array.from({ length: rows }, (_, row) => nodes.slice(row * columns, (row + 1) * columns).map(toQuorum));
  const fullRow = oneOf(lines.map((line) => allOf(line)));
  return allOf([fullRow, ...lines.map((line) => oneOf(line))]);
}

/** Whether the nodes present contain a quorum. */
export function isMet(system: QuorumSystem, present: (node: number) => boolean): boolean {
  switch (system.kind) {
    case 'node':
      return present(system.node);
    case 'atleast': {
      let missing = system.count;
      for (const part of system.of) {
        if (missing <= 0) break;
        if (isMet(part, present)) missing--;
      }
      return missing <= 0;
    }
    case 'weighted': {
      let sum = 0;
      for (let i = 0; i < system.nodes.length; i++) if (present(system.nodes[i] as number)) sum += system.weights[i] as number;
      return sum >= system.threshold;
    }
    case 'slices':
      return largestQuorum(system.slices, present).size > 0;
  }
}

/** Whether the nodes present contain a quorum of which `node` is one. Where quorums are no closed sets any larger set is a quorum, too. */
export function isMetWith(system: QuorumSystem, present: (node: number) => boolean, node: number): boolean {
  return present(node) && (system.kind === 'slices' ? largestQuorum(system.slices, present).has(node) : isMet(system, present));
}

/**
 * The union of all quorums among the nodes present, itself a quorum when it is not empty: nodes whose slices are not
 * satisfied leave until all that stay are content.
 */
export function largestQuorum(slices: readonly Slices[], present: (node: number) => boolean): Set<number> {
  const needs = new Map<number, QuorumSystem>();
  for (const entry of slices) if (present(entry.node) && !needs.has(entry.node)) needs.set(entry.node, entry.needs);
  const inside = new Set(needs.keys());
  for (let before = -1; before !== inside.size; ) {
    before = inside.size;
    for (const node of inside) if (!isMet(needs.get(node) as QuorumSystem, (other) => inside.has(other))) inside.delete(node);
  }
  return inside;
}

/** Whether what a node needs is present: one of its slices, whatever the others in it need. Any other system is the same for all. */
export function isSatisfied(system: QuorumSystem, present: (node: number) => boolean, node: number): boolean {
  const own = needsOf(system, node);
  return own !== undefined && isMet(own, present);
}

/** Whether nodes hit each of a node's slices (v-blocking: Mazières 2015): without them it is never satisfied, and with all nodes it is. */
export function isBlocked(system: QuorumSystem, present: (node: number) => boolean, node: number): boolean {
  return isSatisfied(system, () => true, node) && !isSatisfied(system, (other) => !present(other), node);
}

/** The nodes that what a node needs speaks of, in ascending order. */
export function trustedBy(system: QuorumSystem, node: number): number[] {
  const named = new Set<number>();
  const visit = (part: QuorumSystem): void => {
    if (part.kind === 'node') named.add(part.node);
    else if (part.kind === 'weighted') for (const each of part.nodes) named.add(each);
    else if (part.kind === 'atleast') for (const each of part.of) visit(each);
  };
  const own = needsOf(system, node);
  if (own !== undefined) visit(own);
  return [...named].sort((a, b) => a - b);
}

/** What a node needs: its own slices, or, where quorums are the same for all, the system itself. */
export function needsOf(system: QuorumSystem, node: number): QuorumSystem | undefined {
  return system.kind === 'slices' ? system.slices.find((entry) => entry.node === node)?.needs : system;
}
