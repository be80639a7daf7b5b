import type { Type } from '../model/types.ts';
import type { Value } from '../model/values.ts';
import type { Module } from './context.ts';
import { topConstant } from './emit-given.ts';
import { maskOf } from './runtime/node-set.ts';

/** A string as a literal of the generated source, whatever it holds. */
export function stringText(value: string): string {
  return JSON.stringify(value).replace(/[\u2028\u2029<]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`${value} is no number of the language`);
  return value < 0 ? `(${value})` : String(value === 0 ? 0 : value);
}

/** A value known before the run as source text; structured ones become top-level constants. */
export function valueText(value: Value, type: Type, module: Module): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return stringText(value);
  const inner = type.kind === 'Optional' ? type.of : type;
  const text = structuredText(value, inner, module);
  return text === null ? module.constant(value) : /^-?\d+$/.test(text) ? text : topConstant(text, { module });
}

function structuredText(value: Exclude<Value, number | boolean | string | null>, type: Type, module: Module): string | null {
  switch (value.kind) {
    case 'range':
      return `new Range(${numberText(value.min)},${numberText(value.max)})`;
    case 'enum': {
      const declared = module.protocol.enums[module.declarations.enum(value.enum)];
      return String(declared?.members.indexOf(value.member) ?? -1);
    }
    case 'data':
      return `new Data(${module.carried(value.type)},${valueText(value.value, value.type, module)})`;
    case 'record': {
      const fields = module.declarations.recordFields(value.record);
      const texts = fields.map((field) => valueText(value.fields[field.name] ?? null, field.type, module));
      const made = `new R${module.declarations.record(value.record)}(${texts.join(',')})`;
      return module.effects.isWrittenInPlace(value.record) ? `shared(${made})` : made;
    }
    case 'list':
    case 'set':
      return sequenceText(value.items, type, module);
    case 'map': {
      if (type.kind !== 'Map') return null;
      const entries = value.entries.map(([key, item]) => `[${valueText(key, type.key, module)},${valueText(item, type.value, module)}]`);
      return `shared(${mapText(entries, type, module)})`;
    }
    default:
      // Distributions and quorum systems stand in the table of constants as they are.
      return null;
  }
}

function sequenceText(items: readonly Value[], type: Type, module: Module): string | null {
  if (type.kind !== 'List' && type.kind !== 'Set') return null;
  if (module.layout(type) === 'mask') return String(maskOf(items as readonly number[]));
  const texts = items.map((item) => valueText(item, type.of, module));
  return type.kind === 'List' ? `constantList([${texts.join(',')}])` : `shared(${setText(texts, type.of, module)})`;
}

/** A set of elements of type `of`, as source text. */
export function setText(items: readonly string[], of: Type, module: Module): string {
  switch (module.layout({ kind: 'Set', of })) {
    case 'mask':
      return items.length === 0 ? '0' : `(${items.map((item) => `1<<${item}`).join('|')})`;
    case 'nodes':
      return `NodeSet.of([${items.join(',')}])`;
    case 'set':
      return `plainSet([${items.join(',')}])`;
    default:
      return `keyedSet([${items.join(',')}],${module.operations(of)})`;
  }
}

/** `entries` are texts of pairs in brackets. */
export function mapText(entries: readonly string[], type: Extract<Type, { kind: 'Map' }>, module: Module): string {
  const list = `[${entries.join(',')}]`;
  switch (module.layout(type)) {
    case 'int-map':
      return entries.length === 0 ? 'new IntMap()' : `intMap(${list})`;
    case 'map':
      return `plainMap(${list})`;
    default:
      return `keyedMap(${list},${module.operations(type.key)})`;
  }
}
