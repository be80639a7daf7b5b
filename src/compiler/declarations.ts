import type { AdversaryCode, FunctionCode, ProtocolCode, Statement, StateVariable } from '../model/code.ts';
import type { FieldType } from '../model/types.ts';

/** A function of a protocol or adversary with its place in the program. */
export interface FunctionEntry {
  readonly index: number;
  readonly code: FunctionCode;
  /** Index of the adversary that it belongs to, -1 for the protocol. */
  readonly adversary: number;
}

export interface StateEntry {
  readonly index: number;
  readonly code: StateVariable;
  readonly adversary: number;
}

/** Where a name is written decides what it means: the adversary's own first, then the role's, then the protocol's. */
export interface Scope {
  readonly role: string | null;
  /** -1 outside adversaries. */
  readonly adversary: number;
}

export const PROTOCOL_SCOPE: Scope = { role: null, adversary: -1 };

/**
 * The declarations of one program by number: nothing that a user wrote becomes a name in the generated source. Types
 * name records and enums qualified by their owner (`P.Entry`), declarations may not; both are understood.
 */
export class Declarations {
  readonly state: readonly StateEntry[];
  readonly functions: readonly FunctionEntry[];

  constructor(
    readonly protocol: ProtocolCode,
    readonly adversaries: readonly AdversaryCode[],
  ) {
    const state: StateEntry[] = [];
    const functions: FunctionEntry[] = [];
    for (const code of protocol.state) state.push({ index: state.length, code, adversary: -1 });
    for (const code of protocol.functions) functions.push({ index: functions.length, code, adversary: -1 });
    adversaries.forEach((adversary, number) => {
      for (const code of adversary.state) state.push({ index: state.length, code, adversary: number });
      for (const code of adversary.functions) functions.push({ index: functions.length, code, adversary: number });
    });
    this.state = state;
    this.functions = functions;
  }

  /** The bodies of all handlers and functions, the adversaries' included. */
  bodies(): readonly (readonly Statement[])[] {
    return [this.protocol, ...this.adversaries].flatMap(({ handlers, functions }) => [...handlers, ...functions].map(({ body }) => body));
  }

  record(name: string): number {
    return named(this.protocol.records, name, 'record');
  }
  enum(name: string): number {
    return named(this.protocol.enums, name, 'enum');
  }
  message(name: string): number {
    return named(this.protocol.messages, name, 'message');
  }
  event(name: string): number {
    return named(this.protocol.events, name, 'event');
  }
  operation(name: string): number {
    return named(this.protocol.operations, name, 'operation');
  }
  timer(name: string, role: string | null): number {
    const { timers } = this.protocol;
    const own = timers.findIndex((timer) => timer.name === name && timer.role === role);
    return own >= 0 ? own : named(timers, name, 'timer');
  }
  recordFields(name: string): readonly FieldType[] {
    return (this.protocol.records[this.record(name)] as ProtocolCode['records'][number]).fields;
  }
  stateVariable(name: string, scope: Scope): StateEntry {
    return inScope(this.state, name, scope, 'state variable');
  }
  function(name: string, scope: Scope): FunctionEntry {
    return inScope(this.functions, name, scope, 'function');
  }
}

function named(list: readonly { readonly name: string }[], name: string, what: string): number {
  let index = list.findIndex((item) => item.name === name);
  if (index < 0) index = list.findIndex((item) => unqualified(item.name) === unqualified(name));
  if (index < 0) throw new Error(`unknown ${what} ${name}`);
  return index;
}

export function unqualified(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function inScope<T extends { readonly code: { readonly name: string; readonly role: string | null }; readonly adversary: number }>(
  entries: readonly T[],
  name: string,
  scope: Scope,
  what: string,
): T {
  const matching = entries.filter(({ code, adversary }) => code.name === name && (adversary < 0 || adversary === scope.adversary));
  const found =
    matching.find((entry) => entry.adversary >= 0) ??
    matching.find(({ code }) => code.role === scope.role) ??
    matching.find(({ code }) => code.role === null) ??
    matching[0];
  if (found === undefined) throw new Error(`unknown ${what} ${name}`);
  return found;
}
