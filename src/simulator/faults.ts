import type { Instance } from '../compiler/program.ts';
import type { Behavior, FaultAction, Zone } from '../model/system.ts';
import type { Task } from './event-store.ts';
import type { Kernel } from './kernel.ts';
import type { LinkRule } from './network.ts';
import { Down, Flag } from './node-status.ts';
import { EventKind } from './trace.ts';

type Action = FaultAction['action'];

/** Puts faults into a run and takes them back. Every change of a fault makes the eventualities' time count anew. */
export class Faults {
  private nextId = 0;
  /** The honest instance that an adversary stands in for, by deployment and node. */
  private readonly replaced = new Map<string, Instance>();
  private readonly rules = new Set<LinkRule>();
  private readonly dying = new Map<number, () => void>();
  /** How many outages of each zone are in force. */
  readonly outages = new Map<number, number>();
  readonly partitions = new Set<number>();

  constructor(private readonly kernel: Kernel) {}

  /** Schedules the scenario's actions; `chaos` is left to its own part. */
  schedule(actions: readonly FaultAction[]): void {
    for (const { at, action } of actions) {
      if (action.kind !== 'chaos') this.kernel.at(at, { run: () => this.apply(action) });
    }
  }

  apply(action: Action): void {
    switch (action.kind) {
      case 'crash':
        this.crash(action.nodes, action.for);
        break;
      case 'recover':
        this.recover(action.nodes);
        break;
      case 'outage':
        this.outage(this.kernel.system.zones[action.zone] as Zone, action.for);
        break;
      case 'partition':
        this.partition(action.sides, action.for);
        break;
      case 'isolate':
        this.partition(
          action.nodes.map((node) => [node]),
          action.for,
        );
        break;
      case 'heal':
        this.heal();
        break;
      case 'slow':
        this.slow(action.nodes, action.factor, action.for);
        break;
      case 'lose':
      case 'duplicate':
        this.link(action.kind, action.from, action.to, action.probability, action.for);
        break;
      case 'skew':
        this.skew(action.nodes, action.offset);
        break;
      case 'byzantine':
        this.byzantine(action.nodes, action.behavior, action.for);
        break;
      case 'leave':
        this.leave(action.nodes);
        break;
      case 'join':
        this.join(action.nodes);
        break;
      case 'chaos':
        break;
    }
  }

  crash(nodes: readonly number[], length: number | null): void {
    const { status } = this.kernel;
    const marks = nodes.map((node) => {
      const mark = (status.changes[node] as number) + 1;
      status.changes[node] = mark;
      this.goDown(node, () => {
        status.downFor[node] = (status.downFor[node] as number) | Down.crashed;
      });
      return mark;
    });
    this.changed();
    // Only the crash that this is the end of: a later one keeps its node down.
    this.later(length, () => {
      const mine = nodes.filter((node, at) => status.changes[node] === marks[at]);
      if (mine.length > 0) this.recover(mine);
    });
  }

  /**
   * Crashes a node in the middle of what it sends: `sends` more messages get out, the rest of that broadcast does not. A
   * node that sends nothing for `patience` ns crashes all the same.
   */
  crashAfterSends(node: number, sends: number, patience: number, length: number | null): void {
    const { status, network } = this.kernel;
    const crash = (): void => {
      if (!status.has(node, Flag.dying)) return;
      status.setFlag(node, Flag.dying, false);
      if (!status.isDown(node)) this.crash([node], length);
    };
    status.sendsLeft[node] = sends;
    status.setFlag(node, Flag.dying, true);
    this.dying.set(node, crash);
    network.onDeath = (dead) => this.dying.get(dead)?.();
    this.kernel.at(this.kernel.now + patience, { run: crash });
  }

  recover(nodes: readonly number[]): void {
    const { status } = this.kernel;
    for (const node of nodes) {
      status.changes[node] = (status.changes[node] as number) + 1;
      this.comeUp(node, () => {
        status.downFor[node] = (status.downFor[node] as number) & ~Down.crashed;
      });
    }
    this.changed();
  }

  leave(nodes: readonly number[]): void {
    const { status } = this.kernel;
    for (const node of nodes) {
      this.goDown(node, () => {
        status.downFor[node] = (status.downFor[node] as number) | Down.left;
      });
    }
    this.changed();
  }

