import { type Formula, holds } from '../formula.ts';
import type { Work } from '../work.ts';
import { type Bound, minimize, type Variable } from './linear-programme.ts';
import { latencyOf, type Orbit, type Orbits, orbitsOf } from './orbits.ts';
import type { Classes } from './profiles.ts';

/** What a strategy is made for: two quorum systems over nodes that can do so much. */
export interface ReadWriteSystem {
  readonly reads: Formula;
  readonly writes: Formula;
  readonly nodeCount: number;
  /** Reads a second that a node can serve; Infinity where nothing limits it. */
  readonly readCapacity: (node: number) => number;
  readonly writeCapacity: (node: number) => number;
  /** Time until a node has answered, in any unit: that of all latencies here. */
  readonly latency: (node: number) => number;
}

/** Shares of reads (0..1) with their weights, which sum to 1: how often the workload is of that kind. */
export type Workload = readonly { readonly reads: number; readonly weight: number }[];

export interface Objective {
  /** What is made as small as can be; the load if left out. */
  readonly minimize?: 'load' | 'network' | 'latency';
  /** Quorums must survive the loss of so many of their nodes. */
  readonly failures?: number;
  /** Upper bounds on the expected load, the expected number of nodes asked, and the expected latency. */
  readonly loadLimit?: number;
  readonly networkLimit?: number;
  readonly latencyLimit?: number;
}

/** Quorums of one orbit, each as likely, with their joint probability. */
export interface Choice {
  readonly orbit: Orbit;
  readonly probability: number;
}

/** The quorums that a strategy chooses from, most likely first. */
export interface Choices {
  readonly reads: readonly Choice[];
  readonly writes: readonly Choice[];
}

/** A load is a rational of small numbers where capacities are: within this distance of one it is taken to be that one. */
const snapDistance = 1e-9;
const mostDenominator = 20_000;

/**
 * A system with its minimal quorums, by symmetry: nodes that can be exchanged are counted, not named. Load, capacity and
 * strategies as Naor & Wool (1998) define them, extended to reads and writes and to nodes of unlike capacities (Whittaker et
 * al. 2021). Construction throws OutOfWork when there are too many quorums that differ.
 *
 * Averaging a strategy over all exchanges of like nodes changes neither its expected load nor its latency and never raises
 * the load of the busiest node; so an optimal strategy that treats like nodes alike always exists.
 */
export class StrategySpace {
  readonly orbits: Orbits;
  readonly kinds: Classes;
  readonly reads: readonly Orbit[];
  readonly writes: readonly Orbit[];
  private readonly readCost: readonly number[];
  private readonly writeCost: readonly number[];
  /** The largest capacity: what it takes of a node is counted relative to it, so that numbers are of about the size of 1. */
  private readonly scale: number;

  constructor(
    private readonly system: ReadWriteSystem,
    private readonly work: Work,
    failures = 0,
    many?: number,
  ) {
    const { reads, writes, nodeCount, readCapacity, writeCapacity, latency } = system;
    const formulas = reads === writes ? [reads] : [reads, writes];
    const key = (node: number): string => `${readCapacity(node)},${writeCapacity(node)},${latency(node)}`;
    this.orbits = orbitsOf(formulas, nodeCount, key, failures, work, many);
    this.kinds = this.orbits.kinds;
    this.reads = this.orbits.quorums[0] ?? [];
    this.writes = this.orbits.quorums[1] ?? this.reads;
    const first = this.kinds.members.map((members) => members[0] as number);
    const capacities = first.flatMap((node) => [readCapacity(node), writeCapacity(node)]).filter(Number.isFinite);
    this.scale = capacities.length === 0 ? 1 : Math.max(...capacities);
    this.readCost = first.map((node) => this.scale / readCapacity(node));
    this.writeCost = first.map((node) => this.scale / writeCapacity(node));
  }

