import type { Instance } from '../compiler/program.ts';
import type { Behavior } from '../model/scenario.ts';
import type { DeploymentHost } from './deployment-host.ts';
import { faultsChanged, undoAfter } from './fault-effects.ts';
import type { Kernel } from './kernel.ts';
import { Flag } from './node-status.ts';
import { EventKind } from './trace.ts';

/** Turns nodes Byzantine and back. */
export class Takeovers {
  /** The honest instance that an adversary stands in for, by deployment and node. */
  private readonly replaced = new Map<string, Instance>();
  /** By node, how many takeovers there have been, so that an end knows whether it is still wanted. */
  private readonly takeovers = new Map<number, number>();

  constructor(private readonly kernel: Kernel) {}

  begin(nodes: readonly number[], behavior: Behavior, length: number | null): void {
    const { kernel } = this;
    const name = behavior.kind === 'built-in' ? behavior.name : (kernel.system.adversaries[behavior.adversary]?.name ?? 'adversary');
    const marks = nodes.map((node) => {
      const mark = (this.takeovers.get(node) ?? 0) + 1;
      this.takeovers.set(node, mark);
      kernel.recorder?.note(EventKind.byzantine, node, name);
      kernel.status.setFlag(node, Flag.byzantine, true);
      if (behavior.kind === 'built-in') kernel.liars.begin(node, behavior.name);
      else this.replace(node, behavior.adversary);
      return mark;
    });
    faultsChanged(kernel);
    undoAfter(kernel, length, () => {
      // Only the takeover that this is the end of: a later one goes on.
      nodes.forEach((node, at) => {
        if (this.takeovers.get(node) === marks[at]) this.reform(node);
      });
      faultsChanged(kernel);
    });
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
      kernel.composition?.forget(node, host.index);
      host.instances[node] = host.program.instantiateAdversary(node, host, adversary);
      if (kernel.status.started[node] === 1 && !kernel.status.isDown(node)) this.act(host, node, 'start');
    }
  }

  /** Of a node that stands still the handler waits; by then another instance may stand there. */
  private act(host: DeploymentHost, node: number, handler: 'start' | 'recover'): void {
    const { kernel } = this;
    if (!kernel.status.has(node, Flag.paused)) kernel.act(host, node, handler);
    else {
      const instance = host.instances[node];
      kernel.held.postpone(node, () => {
        if (host.instances[node] === instance) kernel.act(host, node, handler);
      });
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
      kernel.composition?.forget(node, host.index);
      honest.crash();
      host.monitor.statusChanged();
      if (!kernel.status.isDown(node)) this.act(host, node, 'recover');
    }
  }
}