  join(nodes: readonly number[]): void {
    const { status } = this.kernel;
    for (const node of nodes) {
      this.comeUp(node, () => {
        status.downFor[node] = (status.downFor[node] as number) & ~Down.left;
      });
    }
    this.changed();
  }

  outage(zone: Zone, length: number | null): void {
    const { status, recorder } = this.kernel;
    const id = this.newId();
    recorder?.note(EventKind.outage, -1, zone.name, '', id);
    this.outages.set(zone.index, (this.outages.get(zone.index) ?? 0) + 1);
    for (const node of zone.nodes) {
      this.goDown(node, () => {
        status.outages[node] = (status.outages[node] as number) + 1;
      });
    }
    this.changed();
    this.later(length, () => {
      recorder?.note(EventKind.outageEnd, -1, zone.name, '', id);
      this.outages.set(zone.index, (this.outages.get(zone.index) as number) - 1);
      for (const node of zone.nodes) {
        this.comeUp(node, () => {
          status.outages[node] = (status.outages[node] as number) - 1;
        });
      }
      this.changed();
    });
  }

  partition(sides: readonly (readonly number[])[], length: number | null): void {
    const { cut, routing, recorder, system } = this.kernel;
    const id = this.newId();
    cut.add(id, sides);
    this.partitions.add(id);
    routing.forget();
    const names = (nodes: readonly number[]): string => `{${nodes.map((node) => system.nodes[node]?.name).join(', ')}}`;
    recorder?.note(EventKind.partition, -1, '', sides.map(names).join(' | '), id);
    this.changed();
    this.later(length, () => {
      if (!cut.remove(id)) return;
      this.partitions.delete(id);
      routing.forget();
      recorder?.note(EventKind.heal, -1, '', '', id);
      this.changed();
    });
  }

  /** Ends all partitions. */
  heal(): void {
    this.kernel.cut.clear();
    this.partitions.clear();
    this.kernel.routing.forget();
    this.kernel.recorder?.note(EventKind.heal, -1, '');
    this.changed();
  }

  slow(nodes: readonly number[], factor: number, length: number | null): void {
    this.scaleSlowness(nodes, factor);
    this.later(length, () => this.scaleSlowness(nodes, 1 / factor));
  }

  /** A share of what the nodes send or receive is lost. */
  omit(nodes: readonly number[], side: 'send' | 'receive' | 'both', share: number, length: number | null): void {
    const { status } = this.kernel;
    for (const node of nodes) {
      status.omission[node] = share;
      status.setFlag(node, Flag.omitsSend, side !== 'receive');
      status.setFlag(node, Flag.omitsReceive, side !== 'send');
    }
    this.changed();
    this.later(length, () => {
      for (const node of nodes) {
        status.setFlag(node, Flag.omitsSend, false);
        status.setFlag(node, Flag.omitsReceive, false);
      }
      this.changed();
    });
  }

  byzantine(nodes: readonly number[], behavior: Behavior, length: number | null): void {
    const { kernel } = this;
    const name = behavior.kind === 'built-in' ? behavior.name : (kernel.system.adversaries[behavior.adversary]?.name ?? 'adversary');
    for (const node of nodes) {
      kernel.recorder?.note(EventKind.byzantine, node, name);
      kernel.status.setFlag(node, Flag.byzantine, true);
      if (behavior.kind === 'built-in') kernel.liars.begin(node, behavior.name);
      else this.replace(node, behavior.adversary);
    }
    this.changed();
    this.later(length, () => {
      for (const node of nodes) this.reform(node);
      this.changed();
    });
  }

  /** Starts a node, or wakes it if it has run before. */
  start(node: number): void {
    const { kernel } = this;
    const first = kernel.status.started[node] === 0;
    kernel.status.started[node] = 1;
    if (first) kernel.recorder?.note(EventKind.start, node, '');
    for (const host of kernel.hosts) kernel.act(host, node, first ? 'start' : 'recover');
  }

  /** After any fault or end of one. */
  private changed(): void {
    for (const { monitor } of this.kernel.hosts) {
      monitor.statusChanged();
      monitor.rebase();
      monitor.checkAll();
    }
  }

