import type { Instance } from '../compiler/program.ts';
import type { Behavior } from '../model/system.ts';
import { faultsChanged, undoAfter } from './fault-effects.ts';
import type { Kernel } from './kernel.ts';
import { Flag } from './node-status.ts';
import { EventKind } from './trace.ts';

/** Turns nodes Byzantine and back. */
export class Takeovers {
  /** The honest instance that an adversary stands in for, by deployment and node. */
  private readonly replaced = new Map<string, Instance>();

  constructor(private readonly kernel: Kernel) {}

  begin(nodes: readonly number[], behavior: Behavior, length: number | null): void {
    const { kernel } = this;
    const name = behavior.kind === 'built-in' ? behavior.name : (kernel.system.adversaries[behavior.adversary]?.name ?? 'adversary');
    for (const node of nodes) {
      kernel.recorder?.note(EventKind.byzantine, node, name);
      kernel.status.setFlag(node, Flag.byzantine, true);
      if (behavior.kind === 'built-in') kernel.liars.begin(node, behavior.name);
      else this.replace(node, behavior.adversary);
    }
    faultsChanged(kernel);
    undoAfter(kernel, length, () => {
      for (const node of nodes) this.reform(node);
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
}
