import { exp, ln } from '../base/exact-math.ts';
import { Random } from '../base/random.ts';
import type { Behavior, Budget, BuiltInBehavior, FaultModel, Zone } from '../model/system.ts';
import type { Faults } from './faults.ts';
import type { Kernel } from './kernel.ts';
import { Down, Flag } from './node-status.ts';

type NodeBudget = Extract<Budget, { count: number; nodes: readonly number[] }>;
type OutageBudget = Extract<Budget, { kind: 'outage' }>;
type PartitionBudget = Extract<Budget, { kind: 'partition' }>;

const behaviors: readonly BuiltInBehavior[] = ['silent', 'equivocate', 'corrupt', 'delay', 'replay', 'random'];
/** Longest fault of chaos, in mean times between faults; shortest, ns. */
const longestFault = 3;
const shortest = 1e6;
/** Mean number of faults in a burst. */
const faultsInBurst = 2;

/**
 * Random faults within a fault model's budgets: at no moment are more nodes down, lying or slow, more zones out, or more
 * than one partition in force than the budgets allow, whatever else the scenario does. Faults come in bursts, `rate` a
 * second on average, as often as not at the node that does most. Faults that may end do so by `until`, so that what follows is quiet.
 */
export class Chaos {
  private readonly random: Random;
  private readonly until: number;
  private readonly omitting = new Set<number>();
  private readonly slowed = new Set<number>();

  constructor(
    private readonly kernel: Kernel,
    private readonly faults: Faults,
    private readonly model: FaultModel,
    private readonly rate: number,
    until: number | null,
    seed: number,
    name: string,
  ) {
    this.random = new Random(seed, `faults ${name}`);
    this.until = until ?? kernel.end;
  }

  /** To be called when the action's time has come. */
  begin(): void {
    this.turnByzantine();
    this.next();
  }

  /** Byzantine nodes lie from the beginning and to the end: the whole budget, each in its own way. */
  private turnByzantine(): void {
    const { status, system } = this.kernel;
    for (const budget of this.model.budgets) {
      if (budget.kind !== 'byzantine') continue;
      const lying = budget.nodes.filter((node) => status.has(node, Flag.byzantine)).length;
      const honest = this.random.shuffle(budget.nodes.filter((node) => !status.has(node, Flag.byzantine)));
      for (const node of honest.slice(0, Math.max(0, budget.count - lying))) {
        const written = system.adversaries
          .map((adversary, index) => ({ adversary, index }))
          .filter(({ adversary }) =>
            this.kernel.hosts.some((host) => host.program.protocol === adversary.protocol && host.instances[node]),
          );
        const choice = this.random.nextInt(behaviors.length + written.length);
        const own = written[choice - behaviors.length];
        const behavior: Behavior = own
          ? { kind: 'adversary', adversary: own.index }
          : { kind: 'built-in', name: behaviors[choice] as BuiltInBehavior };
        this.faults.byzantine([node], behavior, null);
      }
    }
  }

  /** Schedules the next burst. */
  private next(): void {
    const mean = (1e9 / this.rate) * faultsInBurst;
    this.soon(-mean * ln(1 - this.random.nextFloat()), () => {
      this.burst();
      this.next();
    });
  }

  /** One fault, and as often as not another soon after: protocols break while they are still busy with the last one. */
  private burst(): void {
    this.strike();
    if (this.random.chance(1 - 1 / faultsInBurst)) this.soon(this.logUniform(1e9 / this.rate), () => this.burst());
  }

  private soon(wait: number, action: () => void): void {
    const at = this.kernel.now + Math.max(1, Math.floor(wait));
    if (at < this.until) this.kernel.at(at, { run: action });
  }

  /** One fault among those that the budgets leave room for. */
  private strike(): void {
    const strikes: (() => void)[] = [];
    for (const budget of this.model.budgets) {
      switch (budget.kind) {
        case 'crash':
          this.add(strikes, this.crashable(budget), (node) => this.crash(node, budget));
          break;
        case 'omission':
          this.add(strikes, this.unmarked(budget, this.omitting), (node) => this.omit(node, budget));
          break;
        case 'timing':
          this.add(strikes, this.unmarked(budget, this.slowed), (node) => this.slow(node, budget));
          break;
        case 'outage':
          this.addOutage(strikes, budget);
          break;
        case 'partition':
          if (this.faults.partitions.size === 0 && this.kernel.system.nodes.length > 1) strikes.push(() => this.partition(budget));
          break;
      }
    }
    if (strikes.length > 0) (strikes[this.random.nextInt(strikes.length)] as () => void)();
  }

