import { dual, type Formula } from '../formula.ts';
import { Strikes } from '../strikes.ts';
import { OutOfWork, type Work } from '../work.ts';
import { BlockEncoding, mostKinds } from './block-encoding.ts';
import { closure, everyNode, type Federation, marked, minimalQuorumIn } from './federation.ts';
import { listMinimalQuorums } from './minimal-quorums.ts';
import { inOrder, type Listing, type Smallest } from './splitting-sets.ts';
import { type Price, satisfyPrice, type Units } from './units.ts';

interface BlockQuestion {
  readonly federation: Federation;
  readonly units: Units;
  /** Budgets over units. */
  readonly strikes: Strikes;
  /** What is not down already. */
  readonly alive: Uint8Array;
  readonly work: Work;
}

/**
 * Takes units down, within the budgets, so that the nodes left contain no quorum: leaves them struck and returns true, or false when no admissible set does
 * it. Exact, or throws OutOfWork.
 *
 * Of every quorum that is left one unit must fall: that is the search. A branch ends as soon as what is left to spend cannot make
 * a first node fall on its own: all whom one takes down leave by a chain, and the chain begins with a node whose slices are all hit (or
 * every node of the quorums is itself struck).
 */
export function strikeFederation({ federation, units, strikes, alive, work }: BlockQuestion): boolean {
  strikes.clear();
  const down = Uint8Array.from(alive, (up) => (up ? 0 : 1));
  const spared = new Uint8Array(units.members.length);
  const capacity = strikes.budgets.reduce((sum, budget) => sum + budget.capacity, 0);
  const search = new FirstToFall(federation);

  const visit = (): boolean => {
    const up = Uint8Array.from(down, (gone) => (gone ? 0 : 1));
    const quorums = closure(federation, up, work);
    if (!quorums.includes(1)) return true;
    const left = capacity - strikes.struck.length;
    const able = (unit: number): boolean => !spared[unit] && strikes.canStrike(unit);
    const open: Units = { members: units.members, of: Int32Array.from(units.of, (unit) => (unit >= 0 && able(unit) ? unit : -1)) };
    if (search.price(quorums, open, work).least > left) return false;
    // Few units to try first: those of a quorum that is small in units that can be struck.
    const quorum = minimalQuorumIn(federation, quorums, work);
    const candidates = [...new Set(marked(quorum).map((node) => open.of[node] as number))].filter((unit) => unit >= 0);
    const sparedHere: number[] = [];
    let found = false;
    for (const unit of candidates) {
      if (strikes.add(unit)) {
        const newly = (units.members[unit] as readonly number[]).filter((node) => !down[node]);
        for (const node of newly) down[node] = 1;
        found = visit();
        for (const node of newly) down[node] = 0;
        if (found) break;
        strikes.remove(unit);
      }
      spared[unit] = 1;
      sparedHere.push(unit);
    }
    for (const unit of sparedHere) spared[unit] = 0;
    return found;
  };
  return visit();
}

/** How little makes some node fall, of those in a quorum: its slices hit, whoever else is gone. */
class FirstToFall {
  private readonly duals: readonly Formula[];

  constructor(private readonly federation: Federation) {
    this.duals = federation.kinds.map(({ formula }) => dual(formula));
  }

  /**
   * A lower bound on the units, with units that hit all slices of the node that needs fewest.
   *
   * The bound looks at the sturdy alone, too: the first of them falls when all others are gone at most, and that for nothing.
   */
  price(quorums: Uint8Array, units: Units, work: Work): Price {
    const gone = Uint8Array.from(quorums, (inside) => (inside ? 0 : 1));
    const all = this.unitsOf(marked(quorums), units);
    const falls: { readonly price: Price; readonly kind: number }[] = [];
    this.federation.kinds.forEach(({ nodes }, kind) => {
      if (nodes.some((node) => quorums[node])) falls.push({ kind, price: this.fall(kind, gone, units, work) });
    });
    falls.sort((a, b) =>
      a.price.least < b.price.least ? -1 : a.price.least > b.price.least ? 1 : a.price.units.length - b.price.units.length,
    );
    const easiest = falls[0]?.price;
    const best = easiest === undefined || all.least < easiest.least ? all : easiest;
    let least = best.least;
    const free = Uint8Array.from(gone);
    const sturdy = [...falls];
    for (let next = sturdy.shift(); next !== undefined && sturdy.length > 0; next = sturdy.shift()) {
      for (const node of this.federation.kinds[next.kind]?.nodes ?? []) free[node] = 1;
      if (next.price.least === sturdy[0]?.price.least) continue;
      const own = this.unitsOf(
        sturdy.flatMap(({ kind }) => this.federation.kinds[kind]?.nodes.filter((node) => quorums[node]) ?? []),
        units,
      );
      const bound = Math.min(own.least, ...sturdy.map(({ kind }) => this.fall(kind, free, units, work).least));
      least = Math.max(least, bound);
    }
    return { least, units: best.units };
  }

  private fall(kind: number, gone: Uint8Array, units: Units, work: Work): Price {
    work.spend(20 * (this.federation.kinds[kind]?.cost ?? 0));
    return satisfyPrice(this.duals[kind] as Formula, gone, units);
  }

