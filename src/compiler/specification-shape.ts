/**
 * What the code of a specification shows of its operations: which only read, which state they touch, and which touch a map at
 * one key only, an operation's argument. Checks of histories look at what never meets apart.
 */

import type { Expression, SpecificationCode, Statement } from '../model/code.ts';
import { blocksOf, childrenOf, expressionsOf, walkStatements } from '../model/walk.ts';

export interface OperationShape {
  readonly name: string;
  /** Whether it changes state. */
  readonly writes: boolean;
  /** Independent part of the state that it touches; null for none. Operations of different parts never meet. */
  readonly part: number | null;
  /** The argument that is the key, if every operation of the part touches its maps at one key only; else null. */
  readonly key: number | null;
  /**
   * `read`: answers with one variable, or its entry at the key. `write`: sets it to the argument `value`, and answers nothing. Set
   * only where the part is one variable.
   */
  readonly access: { readonly kind: 'read' } | { readonly kind: 'write'; readonly value: number } | null;
}

type Operation = SpecificationCode['operations'][number];

/** What an operation touches: by variable the name of the argument that is the key, or null for all of it. */
type Touched = Map<string, string | null>;

/** The shapes of all operations, in declared order. Where the code is not plain enough, an operation touches all it mentions. */
export function operationShapes(code: SpecificationCode): readonly OperationShape[] {
  const touched = code.operations.map((operation) => touchedBy(operation, code));
  const parts = partsOf(touched.map((each) => [...each.keys()]));
  return code.operations.map((operation, at): OperationShape => {
    const own = touched[at] as Touched;
    const [first] = own.keys();
    const part = first === undefined ? null : (parts.get(first) as number);
    const fellows = touched.filter((each) => [...each.keys()].some((variable) => parts.get(variable) === part));
    const keyed = part !== null && fellows.every((each) => keyOf(each) !== null) && sameKeyType(fellows, touched, code);
    const key = keyed ? operation.fields.findIndex((field) => field.name === keyOf(own)) : null;
    const variables = [...parts].filter(([, each]) => each === part).length;
    return {
      name: operation.name,
      writes: changesState(operation.body, code, new Set()),
      part,
      key,
      access: part !== null && variables === 1 ? registerAccess(operation, first as string, key !== null) : null,
    };
  });
}

/** The one argument at which an operation touches every map that it touches; null where there is no such one. */
function keyOf(touched: Touched): string | null {
  const keys = new Set(touched.values());
  const [key] = keys;
  return keys.size === 1 && key !== undefined ? key : null;
}

function sameKeyType(fellows: readonly Touched[], touched: readonly Touched[], code: SpecificationCode): boolean {
  const types = fellows.map((each) => {
    const operation = code.operations[touched.indexOf(each)] as Operation;
    return JSON.stringify(operation.fields.find((field) => field.name === keyOf(each))?.type);
  });
  return new Set(types).size <= 1;
}

/** Variables that one operation touches together belong to one part. */
function partsOf(groups: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  const parts = new Map<string, number>();
  for (const [at, group] of groups.entries()) {
    const joined = new Set(group.map((variable) => parts.get(variable)).filter((part) => part !== undefined));
    for (const [variable, part] of parts) if (joined.has(part)) parts.set(variable, at);
    for (const variable of group) parts.set(variable, at);
  }
  return parts;
}

function touchedBy(operation: Operation, code: SpecificationCode): Touched {
  const touched: Touched = new Map();
  const bound = boundIn(operation.body);
  const keys = new Set(operation.fields.map((field) => field.name).filter((name) => !bound.has(name)));
  const touch = (variable: string, key: string | null): void => {
    touched.set(variable, !touched.has(variable) || touched.get(variable) === key ? key : null);
  };
  const keyName = (expression: Expression | undefined): string | null =>
    expression?.kind === 'local' && keys.has(expression.name) ? expression.name : null;
  const atKey = (map: Expression | undefined, index: Expression | undefined): boolean => {
    const key = keyName(index);
    if (map?.kind !== 'state' || map.type.kind !== 'Map' || key === null) return false;
    touch(map.name, key);
    return true;
  };
  const expression = (e: Expression): void => {
    if (e.kind === 'index' && atKey(e.object, e.index)) return;
    if (e.kind === 'binary' && e.operator === 'in' && atKey(e.right, e.left)) return;
    if (e.kind === 'method' && (e.method === 'get' || e.method === 'contains') && atKey(e.receiver, e.arguments[0])) {
      for (const argument of e.arguments.slice(1)) expression(argument);
      return;
    }
    if (e.kind === 'state') touch(e.name, null);
    if (e.kind === 'call') for (const variable of mentionedBy(e.function, code, new Set())) touch(variable, null);
    for (const child of childrenOf(e)) expression(child);
  };
  const statement = (s: Statement): void => {
    if (s.kind === 'assign' && s.place.root.kind === 'state') {
      const { root, steps, type } = s.place;
      const [first] = steps;
      const entry = first?.kind === 'index' && first.container.kind === 'Map' ? keyName(first.index) : null;
      const removed = steps.length === 0 && s.operator === 'remove' && type.kind === 'Map' ? keyName(s.value) : null;
      touch(root.name, entry ?? removed);
      expression(s.value);
      for (const step of entry === null ? steps : steps.slice(1)) if (step.kind === 'index') expression(step.index);
    } else for (const each of expressionsOf(s)) expression(each);
    for (const block of blocksOf(s)) for (const each of block) statement(each);
  };
  for (const each of operation.body) statement(each);
  return touched;
}

