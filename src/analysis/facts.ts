import type { GivenName } from '../model/code.ts';
import type { Deployment, NodeFault, System } from '../model/system.ts';
import type { QuorumSystem, Value } from '../model/values.ts';
import { type Availability, isAvailable } from './availability.ts';
import { smallestBlockingSet } from './blocking.ts';
import { hasLoad, type NodeLoad, type SystemLoad, systemLoad } from './capacity/load.ts';
import { peakMembers, scalingOf } from './capacity/scaling.ts';
import { type Connectivity, connectivity, diameter } from './connectivity.ts';
import { FaultFamily, type FaultKinds, type FaultSet, unresponsive } from './fault-sets.ts';
import {
  type Federated,
  federatedAvailability,
  federatedBlocking,
  federatedSplit,
  federatedSplitting,
  quorumContent,
} from './federated/answers.ts';
import { compile, type Formula, holds, leaves } from './formula.ts';
import { graphOf } from './graph.ts';
import { findSplit, type Split } from './intersection.ts';
import { BoundedMemo } from './memo.ts';
import { longestPartition } from './network/longest-partition.ts';
import { messageLoss } from './network/message-loss.ts';
import { degreesOf, edgeConnectivityOf, hopsOf, worstDiameterOf } from './network/network-facts.ts';
import { largestDrift } from './timing/drift.ts';
import { Work } from './work.ts';

/** How two quorum systems meet: in a member that no admissible fault set makes Byzantine, or not. */
export type Intersection =
  | { readonly verdict: 'holds' }
  | { readonly verdict: 'no-quorum' }
  | { readonly verdict: 'fails'; readonly split: Split };

/** A number of the fault model with a fault set that attains it. */
export interface Quantity {
  readonly value: number;
  readonly faults: FaultSet;
}

const counts: Partial<Record<GivenName, FaultKinds>> = {
  crashed: ['crash'],
  omitting: ['omission'],
  byzantine: ['byzantine'],
  faulty: unresponsive,
  timing: ['timing'],
};
const heaviest: Partial<Record<GivenName, FaultKinds>> = { crashed_weight: ['crash'], byzantine_weight: ['byzantine'] };

/** Which faults a number counts, undefined for numbers that count none. */
export function kindsCounted(name: GivenName): readonly NodeFault[] | undefined {
  return counts[name] ?? heaviest[name];
}

const connectivities = new BoundedMemo<Connectivity>();
const diameters = new BoundedMemo<{ readonly hops: number | null }>();
const availabilities = new BoundedMemo<Availability>();
const intersections = new BoundedMemo<Intersection>();
const covers = new BoundedMemo<{ readonly sets: readonly FaultSet[] | null }>();
const blockings = new BoundedMemo<{ readonly nodes: readonly number[] | null; readonly size: number }>();
const splittings = new BoundedMemo<{ readonly nodes: readonly number[] | null; readonly size: number }>();

export interface FactsOptions {
  /** Steps that one question may take. */
  readonly limit?: number | undefined;
  /** Factor on the limit. */
  readonly effort?: number | undefined;
  readonly shouldStop?: (() => boolean) | undefined;
}

/**
 * What a protocol's requirements may ask about one deployment under one fault model, each computed when it is first
 * asked and remembered. Every question has its own work limit; one that passes it throws OutOfWork each time it is asked.
 */
export class Facts {
  readonly family: FaultFamily;
  private readonly quantities = new Map<GivenName, Quantity>();
  private knownLoad: SystemLoad | null | undefined;
  /** The fault model, as text: with the same content the same fault sets are admissible. */
  readonly content: string;

  constructor(
    readonly system: System,
    readonly deployment: Deployment,
    model: System['faultModels'][number] | null,
    private readonly options: FactsOptions = {},
  ) {
    this.family = new FaultFamily(system, model);
    this.content = contentOf(system, this.family);
  }

