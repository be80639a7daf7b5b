import type { Span } from '../base/source.ts';
import { type CallHandle, type Instance, type Payload, RuntimeFailure, type UsedAnswer } from '../compiler/program.ts';
import type { System } from '../model/system.ts';
import { usedHeight } from '../model/uses.ts';
import { DeploymentHost } from './deployment-host.ts';
import { Category } from './event-store.ts';
import type { Kernel } from './kernel.ts';
import { Flag } from './node-status.ts';
import { EventKind } from './trace.ts';
import { type LocalCaller, UsedCall } from './used-call.ts';

/** Whether some deployment uses another: where none does, nothing of this file is ever asked. */
export function isComposed(system: System): boolean {
  return system.deployments.some(({ uses }) => uses.length > 0);
}

/** A deployment's handler that takes what another one on the node gives. */
interface Taker {
  readonly host: ComposedHost;
  /** Index into its Program.localTriggers. */
  readonly trigger: number;
  /** By node, whether it is bound to the giver. */
  readonly bound: Uint8Array;
}

/** What waits at the node that acts: another protocol's handler of it, as a step of its own. */
interface LocalStep {
  readonly host: ComposedHost;
  /** As `Cell.depth`. */
  readonly cause: number;
  readonly act:
    | { readonly kind: 'call'; readonly call: UsedCall }
    | { readonly kind: 'event'; readonly trigger: number; readonly payload: Payload }
    | { readonly kind: 'answer'; readonly call: UsedCall; readonly by: number; readonly value: unknown };
}

/**
 * Protocols on one node: each is a module that hands events to others through a queue at the node (Cachin, Guerraoui & Rodrigues 2011,
 * section 1.4). What a step puts into the queue is handled after it, before anything else happens at the node, each as a step of its
 * own. The queue is empty whenever the kernel looks at its events, so that one is enough for all nodes.
 */
export class Composition {
  /** The node's deployments start in this order: what is used before those who use it. */
  readonly order: readonly DeploymentHost[];
  private queue: LocalStep[] = [];
  /** Steps of a node are running, or what they cause is held back. */
  private busy = false;
  private calls = 0;

  constructor(
    private readonly kernel: Kernel,
    private readonly hosts: readonly DeploymentHost[],
  ) {
    const { system } = kernel;
    const height = ({ deployment }: DeploymentHost): number => usedHeight(deployment.protocol, system.deployments);
    this.order = [...hosts].sort((a, b) => height(a) - height(b) || a.index - b.index);
    for (const host of hosts) if (host instanceof ComposedHost) host.join(this, hosts);
  }

  /** Runs `on start` or `on recover` of all deployments of a node, then what they have caused. */
  begin(node: number, handler: 'start' | 'recover'): void {
    const outermost = !this.busy;
    this.busy = true;
    try {
      for (const host of this.order) this.kernel.act(host, node, handler);
    } finally {
      if (outermost) this.busy = false;
    }
    if (outermost) this.drain(node);
  }

  /** A step of the node is over: its deployments handle what it has given them. */
  drain(node: number): void {
    if (this.busy || this.queue.length === 0) return;
    const { kernel } = this;
    const { cause } = kernel;
    this.busy = true;
    try {
      for (let at = 0; at < this.queue.length && kernel.mayAct(node); at += 1) this.take(node, this.queue[at] as LocalStep);
    } finally {
      this.queue = [];
      this.busy = false;
      kernel.cause = cause;
    }
  }

  nextCall(): number {
    this.calls += 1;
    return this.calls;
  }

  add(host: ComposedHost, act: LocalStep['act']): void {
    const { kernel } = this;
    this.queue.push({ host, act, cause: (kernel.cause & 0xffff) | kernel.nextInInstant() });
  }

  /** An answer has come over the network. */
  arrived(call: UsedCall, by: number, value: unknown): void {
    const { cause } = this.kernel;
    call.caller.takeAnswer(call, by, value, cause);
  }

  /** All that calls of the node on behalf of one deployment (or all, null) still wait for is of no use any more. */
  forget(node: number, deployment: number | null): void {
    for (const host of this.hosts) {
      if (host instanceof ComposedHost && (deployment === null || host.index === deployment)) host.forget(node);
    }
  }

