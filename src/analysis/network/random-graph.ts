import { exp, ln } from '../../base/exact-math.ts';
import type { Work } from '../work.ts';

/** A probability, and how it was come by. */
export interface Likelihood {
  readonly value: number;
  /** `exact`: computed for this very number of nodes; `limit`: the theorem's value as the number of nodes grows. */
  readonly method: 'exact' | 'limit';
}

/** Up to so many nodes the exact value is computed. */
export const mostExactNodes = 1_000;

/**
 * Probability that a random graph of n nodes, in which every two are linked independently with probability p, is connected.
 * `degree` is the mean degree p(n − 1), at least 0 and finite.
 *
 * Exact up to 1,000 nodes by the recurrence of Gilbert (1959): the part that holds the first node has k nodes in C(n − 1, k − 1)
 * ways, is connected, and has none of the k(n − k) links to the others. Beyond, the limit e^(−e^(−c)) for p = (ln n + c)/n of
 * Erdős & Rényi (1959). Throws OutOfWork.
 */
export function randomConnectivity(nodes: number, degree: number, work: Work): Likelihood {
  if (nodes <= 1) return { value: 1, method: 'exact' };
  const p = Math.min(1, degree / (nodes - 1));
  if (p <= 0) return { value: 0, method: 'exact' };
  if (p >= 1) return { value: 1, method: 'exact' };
  if (nodes > mostExactNodes) return { value: limitFor(p * nodes - ln(nodes)), method: 'limit' };
  work.spend(nodes * nodes * 2);
  const lnMissing = ln(1 - p);
  const lnFactorial = [0];
  for (let k = 1; k <= nodes; k++) lnFactorial.push((lnFactorial[k - 1] as number) + ln(k));
  const connected = [0, 1];
  for (let n = 2; n <= nodes; n++) {
    let apart = 0;
    for (let k = 1; k < n; k++) {
      const lnWays = (lnFactorial[n - 1] as number) - (lnFactorial[k - 1] as number) - (lnFactorial[n - k] as number);
      apart += exp(lnWays + k * (n - k) * lnMissing) * (connected[k] as number);
    }
    connected.push(clamp(1 - apart));
  }
  return { value: connected[nodes] as number, method: 'exact' };
}

/** e^(−e^(−c)). */
function limitFor(c: number): number {
  return exp(-exp(-c));
}

export interface Gossip {
  /** Members, those that have failed included; at least 1. */
  readonly members: number;
  /** How many of them have failed: they tell nobody. Below `members`. */
  readonly failed: number;
  /** Mean number of members that one tells, drawn at random among the others, once; at least 0. */
  readonly fanout: number;
}

/**
 * Probability that a rumour of one live member reaches all live ones, when each tells `fanout` others the first time that
 * it hears it ("infect and die"). A fanout that is no whole number is the mean of the two next to it, drawn for each member.
 *
 * Exact up to 1,000 members: those who know are taken in turn, and how many are new among those that the next one draws
 * depends only on how many know. Beyond, the limit e^(−e^(−c)) with c = fanout · (share of live members) − ln(live members)
 * of Kermarrec, Massoulié & Ganesh (2003). Throws OutOfWork.
 */
export function gossipReach({ members, failed, fanout }: Gossip, work: Work): Likelihood {
  const live = members - failed;
  if (live <= 1) return { value: 1, method: 'exact' };
  if (fanout <= 0) return { value: 0, method: 'exact' };
  if (fanout >= members - 1) return { value: 1, method: 'exact' };
  if (members > mostExactNodes) {
    return { value: limitFor((fanout * (live - 1)) / (members - 1) - ln(live)), method: 'limit' };
  }
  return { value: exactReach(members, live, fanout, work), method: 'exact' };
}

/** What is left out of a distribution's tails, at each step. */
const negligible = 1e-60;

function exactReach(members: number, live: number, fanout: number, work: Work): number {
  const least = Math.floor(fanout);
  const draws = (
    fanout === least
      ? [[least, 1]]
      : [
          [least, least + 1 - fanout],
          [least + 1, fanout - least],
        ]
  ) as [number, number][];
  /** known[i]: the probability that i know after `told` of them have told. Who knows last has nobody left to tell. */
  let known = new Float64Array(live + 1);
  known[1] = 1;
  for (let told = 0; told < live - 1; told++) {
    const next = new Float64Array(live + 1);
    // Where only those know who have told, the rumour has died out.
    for (let i = told + 1; i <= live; i++) {
      const share = known[i] as number;
      if (share < negligible) continue;
      if (i === live) {
        next[live] = (next[live] as number) + share;
        continue;
      }
      work.spend(draws.length * (fanout + 4));
      for (const [count, weight] of draws) spread(next, i, share * weight, { fresh: live - i, others: members - 1, count });
    }
    known = next;
  }
  return clamp(known[live] as number);
}

/** Adds the hypergeometric distribution of new ones among `count` drawn from `others`, of which `fresh` are new. */
function spread(
  into: Float64Array,
  at: number,
  share: number,
  { fresh, others, count }: { readonly fresh: number; readonly others: number; readonly count: number },
): void {
  const stale = others - fresh;
  const least = Math.max(0, count - stale);
  const most = Math.min(fresh, count);
  // The first probability as a product of ratios, each further one from the one before.
  let probability = share;
  if (least === 0) for (let j = 0; j < count; j++) probability *= (stale - j) / (others - j);
  else for (let j = 0; j < stale; j++) probability *= (count - j) / (others - j);
  for (let drawn = least; drawn <= most; drawn++) {
    into[at + drawn] = (into[at + drawn] as number) + probability;
    probability *= ((fresh - drawn) * (count - drawn)) / ((drawn + 1) * (stale - count + drawn + 1));
  }
}

/**
 * Rounds after which push gossip with one call a round and member has reached all of n: ⌈log₂ n + ln n⌉, to which the
 * number of rounds is close with high probability (Frieze & Grimmett 1985; Pittel 1987). 0 for fewer than two members.
 */
export function gossipRounds(members: number): number {
  if (members < 2) return 0;
  return Math.ceil(ln(members) / ln(2) + ln(members) - 1e-9);
}

function clamp(probability: number): number {
  return Math.max(0, Math.min(1, probability));
}
