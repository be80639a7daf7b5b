import type { Facts } from '../facts.ts';
import { compile } from '../formula.ts';
import { OutOfWork } from '../work.ts';
import { type Clause, readClauses } from './clauses.ts';
import { type HonestCondition, honestChance, honestIntersection, honestMembers, honestyOf, joinedConditions } from './compromise.ts';
import { workOf } from './deployment.ts';
import type { Chance } from './uptimes.ts';

export type DeploymentSafety =
  | { readonly kind: 'known'; readonly clauses: readonly Clause<HonestCondition>[]; readonly chance: Chance }
  | { readonly kind: 'none'; readonly clauses: readonly Clause<HonestCondition>[]; readonly reasons: readonly string[] };

/**
 * The probability that all safety clauses hold when each member turns Byzantine with its `compromise` probability,
 * independently: `intersect` over the random set of Byzantine members, arithmetic with `byzantine`, `faulty` and
 * `byzantine_weight` replaced by what is Byzantine. Crashes and omissions stay as the fault model says. Null where no safety
 * clause depends on who is Byzantine.
 */
export function deploymentSafety(facts: Facts): DeploymentSafety | null {
  const nodeCount = facts.system.nodes.length;
  const clauses = readClauses<HonestCondition>(facts, {
    requirements: 'safety',
    predicate: 'intersect',
    opaque: ['masking', 'q2', 'q3', 'q4'],
    claim: 'safety_probability',
    counts: ['byzantine', 'faulty'],
    weights: ['byzantine_weight'],
    others: () => undefined,
    quorums: (quorums) => honestIntersection(twoAtLeast(quorums.map(compile)), nodeCount),
    members: honestMembers,
    joined: joinedConditions,
  });
  const conditions = clauses.flatMap((clause) => (clause.kind === 'condition' ? [clause.condition] : []));
  const reasons = clauses.flatMap((clause) => {
    if (clause.kind === 'unknown') return [`\`${clause.text}\` cannot be read as a condition on who is Byzantine: ${clause.reason}.`];
    return clause.kind === 'constant' && !clause.holds ? [`\`${clause.text}\` does not hold, whoever is honest.`] : [];
  });
  const [first, ...others] = conditions;
  if (reasons.length > 0) return { kind: 'none', clauses, reasons };
  if (first === undefined) return null;
  const whole = others.reduce((left, right) => joinedConditions('and', left, right), first);
  try {
    return { kind: 'known', clauses, chance: honestChance(whole, honestyOf(facts.system), workOf(facts)) };
  } catch (error) {
    if (error instanceof OutOfWork) return { kind: 'none', clauses, reasons: [`It takes too much work: ${error.reason}.`] };
    throw error;
  }
}

/** `intersect(Q)` is about two quorums of Q. */
export function twoAtLeast<T>(sides: readonly T[]): readonly T[] {
  return sides.length === 1 ? [sides[0] as T, sides[0] as T] : sides;
}