  private add(strikes: (() => void)[], nodes: readonly number[], strike: (node: number) => void): void {
    if (nodes.length > 0) strikes.push(() => strike(this.aim(nodes)));
  }

  /** Half of the crashes come between steps, half in the middle of a broadcast: some hear of it, some do not. */
  private crash(node: number, budget: NodeBudget): void {
    const length = budget.recovers ? this.length() : null;
    if (this.random.chance(0.5)) this.faults.crash([node], length);
    else {
      const sends = this.random.nextInt(this.kernel.system.nodes.length) + 1;
      const patience = Math.floor(Math.min(1e8, (this.until - this.kernel.now) / 2));
      const left = length === null ? null : Math.max(1, length - patience);
      this.faults.crashAfterSends(node, sends, patience, left);
    }
  }

  /** Nodes that may crash now: none when as many are down already, for whatever reason but an outage. */
  private crashable(budget: NodeBudget): readonly number[] {
    const { status } = this.kernel;
    const isDown = (node: number): boolean => ((status.downFor[node] as number) & (Down.crashed | Down.left)) !== 0;
    if (budget.nodes.filter((node) => isDown(node) || status.has(node, Flag.dying)).length >= budget.count) return [];
    return budget.nodes.filter((node) => !status.isDown(node) && !status.has(node, Flag.byzantine) && !status.has(node, Flag.dying));
  }

  private unmarked(budget: NodeBudget, marked: ReadonlySet<number>): readonly number[] {
    if (budget.nodes.filter((node) => marked.has(node)).length >= budget.count) return [];
    return budget.nodes.filter((node) => !marked.has(node));
  }

  private omit(node: number, budget: NodeBudget): void {
    const length = this.length();
    const share = this.random.chance(0.5) ? 1 : 0.3;
    this.omitting.add(node);
    this.faults.omit([node], budget.side, share, length);
    this.after(length, () => this.omitting.delete(node));
  }

  private slow(node: number, budget: NodeBudget): void {
    const length = this.length();
    this.slowed.add(node);
    this.faults.slow([node], 1 + (budget.slowdown - 1) * this.random.nextFloat(), length);
    this.after(length, () => this.slowed.delete(node));
  }

  private addOutage(strikes: (() => void)[], budget: OutageBudget): void {
    const out = budget.zones.filter((zone) => (this.faults.outages.get(zone) ?? 0) > 0);
    const left = budget.zones.filter((zone) => !out.includes(zone));
    if (out.length >= budget.count || left.length === 0) return;
    strikes.push(() => {
      const zone = this.kernel.system.zones[left[this.random.nextInt(left.length)] as number] as Zone;
      this.faults.outage(zone, budget.recovers ? this.length() : null);
    });
  }

  private partition(budget: PartitionBudget): void {
    const all = this.kernel.system.nodes.map((node) => node.index);
    // A side of any size around a node that is worth cutting off.
    const first = this.aim(all);
    const others = this.random.shuffle(all.filter((node) => node !== first));
    const side = [first, ...others.slice(0, this.random.nextInt(all.length - 1))].sort((a, b) => a - b);
    const healing = budget.heals === null ? null : Math.min(this.length(), budget.heals);
    this.faults.partition([side], healing);
  }

  /** ns that a fault lasts, short ones as likely as long ones; at most to the end of chaos. */
  private length(): number {
    const drawn = this.logUniform((1e9 / this.rate) * longestFault);
    return Math.max(1, Math.floor(Math.min(drawn, this.until - this.kernel.now)));
  }

  /** ns between 1 ms and `most`, every order of magnitude alike. */
  private logUniform(most: number): number {
    return most <= shortest ? most : shortest * exp(this.random.nextFloat() * ln(most / shortest));
  }

  /** One of the nodes: as often as not the one that has sent most since the last aim, which is where a protocol hurts. */
  private aim(nodes: readonly number[]): number {
    const { sentByNode } = this.kernel.network;
    const busiest = nodes.reduce((best, node) => ((sentByNode[node] as number) > (sentByNode[best] as number) ? node : best));
    const random = nodes[this.random.nextInt(nodes.length)] as number;
    const busy = (sentByNode[busiest] as number) > 0;
    sentByNode.fill(0);
    return this.random.chance(0.5) && busy ? busiest : random;
  }

  private after(length: number, action: () => void): void {
    this.kernel.at(this.kernel.now + length, { run: action });
  }
}
