import { formatNumber, formatRatio, listed } from '../../base/units.ts';
import { mean } from '../../model/distributions.ts';
import type { System } from '../../model/system.ts';
import type { QuorumSystem } from '../../model/values.ts';
import type { Facts } from '../facts.ts';
import { compile, type Formula, leaves } from '../formula.ts';
import { BoundedMemo } from '../memo.ts';
import { nodeNames } from '../words.ts';
import type { Orbit, Orbits } from './orbits.ts';
import { type Found, searchSystem } from './search.ts';
import { type Choice, hasChoice, type Strategy, StrategySpace } from './strategy.ts';

/** The optimal strategy of quorum systems as deployed. */
export interface Deployed {
  /** Null for a system without quorums, or with the empty set as one. */
  readonly space: StrategySpace | null;
  readonly strategy: Strategy | null;
}

/** What a node can bear: `alike` counts operations, `cpu` the time that the node takes for one message. */
export type Capacities = 'alike' | 'cpu';

const strategies = new BoundedMemo<Deployed>();
const searches = new BoundedMemo<{ readonly found: Found | null }>();

/**
 * The strategy that keeps the busiest node least busy, for a share of reads in 0..1. A node without `cpu` takes no time
 * for a message, as in a run. Throws OutOfWork.
 *
 * @param writes null for one system, of which quorums are asked for everything.
 */
export function deployedStrategy(
  facts: Facts,
  reads: QuorumSystem,
  writes: QuorumSystem | null,
  share: number,
  capacities: Capacities,
): Deployed {
  const { system } = facts;
  const rates = system.nodes.map((node) => (capacities === 'alike' ? 1 : serviceRate(system, node.group)));
  const same = writes === null || writes === reads;
  const key = `${JSON.stringify(reads)}|${same ? '' : JSON.stringify(writes)}|${writes === null ? 1 : share}|${rates}`;
  return strategies.get(key, facts.work(), (work) => {
    const nodeCount = system.nodes.length;
    const one = compile(reads);
    const two = same ? one : compile(writes);
    if (!hasChoice(one, nodeCount) || !hasChoice(two, nodeCount)) return { space: null, strategy: null };
    const capacity = (node: number): number => rates[node] as number;
    const latency = (): number => 0;
    const space = new StrategySpace({ reads: one, writes: two, nodeCount, readCapacity: capacity, writeCapacity: capacity, latency }, work);
    return { space, strategy: space.best([{ reads: writes === null ? 1 : share, weight: 1 }]) };
  });
}

/** Messages that a node of the group serves a second; Infinity where the file is silent. */
function serviceRate(system: System, group: number): number {
  const cpu = system.groups[group]?.attributes.cpu;
  return cpu ? 1e9 / Math.max(0, mean(cpu)) : Number.POSITIVE_INFINITY;
}

/** A longer list tells nobody anything. */
const mostParts = 4;

/** "any 2 of `a`, `b` and `c`, with any 1 of `d` and `e`": the quorums of an orbit. */
function quorumWords({ counts, example, ways }: Orbit, { kinds, free }: Orbits, system: System): string {
  if (example.length === 0) return 'nobody';
  if (!free && ways > 1) return `any of ${formatNumber(ways)} quorums like ${listed(nodeNames(system, example), 6)}`;
  const parts: string[] = [];
  const whole: number[] = [];
  counts.forEach((count, of) => {
    const members = kinds.members[of] ?? [];
    if (count === members.length) whole.push(...members);
    else if (count > 0) parts.push(`any ${count} of ${listed(nodeNames(system, members), 4)}`);
  });
  whole.sort((a, b) => a - b);
  const all = [...(whole.length > 0 ? [listed(nodeNames(system, whole), 6)] : []), ...parts];
  const more = all.length > mostParts ? `, and more: ${example.length} nodes in all` : '';
  return all.slice(0, more === '' ? mostParts : mostParts - 1).join(', with ') + more;
}

/** "60 % any 3 of …; 40 % …": the most likely choices. */
export function choiceWords(choices: readonly Choice[], orbits: Orbits, system: System, most = 3): string {
  const [first] = choices;
  if (first !== undefined && choices.length === 1) return quorumWords(first.orbit, orbits, system);
  const shown = choices.slice(0, most).map(({ orbit, probability }) => `${formatRatio(probability)} ${quorumWords(orbit, orbits, system)}`);
  return [...shown, ...(choices.length > most ? [`${choices.length - most} more`] : [])].join('; ');
}

/** More nodes take too long to search while one reads. */
const mostForBetter = 5;

/** Below it nobody would change a system. */
const worthwhile = 1.05;

/**
 * The best quorum systems over the same nodes with no less resilience, for a share of reads: how many times what the present
 * ones bear. Null when there is none that is worth it, or the nodes are too many to look.
 */
export function betterSystem(
  facts: Facts,
  reads: QuorumSystem,
  writes: QuorumSystem,
  share: number,
): { reads: Formula; times: number } | null {
  const nodes = leaves(compile(reads), compile(writes));
  if (nodes.length > mostForBetter) return null;
  const resilience = Math.min(...[reads, writes].map((of) => (facts.blocking(of).nodes?.length ?? 0) - 1));
  const capacities: Capacities = nodes.every((node) => Number.isFinite(serviceRate(facts.system, facts.system.nodes[node]?.group ?? -1)))
    ? 'cpu'
    : 'alike';
  const workload = [{ reads: share, weight: 1 }];
  const present = deployedStrategy(facts, reads, writes, share, capacities).strategy?.load(workload);
  if (present === undefined || resilience < 0) return null;
  const rate = (node: number): number => (capacities === 'alike' ? 1 : serviceRate(facts.system, facts.system.nodes[node]?.group ?? -1));
  const figures = { nodeCount: facts.system.nodes.length, readCapacity: rate, writeCapacity: rate, latency: () => 0 };
  const key = `${JSON.stringify(reads)}|${JSON.stringify(writes)}|${share}|${nodes.map(rate)}|${figures.nodeCount}`;
  const { found } = searches.get(key, facts.work(20), (work) => ({ found: searchSystem(nodes, figures, workload, { resilience }, work) }));
  const times = found === null ? 0 : present / found.value;
  return found !== null && times >= worthwhile ? { reads: found.reads, times } : null;
}