  /** The value of a given name that depends on faults or on the network; undefined for all others. */
  given(name: GivenName): Value | undefined {
    if (name === 'connectivity') return this.connectivity().value;
    if (name === 'edge_connectivity') return edgeConnectivityOf(this).value;
    if (name === 'degree') return degreesOf(this).least;
    if (name === 'diameter') return this.diameter() ?? undefined;
    if (name === 'worst_diameter') return hopsOf(worstDiameterOf(this));
    if (name === 'peak_members') return this.peakMembers();
    if (name === 'gst') return this.system.timing.gst ?? undefined;
    if (name === 'drift') return largestDrift(this.system, this.deployment.members);
    if (name === 'utilisation') return this.utilisation();
    if (name === 'longest_partition') return longestPartition(this) ?? undefined;
    if (name === 'message_loss') return messageLoss(this);
    return this.quantity(name)?.value;
  }

  /** The number with its witness. */
  quantity(name: GivenName): Quantity | undefined {
    const known = this.quantities.get(name);
    if (known !== undefined) return known;
    const kinds = kindsCounted(name);
    if (kinds === undefined) return undefined;
    const weights = heaviest[name] === undefined ? undefined : this.system.nodes.map((node) => node.weight);
    const quantity = this.family.maximum(kinds, this.deployment.members, this.work(), weights);
    this.quantities.set(name, quantity);
    return quantity;
  }

  connectivity(): Connectivity {
    const { network, nodes } = this.system;
    const { members } = this.deployment;
    if (network.complete) return { value: Math.max(0, members.length - 1), cut: [], sides: [] };
    return connectivities.get(`${networkContent(this.system)}|${members}`, this.work(30), (work) =>
      connectivity(graphOf(network, nodes.length), members, work),
    );
  }

  /** Hops between the members that are farthest apart; null when some cannot reach each other. */
  diameter(): number | null {
    const { network, nodes } = this.system;
    const { members } = this.deployment;
    if (network.complete) return members.length > 1 ? 1 : 0;
    return diameters.get(`${networkContent(this.system)}|${members}`, this.work(10), (work) => ({
      hops: diameter(graphOf(network, nodes.length), members, work),
    })).hops;
  }

  /** With how many members the protocol does most (Gunther 1993); Infinity when it declares no crosstalk. */
  peakMembers(): number {
    const scaling = scalingOf(this.system, this.deployment);
    return scaling === null ? Number.POSITIVE_INFINITY : peakMembers(scaling);
  }

  /** How busy the busiest member is under all workloads without faults; undefined where its code fails at run time. */
  utilisation(): number | undefined {
    const load = this.load();
    if (load === null) return 0;
    if (load.unknown.includes(this.deployment.index)) return undefined;
    return this.membersByLoad(load)[0]?.utilisation ?? 0;
  }

  /** The load under all workloads without faults; null where nothing is called or no service time is given. */
  load(): SystemLoad | null {
    const { effort, shouldStop } = this.options;
    if (this.knownLoad === undefined) {
      this.knownLoad = hasLoad(this.system) ? systemLoad(this.system, { ...(effort === undefined ? {} : { effort }), shouldStop }) : null;
    }
    return this.knownLoad;
  }

  /** The members with a service time, the busiest first. */
  membersByLoad(load: SystemLoad): readonly NodeLoad[] {
    const members = new Set(this.deployment.members);
    return load.nodes.filter(({ node }) => members.has(node)).sort((x, y) => y.utilisation - x.utilisation || x.node - y.node);
  }

  /** The links, as text. */
  get networkContent(): string {
    return networkContent(this.system);
  }

  available(quorum: QuorumSystem): Availability {
    return availabilities.get(`${quorumContent(quorum)}|${this.content}|${networkContent(this.system)}`, this.work(), (work) =>
      quorum.kind === 'slices' ? federatedAvailability(this.family, quorum, work) : isAvailable(this.family, quorum, work),
    );
  }

  intersect(first: QuorumSystem, second: QuorumSystem): Intersection {
    return this.meet([first, second]);
  }

