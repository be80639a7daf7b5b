import type { Type } from '../../model/types.ts';
import type { TypeTable } from './environment.ts';

type SimpleKind = Exclude<
  Type['kind'],
  | 'Optional'
  | 'List'
  | 'Set'
  | 'Range'
  | 'Signed'
  | 'Distribution'
  | 'Map'
  | 'Record'
  | 'Enum'
  | 'Message'
  | 'Operation'
  | 'Event'
  | 'Function'
>;

/** Types without parts exist once each. */
const simple = new Map<string, Type>();
function atom(kind: SimpleKind): Type {
  const type: Type = { kind };
  simple.set(kind, type);
  return type;
}

export const BOOL = atom('Bool');
export const INT = atom('Int');
export const REAL = atom('Real');
export const STRING = atom('String');
export const DURATION = atom('Duration');
export const RATE = atom('Rate');
export const SIZE = atom('Size');
export const BANDWIDTH = atom('Bandwidth');
export const NODE = atom('Node');
export const QUORUM = atom('Quorum');
export const CALL = atom('Call');
export const DATA = atom('Data');
export const UNIT = atom('Unit');
export const NEVER = atom('Never');
export const ERROR = atom('Error');

export const listOf = (of: Type): Type => ({ kind: 'List', of });
export const setOf = (of: Type): Type => ({ kind: 'Set', of });
export const rangeOf = (of: Type): Type => ({ kind: 'Range', of });
export const signedOf = (of: Type): Type => ({ kind: 'Signed', of });
export const distributionOf = (of: Type): Type => ({ kind: 'Distribution', of });
export const mapOf = (key: Type, value: Type): Type => ({ kind: 'Map', key, value });
export const functionOf = (parameters: readonly Type[], result: Type): Type => ({ kind: 'Function', parameters, result });
/** `T?`; an optional of an optional is the same optional. */
export const optionalOf = (of: Type): Type => (of.kind === 'Optional' || of.kind === 'Error' ? of : { kind: 'Optional', of });

export const NODES = setOf(NODE);

/** The type that a name without arguments stands for everywhere: `Bool`, `Duration`, … */
export function simpleType(name: string): Type | undefined {
  return name === 'Never' || name === 'Error' || name === 'Unit' ? undefined : simple.get(name);
}

export const simpleTypeNames: readonly string[] = [...simple.keys()].filter((name) => simpleType(name) !== undefined);
export const genericTypeNames: readonly string[] = ['List', 'Set', 'Map', 'Range', 'Signed', 'Distribution'];

/** How a type is written in the language; records and enums without their owner. */
export function typeToString(type: Type): string {
  switch (type.kind) {
    case 'Optional':
      return `${typeToString(type.of)}?`;
    case 'List':
    case 'Set':
    case 'Range':
    case 'Signed':
    case 'Distribution':
      return `${type.kind}<${typeToString(type.of)}>`;
    case 'Map':
      return `Map<${typeToString(type.key)}, ${typeToString(type.value)}>`;
    case 'Record':
    case 'Enum':
      return shortName(type.name);
    case 'Message':
    case 'Operation':
    case 'Event':
      return type.name;
    case 'Function':
      return `(${type.parameters.map(typeToString).join(', ')}) => ${typeToString(type.result)}`;
    case 'Unit':
      return 'nothing';
    case 'Never':
      return 'none';
    case 'Error':
      return 'an unknown type';
    default:
      return type.kind;
  }
}

/** `Entry` of `Store.Entry`. */
export function shortName(qualified: string): string {
  return qualified.slice(qualified.lastIndexOf('.') + 1);
}

/** Structural equality. */
export function sameType(a: Type, b: Type): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'Optional':
    case 'List':
    case 'Set':
    case 'Range':
    case 'Signed':
    case 'Distribution':
      return a.kind === b.kind && sameType(a.of, (b as { of: Type }).of);
    case 'Map':
      return b.kind === 'Map' && sameType(a.key, b.key) && sameType(a.value, b.value);
    case 'Record':
    case 'Enum':
    case 'Message':
    case 'Operation':
    case 'Event':
      return a.kind === b.kind && a.name === (b as { name: string }).name;
    case 'Function':
      return (
        b.kind === 'Function' &&
        a.parameters.length === b.parameters.length &&
        a.parameters.every((parameter, at) => sameType(parameter, b.parameters[at] as Type)) &&
        sameType(a.result, b.result)
      );
    default:
      return a.kind === b.kind;
  }
}

