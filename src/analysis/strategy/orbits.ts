import { type Formula, holds, isReadOnce } from '../formula.ts';
import type { Work } from '../work.ts';
import {
  binomial,
  type Classes,
  classesOf,
  minimalProfiles,
  mostProfiles,
  multiplicity,
  type Profile,
  representative,
  resilientProfiles,
  tooMany,
} from './profiles.ts';

/** Minimal quorums that an exchange of like nodes, or of like parts, turns into each other. */
export interface Orbit {
  /** How many nodes of each kind such a quorum has. */
  readonly counts: Profile;
  /** One of them, ascending. */
  readonly example: readonly number[];
  /** How many they are; a rounded number beyond 2^53. */
  readonly ways: number;
}

/** The minimal quorums of several formulas by symmetry. */
export interface Orbits {
  /** Kinds of nodes: an optimal strategy asks nodes of a kind equally often. */
  readonly kinds: Classes;
  /** Whether any choice of nodes with the counts of an orbit is one of its quorums; not so where parts are exchanged as a whole. */
  readonly free: boolean;
  /** Of each formula, in their order. */
  readonly quorums: readonly (readonly Orbit[])[];
}

/** With more profiles, parts that are exchanged as a whole are worth looking for: few orbits are easier to read, too. */
const manyProfiles = 12;

/**
 * Exact, or throws OutOfWork when there are too many minimal quorums that differ.
 *
 * @param keyOf nodes with different texts are never of one kind.
 * @param failures quorums must survive the loss of so many of their nodes.
 * @param many beyond so many profiles like parts are exchanged as a whole.
 */
export function orbitsOf(
  formulas: readonly Formula[],
  nodeCount: number,
  keyOf: (node: number) => string,
  failures: number,
  work: Work,
  many = manyProfiles,
): Orbits {
  if (failures === 0 && formulas.some((formula) => profileCount(formula) > many) && areAligned(formulas)) {
    return new TreeOrbits(formulas, nodeCount, keyOf, work).all();
  }
  const kinds = classesOf(formulas, nodeCount, keyOf);
  const quorums = formulas.map((formula) =>
    resilientProfiles(minimalProfiles(formula, kinds, work), failures, kinds, work).map((counts) => ({
      counts,
      example: representative(counts, kinds),
      ways: multiplicity(counts, kinds),
    })),
  );
  return { kinds, free: true, quorums };
}

/** About how many profiles the classes of nodes alone give. */
function profileCount(formula: Formula): number {
  if (formula.kind !== 'atleast' || formula.count <= 0 || formula.of.every((part) => part.kind === 'node')) return 1;
  // Elementary symmetric polynomial of the parts' counts.
  const ways = new Array<number>(formula.count + 1).fill(0);
  ways[0] = 1;
  for (const part of formula.of) {
    const own = profileCount(part);
    for (let k = formula.count; k > 0; k--) ways[k] = (ways[k] as number) + (ways[k - 1] as number) * own;
  }
  return ways[formula.count] as number;
}

/** Whether formulas are thresholds over the same parts at every level, in which no node stands twice. */
function areAligned(formulas: readonly Formula[]): boolean {
  const [first] = formulas;
  if (first === undefined || !isReadOnce(first)) return false;
  const alike = (one: Formula, two: Formula): boolean => {
    if (one.kind === 'node') return two.kind === 'node' && two.node === one.node;
    if (one.kind !== 'atleast' || two.kind !== 'atleast' || one.of.length !== two.of.length) return false;
    // A part that asks for nothing adds no node: quorums that differ in it would be the same.
    if (one.count < 1 || two.count < 1) return false;
    return one.of.every((part, i) => alike(part, two.of[i] as Formula));
  };
  return formulas.every((formula) => alike(first, formula));
}

/** The same part of each formula, with what it looks like up to the order of parts and the names of nodes. */
interface Part {
  readonly formulas: readonly Formula[];
  readonly shape: string;
  /** In the order of their shapes. */
  readonly parts: readonly Part[];
}

/**
 * Quorums of aligned thresholds: two parts of the same shape may be exchanged as a whole, and so may nodes of one kind: those
 * at which one arrives through parts of the same shapes.
 */
class TreeOrbits {
  private readonly root: Part;
  private readonly of: Int32Array;
  private readonly members: number[][] = [];

  constructor(
    private readonly formulas: readonly Formula[],
    nodeCount: number,
    private readonly keyOf: (node: number) => string,
    private readonly work: Work,
  ) {
    this.of = new Int32Array(nodeCount).fill(-1);
    this.root = this.partOf(formulas);
    const ids = new Map<string, number>();
    const name = (part: Part, path: string): void => {
      const here = `${path}/${part.shape}`;
      const [formula] = part.formulas;
      if (formula?.kind === 'node') {
        const id = ids.get(here) ?? ids.size;
        ids.set(here, id);
        this.of[formula.node] = id;
        this.members[id] = [...(this.members[id] ?? []), formula.node];
      }
      for (const inner of part.parts) name(inner, here);
    };
    name(this.root, '');
    for (const members of this.members) members.sort((a, b) => a - b);
  }