  private goDown(node: number, note: () => void): void {
    const { kernel } = this;
    const { status } = kernel;
    note();
    if (status.isDown(node)) return;
    status.setFlag(node, Flag.down, true);
    kernel.digest.add(kernel.now, 2, node);
    kernel.recorder?.note(EventKind.crash, node, '');
    kernel.dropQueue(node);
    for (const host of kernel.hosts) {
      const instance = host.instances[node];
      if (!instance) continue;
      host.dropTimers(node);
      instance.crash();
      if (kernel.recorder !== null) kernel.recorder.stateChanged(host.index, node, instance, -1);
      instance.dirty = 0;
    }
    kernel.routing.forget();
    kernel.calls?.nodeDown(node);
  }

  private comeUp(node: number, note: () => void): void {
    const { kernel } = this;
    const { status } = kernel;
    note();
    if (!status.isDown(node) || status.downFor[node] !== 0 || status.outages[node] !== 0) return;
    status.setFlag(node, Flag.down, false);
    kernel.digest.add(kernel.now, 3, node);
    kernel.recorder?.note(EventKind.recover, node, '');
    kernel.routing.forget();
    // It counts as correct before its handler runs and its properties are asked.
    for (const { monitor } of kernel.hosts) monitor.statusChanged();
    this.start(node);
    kernel.calls?.nodeUp(node);
  }

  private scaleSlowness(nodes: readonly number[], factor: number): void {
    const { status, recorder } = this.kernel;
    for (const node of nodes) {
      const slowness = (status.slowness[node] as number) * factor;
      // What was multiplied and divided again is exactly as before.
      status.slowness[node] = Math.abs(slowness - 1) < 1e-9 ? 1 : slowness;
      recorder?.note(EventKind.slow, node, '', status.slowness[node] === 1 ? '' : `×${Number(slowness.toPrecision(4))}`);
    }
    this.changed();
  }

  private link(
    kind: 'lose' | 'duplicate',
    from: readonly number[],
    to: readonly number[],
    probability: number,
    length: number | null,
  ): void {
    const count = this.kernel.system.nodes.length;
    const mask = (nodes: readonly number[]): Uint8Array => {
      const set = new Uint8Array(count);
      for (const node of nodes) set[node] = 1;
      return set;
    };
    const rule: LinkRule = { kind, from: mask(from), to: mask(to), probability, either: false };
    this.rules.add(rule);
    this.kernel.network.addRule(rule);
    this.changed();
    this.later(length, () => {
      this.rules.delete(rule);
      this.kernel.network.removeRule(rule);
      this.changed();
    });
  }

  private skew(nodes: readonly number[], offset: number): void {
    const { status, recorder } = this.kernel;
    for (const node of nodes) {
      status.clockOffset[node] = (status.clockOffset[node] as number) + offset;
      recorder?.note(EventKind.skew, node, '', `${offset >= 0 ? '+' : '−'}${Math.abs(offset) / 1e6} ms`);
    }
    this.changed();
  }

  /** Puts an adversary in the place of the node's instance of the protocol that it is written for. */
  private replace(node: number, adversary: number): void {
    const { kernel } = this;
    const protocol = kernel.system.adversaries[adversary]?.protocol;
    for (const host of kernel.hosts) {
      const honest = host.instances[node];
      if (!honest || host.program.protocol !== protocol) continue;
      const key = `${host.index} ${node}`;
      if (!this.replaced.has(key)) this.replaced.set(key, honest);
      host.dropTimers(node);
      host.instances[node] = host.program.instantiateAdversary(node, host, adversary);
      if (kernel.status.started[node] === 1 && !kernel.status.isDown(node)) kernel.act(host, node, 'start');
    }
  }

  /** A node stops lying. One that an adversary had taken over comes back as after a crash. */
  private reform(node: number): void {
    const { kernel } = this;
    kernel.recorder?.note(EventKind.byzantine, node, '');
    kernel.liars.end(node);
    kernel.status.setFlag(node, Flag.byzantine, false);
    for (const host of kernel.hosts) {
      const honest = this.replaced.get(`${host.index} ${node}`);
      if (!honest) continue;
      this.replaced.delete(`${host.index} ${node}`);
      host.instances[node] = honest;
      host.dropTimers(node);
      honest.crash();
      host.monitor.statusChanged();
      if (!kernel.status.isDown(node)) kernel.act(host, node, 'recover');
    }
  }

  private later(length: number | null, undo: () => void): void {
    if (length === null) return;
    const task: Task = { run: undo };
    this.kernel.at(this.kernel.now + length, task);
  }

  private newId(): number {
    this.nextId += 1;
    return this.nextId;
  }
}
