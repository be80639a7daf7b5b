import type { Expression, ProtocolCode, Statement } from '../../model/code.ts';
import { type Environment, EvaluationError, evaluate } from '../../model/evaluate.ts';
import type { Value } from '../../model/values.ts';
import { childrenOf, walkStatements } from '../../model/walk.ts';
import { usesOf } from './uses.ts';

/** The values that something may have; null for any. */
export type Values = readonly Value[] | null;

/** What state may hold, by its name; `node` is whose it is in a property, null for the node's own. */
export type StateValues = (name: string, node: Expression | null) => Values;

/** Values of one variable that are told apart, and combinations that are tried together. */
const mostValues = 24;
const mostCombinations = 256;

const known = new WeakMap<ProtocolCode, ReadonlyMap<string, Values>>();

/**
 * The values that each state variable of an honest node can ever have: its initial value and what handlers assign, where
 * that is a constant, a choice of constants or other such state. Sound: every value that a run can give is among them.
 */
export function possibleValues(protocol: ProtocolCode): StateValues {
  let values = known.get(protocol);
  if (values === undefined) {
    values = reachable(protocol);
    known.set(protocol, values);
  }
  const found = values;
  return (name) => found.get(name) ?? null;
}

/** The initial values alone; null for what depends on the deployment or the node, and for state of protocols that are used. */
export function initialValues(protocol: ProtocolCode): StateValues {
  return (name) => {
    const variables = protocol.state.filter((variable) => variable.name === name);
    return variables.length === 0 ? null : joined(variables.map(({ initial }) => valuesOf(initial, protocol, () => null)));
  };
}

function reachable(protocol: ProtocolCode): Map<string, Values> {
  const initial = initialValues(protocol);
  const values = new Map(protocol.state.map(({ name }) => [name, initial(name, null)]));
  const of: StateValues = (name) => values.get(name) ?? null;
  const assignments = stateAssignments(bodiesThatRun(protocol));
  for (let changed = true; changed; ) {
    changed = false;
    for (const { place, operator, value } of assignments) {
      const { root, steps } = place;
      const before = of(root.name, null);
      if (before === null) continue;
      const assigned = steps.length === 0 && operator === 'set' ? valuesOf(value, protocol, of) : null;
      const after = joined([before, assigned]);
      if (after !== null && after.length === before.length) continue;
      values.set(root.name, after);
      changed = true;
    }
  }
  return values;
}

function stateAssignments(bodies: readonly (readonly Statement[])[]): (Statement & { readonly kind: 'assign' })[] {
  const assignments: (Statement & { readonly kind: 'assign' })[] = [];
  for (const body of bodies) {
    walkStatements(body, (statement) => {
      if (statement.kind === 'assign' && statement.place.root.kind === 'state') assignments.push(statement);
    });
  }
  return assignments;
}

/** All code but that of timers that are never set and of functions that nothing calls. Messages can come from liars. */
function bodiesThatRun(protocol: ProtocolCode): readonly (readonly Statement[])[] {
  const { timersSet, called } = usesOf(protocol);
  return [
    ...protocol.handlers.filter(({ trigger }) => trigger.kind !== 'timeout' || timersSet.has(trigger.timer)).map(({ body }) => body),
    ...protocol.functions.filter(({ name }) => called.has(name)).map(({ body }) => body),
  ];
}

/** The values of an expression, by trying all combinations of what the state in it may hold. */
export function valuesOf(expression: Expression, protocol: ProtocolCode, state: StateValues): Values {
  if (expression.kind === 'state') return state(expression.name, null);
  if (expression.kind === 'remote-state') return state(expression.name, expression.node);
  // Only a run knows these.
  if (expression.kind === 'local' || expression.kind === 'given') return null;
  if (expression.kind === 'convert' && expression.type.kind === 'Data') return null;
  if (expression.kind === 'convert') return valuesOf(expression.value, protocol, state);
  if (expression.kind === 'conditional') {
    return joined([valuesOf(expression.then, protocol, state), valuesOf(expression.otherwise, protocol, state)]);
  }
  const leaves = stateIn(expression);
  const choices: Value[][] = [];
  for (const leaf of leaves) {
    const values = state(leaf.name, leaf.kind === 'remote-state' ? leaf.node : null);
    if (values === null) return null;
    choices.push([...values]);
  }
  if (choices.reduce((product, { length }) => product * length, 1) > mostCombinations) return null;
  const environment = constantEnvironment(protocol);
  let results: Values = [];
  for (const combination of combinations(choices)) {
    const at = new Map(leaves.map((leaf, index) => [leaf as Expression, combination[index] as Value]));
    try {
      results = joined([results, [evaluate(replaced(expression, at), environment)]]);
    } catch (error) {
      if (error instanceof EvaluationError) return null;
      throw error;
    }
    if (results === null) return null;
  }
  return results;
}

function stateIn(expression: Expression): (Expression & { readonly kind: 'state' | 'remote-state' })[] {
  if (expression.kind === 'state' || expression.kind === 'remote-state') return [expression];
  return childrenOf(expression).flatMap(stateIn);
}

function* combinations(choices: readonly (readonly Value[])[]): Generator<readonly Value[]> {
  const [first, ...rest] = choices;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const value of first) for (const others of combinations(rest)) yield [value, ...others];
}

/** The same tree with some parts replaced by literals. Nodes are plain data: every field that holds a part is looked into. */
function replaced(expression: Expression, values: ReadonlyMap<Expression, Value>): Expression {
  if (values.size === 0) return expression;
  const visit = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map(visit);
    const value = values.get(part as Expression);
    if (value !== undefined) {
      const { type, span } = part as Expression;
      return { kind: 'literal', value, type, span };
    }
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, key === 'span' || key === 'type' ? inner : visit(inner)]));
  };
  return visit(expression) as Expression;
}

/** Both, each once; null as soon as one may be anything or there are too many. */
export function joined(all: readonly Values[]): Values {
  const distinct = new Map<string, Value>();
  for (const values of all) {
    if (values === null) return null;
    for (const value of values) distinct.set(JSON.stringify(value), value);
  }
  return distinct.size > mostValues ? null : [...distinct.values()];
}

/** What is known of a protocol whatever its deployment: constants that depend on none, records, enums. */
function constantEnvironment(protocol: ProtocolCode): Environment {
  const environment: Environment = {
    constant: (name) => {
      const constant = protocol.constants.find((candidate) => candidate.name === name);
      return constant && evaluate(constant.value, environment);
    },
    recordFields: (name) => protocol.records.find((record) => isNamed(record.name, name))?.fields.map((field) => field.name),
    enumMembers: (name) => protocol.enums.find((candidate) => isNamed(candidate.name, name))?.members,
  };
  return environment;
}

/** Whether a declaration has the name that a type gives, which may be qualified by its owner. */
export function isNamed(declared: string, name: string): boolean {
  return declared === name || declared === name.slice(name.indexOf('.') + 1);
}