  /** The least costly strategy for the workload; null when none is within the limits or there are no quorums. */
  best(workload: Workload, objective: Objective = {}): Strategy | null {
    if (this.reads.length === 0 || this.writes.length === 0) return null;
    const { minimize: what = 'load', loadLimit, networkLimit, latencyLimit } = objective;
    const readShare = workload.reduce((sum, { reads, weight }) => sum + reads * weight, 0);
    const variables: { cost: number; coefficients: Map<number, number> }[] = [];
    const bounds: Bound[] = [];
    const bound = (limit: Bound): number => bounds.push(limit) - 1;
    const oneRead = bound({ equal: 1 });
    const oneWrite = bound({ equal: 1 });
    const quorums = [
      ...this.reads.map((orbit) => ({ orbit, one: oneRead, share: readShare, formula: this.system.reads })),
      ...this.writes.map((orbit) => ({ orbit, one: oneWrite, share: 1 - readShare, formula: this.system.writes })),
    ];
    for (const { one } of quorums) variables.push({ cost: 0, coefficients: new Map([[one, 1]]) });
    const add = (i: number, row: number, value: number): void => {
      if (value !== 0) variables[i]?.coefficients.set(row, value);
    };
    const network = quorums.map(({ orbit, share }) => share * orbit.example.length);
    const latency = quorums.map(({ orbit, share, formula }) =>
      share === 0 ? 0 : share * latencyOf(orbit.example, formula, this.system.nodeCount, this.system.latency),
    );
    if (networkLimit !== undefined) {
      const row = bound({ max: networkLimit });
      network.forEach((value, i) => {
        add(i, row, value);
      });
    }
    if (latencyLimit !== undefined) {
      const row = bound({ max: latencyLimit });
      latency.forEach((value, i) => {
        add(i, row, value);
      });
    }
    if (what === 'load' || loadLimit !== undefined) {
      const total = loadLimit === undefined ? -1 : bound({ max: loadLimit * this.scale });
      for (const { reads, weight } of workload) {
        // The load of the busiest class is one variable for each kind of workload.
        const busiest = variables.push({ cost: what === 'load' ? weight : 0, coefficients: new Map() }) - 1;
        if (total >= 0) add(busiest, total, weight);
        this.kinds.members.forEach((members, of) => {
          const row = bound({ max: 0 });
          add(busiest, row, -1);
          quorums.forEach(({ orbit, one }, i) => {
            const cost = one === oneRead ? reads * (this.readCost[of] as number) : (1 - reads) * (this.writeCost[of] as number);
            add(i, row, ((orbit.counts[of] as number) / members.length) * cost);
          });
        });
      }
    }
    const costs = what === 'network' ? network : what === 'latency' ? latency : null;
    const found = minimize(
      variables.map((variable, i): Variable => (costs === null ? variable : { ...variable, cost: costs[i] ?? 0 })),
      bounds,
      this.work,
    );
    if (found === null) return null;
    return this.strategy(found.slice(0, this.reads.length), found.slice(this.reads.length, quorums.length));
  }

  /** Every minimal quorum as likely as any other. */
  uniform(): Strategy {
    return this.strategy(
      this.reads.map(({ ways }) => ways),
      this.writes.map(({ ways }) => ways),
    );
  }

  /** Chooses a quorum of each orbit with a probability in proportion to its weight. */
  strategy(readWeights: readonly number[], writeWeights: readonly number[]): Strategy {
    const choices = (orbits: readonly Orbit[], weights: readonly number[]): Choice[] => {
      const kept = weights.map((weight) => (weight > 1e-9 ? weight : 0));
      const total = kept.reduce((sum, weight) => sum + weight, 0);
      return orbits
        .map((orbit, i) => ({ orbit, probability: (kept[i] ?? 0) / total }))
        .filter(({ probability }) => probability > 0)
        .sort((a, b) => b.probability - a.probability);
    };
    return new Strategy(
      this.system,
      this.orbits,
      { reads: choices(this.reads, readWeights), writes: choices(this.writes, writeWeights) },
      { read: this.readCost, write: this.writeCost, scale: this.scale },
    );
  }
}

