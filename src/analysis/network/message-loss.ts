import type { LinkAttributes } from '../../model/system.ts';
import type { Facts } from '../facts.ts';

/** The largest share of messages that a link between two members may lose: its own and, independent of it, that of the fault model. */
export function messageLoss({ system: { network }, deployment, family }: Facts): number {
  const budgets = (family.model?.budgets ?? []).flatMap((budget) => (budget.kind === 'loss' ? [budget] : []));
  const members = new Set(deployment.members);
  let worst = 0;
  const consider = (a: number, b: number, attributes: LinkAttributes | undefined): void => {
    const struck = budgets.filter(({ nodes }) => nodes === null || nodes.includes(a) || nodes.includes(b));
    const arrives = struck.reduce((share, { probability }) => share * (1 - probability), 1 - (attributes?.loss ?? 0));
    worst = Math.max(worst, 1 - arrives);
  };
  if (!network.complete) {
    for (let i = 0; i < network.from.length; i++) {
      const [a, b] = [network.from[i] ?? -1, network.to[i] ?? -1];
      if (members.has(a) && members.has(b)) consider(a, b, network.classes[network.linkClass[i] ?? -1]);
    }
    return worst;
  }
  for (const { a, b } of pairsThatDiffer(deployment.members, (node) => kindOf(node))) {
    consider(a, b, network.classes[network.pairClass[(network.kind[a] ?? 0) * network.kinds + (network.kind[b] ?? 0)] ?? -1]);
  }
  return worst;

  /** Nodes of one kind have the same links; a budget may tell them apart. */
  function kindOf(node: number): string {
    return `${network.kind[node]}|${budgets.map(({ nodes }) => nodes?.includes(node) ?? true)}`;
  }
}

/** For every two kinds of nodes a pair of two different nodes, in both directions. */
function pairsThatDiffer(nodes: readonly number[], kind: (node: number) => string): { readonly a: number; readonly b: number }[] {
  const some = new Map<string, number[]>();
  for (const node of nodes) {
    const known = some.get(kind(node));
    if (known === undefined) some.set(kind(node), [node]);
    else if (known.length < 2) known.push(node);
  }
  const few = [...some.values()].flat();
  return few.flatMap((a) => few.filter((b) => b !== a).map((b) => ({ a, b })));
}
