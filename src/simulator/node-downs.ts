import type { FaultAction } from '../model/scenario.ts';
import type { Loss, Zone } from '../model/system.ts';
import { faultsChanged, undoAfter } from './fault-effects.ts';
import type { Kernel } from './kernel.ts';
import { Down, Flag } from './node-status.ts';
import { EventKind } from './trace.ts';

type Crash = Extract<FaultAction['action'], { kind: 'crash' }>;

function lossText(loses: Loss | undefined): string {
  if (loses === undefined) return '';
  return loses === 'all' ? 'all durable state' : 'what it had not synced';
}

/** Takes nodes down and up again: crashes, outages of zones, nodes that leave and join. */
export class NodeDowns {
  /** What crashes a node that is dying. */
  private readonly dying = new Map<number, () => void>();
  private nextOutage = 0;

  constructor(private readonly kernel: Kernel) {
    kernel.network.onDeath = (node) => this.dying.get(node)?.();
  }

  crash(action: Crash): void {
    if (action.afterSends === undefined) this.crashNow(action.nodes, action);
    else for (const node of action.nodes) this.crashAfterSends(node, action.afterSends, action);
  }

  recover(nodes: readonly number[]): void {
    const { status } = this.kernel;
    for (const node of nodes) {
      status.changes[node] = (status.changes[node] as number) + 1;
      this.comeUp(node, () => {
        status.downFor[node] = (status.downFor[node] as number) & ~Down.crashed;
      });
    }
    faultsChanged(this.kernel);
  }

  leave(nodes: readonly number[]): void {
    const { status } = this.kernel;
    for (const node of nodes) {
      this.goDown(node, () => {
        status.downFor[node] = (status.downFor[node] as number) | Down.left;
      });
    }
    faultsChanged(this.kernel);
  }

  join(nodes: readonly number[]): void {
    const { status } = this.kernel;
    for (const node of nodes) {
      this.comeUp(node, () => {
        status.downFor[node] = (status.downFor[node] as number) & ~Down.left;
      });
    }
    faultsChanged(this.kernel);
  }

  outage(zone: Zone, length: number | null): void {
    const { status, recorder } = this.kernel;
    this.nextOutage += 1;
    const id = this.nextOutage;
    recorder?.note(EventKind.outage, -1, zone.name, '', id);
    for (const node of zone.nodes) {
      this.goDown(node, () => {
        status.outages[node] = (status.outages[node] as number) + 1;
      });
    }
    faultsChanged(this.kernel);
    undoAfter(this.kernel, length, () => {
      recorder?.note(EventKind.outageEnd, -1, zone.name, '', id);
      for (const node of zone.nodes) {
        this.comeUp(node, () => {
          status.outages[node] = (status.outages[node] as number) - 1;
        });
      }
      faultsChanged(this.kernel);
    });
  }

  /** Starts a node, or wakes it if it has run before. */
  start(node: number): void {
    const { kernel } = this;
    if (kernel.status.has(node, Flag.paused)) {
      kernel.held.postpone(node, () => this.start(node));
      return;
    }
    const first = kernel.status.started[node] === 0;
    kernel.status.started[node] = 1;
    if (first) kernel.recorder?.note(EventKind.start, node, '');
    kernel.begin(node, first ? 'start' : 'recover');
  }

  private crashNow(nodes: readonly number[], { for: length, loses }: Crash): void {
    const { status } = this.kernel;
    const marks = nodes.map((node) => {
      const mark = (status.changes[node] as number) + 1;
      status.changes[node] = mark;
      const note = (): void => {
        status.downFor[node] = (status.downFor[node] as number) | Down.crashed;
      };
      this.goDown(node, note, loses);
      return mark;
    });
    faultsChanged(this.kernel);
    // Only the crash that this is the end of: a later one keeps its node down.
    undoAfter(this.kernel, length, () => {
      const mine = nodes.filter((node, at) => status.changes[node] === marks[at]);
      if (mine.length > 0) this.recover(mine);
    });
  }

  /** Crashes a node in the middle of what it sends: `sends` more messages get out, the rest of that broadcast does not. */
  private crashAfterSends(node: number, sends: number, action: Crash): void {
    const { status } = this.kernel;
    const crash = (): void => {
      if (this.dying.get(node) !== crash) return;
      this.dying.delete(node);
      status.setFlag(node, Flag.dying, false);
      if (!status.isDown(node)) this.crashNow([node], action);
    };
    status.sendsLeft[node] = sends;
    status.setFlag(node, Flag.dying, true);
    this.dying.set(node, crash);
    undoAfter(this.kernel, action.within ?? null, crash);
  }

  private goDown(node: number, note: () => void, loses?: Loss): void {
    const { kernel } = this;
    const { status } = kernel;
    note();
    if (status.isDown(node)) return;
    status.setFlag(node, Flag.down, true);
    kernel.digest.add(kernel.now, 2, node);
    kernel.recorder?.note(EventKind.crash, node, '', lossText(loses));
    status.setFlag(node, Flag.paused, false);
    kernel.dropQueue(node);
    for (const host of kernel.hosts) {
      const instance = host.instances[node];
      if (!instance) continue;
      host.dropTimers(node);
      instance.crash(loses);
      if (kernel.recorder !== null) kernel.recorder.stateChanged(host.index, node, instance, -1);
      instance.dirty = 0;
    }
    kernel.routing.forget();
    kernel.calls?.nodeDown(node);
    kernel.composition?.forget(node, null);
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
}