  /**
   * Whether two or three quorums, one of each system, always share a member that stays outside `sets` admissible sets of
   * Byzantine members together.
   */
  meet(quorums: readonly QuorumSystem[], sets = 1): Intersection {
    const texts = quorums.map((quorum, i) => (i > 0 && quorum === quorums[0] ? '' : quorumContent(quorum)));
    return intersections.get(`${sets}|${texts.join('|')}|${this.content}`, this.work(), (work) => {
      const { nodeCount } = this.family;
      const [one, ...others] = quorums;
      if (one?.kind === 'slices' && sets === 1 && others.length === 1 && others[0] === one) {
        const found = federatedSplit(this.family, one, work);
        if (found === undefined) return { verdict: 'no-quorum' };
        return found === null ? { verdict: 'holds' } : { verdict: 'fails', split: found };
      }
      const compiled = new Map<QuorumSystem, Formula>();
      for (const quorum of quorums) if (!compiled.has(quorum)) compiled.set(quorum, compile(quorum));
      const [first, second, third] = quorums.map((quorum) => compiled.get(quorum));
      if (first === undefined || second === undefined) return { verdict: 'no-quorum' };
      if (![...compiled.values()].every((formula) => canForm(formula, nodeCount))) return { verdict: 'no-quorum' };
      const strikes = this.family.manifold(sets).strikes(['byzantine']);
      const split = findSplit({ first, second, ...(third === undefined ? {} : { third }), nodeCount, strikes, work });
      return split === null ? { verdict: 'holds' } : { verdict: 'fails', split };
    });
  }

  /**
   * Fault sets of these kinds, at most `times` of them, that together touch all of `nodes`; null when no so many do. None
   * are needed for no nodes.
   */
  cover(nodes: readonly number[], times: number, kinds: FaultKinds): readonly FaultSet[] | null {
    return covers.get(`${times}|${kinds}|${nodes}|${this.content}`, this.work(), (work) => {
      const family = this.family.manifold(times);
      const { value, faults } = family.maximum(kinds, nodes, work);
      if (value < nodes.length) return { sets: null };
      const strikes = family.strikes(kinds);
      strikes.admits([...faults.crashed, ...faults.omitting, ...faults.byzantine, ...faults.slow], true);
      return { sets: this.family.deal(times, faults.outages, strikes) };
    }).sets;
  }

  /**
   * The smallest set of nodes whose loss leaves no quorum, null when even losing all leaves one; and of how many nodes the
   * system is made.
   */
  blocking(quorum: QuorumSystem): { readonly nodes: readonly number[] | null; readonly size: number } {
    return blockings.get(quorumContent(quorum), this.work(), (work) => {
      if (quorum.kind === 'slices') return federatedBlocking(quorum, this.family.nodeCount, work);
      const formula = compile(quorum);
      return { nodes: smallestBlockingSet(formula, this.family.nodeCount, work), size: leaves(formula).length };
    });
  }

  /** The smallest set of nodes whose lying splits a federated system, null when none does; and of how many nodes it is made. */
  splitting(quorum: Federated): { readonly nodes: readonly number[] | null; readonly size: number } {
    return splittings.get(quorumContent(quorum), this.work(), (work) => federatedSplitting(quorum, this.family.nodeCount, work));
  }

  /** The work that one question may take. */
  work(times = 1): Work {
    const { limit = defaultLimit, effort = 1, shouldStop } = this.options;
    return new Work(times * limit * effort, shouldStop);
  }
}

/** Steps that one question may take: about a tenth of a second. */
export const defaultLimit = 6_000_000;

/** Whether all nodes together contain a quorum. */
function canForm(formula: Formula, nodeCount: number): boolean {
  const all = new Uint8Array(nodeCount);
  for (const node of leaves(formula)) all[node] = 1;
  return holds(formula, all);
}

/** The budgets and zones, as text: what tells one family of fault sets from another. */
function contentOf(system: System, family: FaultFamily): string {
  if (family.model === null) return `${system.nodes.length}`;
  const budgets = family.model.budgets.map((budget) => {
    if (budget.kind === 'outage') return [budget.count, budget.zones.map((zone) => [zone, system.zones[zone]?.nodes])];
    if (budget.kind === 'partition') return [budget.kind, budget.heals === null];
    return 'countSpan' in budget ? [budget.kind, budget.count, budget.nodes] : [];
  });
  return `${system.nodes.length}|${JSON.stringify(budgets)}`;
}

const networkContents = new WeakMap<System['network'], string>();

/** The links as text: what tells one network from another. */
export function networkContent(system: System): string {
  const { network } = system;
  if (network.complete) return 'complete';
  const known = networkContents.get(network);
  if (known !== undefined) return known;
  const content = `${system.nodes.length}|${network.from}|${network.to}|${network.directed}`;
  networkContents.set(network, content);
  return content;
}
