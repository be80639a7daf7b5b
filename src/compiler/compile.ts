import type { AdversaryCode, ProtocolCode } from '../model/code.ts';
import { spanKey } from '../model/span-key.ts';
import type { System } from '../model/system.ts';
import type { Type } from '../model/types.ts';
import type { Value } from '../model/values.ts';
import { type Generated, generate } from './generate.ts';
import {
  type CompiledProperty,
  type Glimpse,
  type Host,
  type Instance,
  type Payload,
  type PayloadInfo,
  type PayloadKind,
  type Program,
  RuntimeFailure,
} from './program.ts';
import { runtimeValue } from './run-time-value.ts';
import { Held, lend } from './runtime/list.ts';
import type { TypeOperations } from './runtime/type-operations.ts';
import { StringWriter, type Writer } from './runtime/writer.ts';

export interface CompileOptions {
  /** Whether the code counts which of its handlers and branches run: `Program.coverage`. */
  readonly coverage?: boolean;
}

/** Compiles one deployment of a system. The same system gives the same source, character by character. */
export function compileDeployment(system: System, deployment: number, options: CompileOptions = {}): Program {
  const deployed = system.deployments[deployment];
  const protocol = deployed && system.protocols[deployed.protocol];
  if (deployed === undefined || protocol === undefined) throw new Error(`no deployment ${deployment}`);
  const adversaries = system.adversaries.filter((adversary) => adversary.protocol === protocol.name);
  return new CompiledProgram(
    system,
    deployment,
    protocol,
    adversaries,
    generate(system, deployed, protocol, adversaries, { coverage: options.coverage }),
  );
}

class CompiledProgram implements Program {
  readonly protocol: string;
  readonly coverage: Program['coverage'];
  readonly messages: readonly PayloadInfo[];
  readonly events: readonly PayloadInfo[];
  readonly operations: Program['operations'];
  readonly timers: readonly string[];
  readonly localTriggers: Program['localTriggers'];
  readonly state: Program['state'];
  readonly invariants: readonly CompiledProperty[];
  readonly conditions: Program['conditions'];
  readonly selections: Program['selections'];
  readonly eventualities: Program['eventualities'];
  readonly responses: Program['responses'];
  readonly persistences: Program['persistences'];

  private readonly stateTypes: readonly TypeOperations[];
  /** `startsWith` of the variables that were asked for it. */
  private readonly starts: NonNullable<TypeOperations['startsWith']>[] = [];
  /** By operation; null for those whose answer says nothing. */
  private readonly answerTypes: readonly (TypeOperations | null)[];

  constructor(
    private readonly system: System,
    readonly deployment: number,
    code: ProtocolCode,
    private readonly adversaries: readonly AdversaryCode[],
    private readonly generated: Generated,
  ) {
    const roleOf = (kind: 'message' | 'operation', name: string): { readonly role: string | null; readonly handled: boolean } => {
      const handlers = code.handlers.filter(({ trigger }) =>
        kind === 'message'
          ? trigger.kind === 'message' && trigger.message === name
          : trigger.kind === 'operation' && trigger.operation === name,
      );
      const roles = new Set(handlers.map(({ role }) => role));
      return { role: roles.size === 1 ? ([...roles][0] ?? null) : null, handled: handlers.length > 0 };
    };
    this.protocol = code.name;
    this.coverage = generated.coverage;
    this.messages = code.messages.map(({ name, fields }) => ({ name, fields, ...roleOf('message', name) }));
    this.events = code.events.map(({ name, fields }) => ({ name, fields, role: null, handled: false }));
    this.operations = code.operations.map(({ name, fields, result, role }) => {
      const handlers = roleOf('operation', name);
      return { name, fields, result, role: role ?? handlers.role, handled: handlers.handled };
    });
    this.timers = code.timers.map(({ name }) => name);
    this.localTriggers = generated.localTriggers;
    this.state = code.state.map(({ name, type, durable }) => ({ name, type, durable }));
    this.stateTypes = code.state.map(({ type }) => generated.types.of(type));
    this.answerTypes = code.operations.map(({ result }) => (result.kind === 'Unit' ? null : generated.types.of(result)));
    this.invariants = code.invariants.map((property, i) =>
      compiledProperty(property, generated.invariants[i] as Generated['invariants'][number]),
    );
    this.eventualities = code.eventualities.map((property, i) => {
      const made = generated.eventualities[i] as Generated['eventualities'][number];
      return { ...compiledProperty(property, made), within: made.within };
    });
    this.persistences = code.persistences.map((property, i) => {
      const made = generated.persistences[i] as Generated['persistences'][number];
      return { ...compiledProperty(property, made), after: made.after };
    });
    this.conditions = new Map(
      generated.conditions.map((made) => {
        const { span } = made.condition;
        return [spanKey(span), compiledProperty({ name: 'when', span }, made)];
      }),
    );
    this.selections = new Map(generated.selections.map(({ nodes, select }) => [spanKey(nodes.span), select]));
    this.responses = code.responses.map(({ name, span }, i) => ({
      ...(generated.responses[i] as Generated['responses'][number]),
      name,
      span,
    }));
  }

