import { type Program, RuntimeFailure } from '../compiler/program.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Deployment, System } from '../model/system.ts';
import { LimitReached } from './limits.ts';
import { handlerSpan } from './places.ts';
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

/** Steps without end within one instant, with the handler that was the last to act where one was. */
export function endlessInstant(
  system: System,
  acting: { readonly deployment: Deployment; readonly program: Program } | null,
  trigger: 'message' | 'timeout' | 'operation' | 'local',
  index: number,
  steps: number,
): LimitReached {
  const causes = system.deployments.some(({ uses }) => uses.length > 0)
    ? 'messages to oneself, timers without delay or protocols that call each other on a node, without an end'
    : 'messages to oneself or timers without delay that never end';
  const message = `${steps} steps follow one another within one instant: ${causes}`;
  if (!acting) return new LimitReached(message, null);
  const { deployment, program } = acting;
  const names = {
    message: program.messages,
    operation: program.operations,
    timeout: program.timers.map((name) => ({ name })),
    local: program.localTriggers,
  };
  const name = names[trigger][index]?.name ?? '';
  return new LimitReached(`${message} (last: \`${name}\`)`, handlerSpan(system, deployment, trigger, name));
}