  all(): Orbits {
    return {
      kinds: { members: this.members, of: this.of },
      free: false,
      quorums: this.formulas.map((_, which) =>
        this.list(this.root, which).map(({ counts, example, ways }) => ({ counts, ways, example: [...example].sort((a, b) => a - b) })),
      ),
    };
  }

  private partOf(formulas: readonly Formula[]): Part {
    const [first] = formulas;
    if (first?.kind !== 'atleast') return { formulas, shape: first?.kind === 'node' ? this.keyOf(first.node) : '', parts: [] };
    const parts = first.of.map((_, i) => this.partOf(formulas.map((formula) => (formula as typeof first).of[i] as Formula)));
    parts.sort((a, b) => (a.shape < b.shape ? -1 : a.shape > b.shape ? 1 : 0));
    const counts = formulas.map((formula) => (formula as typeof first).count);
    return { formulas, shape: `${counts}(${parts.map(({ shape }) => shape).join(';')})`, parts };
  }

  private list(part: Part, which: number): Orbit[] {
    const formula = part.formulas[which];
    const none: Orbit = { counts: this.members.map(() => 0), example: [], ways: 1 };
    if (formula?.kind === 'node') {
      const kind = this.of[formula.node];
      return [{ counts: none.counts.map((_, i) => (i === kind ? 1 : 0)), example: [formula.node], ways: 1 }];
    }
    if (formula?.kind !== 'atleast') return [];
    const wanted = Math.max(0, formula.count);
    // reached[k]: quorums of exactly k of the parts so far.
    let reached: Orbit[][] = Array.from({ length: wanted + 1 }, (_, k) => (k === 0 ? [none] : []));
    for (let at = 0; at < part.parts.length; ) {
      const shape = part.parts[at]?.shape;
      const alike = part.parts.slice(at).filter((other) => other.shape === shape);
      at += alike.length;
      const choices = this.choose(
        alike.map((one) => this.list(one, which)),
        wanted,
        none,
      );
      const next: Orbit[][] = reached.map(() => []);
      reached.forEach((orbits, k) => {
        choices.forEach((more, j) => {
          const to = next[k + j];
          if (to === undefined) return;
          for (const one of orbits) for (const two of more) to.push(this.join(one, two, one.ways * two.ways));
          if (to.length > mostProfiles) throw tooMany();
        });
      });
      reached = next;
    }
    return reached[wanted] ?? [];
  }

  /** Of parts alike, by how many are chosen: one quorum in each of the first so many, and in how many ways that comes about. */
  private choose(lists: readonly (readonly Orbit[])[], most: number, none: Orbit): Orbit[][] {
    const chosen: Orbit[][] = [];
    const visit = (size: number, at: number, from: number, run: number, orbit: Orbit): void => {
      if (at === size) {
        chosen[size]?.push({ ...orbit, ways: orbit.ways * binomial(lists.length, size) });
        if ((chosen[size]?.length ?? 0) > mostProfiles) throw tooMany();
        return;
      }
      const list = lists[at] ?? [];
      for (let i = from; i < list.length; i++) {
        const same = i === from && at > 0 ? run + 1 : 1;
        const next = list[i] as Orbit;
        // Of at + 1 parts, `same` have this one: the ways to deal them out grow by (at + 1) / same.
        visit(size, at + 1, i, same, this.join(orbit, next, (orbit.ways * next.ways * (at + 1)) / same));
      }
    };
    for (let size = 0; size <= Math.min(most, lists.length); size++) {
      chosen.push([]);
      visit(size, 0, 0, 0, none);
    }
    return chosen;
  }

  private join(one: Orbit, two: Orbit, ways: number): Orbit {
    this.work.spend(one.counts.length + one.example.length + two.example.length);
    return {
      counts: one.counts.map((count, i) => count + (two.counts[i] as number)),
      example: [...one.example, ...two.example],
      ways: Math.round(ways),
    };
  }
}

/**
 * When the answers of a quorum's nodes first contain a quorum, the nodes answering in the order of their latencies. For a
 * minimal quorum the largest latency; a quorum with nodes to spare does not wait for the slowest.
 */
export function latencyOf(quorum: readonly number[], formula: Formula, nodeCount: number, latency: (node: number) => number): number {
  const order = [...quorum].sort((a, b) => latency(a) - latency(b));
  const present = new Uint8Array(nodeCount);
  if (holds(formula, present)) return 0;
  for (const node of order) {
    present[node] = 1;
    if (holds(formula, present)) return latency(node);
  }
  return Number.POSITIVE_INFINITY;
}
