import type { Finding } from '../../base/finding.ts';
import type { Handler, ProtocolCode } from '../../model/code.ts';
import { walkStatements } from '../../model/walk.ts';

/**
 * DS4015: an operation's handler that neither answers nor hands the call on: it has no `reply`, calls no function with
 * it, and keeps it nowhere. Answers may come later from another handler, so anything that uses the call counts.
 */
export function unansweredOperations(protocol: ProtocolCode): Finding[] {
  const findings: Finding[] = [];
  for (const handler of protocol.handlers) {
    if (handler.trigger.kind !== 'operation' || handlesCall(handler, handler.trigger.variable)) continue;
    const { operation } = handler.trigger;
    findings.push({
      code: 'DS4015',
      severity: 'warning',
      span: handler.headSpan,
      message: `\`${operation}\` is never answered: its handler neither replies nor keeps the call.`,
      why: 'A client waits for the answer until its timeout, and counts the call as failed.',
      help: 'Write `reply …`, or keep the call in state and `reply … to` it later.',
    });
  }
  return findings;
}

function handlesCall(handler: Handler, variable: string): boolean {
  let handled = false;
  let uses = 0;
  let fields = 0;
  walkStatements(
    handler.body,
    (statement) => {
      if (statement.kind === 'reply-call') handled = true;
    },
    (expression) => {
      // Every field read holds one use of the variable; a use beyond those is of the call itself.
      if (expression.kind === 'local' && expression.name === variable) uses++;
      if (expression.kind === 'field' && expression.object.kind === 'local' && expression.object.name === variable) fields++;
    },
  );
  return handled || uses > fields;
}
