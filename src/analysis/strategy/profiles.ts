import { type Formula, interchangeable } from '../formula.ts';
import { OutOfWork, type Work } from '../work.ts';

/** Classes of nodes that can be exchanged without changing anything that is asked; each class ascending. */
export interface Classes {
  readonly members: readonly (readonly number[])[];
  /** Class of each node, -1 for nodes that stand in no formula. */
  readonly of: Int32Array;
}

/**
 * How many nodes of each class a quorum has. By symmetry all sets with these counts are quorums when one is, so a profile
 * stands for all of them: of `majority(50)` there is one.
 */
export type Profile = readonly number[];

/** @param keyOf nodes with different texts are never of one class: their capacities and latencies. */
export function classesOf(formulas: readonly Formula[], nodeCount: number, keyOf: (node: number) => string): Classes {
  const places = interchangeable(formulas, nodeCount);
  const ids = new Map<string, number>();
  const members: number[][] = [];
  const of = new Int32Array(nodeCount).fill(-1);
  for (let node = 0; node < nodeCount; node++) {
    if ((places[node] as number) < 0) continue;
    const key = `${places[node]}/${keyOf(node)}`;
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    of[node] = id;
    members[id] = [...(members[id] ?? []), node];
  }
  return { members, of };
}

/** The first nodes of each class: the set that stands for a profile. */
export function representative(profile: Profile, classes: Classes): number[] {
  return profile.flatMap((count, of) => (classes.members[of] ?? []).slice(0, count)).sort((a, b) => a - b);
}

/** How many sets of nodes have the profile; a rounded number beyond 2^53. */
export function multiplicity(profile: Profile, classes: Classes): number {
  return profile.reduce((product, count, of) => product * binomial(classes.members[of]?.length ?? 0, count), 1);
}

export function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) result = (result * (n - i + 1)) / i;
  return Math.round(result);
}

/** More would not be kept apart by anyone who reads them, and a linear programme over them takes too long. */
export const mostProfiles = 4000;

/**
 * The profiles of the minimal quorums, in a fixed order. Exact, or throws OutOfWork when they are too many. A formula that
 * the empty set meets has the empty profile alone; one that nothing meets has none.
 */
export function minimalProfiles(formula: Formula, classes: Classes, work: Work): Profile[] {
  return list(formula, { classes, work, zero: classes.members.map(() => 0) });
}

interface Listing {
  readonly classes: Classes;
  readonly work: Work;
  readonly zero: Profile;
}

function list(formula: Formula, listing: Listing): Profile[] {
  if (formula.kind === 'node') return [unit(listing, listing.classes.of[formula.node] as number, 1)];
  if (formula.kind === 'weighted') return listWeighted(formula, listing);
  const { classes } = listing;
  // Nodes of one class count alike here, each as often as it is written.
  const written = new Map<number, number>();
  const choices: { readonly counts: number; readonly profile: Profile }[][] = [];
  for (const part of formula.of) {
    if (part.kind === 'node') {
      const of = classes.of[part.node] as number;
      written.set(of, (written.get(of) ?? 0) + 1);
    } else choices.push(list(part, listing).map((profile) => ({ counts: 1, profile })));
  }
  for (const [of, times] of written) {
    const size = classes.members[of]?.length ?? 0;
    const each = times / size;
    choices.push(Array.from({ length: size }, (_, i) => ({ counts: (i + 1) * each, profile: unit(listing, of, i + 1) })));
  }
  const wanted = Math.max(0, formula.count);
  // reached[k]: what has at least k of the parts so far.
  let reached: Profile[][] = Array.from({ length: wanted + 1 }, (_, k) => (k === 0 ? [listing.zero] : []));
  for (const options of choices) {
    const next = reached.map((profiles) => [...profiles]);
    for (const { counts, profile } of options) {
      reached.forEach((profiles, k) => {
        const to = next[Math.min(wanted, k + counts)] as Profile[];
        for (const known of profiles) to.push(union(known, profile));
        listing.work.spend(profiles.length * (listing.zero.length + 1));
        if (to.length > 8 * mostProfiles) throw tooMany();
      });
    }
    reached = next.map((profiles) => minimalOnly(profiles, listing.work));
  }
  return reached[wanted] as Profile[];
}

