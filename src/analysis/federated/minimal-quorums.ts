import { eachLeaf } from '../formula.ts';
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
    if (!visit(withNext, open)) return false;
    const without = Uint8Array.from(open);
    without[next] = 0;
    const rest = closure(federation, without, work);
    for (let node = 0; node < nodeCount; node++) if (chosen[node] && !rest[node]) return true;
    return visit(chosen, rest);
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
