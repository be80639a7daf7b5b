import { formatDuration, listed } from '../../base/units.ts';
import { mean } from '../../model/distributions.ts';
import type { System } from '../../model/system.ts';
import { compile, type Formula, holds, leaves, minimalQuorum } from '../formula.ts';
import { pathBetween } from '../timing/pairs.ts';
import { routesOf } from '../timing/routes.ts';
import { nodeNames } from '../words.ts';
import type { Work } from '../work.ts';
import { type Answer, type Asked, BadArgument, quorumAt } from './answer.ts';

/**
 * `quorum_latency(Q, from)`: when a node that asks all has heard from a quorum, if every message takes its mean time: no
 * strategy is faster. `quorum_latency(Q)`: of the member for which that takes longest. The node's own answer takes no time.
 *
 * Answers are counted in the order of their mean round trips, links and service times along the routed path; that is the
 * latency of the slowest member of the fastest quorum, not the mean of the members (and, where latencies vary, a little less
 * than the mean of what is waited for).
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
  for (const node of typeof from === 'number' ? [from] : deployment.members) {
    const heard = hear(system, node, formula, work);
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

function hear(system: System, from: number, formula: Formula, work: Work): Heard | null {
  const present = new Uint8Array(system.nodes.length);
  const trips = leaves(formula).map((node) => ({
    node,
    time: node === from ? 0 : meanTime(system, from, node, work) + meanTime(system, node, from, work),
  }));
  trips.sort((a, b) => a.time - b.time || a.node - b.node);
  const answered: number[] = [];
  for (const { node, time } of [{ node: -1, time: 0 }, ...trips]) {
    work.spend(10);
    if (node >= 0) {
      present[node] = 1;
      answered.push(node);
    }
    if (holds(formula, present)) return { from, time, quorum: minimalQuorum(formula, answered, system.nodes.length) };
  }
  return null;
}

/** Mean time of a message along its path and of its service at the end, ns; Infinity where there is no way. */
function meanTime(system: System, from: number, to: number, work: Work): number {
  const path = pathBetween(system, from, to, work);
  if (path === null) return Number.POSITIVE_INFINITY;
  const routes = routesOf(system);
  let time = 0;
  for (let i = 1; i < path.length; i++) {
    const latency = system.network.classes[routes.classOf(path[i - 1] as number, path[i] as number)]?.latency;
    time += latency === undefined ? Number.POSITIVE_INFINITY : Math.max(0, mean(latency));
  }
  const service = system.groups[system.nodes[to]?.group ?? -1]?.attributes.cpu;
  return time + (service ? Math.max(0, mean(service)) : 0);
}
