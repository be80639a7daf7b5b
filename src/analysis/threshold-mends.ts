import type { Expression } from '../model/code.ts';
import { systemEnvironment } from '../model/environment.ts';
import { EvaluationError, evaluate } from '../model/evaluate.ts';
import { spanKey } from '../model/expand.ts';
import type { Deployment, System } from '../model/system.ts';
import type { SystemCode } from '../model/system-code.ts';
import { nodesOf } from '../model/value-operations.ts';
import { childrenOf } from '../model/walk.ts';
import { type Candidate, mostAdded } from './mend-candidates.ts';

/** A threshold that is written as a number, in a quorum of the system or in an argument of a run. */
interface Threshold {
  readonly literal: Expression & { readonly kind: 'literal' };
  readonly value: number;
  /** The largest that can be met: the number of parts, or their weight. */
  readonly most: number;
  /** What messages call it: "of `Q`". */
  readonly of: string;
}

/**
 * Other thresholds for the quorums that a run passes to these parameters: one more, one less, two more, … Each threshold is
 * one direction, since a smaller quorum mends availability and a larger one intersection. Those that no set of nodes meets
 * are left out.
 */
export function thresholdMends(
  code: SystemCode,
  system: System,
  deployment: Deployment,
  parameters: ReadonlySet<string>,
): Iterable<Candidate>[] {
  const written = code.runs[deployment.index]?.arguments.filter((argument) => parameters.has(argument.name)) ?? [];
  const found = new Map<string, Threshold>();
  const seen = new Set<string>();
  const visit = (expression: Expression, of: string): void => {
    if (expression.kind === 'quorum' && !seen.has(expression.name)) {
      seen.add(expression.name);
      const quorum = code.quorums.find(({ name }) => name === expression.name);
      if (quorum !== undefined) visit(quorum.value, `\`${quorum.name}\``);
    }
    const threshold = thresholdOf(expression, system, of);
    if (threshold !== null) found.set(spanKey(threshold.literal.span), threshold);
    for (const child of childrenOf(expression)) visit(child, of);
  };
  for (const { name, value } of written) visit(value, `\`${name}\` of the run`);
  return [...found.values()].map((threshold) => candidates(threshold));
}

/** `atleast(3, …)` and `weighted(…, 5)`; null for all else. */
function thresholdOf(expression: Expression, system: System, of: string): Threshold | null {
  if (expression.kind !== 'intrinsic' || (expression.name !== 'atleast' && expression.name !== 'weighted')) return null;
  const [count, parts] = expression.name === 'atleast' ? expression.arguments : [...expression.arguments].reverse();
  if (count === undefined || parts === undefined) return null;
  const literal = count.kind === 'convert' ? count.value : count;
  if (literal.kind !== 'literal' || typeof literal.value !== 'number' || !Number.isInteger(literal.value)) return null;
  const most = expression.name === 'atleast' ? partCount(parts, system) : totalWeight(parts, system);
  return most === null ? null : { literal, value: literal.value, most, of };
}

function partCount(parts: Expression, system: System): number | null {
  return parts.kind === 'list' ? parts.items.length : (nodesIn(parts, system)?.length ?? null);
}

function totalWeight(parts: Expression, system: System): number | null {
  return nodesIn(parts, system)?.reduce((sum, node) => sum + (system.nodes[node]?.weight ?? 1), 0) ?? null;
}

function nodesIn(parts: Expression, system: System): readonly number[] | null {
  try {
    return nodesOf(evaluate(parts, systemEnvironment(system)));
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

function* candidates({ literal, value, most, of }: Threshold): Generator<Candidate> {
  for (let step = 1; step <= mostAdded; step++) {
    for (const changed of [value + step, value - step]) {
      if (changed < 1 || changed > most) continue;
      yield {
        title: `${changed > value ? 'Raise' : 'Lower'} the threshold of ${of} from ${value} to ${changed}`,
        edits: [{ span: literal.span, text: String(changed) }],
        cost: step,
        weakens: false,
        key: `threshold ${spanKey(literal.span)} ${changed}`,
        overrides: { literals: { [spanKey(literal.span)]: changed } },
      };
    }
  }
}
