/** Systems and programs made by hand, small enough to know what must come out. */

import type { Span } from '../../src/base/source.ts';
import type { CallHandle, CompiledProperty, Host, Instance, Payload, Program } from '../../src/compiler/program.ts';
import type { ProtocolCode } from '../../src/model/code.ts';
import type { FaultAction, Scenario } from '../../src/model/scenario.ts';
import type { Budget, LinkAttributes, NodeAttributes, System, Timing, Workload, WorkloadCall } from '../../src/model/system.ts';
import type { FieldType, Type } from '../../src/model/types.ts';
import type { Distribution } from '../../src/model/values.ts';
import { protocolCode } from '../support/code.ts';

export const span: Span = { uri: 'file:///test.dsys', start: 0, end: 1 };
export const ms = 1e6;
export const s = 1e9;
export const int: Type = { kind: 'Int' };

export function constant(value: number): Distribution {
  return { kind: 'constant', value };
}

export interface SystemOptions {
  readonly nodes: number;
  /** Of all links; what is left out is 1 ms, no loss. */
  readonly link?: Partial<LinkAttributes>;
  /** Explicit undirected links; left out: complete. */
  readonly edges?: readonly (readonly [number, number])[];
  /** Latency of each explicit link, ns; left out: that of `link`. */
  readonly edgeLatency?: readonly number[];
  readonly attributes?: Partial<NodeAttributes>;
  /** Zone of each node by name. */
  readonly zones?: Readonly<Record<string, readonly number[]>>;
  readonly timing?: Partial<Timing>;
  readonly budgets?: readonly Budget[];
  readonly workloads?: readonly Workload[];
  /** Members of the deployments; left out: one of all nodes. */
  readonly deployments?: readonly (readonly number[])[];
  readonly protocol?: Partial<ProtocolCode>;
  readonly adversaries?: System['adversaries'];
}

export function makeSystem(options: SystemOptions): System {
  const count = options.nodes;
  const base: LinkAttributes = {
    latency: constant(ms),
    loss: 0,
    burst: null,
    duplicate: 0,
    reorder: 0,
    bandwidth: null,
    fifo: false,
    span: null,
    ...options.link,
  };
  const edges = options.edges;
  const classes = options.edgeLatency ? options.edgeLatency.map((latency) => ({ ...base, latency: constant(latency) })) : [base];
  const attributes: NodeAttributes = {
    availability: null,
    mtbf: null,
    mttr: null,
    cpu: null,
    weights: [],
    drift: null,
    compromise: null,
    ...options.attributes,
  };
  const zoneEntries = Object.entries(options.zones ?? {});
  const all = Array.from({ length: count }, (_, index) => index);
  return {
    name: 'Test',
    uri: span.uri,
    span,
    nameSpan: span,
    seed: 1,
    constants: [],
    zones: zoneEntries.map(([name, nodes], index) => ({ index, name, parent: -1, nodes, availability: null, span })),
    groups: [
      {
        index: 0,
        name: 'node',
        first: 0,
        size: count,
        span,
        nameSpan: span,
        sizeSpan: null,
        sizeIsLiteral: true,
        placement: [],
        placementSpan: null,
        attributes,
      },
    ],
    nodes: all.map((index) => ({
      index,
      name: `node[${index}]`,
      group: 0,
      position: index,
      zone: zoneEntries.findIndex(([, nodes]) => nodes.includes(index)),
      weight: 1,
    })),
    network: {
      complete: !edges,
      from: Int32Array.from(edges ?? [], (edge) => edge[0]),
      to: Int32Array.from(edges ?? [], (edge) => edge[1]),
      directed: new Uint8Array(edges?.length ?? 0),
      linkClass: Int32Array.from(edges ?? [], (_, at) => (options.edgeLatency ? at : 0)),
      classes,
      kind: new Int32Array(count),
      kinds: 1,
      pairClass: new Int32Array(1),
    },
    timing: { model: 'asynchronous', delay: null, gst: null, span: null, ...options.timing },
    quorums: [],
    faultModels: options.budgets ? [{ name: 'Faults', span, nameSpan: span, budgets: options.budgets }] : [],
    protocols: [makeProtocol(options.protocol ?? {})],
    adversaries: options.adversaries ?? [],
    specifications: [],
    deployments: (options.deployments ?? [all]).map((members, index) => ({
      index,
      called: 'Test',
      protocol: 0,
      span,
      nameSpan: span,
      members,
      roles: [],
      arguments: [],
      uses: [],
      quorums: [],
    })),
    workloads: options.workloads ?? [],
    scenarios: [],
    expectedFindings: [],
  };
}

export function makeProtocol(parts: Partial<ProtocolCode>): ProtocolCode {
  return protocolCode('Test', { uri: span.uri, span, nameSpan: span, ...parts });
}

export function makeScenario(parts: Partial<Scenario> & { readonly duration: number }): Scenario {
  return {
    name: 'Scenario',
    span,
    nameSpan: span,
    faults: null,
    seeds: 1,
    vary: null,
    actions: [],
    calls: [],
    workloads: true,
    delays: 'drawn',
    schedule: { kind: 'latency' as const },
    seed: null,
    expectations: [],
    ...parts,
  };
}

export function at(time: number, action: FaultAction['action']): FaultAction {
  return { at: time, span, action };
}

export function call(parts: Partial<WorkloadCall> & Pick<WorkloadCall, 'targets'>): WorkloadCall {
  return {
    span,
    operation: 'Ask',
    deployment: 0,
    arguments: [],
    rate: null,
    arrival: 'constant',
    think: null,
    timeout: null,
    retries: 0,
    start: 0,
    limit: null,
    ...parts,
  };
}