  private take(node: number, { host, cause, act }: LocalStep): void {
    const { kernel } = this;
    switch (act.kind) {
      case 'call':
        kernel.digest.add(kernel.now, act.call.operation | 0x2000_0000, node);
        kernel.recorder?.local(host.index, node, 'call', act.call.operation, act.call.id);
        kernel.local(host, node, cause, 'operation', act.call.operation, (instance) => instance.operation(act.call.operation, act.call));
        return;
      case 'event':
        host.takeEvent(node, act.trigger, act.payload, cause);
        return;
      case 'answer':
        host.takeAnswer(act.call, act.by, act.value, cause);
    }
  }
}

/** A deployment of a run in which some deployment uses another. */
export class ComposedHost extends DeploymentHost implements LocalCaller {
  private composition: Composition | null = null;
  private all: readonly DeploymentHost[] = [];
  /** By event: who takes it. */
  private takers: readonly (readonly Taker[])[] = [];
  /** Deployments whose properties read this one's state, with the variables that they read. */
  private watchers: readonly { readonly host: DeploymentHost; readonly reads: number; readonly bound: Uint8Array }[] = [];
  /** By use and operation: the handler of its answer, -1 for none. */
  private answers: readonly Int32Array[] = [];
  /** By node: calls of another generation are forgotten. */
  private readonly generations = new Int32Array(this.kernel.system.nodes.length);

  /** Finds the others, once all are there. */
  join(composition: Composition, hosts: readonly DeploymentHost[]): void {
    this.composition = composition;
    this.all = hosts;
    const bindings = hosts.flatMap((host) =>
      host.deployment.uses.map((use, at) => ({ host, at, bound: Uint8Array.from(use.bound, (index) => (index === this.index ? 1 : 0)) })),
    );
    const here = bindings.filter(({ bound }) => bound.includes(1));
    this.takers = this.program.events.map((_, event) =>
      here.flatMap(({ host, at, bound }) => {
        const trigger = host.program.localTriggers.findIndex(({ kind, use, index }) => kind === 'event' && use === at && index === event);
        return trigger < 0 || !(host instanceof ComposedHost) ? [] : [{ host, trigger, bound }];
      }),
    );
    this.watchers = here.flatMap(({ host, at, bound }) => {
      const reads = host.monitor.readsUsed(at);
      return reads === 0 ? [] : [{ host, reads, bound }];
    });
    this.answers = this.deployment.uses.map((_, at) => {
      const triggers = this.program.localTriggers;
      const found = triggers.flatMap(({ kind, use, index }, trigger) => (kind === 'answer' && use === at ? [{ index, trigger }] : []));
      const table = new Int32Array(Math.max(0, ...found.map(({ index }) => index)) + 1).fill(-1);
      for (const { index, trigger } of found) table[index] = trigger;
      return table;
    });
  }

  /** What calls of the node wait for is forgotten. */
  forget(node: number): void {
    this.generations[node] = (this.generations[node] as number) + 1;
  }

  override stepped(node: number, instance: Instance): void {
    const { dirty } = instance;
    super.stepped(node, instance);
    for (const { host, reads, bound } of this.watchers) {
      if ((dirty & reads) !== 0 && bound[node] === 1) host.monitor.check(node, -1);
    }
    this.composition?.drain(node);
  }

  override emit(node: number, event: number, payload: Payload): void {
    super.emit(node, event, payload);
    for (const { host, trigger, bound } of this.takers[event] as readonly Taker[]) {
      if (bound[node] === 1) this.composition?.add(host, { kind: 'event', trigger, payload });
    }
  }

  override replyCall(node: number, call: CallHandle, value: unknown): void {
    // What a node tells itself is its own state, even where it lies.
    if (call instanceof UsedCall && call.client === node) {
      this.composition?.add(call.caller as ComposedHost, { kind: 'answer', call, by: node, value });
    } else super.replyCall(node, call, value);
  }

  used(node: number, use: number): Instance {
    const bound = this.deployment.uses[use]?.bound[node] ?? -1;
    const instance = this.all[bound]?.instances[node];
    if (instance) return instance;
    throw new RuntimeFailure(`\`${this.nameOf(node)}\` runs no \`${this.usedProtocol(use)}\``, this.deployment.nameSpan);
  }

