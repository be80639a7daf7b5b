import type { Span } from '../../base/source.ts';
import type { FieldType, Type } from '../../model/types.ts';
import type { Declaration } from '../elaborate/context.ts';
import type { ElaboratedProtocol } from '../elaborate/protocol.ts';

export interface FieldSymbol extends FieldType {
  readonly declaration: Declaration;
}

export interface RecordSymbol {
  /** Qualified by its owner: `Store.Entry`. */
  readonly name: string;
  readonly fields: readonly FieldSymbol[];
  readonly declaration: Declaration;
}

export interface EnumSymbol {
  /** Qualified by its owner. */
  readonly name: string;
  readonly members: readonly string[];
  readonly memberDeclarations: readonly Declaration[];
  readonly declaration: Declaration;
}

/** A message, event or operation. */
export interface SignatureSymbol {
  readonly name: string;
  readonly fields: readonly FieldSymbol[];
  /** Of an operation: what its caller gets. */
  readonly result: Type;
  readonly role: string | null;
  readonly declaration: Declaration;
}

export interface ParameterSymbol {
  readonly name: string;
  readonly type: Type;
  readonly required: boolean;
  readonly declaration: Declaration;
}

export interface StateSymbol {
  readonly name: string;
  readonly type: Type;
  readonly role: string | null;
  readonly declaration: Declaration;
}

/** `uses log: Raft`. */
export interface UseSymbol {
  readonly name: string;
  /** The role whose nodes use it; null for all. */
  readonly role: string | null;
  readonly declaration: Declaration;
  /** Null where it is not known (reported). */
  readonly protocol: ElaboratedProtocol | null;
  /** The first place that needs it on the node itself, and the first that all nodes share; null while there is none. */
  local: Span | null;
  single: Span | null;
}

/** The records and enums that values in a file may be of, by qualified name. */
export class TypeTable {
  readonly records = new Map<string, RecordSymbol>();
  readonly enums = new Map<string, EnumSymbol>();

  /** Takes over the types of an imported protocol. */
  adopt(other: TypeTable): void {
    for (const [name, record] of other.records) this.records.set(name, record);
    for (const [name, symbol] of other.enums) this.enums.set(name, symbol);
  }
}

/** What a protocol (or specification) declares besides the names that expressions use. */
export class Environment {
  readonly types = new TypeTable();
  readonly parameters = new Map<string, ParameterSymbol>();
  readonly messages = new Map<string, SignatureSymbol>();
  readonly events = new Map<string, SignatureSymbol>();
  readonly operations = new Map<string, SignatureSymbol>();
  readonly timers = new Map<string, { readonly role: string | null; readonly declaration: Declaration }>();
  readonly state = new Map<string, StateSymbol>();
  readonly roles = new Map<string, Declaration>();
  /** Protocols that are used, by the names that they have here. */
  readonly uses = new Map<string, UseSymbol>();
  /** Invariants and eventualities, for `expect violated(…)`. */
  readonly properties = new Map<string, Declaration>();

  constructor(
    readonly name: string,
    readonly kind: 'protocol' | 'specification',
  ) {}
}
