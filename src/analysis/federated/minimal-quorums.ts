import { eachLeaf, type Formula, holds } from '../formula.ts';
import { OutOfWork, type Work } from '../work.ts';
import { closure, everyNode, type Federation, mark, marked, minimalQuorumIn, needsOf } from './federation.ts';
import { inOrder, type Listing } from './splitting-sets.ts';

/**
 * Parts of the trust graph in which everybody trusts everybody, directly or through others (Tarjan 1972), restricted to nodes of quorums. Every minimal
 * quorum lies inside one: a part of a quorum that trusts nobody outside itself is a quorum.
 */
export function trustComponents(federation: Federation, within: Uint8Array): number[][] {
  const trusted = new Map<number, number[]>();
  for (const node of marked(within)) {
    const targets = new Set<number>();
    const needs = needsOf(federation, node);
    if (needs !== null)
      eachLeaf(needs, (other) => {
        if (within[other] && other !== node) targets.add(other);
      });
    trusted.set(node, [...targets]);
  }
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const stack: number[] = [];
  const onStack = new Set<number>();
  const components: number[][] = [];
  for (const root of trusted.keys()) {
    if (index.has(root)) continue;
    const path: { node: number; next: number }[] = [];
    const open = (node: number): void => {
      index.set(node, index.size);
      low.set(node, index.get(node) as number);
      stack.push(node);
      onStack.add(node);
      path.push({ node, next: 0 });
    };
    open(root);
    while (path.length > 0) {
      const frame = path[path.length - 1] as { node: number; next: number };
      const target = (trusted.get(frame.node) as number[])[frame.next++];
      if (target !== undefined) {
        if (!index.has(target)) open(target);
        else if (onStack.has(target)) low.set(frame.node, Math.min(low.get(frame.node) as number, index.get(target) as number));
        continue;
      }
      path.pop();
      const above = path[path.length - 1];
      if (above) low.set(above.node, Math.min(low.get(above.node) as number, low.get(frame.node) as number));
      if (low.get(frame.node) !== index.get(frame.node)) continue;
      const component: number[] = [];
      for (;;) {
        const node = stack.pop() as number;
        onStack.delete(node);
        component.push(node);
        if (node === frame.node) break;
      }
      components.push(component.sort((a, b) => a - b));
    }
  }
  return components.sort((a, b) => (a[0] as number) - (b[0] as number));
}

/** The parts of the trust graph that contain a quorum, each as far as its quorums reach. Two of them: the quorums are split. */
export function cores(federation: Federation, work: Work): number[][] {
  const all = closure(federation, everyNode(federation), work);
  return trustComponents(federation, all)
    .map((component) => marked(closure(federation, mark(component, federation.nodeCount), work)))
    .filter((core) => core.length > 0);
}

/**
 * Whether one of the chosen can help nobody: the others satisfy already whatever it is a part of (a third node of an
 * organisation that needs two), or that part cannot be satisfied by the open ones. Whatever is added, the quorum stays one without
 * it, so that it is not minimal. A node alone may be a quorum by itself.
 */
function hasIdler(federation: Federation, chosen: Uint8Array, open: Uint8Array, work: Work): boolean {
  const others = Uint8Array.from(chosen);
  const nodes = marked(chosen);
  if (nodes.length < 2) return false;
  return nodes.some((node) => {
    others[node] = 0;
    const helps = federation.kinds.some(({ formula, cost }) => {
      work.spend(2 * cost);
      return canHelp(formula, node, others, open);
    });
    others[node] = 1;
    return !helps;
  });
}

/** Whether the node stands anywhere in the formula where every part around it can hold, but none does without it. */
function canHelp(formula: Formula, node: number, others: Uint8Array, open: Uint8Array): boolean {
  if (formula.kind === 'node') return formula.node === node;
  if (holds(formula, others) || !holds(formula, open)) return false;
  return formula.kind === 'weighted' ? formula.nodes.includes(node) : formula.of.some((part) => canHelp(part, node, others, open));
}

/** All minimal quorums; `complete` is false, and only some are listed, when there are more than `most` or the work runs out. */
export function listMinimalQuorums(federation: Federation, work: Work, most: number): Listing {
  const found: number[][] = [];
  const { nodeCount } = federation;
  /** Quorums with all of `chosen` and none of what is not in `open`, which is closed. False to stop. */
  const visit = (chosen: Uint8Array, open: Uint8Array): boolean => {
    const closed = closure(federation, chosen, work);
    if (closed.includes(1)) {
      const isAll = closed.every((inside, node) => inside === chosen[node]);
      if (isAll && minimalQuorumIn(federation, chosen, work).every((inside, node) => inside === chosen[node])) {
        if (found.length >= most) return false;
        found.push(marked(chosen));
      }
      return true;
    }
    const next = open.findIndex((inside, node) => inside === 1 && chosen[node] === 0);
    if (next < 0) return true;
    const withNext = Uint8Array.from(chosen);
    withNext[next] = 1;
    if (!hasIdler(federation, withNext, open, work) && !visit(withNext, open)) return false;
    const without = Uint8Array.from(open);
    without[next] = 0;
    const rest = closure(federation, without, work);
    for (let node = 0; node < nodeCount; node++) if (chosen[node] && !rest[node]) return true;
    return hasIdler(federation, chosen, rest, work) || visit(chosen, rest);
  };
  try {
    for (const core of cores(federation, work)) {
      if (!visit(new Uint8Array(nodeCount), mark(core, nodeCount))) return { sets: inOrder(found), complete: false };
    }
  } catch (error) {
    if (!(error instanceof OutOfWork)) throw error;
    return { sets: inOrder(found), complete: false };
  }
  return { sets: inOrder(found), complete: true };
}
