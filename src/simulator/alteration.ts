import type { Random } from '../base/random.ts';
import type { Payload, Program } from '../compiler/program.ts';
import { withUsedTypes } from '../compiler/used.ts';
import type { ProtocolCode } from '../model/code.ts';
import type { System } from '../model/system.ts';
import type { FieldType, Type } from '../model/types.ts';
import type { DataValue, Value } from '../model/values.ts';
import type { DeploymentHost } from './deployment-host.ts';

/** What a Node is altered to: another member. */
interface Place {
  readonly protocol: ProtocolCode;
  readonly members: readonly number[];
  /** Null: the same alteration every time, for liars that keep to one story. */
  readonly random: Random | null;
}

/**
 * The message with one field changed, or null where none can be: signatures cannot be forged, and a call is no value.
 * `first` chooses among the fields; the next is tried when one has nothing to alter (an empty list).
 */
export function alterMessage(
  system: System,
  host: DeploymentHost,
  message: number,
  payload: Payload,
  first: number,
  random: Random | null,
): Payload | null {
  const { program } = host;
  const fields = program.messages[message]?.fields ?? [];
  const values = program.fieldsOf(message, payload);
  for (let turn = 0; turn < fields.length; turn += 1) {
    const at = (first + turn) % fields.length;
    const altered = alterValue(system, host, values[at], (fields[at] as FieldType).type, random);
    if (altered !== undefined) return program.makeMessage(message, values.with(at, altered));
  }
  return null;
}

/** A run-time value of the type that differs in one place; undefined where there is none. */
export function alterValue(system: System, host: DeploymentHost, value: unknown, type: Type, random: Random | null): unknown {
  const own = system.protocols[host.deployment.protocol];
  const protocol = own && withUsedTypes(system, own);
  if (!protocol || !alterable(type, protocol)) return undefined;
  const { program } = host;
  const known = { protocol, program, sealed: false };
  const plain = toValue(JSON.parse(program.canonical(value, type)), type, known);
  if (known.sealed) return undefined;
  const altered = alter(plain, type, { protocol, members: host.members, random });
  return altered === undefined ? undefined : program.fromValue(altered, type);
}

/** Types whose values can be taken apart and put together again without a signature. */
function alterable(type: Type, protocol: ProtocolCode, seen: readonly string[] = []): boolean {
  switch (type.kind) {
    case 'Bool':
    case 'Int':
    case 'Real':
    case 'String':
    case 'Duration':
    case 'Data':
    case 'Node':
    case 'Enum':
      return true;
    case 'Optional':
    case 'List':
    case 'Set':
      return alterable(type.of, protocol, seen);
    case 'Map':
      return alterable(type.key, protocol, seen) && alterable(type.value, protocol, seen);
    case 'Record':
      if (seen.includes(type.name)) return true;
      return recordFields(type.name, protocol).every((field) => alterable(field.type, protocol, [...seen, type.name]));
    default:
      return false;
  }
}

function alter(value: Value, type: Type, place: Place): Value | undefined {
  const { random, members } = place;
  switch (type.kind) {
    case 'Bool':
      return !value;
    case 'Int':
      return (value as number) + (random?.chance(0.5) ? -1 : 1);
    case 'Real':
      return (value as number) * 2 + 1;
    case 'Duration':
      return (value as number) + 1_000_000;
    case 'String':
      return `${value as string}'`;
    case 'Node': {
      if (members.length < 2) return undefined;
      const at = members.indexOf(value as number);
      return members[(at + 1 + (random ? random.nextInt(members.length - 1) : 0)) % members.length];
    }
    case 'Enum': {
      const names = enumMembers(type.name, place.protocol);
      const { member } = value as { readonly member: string };
      if (names.length < 2) return undefined;
      return { kind: 'enum', enum: type.name, member: names[(names.indexOf(member) + 1) % names.length] as string };
    }
    case 'Data': {
      const carried = value as DataValue;
      if (!alterable(carried.type, place.protocol)) return undefined;
      const changed = alter(carried.value, carried.type, place);
      return changed === undefined ? undefined : { ...carried, value: changed };
    }
    case 'Optional':
      if (value !== null) return alter(value, type.of, place);
      return type.of.kind === 'Node' ? members[0] : undefined;
    case 'List': {
      const { items } = value as { readonly items: readonly Value[] };
      const changed = alterOne(items, () => type.of, place);
      return changed && { kind: 'list', items: changed };
    }
    case 'Set': {
      const { items } = value as { readonly items: readonly Value[] };
      if (type.of.kind === 'Node') return toggleNode(items as readonly number[], place);
      const changed = alterOne(items, () => type.of, place);
      return changed && { kind: 'set', items: distinct(changed) };
    }
    case 'Map': {
      const { entries } = value as { readonly entries: readonly (readonly [Value, Value])[] };
      const values = entries.map((entry) => entry[1]);
      const changed = alterOne(values, () => type.value, place);
      return changed && { kind: 'map', entries: entries.map(([key], at) => [key, changed[at] as Value] as const) };
    }
    case 'Record': {
      const fields = recordFields(type.name, place.protocol);
      const record = value as { readonly fields: Readonly<Record<string, Value>> };
      const values = fields.map((field) => record.fields[field.name] as Value);
      const changed = alterOne(values, (at) => (fields[at] as FieldType).type, place);
      return changed && { kind: 'record', record: type.name, fields: named(fields, changed) };
    }
    default:
      return undefined;
  }
}

