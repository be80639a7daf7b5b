import { formatBandwidth, formatDuration, formatRate, formatSize } from '../../base/units.ts';
import { qualifiedTypeName, typeText } from '../../model/type-text.ts';
import type { FieldType, Type } from '../../model/types.ts';
import { isIdentical, isPlain, layoutOf } from '../layout.ts';
import type { CallHandle } from '../program.ts';
import { type CarriedType, dataOperations } from './data.ts';
import { IntMap } from './int-map.ts';
import type { List } from './list.ts';
import type { AnyMap, DirectMap, KeyedMap, PlainMap } from './maps.ts';
import { type NodeSet, nodesOfMask, population } from './node-set.ts';
import { type AnySet, ascending, type Key, type Ordering, type Primitive } from './sets.ts';
import { byCanonical, COMMA, nodeSet, optional, plainWriter, sequence, signed } from './type-parts.ts';
import { FIRST_NODE_CALL, type Range } from './values.ts';
import { Piece, StringWriter, type Writer } from './writer.ts';

const OPEN = new Piece('{');
const CLOSE = new Piece('}');
const COLON = new Piece(': ');
const TO = new Piece('..');
const TRUE = new Piece('true');
const FALSE = new Piece('false');
const CALL = new Piece('call ');
const INNER_CALL = new Piece('inner call ');

/** What can be done with every value of a type. `canonical` is equal exactly for equal values. */
export interface TypeOperations extends Ordering {
  equals(a: unknown, b: unknown): boolean;
  canonical(value: unknown): string;
  /** Writes how the value reads in the language; stops somewhere behind the writer's limit. */
  write(value: unknown, out: Writer): void;
  /** The whole of it. */
  format(value: unknown): string;
  /** Bytes on the wire. */
  size(value: unknown): number;
  /**
   * Whether the value begins with these parts, as `Writer.parts` tells them, and with `whole` has no others. The same objects
   * count as the same parts. Nothing for what has no parts.
   */
  readonly startsWith?: ((value: unknown, parts: readonly unknown[], whole: boolean) => boolean) | undefined;
}

/** A record, message, event or operation as the generated code has it. */
export interface ShapeOperations {
  readonly name: string;
  readonly fields: readonly FieldType[];
  values(object: unknown): readonly unknown[];
  equals?(a: unknown, b: unknown): boolean;
  compare?(a: unknown, b: unknown): number;
  key?(value: unknown): Key;
  canonical?(value: unknown): string;
  size?(value: unknown): number;
  write?(value: unknown, out: Writer): void;
}

export interface TypeNames {
  readonly smallNodes: boolean;
  /** By node, and by an enum's values. */
  readonly nodes: readonly Piece[];
  members(enumName: string): readonly Piece[];
  shape(kind: 'Record' | 'Message' | 'Operation' | 'Event', name: string): ShapeOperations;
}

/** The operations of each type that occurs, made once; generated code holds on to those that it needs. */
export class TypeTable {
  private readonly known = new Map<string, TypeOperations>();
  /** Whoever formats values asks with the same few type objects again and again. */
  private readonly byObject = new WeakMap<Type, TypeOperations>();

  private readonly carried = new Map<string, CarriedType>();

  constructor(private readonly names: TypeNames) {}

  /** A type as a Data names it; the same object for the same type. */
  carriedAs(type: Type): CarriedType {
    const text = typeText(type);
    let known = this.carried.get(text);
    if (known === undefined) {
      known = { text, name: qualifiedTypeName(type), type, operations: this.of(type) };
      this.carried.set(text, known);
    }
    return known;
  }

  /** The type of that text, where a Data of this program carried one. */
  carriedType(text: string): Type | undefined {
    return this.carried.get(text)?.type;
  }

  of(type: Type): TypeOperations {
    let operations = this.byObject.get(type);
    if (operations === undefined) {
      operations = this.byText(type);
      this.byObject.set(type, operations);
    }
    return operations;
  }

  private byText(type: Type): TypeOperations {
    const text = typeText(type);
    const known = this.known.get(text);
    if (known !== undefined) return known;
    // Types may contain themselves (a record with a list of its kind): parts are looked up when they are first needed.
    const made = new Lazy(() => this.make(type));
    this.known.set(text, made);
    return made;
  }

