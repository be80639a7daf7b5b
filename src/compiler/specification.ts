import type { Handler, ProtocolCode, SpecificationCode } from '../model/code.ts';
import type { Deployment, System } from '../model/system.ts';
import type { Type } from '../model/types.ts';
import { adopt } from './adopt.ts';
import { type Generated, generate } from './generate.ts';
import type { CallHandle, Host, Instance } from './program.ts';
import { type OperationShape, operationShapes } from './specification-shape.ts';

/** A state of a specification: a snapshot that nothing changes, with its key once it was asked for. */
export interface SpecificationState {
  readonly values: readonly unknown[];
  key: string | null;
}

/** A sequential specification that can be run: what the linearizability check compares histories with. */
export interface SpecificationModel {
  initial(): SpecificationState;
  /**
   * Runs an operation by name; the state given stays as it is. Arguments are run-time values of a program or of this
   * model. Throws RuntimeFailure where the specification fails.
   */
  apply(
    state: SpecificationState,
    operation: string,
    args: readonly unknown[],
  ): { readonly state: SpecificationState; readonly result: unknown };
  /** Equal for equal states only. */
  stateKey(state: SpecificationState): string;
  /** Equal for equal results only; also for results that a protocol's program gave. */
  resultKey(operation: string, result: unknown): string;
  /** `read`: never changes the state; `write`: answers nothing. */
  kind(operation: string): 'read' | 'write' | 'both';
  /** The independent object that a call concerns: a variable or several, and a key where they are maps used at one key only. */
  partition(call: SpecificationCall): string;
  /** What a call reads or writes where its part of the specification is a register, or a map of them; else null. */
  register(call: SpecificationCall): RegisterAccess | null;
}

export interface SpecificationCall {
  readonly operation: string;
  readonly args: readonly unknown[];
  /** What was answered; ignored for writes. */
  readonly result: unknown;
}

/** `value`: the key of the result of a read, or of a read just after the write; `initial`: of a read before any write. */
export interface RegisterAccess {
  readonly kind: 'read' | 'write';
  readonly key: string;
  readonly value: string;
  readonly initial: string;
}

/** Steps that one operation may take. */
const STEPS = 1_000_000;

/**
 * Compiles a specification: the protocol compiler runs its operations as handlers of one node. `nodes` is the number of
 * nodes of the system whose histories it is compared with: it decides how sets of nodes are held.
 */
export function compileSpecification(specification: SpecificationCode, nodes = 0): SpecificationModel {
  const system = surroundings(specification, nodes);
  const protocol = asProtocol(specification);
  const generated = generate(system, system.deployments[0] as Deployment, protocol, [], { specification: true });
  return new CompiledSpecification(specification, generated);
}

class CompiledSpecification implements SpecificationModel {
  private readonly instance: Instance & { result: unknown };
  private readonly host: Host;
  private readonly operations: ReadonlyMap<string, number>;
  private readonly first: SpecificationState;
  private readonly shapes: readonly OperationShape[];

  constructor(
    private readonly code: SpecificationCode,
    private readonly generated: Generated,
  ) {
    this.host = hostOfNobody();
    this.instance = new generated.node(0, this.host, 0) as Instance & { result: unknown };
    this.operations = new Map(code.operations.map(({ name }, i) => [name, i]));
    this.first = { values: this.instance.save(), key: null };
    this.shapes = operationShapes(code);
  }

  kind(operation: string): 'read' | 'write' | 'both' {
    if (!this.shapeOf(operation).writes) return 'read';
    return this.declared(operation).result.kind === 'Unit' ? 'write' : 'both';
  }

  partition({ operation, args }: SpecificationCall): string {
    const { part, key } = this.shapeOf(operation);
    if (part === null) return operation;
    return key === null ? `${part}` : `${part} ${this.argumentKey(operation, args, key)}`;
  }

  register(call: SpecificationCall): RegisterAccess | null {
    const shape = this.shapeOf(call.operation);
    if (!shape.access) return null;
    const readers = this.shapes.filter(({ part, access }) => part === shape.part && access?.kind === 'read');
    const [reader] = readers;
    // Two ways to read might tell values apart in different ways.
    if (!reader || readers.length > 1) return null;
    const read = (state: SpecificationState): string => {
      const declared = this.declared(reader.name);
      const args = declared.fields.map(() => (shape.key === null ? null : call.args[shape.key]));
      return this.resultKey(reader.name, this.apply(state, reader.name, args).result);
    };
    const { kind } = shape.access;
    const value =
      kind === 'read' ? this.resultKey(call.operation, call.result) : read(this.apply(this.first, call.operation, call.args).state);
    return { kind, key: this.partition(call), value, initial: read(this.first) };
  }

  private shapeOf(operation: string): OperationShape {
    const shape = this.shapes[this.operations.get(operation) ?? -1];
    if (!shape) throw new Error(`the specification ${this.code.name} has no operation ${operation}`);
    return shape;
  }