  instantiate(node: number, host: Host): Instance {
    return new this.generated.node(node, host, this.rolesOf(node));
  }

  instantiateAdversary(node: number, host: Host, adversary: number): Instance {
    const chosen = this.system.adversaries[adversary];
    const index = chosen === undefined ? -1 : this.adversaries.indexOf(chosen);
    const made = this.generated.adversaries[index] ?? this.generated.node;
    return new made(node, host, this.rolesOf(node));
  }

  /** A bit for each role, in the order of the deployment's roles, that the node plays. */
  private rolesOf(node: number): number {
    const roles = this.system.deployments[this.deployment]?.roles ?? [];
    return roles.reduce((mask, role, i) => (role.nodes.includes(node) ? mask | (1 << i) : mask), 0);
  }

  makeMessage(message: number, fields: readonly unknown[]): Payload {
    return new (this.generated.messages[message] as Generated['messages'][number])(...fields);
  }
  makeOperation(operation: number, fields: readonly unknown[]): Payload {
    return new (this.generated.operations[operation] as Generated['operations'][number])(...fields);
  }
  fieldsOf(message: number, payload: Payload): unknown[] {
    return fieldValues(payload, this.messages[message]?.fields.length ?? 0);
  }
  fieldsOfEvent(event: number, payload: Payload): unknown[] {
    return fieldValues(payload, this.events[event]?.fields.length ?? 0);
  }
  fieldsOfOperation(operation: number, payload: Payload): unknown[] {
    return fieldValues(payload, this.operations[operation]?.fields.length ?? 0);
  }
  fromValue(value: Value, type: Type): unknown {
    return runtimeValue(value, type, this.generated);
  }
  format(value: unknown, type: Type, most = Number.POSITIVE_INFINITY): string {
    const out = new StringWriter(most);
    this.generated.types.of(type).write(value, out);
    return out.finish();
  }
  writeFields(kind: PayloadKind, index: number, payload: Payload, out: Writer): void {
    this.generated.texts[kind][index]?.(payload, out);
  }
  writeAnswer(operation: number, value: unknown, out: Writer): void {
    if (value !== undefined) this.answerTypes[operation]?.write(value, out);
  }
  glimpse(variable: number, value: unknown, out: Writer, into: Glimpse): void {
    const { parts } = into;
    if (parts.length > 0) parts.length = 0;
    out.wantParts(parts);
    this.stateTypes[variable]?.write(value, out);
    for (const part of parts) if (typeof part === 'object') lend(part, Held.watched);
    into.whole = !out.full;
  }
  readsAs(variable: number, value: unknown, { parts, whole }: Glimpse): boolean {
    let starts = this.starts[variable];
    if (starts === undefined) {
      starts = this.stateTypes[variable]?.startsWith ?? never;
      this.starts[variable] = starts;
    }
    return starts(value, parts, whole);
  }
  carriedType(text: string): Type | undefined {
    return this.generated.types.carriedType(text);
  }
  canonical(value: unknown, type: Type): string {
    return this.generated.types.of(type).canonical(value);
  }
  sizeOf(message: number, payload: Payload): number {
    return (this.generated.sizes[message] as Generated['sizes'][number])(payload);
  }
}

const never = () => false;

/** Made once: every message that a trace shows is asked for its fields. */
const FIELD_NAMES = Array.from({ length: 16 }, (_, i) => `f${i}`);

function fieldValues(payload: Payload, count: number): unknown[] {
  const fields = payload as Record<string, unknown>;
  const values: unknown[] = [];
  for (let i = 0; i < count; i++) values.push(fields[i < FIELD_NAMES.length ? (FIELD_NAMES[i] as string) : `f${i}`]);
  return values;
}

/** A failure while a property is evaluated is a counterexample too: it says what went wrong where. */
function compiledProperty(
  property: { readonly name: string; readonly span: CompiledProperty['span'] },
  made: Pick<Generated['invariants'][number], 'check' | 'reads' | 'readsUsed'>,
): CompiledProperty {
  return {
    name: property.name,
    span: property.span,
    reads: made.reads,
    readsUsed: made.readsUsed,
    check(instances, members, correct, changed) {
      try {
        return made.check(instances, members, correct, changed);
      } catch (error) {
        if (error instanceof RuntimeFailure) return error.message;
        throw error;
      }
    },
  };
}
