import type { Expression, GivenName, IntrinsicName } from '../../model/code.ts';
import { deploymentEnvironment } from '../../model/environment.ts';
import { type Environment, EvaluationError, evaluate } from '../../model/evaluate.ts';
import { toQuorum } from '../../model/quorum-values.ts';
import type { QuorumSystem, Value } from '../../model/values.ts';
import { conjuncts, requirementEnvironment } from '../evaluate-requirement.ts';
import { scaleWeights } from '../exact.ts';
import type { Facts } from '../facts.ts';
import type { Formula } from '../formula.ts';
import { asWritten } from '../print.ts';
import { NoValue, OutOfWork } from '../work.ts';

/** One clause (of `a and b` each) as a condition on which members are without fault. */
export type Clause<C> =
  /** It holds exactly when this does. */
  | { readonly kind: 'condition'; readonly text: string; readonly condition: C }
  /** It holds, or does not, whoever fails. */
  | { readonly kind: 'constant'; readonly text: string; readonly holds: boolean }
  | { readonly kind: 'unknown'; readonly text: string; readonly reason: string };

/** How clauses are read as conditions on random faults of one kind. */
export interface Reading<C> {
  readonly requirements: 'safety' | 'liveness';
  /** The function of quorums that depends on these faults. */
  readonly predicate: IntrinsicName;
  /** Functions of which sets of members may fail in this way: they say nothing of the set that does. */
  readonly opaque: readonly IntrinsicName[];
  /** A claim about the probability itself, which is no condition. */
  readonly claim: IntrinsicName;
  /** Numbers that count the members that fail this way, or weigh them. */
  readonly counts: readonly GivenName[];
  readonly weights: readonly GivenName[];
  /** What other numbers of the fault model are, where not as it says. */
  readonly others: (name: GivenName) => Value | undefined;
  readonly quorums: (quorums: readonly QuorumSystem[]) => C;
  /** A threshold of members without fault. */
  readonly members: (formula: Formula) => C;
  readonly joined: (operator: 'and' | 'or', left: C, right: C) => C;
}

/** Says why a clause is no condition. */
class Undecidable extends Error {}

/**
 * The deployment's clauses of one kind as conditions on who fails: predicates over quorums as they are, arithmetic evaluated
 * with its numbers replaced by 0, 1, 2, … faulty members (or their weight), which gives the most that may be faulty.
 */
export function readClauses<C extends object>(facts: Facts, reading: Reading<C>): Clause<C>[] {
  const requirements = facts.system.protocols[facts.deployment.protocol]?.requirements ?? [];
  const reader = new ClauseReader(facts, reading);
  return requirements
    .filter(({ kind }) => kind === reading.requirements)
    .flatMap(({ condition, text }) => {
      const parts = conjuncts(condition);
      return parts.map((part) => reader.read(part, parts.length === 1 ? text : asWritten(part)));
    });
}

class ClauseReader<C extends object> {
  private readonly environment: Environment;
  /** Faulty members, and their weight, in the evaluation under way. */
  private faulty = 0;
  private weight = 0;
  private asked = new Set<'count' | 'weight'>();

  constructor(
    private readonly facts: Facts,
    private readonly reading: Reading<C>,
  ) {
    const base = requirementEnvironment(facts);
    this.environment = deploymentEnvironment(facts.system, facts.deployment, {
      ...(base.ask === undefined ? {} : { ask: base.ask }),
      given: (name) => {
        if (reading.counts.includes(name)) {
          this.asked.add('count');
          return this.faulty;
        }
        if (reading.weights.includes(name)) {
          this.asked.add('weight');
          return this.weight;
        }
        return reading.others(name) ?? base.given?.(name);
      },
    });
  }

  read(expression: Expression, text: string): Clause<C> {
    if (mentions(expression, this.reading.claim)) return { kind: 'constant', text, holds: true };
    try {
      const condition = this.condition(expression);
      return typeof condition === 'boolean' ? { kind: 'constant', text, holds: condition } : { kind: 'condition', text, condition };
    } catch (error) {
      if (error instanceof Undecidable || error instanceof EvaluationError) return { kind: 'unknown', text, reason: error.message };
      if (error instanceof OutOfWork) return { kind: 'unknown', text, reason: error.reason };
      // A bound that the system does not state: no node's fate makes it hold.
      if (error instanceof NoValue) return { kind: 'constant', text, holds: false };
      throw error;
    }
  }

