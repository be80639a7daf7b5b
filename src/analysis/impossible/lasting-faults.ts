import type { Deployment, FaultModel, System } from '../../model/system.ts';
import { evaluateRequirement } from '../evaluate-requirement.ts';
import { Facts } from '../facts.ts';
import { Cancelled, OutOfWork } from '../work.ts';

/**
 * The fault model without what comes back. Impossibility results speak of members that stay away: a protocol may wait for
 * one that is known to recover with its state, and then n ≥ 2f + 1 and its kin bind it no longer.
 */
export function lastingFaults(model: FaultModel): FaultModel {
  return { ...model, budgets: model.budgets.filter((budget) => !('recovers' in budget) || !budget.recovers) };
}

/** The part of a check or a card that limits are taken from. */
export interface Asking {
  /** The system as written; any other one is a trial. */
  readonly system: System;
  readonly effort: number;
  readonly shouldStop?: (() => boolean) | undefined;
}

/** Steps for one question about a tried system. */
const trialLimit = 500_000;

/** The facts of a deployment under a fault model's lasting faults. */
export function lastingFacts(checked: Asking, system: System, deployment: Deployment, model: FaultModel): Facts {
  const { effort, shouldStop } = checked;
  return new Facts(system, deployment, lastingFaults(model), {
    effort,
    shouldStop,
    limit: system === checked.system ? undefined : trialLimit,
  });
}

/** Whether every requirement of the protocol holds in a deployment under a fault model (null: without faults). */
export function requirementsHold(checked: Asking, system: System, deployment: Deployment, model: FaultModel | null): boolean {
  const { effort, shouldStop } = checked;
  const facts = new Facts(system, deployment, model, { effort, shouldStop, limit: system === checked.system ? undefined : trialLimit });
  return (system.protocols[deployment.protocol]?.requirements ?? []).every(
    (requirement) => evaluateRequirement(requirement, facts).holds === true,
  );
}

/** What `ask` answers, null where it would take too long. */
export function ifDecided<T>(ask: () => T | null): T | null {
  try {
    return ask();
  } catch (error) {
    if (error instanceof OutOfWork && !(error instanceof Cancelled)) return null;
    throw error;
  }
}
