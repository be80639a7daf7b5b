import { RuntimeFailure } from '../compiler/program.ts';
import type { Deployment, Scenario } from '../model/system.ts';
import { LimitReached } from './limits.ts';
import type { RunError } from './result.ts';

/**
 * What ended a run, as a report shows it. `actor` is the node that was acting, for `deployment`, at `time` (ns). A failure
 * that is not the specification's is thrown on: it is ours.
 */
export function errorOf(failure: unknown, scenario: Scenario, actor: string, deployment: Deployment | null, time: number): RunError {
  const index = deployment?.index ?? -1;
  if (failure instanceof RuntimeFailure) {
    return { message: failure.message, span: failure.span, node: actor, time, kind: failure.kind, deployment: index };
  }
  if (failure instanceof LimitReached) {
    const { message, span } = failure;
    // What concerns the run as a whole is not the fault of whoever happens to act.
    if (!span) return { message, span: scenario.nameSpan, node: '', time, kind: 'limit', deployment: -1 };
    return { message, span, node: actor, time, kind: 'limit', deployment: index };
  }
  if (failure instanceof RangeError) {
    const span = deployment?.nameSpan ?? scenario.nameSpan;
    return { message: 'a handler needs more memory or stack than it may use', span, node: actor, time, kind: 'limit', deployment: index };
  }
  throw failure;
}