  private declared(operation: string): SpecificationCode['operations'][number] {
    const declared = this.code.operations[this.operations.get(operation) ?? -1];
    if (!declared) throw new Error(`the specification ${this.code.name} has no operation ${operation}`);
    return declared;
  }

  private argumentKey(operation: string, args: readonly unknown[], at: number): string {
    const type = this.declared(operation).fields[at]?.type;
    return type === undefined ? '' : this.canonical(adopt(args[at], type, this.generated), type);
  }

  initial(): SpecificationState {
    return this.first;
  }

  apply(state: SpecificationState, operation: string, args: readonly unknown[]) {
    const index = this.operations.get(operation);
    const declared = index === undefined ? undefined : this.code.operations[index];
    if (index === undefined || declared === undefined) throw new Error(`the specification ${this.code.name} has no operation ${operation}`);
    const fields = new (this.generated.operations[index] as Generated['operations'][number])(
      ...declared.fields.map(({ type }, i) => adopt(args[i], type, this.generated)),
    );
    const call: CallHandle = { id: 0, operation: index, fields, client: -1 };
    this.instance.restore(state.values);
    this.instance.result = null;
    this.host.fuel = STEPS;
    this.instance.dirty = 0;
    this.instance.operation(index, call);
    // Most operations only read: their state, and its key, are those from before.
    const after = this.instance.dirty === 0 ? state : { values: this.instance.save(), key: null };
    return { state: after, result: this.instance.result };
  }

  stateKey(state: SpecificationState): string {
    state.key ??= state.values.map((value, i) => this.canonical(value, this.code.state[i]?.type)).join(';');
    return state.key;
  }

  resultKey(operation: string, result: unknown): string {
    const type = this.code.operations[this.operations.get(operation) ?? -1]?.result;
    if (type === undefined || type.kind === 'Unit') return '';
    return this.canonical(adopt(result, type, this.generated), type);
  }

  private canonical(value: unknown, type: Type | undefined): string {
    return type === undefined ? '' : this.generated.types.of(type).canonical(value);
  }
}

/** A specification neither sends nor draws; it only counts its steps. */
function hostOfNobody(): Host {
  const none = () => {
    throw new Error('a specification does nothing but compute');
  };
  return {
    fuel: STEPS,
    send: none,
    broadcast: none,
    setTimer: none,
    cancelTimer: none,
    emit: none,
    replyCall: none,
    now: none,
    random: none,
    draw: none,
    // An assert in a specification says something of the specification only.
    assertionFailed: () => {},
    canSync: () => false,
    liars: () => [],
    liar: () => undefined,
    neighbors: () => [],
  };
}

function asProtocol(specification: SpecificationCode): ProtocolCode {
  const { span, nameSpan } = specification;
  const handlers = specification.operations.map(
    (operation): Handler => ({
      trigger: { kind: 'operation', operation: operation.name, variable: '$call' },
      role: null,
      body: operation.body,
      span: operation.span,
      headSpan: operation.nameSpan,
    }),
  );
  return {
    name: specification.name,
    uri: span.uri,
    span,
    nameSpan,
    documentation: '',
    parameters: [],
    constants: [],
    quorums: [],
    requirements: [],
    solves: [],
    uses: [],
    scaling: null,
    enums: specification.enums,
    records: specification.records,
    messages: [],
    events: [],
    operations: specification.operations.map((operation) => ({ ...operation, role: null })),
    roles: [],
    state: specification.state,
    timers: [],
    handlers,
    functions: specification.functions,
    invariants: [],
    eventualities: [],
    responses: [],
    persistences: [],
  };
}

/** A system of `count` nodes without names: only their number matters here. */
function surroundings(specification: SpecificationCode, count: number): System {
  const { span, nameSpan, name } = specification;
  const deployment: Deployment = {
    index: 0,
    called: name,
    protocol: 0,
    span,
    nameSpan,
    members: [0],
    roles: [],
    arguments: [],
    uses: [],
    quorums: [],
  };
  return {
    name,
    uri: span.uri,
    span,
    nameSpan,
    seed: 0,
    constants: [],
    zones: [],
    groups: [],
    nodes: Array.from({ length: count }, (_, index) => ({ index, name: `node ${index}`, group: 0, position: index, zone: -1, weight: 1 })),
    network: {
      complete: true,
      from: new Int32Array(),
      to: new Int32Array(),
      directed: new Uint8Array(),
      linkClass: new Int32Array(),
      classes: [],
      kind: new Int32Array(),
      kinds: 0,
      pairClass: new Int32Array(),
    },
    timing: { model: 'asynchronous', delay: null, gst: null, span: null },
    quorums: [],
    faultModels: [],
    protocols: [],
    adversaries: [],
    specifications: [],
    deployments: [deployment],
    workloads: [],
    scenarios: [],
    expectedFindings: [],
  };
}
