import { counted } from '../../base/units.ts';
import type { Expression, GivenName, IntrinsicName } from '../../model/code.ts';
import { deploymentEnvironment } from '../../model/environment.ts';
import { type Environment, EvaluationError, evaluate } from '../../model/evaluate.ts';
import { toQuorum } from '../../model/quorum-values.ts';
import { conjuncts, requirementEnvironment } from '../evaluate-requirement.ts';
import { scaleWeights } from '../exact.ts';
import type { Facts } from '../facts.ts';
import { asWritten } from '../print.ts';
import { NoValue, OutOfWork } from '../work.ts';
import type { Needs } from './structure.ts';

/** One liveness clause (of `a and b` each), as a condition on which members are up. */
export type Clause =
  /** It holds exactly when these needs are met. */
  | { readonly kind: 'needs'; readonly text: string; readonly needs: Needs }
  /** It holds, or does not, whoever fails. */
  | { readonly kind: 'constant'; readonly text: string; readonly holds: boolean }
  | { readonly kind: 'unknown'; readonly text: string; readonly reason: string };

/** Says why a clause is no condition on the members that are up. */
class Undecidable extends Error {}

type Condition = Needs | boolean;

/**
 * The structure of a deployment's `liveness` clauses. Members fail by crashing and nothing else: `available(Q)` is Q over the
 * members that are up, and arithmetic is evaluated with `crashed` and `faulty` (or their weight) replaced by 0, 1, 2, … members
 * down, which gives the most that may be down. Clauses that name none of these do not depend on who fails.
 */
export function livenessClauses(facts: Facts): Clause[] {
  const requirements = facts.system.protocols[facts.deployment.protocol]?.requirements ?? [];
  const reader = new ClauseReader(facts);
  return requirements
    .filter(({ kind }) => kind === 'liveness')
    .flatMap(({ condition, text }) => {
      const parts = conjuncts(condition);
      return parts.map((part) => reader.read(part, parts.length === 1 ? text : asWritten(part)));
    });
}

const counts: readonly GivenName[] = ['crashed', 'faulty'];
const others: readonly GivenName[] = ['byzantine', 'omitting', 'timing', 'byzantine_weight'];

class ClauseReader {
  private readonly environment: Environment;
  /** Members down, and their weight, in the evaluation under way. */
  private down = 0;
  private weight = 0;
  private asked = new Set<'count' | 'weight'>();

  constructor(private readonly facts: Facts) {
    const base = requirementEnvironment(facts);
    this.environment = deploymentEnvironment(facts.system, facts.deployment, {
      ...(base.ask === undefined ? {} : { ask: base.ask }),
      given: (name) => {
        if (counts.includes(name)) {
          this.asked.add('count');
          return this.down;
        }
        if (name === 'crashed_weight') {
          this.asked.add('weight');
          return this.weight;
        }
        return others.includes(name) ? 0 : base.given?.(name);
      },
    });
  }

  read(expression: Expression, text: string): Clause {
    // A claim about the probability itself is no condition on who is up.
    if (mentions(expression, 'availability')) return { kind: 'constant', text, holds: true };
    try {
      const condition = this.condition(expression);
      if (typeof condition === 'boolean') return { kind: 'constant', text, holds: condition };
      return { kind: 'needs', text, needs: condition };
    } catch (error) {
      if (error instanceof Undecidable || error instanceof EvaluationError) return { kind: 'unknown', text, reason: error.message };
      if (error instanceof OutOfWork) return { kind: 'unknown', text, reason: error.reason };
      // A bound that the system does not state: no failure of a node makes it hold.
      if (error instanceof NoValue) return { kind: 'constant', text, holds: false };
      throw error;
    }
  }

  private condition(expression: Expression): Condition {
    if (expression.kind === 'intrinsic' && expression.name === 'available') {
      const [argument] = expression.arguments;
      if (argument === undefined) throw new Undecidable('it names no quorum');
      this.down = 0;
      this.weight = 0;
      return { kind: 'quorum', quorum: toQuorum(evaluate(argument, this.environment)) };
    }
    if (!mentions(expression, 'available')) return this.arithmetic(expression);
    if (expression.kind === 'binary' && (expression.operator === 'and' || expression.operator === 'or')) {
      return joined(expression.operator, this.condition(expression.left), this.condition(expression.right));
    }
    if (expression.kind === 'binary' && expression.operator === 'implies') {
      const left = this.condition(expression.left);
      if (typeof left === 'boolean') return left ? this.condition(expression.right) : true;
    }
    if (expression.kind === 'conditional') {
      const condition = this.condition(expression.condition);
      if (typeof condition === 'boolean') return this.condition(condition ? expression.then : expression.otherwise);
    }
    throw new Undecidable('`available` stands in an expression that more failures could make true');
  }

  /** The most members, or the most weight, that may be down. */
  private arithmetic(expression: Expression): Condition {
    const { members } = this.facts.deployment;
    this.asked = new Set();
    const holds = (down: number, weight: number): boolean => {
      this.down = down;
      this.weight = weight;
      return evaluate(expression, this.environment) === true;
    };
    const scaled = scaleWeights(members.map((node) => this.facts.system.nodes[node]?.weight ?? 1));
    if (scaled === null) throw new OutOfWork('the weights are too large to be added exactly');
    const unit = 10 ** scaled.places;
    const total = scaled.weights.reduce((sum, weight) => sum + weight, 0);
    const none = holds(0, 0);
    const all = holds(members.length, total / unit);
    if (this.asked.size === 0) return none;
    if (!none) {
      if (all) throw new Undecidable('it holds only when members are down');
      return false;
    }
    if (this.asked.size === 2) throw new Undecidable('it counts members and weighs them too');
    if (this.asked.has('count')) {
      const verdicts = Array.from({ length: members.length + 1 }, (_, down) => holds(down, 0));
      const first = verdicts.indexOf(false);
      if (first < 0) return true;
      if (verdicts.includes(true, first)) throw new Undecidable(`it fails with ${counted(first, 'member')} down and holds with more`);
      const of = members.map((node) => ({ kind: 'node' as const, node }));
      return { kind: 'members', formula: { kind: 'atleast', count: members.length - first + 1, of } };
    }
    if (all) return true;
    // Sums of weights are many: the limit is found by halving, and looked over at points on both sides of it.
    let low = 0;
    let high = total;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (holds(0, middle / unit)) low = middle;
      else high = middle;
    }
    for (let i = 0; i <= mostLooks; i++) {
      const weight = Math.floor((total * i) / mostLooks);
      if (holds(0, weight / unit) !== weight <= low) throw new Undecidable('it fails with some weight down and holds with more');
    }
    return { kind: 'members', formula: { kind: 'weighted', threshold: total - low, nodes: members, weights: scaled.weights } };
  }
}

const mostLooks = 200;

function joined(operator: 'and' | 'or', left: Condition, right: Condition): Condition {
  if (typeof left === 'boolean') return left === (operator === 'and') ? right : left;
  if (typeof right === 'boolean') return right === (operator === 'and') ? left : right;
  return { kind: 'atleast', count: operator === 'and' ? 2 : 1, of: [left, right] };
}

/** Whether the expression itself calls a function of the language. */
function mentions(code: unknown, name: IntrinsicName): boolean {
  if (Array.isArray(code)) return code.some((part) => mentions(part, name));
  if (typeof code !== 'object' || code === null) return false;
  if ('kind' in code && code.kind === 'intrinsic' && 'name' in code && code.name === name) return true;
  return Object.values(code).some((part) => mentions(part, name));
}
