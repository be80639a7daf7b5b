import type { Finding } from '../../base/finding.ts';
import type { Span } from '../../base/source.ts';
import type { Expression, Handler, ProtocolCode, Statement } from '../../model/code.ts';
import { walkExpression, walkStatements } from '../../model/walk.ts';
import { lostPromises } from './lost-promise.ts';
import { answerEffects } from './promises.ts';
import { statementsReached } from './reached.ts';

/**
 * DS4026: received data is put into a `var` and answered for, and only another handler moves it into durable state: a crash
 * in between loses what was confirmed. Within one handler the order of a write and an answer does not matter: its writes are
 * made as a whole, also where a crash strikes in the middle of what it sends.
 */
export function earlyAnswers(protocol: ProtocolCode): Finding[] {
  const told = new Set(lostPromises(protocol).map(({ span }) => span.start));
  const findings: Finding[] = [];
  for (const variable of protocol.state) {
    const { kind } = variable.type;
    if (variable.durable || (kind !== 'List' && kind !== 'Set' && kind !== 'Map') || told.has(variable.nameSpan.start)) continue;
    for (const handler of protocol.handlers) {
      if (handler.trigger.kind !== 'message' && handler.trigger.kind !== 'operation') continue;
      const promise = answerEffects(protocol, handler).promised.find(({ state }) => state === variable.name);
      if (!promise || writesDurable(handler, protocol)) continue;
      const move = moveOf(variable.name, handler, protocol);
      if (!move) continue;
      findings.push({
        code: 'DS4026',
        severity: 'warning',
        span: promise.answered,
        message: `This answer is sent before what it confirms is durable: it is in \`${variable.name}\` until another handler moves it to \`${move.into}\`.`,
        why: 'A crash in between loses it, and whoever was answered relies on it.',
        help: `Answer once it is in \`${move.into}\` (keep whom to answer until then), or declare \`durable ${variable.name}\`.`,
        source: 'Gray & Reuter 1993, ch. 9 (force-log-at-commit); Ongaro & Ousterhout 2014, Figure 2',
        labels: [
          { span: promise.assigned, message: 'put here' },
          { span: move.span, message: 'made durable here' },
        ],
        fixes: [
          {
            title: `Make \`${variable.name}\` durable`,
            edits: [{ span: { ...variable.span, end: variable.span.start + 'var'.length }, text: 'durable' }],
          },
        ],
      });
      break;
    }
  }
  return findings;
}

/** Whether the handler itself puts something into durable state: then that may be what it confirms. */
function writesDurable(handler: Handler, protocol: ProtocolCode): boolean {
  return statementsReached(protocol, handler.body).some((statement) => durableTarget(statement, protocol) !== null);
}

function durableTarget(statement: Statement, protocol: ProtocolCode): string | null {
  if (statement.kind !== 'assign' || statement.place.root.kind !== 'state') return null;
  const { name } = statement.place.root;
  return protocol.state.find((candidate) => candidate.name === name)?.durable ? name : null;
}

/** Where another handler puts what the variable holds into durable state: itself, or element by element. */
function moveOf(variable: string, promising: Handler, protocol: ProtocolCode): { readonly into: string; readonly span: Span } | null {
  for (const handler of protocol.handlers) {
    if (handler === promising) continue;
    const statements = statementsReached(protocol, handler.body);
    const copies = new Set<string>();
    const holds = (expression: Expression): boolean => {
      let found = false;
      walkExpression(expression, (part) => {
        if (part.kind === 'state' && part.name === variable) found = true;
        if (part.kind === 'local' && copies.has(part.name)) found = true;
      });
      return found;
    };
    for (const statement of statements) {
      if (statement.kind === 'let' && holds(statement.value)) copies.add(statement.name);
      if (statement.kind === 'for' && holds(statement.domain)) copies.add(statement.variable);
      const into = durableTarget(statement, protocol);
      if (into !== null && statement.kind === 'assign' && holds(statement.value) && isDrained(variable, statements)) {
        return { into, span: statement.span };
      }
    }
  }
  return null;
}

/** Whether the variable is emptied along with it: then it was only on its way. */
function isDrained(variable: string, statements: readonly Statement[]): boolean {
  let drained = false;
  walkStatements(statements, (statement) => {
    if (statement.kind !== 'assign' || statement.place.root.name !== variable || statement.place.root.kind !== 'state') return;
    const { operator, value, place } = statement;
    const isEmpty = (value.kind === 'list' || value.kind === 'set') && value.items.length === 0;
    const isEmptyMap = value.kind === 'map' && value.entries.length === 0;
    if (place.steps.length === 0 && (operator === 'remove' || (operator === 'set' && (isEmpty || isEmptyMap)))) drained = true;
  });
  return drained;
}