interface Costs {
  /** What one read or write takes of a node, by class, relative to the node of the largest capacity. */
  readonly read: readonly number[];
  readonly write: readonly number[];
  /** That capacity. */
  readonly scale: number;
}

/** Probabilities over quorums, and what follows from them. */
export class Strategy {
  constructor(
    private readonly system: ReadWriteSystem,
    readonly orbits: Orbits,
    readonly choices: Choices,
    private readonly costs: Costs,
  ) {}

  /** The share of its capacity that one operation a second takes of each class of nodes, in seconds; `reads` in 0..1. */
  nodeLoads(reads: number): number[] {
    return this.relativeLoads(reads).map((load) => load / this.costs.scale);
  }

  private relativeLoads(reads: number): number[] {
    return this.orbits.kinds.members.map((members, of) => {
      const asked = (choices: readonly Choice[]): number =>
        choices.reduce((sum, { orbit, probability }) => sum + (probability * (orbit.counts[of] as number)) / members.length, 0);
      return snap(
        reads * asked(this.choices.reads) * (this.costs.read[of] as number) +
          (1 - reads) * asked(this.choices.writes) * (this.costs.write[of] as number),
      );
    });
  }

  /** The load of the busiest node, expected over the workload. */
  load(workload: Workload): number {
    return workload.reduce((sum, { reads, weight }) => sum + weight * Math.max(0, ...this.nodeLoads(reads)), 0);
  }

  /** Operations a second that the busiest node can bear, expected over the workload; Infinity when no node limits it. */
  capacity(workload: Workload): number {
    const { scale } = this.costs;
    return workload.reduce((sum, { reads, weight }) => sum + weight * (scale / Math.max(0, ...this.relativeLoads(reads))), 0);
  }

  /** How many nodes an operation asks, expected over the workload. */
  network(workload: Workload): number {
    return this.expected(workload, (quorum) => quorum.length);
  }

  /** When an operation has heard from a quorum, expected over the workload. */
  latency(workload: Workload): number {
    return this.expected(workload, (quorum, formula) => latencyOf(quorum, formula, this.system.nodeCount, this.system.latency));
  }

  private expected(workload: Workload, value: (quorum: readonly number[], formula: Formula) => number): number {
    const { reads, writes } = this.choices;
    const mean = (choices: readonly Choice[], formula: Formula): number =>
      choices.reduce((sum, { orbit, probability }) => sum + probability * value(orbit.example, formula), 0);
    const ofReads = mean(reads, this.system.reads);
    const ofWrites = mean(writes, this.system.writes);
    return workload.reduce((sum, { reads: share, weight }) => sum + weight * (share * ofReads + (1 - share) * ofWrites), 0);
  }
}

/** Whether a formula has quorums and the empty set is none of them: otherwise there is nothing to choose. */
export function hasChoice(formula: Formula, nodeCount: number): boolean {
  return !holds(formula, new Uint8Array(nodeCount)) && holds(formula, new Uint8Array(nodeCount).fill(1));
}

/**
 * The fraction of small numbers that a computed value stands for, by continued fractions; the value itself when there is
 * none so near. So a load of 3/5 compares as 0.6, whatever the rounding of the linear programme.
 */
export function snap(value: number): number {
  let rest = value;
  let [p0, q0, p1, q1] = [0, 1, 1, 0];
  for (let i = 0; i < 30; i++) {
    const whole = Math.floor(rest);
    [p0, q0, p1, q1] = [p1, q1, whole * p1 + p0, whole * q1 + q0];
    if (q1 > mostDenominator) return value;
    if (Math.abs(p1 / q1 - value) <= snapDistance * Math.max(1, Math.abs(value))) return p1 / q1;
    if (rest === whole) return value;
    rest = 1 / (rest - whole);
  }
  return value;
}
