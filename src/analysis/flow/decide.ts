import type { Expression } from '../../model/code.ts';
import { deploymentEnvironment } from '../../model/environment.ts';
import { type Environment, Evaluation, EvaluationError, type Scope } from '../../model/evaluate.ts';
import type { Deployment, System } from '../../model/system.ts';
import type { Value } from '../../model/values.ts';
import { childrenOf } from '../../model/walk.ts';
import type { Work } from '../work.ts';
import { exactly, type Interval } from './interval.ts';

/** Members for whom a condition that names `self` is evaluated one by one; of larger deployments nothing is said of it. */
const mostSelves = 24;
/** Work of one evaluation. */
const workOfEvaluation = 40;

/** What is known of the values in a handler before any run: parameters, constants, the deployment; never state. */
export class Known {
  private readonly environment: Environment;
  private readonly selves: readonly Environment[];

  constructor(
    private readonly system: System,
    private readonly deployment: Deployment,
    private readonly work: Work,
  ) {
    this.environment = deploymentEnvironment(system, deployment);
    const { members } = deployment;
    this.selves =
      members.length > mostSelves
        ? []
        : members.map((self) =>
            deploymentEnvironment(system, deployment, {
              given: (name) => {
                if (name === 'self') return self;
                return name === 'peers' ? { kind: 'set', items: members.filter((member) => member !== self) } : undefined;
              },
            }),
          );
  }

  spend(steps: number): void {
    this.work.spend(steps);
  }

  /** The value of an expression where it is the same in every run and for every member; undefined where it is not known. */
  value(expression: Expression, scope: Scope | null): Value | undefined {
    if (!mentionsSelf(expression)) return this.evaluate(expression, this.environment, scope);
    let common: Value | undefined;
    for (const environment of this.selves) {
      const value = this.evaluate(expression, environment, scope);
      if (value === undefined || (common !== undefined && JSON.stringify(common) !== JSON.stringify(value))) return undefined;
      common = value;
    }
    return common;
  }

  /** Whether a condition is true in every run or false in every run; null where that is not known. */
  condition(expression: Expression, scope: Scope | null): boolean | null {
    if (expression.kind === 'unary' && expression.operator === 'not') {
      const operand = this.condition(expression.operand, scope);
      return operand === null ? null : !operand;
    }
    if (expression.kind === 'binary' && (expression.operator === 'and' || expression.operator === 'or')) {
      const decisive = expression.operator === 'or';
      const [left, right] = [this.condition(expression.left, scope), this.condition(expression.right, scope)];
      if (left === decisive || right === decisive) return decisive;
      return left === null || right === null ? null : !decisive;
    }
    const value = this.value(expression, scope);
    return typeof value === 'boolean' ? value : null;
  }

  /** How many nodes, elements or rounds an expression stands for. */
  size(expression: Expression, scope: Scope | null): Interval {
    if (expression.type.kind === 'Node') return exactly(1);
    const { members } = this.deployment;
    const n = members.length;
    if (expression.kind === 'given' && expression.name === 'peers') return exactly(n - 1);
    const value = this.value(expression, scope);
    if (typeof value === 'object' && value !== null) {
      if (value.kind === 'set' || value.kind === 'list') return exactly(value.items.length);
      if (value.kind === 'map') return exactly(value.entries.length);
      if (value.kind === 'range') return exactly(Math.max(0, Math.floor(value.max) - Math.ceil(value.min) + 1));
    }
    if (expression.kind === 'intrinsic' && expression.name === 'choose' && expression.arguments.length === 2) {
      const [from, count] = expression.arguments as [Expression, Expression];
      const all = this.size(from, scope);
      const wanted = this.value(count, scope);
      if (typeof wanted === 'number') return { least: Math.min(all.least, wanted), most: Math.min(all.most, wanted) };
      return { least: 0, most: all.most };
    }
    if (expression.kind === 'method' && ['to_list', 'to_set', 'sorted', 'reversed', 'sorted_by'].includes(expression.method)) {
      const all = this.size(expression.receiver, scope);
      return expression.method === 'to_set' ? { least: Math.min(1, all.least), most: all.most } : all;
    }
    if (expression.kind === 'method' && expression.method === 'filter')
      return { least: 0, most: this.size(expression.receiver, scope).most };
    // Sets of nodes hold no more than there are.
    const nodes = expression.type.kind === 'Set' && expression.type.of.kind === 'Node';
    return { least: 0, most: nodes ? this.system.nodes.length : Number.POSITIVE_INFINITY };
  }

  private evaluate(expression: Expression, environment: Environment, scope: Scope | null): Value | undefined {
    this.work.spend(workOfEvaluation);
    try {
      return new Evaluation(environment).value(expression, scope);
    } catch (error) {
      if (error instanceof EvaluationError) return undefined;
      throw error;
    }
  }
}

function mentionsSelf(expression: Expression): boolean {
  if (expression.kind === 'given' && (expression.name === 'self' || expression.name === 'peers')) return true;
  // What a function names is not looked into: it has no value there if it names `self`.
  return childrenOf(expression).some(mentionsSelf);
}
