import { codes } from '../codes.ts';
import type { Facts } from '../facts.ts';
import { NoAnswer } from '../questions/answer.ts';

/** How long a partition of the fault model may last at the most, in ns: 0 where there is none, null where one never heals. */
export function longestPartition({ family }: Facts): number | null {
  let longest = 0;
  for (const budget of family.model?.budgets ?? []) {
    if (budget.kind !== 'partition') continue;
    if (budget.heals === null) return null;
    longest = Math.max(longest, budget.heals);
  }
  return longest;
}

/** `longest_partition` where a partition never heals: it has no value, and the clause fails for this cause. */
export function throwWhereUnhealed(facts: Facts): void {
  if (longestPartition(facts) === null) throw new NoAnswer({ kind: 'told', told: unhealed });
}

const unhealed = {
  code: codes.connectivity,
  detail: 'a partition may last for ever, so that `longest_partition` has no value',
  short: 'not with a partition that never heals',
  why: 'What both sides do for themselves while they are apart is bounded only where the partition ends.',
  help: 'Say when the partition heals: `partition with (heals: 30s)`.',
} as const;
