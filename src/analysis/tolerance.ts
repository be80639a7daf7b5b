import type { Requirement } from '../model/code.ts';
import type { Budget, Deployment, FaultModel, NodeFault, System } from '../model/system.ts';
import { evaluateRequirement, type Outcome } from './evaluate-requirement.ts';
import { Facts, type FactsOptions } from './facts.ts';
import { type FaultSet, noFaults } from './fault-sets.ts';
import { worstFaults } from './requirement-findings.ts';
import { OutOfWork } from './work.ts';

/** How much of something a deployment bears. */
export interface Tolerance {
  /** The largest number under which every requirement asked about holds. */
  readonly tolerated: number;
  /** False where a search passed its limit: more may be borne. */
  readonly exact: boolean;
  /** What fails with one more; null where the largest number asked about is borne, or where that is not known. */
  readonly first: FirstFailure | null;
}

export interface FirstFailure {
  readonly requirement: Requirement;
  /** A fault set that breaks it, minimal; null where none can be named. */
  readonly faults: FaultSet | null;
}

export interface ToleranceQuestion {
  readonly system: System;
  readonly deployment: Deployment;
  readonly requirements: readonly Requirement[];
  /** The largest number to ask about. */
  readonly most: number;
  /** The fault model with so many faults. More faults are never easier. */
  readonly modelWith: (count: number) => FaultModel;
  readonly options: FactsOptions;
}

/** The largest number of faults under which the requirements hold, by halving; null when they do not hold with none. */
export function toleranceOf({ system, deployment, requirements, most, modelWith, options }: ToleranceQuestion): Tolerance | null {
  let exact = true;
  let first: FirstFailure | null = null;
  const survives = (count: number): boolean => {
    const facts = new Facts(system, deployment, modelWith(count), options);
    let decided = true;
    for (const requirement of requirements) {
      const outcome = evaluateRequirement(requirement, facts);
      if (outcome.holds === true) continue;
      if (outcome.holds === false) {
        // The last number that fails is one more than what is borne.
        first = { requirement, faults: faultsOf(outcome, facts) };
        return false;
      }
      decided = false;
    }
    if (!decided) {
      exact = false;
      first = null;
    }
    return decided;
  };
  if (!survives(0)) return null;
  let low = 0;
  let high = most + 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (survives(middle)) low = middle;
    else high = middle;
  }
  return { tolerated: low, exact, first };
}

function faultsOf(outcome: Outcome & { readonly holds: false }, facts: Facts): FaultSet | null {
  const { cause } = outcome;
  // What the two quorums share, all of it lying. (Quorums that share nothing part without any fault.)
  if (cause.kind === 'intersect' && cause.split.faulty.length > 0) return { ...noFaults, byzantine: cause.split.faulty };
  try {
    return worstFaults(outcome, facts);
  } catch (error) {
    if (error instanceof OutOfWork) return null;
    throw error;
  }
}

/** The fault model with one budget more; of null one that has only this budget. */
export function withBudget(model: FaultModel | null, deployment: Deployment, budget: Budget): FaultModel {
  const { span } = deployment;
  return { name: model?.name ?? '', span, nameSpan: span, budgets: [...(model?.budgets ?? []), budget] };
}

/** A budget of so many faults of a kind among the members. */
export function memberBudget({ members, span }: Deployment, kind: NodeFault, count: number): Budget {
  return {
    kind,
    count,
    nodes: members,
    recovers: false,
    side: 'both',
    slowdown: 1,
    span,
    countSpan: span,
    countIsLiteral: false,
    targetsSpan: span,
  };
}

/** A budget of so many outages among zones. */
export function zoneBudget({ span }: Deployment, zones: readonly number[], count: number): Budget {
  return { kind: 'outage', count, zones, recovers: false, span, countSpan: span, countIsLiteral: false, targetsSpan: span };
}
