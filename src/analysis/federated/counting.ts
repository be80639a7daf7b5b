import type { Formula } from '../formula.ts';
import type { Work } from '../work.ts';
import { type Literal, not, type Sat } from './sat.ts';

/** At most `capacity` of these units fail; a unit fails when some budget pays for it. */
export interface UnitBudget {
  readonly capacity: number;
  readonly units: readonly number[];
}

/**
 * Thresholds as clauses: decision diagrams with a literal for "so much more from here on", of which unit propagation misses
 * nothing (Abío, Nieuwenhuis, Oliveras, Rodríguez-Carbonell & Mayer-Eichberger 2012). Literals imply what they say, not the reverse.
 */
export class Counting {
  /** A literal that is false. */
  readonly never: Literal;

  constructor(
    private readonly sat: Sat,
    private readonly work: Work,
  ) {
    this.never = sat.variable();
    sat.add([not(this.never)]);
  }

  /** A literal that implies that the weights of the true literals sum to the threshold; null when they always do. */
  reaches(literals: readonly Literal[], weights: readonly number[], threshold: number): Literal | null {
    const rest = new Float64Array(literals.length + 1);
    for (let i = literals.length - 1; i >= 0; i--) rest[i] = (rest[i + 1] as number) + (weights[i] as number);
    const known = new Map<string, Literal>();
    const from = (at: number, missing: number): Literal | null => {
      if (missing <= 0) return null;
      if ((rest[at] as number) < missing) return this.never;
      const key = `${at}/${missing}`;
      const cached = known.get(key);
      if (cached !== undefined) return cached;
      this.work.spend(20);
      const reached = this.sat.variable();
      known.set(key, reached);
      const without = from(at + 1, missing);
      const after = from(at + 1, missing - (weights[at] as number));
      if (without !== null) this.sat.add([not(reached), literals[at] as Literal, without]);
      if (after !== null) this.sat.add([not(reached), after]);
      return reached;
    };
    return from(0, threshold);
  }

  /** A literal that implies the formula; null when it always holds. `literalOf` gives what says that a node counts, null for one that always does. */
  meets(formula: Formula, literalOf: (node: number) => Literal | null): Literal | null {
    if (formula.kind === 'node') return literalOf(formula.node);
    if (formula.kind === 'atleast' && formula.count <= 0) return null;
    const parts = formula.kind === 'weighted' ? formula.nodes.map(literalOf) : formula.of.map((part) => this.meets(part, literalOf));
    const weightOf = (i: number): number => (formula.kind === 'weighted' ? (formula.weights[i] as number) : 1);
    this.work.spend(parts.length);
    let missing = formula.kind === 'weighted' ? formula.threshold : formula.count;
    const open: Literal[] = [];
    const weights: number[] = [];
    for (const [i, part] of parts.entries()) {
      if (part === null) missing -= weightOf(i);
      else {
        open.push(part);
        weights.push(weightOf(i));
      }
    }
    return this.reaches(open, weights, missing);
  }

  /** A literal that implies that at most so many of these are true. */
  atMost(literals: readonly Literal[], most: number): Literal {
    const reached = this.reaches(
      literals.map(not),
      literals.map(() => 1),
      literals.length - most,
    );
    return reached ?? not(this.never);
  }

  /** Says that each unit that fails is paid by a budget that names it, and that budgets last. */
  payFrom(budgets: readonly UnitBudget[], fails: readonly Literal[]): void {
    const payers = fails.map((): Literal[] => []);
    for (const { capacity, units } of budgets) {
      const paid = units.map((unit) => {
        const payer = this.sat.variable();
        payers[unit]?.push(payer);
        return payer;
      });
      this.sat.add([this.atMost(paid, capacity)]);
    }
    fails.forEach((fail, unit) => {
      this.sat.add([not(fail), ...(payers[unit] as Literal[])]);
    });
  }
}
