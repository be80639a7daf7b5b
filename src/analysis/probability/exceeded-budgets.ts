import type { Finding } from '../../base/finding.ts';
import { counted, formatNumber, formatRatio } from '../../base/units.ts';
import type { Budget, FaultModel, System } from '../../model/system.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { nodeChance } from './uptimes.ts';

/** Longer sums are not made at every keystroke. */
const mostNodes = 2_000;

/**
 * DS3505: more nodes are down (by their availability) or Byzantine (by their `compromise`) most of the time than a fault
 * model's budgets of that kind admit. Zones are left out: their outages have budgets of their own.
 */
export function exceededBudgets({ system }: SystemUnderCheck): Finding[] {
  return system.faultModels.flatMap((model) => [
    ...exceeded(model, 'crash', (node) => nodeChance(attributesOf(system, node))?.down ?? 0),
    ...exceeded(model, 'byzantine', (node) => attributesOf(system, node)?.compromise ?? 0),
  ]);
}

function attributesOf(system: System, node: number) {
  return system.groups[system.nodes[node]?.group ?? -1]?.attributes;
}

type NodeBudget = Extract<Budget, { readonly slowdown: number }>;

function exceeded(model: FaultModel, kind: 'crash' | 'byzantine', failing: (node: number) => number): Finding[] {
  const budgets = model.budgets.filter((budget): budget is NodeBudget => budget.kind === kind && budget.count > 0);
  const [first] = budgets;
  if (first === undefined) return [];
  const nodes = [...new Set(budgets.flatMap((budget) => budget.nodes))];
  const admitted = budgets.reduce((sum, budget) => sum + budget.count, 0);
  if (nodes.length > mostNodes || admitted >= nodes.length) return [];
  const expected = nodes.reduce((sum, node) => sum + failing(node), 0);
  // Half of the time or more needs a mean of nearly as many: most systems end here.
  if (expected < admitted * 0.5) return [];
  const probability = moreThan(nodes.map(failing), admitted);
  if (probability <= 0.5) return [];
  const what = kind === 'crash' ? 'are down' : 'are Byzantine';
  const by = kind === 'crash' ? 'their availability' : 'their `compromise`';
  return [
    {
      code: 'DS3505',
      severity: 'warning',
      span: first.countSpan,
      message: `\`${model.name}\` admits ${counted(admitted, kind === 'crash' ? 'crash' : 'Byzantine node', kind === 'crash' ? 'crashes' : 'Byzantine nodes')}, and by ${by} more of these ${counted(nodes.length, 'node')} ${what} with a probability of ${formatRatio(probability)}.`,
      why: `On average ${formatNumber(expected)} of them ${what}. What is proved under a fault model holds while no more fail than it admits, which here is the exception. Nodes are taken to fail independently of each other.`,
      help:
        kind === 'crash'
          ? 'Raise the budget, or say how available the nodes are if that is not what you meant.'
          : 'Raise the budget, or lower the probability of compromise if that is not what you meant.',
      numbers: { admitted, expected, probability },
    },
  ];
}

/** P(more than `most` of independent events happen): the Poisson-binomial, as a sum of what is counted. */
function moreThan(chances: readonly number[], most: number): number {
  const sums = new Float64Array(most + 2);
  sums[0] = 1;
  for (const chance of chances) {
    for (let count = most + 1; count >= 0; count--) {
      const stays = (sums[count] as number) * (count === most + 1 ? 1 : 1 - chance);
      sums[count] = stays + (count > 0 ? (sums[count - 1] as number) * chance : 0);
    }
  }
  return sums[most + 1] as number;
}
