import type { Facts } from '../facts.ts';
import { OutOfWork, type Work } from '../work.ts';
import type { Clause } from './clauses.ts';
import { livenessClauses } from './liveness.ts';
import { reliability } from './reliability.ts';
import { type Needed, type Needs, structureOf } from './structure.ts';
import { type Chance, uptimesOf } from './uptimes.ts';

/** The availability of a deployment, or why it has none. */
export type DeploymentAvailability =
  | { readonly kind: 'known'; readonly clauses: readonly Clause<Needs>[]; readonly needed: Needed; readonly chance: Chance }
  | { readonly kind: 'none'; readonly clauses: readonly Clause<Needs>[]; readonly reasons: readonly string[] };

/**
 * The probability, over independent failures of nodes and zones, that all liveness clauses hold for what is left. Null where
 * no liveness clause depends on who fails.
 */
export function deploymentAvailability(facts: Facts): DeploymentAvailability | null {
  const clauses = livenessClauses(facts);
  const needs = clauses.flatMap((clause) => (clause.kind === 'condition' ? [clause.condition] : []));
  const reasons = clauses.flatMap((clause) => {
    if (clause.kind === 'unknown') return [`\`${clause.text}\` cannot be read as a condition on who is up: ${clause.reason}.`];
    return clause.kind === 'constant' && !clause.holds ? [`\`${clause.text}\` does not hold, whoever is up.`] : [];
  });
  if (needs.length === 0 && reasons.length === 0) return null;
  if (reasons.length > 0) return { kind: 'none', clauses, reasons };
  try {
    const needed = structureOf(facts.system, conjunction(needs));
    return { kind: 'known', clauses, needed, chance: reliability(needed.structure, uptimesOf(facts.system), workOf(facts)) };
  } catch (error) {
    if (error instanceof OutOfWork) return { kind: 'none', clauses, reasons: [`It takes too much work: ${error.reason}.`] };
    throw error;
  }
}

function conjunction(needs: readonly Needs[]): Needs {
  const [first] = needs;
  return needs.length === 1 && first !== undefined ? first : { kind: 'atleast', count: needs.length, of: needs };
}

/** Work for each attempt at one probability. */
export function workOf(facts: Facts): () => Work {
  return () => facts.work();
}