  private condition(expression: Expression): C | boolean {
    const { predicate, quorums } = this.reading;
    if (expression.kind === 'intrinsic' && expression.name === predicate) {
      this.faulty = 0;
      this.weight = 0;
      return quorums(expression.arguments.map((argument) => toQuorum(evaluate(argument, this.environment))));
    }
    const opaque = this.reading.opaque.find((name) => mentions(expression, name));
    if (opaque !== undefined) throw new Undecidable(`\`${opaque}\` is about the fault sets that are admitted, not about one that happens`);
    if (!mentions(expression, predicate)) return this.arithmetic(expression);
    if (expression.kind === 'binary' && (expression.operator === 'and' || expression.operator === 'or')) {
      return this.joined(expression.operator, this.condition(expression.left), this.condition(expression.right));
    }
    if (expression.kind === 'binary' && expression.operator === 'implies') {
      const left = this.condition(expression.left);
      if (typeof left === 'boolean') return left ? this.condition(expression.right) : true;
    }
    if (expression.kind === 'conditional') {
      const condition = this.condition(expression.condition);
      if (typeof condition === 'boolean') return this.condition(condition ? expression.then : expression.otherwise);
    }
    throw new Undecidable(`\`${predicate}\` stands in an expression that more failures could make true`);
  }

  private joined(operator: 'and' | 'or', left: C | boolean, right: C | boolean): C | boolean {
    if (typeof left === 'boolean') return left === (operator === 'and') ? right : left;
    if (typeof right === 'boolean') return right === (operator === 'and') ? left : right;
    return this.reading.joined(operator, left, right);
  }

  /** The most members, or the most weight, that may be faulty. */
  private arithmetic(expression: Expression): C | boolean {
    const { members } = this.facts.deployment;
    this.asked = new Set();
    const holds = (faulty: number, weight: number): boolean => {
      this.faulty = faulty;
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
      if (all) throw new Undecidable('it holds only when members fail');
      return false;
    }
    if (this.asked.size === 2) throw new Undecidable('it counts members and weighs them too');
    if (this.asked.has('count')) {
      const most = limitOf(members.length, (count) => holds(count, 0), 'members');
      if (most === members.length) return true;
      const of = members.map((node) => ({ kind: 'node' as const, node }));
      return this.reading.members({ kind: 'atleast', count: members.length - most, of });
    }
    const most = limitOf(total, (weight) => holds(0, weight / unit), 'weight');
    if (most === total) return true;
    return this.reading.members({ kind: 'weighted', threshold: total - most, nodes: members, weights: scaled.weights });
  }
}

/** So many amounts are tried one by one. */
const mostTried = 512;
/** Of more than that so many are looked at beside the search by halving. */
const mostLooks = 200;

/** The largest amount of 0..total with which a clause holds that holds with 0 and not with all. It must hold with every smaller one. */
function limitOf(total: number, holds: (amount: number) => boolean, what: 'members' | 'weight'): number {
  const broken = (): Undecidable => new Undecidable(`it fails with some ${what} faulty and holds with more`);
  if (total <= mostTried) {
    let most = 0;
    for (let amount = 1; amount <= total; amount++) {
      if (!holds(amount)) continue;
      if (most < amount - 1) throw broken();
      most = amount;
    }
    return most;
  }
  let low = 0;
  let high = total;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  for (let i = 0; i <= mostLooks; i++) {
    const amount = Math.floor((total * i) / mostLooks);
    if (holds(amount) !== amount <= low) throw broken();
  }
  return low;
}

/** Whether the expression calls a function of the language. */
function mentions(code: unknown, name: IntrinsicName): boolean {
  if (Array.isArray(code)) return code.some((part) => mentions(part, name));
  if (typeof code !== 'object' || code === null) return false;
  if ('kind' in code && code.kind === 'intrinsic' && 'name' in code && code.name === name) return true;
  return Object.values(code).some((part) => mentions(part, name));
}
