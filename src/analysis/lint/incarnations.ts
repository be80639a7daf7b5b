import type { Expression, Handler, ProtocolCode, Statement } from '../../model/code.ts';
import { walkStatements } from '../../model/walk.ts';

/**
 * Incarnations: a node takes up a number that is higher than all it has had (durable), makes some state anew and puts up a flag, all in
 * one `if m.number > number { … }`. A crash takes the flag down, so that what was said under a number is never contradicted under it.
 */
export interface Incarnation {
  /** The durable number, and the flag that is up while the node lives under it. */
  readonly number: string;
  readonly flag: string;
  /** State that is made anew with each number. */
  readonly renewed: ReadonlySet<string>;
}

export function incarnationsOf(protocol: ProtocolCode): Incarnation[] {
  const durable = new Set(protocol.state.filter((variable) => variable.durable).map(({ name }) => name));
  const flags = protocol.state.filter((variable) => !variable.durable && isLiteral(variable.initial, false)).map(({ name }) => name);
  const statements = statementsOf(protocol);
  return flags.flatMap((flag) => {
    const raises = statements.filter(
      (statement) => statement.kind === 'assign' && sets(statement, flag) && !isLiteral(statement.value, false),
    );
    const beginnings = statements.flatMap((statement) => (statement.kind === 'if' ? beginning(statement, flag, durable) : []));
    const first = beginnings[0];
    // Elsewhere the flag stays down, and the number goes nowhere but up.
    const alone = first !== undefined && raises.length === beginnings.length && beginnings.every(({ number }) => number === first.number);
    const grows = statements.every(
      (statement) =>
        statement.kind !== 'assign' ||
        statement.place.root.name !== first?.number ||
        statement.operator === 'add' ||
        beginnings.some(({ body }) => body.includes(statement)),
    );
    if (!alone || !grows) return [];
    const renewed = [...assignedIn(first.body)].filter((name) => beginnings.every(({ body }) => assignedIn(body).has(name)));
    return [{ number: first.number, flag, renewed: new Set(renewed) }];
  });
}

/** Whether a handler does nothing unless the flag is up and what it got bears the number, or is where an incarnation begins. */
export function withinIncarnation({ number, flag }: Incarnation, handler: Handler): boolean {
  const [guard] = handler.body;
  let begins = false;
  walkStatements(handler.body, (statement) => {
    begins ||= statement.kind === 'assign' && sets(statement, flag) && isLiteral(statement.value, true);
  });
  if (begins) return true;
  if (guard?.kind !== 'if') return false;
  const returns = guard.then[0]?.kind === 'return' && guard.otherwise.length === 0;
  if (returns) {
    const parts = operands(guard.condition, 'or');
    return (
      parts.some((part) => part.kind === 'unary' && part.operator === 'not' && isState(part.operand, flag)) &&
      parts.some(
        (part) => part.kind === 'binary' && part.operator === '!=' && [part.left, part.right].some((side) => isState(side, number)),
      )
    );
  }
  const parts = operands(guard.condition, 'and');
  return (
    handler.body.length === 1 &&
    guard.otherwise.length === 0 &&
    parts.some((part) => isState(part, flag)) &&
    parts.some((part) => part.kind === 'binary' && part.operator === '==' && [part.left, part.right].some((side) => isState(side, number)))
  );
}

/** `if m.number > number { number = …  flag = true … }` */
function beginning(
  statement: Statement & { readonly kind: 'if' },
  flag: string,
  durable: ReadonlySet<string>,
): { readonly number: string; readonly body: readonly Statement[] }[] {
  if (!statement.then.some((inner) => inner.kind === 'assign' && sets(inner, flag) && isLiteral(inner.value, true))) return [];
  const assigned = assignedIn(statement.then);
  return operands(statement.condition, 'and').flatMap((part) => {
    if (part.kind !== 'binary') return [];
    const smaller = part.operator === '>' ? part.right : part.operator === '<' ? part.left : null;
    if (smaller?.kind !== 'state' || !durable.has(smaller.name) || !assigned.has(smaller.name)) return [];
    return [{ number: smaller.name, body: statement.then }];
  });
}

/** State that these statements give a new value, without regard to the old one and in every case. */
function assignedIn(body: readonly Statement[]): ReadonlySet<string> {
  return new Set(
    body.flatMap((statement) =>
      statement.kind === 'assign' && sets(statement, statement.place.root.name) ? [statement.place.root.name] : [],
    ),
  );
}

function sets({ place, operator }: Statement & { readonly kind: 'assign' }, name: string): boolean {
  return place.root.kind === 'state' && place.root.name === name && place.steps.length === 0 && operator === 'set';
}

function operands(condition: Expression, operator: 'and' | 'or'): Expression[] {
  return condition.kind === 'binary' && condition.operator === operator
    ? [...operands(condition.left, operator), ...operands(condition.right, operator)]
    : [condition];
}

function isState(expression: Expression, name: string): boolean {
  return expression.kind === 'state' && expression.name === name;
}

function isLiteral(expression: Expression, value: boolean): boolean {
  return expression.kind === 'literal' && expression.value === value;
}

function statementsOf({ handlers, functions }: ProtocolCode): Statement[] {
  const statements: Statement[] = [];
  for (const { body } of [...handlers, ...functions]) walkStatements(body, (statement) => statements.push(statement));
  return statements;
}