  callUsed(node: number, use: number, operation: number, fields: Payload, target: number, span: Span): CallHandle {
    const callee = this.calleeOf(node, use, target, span);
    const at = target < 0 ? node : target;
    this.checkRole(callee, operation, at, span);
    const { kernel } = this;
    const number = this.composition?.nextCall() ?? 0;
    const call = new UsedCall(this, use, callee.index, operation, fields, node, number, this.generations[node] as number);
    kernel.digest.add(kernel.now, operation | 0x2100_0000, at);
    kernel.recorder?.called(EventKind.nodeCall, callee.index, call, at);
    if (at === node) this.composition?.add(callee, { kind: 'call', call });
    else if (kernel.status.has(node, Flag.lies)) kernel.liars.call(node, () => this.sendCall(callee, call, at));
    else this.sendCall(callee, call, at);
    return call;
  }

  private sendCall(callee: DeploymentHost, call: UsedCall, target: number): void {
    const bytes = 16 + 8 * (callee.program.operations[call.operation]?.fields.length ?? 0);
    this.kernel.network.send(Category.request, callee.index, call.client, target, call.operation, call, bytes);
  }

  /** The event of a used protocol, as a step of its own. */
  takeEvent(node: number, trigger: number, payload: Payload, cause: number): void {
    const { kernel } = this;
    kernel.digest.add(kernel.now, trigger | 0x2200_0000, node);
    kernel.recorder?.local(this.index, node, 'event', trigger, -1);
    kernel.local(this, node, cause, 'local', trigger, (instance) => instance.local?.(trigger, payload));
  }

  /** The answer to a call, unless there was one already or the node has forgotten the call. */
  takeAnswer(call: UsedCall, by: number, value: unknown, cause: number): void {
    const { kernel } = this;
    const node = call.client;
    if (call.answered || call.generation !== this.generations[node]) return;
    call.answered = true;
    kernel.digest.add(kernel.now, call.operation | 0x2300_0000, node);
    kernel.recorder?.answered(EventKind.nodeAnswer, call.deployment, call, by, value);
    const trigger = this.answers[call.use]?.[call.operation] ?? -1;
    if (trigger < 0) return;
    const answer: UsedAnswer = { call, value };
    kernel.local(this, node, cause, 'local', trigger, (instance) => instance.local?.(trigger, answer));
  }

  /** The deployment that a call goes to: the one that the node is bound to, or that of the node that is called. */
  private calleeOf(node: number, use: number, target: number, span: Span): ComposedHost {
    const bound = this.all[this.deployment.uses[use]?.bound[node] ?? -1];
    if (bound instanceof ComposedHost && (target < 0 || bound.instances[target])) return bound;
    const protocol = this.deployment.uses[use]?.protocol;
    const at = target < 0 ? node : target;
    const running = this.all.filter((host) => host.deployment.protocol === protocol && host.instances[at]);
    const [only] = running;
    if (running.length === 1 && only instanceof ComposedHost) return only;
    const name = `\`${this.nameOf(at)}\``;
    const words = running.length === 0 ? `${name} runs no` : `${name} runs more than one`;
    throw new RuntimeFailure(`${words} \`${this.usedProtocol(use)}\` that could be called`, span);
  }

  private checkRole(callee: DeploymentHost, operation: number, node: number, span: Span): void {
    const called = callee.program.operations[operation];
    const role = called?.role ?? null;
    if (role === null || callee.deployment.roles.some(({ name, nodes }) => name === role && nodes.includes(node))) return;
    const offers = `\`${called?.name}\` is an operation of the role \`${role}\` of \`${callee.program.protocol}\``;
    throw new RuntimeFailure(`${offers}, which \`${this.nameOf(node)}\` does not play`, span);
  }

  private nameOf(node: number): string {
    return this.kernel.system.nodes[node]?.name ?? String(node);
  }

  private usedProtocol(use: number): string {
    return this.kernel.system.protocols[this.deployment.uses[use]?.protocol ?? -1]?.name ?? '';
  }
}
