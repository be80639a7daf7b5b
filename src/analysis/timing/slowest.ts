import type { Deployment, System } from '../../model/system.ts';
import type { Work } from '../work.ts';
import { DelaySum } from './delay-sum.ts';
import { type Leg, legParts, pairGroups } from './pairs.ts';

/** The pair of members between which a message, or a question and its answer, takes longest at a quantile. */
export interface Slowest {
  /** ns; Infinity where the two cannot reach each other. */
  readonly time: number;
  /** `time` is this near to the true quantile, ns. */
  readonly error: number;
  readonly from: number;
  readonly to: number;
  /** What it is made up of; null where there is no way. */
  readonly delay: DelaySum | null;
}

export type Journey = 'message' | 'round trip';

/** Of all pairs of members the one that is slowest at the quantile `1 - tail`; null for fewer than two members. */
export function slowest(system: System, { members }: Deployment, journey: Journey, tail: number, work: Work): Slowest | null {
  return slowestBetween(system, { froms: members, tos: members }, journey, tail, work);
}

/** Who sends to whom, and what a link takes at the most, ns: the Δ of the timing model where only what it admits counts. */
export interface Between {
  readonly froms: readonly number[];
  readonly tos: readonly number[];
  readonly most?: number;
}

/** Of all pairs of a node of `froms` and another of `tos` the slowest one; null where there is no such pair. Throws OutOfWork. */
export function slowestBetween(system: System, { froms, tos, most }: Between, journey: Journey, tail: number, work: Work): Slowest | null {
  const candidates: { from: number; to: number; delay: DelaySum; bound: number }[] = [];
  const seen = new Set<string>();
  for (const { from, to, there, back } of pairGroups(system, froms, tos, work)) {
    const legs = journey === 'message' ? [there] : [there, back];
    if (legs.includes(null)) return { time: Number.POSITIVE_INFINITY, error: 0, from, to, delay: null };
    const delay = new DelaySum((legs as Leg[]).flatMap((leg) => legParts(system, leg, most)));
    const { key } = delay;
    if (seen.has(key)) continue;
    seen.add(key);
    work.spend(20);
    candidates.push({ from, to, delay, bound: delay.upperBound(tail) });
  }
  // Those that may be slowest come first, so that most need not be computed.
  candidates.sort((a, b) => b.bound - a.bound || a.from - b.from || a.to - b.to);
  let best: Slowest | null = null;
  for (const { from, to, delay, bound } of candidates) {
    if (best !== null && bound <= best.time) break;
    const { value, error } = delay.quantile(tail, work);
    if (best === null || value > best.time) best = { time: value, error, from, to, delay };
  }
  return best;
}