/** Names that a body binds or assigns: an argument of that name need not be the argument any more. */
function boundIn(body: readonly Statement[]): ReadonlySet<string> {
  const bound = new Set<string>();
  walkStatements(
    body,
    (statement) => {
      if (statement.kind === 'let') bound.add(statement.name);
      else if (statement.kind === 'for') bound.add(statement.variable);
      else if (statement.kind === 'assign' && statement.place.root.kind === 'local') bound.add(statement.place.root.name);
    },
    (e) => {
      if (e.kind === 'lambda') for (const parameter of e.parameters) bound.add(parameter);
      else if (e.kind === 'quantifier') bound.add(e.variable);
    },
  );
  return bound;
}

function registerAccess(operation: Operation, variable: string, keyed: boolean): OperationShape['access'] {
  const [first, second, third] = operation.body;
  if (first?.kind === 'reply-call' && second === undefined)
    return operation.fields.length === (keyed ? 1 : 0) && isEntry(first.value, variable, keyed) ? { kind: 'read' } : null;
  const answersNothing = second === undefined || (second.kind === 'reply-call' && second.value === null && third === undefined);
  if (first?.kind !== 'assign' || first.operator !== 'set' || !answersNothing || operation.result.kind !== 'Unit') return null;
  const { root, steps } = first.place;
  const whole = root.kind === 'state' && root.name === variable && steps.length === (keyed ? 1 : 0);
  const { value } = first;
  const argument = value.kind === 'convert' ? value.value : value;
  const at = argument.kind === 'local' ? operation.fields.findIndex((field) => field.name === argument.name) : -1;
  return whole && at >= 0 ? { kind: 'write', value: at } : null;
}

/** The variable, or its entry at a key with a constant where there is none. */
function isEntry(value: Expression | null, variable: string, keyed: boolean): boolean {
  if (value?.kind === 'convert') return isEntry(value.value, variable, keyed);
  if (value?.kind === 'state') return !keyed && value.name === variable;
  if (!keyed || value?.kind !== 'method' || value.method !== 'get') return false;
  const { receiver, arguments: given } = value;
  return (
    receiver.kind === 'state' &&
    receiver.name === variable &&
    receiver.type.kind === 'Map' &&
    given.slice(1).every((each) => each.kind === 'literal')
  );
}

/** Whether statements, or functions that they call, assign to state. */
function changesState(body: readonly Statement[], code: SpecificationCode, visited: Set<string>): boolean {
  let changes = false;
  walkStatements(
    body,
    (statement) => {
      if (statement.kind === 'assign' && statement.place.root.kind === 'state') changes = true;
    },
    (e) => {
      if (e.kind !== 'call' || visited.has(e.function)) return;
      visited.add(e.function);
      if (changesState(functionNamed(e.function, code), code, visited)) changes = true;
    },
  );
  return changes;
}

/** State that a function, or one that it calls, mentions. */
function mentionedBy(name: string, code: SpecificationCode, visited: Set<string>): ReadonlySet<string> {
  const found = new Set<string>();
  if (visited.has(name)) return found;
  visited.add(name);
  walkStatements(
    functionNamed(name, code),
    (statement) => {
      if (statement.kind === 'assign' && statement.place.root.kind === 'state') found.add(statement.place.root.name);
    },
    (e) => {
      if (e.kind === 'state') found.add(e.name);
      if (e.kind === 'call') for (const variable of mentionedBy(e.function, code, visited)) found.add(variable);
    },
  );
  return found;
}

function functionNamed(name: string, code: SpecificationCode): readonly Statement[] {
  return code.functions.find((each) => each.name === name)?.body ?? [];
}
