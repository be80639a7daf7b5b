import type { Span } from '../base/source.ts';
import { localTriggerName } from '../compiler/used.ts';
import type { Deployment, System } from '../model/system.ts';

/** The line that a message of the simulator points at when only the trigger of a handler is known. */
export function handlerSpan(
  system: System,
  deployment: Deployment,
  kind: 'message' | 'timeout' | 'operation' | 'local',
  name: string,
): Span {
  const protocol = system.protocols[deployment.protocol];
  const handler = protocol?.handlers.find(({ trigger }) => {
    if (trigger.kind === 'message') return kind === 'message' && trigger.message === name;
    if (trigger.kind === 'used-event' || trigger.kind === 'answer') return kind === 'local' && localTriggerName(trigger) === name;
    if (trigger.kind === 'timeout') return kind === 'timeout' && trigger.timer === name;
    return trigger.kind === 'operation' && kind === 'operation' && trigger.operation === name;
  });
  return handler?.headSpan ?? deployment.nameSpan;
}

/** What a failed `assert` is called in `expect violated(…)`: the function that it stands in, else its handler's trigger. */
export function codeAround(system: System, deployment: Deployment, span: Span): string {
  const protocol = system.protocols[deployment.protocol];
  const contains = (outer: Span): boolean => outer.uri === span.uri && outer.start <= span.start && span.end <= outer.end;
  const named = protocol?.functions.find((candidate) => contains(candidate.span));
  if (named) return named.name;
  const trigger = protocol?.handlers.find((candidate) => contains(candidate.span))?.trigger;
  switch (trigger?.kind) {
    case 'message':
      return trigger.message;
    case 'operation':
      return trigger.operation;
    case 'timeout':
      return trigger.timer;
    case 'used-event':
    case 'answer':
      return localTriggerName(trigger);
    default:
      return trigger?.kind ?? 'assert';
  }
}
