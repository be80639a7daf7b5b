import type { Expression, Place, Statement } from '../model/code.ts';
import type { Type } from '../model/types.ts';
import type { Context } from './context.ts';
import { emit, fieldPosition, store } from './emit-expression.ts';
import { arithmetic, standIn } from './emit-operators.ts';
import { hasDirectKeys } from './layout.ts';
import { isMarkable } from './ownership.ts';

type Assignment = Extract<Statement, { kind: 'assign' }>;
type Operator = Assignment['operator'];

/** Assignment, `+=` and `-=` to a variable or into it. The value is evaluated first, then the place. */
export function emitAssignment(statement: Assignment, c: Context): string {
  const { place, operator, value } = inPlace(statement);
  const { variable, dirty } = rootOf(place, c);
  if (place.steps.length === 0) {
    if (operator === 'set') return `${variable}=${store(value, c, place.type)};${dirty}`;
    if (!isContainer(place.type, c)) {
      if (c.module.effects.writesOfExpression(value, c.scope).size === 0)
        return `${variable}=${updated(variable, place.type, operator, value, null, c, place)};${dirty}`;
      const first = c.module.fresh('v');
      const text = emit(value, c, place.type.kind === 'Set' && value.type.kind !== 'Set' ? place.type.of : value.type);
      return `{const ${first}=${text};${variable}=${updated(variable, place.type, operator, value, first, c, place)};}${dirty}`;
    }
    const held = c.module.fresh('v');
    const given = `const ${held}=${incoming(place.type, operator, value, c)};`;
    const owner = c.module.fresh('o');
    return `{${given}${owned(owner, variable, place.type, c)}${change(owner, place.type, operator, value.type, held, place, c)}}${dirty}`;
  }
  return `{${descend(place, operator, value, variable, c)}}${dirty}`;
}

/** `s = s | t` is `s += t`: nobody but the variable holds the old value then, so that it need not be copied. */
function inPlace(statement: Assignment): { readonly place: Place; readonly operator: Operator; readonly value: Expression } {
  const { place, operator, value } = statement;
  if (operator !== 'set' || place.steps.length > 0 || value.kind !== 'binary') return { place, operator, value };
  const { left, right } = value;
  const same = left.kind === place.root.kind && left.name === place.root.name && left.type.kind === place.type.kind;
  if (!same) return { place, operator, value };
  if (place.type.kind === 'Set' && (value.operator === '|' || value.operator === '+')) return { place, operator: 'add', value: right };
  if (place.type.kind === 'Set' && (value.operator === '\\' || value.operator === '-')) return { place, operator: 'remove', value: right };
  if (place.type.kind === 'List' && value.operator === '+') return { place, operator: 'add', value: right };
  return { place, operator, value };
}

function rootOf(place: Place, c: Context): { readonly variable: string; readonly dirty: string } {
  if (place.root.kind === 'local') return { variable: c.lookup(place.root.name).js, dirty: '' };
  const { index, adversary } = c.module.declarations.stateVariable(place.root.name, c.scope);
  return { variable: `this.s${index}`, dirty: adversary >= 0 ? '' : `this.dirty|=${dirtyBit(index)};` };
}

/** The bit of a state variable in Instance.dirty. */
export function dirtyBit(variable: number): number {
  return 1 << Math.min(variable, 31);
}

/** Whether values are changed in place (after a copy if shared) rather than replaced. */
function isContainer(type: Type, c: Context): boolean {
  return type.kind === 'List' || type.kind === 'Map' || (type.kind === 'Set' && c.module.layout(type) !== 'mask');
}

/** The right side of `+=` or `-=` on a collection. */
function incoming(type: Type, operator: Operator, value: Expression, c: Context): string {
  if (operator === 'remove') {
    if (type.kind === 'Map') return emit(value, c, value.type.kind === 'Set' ? value.type : type.key);
    return emit(value, c, value.type.kind === type.kind ? type : elementOf(type));
  }
  return value.type.kind === type.kind && isSameContainer(type, value.type) ? emit(value, c, type) : store(value, c, elementOf(type));
}

/** Whether `+=` concatenates: a list of lists takes a list as an element. */
function isSameContainer(type: Type, value: Type): boolean {
  const element = elementOf(type);
  if (element.kind !== value.kind) return true;
  return depth(value) >= depth(type);
}

function depth(type: Type): number {
  return type.kind === 'List' || type.kind === 'Set' ? 1 + depth(type.of) : type.kind === 'Never' ? 100 : 0;
}

function elementOf(type: Type): Type {
  if (type.kind === 'List' || type.kind === 'Set') return type.of;
  return type.kind === 'Map' ? type.key : type;
}

/** Declares `name` as the value at `location`, copied before if someone else may hold it. */
function owned(name: string, location: string, type: Type, c: Context): string {
  return `let ${name}=${location};if(${name}.shared)${location}=${name}=${copyOf(name, type, c)};`;
}

export function copyOf(text: string, type: Type, c: Context): string {
  const part = type.kind === 'List' ? type.of : type.kind === 'Map' ? type.value : null;
  return part !== null && isMarkable(part, c.module) ? `${text}.copyMarking(${c.host})` : `${text}.copy(${c.host})`;
}

