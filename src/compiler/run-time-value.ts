import type { FieldType, Type } from '../model/types.ts';
import type { Value } from '../model/values.ts';
import { layoutOf } from './layout.ts';
import { Data } from './runtime/data.ts';
import { constantList, Held, type Shareable } from './runtime/list.ts';
import { maskOf, NodeSet } from './runtime/node-set.ts';
import { intMap, keyedMap, plainMap, shared } from './runtime/sequences.ts';
import { keyedSet, type Primitive, plainSet } from './runtime/sets.ts';
import type { TypeTable } from './runtime/type-operations.ts';
import { Range } from './runtime/values.ts';

export interface ValueShapes {
  readonly smallNodes: boolean;
  readonly types: TypeTable;
  readonly makeRecord: (name: string, fields: readonly unknown[]) => unknown;
  readonly recordFields: (name: string) => readonly FieldType[];
  readonly enumIndex: (name: string, member: string) => number;
}

/** A value known before the run as compiled code holds it. Collections come out shared: nobody writes into them. */
export function runtimeValue(value: Value, type: Type, shapes: ValueShapes): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (type.kind === 'Optional') return runtimeValue(value, type.of, shapes);
  switch (value.kind) {
    case 'range':
      return new Range(value.min, value.max);
    case 'enum':
      return shapes.enumIndex(value.enum, value.member);
    case 'data':
      return new Data(shapes.types.carriedAs(value.type), runtimeValue(value.value, value.type, shapes));
    case 'record': {
      const fields = shapes.recordFields(value.record);
      const record = shapes.makeRecord(
        value.record,
        fields.map((field) => runtimeValue(value.fields[field.name] ?? null, field.type, shapes)),
      );
      if ((record as Partial<Shareable>).shared !== undefined) (record as Shareable).shared = Held.shared;
      return record;
    }
    case 'list':
    case 'set': {
      const of = type.kind === 'List' || type.kind === 'Set' ? type.of : ({ kind: 'Never' } as const);
      const items = value.items.map((item) => runtimeValue(item, of, shapes));
      if (type.kind === 'List') return constantList(items);
      return setValue(items, of, shapes);
    }
    case 'map': {
      if (type.kind !== 'Map') return value;
      const entries = value.entries.map(
        ([key, item]) => [runtimeValue(key, type.key, shapes), runtimeValue(item, type.value, shapes)] as const,
      );
      switch (layoutOf(type, shapes.smallNodes)) {
        case 'int-map':
          return shared(intMap(entries as readonly (readonly [number, unknown])[]));
        case 'map':
          return shared(plainMap(entries as readonly (readonly [Primitive, unknown])[]));
        default:
          return shared(keyedMap(entries, shapes.types.of(type.key)));
      }
    }
    default:
      return value;
  }
}

function setValue(items: readonly unknown[], of: Type, shapes: ValueShapes): unknown {
  switch (layoutOf({ kind: 'Set', of }, shapes.smallNodes)) {
    case 'mask':
      return maskOf(items as readonly number[]);
    case 'nodes':
      return shared(NodeSet.of(items as readonly number[]));
    case 'set':
      return shared(plainSet(items as readonly Primitive[]));
    default:
      return shared(keyedSet(items, shapes.types.of(of)));
  }
}
