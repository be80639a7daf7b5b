import type { Expression, GivenName, Requirement } from '../model/code.ts';
import { deploymentEnvironment } from '../model/environment.ts';
import { type Environment, EvaluationError, evaluate } from '../model/evaluate.ts';
import type { Availability } from './availability.ts';
import type { Facts } from './facts.ts';
import type { Split } from './intersection.ts';
import { asWritten } from './print.ts';
import { NoValue, OutOfWork } from './work.ts';

/** Why a requirement does not hold: what its message, witness and mends are made from. */
export type Cause =
  | { readonly kind: 'intersect'; readonly quorums: readonly string[]; readonly split: Split }
  | { readonly kind: 'available'; readonly quorum: string; readonly loss: Availability & { readonly verdict: 'fails' } }
  | { readonly kind: 'no-quorum'; readonly quorum: string }
  /** `delay` is named and the timing model has none. */
  | { readonly kind: 'no-delay' }
  /** `diameter` is named and some members cannot reach each other. */
  | { readonly kind: 'cut-off' }
  /** Arithmetic over the names used. */
  | { readonly kind: 'numbers' };

export type Outcome =
  | { readonly holds: true; readonly used: ReadonlySet<GivenName> }
  | {
      readonly holds: false;
      readonly cause: Cause;
      /** The part of the clause that is false: of `a and b` the first of the two that is. */
      readonly part: Expression;
      readonly used: ReadonlySet<GivenName>;
    }
  | { readonly holds: 'undecided'; readonly reason: string }
  /** The clause has no value: null where that is reported elsewhere. */
  | { readonly holds: 'unknown'; readonly error: EvaluationError | null };

/** Thrown out of the evaluator for a name that has no value for a reason worth its own words. */
class Without extends NoValue {
  constructor(readonly why: Cause) {
    super(why.kind);
    this.name = 'Without';
  }
}

/** A requirement's verdict for one deployment under one fault model. */
export function evaluateRequirement(requirement: Requirement, facts: Facts): Outcome {
  const used = new Set<GivenName>();
  const observed = observe(facts);
  for (const part of conjuncts(requirement.condition)) {
    observed.used = new Set();
    observed.causes = [];
    try {
      const value = evaluate(part, observed.environment);
      for (const name of observed.used) used.add(name);
      if (value === true) continue;
      return { holds: false, cause: observed.causes[0] ?? { kind: 'numbers' }, part, used: new Set(observed.used) };
    } catch (error) {
      if (error instanceof OutOfWork) return { holds: 'undecided', reason: error.reason };
      if (error instanceof Without) return { holds: false, cause: error.why, part, used: new Set(observed.used) };
      if (error instanceof EvaluationError) return { holds: 'unknown', error: error.kind === 'missing' ? null : error };
      throw error;
    }
  }
  return { holds: true, used };
}

/** What requirements see of a deployment under a fault model. */
export function requirementEnvironment(facts: Facts): Environment {
  return observe(facts).environment;
}

/** An environment that notes what an evaluation asks of it. */
interface Observed {
  readonly environment: Environment;
  /** Given names that were asked for. */
  used: Set<GivenName>;
  /** Predicates that were false, in order. */
  causes: Cause[];
}

const environments = new WeakMap<Facts, Observed>();

/** One environment for all requirements of a deployment under a fault model: it is costly to make. */
function observe(facts: Facts): Observed {
  const known = environments.get(facts);
  if (known !== undefined) return known;
  const observed = makeObserved(facts);
  environments.set(facts, observed);
  return observed;
}

/**
 * Without quorums nothing can be split, so `intersect` holds then; that no quorum can form is a finding of its own.
 */
function makeObserved(facts: Facts): Observed {
  const { system, deployment } = facts;
  const environment = deploymentEnvironment(system, deployment, {
    given: (name) => {
      observed.used.add(name);
      if (name === 'delay' && system.timing.delay === null) throw new Without({ kind: 'no-delay' });
      if (name === 'diameter' && facts.diameter() === null) throw new Without({ kind: 'cut-off' });
      return facts.given(name);
    },
    predicate: (name, quorums, expression) => {
      const names = expression.kind === 'intrinsic' ? expression.arguments.map(asWritten) : [];
      const [first, second] = quorums;
      if (first === undefined) return undefined;
      if (name === 'available') {
        const answer = facts.available(first);
        if (answer.verdict === 'no-quorum') observed.causes.push({ kind: 'no-quorum', quorum: names[0] ?? '' });
        if (answer.verdict === 'fails') observed.causes.push({ kind: 'available', quorum: names[0] ?? '', loss: answer });
        return answer.verdict === 'holds';
      }
      const answer = facts.intersect(first, second ?? first);
      if (answer.verdict === 'fails') observed.causes.push({ kind: 'intersect', quorums: names, split: answer.split });
      return answer.verdict !== 'fails';
    },
  });
  const observed: Observed = { environment, used: new Set(), causes: [] };
  return observed;
}

function conjuncts(expression: Expression): Expression[] {
  if (expression.kind === 'binary' && expression.operator === 'and') {
    return [...conjuncts(expression.left), ...conjuncts(expression.right)];
  }
  return [expression];
}