/** Adds to or removes from the collection in `owner`, which nobody else holds. */
function change(owner: string, type: Type, operator: Operator, valueType: Type, value: string, place: Place, c: Context): string {
  const span = c.module.span(place.span);
  const whole = valueType.kind === type.kind && isSameContainer(type, valueType);
  if (type.kind === 'List') {
    if (operator === 'remove') throw new Error('nothing is removed from a List');
    if (!whole) return `push(${owner},${value},${span});`;
    const marked = isMarkable(type.of, c.module) ? `markElements(${value})` : value;
    return `extend(${owner},${marked},${c.host},${span});`;
  }
  if (type.kind === 'Map') {
    const remove = (key: string) => `${owner}.delete(${hasDirectKeys(type) ? key : standIn(key, type.key, c)});`;
    if (operator !== 'remove') throw new Error('a Map takes entries by key only');
    if (valueType.kind === 'Set' && type.key.kind !== 'Set') {
      const items = c.module.layout(valueType) === 'mask' ? `nodesOfMask(${value})` : `${value}.items()`;
      return `for(const k of paid(${items},${c.host},${span}))${remove('k')}`;
    }
    return remove(value);
  }
  const nodes = c.module.layout(type) === 'nodes';
  if (whole) return `${owner}.${operator === 'add' ? 'addAll' : 'deleteAll'}(${value}${nodes ? '' : `,${c.host},${span}`});`;
  return `${owner}.${operator === 'add' ? 'add' : 'delete'}(${value});`;
}

/** The new value of a place that is replaced: a number, a text, a mask. */
function updated(
  current: string,
  type: Type,
  operator: Operator,
  value: Expression,
  held: string | null,
  c: Context,
  place: Place,
): string {
  const given = held ?? emit(value, c, type.kind === 'Set' && value.type.kind !== 'Set' ? type.of : value.type);
  return arithmetic(operator === 'add' ? '+' : '-', type, current, given, type, value.type, place.span, c);
}

/** Walks into a variable, taking ownership of each collection and record on the way, and writes at the end. */
function descend(place: Place, operator: Operator, value: Expression, variable: string, c: Context): string {
  const container = operator !== 'set' && isContainer(place.type, c);
  const given =
    operator === 'set'
      ? store(value, c, place.type)
      : container
        ? incoming(place.type, operator, value, c)
        : emit(value, c, place.type.kind === 'Set' && value.type.kind !== 'Set' ? place.type.of : value.type);
  const held = c.module.fresh('v');
  let text = `const ${held}=${given};`;
  let owner = c.module.fresh('o');
  text += owned(owner, variable, rootType(place, c), c);
  place.steps.forEach((step, i) => {
    const at = locate(step, owner, place, c);
    text += at.setup;
    if (i < place.steps.length - 1 || container) {
      const next = c.module.fresh('o');
      const type = i < place.steps.length - 1 ? containerOf(place.steps[i + 1] as Place['steps'][number]) : place.type;
      text += `let ${next}=${at.read};if(${next}.shared){${next}=${copyOf(next, type, c)};${at.write(next)}}`;
      owner = next;
      if (i === place.steps.length - 1) text += change(owner, place.type, operator, value.type, held, place, c);
      return;
    }
    text += at.write(operator === 'set' ? held : updated(at.read, place.type, operator, value, held, c, place), operator === 'set');
  });
  return text;
}

function containerOf(step: Place['steps'][number]): Type {
  return step.kind === 'index' ? step.container : { kind: 'Record', name: step.record };
}

function rootType(place: Place, _c: Context): Type {
  return containerOf(place.steps[0] as Place['steps'][number]);
}

interface Location {
  readonly setup: string;
  /** The value there; fails when there is none. */
  readonly read: string;
  /** `fresh`: no value need be there yet. */
  write(value: string, fresh?: boolean): string;
}

function locate(step: Place['steps'][number], owner: string, place: Place, c: Context): Location {
  const span = c.module.span(step.kind === 'index' ? step.index.span : place.span);
  if (step.kind === 'field') {
    const field = `${owner}.f${fieldPosition(c.module.declarations.recordFields(step.record), step.name)}`;
    return { setup: '', read: field, write: (value) => `${field}=${value};` };
  }
  const index = c.module.fresh('x');
  if (step.container.kind === 'Map') {
    const { key } = step.container;
    const plain = hasDirectKeys(step.container);
    const stand = plain ? index : c.module.fresh('x');
    const setup = `const ${index}=${store(step.index, c, key)};${plain ? '' : `const ${stand}=${standIn(index, key, c)};`}`;
    const found = c.temp();
    const get = `${owner}.get(${stand})`;
    const missing = `keyFailure(${c.module.operations(key)}.format(${index}),${owner}.size,${span})`;
    return {
      setup,
      read: `((${found}=${get})!==undefined?${found}:${missing})`,
      write: (value) => (plain ? `${owner}.put(${index},${value});` : `${owner}.put(${stand},${index},${value});`),
    };
  }
  const items = c.module.fresh('a');
  const check = `if(${index}<0||${index}>=${items}.length)indexFailure(${index},${items}.length,${span});`;
  return {
    setup: `const ${index}=${emit(step.index, c)},${items}=${owner}.items;${check}`,
    read: `${items}[${index}]`,
    write: (value) => `${items}[${index}]=${value};`,
  };
}