export function workload(clients: readonly number[], ...calls: readonly WorkloadCall[]): Workload {
  return { name: 'load', span, clients, calls };
}

/** What a hand-made node does; `this` is the node's instance. */
export interface Behavior {
  start?(node: TestNode): void;
  recover?(node: TestNode): void;
  message?(node: TestNode, message: number, value: number, sender: number): void;
  timeout?(node: TestNode, timer: number): void;
  operation?(node: TestNode, operation: number, call: CallHandle): void;
}

export interface ProgramOptions extends Behavior {
  readonly timers?: readonly string[];
  readonly messages?: readonly string[];
  readonly events?: readonly string[];
  readonly operations?: readonly { readonly name: string; readonly fields: readonly FieldType[]; readonly result: Type }[];
  readonly invariants?: readonly CompiledProperty[];
  readonly eventualities?: readonly (CompiledProperty & { readonly within: number | null })[];
  readonly deployment?: number;
  readonly members: readonly number[];
  /** Bytes of every message. */
  readonly size?: number;
  /** What an adversary does instead. */
  readonly adversary?: Behavior;
}

/** Two variables of type Int: `kept` survives a crash, `lost` does not. Messages carry one Int. */
export class TestNode implements Instance {
  dirty = 0;
  kept = 0;
  lost = 0;
  constructor(
    readonly node: number,
    readonly host: Host,
    private readonly behavior: Behavior,
  ) {}
  start(): void {
    this.behavior.start?.(this);
  }
  recover(): void {
    this.behavior.recover?.(this);
  }
  crash(): void {
    this.lost = 0;
    this.dirty |= 2;
  }
  message(message: number, payload: Payload, sender: number): void {
    this.behavior.message?.(this, message, (payload as { f0: number }).f0, sender);
  }
  timeout(timer: number): void {
    this.behavior.timeout?.(this, timer);
  }
  operation(operation: number, handle: CallHandle): void {
    this.behavior.operation?.(this, operation, handle);
  }
  read(variable: number): unknown {
    return variable === 0 ? this.kept : this.lost;
  }
  save(): readonly unknown[] {
    return [this.kept, this.lost];
  }
  restore(values: readonly unknown[]): void {
    [this.kept, this.lost] = values as [number, number];
  }
  keep(value: number): void {
    this.kept = value;
    this.dirty |= 1;
  }
  set(value: number): void {
    this.lost = value;
    this.dirty |= 2;
  }
  send(target: number, value: number, message = 0): void {
    this.host.send(this.node, target, message, { f0: value });
  }
  broadcast(value: number, message = 0): void {
    this.host.broadcast(this.node, message, { f0: value });
  }
}

export function makeProgram(options: ProgramOptions): Program & { readonly nodes: Map<number, TestNode> } {
  const field = [{ name: 'value', type: int }];
  const info = (name: string): Program['messages'][number] => ({ name, fields: field, role: null, handled: true });
  const nodes = new Map<number, TestNode>();
  return {
    nodes,
    protocol: 'Test',
    deployment: options.deployment ?? 0,
    messages: (options.messages ?? ['Ping', 'Pong']).map(info),
    events: (options.events ?? ['Seen']).map(info),
    operations: (options.operations ?? [{ name: 'Ask', fields: [], result: int }]).map((operation) => ({
      ...operation,
      role: null,
      handled: true,
    })),
    timers: options.timers ?? ['tick'],
    localTriggers: [],
    state: [
      { name: 'kept', type: int, durable: true },
      { name: 'lost', type: int, durable: false },
    ],
    instantiate(node, host) {
      const instance = new TestNode(node, host, options);
      nodes.set(node, instance);
      return instance;
    },
    instantiateAdversary: (node, host) => new TestNode(node, host, options.adversary ?? {}),
    invariants: options.invariants ?? [],
    conditions: new Map(),
    selections: new Map(),
    eventualities: options.eventualities ?? [],
    responses: [],
    persistences: [],
    makeMessage: (_, fields) => ({ f0: fields[0] }),
    makeOperation: (_, fields) => Object.fromEntries(fields.map((value, index) => [`f${index}`, value])),
    fieldsOfEvent: (_, payload) => Object.values(payload),
    fieldsOfOperation: (_, payload) => Object.values(payload),
    fieldsOf: (_, payload) => [(payload as { f0: number }).f0],
    fromValue: (value) => value,
    format: (value) => String(value),
    writeFields: (kind, index, payload, out) =>
      out.text(
        (kind === 'operation' ? (options.operations?.[index]?.fields ?? []) : field)
          .map(({ name }, at) => `${name}: ${String((payload as Record<string, unknown>)[`f${at}`])}`)
          .join(', '),
      ),
    writeAnswer: (operation, value, out) => {
      if (options.operations?.[operation]?.result.kind !== 'Unit' && value !== undefined) out.text(String(value));
    },
    glimpse: (_variable, value, out) => out.text(String(value)),
    readsAs: () => false,
    canonical: (value) => JSON.stringify(value ?? null),
    carriedType: () => undefined,
    sizeOf: () => options.size ?? 24,
  };
}

/** A property over the two variables of all members; `holds` gets the correct ones too. */
export function property(
  name: string,
  holds: (members: readonly TestNode[], correct: readonly TestNode[]) => boolean,
  reads = 3,
): CompiledProperty {
  return {
    name,
    span,
    reads,
    check: (instances, members, correct) => {
      const of = (nodes: readonly number[]): TestNode[] => nodes.map((node) => instances[node] as TestNode);
      return holds(of(members), of(correct)) ? null : 'somewhere';
    },
  };
}
