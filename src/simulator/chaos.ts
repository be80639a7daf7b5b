import { exp, ln } from '../base/exact-math.ts';
import { Random } from '../base/random.ts';
import type { Behavior, BuiltInBehavior, FaultAction } from '../model/scenario.ts';
import type { Budget, FaultModel } from '../model/system.ts';
import { ChaosClocks } from './chaos-clocks.ts';
import { ChaosLinks } from './chaos-links.ts';
import type { Faults } from './faults.ts';
import type { Kernel } from './kernel.ts';
import { Flag } from './node-status.ts';

type Action = FaultAction['action'];
type NodeBudget = Extract<Budget, { count: number; nodes: readonly number[] }>;
type OutageBudget = Extract<Budget, { kind: 'outage' }>;
type PartitionBudget = Extract<Budget, { kind: 'partition' }>;
type DrawnBudget = NodeBudget | OutageBudget | PartitionBudget;

const behaviors: readonly BuiltInBehavior[] = ['silent', 'equivocate', 'corrupt', 'delay', 'replay', 'random'];
/** Longest fault of chaos, in mean times between faults; shortest, ns. */
const longestFault = 3;
const shortest = 1e6;
/** Mean number of faults in a burst. */
const faultsInBurst = 2;
/** How long a node that is to crash in the middle of a broadcast may keep silent, ns. */
const longestSilence = 1e8;

/** Something that may happen now: a budget, what it strikes, and the last moment that there is room for it, ns. */
interface Choice {
  readonly strike: () => void;
}

/**
 * Random faults within a fault model's budgets: at no moment are more nodes down, lying or slow, more zones out, or more
 * than one partition in force than the budgets allow, whatever the scenario does besides. Faults come in bursts, `rate` a
 * second on average, as often as not at the node that does most. Faults that may end do so by `until`, so that what
 * follows is quiet. In half of the runs only some kinds of fault are used (swarm testing: Groce et al., ISSTA 2012):
 * one kind can keep another from doing its worst.
 */
export class Chaos {
  private readonly random: Random;
  private readonly until: number;
  private readonly links: ChaosLinks;
  private readonly clocks: ChaosClocks;
  /** The budgets that this run spends, with their place in the model. */
  private budgets: readonly { readonly budget: DrawnBudget; readonly index: number }[] = [];

  constructor(
    private readonly kernel: Kernel,
    private readonly faults: Faults,
    private readonly model: FaultModel,
    private readonly cause: FaultAction,
    private readonly rate: number,
    until: number | null,
    seed: number,
    name: string,
  ) {
    this.random = new Random(seed, `faults ${name}`);
    this.until = until ?? kernel.end;
    this.links = new ChaosLinks(kernel, seed, name);
    this.clocks = new ChaosClocks(kernel, faults, cause, rate, this.until, seed, name);
  }

  /** To be called when the action's time has come. */
  begin(): void {
    this.turnByzantine();
    this.budgets = this.chosen();
    this.next();
    this.clocks.begin();
  }

  /** Byzantine nodes lie from the beginning and to the end: the whole budget, each in its own way. */
  private turnByzantine(): void {
    this.model.budgets.forEach((budget, index) => {
      if (budget.kind !== 'byzantine') return;
      const honest = budget.nodes.filter((node) => !this.kernel.status.has(node, Flag.byzantine));
      for (const node of this.random.shuffle([...honest])) {
        if (this.roomUntil(budget, index, node) < this.kernel.end) continue;
        this.strike({ kind: 'byzantine', nodes: [node], behavior: this.behavior(node), for: null }, index);
      }
    });
  }

  private behavior(node: number): Behavior {
    const { system, hosts } = this.kernel;
    const written = system.adversaries
      .map((adversary, index) => ({ adversary, index }))
      .filter(({ adversary }) => hosts.some((host) => host.program.protocol === adversary.protocol && host.instances[node]));
    const choice = this.random.nextInt(behaviors.length + written.length);
    const own = written[choice - behaviors.length];
    return own ? { kind: 'adversary', adversary: own.index } : { kind: 'built-in', name: behaviors[choice] as BuiltInBehavior };
  }

  /** All budgets in half of the runs, in the other half some of the kinds: each with probability 1/2, at least one. */
  private chosen(): typeof this.budgets {
    const all = this.model.budgets.flatMap((budget, index) =>
      budget.kind === 'byzantine' || budget.kind === 'loss' || budget.kind === 'duplicate' ? [] : [{ budget, index }],
    ) as typeof this.budgets;
    const kinds = [...new Set(all.map(({ budget }) => budget.kind))];
    if (kinds.length < 2 || this.random.chance(0.5)) return all;
    const one = kinds[this.random.nextInt(kinds.length)];
    const used = new Set(kinds.filter((kind) => kind === one || this.random.chance(0.5)));
    return all.filter(({ budget }) => used.has(budget.kind));
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
    const choices = this.budgets.flatMap(({ budget, index }) => this.choices(budget, index));
    if (choices.length > 0) (choices[this.random.nextInt(choices.length)] as Choice).strike();
    if (this.random.chance(1 - 1 / faultsInBurst)) this.soon(this.logUniform(1e9 / this.rate), () => this.burst());
  }

