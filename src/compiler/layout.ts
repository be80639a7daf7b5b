import type { Type } from '../model/types.ts';

/**
 * How values of a type are held at run time. `plain` values are JavaScript numbers, strings and booleans that `===`
 * compares; a Set<Node> is a `mask` (one small integer) or `nodes` (a bit set) by the size of the system; maps over integers,
 * nodes and enums are arrays as long as their keys lie close together (`int-map`); other sets and maps over plain elements
 * or keys stand on JavaScript's own, `keyed` ones on a stand-in key for each element.
 */
export type Layout =
  | 'plain'
  | 'nothing'
  | 'mask'
  | 'nodes'
  | 'set'
  | 'keyed-set'
  | 'list'
  | 'map'
  | 'int-map'
  | 'keyed-map'
  | 'record'
  | 'signed'
  | 'call'
  | 'data'
  | 'range'
  | 'quorum'
  | 'distribution'
  | 'payload'
  | 'optional';

export function isPlain(type: Type): boolean {
  switch (type.kind) {
    case 'Bool':
    case 'Int':
    case 'Real':
    case 'String':
    case 'Duration':
    case 'Rate':
    case 'Size':
    case 'Bandwidth':
    case 'Node':
    case 'Zone':
    case 'Enum':
      return true;
    default:
      return false;
  }
}

/** Whether `===` is the equality of the language: plain values, masks, and `none` beside them. */
export function isIdentical(type: Type, smallNodes: boolean): boolean {
  if (isPlain(type) || type.kind === 'Never' || type.kind === 'Unit') return true;
  if (type.kind === 'Optional') return isIdentical(type.of, smallNodes);
  return type.kind === 'Set' && type.of.kind === 'Node' && smallNodes;
}

export function layoutOf(type: Type, smallNodes: boolean): Layout {
  if (isPlain(type)) return 'plain';
  switch (type.kind) {
    case 'Set':
      if (type.of.kind === 'Node') return smallNodes ? 'mask' : 'nodes';
      return isPlain(type.of) ? 'set' : 'keyed-set';
    case 'Map':
      if (!isPlain(type.key)) return 'keyed-map';
      return type.key.kind === 'Int' || type.key.kind === 'Node' || type.key.kind === 'Enum' ? 'int-map' : 'map';
    case 'List':
      return 'list';
    case 'Record':
      return 'record';
    case 'Optional':
      return 'optional';
    case 'Signed':
      return 'signed';
    case 'Range':
      return 'range';
    case 'Call':
      return 'call';
    case 'Data':
      return 'data';
    case 'Quorum':
      return 'quorum';
    case 'Distribution':
      return 'distribution';
    case 'Message':
    case 'Operation':
    case 'Event':
      return 'payload';
    default:
      return 'nothing';
  }
}

/** Whether a type is not fully known where it is written: an empty literal's, or `none`'s. */
export function isOpen(type: Type): boolean {
  return hasPart(type, ({ kind }) => kind === 'Never' || kind === 'Error');
}

/** Whether a type, or a type that it is made of, is such a one; what a record has in its fields is not looked at. */
export function hasPart(type: Type, isSuch: (part: Type) => boolean): boolean {
  if (isSuch(type)) return true;
  switch (type.kind) {
    case 'Optional':
    case 'List':
    case 'Set':
    case 'Range':
    case 'Signed':
      return hasPart(type.of, isSuch);
    case 'Map':
      return hasPart(type.key, isSuch) || hasPart(type.value, isSuch);
    default:
      return false;
  }
}

/** A List or Set type. */
export interface SequenceType {
  readonly kind: 'List' | 'Set';
  readonly of: Type;
}

/** Whether the keys of a Map stand for themselves, so that none need be made up. */
export function hasDirectKeys(type: Extract<Type, { kind: 'Map' }>): boolean {
  return isPlain(type.key);
}
