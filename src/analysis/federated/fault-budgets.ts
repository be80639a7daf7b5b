import type { Strikes } from '../strikes.ts';
import type { UnitBudget } from './counting.ts';
import { singleUnits, type Units } from './units.ts';

/** Budgets of strikes as budgets of liars, each node a unit of its own; nodes that no budget names are honest. */
export function liarBudgets(strikes: Strikes, nodeCount: number): { readonly units: Units; readonly budgets: readonly UnitBudget[] } {
  const able = new Uint8Array(nodeCount);
  for (let node = 0; node < nodeCount; node++) able[node] = strikes.canStrike(node) ? 1 : 0;
  const units = singleUnits(nodeCount, able);
  const budgets = strikes.budgets
    .filter(({ capacity }) => capacity > 0)
    .map(({ capacity, nodes }) => ({ capacity, units: [...new Set(nodes)].map((node) => units.of[node] as number) }));
  return { units, budgets };
}
