import type { Expression, GivenName, Requirement } from '../model/code.ts';
import { deploymentEnvironment } from '../model/environment.ts';
import { type Environment, EvaluationError, evaluate } from '../model/evaluate.ts';
import type { QuestionName } from '../model/questions.ts';
import type { Facts } from './facts.ts';
import { throwWhereCutOff } from './network/cut-off.ts';
import { throwWhereUnhealed } from './network/longest-partition.ts';
import { asWritten } from './print.ts';
import { type Answer, type Asked, BadArgument, NoAnswer, NoDelayBound, type QuestionCause } from './questions/answer.ts';
import { answerQuestion } from './questions/index.ts';
import { NoValue, OutOfWork } from './work.ts';

/** Why a requirement does not hold: what its message, witness and mends are made from. */
export type Cause =
  | QuestionCause
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
      /** What the answers that gave numbers have to say besides. */
      readonly remarks: readonly string[];
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
    observed.remarks = new Set();
    try {
      const value = evaluate(part, observed.environment);
      for (const name of observed.used) used.add(name);
      if (value === true) continue;
      return failed(observed.causes[0] ?? { kind: 'numbers' }, part, observed);
    } catch (error) {
      if (error instanceof OutOfWork) return { holds: 'undecided', reason: error.reason };
      if (error instanceof Without) return failed(error.why, part, observed);
      if (error instanceof NoAnswer) return failed(error.reason, part, observed);
      if (error instanceof NoDelayBound) return failed({ kind: 'no-delay' }, part, observed);
      if (error instanceof EvaluationError) return { holds: 'unknown', error: error.kind === 'missing' ? null : error };
      throw error;
    }
  }
  return { holds: true, used };
}

function failed(cause: Cause, part: Expression, { used, remarks }: Observed): Outcome {
  return { holds: false, cause, part, used: new Set(used), remarks: [...remarks] };
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
  remarks: Set<string>;
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

function makeObserved(facts: Facts): Observed {
  const { system, deployment } = facts;
  const environment = deploymentEnvironment(system, deployment, {
    given: (name) => {
      observed.used.add(name);
      if ((name === 'delay' || name === 'gst') && system.timing.delay === null) throw new Without({ kind: 'no-delay' });
      if (name === 'diameter' && facts.diameter() === null) throw new Without({ kind: 'cut-off' });
      if (name === 'worst_diameter') throwWhereCutOff(facts);
      if (name === 'longest_partition') throwWhereUnhealed(facts);
      return facts.given(name);
    },
    ask: ({ name, arguments: values, expression }) => {
      const { value, cause, remarks } = answered(name, { facts, values, texts: expression.arguments.map(asWritten) }, expression);
      if (cause !== undefined) observed.causes.push(cause);
      for (const remark of remarks ?? []) observed.remarks.add(remark);
      return value;
    },
  });
  const observed: Observed = { environment, used: new Set(), causes: [], remarks: new Set() };
  return observed;
}

function answered(name: QuestionName, asked: Asked, expression: Expression & { readonly kind: 'intrinsic' }): Answer {
  try {
    return answerQuestion(name, asked);
  } catch (error) {
    if (error instanceof BadArgument) throw new EvaluationError(error.message, expression.arguments[error.index]?.span ?? expression.span);
    throw error;
  }
}

/** `a and b and c` as its parts. */
export function conjuncts(expression: Expression): Expression[] {
  if (expression.kind === 'binary' && expression.operator === 'and') {
    return [...conjuncts(expression.left), ...conjuncts(expression.right)];
  }
  return [expression];
}