  private make(type: Type): Parts {
    if (isPlain(type)) return this.plain(type);
    switch (layoutOf(type, this.names.smallNodes)) {
      case 'optional':
        return optional(this.of((type as { of: Type }).of), isIdentical(type, this.names.smallNodes));
      case 'mask':
        return nodeSet(
          (a) => nodesOfMask(a as number),
          (a, b) => a === b,
          (a) => population(a as number),
          this.names,
        );
      case 'nodes':
        return nodeSet(
          (a) => (a as NodeSet).items(),
          (a, b) => (a as NodeSet).equals(b as NodeSet),
          (a) => (a as NodeSet).size,
          this.names,
        );
      case 'list': {
        return sequence(this.of((type as { of: Type }).of), (a) => (a as List).items, '[', ']');
      }
      case 'set':
      case 'keyed-set': {
        const operations = sequence(this.of((type as { of: Type }).of), (a) => (a as AnySet).peek(), '{', '}');
        return {
          ...operations,
          equals: (a, b) => (a as AnySet).equals(b as never),
          startsWith: (set, parts, whole) => holdsAll((set as AnySet).size, parts.length, whole) && beginsWith(set as AnySet, parts, 1),
        };
      }
      case 'map':
      case 'int-map':
      case 'keyed-map':
        return this.map(type as Extract<Type, { kind: 'Map' }>);
      case 'record':
      case 'payload':
        return this.shaped(this.names.shape(type.kind as 'Record', (type as { name: string }).name));
      case 'signed':
        return signed(this.of((type as { of: Type }).of), this.names);
      case 'data':
        return dataOperations;
      case 'call':
        return {
          ...byCanonical((call) => `"call ${(call as CallHandle).id}"`),
          compare: (a, b) => (a as CallHandle).id - (b as CallHandle).id,
          write: (call, out) => {
            const { id } = call as CallHandle;
            out.piece(id < FIRST_NODE_CALL ? CALL : INNER_CALL);
            out.number(id < FIRST_NODE_CALL ? id : id - FIRST_NODE_CALL);
          },
          size: () => 8,
        };
      case 'range': {
        const bound = this.of((type as { of: Type }).of);
        return {
          ...byCanonical((range) => `[${(range as Range).min},${(range as Range).max}]`),
          compare: (a, b) => (a as Range).min - (b as Range).min || (a as Range).max - (b as Range).max,
          write: (range, out) => {
            bound.write((range as Range).min, out);
            out.piece(TO);
            bound.write((range as Range).max, out);
          },
          size: () => 16,
        };
      }
      default:
        return byCanonical((value) => JSON.stringify(value) ?? 'null');
    }
  }

  private plain(type: Type): Parts {
    return {
      equals: (a, b) => a === b,
      compare: (a, b) => ascending(a as Primitive, b as Primitive),
      key: (value) => (typeof value === 'boolean' ? Number(value) : (value as Key)),
      canonical: type.kind === 'String' ? (value) => JSON.stringify(value) : String,
      write: this.plainWrite(type),
      size: type.kind === 'String' ? (value) => (value as string).length : () => 8,
    };
  }

  private plainWrite(type: Type): Parts['write'] {
    switch (type.kind) {
      case 'Bool':
        return (value, out) => out.piece(value === true ? TRUE : FALSE);
      case 'Int':
      case 'Real':
        return (value, out) => out.number(value as number);
      case 'String':
        return (value, out) => out.quoted(value as string);
      case 'Duration':
        return plainWriter((value) => formatDuration(value as number));
      case 'Rate':
        return plainWriter((value) => formatRate(value as number));
      case 'Size':
        return plainWriter((value) => formatSize(value as number));
      case 'Bandwidth':
        return plainWriter((value) => formatBandwidth(value as number));
      case 'Node':
        return (value, out) => out.piece(this.names.nodes[value as number] as Piece);
      case 'Enum': {
        const members = this.names.members(type.name);
        return (value, out) => out.piece(members[value as number] as Piece);
      }
      default:
        return plainWriter(String);
    }
  }