/** Whether part of the type is still open (`none`, an empty collection) or already reported as wrong. */
export function containsKind(type: Type, kind: 'Never' | 'Error'): boolean {
  if (type.kind === kind) return true;
  switch (type.kind) {
    case 'Optional':
    case 'List':
    case 'Set':
    case 'Range':
    case 'Signed':
    case 'Distribution':
      return containsKind(type.of, kind);
    case 'Map':
      return containsKind(type.key, kind) || containsKind(type.value, kind);
    case 'Function':
      return type.parameters.some((parameter) => containsKind(parameter, kind)) || containsKind(type.result, kind);
    default:
      return false;
  }
}

export const isError = (type: Type): boolean => containsKind(type, 'Error');

/**
 * Whether a value of `from` may stand where `to` is expected, by the conversions that `convert` inserts. Collections
 * are invariant but for open element types: a `List<Int>` is no `List<Real>`, though `[1, 2]` may be written for one.
 */
export function isAssignable(from: Type, to: Type): boolean {
  if (isError(from) || isError(to) || sameType(from, to)) return true;
  switch (to.kind) {
    case 'Optional':
      return from.kind === 'Never' || isAssignable(from.kind === 'Optional' ? from.of : from, to.of);
    case 'Real':
      return from.kind === 'Int';
    case 'Call':
      return from.kind === 'Operation';
    case 'Data':
      return isCarriable(from);
    case 'Quorum':
      return from.kind === 'Node' || isNodeSet(from);
    case 'Distribution':
      return from.kind === 'Distribution' ? isAssignable(from.of, to.of) : isAssignable(from, to.of);
    case 'List':
    case 'Set':
      if (from.kind === 'Range') return from.of.kind === 'Int' && to.of.kind === 'Int';
      return from.kind === to.kind && fits(from.of, to.of);
    case 'Range':
    case 'Signed':
      return from.kind === to.kind && fits(from.of, to.of);
    case 'Map':
      return from.kind === 'Map' && fits(from.key, to.key) && fits(from.value, to.value);
    default:
      return false;
  }
}

/** Whether a Data may carry values of the type: all but those that stand for something else than a value, and `none`. */
export function isCarriable(type: Type): boolean {
  switch (type.kind) {
    case 'Call':
    case 'Quorum':
    case 'Distribution':
    case 'Function':
    case 'Zone':
    case 'Message':
    case 'Operation':
    case 'Event':
    case 'Unit':
    case 'Never':
    case 'Error':
    case 'Optional':
      return false;
    case 'List':
    case 'Set':
    case 'Range':
    case 'Signed':
      return isCarriable(type.of.kind === 'Optional' ? type.of.of : type.of);
    case 'Map':
      return isCarriable(type.key) && isCarriable(type.value.kind === 'Optional' ? type.value.of : type.value);
    default:
      return true;
  }
}

/** Equal, with open parts of `from` taking what `to` says. */
function fits(from: Type, to: Type): boolean {
  if (from.kind === 'Never') return true;
  if (sameType(from, to)) return true;
  if (from.kind === 'Map' && to.kind === 'Map') return fits(from.key, to.key) && fits(from.value, to.value);
  if ((from.kind === 'List' || from.kind === 'Set' || from.kind === 'Optional') && from.kind === to.kind) {
    return fits(from.of, (to as { of: Type }).of);
  }
  return false;
}

export const isNodeSet = (type: Type): boolean => type.kind === 'Set' && type.of.kind === 'Node';

/** What is added, averaged and drawn: numbers with or without a unit. */
export function isQuantity(type: Type): boolean {
  switch (type.kind) {
    case 'Int':
    case 'Real':
    case 'Duration':
    case 'Rate':
    case 'Size':
    case 'Bandwidth':
      return true;
    default:
      return false;
  }
}

/** The least type that both may stand for; null when they have none. */
export function join(a: Type, b: Type): Type | null {
  if (a.kind === 'Error' || b.kind === 'Error') return ERROR;
  if (a.kind === 'Never') return b.kind === 'Never' ? NEVER : optionalOf(b);
  if (b.kind === 'Never') return optionalOf(a);
  if (isAssignable(a, b)) return b;
  if (isAssignable(b, a)) return a;
  if (a.kind === 'Optional' || b.kind === 'Optional') {
    const inner = join(a.kind === 'Optional' ? a.of : a, b.kind === 'Optional' ? b.of : b);
    return inner && optionalOf(inner);
  }
  return null;
}

/** Whether values of the type have an order: for `<`, `sorted`, `min` and the like. */
export function isOrdered(type: Type, types: TypeTable): boolean {
  switch (type.kind) {
    case 'Int':
    case 'Real':
    case 'Duration':
    case 'Rate':
    case 'Size':
    case 'Bandwidth':
    case 'String':
    case 'Node':
    case 'Enum':
    case 'Bool':
    case 'Data':
    case 'Error':
    case 'Never':
      return true;
    case 'Record':
      return types.records.get(type.name)?.fields.every((field) => isOrdered(field.type, types)) ?? true;
    default:
      return false;
  }
}
