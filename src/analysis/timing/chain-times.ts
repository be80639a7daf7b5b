import type { Deployment, System, WorkloadCall } from '../../model/system.ts';
import type { Work } from '../work.ts';
import { type Hop, hopsOf } from './chain-code.ts';
import { DelaySum } from './delay-sum.ts';
import { largestDrift } from './drift.ts';
import { type Leg, legParts, pairGroups } from './pairs.ts';
import { durationRange } from './timer-durations.ts';
import { roleNodes } from './timer-mends.ts';

/** A wait of a deployment, with its durations in ns. */
export interface HopTimes {
  readonly hop: Hop;
  /** Of all settings, since another may move the timer. */
  readonly shortest: number;
  readonly longest: number;
  /** What messages take at the least, besides the timer, from who waits outside (the client, or `hop.outer`) and back. */
  readonly way: number;
}

/** The waits on the way of an operation in a deployment; null where one lasts for what only a run can tell. Throws OutOfWork. */
export function hopTimes(system: System, deployment: Deployment, operation: string, work: Work): readonly HopTimes[] | null {
  const protocol = system.protocols[deployment.protocol];
  const hops = (protocol && hopsOf(protocol).get(operation)) ?? [];
  const times: HopTimes[] = [];
  for (const hop of hops) {
    const ranges = hop.delays.map((delay) => durationRange(system, deployment, delay));
    let shortest = Number.POSITIVE_INFINITY;
    let longest = 0;
    for (const range of ranges) {
      // What depends on state may change from turn to turn, as a backoff does: too little is known then.
      if (range === null || range.state.length > 0) return null;
      shortest = Math.min(shortest, range.shortest);
      longest = Math.max(longest, range.longest);
    }
    if (!(shortest > 0)) return null;
    times.push({ hop, shortest, longest, way: wayOf(system, deployment, hop, work) });
  }
  return times;
}

/** From the outer wait to this one and back, and where it only asks again the round trip of that. */
function wayOf(system: System, deployment: Deployment, hop: Hop, work: Work): number {
  const here = roleNodes(deployment, hop.by.role);
  const into = (nodes: readonly number[]): number => leastMessage(system, deployment.members, nodes, work);
  const asking = hop.answers ? 0 : leastRoundTrip(system, here, roleNodes(deployment, hop.asked), work);
  if (hop.outer === null) return asking;
  return asking + into(here) + into(roleNodes(deployment, hop.outer.by.role));
}

/** Timers run by the clocks of the nodes: a fast one ends them sooner by the drift bound. */
export function soonest(system: System, deployment: Deployment, duration: number): number {
  return duration * (1 - Math.min(1, largestDrift(system, deployment.members)));
}

/** ns, the least that a call and its answer take on the way between client and target. */
export function leastTrip(system: System, clients: readonly number[], call: WorkloadCall, work: Work): number {
  return leastRoundTrip(system, clients, call.targets, work);
}

/** By how much the ways of two attempts may differ, ns: all but one in a thousand. */
export function spreadOfWay(system: System, clients: readonly number[], call: WorkloadCall, work: Work): number {
  return pairGroups(system, clients, call.targets, work).reduce((most, { there }) => {
    if (there === null) return most;
    const sum = new DelaySum(legParts(system, there, bound(system)));
    return Math.max(most, sum.upperBound(0.001) - sum.least);
  }, 0);
}

/** Zero where a node may be on both sides. */
function leastRoundTrip(system: System, froms: readonly number[], tos: readonly number[], work: Work): number {
  const inTos = new Set(tos);
  if (froms.some((node) => inTos.has(node))) return 0;
  const ways = pairGroups(system, froms, tos, work);
  return smallest(ways.flatMap(({ there, back }) => (there === null || back === null ? [] : [leastOf(system, [there, back])])));
}

/** To themselves nodes send nothing here: a message comes from another. */
function leastMessage(system: System, froms: readonly number[], tos: readonly number[], work: Work): number {
  const ways = pairGroups(system, froms, tos, work);
  return smallest(ways.flatMap(({ there }) => (there === null ? [] : [leastOf(system, [there])])));
}

function smallest(times: readonly number[]): number {
  return times.length === 0 ? 0 : times.reduce((a, b) => Math.min(a, b));
}

function leastOf(system: System, legs: readonly Leg[]): number {
  return new DelaySum(legs.flatMap((leg) => legParts(system, leg, bound(system)))).least;
}

function bound(system: System): number {
  return system.timing.delay ?? Number.POSITIVE_INFINITY;
}

/** The latest that a timer runs out: a slow clock ends it later. */
export function latest(system: System, deployment: Deployment, duration: number): number {
  return duration / (1 - Math.min(0.5, largestDrift(system, deployment.members)));
}

/**
 * Whether a retry always comes to the same node and sets the timer anew before it has run out, so that it runs only from the
 * last attempt on.
 */
export function movedByRetries(
  system: System,
  deployment: Deployment,
  clients: readonly number[],
  call: WorkloadCall,
  { hop, shortest }: HopTimes,
  work: Work,
): boolean {
  if (call.timeout === null || call.retries === 0 || call.targets.length !== 1 || !hop.always || hop.by.trigger.kind !== 'operation')
    return false;
  return soonest(system, deployment, shortest) > call.timeout + spreadOfWay(system, clients, call, work);
}
