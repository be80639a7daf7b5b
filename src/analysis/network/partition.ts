import type { FaultFamily, FaultSet } from '../fault-sets.ts';
import { unresponsive } from '../fault-sets.ts';
import type { Strikes } from '../strikes.ts';
import type { Work } from '../work.ts';

/** A fault set and a cut of the nodes left into two sides. */
export interface PartitionedNetwork {
  readonly faults: FaultSet;
  /** All live nodes of each side. */
  readonly sides: readonly [Uint8Array, Uint8Array];
}

export interface PartitionQuestion {
  readonly family: FaultFamily;
  /** A quorum among these nodes that reach each other without the others, with the nodes on the way; null when there is none. */
  readonly quorum: (live: Uint8Array) => readonly number[] | null;
  /** Steps that one call of `quorum` takes. */
  readonly cost: number;
  readonly work: Work;
}

/** What has become of a node. */
const Fate = { open: 0, first: 1, second: 2, gone: 3 } as const;

/**
 * A fault set and a cut of the rest into two sides, such that on neither side a quorum reaches itself through nodes of that
 * side; null when there is none. Exact, or throws OutOfWork: some node of each quorum that may still end up on the first side
 * must be on the second or fail, so each is tried in turn, and those tried before it are on the first side.
 */
export function findPartitionInNetwork({ family, quorum, cost, work }: PartitionQuestion): PartitionedNetwork | null {
  const strikes = family.strikes(unresponsive);
  const distinct = Int32Array.from({ length: family.nodeCount }, (_, node) => node);
  for (const outages of family.outageChoices(unresponsive, distinct, strikes, work)) {
    const fate = Uint8Array.from(family.nodesOf(outages), (down) => (down ? Fate.gone : Fate.open));
    strikes.clear();
    const among = (...fates: readonly number[]): readonly number[] | null => {
      work.spend(cost);
      return quorum(fate.map((own) => (fates.includes(own) ? 1 : 0)));
    };
    if (!separate(fate, strikes, among)) continue;
    return minimal({ family, outages, fate, strikes, among });
  }
  return null;
}

type Among = (...fates: readonly number[]) => readonly number[] | null;

/** Decides the open nodes; leaves the decision in `fate` and `strikes` and returns true, or leaves both as they were. */
function separate(fate: Uint8Array, strikes: Strikes, among: Among): boolean {
  const wanted = among(Fate.first, Fate.open);
  if (wanted === null) return close(fate, Fate.first);
  if (among(Fate.second, Fate.open) === null) return close(fate, Fate.second);
  const open = wanted.filter((node) => fate[node] === Fate.open);
  const settled: number[] = [];
  for (const node of open) {
    fate[node] = Fate.second;
    if (among(Fate.second) === null && separate(fate, strikes, among)) return true;
    if (strikes.add(node)) {
      fate[node] = Fate.gone;
      if (separate(fate, strikes, among)) return true;
      strikes.remove(node);
    }
    fate[node] = Fate.first;
    settled.push(node);
    if (among(Fate.first) !== null) break;
  }
  for (const node of settled) fate[node] = Fate.open;
  return false;
}

/** All open nodes on one side. */
function close(fate: Uint8Array, side: number): true {
  for (let node = 0; node < fate.length; node++) if (fate[node] === Fate.open) fate[node] = side;
  return true;
}

interface Found {
  readonly family: FaultFamily;
  readonly outages: readonly number[];
  readonly fate: Uint8Array;
  readonly strikes: Strikes;
  readonly among: Among;
}

/** Takes back strikes and outages, the last first, where what is spared can be on a side. */
function minimal({ family, outages, fate, strikes, among }: Found): PartitionedNetwork {
  const spare = (nodes: readonly number[]): boolean => {
    for (const side of [Fate.first, Fate.second]) {
      for (const node of nodes) fate[node] = side;
      if (among(side) === null) return true;
    }
    for (const node of nodes) fate[node] = Fate.gone;
    return false;
  };
  for (const node of [...strikes.struck].sort((a, b) => b - a)) if (spare([node])) strikes.remove(node);
  let zones = [...outages].sort((a, b) => a - b);
  for (const zone of [...zones].reverse()) {
    const fewer = zones.filter((other) => other !== zone);
    const still = family.nodesOf(fewer);
    const freed = [...fate.keys()].filter((node) => fate[node] === Fate.gone && !still[node] && !strikes.isStruck(node));
    if (spare(freed)) zones = fewer;
  }
  const side = (own: number): Uint8Array => fate.map((of) => (of === own ? 1 : 0));
  return { faults: family.faultSet(zones, strikes), sides: [side(Fate.first), side(Fate.second)] };
}