function listWeighted(formula: Formula & { kind: 'weighted' }, listing: Listing): Profile[] {
  const { classes, work } = listing;
  const weights = new Map<number, number>();
  formula.nodes.forEach((node, i) => {
    const of = classes.of[node] as number;
    const size = classes.members[of]?.length ?? 1;
    weights.set(of, (weights.get(of) ?? 0) + (formula.weights[i] as number) / size);
  });
  const order = [...weights].map(([of, weight]) => ({ of, weight })).filter(({ weight }) => weight > 0);
  order.sort((a, b) => b.weight - a.weight || a.of - b.of);
  const counts = [...listing.zero];
  const found: Profile[] = [];
  const left = new Array<number>(order.length + 1).fill(0);
  for (let i = order.length - 1; i >= 0; i--) {
    const { of, weight } = order[i] as (typeof order)[number];
    left[i] = (left[i + 1] as number) + weight * (classes.members[of]?.length ?? 0);
  }
  const visit = (at: number, missing: number): void => {
    work.spend(2);
    if (missing <= 0) {
      found.push([...counts]);
      if (found.length > 8 * mostProfiles) throw tooMany();
      return;
    }
    const item = order[at];
    if (item === undefined || (left[at] as number) < missing) return;
    const most = Math.min(classes.members[item.of]?.length ?? 0, Math.ceil(missing / item.weight));
    for (let count = most; count >= 0; count--) {
      counts[item.of] = count;
      visit(at + 1, missing - count * item.weight);
    }
    counts[item.of] = 0;
  };
  visit(0, formula.threshold);
  return minimalOnly(found, work);
}

function unit({ zero }: Listing, of: number, count: number): Profile {
  return zero.map((_, i) => (i === of ? count : 0));
}

function union(a: Profile, b: Profile): Profile {
  return a.map((count, i) => Math.max(count, b[i] as number));
}

/** Whether every count of `b` is at least that of `a`. */
function isWithin(a: Profile, b: Profile): boolean {
  return a.every((count, i) => count <= (b[i] as number));
}

/** Each profile once, without those that contain another. Smaller ones first. */
function minimalOnly(profiles: readonly Profile[], work: Work): Profile[] {
  const distinct = new Map(profiles.map((profile) => [profile.join(), profile]));
  const size = (profile: Profile): number => profile.reduce((sum, count) => sum + count, 0);
  const sorted = [...distinct.values()].map((profile) => ({ profile, size: size(profile) })).sort((a, b) => a.size - b.size);
  const kept: Profile[] = [];
  for (const { profile } of sorted) {
    work.spend(kept.length + 1);
    if (!kept.some((other) => isWithin(other, profile))) kept.push(profile);
    if (kept.length > mostProfiles) throw tooMany();
  }
  return kept;
}

export function tooMany(): OutOfWork {
  return new OutOfWork('there are too many minimal quorums that differ');
}

/**
 * The profiles of the minimal sets that stay a quorum whichever `failures` of their nodes are lost, from those of the minimal
 * quorums.
 *
 * A set survives so many losses when each loss of one node leaves a set that survives one less. So a profile that does not,
 * because of a node of some class, is widened to one that still contains a profile of the round before without that node.
 */
export function resilientProfiles(minimal: readonly Profile[], failures: number, classes: Classes, work: Work): Profile[] {
  let current = [...minimal];
  for (let round = 0; round < failures; round++) {
    const before = current;
    const found: Profile[] = [];
    const seen = new Set<string>();
    const visit = (profile: Profile): void => {
      const key = profile.join();
      if (seen.has(key)) return;
      seen.add(key);
      work.spend(before.length * (profile.length + 1));
      if (seen.size > 8 * mostProfiles) throw tooMany();
      const weak = profile.findIndex((count, of) => count > 0 && !before.some((other) => isWithin(other, less(profile, of))));
      if (weak < 0) {
        found.push(profile);
        return;
      }
      for (const other of before) {
        const wider = union(
          profile,
          other.map((count, of) => (of === weak ? count + 1 : count)),
        );
        if (wider.every((count, of) => count <= (classes.members[of]?.length ?? 0))) visit(wider);
      }
    };
    for (const profile of before) visit(profile);
    current = minimalOnly(found, work);
  }
  return current;
}

function less(profile: Profile, of: number): Profile {
  return profile.map((count, i) => (i === of ? count - 1 : count));
}
