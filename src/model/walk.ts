import type { Expression, Statement } from './code.ts';

/** Most expressions are leaves: they share this. */
const none: readonly never[] = [];

/** The expressions directly inside one, in source order. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'remote-state':
      return [expression.node];
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'conditional':
      return [expression.condition, expression.then, expression.otherwise];
    case 'quantifier':
      return [expression.domain, expression.body];
    case 'lambda':
      return [expression.body];
    case 'call':
    case 'intrinsic':
      return expression.arguments;
    case 'method':
      return [expression.receiver, ...expression.arguments];
    case 'field':
      return [expression.object];
    case 'index':
      return [expression.object, expression.index];
    case 'record':
      return expression.fields;
    case 'with':
      return [expression.object, ...expression.updates.map((update) => update.value)];
    case 'list':
    case 'set':
      return expression.items;
    case 'map':
      return expression.entries.flatMap(({ key, value }) => [key, value]);
    case 'convert':
    case 'carries':
      return [expression.value];
    case 'slices':
      return expression.entries.flatMap(({ nodes, needs }) => [nodes, needs]);
    default:
      return none;
  }
}

/** The expressions of a statement itself, without those of the statements in it. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'let':
      return [statement.value];
    case 'assign':
      return [...statement.place.steps.flatMap((step) => (step.kind === 'index' ? [step.index] : [])), statement.value];
    case 'if':
    case 'assert':
      return [statement.condition];
    case 'for':
      return [statement.domain];
    case 'match':
      return [statement.subject, ...statement.arms.flatMap((arm) => arm.patterns)];
    case 'return':
      return statement.value ? [statement.value] : [];
    case 'send':
      return [...statement.fields, statement.target];
    case 'broadcast':
    case 'reply-message':
    case 'emit':
      return statement.fields;
    case 'call-used':
      return statement.target ? [...statement.arguments, statement.target] : statement.arguments;
    case 'reply-call':
      return statement.value ? [statement.call, statement.value] : [statement.call];
    case 'set-timer':
      return [statement.delay];
    case 'cancel-timer':
    case 'sync':
      return none;
    case 'do':
      return [statement.call];
  }
}

/** The blocks of statements inside one: branches, a loop's body, arms. */
export function blocksOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'if':
      return [statement.then, statement.otherwise];
    case 'for':
      return [statement.body];
    case 'match':
      return statement.arms.map((arm) => arm.body);
    default:
      return none;
  }
}

/** Whether the expression itself draws at random, not one inside it. */
export function draws(expression: Expression): boolean {
  if (expression.kind !== 'intrinsic') return false;
  return expression.name === 'random' || expression.name === 'choose' || expression.name === 'shuffle';
}

/** Visits an expression and all inside it, outermost first. */
export function walkExpression(expression: Expression, visit: (expression: Expression) => void): void {
  visit(expression);
  for (const child of childrenOf(expression)) walkExpression(child, visit);
}

/** Visits statements and all inside them in source order, and every expression in them. */
export function walkStatements(
  statements: readonly Statement[],
  visit: (statement: Statement) => void,
  visitExpression?: (expression: Expression) => void,
): void {
  for (const statement of statements) {
    visit(statement);
    if (visitExpression) for (const expression of expressionsOf(statement)) walkExpression(expression, visitExpression);
    for (const block of blocksOf(statement)) walkStatements(block, visit, visitExpression);
  }
}
