import { formatDuration, formatNumber, formatRatio } from '../base/units.ts';
import type { FaultAction } from '../model/scenario.ts';
import { faultsChanged, undoAfter } from './fault-effects.ts';
import type { Kernel } from './kernel.ts';
import type { LinkRule } from './link-faults.ts';
import { EventKind } from './trace.ts';

type Action = FaultAction['action'];
/** Actions on what passes over the links between two sets. */
export type LinkAction = Extract<
  Action,
  { readonly kind: 'lose' | 'duplicate' | 'reorder' | 'delay' | 'hold' | 'slow_links' | 'disconnect' }
>;

/** The faults of the network: partitions, cuts between sets, and what links do to messages. */
export class NetworkFaults {
  /** A number that a fault's beginning and end share in the trace. */
  private lastId = 0;

  constructor(private readonly kernel: Kernel) {}

  partition(sides: readonly (readonly number[])[], length: number | null): void {
    const { cut, recorder } = this.kernel;
    const id = this.newId();
    cut.add(id, sides);
    recorder?.note(EventKind.partition, -1, '', sides.map((side) => this.names(side)).join(' | '), id);
    this.rerouted();
    this.reconnectAfter(length, id, () => recorder?.note(EventKind.heal, -1, '', '', id));
  }

  /** Ends all partitions and disconnections. */
  heal(): void {
    this.kernel.cut.clear();
    this.kernel.recorder?.note(EventKind.heal, -1, '');
    this.rerouted();
  }

  apply(action: LinkAction): void {
    if (action.kind === 'disconnect') this.disconnect(action);
    else this.rule(action);
  }

  private disconnect({ from, to, oneWay, for: length }: Extract<LinkAction, { readonly kind: 'disconnect' }>): void {
    const { cut, recorder } = this.kernel;
    const id = this.newId();
    cut.disconnect(id, from, to, oneWay);
    recorder?.note(EventKind.links, -1, 'disconnect', `${this.names(from)} ${oneWay ? '→' : '–'} ${this.names(to)}`, id);
    this.rerouted();
    this.reconnectAfter(length, id, () => recorder?.note(EventKind.linksEnd, -1, 'disconnect', '', id));
  }

  /** Ends one partition or disconnection, unless `heal` has. */
  private reconnectAfter(length: number | null, id: number, note: () => void): void {
    undoAfter(this.kernel, length, () => {
      if (!this.kernel.cut.remove(id)) return;
      note();
      this.rerouted();
    });
  }

  private rerouted(): void {
    this.kernel.routing.forget();
    faultsChanged(this.kernel);
  }

  private rule(action: RuleAction): void {
    const { recorder, network } = this.kernel;
    const id = this.newId();
    const bothWays = action.kind === 'slow_links' && !action.oneWay;
    const rule: LinkRule = {
      ...amountOf(action),
      from: this.mask(action.from),
      to: this.mask(action.to),
      where: bothWays ? 'between' : 'along',
      messages: 'message' in action && action.message !== null ? this.indicesOf(action.message) : null,
    };
    network.linkFaults.add(rule);
    const ends = `${this.names(action.from)} ${bothWays ? '–' : '→'} ${this.names(action.to)}`;
    recorder?.note(EventKind.links, -1, rule.kind, [ends, ...words(action)].join(', '), id);
    faultsChanged(this.kernel);
    undoAfter(this.kernel, action.for, () => {
      network.linkFaults.remove(rule);
      recorder?.note(EventKind.linksEnd, -1, rule.kind, '', id);
      faultsChanged(this.kernel);
    });
  }

  private newId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  /** Numbers of the message types of a name, by deployment. */
  private indicesOf(name: string): Set<number>[] {
    return this.kernel.hosts.map(
      ({ program }) => new Set(program.messages.flatMap((message, index) => (message.name === name ? [index] : []))),
    );
  }

  private mask(nodes: readonly number[]): Uint8Array {
    const set = new Uint8Array(this.kernel.system.nodes.length);
    for (const node of nodes) set[node] = 1;
    return set;
  }

  private names(nodes: readonly number[]): string {
    return `{${nodes.map((node) => this.kernel.system.nodes[node]?.name).join(', ')}}`;
  }
}

type RuleAction = Exclude<LinkAction, { readonly kind: 'disconnect' }>;

function amountOf(action: RuleAction): Pick<LinkRule, 'kind' | 'amount'> {
  switch (action.kind) {
    case 'slow_links':
      return { kind: 'slow', amount: action.factor };
    case 'delay':
      return { kind: 'delay', amount: action.by };
    case 'hold':
      return { kind: 'hold', amount: 1 };
    default:
      return { kind: action.kind, amount: action.probability };
  }
}

/** What the trace says of a rule besides its ends. */
function words(action: RuleAction): string[] {
  if (action.kind === 'slow_links') return [`×${formatNumber(action.factor)}`];
  const message = action.message === null ? [] : [action.message];
  if (action.kind === 'hold') return message;
  return [...message, action.kind === 'delay' ? formatDuration(action.by) : formatRatio(action.probability)];
}
