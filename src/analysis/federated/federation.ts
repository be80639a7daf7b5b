import type { Slices } from '../../model/values.ts';
import { compile, type Formula, holds, leafCount } from '../formula.ts';
import type { Work } from '../work.ts';

/**
 * A federated quorum system ready to be searched. A node's needs are its quorum set; the sets of nodes that satisfy it are
 * its slices. A quorum is a set of nodes, not empty, that satisfies the needs of each of its members, as written: a node counts
 * for itself only where it is listed (as in stellar-core). A node without slices is in no quorum.
 */
export interface Federation {
  readonly nodeCount: number;
  /** The distinct needs, each once, with the nodes that have them. */
  readonly kinds: readonly NeedsKind[];
  /** Index into `kinds` of each node's needs, -1 for a node without slices. */
  readonly kindOf: Int32Array;
  /** Nodes with slices, ascending. */
  readonly nodes: readonly number[];
}

export interface NeedsKind {
  readonly formula: Formula;
  readonly nodes: readonly number[];
  /** Steps of one evaluation. */
  readonly cost: number;
}

/** Of two entries for one node the first counts. Throws OutOfWork when weights are too large to be added exactly. */
export function federationOf(slices: readonly Slices[], nodeCount: number): Federation {
  const kindOf = new Int32Array(nodeCount).fill(-1);
  const byText = new Map<string, number>();
  const byObject = new Map<unknown, number>();
  const kinds: { formula: Formula; nodes: number[]; cost: number }[] = [];
  for (const { node, needs } of slices) {
    if (node >= nodeCount || kindOf[node] !== -1) continue;
    let kind = byObject.get(needs);
    if (kind === undefined) {
      const formula = compile(needs);
      const text = JSON.stringify(formula);
      kind = byText.get(text) ?? kinds.push({ formula, nodes: [], cost: leafCount(formula) + 1 }) - 1;
      byText.set(text, kind);
      byObject.set(needs, kind);
    }
    kindOf[node] = kind;
    (kinds[kind] as { nodes: number[] }).nodes.push(node);
  }
  for (const kind of kinds) kind.nodes.sort((a, b) => a - b);
  const nodes = kinds.flatMap((kind) => kind.nodes).sort((a, b) => a - b);
  return { nodeCount, kinds, kindOf, nodes };
}

/** The federation with nodes deleted: gone themselves, and satisfying whoever lists them. */
export function withoutNodes(federation: Federation, gone: Uint8Array): Federation {
  const kindOf = Int32Array.from(federation.kindOf, (kind, node) => (gone[node] ? -1 : kind));
  const kinds = federation.kinds.map(({ formula, nodes }) => {
    const rest = withoutLeaves(formula, gone);
    return { formula: rest, nodes: nodes.filter((node) => !gone[node]), cost: leafCount(rest) + 1 };
  });
  return { nodeCount: federation.nodeCount, kinds, kindOf, nodes: federation.nodes.filter((node) => !gone[node]) };
}

const always: Formula = { kind: 'atleast', count: 0, of: [] };

function withoutLeaves(formula: Formula, gone: Uint8Array): Formula {
  switch (formula.kind) {
    case 'node':
      return gone[formula.node] ? always : formula;
    case 'weighted': {
      const kept = formula.nodes.map((_, i) => i).filter((i) => !gone[formula.nodes[i] as number]);
      const weightOf = (i: number): number => formula.weights[i] as number;
      const lost = formula.weights.reduce((sum, weight) => sum + weight, 0) - kept.reduce((sum, i) => sum + weightOf(i), 0);
      return {
        kind: 'weighted',
        threshold: formula.threshold - lost,
        nodes: kept.map((i) => formula.nodes[i] as number),
        weights: kept.map(weightOf),
      };
    }
    case 'atleast': {
      const parts = formula.of.map((part) => withoutLeaves(part, gone));
      const open = parts.filter((part) => part.kind === 'node' || (part.kind === 'atleast' ? part.count : part.threshold) > 0);
      return { kind: 'atleast', count: formula.count - (parts.length - open.length), of: open };
    }
  }
}

/** What a node needs; null without slices. */
export function needsOf(federation: Federation, node: number): Formula | null {
  return federation.kinds[federation.kindOf[node] as number]?.formula ?? null;
}

/**
 * The union of all quorums among the nodes present, itself a quorum unless it is empty. Nodes that are marked in `lying` satisfy
 * whoever lists them and are in no quorum themselves: that deletes them from all slices (Mazières 2015, definition 4).
 */
export function closure(federation: Federation, present: Uint8Array, work: Work, lying?: Uint8Array): Uint8Array {
  const inside = new Uint8Array(federation.nodeCount);
  const heard = new Uint8Array(federation.nodeCount);
  for (const node of federation.nodes) if (present[node] && !lying?.[node]) inside[node] = 1;
  heard.set(inside);
  if (lying) for (let node = 0; node < heard.length; node++) if (lying[node]) heard[node] = 1;
  for (let changed = true; changed; ) {
    changed = false;
    for (const kind of federation.kinds) {
      if (!kind.nodes.some((node) => inside[node])) continue;
      work.spend(kind.cost);
      if (holds(kind.formula, heard)) continue;
      for (const node of kind.nodes) {
        if (!inside[node]) continue;
        inside[node] = 0;
        heard[node] = 0;
        changed = true;
      }
    }
  }
  return inside;
}

/** The nodes that are marked, ascending. */
export function marked(nodes: Uint8Array): number[] {
  const list: number[] = [];
  for (let node = 0; node < nodes.length; node++) if (nodes[node]) list.push(node);
  return list;
}

export function mark(nodes: Iterable<number>, nodeCount: number): Uint8Array {
  const marks = new Uint8Array(nodeCount);
  for (const node of nodes) marks[node] = 1;
  return marks;
}

export function everyNode(federation: Federation): Uint8Array {
  return new Uint8Array(federation.nodeCount).fill(1);
}

/** A minimal quorum inside one: nodes leave from the last on, with all whom their leaving makes unsatisfied, as long as a quorum stays. */
export function minimalQuorumIn(federation: Federation, quorum: Uint8Array, work: Work, lying?: Uint8Array): Uint8Array {
  let inside: Uint8Array = Uint8Array.from(quorum);
  for (let node = inside.length - 1; node >= 0; node--) {
    if (!inside[node]) continue;
    inside[node] = 0;
    const rest = closure(federation, inside, work, lying);
    inside[node] = 1;
    if (rest.includes(1)) inside = rest;
  }
  return inside;
}

/** Whether nodes hit every slice of a node: without their consent it accepts nothing (Mazières 2015, definition of v-blocking). */
export function blocksNode(federation: Federation, node: number, nodes: Uint8Array): boolean {
  const needs = needsOf(federation, node);
  return (
    needs === null ||
    !holds(
      needs,
      Uint8Array.from(nodes, (hit) => (hit ? 0 : 1)),
    )
  );
}
