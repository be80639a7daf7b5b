import type { Budget } from '../../model/system.ts';
import type { Facts } from '../facts.ts';
import { FaultFamily, type FaultSet, unresponsive } from '../fault-sets.ts';

/** How many fault sets count together. */
export interface Parts {
  /** So many sets of members that may be gone. */
  readonly gone: number;
  /** So many more of members that may lie. */
  readonly lying: number;
}

/**
 * Fault sets that take all members: as many with everything that makes members go as the bound says, and as many with liars
 * alone; null where none do. So many sets within budgets are one set within budgets so many times as large.
 */
export function coverOf(facts: Facts, members: readonly number[], { gone, lying }: Parts): readonly FaultSet[] | null {
  const { family } = facts;
  if (family.model === null) return null;
  // Every budget keeps its place: strikes and families know them by it.
  const budgets = family.model.budgets.map((budget): Budget => {
    if (!('countSpan' in budget)) return budget;
    return { ...budget, count: (budget.kind === 'byzantine' ? gone + lying : gone) * Math.floor(budget.count) };
  });
  const work = facts.work();
  const larger = new FaultFamily(family.system, { ...family.model, budgets });
  const { value, faults } = larger.maximum(unresponsive, members, work);
  if (value < members.length) return null;
  const strikes = larger.strikes(unresponsive);
  strikes.admits([...faults.crashed, ...faults.omitting, ...faults.byzantine], true);
  const dealt = family.deal(gone + lying, faults.outages, strikes);
  return dealt.length === 0 ? null : dealt;
}
