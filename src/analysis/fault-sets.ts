import type { FaultModel, NodeFault, System } from '../model/system.ts';
import { scaleWeights } from './exact.ts';
import { type NodeBudget, Strikes } from './strikes.ts';
import { OutOfWork, type Work } from './work.ts';
import { type OutageBudget, zoneChoices } from './zone-choices.ts';

/** One admissible set of faults, as node and zone indices, all ascending. A node in a zone that is out is in no other list. */
export interface FaultSet {
  readonly outages: readonly number[];
  readonly crashed: readonly number[];
  readonly omitting: readonly number[];
  readonly byzantine: readonly number[];
  readonly slow: readonly number[];
}

export const noFaults: FaultSet = { outages: [], crashed: [], omitting: [], byzantine: [], slow: [] };

/** Which budgets a question is about. Zone outages count as crashes of the nodes in them. */
export type FaultKinds = readonly NodeFault[];

/** A member in one of these states does not answer. A node with a timing fault is slow, not gone: it answers in the end. */
export const unresponsive: FaultKinds = ['crash', 'omission', 'byzantine'];

/**
 * The fault sets that a fault model admits: every combination within its budgets, all of which may be spent at once. This
 * is a fail-prone system in the sense of Malkhi & Reiter (1998). Without a fault model only the empty set is admitted.
 */
export class FaultFamily {
  readonly nodeCount: number;
  readonly outageBudgets: readonly OutageBudget[];
  private readonly nodeBudgets: readonly NodeBudget[];

  constructor(
    readonly system: System,
    readonly model: FaultModel | null,
  ) {
    this.nodeCount = system.nodes.length;
    const nodeBudgets: NodeBudget[] = [];
    const outageBudgets: OutageBudget[] = [];
    model?.budgets.forEach((budget, index) => {
      if (budget.kind === 'outage') {
        const zones = [...new Set(budget.zones)];
        outageBudgets.push({ count: clamp(budget.count, zones.length), zones, index });
      } else if ('countSpan' in budget) {
        nodeBudgets.push({ kind: budget.kind, capacity: clamp(budget.count, budget.nodes.length), nodes: budget.nodes, index });
      }
    });
    this.nodeBudgets = nodeBudgets;
    this.outageBudgets = outageBudgets;
  }

  /**
   * What `times` admissible fault sets can cover together. A union of so many sets within budgets is a set within budgets
   * so many times as large, and the other way round: what one large budget pays can be dealt out to small ones.
   */
  manifold(times: number): FaultFamily {
    if (this.model === null || times === 1) return this;
    const budgets = this.model.budgets.map((budget) =>
      'countSpan' in budget ? { ...budget, count: times * Math.floor(budget.count) } : budget,
    );
    return new FaultFamily(this.system, { ...this.model, budgets });
  }

  /**
   * Deals outages and the nodes struck within the budgets of `manifold(times)` out to at most `times` admissible sets of
   * this family, empty ones left out.
   */
  deal(times: number, outages: readonly number[], strikes: Strikes): FaultSet[] {
    const zones = new Strikes(
      this.outageBudgets.map(({ count, zones, index }) => ({ kind: 'crash', capacity: times * count, nodes: zones, index })),
      this.system.zones.length,
    );
    zones.admits(outages, true);
    const small = new Map(this.nodeBudgets.map(({ index, capacity }) => [index, capacity]));
    const down = this.nodesOf(outages);
    const struck = strikes.shares((index) => small.get(index) ?? 0);
    const out = zones.shares((index) => this.outageBudgets.find((budget) => budget.index === index)?.count ?? 0);
    return Array.from({ length: Math.max(struck.length, out.length) }, (_, at) => {
      const nodes = (struck[at] ?? []).filter((node) => !down[node]);
      const of = (kind: NodeFault): number[] => nodes.filter((node) => strikes.kindOf(node) === kind);
      return { outages: out[at] ?? [], crashed: of('crash'), omitting: of('omission'), byzantine: of('byzantine'), slow: of('timing') };
    }).filter((set) => Object.values(set).some((touched) => touched.length > 0));
  }

  /** The budgets of these kinds over single nodes, nothing struck yet. */
  strikes(kinds: FaultKinds): Strikes {
    return new Strikes(
      this.nodeBudgets.filter((budget) => kinds.includes(budget.kind)),
      this.nodeCount,
    );
  }

  /** Indices in FaultModel.budgets of what can take `members` down or make them fail in one of these ways. */
  budgetsThatReach(kinds: FaultKinds, members: readonly number[]): number[] {
    const inside = new Set(members);
    const reach = this.nodeBudgets
      .filter((budget) => budget.capacity > 0 && kinds.includes(budget.kind) && budget.nodes.some((node) => inside.has(node)))
      .map((budget) => budget.index);
    if (kinds.includes('crash')) {
      for (const budget of this.outageBudgets) {
        if (budget.count > 0 && budget.zones.some((zone) => this.system.zones[zone]?.nodes.some((node) => inside.has(node)))) {
          reach.push(budget.index);
        }
      }
    }
    return reach.sort((a, b) => a - b);
  }

