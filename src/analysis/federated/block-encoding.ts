import { dual } from '../formula.ts';
import type { Work } from '../work.ts';
import { Counting } from './counting.ts';
import type { Federation } from './federation.ts';
import { type Literal, not, Sat } from './sat.ts';
import type { Units } from './units.ts';

/** Orders of more kinds of needs than this would take too many clauses. */
export const mostKinds = 48;

/**
 * "These units take every quorum away" as clauses. All nodes of a kind of needs fall together, unless they are taken down themselves,
 * so the chain in which nodes leave is an order of kinds: a kind falls when all its slices are hit by nodes that are down or of kinds before it. Without an order
 * two kinds could each fall because the other does.
 */
export class BlockEncoding {
  private readonly sat = new Sat();
  private readonly count: Counting;
  private readonly down: Literal[];

  /** @param quorums the nodes of quorums: all that must fall. */
  constructor(
    federation: Federation,
    quorums: Uint8Array,
    units: Units,
    private readonly work: Work,
  ) {
    const { sat } = this;
    this.count = new Counting(sat, work);
    this.down = units.members.map(() => sat.variable());
    const kinds = federation.kinds.flatMap(({ nodes }, kind) => (nodes.some((node) => quorums[node]) ? [kind] : []));
    const before = new Map<string, Literal>();
    const isBefore = (one: number, two: number): Literal => before.get(`${one}/${two}`) as Literal;
    for (const one of kinds) for (const two of kinds) if (one !== two) before.set(`${one}/${two}`, sat.variable());
    for (const one of kinds) {
      for (const two of kinds) {
        if (one === two) continue;
        if (one < two) sat.add([not(isBefore(one, two)), not(isBefore(two, one))]);
        work.spend(20 * kinds.length);
        for (const three of kinds) {
          if (three !== one && three !== two) sat.add([not(isBefore(one, two)), not(isBefore(two, three)), isBefore(one, three)]);
        }
      }
    }
    const takenOf = (node: number): Literal | null => {
      const unit = units.of[node] as number;
      return unit < 0 ? null : (this.down[unit] as Literal);
    };
    for (const kind of kinds) {
      const { formula, nodes, cost } = federation.kinds[kind] as Federation['kinds'][number];
      work.spend(40 * cost);
      const gone = (node: number): Literal | null => {
        if (!quorums[node]) return null;
        const taken = takenOf(node) ?? this.count.never;
        const other = federation.kindOf[node] as number;
        if (other === kind) return taken;
        const either = sat.variable();
        sat.add([not(either), taken, isBefore(other, kind)]);
        return either;
      };
      const falls = this.count.meets(dual(formula), gone);
      if (falls === null) continue;
      const all = sat.variable();
      for (const node of nodes) if (quorums[node]) sat.add([not(all), takenOf(node) ?? this.count.never]);
      sat.add([falls, all]);
    }
  }

  /** At most so many units that do it; null when none do. Exact, or throws OutOfWork. */
  find(most: number): number[] | null {
    if (!this.sat.solve(this.work, [this.count.atMost(this.down, most)])) return null;
    return this.down.flatMap((literal, unit) => (this.sat.isTrue(literal) ? [unit] : []));
  }
}
