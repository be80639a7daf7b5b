import type { Type } from '../model/types.ts';
import { hasPart, isPlain, layoutOf } from './layout.ts';
import type { ValueShapes } from './run-time-value.ts';
import { Data } from './runtime/data.ts';
import type { IntMap } from './runtime/int-map.ts';
import { constantList, Held, type List, type Shareable } from './runtime/list.ts';
import type { KeyedMap, PlainMap } from './runtime/maps.ts';
import { maskOf, NodeSet, nodesOfMask } from './runtime/node-set.ts';
import { intMap, keyedMap, plainMap, shared } from './runtime/sequences.ts';
import { type AnySet, keyedSet, type Primitive, plainSet } from './runtime/sets.ts';
import { Signed } from './runtime/values.ts';

/**
 * A run-time value of one program as another holds it. Programs share the runtime's collections but not the classes of
 * records, and a set of nodes depends on the size of the system.
 */
export function adopt(value: unknown, type: Type, shapes: ValueShapes): unknown {
  if (value === null || value === undefined) return null;
  if (isPlain(type)) return value;
  switch (layoutOf(type, shapes.smallNodes)) {
    case 'optional':
      return adopt(value, (type as { of: Type }).of, shapes);
    case 'mask':
      return typeof value === 'number' ? value : maskOf((value as NodeSet).items());
    case 'nodes':
      return typeof value === 'number' ? shared(NodeSet.of(nodesOfMask(value))) : value;
    case 'list':
      return constantList((value as List).items.map((item) => adopt(item, (type as { of: Type }).of, shapes)));
    case 'set':
      return shared(plainSet((value as AnySet).items() as readonly Primitive[]));
    case 'keyed-set': {
      const { of } = type as { of: Type };
      const items = (value as AnySet).items().map((item) => adopt(item, of, shapes));
      return shared(keyedSet(items, shapes.types.of(of)));
    }
    case 'map': {
      const map = value as PlainMap;
      const { value: of } = type as Extract<Type, { kind: 'Map' }>;
      return shared(plainMap(map.keys().map((key) => [key, adopt(map.get(key), of, shapes)] as const)));
    }
    case 'int-map': {
      const map = value as IntMap;
      const { value: of } = type as Extract<Type, { kind: 'Map' }>;
      return shared(intMap(map.keys().map((key) => [key, adopt(map.get(key), of, shapes)] as const)));
    }
    case 'keyed-map': {
      const map = value as KeyedMap;
      const { key: keyType, value: of } = type as Extract<Type, { kind: 'Map' }>;
      const entries = map.keys().map((key) => [adopt(key, keyType, shapes), adopt(map.get(map.ordering.key(key)), of, shapes)] as const);
      return shared(keyedMap(entries, shapes.types.of(keyType)));
    }
    case 'record': {
      const { name } = type as { name: string };
      const fields = shapes.recordFields(name).map((field, i) => adopt((value as Record<string, unknown>)[`f${i}`], field.type, shapes));
      const record = shapes.makeRecord(name, fields) as Partial<Shareable>;
      if (record.shared !== undefined) record.shared = Held.shared;
      return record;
    }
    case 'data': {
      const { carried, value: inner } = value as Data;
      // Records and enums are known to the program that made them alone.
      if (hasDeclared(carried.type)) return value;
      return new Data(shapes.types.carriedAs(carried.type), adopt(inner, carried.type, shapes));
    }
    case 'signed':
      return new Signed(adopt((value as Signed).value, (type as { of: Type }).of, shapes), (value as Signed).signer);
    default:
      return value;
  }
}

/** Whether values of the type have parts of a declared one. */
function hasDeclared(type: Type): boolean {
  return hasPart(type, ({ kind }) => kind === 'Record' || kind === 'Enum');
}
