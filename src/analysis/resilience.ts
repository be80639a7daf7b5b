import { counted } from '../base/units.ts';
import type { GivenName, Requirement } from '../model/code.ts';
import type { Deployment, FaultModel, NodeFault, System } from '../model/system.ts';
import { type Outcome, requirementEnvironment } from './evaluate-requirement.ts';
import type { Facts } from './facts.ts';
import { withNumbers } from './print.ts';
import { numbersOf, worstFaults } from './requirement-findings.ts';
import { memberBudget, toleranceOf, withBudget } from './tolerance.ts';
import { faultPhrase, hasFaults } from './words.ts';
import { OutOfWork } from './work.ts';

/** One deployment under one fault model, in numbers and words: for hovers, lenses and reports. */
export interface ResilienceCard {
  /** Index in System.deployments. */
  readonly deployment: number;
  readonly protocol: string;
  /** Null where the system has no fault model. */
  readonly faultModel: string | null;
  readonly requirements: readonly RequirementVerdict[];
  /** n, crashed, byzantine, … as the requirements see them; durations in nanoseconds. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly summary: string;
}

export interface RequirementVerdict {
  readonly kind: 'safety' | 'liveness';
  readonly text: string;
  readonly holds: boolean | 'undecided';
  /** The clause with its numbers, or why it is undecided. */
  readonly detail: string;
}

export interface Evaluated {
  readonly requirement: Requirement;
  readonly outcome: Outcome;
}

const alwaysTold: readonly GivenName[] = ['crashed', 'omitting', 'byzantine', 'faulty', 'timing'];

/** The card of verdicts that were already computed. */
export function makeCard(facts: Facts, outcomes: readonly Evaluated[]): ResilienceCard {
  const { system, deployment } = facts;
  const used = new Set<GivenName>();
  for (const { outcome } of outcomes) if ('used' in outcome) for (const name of outcome.used) used.add(name);
  // What may fail at once is told even where no requirement names it: predicates are about it too.
  for (const name of alwaysTold) if (attempt(() => (facts.quantity(name)?.value ?? 0) > 0) === true) used.add(name);
  const numbers = numbersOf(used, facts);
  return {
    deployment: deployment.index,
    protocol: system.protocols[deployment.protocol]?.name ?? '',
    faultModel: facts.family.model?.name ?? null,
    requirements: outcomes.map((evaluated) => verdictOf(evaluated, facts)),
    numbers,
    summary: summaryOf(facts, outcomes),
  };
}

/** A requirement's verdict as faces show it. */
export function verdictOf({ requirement, outcome }: Evaluated, facts: Facts): RequirementVerdict {
  return {
    kind: requirement.kind,
    text: requirement.text,
    holds: typeof outcome.holds === 'boolean' ? outcome.holds : 'undecided',
    detail: detailOf(requirement, outcome, facts),
  };
}

/** The answer, or null when it takes too much work. */
function attempt<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof OutOfWork) return null;
    throw error;
  }
}

function detailOf(requirement: Requirement, outcome: Outcome, facts: Facts): string {
  if (outcome.holds === 'undecided') return outcome.reason;
  if (outcome.holds === 'unknown') return outcome.error?.message ?? 'it has no value';
  if (outcome.holds === false) {
    switch (outcome.cause.kind) {
      case 'available':
        return outcome.cause.loss.how === 'partition'
          ? 'not with a partition that never heals'
          : `not with ${faultPhrase(facts.system, outcome.cause.loss.faults)}`;
      case 'intersect':
        return outcome.cause.split.shared.length === 0
          ? 'two quorums share no member'
          : 'two quorums share only members that may be Byzantine';
      case 'no-quorum':
        return 'no quorum can form';
      case 'told':
        return outcome.cause.told.short;
      case 'no-delay':
        return 'message delay has no bound';
      case 'cut-off':
        return 'some members cannot reach each other';
    }
  }
  const { condition } = requirement;
  if (condition.kind === 'intrinsic' && condition.name === 'available') return 'every admissible fault set leaves a quorum';
  if (condition.kind === 'intrinsic' && condition.name === 'intersect') return 'any two quorums share a member that is sure to be honest';
  // That a question which is only true or false is true says no more than that it holds.
  if (condition.kind === 'intrinsic' && condition.type.kind === 'Bool') return '';
  // Failures of `delay` and `diameter` are handled above, so the names have values here.
  return withNumbers(condition, requirementEnvironment(facts));
}

function summaryOf(facts: Facts, outcomes: readonly Evaluated[]): string {
  const failure = outcomes.find(({ outcome }) => outcome.holds === false);
  if (failure !== undefined && failure.outcome.holds === false) {
    const faults = worstFaults(failure.outcome, facts);
    const clause = `${failure.requirement.kind}: ${failure.requirement.text}`;
    const struck = faults === null || !hasFaults(faults) ? [] : [faultPhrase(facts.system, faults)];
    const { cause } = failure.outcome;
    if (cause.kind === 'available' && cause.loss.how === 'partition') struck.push('a partition that never heals');
    if (struck.length === 0) return `fails even without faults (${clause})`;
    return `first killed by: ${struck.join(' and ')} (${clause})`;
  }
  if (outcomes.length === 0) return 'asks nothing of its deployment';
  if (outcomes.some(({ outcome }) => outcome.holds !== true)) return 'not fully decided';
  const { model } = facts.family;
  const survives = model === null ? 'holds without faults' : 'survives every admissible fault set';
  const margin = marginOf(
    facts,
    outcomes.map(({ requirement }) => requirement),
  );
  return margin === null ? survives : `${survives}; ${margin}`;
}

/** Beyond it the search for the margin would be felt. */
const mostMembersForMargin = 100;

/** How many members may crash, or be Byzantine, when nothing else fails. */
function marginOf(facts: Facts, requirements: readonly Requirement[]): string | null {
  const { system, deployment } = facts;
  const total = deployment.members.length;
  if (total === 0 || total > mostMembersForMargin) return null;
  const crashes = tolerated(system, deployment, requirements, 'crash');
  const liars = tolerated(system, deployment, requirements, 'byzantine');
  const parts: string[] = [];
  if (crashes !== null) parts.push(`alone, ${crashes === 0 ? 'none' : `any ${crashes}`} of ${counted(total, 'member')} may crash`);
  if (liars !== null && liars > 0) parts.push(`any ${liars} may be Byzantine`);
  return parts.length === 0 ? null : parts.join(', ');
}

/** The most faults of one kind among the members, nothing else failing, under which all requirements hold; null when undecided. */
export function tolerated(system: System, deployment: Deployment, requirements: readonly Requirement[], kind: NodeFault): number | null {
  const modelWith = (count: number): FaultModel => withBudget(null, deployment, memberBudget(deployment, kind, count));
  const options = { limit: 200_000 };
  const found = toleranceOf({ system, deployment, requirements, most: deployment.members.length, modelWith, options });
  return found?.exact ? found.tolerated : null;
}