  private map(type: Extract<Type, { kind: 'Map' }>): Parts {
    const key = this.of(type.key);
    const value = this.of(type.value);
    const plain = isPlain(type.key);
    const get = (map: unknown, k: unknown) => (plain ? (map as DirectMap).get(k as Primitive) : (map as KeyedMap).get(key.key(k)));
    const canonical = (map: unknown) =>
      `[${(map as AnyMap)
        .peek()
        .map((k) => `[${key.canonical(k)},${value.canonical(get(map, k))}]`)
        .join(',')}]`;
    return {
      equals(a, b) {
        if (a === b) return true;
        if ((a as AnyMap).size !== (b as AnyMap).size) return false;
        for (const k of (a as AnyMap).peek()) {
          const other = get(b, k);
          if (other === undefined || !value.equals(get(a, k), other)) return false;
        }
        return true;
      },
      compare(a, b) {
        const left = (a as AnyMap).peek();
        const right = (b as AnyMap).peek();
        for (let i = 0; i < left.length && i < right.length; i++) {
          const order = key.compare(left[i], right[i]) || value.compare(get(a, left[i]), get(b, right[i]));
          if (order !== 0) return order;
        }
        return left.length - right.length;
      },
      key: canonical,
      canonical,
      write(map, out) {
        const parts = out.takeParts();
        const keys = (map as AnyMap).peek();
        out.piece(OPEN);
        for (let i = 0; i < keys.length; i++) {
          if (out.full) return;
          const k = keys[i];
          const item = get(map, k);
          parts?.push(k, item);
          if (i > 0) out.piece(COMMA);
          key.write(k, out);
          out.piece(COLON);
          value.write(item, out);
        }
        out.piece(CLOSE);
      },
      startsWith(map, parts, whole) {
        if (map instanceof IntMap) return map.startsWith(parts, whole);
        if (!holdsAll(2 * (map as AnyMap).size, parts.length, whole)) return false;
        for (let i = 0; i < parts.length; i += 2) if (get(map, parts[i]) !== parts[i + 1]) return false;
        return beginsWith(map as PlainMap | KeyedMap, parts, 2);
      },
      size(map) {
        let bytes = 0;
        for (const k of (map as AnyMap).peek()) bytes += key.size(k) + value.size(get(map, k));
        return bytes;
      },
    };
  }

  private shaped(shape: ShapeOperations): Parts {
    const fields = shape.fields.map((field) => this.of(field.type));
    const byFields = (value: unknown) =>
      `[${shape
        .values(value)
        .map((field, i) => (fields[i] as TypeOperations).canonical(field))
        .join(',')}]`;
    const canonical = shape.canonical ?? byFields;
    return {
      equals: shape.equals ?? ((a, b) => canonical(a) === canonical(b)),
      compare: shape.compare ?? ((a, b) => ascending(canonical(a), canonical(b))),
      key: shape.key ?? canonical,
      canonical,
      write:
        shape.write ??
        ((value, out) => {
          const values = shape.values(value);
          out.takeParts()?.push(...values);
          out.text(`${shape.name}(`);
          for (let i = 0; i < fields.length && !out.full; i++) {
            out.text(`${i === 0 ? '' : ', '}${(shape.fields[i] as FieldType).name}: `);
            (fields[i] as TypeOperations).write(values[i], out);
          }
          out.text(')');
        }),
      startsWith: (value, parts) => shape.values(value).every((field, i) => field === parts[i]),
      size:
        shape.size ??
        ((value) => shape.values(value).reduce<number>((sum, field, i) => sum + (fields[i] as TypeOperations).size(field), 0)),
    };
  }
}

/** Whether there are as many parts as were seen, or may be more. */
function holdsAll(count: number, seen: number, whole: boolean): boolean {
  return whole ? count === seen : count >= seen;
}

function beginsWith(collection: AnySet | PlainMap | KeyedMap, parts: readonly unknown[], stride: number): boolean {
  return parts.length === 0 || collection.begins(parts, stride);
}

/** What is told of a type; the rest follows. */
export type Parts = Omit<TypeOperations, 'format'>;

/** Stands for the operations of a type until they are asked for. */
class Lazy implements TypeOperations {
  private made: Parts | null = null;
  constructor(private readonly make: () => Parts) {}
  private get it(): Parts {
    this.made ??= this.make();
    return this.made;
  }
  equals = (a: unknown, b: unknown): boolean => this.it.equals(a, b);
  compare = (a: unknown, b: unknown): number => this.it.compare(a, b);
  key = (value: unknown): Key => this.it.key(value);
  canonical = (value: unknown): string => this.it.canonical(value);
  write = (value: unknown, out: Writer): void => this.it.write(value, out);
  format = (value: unknown): string => {
    const out = new StringWriter(Number.POSITIVE_INFINITY);
    this.it.write(value, out);
    return out.finish();
  };
  size = (value: unknown): number => this.it.size(value);
  get startsWith(): TypeOperations['startsWith'] {
    return this.it.startsWith;
  }
}
