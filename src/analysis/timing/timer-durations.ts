import type { Expression, ProtocolCode } from '../../model/code.ts';
import { infimum, supremum, upperQuantile } from '../../model/distributions.ts';
import { deploymentEnvironment } from '../../model/environment.ts';
import { EvaluationError, evaluate } from '../../model/evaluate.ts';
import type { Deployment, System } from '../../model/system.ts';
import type { Value } from '../../model/values.ts';
import { walkExpression } from '../../model/walk.ts';

/** For how long a timer is set, ns. */
export interface DurationRange {
  readonly shortest: number;
  readonly longest: number;
  /** State on which it depends: the range is then that of the first time, with the state's initial values. */
  readonly state: readonly string[];
}

/** How long `set t after delay` sets a timer for in a deployment; null where only a run can tell. */
export function durationRange(system: System, deployment: Deployment, delay: Expression): DurationRange | null {
  const protocol = system.protocols[deployment.protocol];
  if (protocol === undefined) return null;
  const environment = deploymentEnvironment(system, deployment);
  const state = new Set<string>();
  walkExpression(delay, (inner) => {
    if (inner.kind === 'state') state.add(inner.name);
  });
  const bound = (end: 'low' | 'high'): number | null => {
    const value = evaluate(
      settled(delay, protocol, end, (source) => evaluate(source, environment)),
      environment,
    );
    return delayAt(value, end);
  };
  try {
    const low = bound('low');
    const high = bound('high');
    if (low === null || high === null || !(Math.min(low, high) >= 0)) return null;
    return { shortest: Math.min(low, high), longest: Math.max(low, high), state: [...state] };
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}

/** The expression with state at its initial value and draws at one end of what they are drawn from. */
function settled(
  expression: Expression,
  protocol: ProtocolCode,
  end: 'low' | 'high',
  evaluated: (source: Expression) => Value,
): Expression {
  const visit = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(visit);
    if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) return part;
    if ('kind' in part && 'type' in part && 'span' in part) {
      const inner = part as Expression;
      if (inner.kind === 'literal') return inner;
      if (inner.kind === 'state') return protocol.state.find(({ name }) => name === inner.name)?.initial ?? inner;
      if (inner.kind === 'intrinsic' && inner.name === 'random') {
        const source = inner.arguments[0];
        const drawn = source === undefined ? null : delayAt(evaluated(visit(source) as Expression), end);
        return drawn === null ? inner : ({ kind: 'literal', value: drawn, type: inner.type, span: inner.span } satisfies Expression);
      }
    }
    return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, visit(value)]));
  };
  return visit(expression) as Expression;
}

/**
 * The least or the largest value of a number, range or distribution; of a distribution with tails the value that a
 * hundredth of the draws lies below, or above.
 */
function delayAt(value: Value, end: 'low' | 'high'): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'object' || value === null) return null;
  switch (value.kind) {
    case 'range':
      return end === 'low' ? value.min : value.max;
    case 'constant':
    case 'uniform':
      return end === 'low' ? infimum(value) : supremum(value);
    case 'normal':
    case 'lognormal':
    case 'exponential':
    case 'pareto':
    case 'empirical':
      return upperQuantile(value, end === 'low' ? 0.99 : 0.01);
    default:
      return null;
  }
}
