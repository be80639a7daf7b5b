import { isMet } from '../../model/quorum-values.ts';
import type { System } from '../../model/system.ts';
import type { QuorumSystem, Slices } from '../../model/values.ts';
import { networkContent } from '../facts.ts';
import { compile, type Formula, holds, leaves } from '../formula.ts';
import { type Graph, graphOf, liveComponents } from '../graph.ts';
import { OutOfWork } from '../work.ts';
import type { Structure } from './reliability.ts';
import { mostTabled, noAnswers } from './table.ts';
import { type Uptimes, uptimesOf } from './uptimes.ts';

/** What a deployment needs of the nodes that are up, before it is known how it can be computed. */
export type Needs =
  /** A quorum whose nodes reach each other. */
  | { readonly kind: 'quorum'; readonly quorum: QuorumSystem }
  /** Members that are up, wherever they are. */
  | { readonly kind: 'members'; readonly formula: Formula }
  | { readonly kind: 'atleast'; readonly count: number; readonly of: readonly Needs[] };

export interface Needed {
  readonly structure: Structure;
  /** Every node that it can depend on. */
  readonly nodes: readonly number[];
  /**
   * `apart`: links make no difference. `exact`: routes through nodes that are up are part of the structure. `perfect`: they
   * would make a difference, and are taken as always there.
   */
  readonly links: 'apart' | 'exact' | 'perfect';
}

/**
 * Slices by which all nodes need the same are a formula: whoever is up and has slices is a quorum when that need is met, and
 * when it is not, no part of them is one. Null for other slices.
 */
function sharedNeed(slices: readonly Slices[]): QuorumSystem | null {
  const needs = new Map<number, QuorumSystem>();
  for (const entry of slices) if (!needs.has(entry.node)) needs.set(entry.node, entry.needs);
  const [first] = needs.values();
  if (first === undefined) return null;
  const text = JSON.stringify(first);
  if (![...needs.values()].every((other) => other === first || JSON.stringify(other) === text)) return null;
  const somebody: QuorumSystem = { kind: 'atleast', count: 1, of: [...needs.keys()].map((node) => ({ kind: 'node', node })) };
  const need = within(first, needs);
  return isMet(need, () => false) ? { kind: 'atleast', count: 2, of: [need, somebody] } : need;
}

/** The same quorum system where only these nodes can take part. */
function within(quorum: QuorumSystem, nodes: ReadonlyMap<number, unknown>): QuorumSystem {
  switch (quorum.kind) {
    case 'node':
      return nodes.has(quorum.node) ? quorum : { kind: 'atleast', count: 1, of: [] };
    case 'atleast':
      return { ...quorum, of: quorum.of.map((part) => within(part, nodes)) };
    case 'weighted': {
      const kept = quorum.nodes.flatMap((node, i) => (nodes.has(node) ? [{ node, weight: quorum.weights[i] as number }] : []));
      return { ...quorum, nodes: kept.map(({ node }) => node), weights: kept.map(({ weight }) => weight) };
    }
    case 'slices':
      return quorum;
  }
}

function withoutSharedSlices(needs: Needs): Needs {
  if (needs.kind === 'atleast') return { ...needs, of: needs.of.map(withoutSharedSlices) };
  if (needs.kind !== 'quorum' || needs.quorum.kind !== 'slices') return needs;
  const shared = sharedNeed(needs.quorum.slices);
  return shared === null ? needs : { kind: 'quorum', quorum: shared };
}

/** Throws OutOfWork for federated slices over too many nodes, and for weights that cannot be added exactly. */
export function structureOf(system: System, written: Needs): Needed {
  const needs = withoutSharedSlices(written);
  const nodes = nodesOf(needs);
  const graph = graphOf(system.network, system.nodes.length);
  const together = graph.complete || isClique(graph, quorumNodes(needs));
  const federated = hasSlices(needs);
  if (together && !federated) return { structure: { kind: 'formula', formula: formulaOf(needs) }, nodes, links: 'apart' };
  const uptimes = uptimesOf(system);
  const relevant = together ? nodes : relays(graph, nodes);
  const variable = relevant.filter((node) => canFail(uptimes, node));
  if (variable.length <= mostTabled) {
    const always = new Uint8Array(system.nodes.length).fill(1);
    for (const node of variable) always[node] = 0;
    const compiled = new Map<QuorumSystem, (up: Uint8Array) => boolean>();
    return {
      structure: {
        kind: 'table',
        nodes: variable,
        always,
        holds: (up) => isSatisfied(needs, up, together ? null : liveComponents(graph, up), compiled),
        answers: noAnswers(variable),
        key: `${JSON.stringify(needs)}|${together ? '' : networkContent(system)}|${variable}`,
      },
      nodes: relevant,
      links: together ? 'apart' : 'exact',
    };
  }
  if (federated) {
    throw new OutOfWork(`federated slices over more than ${mostTabled} nodes that can fail have no exact availability here`);
  }
  return { structure: { kind: 'formula', formula: formulaOf(needs) }, nodes, links: 'perfect' };
}

function nodesOf(needs: Needs): number[] {
  const found = new Set<number>();
  const visit = (part: Needs): void => {
    if (part.kind === 'members') for (const node of leaves(part.formula)) found.add(node);
    else if (part.kind === 'quorum') for (const node of nodesOfQuorum(part.quorum)) found.add(node);
    else part.of.forEach(visit);
  };
  visit(needs);
  return [...found].sort((a, b) => a - b);
}

