import type { Expression, Property, ProtocolCode, Statement } from '../../model/code.ts';
import { walkExpression, walkStatements } from '../../model/walk.ts';

/**
 * Which messages decide, by the protocol's messages in order: the code that handles one, with the functions it calls, asks a
 * quorum or counts answers against one, writes state that a property reads, emits an event, or calls a protocol that is used. Read from the code alone.
 */
export function decidingMessages(protocol: ProtocolCode): readonly boolean[] {
  const watched = stateOfProperties(protocol);
  return protocol.messages.map(({ name }) =>
    protocol.handlers.some(
      ({ trigger, body }) => trigger.kind === 'message' && trigger.message === name && decides(body, protocol, watched),
    ),
  );
}

function stateOfProperties(protocol: ProtocolCode): ReadonlySet<string> {
  const watched = new Set<string>();
  const properties: readonly Property[] = [
    ...protocol.invariants,
    ...protocol.eventualities,
    ...protocol.responses,
    ...protocol.persistences,
  ];
  const seen = new Set<string>();
  const look = (expression: Expression): void => {
    if (expression.kind === 'remote-state' || expression.kind === 'state') watched.add(expression.name);
    if (expression.kind === 'call') follow(expression.function, protocol, seen, () => {}, look);
  };
  for (const { condition } of properties) walkExpression(condition, look);
  return watched;
}

function decides(body: readonly Statement[], protocol: ProtocolCode, watched: ReadonlySet<string>): boolean {
  let found = false;
  const seen = new Set<string>();
  const statement = (each: Statement): void => {
    if (each.kind === 'emit' || each.kind === 'call-used') found = true;
    if (each.kind === 'assign' && each.place.root.kind === 'state' && watched.has(each.place.root.name)) found = true;
  };
  const expression = (each: Expression): void => {
    if (each.kind === 'method' && ['met', 'satisfied', 'blocked'].includes(each.method)) found = true;
    if (each.kind === 'call') follow(each.function, protocol, seen, statement, expression);
  };
  walkStatements(body, statement, expression);
  return found;
}

function follow(
  name: string,
  protocol: ProtocolCode,
  seen: Set<string>,
  statement: (each: Statement) => void,
  expression: (each: Expression) => void,
): void {
  if (seen.has(name)) return;
  seen.add(name);
  for (const code of protocol.functions) if (code.name === name) walkStatements(code.body, statement, expression);
}
