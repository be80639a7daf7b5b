import { needsOf } from '../../model/quorum-values.ts';
import type { QuorumSystem, Slices } from '../../model/values.ts';

export { trustedBy } from '../../model/quorum-values.ts';

/** Quorum systems that a handler makes during the run, as in a reconfiguration: `majority(config).met(votes)`. */
type Part = number | QuorumSystem;

function part(of: Part): QuorumSystem {
  return typeof of === 'number' ? { kind: 'node', node: of } : of;
}

export function majorityOf(parts: readonly Part[]): QuorumSystem {
  return { kind: 'atleast', count: Math.floor(parts.length / 2) + 1, of: parts.map(part) };
}

export function atleastNodes(count: number, nodes: readonly number[]): QuorumSystem {
  return { kind: 'atleast', count, of: nodes.map(part) };
}

export function atleastOf(count: number, parts: readonly QuorumSystem[]): QuorumSystem {
  return { kind: 'atleast', count, of: parts };
}

export function weightedOf(nodes: readonly number[], threshold: number, weights: readonly number[]): QuorumSystem {
  return { kind: 'weighted', threshold, nodes, weights: nodes.map((node) => weights[node] ?? 1) };
}

/** All of one row and one of each row, by nodes laid out row by row. */
export function gridOf(nodes: readonly number[], rows: number, columns: number): QuorumSystem {
  const lines = Array.from({ length: rows }, (_, row) => nodes.slice(row * columns, (row + 1) * columns).map(part));
  const full: QuorumSystem = { kind: 'atleast', count: 1, of: lines.map((line) => ({ kind: 'atleast', count: line.length, of: line })) };
  return {
    kind: 'atleast',
    count: lines.length + 1,
    of: [full, ...lines.map((line) => ({ kind: 'atleast' as const, count: 1, of: line }))],
  };
}

/** All of a node or set of nodes, however the set is held. */
export function quorumOf(nodes: number | { items(): readonly number[] }, layout: string): QuorumSystem {
  if (layout === 'plain') return part(nodes as number);
  const list: number[] = [];
  if (typeof nodes === 'number') for (let rest = nodes; rest !== 0; rest &= rest - 1) list.push(31 - Math.clz32(rest & -rest));
  else list.push(...nodes.items());
  return { kind: 'atleast', count: list.length, of: list.map(part) };
}

export function metBy(system: QuorumSystem, nodes: { has(node: number): boolean }): boolean {
  switch (system.kind) {
    case 'node':
      return nodes.has(system.node);
    case 'atleast': {
      let missing = system.count;
      for (const each of system.of) {
        if (missing <= 0) return true;
        if (metBy(each, nodes)) missing--;
      }
      return missing <= 0;
    }
    case 'weighted': {
      let weight = 0;
      system.nodes.forEach((node, i) => {
        if (nodes.has(node)) weight += system.weights[i] as number;
      });
      return weight >= system.threshold;
    }
    case 'slices':
      return largestQuorum(system.slices, nodes).size > 0;
  }
}

/** Whether the nodes contain a quorum with `node` in it. */
export function metWith(system: QuorumSystem, nodes: { has(node: number): boolean }, node: number): boolean {
  return nodes.has(node) && (system.kind === 'slices' ? largestQuorum(system.slices, nodes).has(node) : metBy(system, nodes));
}

/** Whether what `node` needs is among the nodes: one of its slices, whatever the others in it need. Any other system is the same for all. */
export function satisfiedBy(system: QuorumSystem, nodes: { has(node: number): boolean }, node: number): boolean {
  const own = needsOf(system, node);
  return own !== undefined && metBy(own, nodes);
}

/** Whether the nodes hit each of `node`'s slices: without them it is never satisfied, and with all nodes it is. */
export function blockedBy(system: QuorumSystem, nodes: { has(node: number): boolean }, node: number): boolean {
  const own = needsOf(system, node);
  return own !== undefined && metBy(own, { has: () => true }) && !metBy(own, { has: (other) => !nodes.has(other) });
}

/** The union of the quorums of a federated system among the nodes: those with unsatisfied slices leave until all that stay are content. */
function largestQuorum(slices: readonly Slices[], nodes: { has(node: number): boolean }): ReadonlyMap<number, QuorumSystem> {
  const needs = new Map<number, QuorumSystem>();
  for (const entry of slices) if (nodes.has(entry.node) && !needs.has(entry.node)) needs.set(entry.node, entry.needs);
  for (let before = -1; before !== needs.size; ) {
    before = needs.size;
    // Many nodes need the same: that is asked once a round.
    const content = new Map<QuorumSystem, boolean>();
    for (const [node, own] of needs) {
      const met = content.get(own) ?? metBy(own, needs);
      content.set(own, met);
      if (!met) needs.delete(node);
    }
  }
  return needs;
}