  /**
   * Every choice of outages that can matter, as zone indices. `classOf` tells which nodes may be exchanged for the question
   * asked (-1: of no matter); choices that are no better than another one are left out.
   */
  *outageChoices(kinds: FaultKinds, classOf: Int32Array, strikes: Strikes, work: Work): Generator<readonly number[]> {
    if (!kinds.includes('crash') || this.outageBudgets.length === 0) {
      yield [];
      return;
    }
    const classes = new Map<string, number>();
    const joint = classOf.map((of, node) => {
      if (of < 0) return -1;
      const key = `${of}/${strikes.type[node]}`;
      const known = classes.get(key);
      if (known === undefined) classes.set(key, classes.size);
      return known ?? classes.size - 1;
    });
    yield* zoneChoices(this.system.zones, this.outageBudgets, joint, work);
  }

  /** Marks the nodes of zones. */
  nodesOf(zones: readonly number[]): Uint8Array {
    const marked = new Uint8Array(this.nodeCount);
    for (const zone of zones) for (const node of this.system.zones[zone]?.nodes ?? []) marked[node] = 1;
    return marked;
  }

  /** The fault set of outages and the nodes struck. */
  faultSet(outages: readonly number[], strikes: Strikes): FaultSet {
    const down = this.nodesOf(outages);
    const struck = strikes.struck.filter((node) => !down[node]).sort((a, b) => a - b);
    const of = (kind: NodeFault): number[] => struck.filter((node) => strikes.kindOf(node) === kind);
    return {
      outages: [...outages].sort((a, b) => a - b),
      crashed: of('crash'),
      omitting: of('omission'),
      byzantine: of('byzantine'),
      slow: of('timing'),
    };
  }

  /**
   * The most members (or, with `weights` by node, the heaviest set of them) that can fail in one of these ways at once,
   * exactly, with one such set. Members of a zone that is out are not counted again when a budget could strike them.
   */
  maximum(kinds: FaultKinds, members: readonly number[], work: Work, weights?: readonly number[]): { value: number; faults: FaultSet } {
    const scaled = scaleWeights(members.map((node) => weights?.[node] ?? 1));
    if (scaled === null) throw new OutOfWork('the weights are too large to be added exactly');
    const weight = new Float64Array(this.nodeCount);
    members.forEach((node, i) => {
      weight[node] = scaled.weights[i] as number;
    });
    const classes = new Map<number, number>();
    const classOf = new Int32Array(this.nodeCount).fill(-1);
    for (const node of members) {
      const own = weight[node] as number;
      const known = classes.get(own);
      if (known === undefined) classes.set(own, classes.size);
      classOf[node] = known ?? classes.size - 1;
    }
    const strikes = this.strikes(kinds);
    let best = -1;
    let faults = noFaults;
    for (const outages of this.outageChoices(kinds, classOf, strikes, work)) {
      work.spend(members.length + 10);
      const down = this.nodesOf(outages);
      let value = 0;
      for (const node of members) if (down[node]) value += weight[node] as number;
      strikes.strikeHeaviest(
        members.filter((node) => !down[node]),
        (node) => weight[node] as number,
      );
      for (const node of strikes.struck) value += weight[node] as number;
      if (value <= best) continue;
      best = value;
      const needed = outages.filter((zone) => this.isNeeded(zone, outages, members));
      faults = this.faultSet(needed, strikes);
    }
    return { value: Math.max(0, best) / 10 ** scaled.places, faults };
  }

  /** Whether a zone takes down a member that no other of the chosen zones takes down (of nested ones the first is kept). */
  private isNeeded(zone: number, chosen: readonly number[], members: readonly number[]): boolean {
    const own = new Set(this.system.zones[zone]?.nodes);
    const others = this.nodesOf(
      chosen.filter((other) => other !== zone && (!this.contains(zone, other) || (this.contains(other, zone) && other < zone))),
    );
    return members.some((node) => own.has(node) && !others[node]);
  }

  private contains(outer: number, inner: number): boolean {
    const nodes = new Set(this.system.zones[outer]?.nodes);
    return this.system.zones[inner]?.nodes.every((node) => nodes.has(node)) ?? false;
  }
}

/** Every node that the fault set touches, slow ones left out. */
export function goneNodes(system: System, faults: FaultSet): number[] {
  const gone = new Set<number>([...faults.crashed, ...faults.omitting, ...faults.byzantine]);
  for (const zone of faults.outages) for (const node of system.zones[zone]?.nodes ?? []) gone.add(node);
  return [...gone].sort((a, b) => a - b);
}

function clamp(count: number, most: number): number {
  return Math.max(0, Math.min(Math.floor(count), most));
}
