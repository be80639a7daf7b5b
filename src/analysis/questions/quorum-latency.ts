import { formatDuration, listed } from '../../base/units.ts';
import { mean } from '../../model/distributions.ts';
import type { System } from '../../model/system.ts';
import { compile, type Formula, holds, interchangeable, leaves, minimalQuorum } from '../formula.ts';
import { type Routes, routesOf } from '../timing/routes.ts';
import { nodeNames } from '../words.ts';
import type { Work } from '../work.ts';
import { type Answer, type Asked, BadArgument, quorumAt } from './answer.ts';

/**
 * `quorum_latency(Q, from)`: when a node that asks all has heard from a quorum, if every message takes its mean time: no
 * strategy is faster. `quorum_latency(Q)`: of the member for which that takes longest. The node's own answer takes no time.
 *
 * Answers are counted in the order of their mean round trips, links and service times along the routed path; that is the
 * latency of the slowest member of the fastest quorum, not the mean of the members. Where latencies vary, the mean of what is
 * waited for may be more (of all answers) or less (of the first one).
 */
export function quorumLatency(asked: Asked): Answer {
  const quorum = quorumAt(asked, 0);
  const { facts, texts, values } = asked;
  const { system, deployment } = facts;
  if (quorum === undefined) throw new BadArgument('there is no quorum', 0);
  const formula = compile(quorum);
  const from = values[1];
  const work = facts.work();
  let slowest: Heard | null = null;
  const times = new MeanTimes(system, work);
  for (const node of typeof from === 'number' ? [from] : distinct(system, deployment.members, formula)) {
    const heard = hear(times, node, formula, work);
    if (heard === null) throw new BadArgument('no quorum of it can form', 0);
    if (slowest === null || heard.time > slowest.time) slowest = heard;
  }
  if (slowest === null) return { value: 0 };
  const [name] = nodeNames(system, [slowest.from]);
  const of = slowest.quorum.filter((node) => node !== slowest?.from);
  const who = of.length === 0 ? 'nobody else' : listed(nodeNames(system, of), 6);
  return {
    value: slowest.time,
    remarks: [`\`${name}\` waits for ${who} to have a quorum of \`${texts[0]}\`: ${formatDuration(slowest.time)} by mean latencies.`],
  };
}

interface Heard {
  readonly from: number;
  /** ns; Infinity where no quorum can be reached. */
  readonly time: number;
  readonly quorum: readonly number[];
}

/** Of members that are alike to the network and in the formula, the first. */
function distinct(system: System, members: readonly number[], formula: Formula): readonly number[] {
  const { network, nodes } = system;
  if (!network.complete) return members;
  const places = interchangeable([formula], nodes.length);
  const first = new Map<string, number>();
  for (const node of members) {
    const key = `${network.kind[node]}/${nodes[node]?.group}/${places[node]}`;
    if (!first.has(key)) first.set(key, node);
  }
  return [...first.values()];
}

function hear(times: MeanTimes, from: number, formula: Formula, work: Work): Heard | null {
  const { nodeCount } = times;
  const present = new Uint8Array(nodeCount);
  const trips = leaves(formula).map((node) => ({ node, time: node === from ? 0 : times.between(from, node) + times.between(node, from) }));
  trips.sort((a, b) => a.time - b.time || a.node - b.node);
  work.spend(10 * trips.length);
  if (holds(formula, present)) return { from, time: 0, quorum: [] };
  // Halving finds the answer that completes a quorum: with more answers there is still one.
  const among = (count: number): boolean => {
    present.fill(0);
    for (const { node } of trips.slice(0, count)) present[node] = 1;
    work.spend(trips.length);
    return holds(formula, present);
  };
  if (!among(trips.length)) return null;
  let low = 0;
  let high = trips.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (among(middle)) high = middle;
    else low = middle;
  }
  const answered = trips.slice(0, high).map(({ node }) => node);
  return { from, time: trips[high - 1]?.time ?? 0, quorum: minimalQuorum(formula, answered, nodeCount) };
}

/** Mean times of messages along their paths, the way to each target found once. */
class MeanTimes {
  readonly nodeCount: number;
  private readonly routes: Routes;
  private readonly hops = new Map<number, (from: number) => number>();
  private readonly latencies: readonly number[];

  constructor(
    private readonly system: System,
    private readonly work: Work,
  ) {
    this.nodeCount = system.nodes.length;
    this.routes = routesOf(system);
    this.latencies = system.network.classes.map(({ latency }) => Math.max(0, mean(latency)));
  }

  /** Links on the path and service at its end, ns; Infinity where there is no way. */
  between(from: number, to: number): number {
    const next = this.hops.get(to) ?? this.routes.hopsTo(to, this.work);
    this.hops.set(to, next);
    const service = this.system.groups[this.system.nodes[to]?.group ?? -1]?.attributes.cpu;
    let time = service ? Math.max(0, mean(service)) : 0;
    for (let at = from, hops = 0; at !== to; hops++) {
      const via = next(at);
      this.work.spend(2);
      if (via < 0 || hops > this.nodeCount) return Number.POSITIVE_INFINITY;
      time += this.latencies[this.routes.classOf(at, via)] ?? Number.POSITIVE_INFINITY;
      at = via;
    }
    return time;
  }
}
