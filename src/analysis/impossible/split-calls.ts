import type { Expression, SpecificationCode } from '../../model/code.ts';
import { systemEnvironment } from '../../model/environment.ts';
import { EvaluationError, evaluate } from '../../model/evaluate.ts';
import type { Scenario } from '../../model/scenario.ts';
import type { System, WorkloadCall } from '../../model/system.ts';
import { expressionsOf, walkExpression, walkStatements } from '../../model/walk.ts';

/** A stretch of a scenario during which the network is split in the same way. Times in ns. */
export interface Split {
  readonly from: number;
  readonly to: number;
  /** Side of each node. */
  readonly side: Int32Array;
  readonly sides: number;
}

/** The partitions of a scenario that do not overlap in time; of those that do the later one counts from where the earlier ends. */
export function splitsOf(system: System, scenario: Scenario): Split[] {
  const splits: Split[] = [];
  let free = 0;
  for (const { at, action, when, choice } of scenario.actions) {
    if ((action.kind !== 'partition' && action.kind !== 'isolate') || when || choice) continue;
    const heal = scenario.actions.find((later) => later.action.kind === 'heal' && later.at >= at)?.at ?? Number.POSITIVE_INFINITY;
    const from = Math.max(at, free);
    const to = Math.min(scenario.duration, at + (action.for ?? Number.POSITIVE_INFINITY), heal);
    if (to <= from) continue;
    const side = new Int32Array(system.nodes.length);
    const parts = action.kind === 'partition' ? action.sides : action.nodes.map((node) => [node]);
    parts.forEach((nodes, index) => {
      for (const node of nodes) side[node] = index + 1;
    });
    splits.push({ from, to, side, sides: parts.length + 1 });
    free = to;
  }
  return splits;
}

/** A promise of a scenario about one operation: this share of its calls is answered. */
export interface Promised {
  readonly deployment: number;
  readonly operation: string;
  readonly least: number;
}

/** `expect success(Op) >= x`, also within `and`; null bounds (what is not known before a run) are left out. */
export function promisesOf(system: System, scenario: Scenario): Promised[] {
  const found: Promised[] = [];
  const visit = (condition: Expression): void => {
    if (condition.kind !== 'binary') return;
    if (condition.operator === 'and') {
      visit(condition.left);
      visit(condition.right);
      return;
    }
    const mirrored = condition.operator === '<=' || condition.operator === '<';
    if (!mirrored && !['>=', '>', '=='].includes(condition.operator)) return;
    const metric = bare(mirrored ? condition.right : condition.left);
    if (metric.kind !== 'metric' || metric.metric.kind !== 'success') return;
    const least = numberOf(mirrored ? condition.left : condition.right, system);
    if (least !== null) found.push({ deployment: metric.metric.deployment, operation: metric.metric.operation, least });
  };
  for (const { expect } of scenario.expectations) if (expect.kind === 'metric') visit(expect.condition);
  return found;
}

function bare(expression: Expression): Expression {
  return expression.kind === 'convert' ? bare(expression.value) : expression;
}

function numberOf(expression: Expression, system: System): number | null {
  try {
    const value = evaluate(expression, systemEnvironment(system));
    return typeof value === 'number' ? value : null;
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

/** What an operation of a sequential specification changes, and what its answer tells of. */
export interface Access {
  readonly writes: ReadonlySet<string>;
  readonly reads: ReadonlySet<string>;
  /** Whether it reads or writes parts of a collection, so that two calls need not concern each other. */
  readonly keyed: boolean;
}

export function accessOf(specification: SpecificationCode, operation: string): Access {
  const writes = new Set<string>();
  const reads = new Set<string>();
  const body = specification.operations.find(({ name }) => name === operation)?.body ?? [];
  walkStatements(body, (statement) => {
    if (statement.kind === 'assign' && statement.place.root.kind === 'state') writes.add(statement.place.root.name);
    if (statement.kind !== 'reply-call') return;
    for (const expression of expressionsOf(statement)) {
      walkExpression(expression, (inner) => {
        if (inner.kind === 'state') reads.add(inner.name);
      });
    }
  });
  const collections = new Set(
    specification.state.filter(({ type }) => type.kind === 'Map' || type.kind === 'List' || type.kind === 'Set').map(({ name }) => name),
  );
  return { writes, reads, keyed: [...writes, ...reads].some((name) => collections.has(name)) };
}

/** How long a call of an operation may take, all attempts together, ns; null where it is never given up. */
export function patienceOf({ timeout, retries }: WorkloadCall): number | null {
  return timeout === null ? null : timeout * (retries + 1);
}