function quorumNodes(needs: Needs): number[] {
  if (needs.kind === 'members') return [];
  if (needs.kind === 'atleast') return [...new Set(needs.of.flatMap(quorumNodes))];
  return nodesOfQuorum(needs.quorum);
}

/** The nodes named in a quorum system, each once, ascending. */
export function nodesOfQuorum(quorum: QuorumSystem): number[] {
  const found = new Set<number>();
  const visit = (part: QuorumSystem): void => {
    if (part.kind === 'node') found.add(part.node);
    else if (part.kind === 'weighted') for (const node of part.nodes) found.add(node);
    else if (part.kind === 'atleast') part.of.forEach(visit);
    else {
      for (const { node, needs } of part.slices) {
        found.add(node);
        visit(needs);
      }
    }
  };
  visit(quorum);
  return [...found].sort((a, b) => a - b);
}

function hasSlices(needs: Needs): boolean {
  if (needs.kind === 'atleast') return needs.of.some(hasSlices);
  return needs.kind === 'quorum' && needs.quorum.kind === 'slices';
}

function isClique({ out }: Graph, nodes: readonly number[]): boolean {
  if (nodes.some((node) => (out[node]?.length ?? 0) < nodes.length - 1)) return false;
  return nodes.every((node) => {
    const next = new Set(out[node]);
    return nodes.every((other) => other === node || next.has(other));
  });
}

function canFail({ nodes, zones, zoneOf }: Uptimes, node: number): boolean {
  if ((nodes[node]?.down ?? 0) > 0) return true;
  for (let at = zoneOf[node] ?? -1; at >= 0; at = zones[at]?.parent ?? -1) if ((zones[at]?.down ?? 0) > 0) return true;
  return false;
}

/** Larger networks are seldom left with few enough nodes to go through. */
const largestPruned = 100;

/** These nodes and those that can lie on a way between two of them: dead ends are taken off until there is none. */
function relays(graph: Graph, nodes: readonly number[]): number[] {
  if (graph.nodeCount > largestPruned) return Array.from({ length: graph.nodeCount }, (_, node) => node);
  const kept = new Uint8Array(graph.nodeCount).fill(1);
  const wanted = new Set(nodes);
  for (let changed = true; changed; ) {
    changed = false;
    for (let node = 0; node < graph.nodeCount; node++) {
      if (!kept[node] || wanted.has(node)) continue;
      const neighbours = new Set([...(graph.out[node] ?? []), ...(graph.in[node] ?? [])].filter((other) => kept[other]));
      if (neighbours.size > 1) continue;
      kept[node] = 0;
      changed = true;
    }
  }
  return [...kept.keys()].filter((node) => kept[node] === 1);
}

/** `parts`: who reaches whom; null where everybody does. */
function isSatisfied(
  needs: Needs,
  up: Uint8Array,
  parts: readonly (readonly number[])[] | null,
  compiled: Map<QuorumSystem, (up: Uint8Array) => boolean>,
): boolean {
  if (needs.kind === 'members') return holds(needs.formula, up);
  if (needs.kind === 'atleast') {
    let missing = needs.count;
    for (const part of needs.of) if (missing > 0 && isSatisfied(part, up, parts, compiled)) missing--;
    return missing <= 0;
  }
  const test = compiled.get(needs.quorum) ?? testOf(needs.quorum);
  compiled.set(needs.quorum, test);
  if (parts === null) return test(up);
  const inside = new Uint8Array(up.length);
  // A threshold of nothing is met by nobody.
  if (test(inside)) return true;
  return parts.some((part) => {
    inside.fill(0);
    for (const node of part) inside[node] = 1;
    return test(inside);
  });
}

function testOf(quorum: QuorumSystem): (up: Uint8Array) => boolean {
  if (quorum.kind === 'slices') return (up) => isMet(quorum, (node) => up[node] === 1);
  const formula = compile(quorum);
  return (up) => holds(formula, up);
}

/** As one formula, what is asked twice asked once. */
function formulaOf(needs: Needs): Formula {
  if (needs.kind === 'members') return needs.formula;
  if (needs.kind === 'quorum') return compile(needs.quorum);
  const parts = needs.of.map(formulaOf);
  return needs.count === parts.length ? allOf(parts) : { kind: 'atleast', count: needs.count, of: parts };
}

/** All parts: equal ones once, and of thresholds over the same nodes only the largest. */
function allOf(parts: readonly Formula[]): Formula {
  const kept = new Map<string, Formula>();
  for (const part of parts) {
    const isFlat = part.kind === 'atleast' && part.of.every(({ kind }) => kind === 'node');
    const key = isFlat
      ? JSON.stringify(part.of.map((leaf) => (leaf.kind === 'node' ? leaf.node : -1)).sort((a, b) => a - b))
      : JSON.stringify(part);
    const known = kept.get(key);
    if (known?.kind === 'atleast' && part.kind === 'atleast' && isFlat && known.count >= part.count) continue;
    kept.set(key, part);
  }
  const distinct = [...kept.values()];
  return distinct.length === 1 ? (distinct[0] as Formula) : { kind: 'atleast', count: distinct.length, of: distinct };
}
