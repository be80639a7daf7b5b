import type { Work } from '../work.ts';
import { Counting, type UnitBudget } from './counting.ts';
import type { Federation } from './federation.ts';
import { type Literal, not, Sat } from './sat.ts';
import type { Units } from './units.ts';

/**
 * "Two quorums that share nobody but liars" as clauses. Variables: whether a node is present on each side, whether a unit
 * lies. A node that is present lies or has its needs met by those present on its side; a node on both sides lies; each side
 * has a node that does not lie.
 */
export class SplitEncoding {
  readonly sat = new Sat();
  /** By side and node: present and honest. -1 where that cannot be. */
  private readonly honest: readonly [Int32Array, Int32Array];
  private readonly present: readonly [Int32Array, Int32Array];
  private readonly lies: Literal[];
  private readonly count: Counting;

  constructor(
    private readonly federation: Federation,
    private readonly units: Units,
    private readonly work: Work,
  ) {
    const { nodeCount } = federation;
    this.count = new Counting(this.sat, work);
    this.lies = units.members.map(() => this.sat.variable());
    const sides = [0, 1].map(() => ({ honest: new Int32Array(nodeCount).fill(-1), present: new Int32Array(nodeCount).fill(-1) }));
    this.honest = [sides[0]?.honest as Int32Array, sides[1]?.honest as Int32Array];
    this.present = [sides[0]?.present as Int32Array, sides[1]?.present as Int32Array];
    for (let node = 0; node < nodeCount; node++) {
      for (const side of [0, 1] as const) this.declare(node, side);
      // On both sides only as a liar: an honest node is on one.
      const [one, two] = [this.honest[0][node] as number, this.honest[1][node] as number];
      if (one >= 0) this.sat.add([not(one), not(two)]);
    }
    for (const side of [0, 1] as const) this.require(side);
  }

  /** Says that these budgets bound the liars. Nodes in no budget are honest. */
  bound(budgets: readonly UnitBudget[]): void {
    this.count.payFrom(budgets, this.lies);
  }

  /** A literal that, when true, allows at most so many units to lie. */
  atMostLiars(most: number): Literal {
    return this.count.atMost(this.lies, most);
  }

  /** Not all of these units lie at once. */
  forbid(units: readonly number[]): void {
    this.sat.add(units.map((unit) => not(this.lies[unit] as Literal)));
  }

  /** That an honest node is on a side; null when it never is. */
  onSide(side: 0 | 1, node: number): Literal | null {
    const literal = this.honest[side][node] as number;
    return literal < 0 ? null : literal;
  }

  /** The model that the solver found last. */
  found(): { readonly first: number[]; readonly second: number[]; readonly lying: number[] } {
    const on = (side: 0 | 1): number[] => {
      const nodes: number[] = [];
      this.honest[side].forEach((literal, node) => {
        if (literal >= 0 && this.sat.isTrue(literal)) nodes.push(node);
      });
      return nodes;
    };
    const lying: number[] = [];
    this.lies.forEach((lie, unit) => {
      if (this.sat.isTrue(lie)) lying.push(unit);
    });
    return { first: on(0), second: on(1), lying };
  }

  /** Present is honest or lying; a node without slices can only lie. */
  private declare(node: number, side: 0 | 1): void {
    const unit = this.units.of[node] as number;
    const lie = unit < 0 ? null : (this.lies[unit] as Literal);
    const isAble = (this.federation.kindOf[node] as number) >= 0;
    if (!isAble) {
      this.present[side][node] = lie ?? this.count.never;
      return;
    }
    const honest = this.sat.variable();
    this.honest[side][node] = honest;
    if (lie === null) {
      this.present[side][node] = honest;
      return;
    }
    const present = this.sat.variable();
    this.present[side][node] = present;
    this.sat.add([not(honest), not(lie)]);
    this.sat.add([not(present), honest, lie]);
  }

  /** Honest nodes have their needs met, and there is one. */
  private require(side: 0 | 1): void {
    const some: Literal[] = [];
    for (const { formula, nodes, cost } of this.federation.kinds) {
      if (nodes.length === 0) continue;
      this.work.spend(20 * cost);
      const met = this.count.meets(formula, (node) => this.present[side][node] as number);
      for (const node of nodes) {
        const honest = this.honest[side][node] as number;
        some.push(honest);
        if (met !== null) this.sat.add([not(honest), met]);
      }
    }
    this.sat.add(some);
  }
}