  /** The price of taking all of these down themselves. */
  private unitsOf(nodes: readonly number[], units: Units): Price {
    const own = new Set(nodes.map((node) => units.of[node] as number));
    return own.has(-1) ? { least: Number.POSITIVE_INFINITY, units: [] } : { least: own.size, units: [...own] };
  }
}

/** A lower bound on the units without which no quorum is left; 0 when there is none to begin with. */
export function leastToFall(federation: Federation, units: Units, work: Work): number {
  const quorums = closure(federation, everyNode(federation), work);
  return quorums.includes(1) ? new FirstToFall(federation).price(quorums, units, work).least : 0;
}

/**
 * A smallest set of units without which no quorum is left. Never a wrong answer: what could not be searched is said, with a set that
 * blocks though it may not be a smallest one.
 */
export function smallestBlocking(federation: Federation, units: Units, work: Work): Smallest<readonly number[]> {
  const all = units.members.map((_, unit) => unit);
  let none = -1;
  let known: number[] | null = null;
  try {
    const alive = everyNode(federation);
    const quorums = closure(federation, alive, work);
    if (!quorums.includes(1)) return { kind: 'exact', found: [], size: 0 };
    const bound = new FirstToFall(federation).price(quorums, units, work);
    if (bound.least === Number.POSITIVE_INFINITY) return { kind: 'exact', found: null, size: all.length };
    none = bound.least - 1;
    known = greedyBlocking(federation, units, work);
    const isSmall = federation.kinds.length <= mostKinds;
    let encoding: BlockEncoding | null = null;
    for (let most = bound.least; most <= all.length; most++) {
      if (known !== null && known.length === most) return { kind: 'exact', found: known, size: most };
      if (isSmall) {
        encoding ??= new BlockEncoding(federation, quorums, units, work);
        const found = encoding.find(most);
        if (found !== null) return { kind: 'exact', found, size: found.length };
        none = most;
        continue;
      }
      const strikes = new Strikes([{ kind: 'crash', capacity: most, nodes: all, index: 0 }], all.length);
      if (strikeFederation({ federation, units, strikes, alive, work })) {
        return { kind: 'exact', found: [...strikes.struck].sort((a, b) => a - b), size: strikes.struck.length };
      }
      none = most;
    }
    return { kind: 'exact', found: null, size: all.length };
  } catch (error) {
    if (!(error instanceof OutOfWork)) throw error;
    return { kind: 'bounded', none, known };
  }
}

/** A blocking set by hitting, again and again, the slices of the node that needs fewest; then without those that are not needed. Null when units cannot do it. */
function greedyBlocking(federation: Federation, units: Units, work: Work): number[] | null {
  const down = new Uint8Array(federation.nodeCount);
  const search = new FirstToFall(federation);
  const chosen = new Set<number>();
  const left = (): Uint8Array =>
    closure(
      federation,
      down.map((gone) => (gone ? 0 : 1)),
      work,
    );
  for (let quorums = left(); quorums.includes(1); quorums = left()) {
    const price = search.price(quorums, units, work);
    if (price.least === Number.POSITIVE_INFINITY || price.units.length === 0) return null;
    for (const unit of price.units) {
      chosen.add(unit);
      for (const node of units.members[unit] ?? []) down[node] = 1;
    }
  }
  for (const unit of [...chosen].sort((a, b) => b - a)) {
    for (const node of units.members[unit] ?? []) down[node] = 0;
    if (left().includes(1)) for (const node of units.members[unit] ?? []) down[node] = 1;
    else chosen.delete(unit);
  }
  return [...chosen].sort((a, b) => a - b);
}

/**
 * All minimal blocking sets: the sets of units that hit every minimal quorum and of which no proper subset does (Berge's multiplication).
 * Incomplete when there are too many quorums or sets. Where no quorum can form at all: `[[]]`.
 */
export function minimalBlockingSets(federation: Federation, units: Units, work: Work, most = 200): Listing {
  const quorums = listMinimalQuorums(federation, work, 2000);
  if (!quorums.complete) return { sets: [], complete: false };
  let sets: ReadonlySet<number>[] = [new Set()];
  try {
    for (const quorum of quorums.sets) {
      const own = [...new Set(quorum.map((node) => units.of[node] as number))].filter((unit) => unit >= 0);
      const next: Set<number>[] = [];
      const hit = sets.filter((set) => own.some((unit) => set.has(unit)));
      for (const set of sets) {
        work.spend(own.length * (1 + hit.length));
        if (own.some((unit) => set.has(unit))) continue;
        for (const unit of own) {
          const larger = new Set(set).add(unit);
          // Minimal unless a set that hits the quorum already lies inside.
          if (!hit.some((other) => other.has(unit) && isWithin(other, larger))) next.push(larger);
        }
      }
      sets = [...hit, ...next];
      if (sets.length > 20 * most) return { sets: [], complete: false };
    }
  } catch (error) {
    if (!(error instanceof OutOfWork)) throw error;
    return { sets: [], complete: false };
  }
  const listed = inOrder(sets.map((set) => [...set]));
  return { sets: listed.slice(0, most), complete: listed.length <= most };
}

function isWithin(small: ReadonlySet<number>, large: ReadonlySet<number>): boolean {
  if (small.size > large.size) return false;
  for (const item of small) if (!large.has(item)) return false;
  return true;
}
