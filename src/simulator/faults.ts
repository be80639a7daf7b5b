import type { FaultAction } from '../model/scenario.ts';
import type { FaultySide, Zone } from '../model/system.ts';
import { ChosenMoments } from './chosen-moments.ts';
import { ClockFaults } from './clock-faults.ts';
import { faultsChanged, undoAfter } from './fault-effects.ts';
import { FaultLedger } from './fault-ledger.ts';
import type { Kernel } from './kernel.ts';
import { NetworkFaults } from './network-faults.ts';
import { NodeDowns } from './node-downs.ts';
import { Flag } from './node-status.ts';
import { Pauses } from './pauses.ts';
import { Takeovers } from './takeovers.ts';
import { EventKind } from './trace.ts';

/**
 * Puts faults into a run and takes them back. Every change of a fault makes the eventualities' time count anew. Whatever
 * strikes a run goes through `apply` as a plain action, so that the log of a run is a schedule that repeats it.
 */
export class Faults {
  /** What happened when, in order; a scenario with these actions in place of its own has the same run. */
  readonly applied: FaultAction[] = [];
  readonly ledger: FaultLedger;
  private readonly downs: NodeDowns;
  private readonly takeovers: Takeovers;
  private readonly moments: ChosenMoments;
  private readonly network: NetworkFaults;
  private readonly pauses: Pauses;
  private readonly clocks: ClockFaults;
  /** By node, the shares that it loses now on either side. */
  private readonly omissions = new Map<number, { readonly side: FaultySide; readonly share: number }[]>();

  constructor(
    private readonly kernel: Kernel,
    seed: number,
  ) {
    this.moments = new ChosenMoments(kernel, seed, (action) => this.apply(action));
    this.ledger = new FaultLedger(kernel.system.zones);
    this.downs = new NodeDowns(kernel);
    this.takeovers = new Takeovers(kernel);
    this.network = new NetworkFaults(kernel);
    this.pauses = new Pauses(kernel);
    this.clocks = new ClockFaults(kernel);
  }

  /** Schedules the scenario's actions; `chaos` and churn are left to their own parts. */
  schedule(actions: readonly FaultAction[]): void {
    for (const action of actions) {
      if (isDrawn(action.action.kind)) continue;
      this.ledger.write(action);
      const isPlain = !action.when && !action.choice;
      this.kernel.at(action.at, { run: () => (isPlain ? this.apply(action) : this.moments.begin(action)) });
    }
  }

  /** Lets a fault of chaos or churn strike now, paid for by one of the fault model's budgets, or by none (-1). */
  strike(action: FaultAction['action'], cause: FaultAction, budget: number): void {
    this.ledger.add(action, this.kernel.now, budget);
    this.apply({ at: this.kernel.now, span: cause.span, action });
  }

  /** Starts a node, or wakes it if it has run before. */
  start(node: number): void {
    this.downs.start(node);
  }

  private apply(applied: FaultAction): void {
    this.applied.push(applied);
    const { action } = applied;
    switch (action.kind) {
      case 'crash':
        this.downs.crash(action);
        break;
      case 'recover':
        this.downs.recover(action.nodes);
        break;
      case 'outage':
        this.downs.outage(this.kernel.system.zones[action.zone] as Zone, action.for);
        break;
      case 'partition':
        this.network.partition(action.sides, action.for);
        break;
      case 'isolate':
        this.network.partition(
          action.nodes.map((node) => [node]),
          action.for,
        );
        break;
      case 'heal':
        this.network.heal();
        break;
      case 'slow':
        this.slow(action.nodes, action.factor, action.for);
        break;
      case 'pause':
        this.pauses.begin(action.nodes, action.for);
        break;
      case 'drift':
        this.clocks.drift(action.nodes, action.rate, action.for);
        break;
      case 'omit':
        this.omit(action.nodes, action.side, action.share, action.for);
        break;
      case 'lose':
      case 'duplicate':
      case 'reorder':
      case 'delay':
      case 'hold':
      case 'slow_links':
      case 'disconnect':
        this.network.apply(action);
        break;
      case 'skew':
        this.clocks.skew(action.nodes, action.offset);
        break;
      case 'byzantine':
        this.takeovers.begin(action.nodes, action.behavior, action.for);
        break;
      case 'leave':
        this.downs.leave(action.nodes);
        break;
      case 'join':
        this.downs.join(action.nodes);
        break;
      case 'chaos':
      case 'churn':
      case 'churn_links':
        break;
    }
  }

  private slow(nodes: readonly number[], factor: number, length: number | null): void {
    this.scaleSlowness(nodes, factor);
    undoAfter(this.kernel, length, () => this.scaleSlowness(nodes, 1 / factor));
  }

  /** A share of what the nodes send or receive is lost. Several such faults of a node strike independently. */
  private omit(nodes: readonly number[], side: FaultySide, share: number, length: number | null): void {
    const omission = { side, share };
    for (const node of nodes) this.setOmissions(node, [...(this.omissions.get(node) ?? []), omission]);
    faultsChanged(this.kernel);
    undoAfter(this.kernel, length, () => {
      for (const node of nodes) {
        const left = (this.omissions.get(node) ?? []).filter((each) => each !== omission);
        this.setOmissions(node, left);
      }
      faultsChanged(this.kernel);
    });
  }

  private setOmissions(node: number, omissions: { readonly side: FaultySide; readonly share: number }[]): void {
    const { status, recorder } = this.kernel;
    this.omissions.set(node, omissions);
    const lost = (other: FaultySide): number =>
      1 - omissions.reduce((kept, { side, share }) => (side === other ? kept : kept * (1 - share)), 1);
    const sends = lost('receive');
    const receipts = lost('send');
    status.omitsSends[node] = sends;
    status.omitsReceipts[node] = receipts;
    status.setFlag(node, Flag.omitsSend, sends > 0);
    status.setFlag(node, Flag.omitsReceive, receipts > 0);
    const percent = (part: number): string => `${Number((part * 100).toPrecision(3))} %`;
    const words = [sends > 0 ? `${percent(sends)} of what it sends` : '', receipts > 0 ? `${percent(receipts)} of what it receives` : ''];
    recorder?.note(EventKind.omit, node, '', words.filter((text) => text !== '').join(', '));
  }

  private scaleSlowness(nodes: readonly number[], factor: number): void {
    const { status, recorder } = this.kernel;
    for (const node of nodes) {
      const slowness = (status.slowness[node] as number) * factor;
      // What was multiplied and divided again is exactly as before.
      status.slowness[node] = Math.abs(slowness - 1) < 1e-9 ? 1 : slowness;
      recorder?.note(EventKind.slow, node, '', status.slowness[node] === 1 ? '' : `×${Number(slowness.toPrecision(4))}`);
    }
    faultsChanged(this.kernel);
  }
}

/** Whether an action is drawn at random while it lasts, and strikes as the plain actions that come of it. */
function isDrawn(kind: FaultAction['action']['kind']): boolean {
  return kind === 'chaos' || kind === 'churn' || kind === 'churn_links';
}