  private soon(wait: number, action: () => void): void {
    const at = this.kernel.now + Math.max(1, Math.floor(wait));
    if (at < this.until) this.kernel.at(at, { run: action });
  }

  /** At most one: a fault of the budget where it has room. */
  private choices(budget: DrawnBudget, index: number): Choice[] {
    if (budget.kind === 'partition') {
      const room = this.roomUntil(budget, index, -1);
      const fits = this.fits(room, budget.heals !== null) && this.kernel.system.nodes.length > 1;
      return fits ? [{ strike: () => this.partition(budget, index, room) }] : [];
    }
    if (budget.kind === 'outage') {
      const zones = budget.zones.filter((zone) => this.mayFail(budget, index, zone, budget.recovers));
      if (zones.length === 0) return [];
      return [{ strike: () => this.outage(budget, index, zones[this.random.nextInt(zones.length)] as number) }];
    }
    const { status } = this.kernel;
    // A node that is down or lies has nothing to lose by a crash.
    const isStruck = (node: number): boolean => budget.kind === 'crash' && (status.isDown(node) || status.has(node, Flag.byzantine));
    const ends = budget.kind !== 'crash' || budget.recovers;
    const nodes = budget.nodes.filter((node) => !isStruck(node) && this.mayFail(budget, index, node, ends));
    if (nodes.length === 0) return [];
    return [
      {
        strike: () => {
          const node = this.aim(nodes);
          this.strike(this.nodeFault(budget, node, this.roomUntil(budget, index, node)), index);
        },
      },
    ];
  }

  private nodeFault(budget: NodeBudget, node: number, room: number): Action {
    if (budget.kind === 'crash') return this.crash(node, budget, room);
    const length = this.length(room);
    if (budget.kind === 'omission') {
      return { kind: 'omit', nodes: [node], side: budget.side, share: this.random.chance(0.5) ? 1 : 0.3, for: length };
    }
    return this.links.slow(node, 1 + (budget.slowdown - 1) * this.random.nextFloat(), length);
  }

  /** Half of the crashes come between steps, half in the middle of a broadcast: some hear of it, some do not. */
  private crash(node: number, budget: NodeBudget, room: number): Action {
    const length = budget.recovers ? this.length(room) : null;
    const loss = budget.loses !== undefined && this.random.chance(0.5) ? { loses: budget.loses } : {};
    if (this.random.chance(0.5)) return { kind: 'crash', nodes: [node], for: length, ...loss };
    const sends = this.random.nextInt(this.kernel.system.nodes.length) + 1;
    const left = Math.min(this.until, room) - this.kernel.now;
    const within = Math.max(1, Math.floor(Math.min(longestSilence, left / 2)));
    const down = length === null ? null : Math.max(1, Math.min(length, left) - within);
    return { kind: 'crash', nodes: [node], afterSends: sends, within, for: down, ...loss };
  }

  private outage(budget: OutageBudget, index: number, zone: number): void {
    const length = budget.recovers ? this.length(this.roomUntil(budget, index, zone)) : null;
    this.strike({ kind: 'outage', zone, nodes: this.kernel.system.zones[zone]?.nodes ?? [], for: length }, index);
  }

  private partition(budget: PartitionBudget, index: number, room: number): void {
    const all = this.kernel.system.nodes.map((node) => node.index);
    // A side of any size around a node that is worth cutting off.
    const first = this.aim(all);
    const others = this.random.shuffle(all.filter((node) => node !== first));
    const side = [first, ...others.slice(0, this.random.nextInt(all.length - 1))].sort((a, b) => a - b);
    const healing = budget.heals === null ? null : Math.min(this.length(room), budget.heals);
    this.strike(this.links.cut(side, first, healing), index);
  }

  private strike(action: Action, budget: number): void {
    this.faults.strike(action, this.cause, budget);
  }

  private mayFail(budget: NodeBudget | OutageBudget, index: number, target: number, ends: boolean): boolean {
    const { ledger } = this.faults;
    return !ledger.isFailing(budget.kind, target, this.kernel.now) && this.fits(this.roomUntil(budget, index, target), ends);
  }

  /** Whether a fault fits where there is room up to a moment: one that does not end must fit to the end of the run. */
  private fits(room: number, ends: boolean): boolean {
    return ends ? room > this.kernel.now + 1 : room >= this.kernel.end;
  }

  private roomUntil(budget: DrawnBudget, index: number, target: number): number {
    return this.faults.ledger.roomUntil(budget, index, target, this.kernel.now);
  }

  /** ns that a fault lasts, short ones as likely as long ones; at most to the end of chaos, and while there is room. */
  private length(room: number): number {
    const drawn = this.logUniform((1e9 / this.rate) * longestFault);
    return Math.max(1, Math.floor(Math.min(drawn, Math.min(this.until, room) - this.kernel.now)));
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
}
