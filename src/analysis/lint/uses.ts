import type { Expression, ProtocolCode, Statement } from '../../model/code.ts';
import { walkExpression, walkStatements } from '../../model/walk.ts';

/** Where a protocol uses its own declarations, gathered once for all checks. Names as declared. */
export interface Uses {
  /** Messages sent, broadcast or replied. */
  readonly sent: ReadonlySet<string>;
  readonly handledMessages: ReadonlySet<string>;
  readonly handledOperations: ReadonlySet<string>;
  readonly timersSet: ReadonlySet<string>;
  readonly timersCancelled: ReadonlySet<string>;
  readonly timersHandled: ReadonlySet<string>;
  readonly emitted: ReadonlySet<string>;
  /** State that some expression reads, in a handler, function or property; an update of itself (`x += 1`) is no read. */
  readonly stateRead: ReadonlySet<string>;
  readonly stateWritten: ReadonlySet<string>;
  /** Functions called from anywhere but themselves. */
  readonly called: ReadonlySet<string>;
  readonly quorumsUsed: ReadonlySet<string>;
  readonly parametersUsed: ReadonlySet<string>;
  readonly constantsUsed: ReadonlySet<string>;
}

const known = new WeakMap<ProtocolCode, Uses>();

export function usesOf(protocol: ProtocolCode): Uses {
  const cached = known.get(protocol);
  if (cached) return cached;
  const uses = gather(protocol);
  known.set(protocol, uses);
  return uses;
}

/** State, quorums and parameters of `used` that others read, by their names there. */
export function readOf(used: ProtocolCode, others: readonly ProtocolCode[]): ReadonlySet<string> {
  const read = new Set<string>();
  for (const protocol of others) {
    for (const { name, protocol: of } of protocol.uses) {
      if (of !== used.name) continue;
      const { stateRead, quorumsUsed, parametersUsed } = usesOf(protocol);
      for (const each of [...stateRead, ...quorumsUsed, ...parametersUsed])
        if (each.startsWith(`${name}.`)) read.add(each.slice(name.length + 1));
    }
  }
  return read;
}

function gather(protocol: ProtocolCode): Uses {
  const sent = new Set<string>();
  const handledMessages = new Set<string>();
  const handledOperations = new Set<string>();
  const timersSet = new Set<string>();
  const timersCancelled = new Set<string>();
  const timersHandled = new Set<string>();
  const emitted = new Set<string>();
  const stateRead = new Set<string>();
  const stateWritten = new Set<string>();
  const called = new Set<string>();
  const quorumsUsed = new Set<string>();
  const parametersUsed = new Set<string>();
  const constantsUsed = new Set<string>();

  const readIn = (within: string | null) => (expression: Expression) => {
    if (expression.kind === 'state' || expression.kind === 'remote-state') stateRead.add(expression.name);
    else if (expression.kind === 'call' && expression.function !== within) called.add(expression.function);
    else if (expression.kind === 'quorum') quorumsUsed.add(expression.name);
    else if (expression.kind === 'parameter') parametersUsed.add(expression.name);
    else if (expression.kind === 'constant') constantsUsed.add(expression.name);
  };
  const effect = (statement: Statement): void => {
    switch (statement.kind) {
      case 'send':
      case 'broadcast':
      case 'reply-message':
        sent.add(statement.message);
        break;
      case 'set-timer':
        timersSet.add(statement.timer);
        break;
      case 'cancel-timer':
        timersCancelled.add(statement.timer);
        break;
      case 'emit':
        emitted.add(statement.event);
        break;
      case 'assign':
        if (statement.place.root.kind === 'state') stateWritten.add(statement.place.root.name);
        break;
      default:
        break;
    }
  };
  const body = (statements: readonly Statement[], within: string | null): void => walkStatements(statements, effect, readIn(within));
  const expression = (item: Expression | null): void => {
    if (item) walkExpression(item, readIn(null));
  };

  for (const handler of protocol.handlers) {
    if (handler.trigger.kind === 'message') handledMessages.add(handler.trigger.message);
    else if (handler.trigger.kind === 'operation') handledOperations.add(handler.trigger.operation);
    else if (handler.trigger.kind === 'timeout') timersHandled.add(handler.trigger.timer);
    body(handler.body, null);
  }
  for (const code of protocol.functions) body(code.body, code.name);
  for (const property of protocol.invariants) expression(property.condition);
  for (const property of [...protocol.eventualities, ...protocol.responses]) {
    expression(property.condition);
    expression(property.within);
  }
  for (const property of protocol.persistences) {
    expression(property.condition);
    expression(property.after);
  }
  for (const requirement of protocol.requirements) expression(requirement.condition);
  expression(protocol.scaling?.serial ?? null);
  expression(protocol.scaling?.crosstalk ?? null);
  for (const quorum of protocol.quorums) expression(quorum.value);
  for (const constant of protocol.constants) expression(constant.value);
  for (const parameter of protocol.parameters) expression(parameter.value);
  for (const variable of protocol.state) expression(variable.initial);
  return {
    sent,
    handledMessages,
    handledOperations,
    timersSet,
    timersCancelled,
    timersHandled,
    emitted,
    stateRead,
    stateWritten,
    called,
    quorumsUsed,
    parametersUsed,
    constantsUsed,
  };
}