/** Alters one of the values: a random one, or without randomness the last that can be, newest entries being told last. */
function alterOne(values: readonly Value[], typeOf: (at: number) => Type, place: Place): readonly Value[] | undefined {
  const first = place.random ? place.random.nextInt(Math.max(1, values.length)) : values.length - 1;
  for (let turn = 0; turn < values.length; turn += 1) {
    const at = (first + values.length - turn) % values.length;
    const altered = alter(values[at] as Value, typeOf(at), place);
    if (altered !== undefined) return values.with(at, altered);
  }
  return undefined;
}

function toggleNode(items: readonly number[], { members, random }: Place): Value {
  const node = members[random ? random.nextInt(members.length) : 0] as number;
  const changed = items.includes(node) ? items.filter((item) => item !== node) : [...items, node].sort((a, b) => a - b);
  return { kind: 'set', items: changed };
}

function distinct(items: readonly Value[]): readonly Value[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const text = JSON.stringify(item);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

/** `sealed` becomes true where a Data carries what cannot be put together again: a signature, or a value of another program, whose type is not known here. */
interface Known {
  readonly protocol: ProtocolCode;
  readonly program: Program;
  sealed: boolean;
}

/** What `Program.canonical` wrote, parsed, as a value of the model. */
function toValue(json: unknown, type: Type, known: Known): Value {
  if (json === null) return null;
  switch (type.kind) {
    case 'Enum':
      return { kind: 'enum', enum: type.name, member: enumMembers(type.name, known.protocol)[json as number] ?? '' };
    case 'Optional':
      return toValue(json, type.of, known);
    case 'List':
      return { kind: 'list', items: (json as unknown[]).map((item) => toValue(item, type.of, known)) };
    case 'Set':
      return { kind: 'set', items: (json as unknown[]).map((item) => toValue(item, type.of, known)) };
    case 'Map':
      return {
        kind: 'map',
        entries: (json as [unknown, unknown][]).map(
          ([key, value]) => [toValue(key, type.key, known), toValue(value, type.value, known)] as const,
        ),
      };
    case 'Record': {
      const fields = recordFields(type.name, known.protocol);
      const values = (json as unknown[]).map((item, at) => toValue(item, (fields[at] as FieldType).type, known));
      return { kind: 'record', record: type.name, fields: named(fields, values) };
    }
    case 'Data': {
      const [text, value] = json as [string, unknown];
      const carried = known.program.carriedType(text);
      if (carried === undefined || !alterable(carried, known.protocol)) {
        known.sealed = true;
        return null;
      }
      return { kind: 'data', type: carried, value: toValue(value, carried, known) };
    }
    default:
      return json as number | string | boolean;
  }
}

function named(fields: readonly FieldType[], values: readonly Value[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(fields.map((field, at) => [field.name, values[at] as Value]));
}

/** Declarations are found by their own name or as `Protocol.Name`. */
function recordFields(name: string, protocol: ProtocolCode): readonly FieldType[] {
  return protocol.records.find((record) => sameName(record.name, name, protocol))?.fields ?? [];
}

function enumMembers(name: string, protocol: ProtocolCode): readonly string[] {
  return protocol.enums.find((candidate) => sameName(candidate.name, name, protocol))?.members ?? [];
}

function sameName(declared: string, used: string, protocol: ProtocolCode): boolean {
  return declared === used || `${protocol.name}.${declared}` === used || declared === `${protocol.name}.${used}`;
}
