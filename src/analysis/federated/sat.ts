import type { Work } from '../work.ts';
import { ActivityHeap } from './activity-heap.ts';

/** Variable v as it is: 2v; negated: 2v + 1. */
export type Literal = number;

export const not = (literal: Literal): Literal => literal ^ 1;

const unassigned = 2;
const restartUnit = 64;
const reduceAfter = 3000;

/**
 * A satisfiability solver with clause learning (Marques-Silva & Sakallah 1999; watched literals and activities as in Eén &
 * Sörensson 2003, MiniSat). It is ours because it runs while one types: it counts its steps as Work and can be stopped at any of
 * them, where MiniSat compiled to JavaScript returns when it is done. The tests hold it against one of those.
 *
 * Deterministic: the same clauses in the same order give the same model. Clauses can be added between calls of `solve`.
 */
export class Sat {
  private variables = 0;
  /** False as soon as the clauses contradict each other without any assumption. */
  private consistent = true;
  private readonly clauses: Int32Array[] = [];
  private learned: { readonly clause: Int32Array; activity: number }[] = [];
  /** Clauses that watch a literal: to be looked at when it becomes false. */
  private readonly watches: Int32Array[][] = [];
  /** 0 true, 1 false by the literal's own sign: value of literal l is `values[l >> 1] ^ (l & 1)`; 2 and 3 unassigned. */
  private readonly values: number[] = [];
  private readonly phases: number[] = [];
  private readonly levels: number[] = [];
  private readonly reasons: (Int32Array | null)[] = [];
  private readonly activities: number[] = [];
  private readonly seen: boolean[] = [];
  private readonly trail: Literal[] = [];
  private readonly limits: number[] = [];
  private head = 0;
  private step = 1;
  private clauseStep = 1;
  private readonly order = new ActivityHeap(this.activities);
  private readonly learnedOf = new Map<Int32Array, { readonly clause: Int32Array; activity: number }>();
  private model: number[] = [];

  /** The positive literal of a new variable. */
  variable(): Literal {
    const variable = this.variables++;
    this.watches.push([], []);
    this.values.push(unassigned);
    this.phases.push(1);
    this.levels.push(0);
    this.reasons.push(null);
    this.activities.push(0);
    this.seen.push(false);
    this.order.insert(variable);
    return 2 * variable;
  }

  /** Adds "one of these". An empty clause makes everything unsatisfiable. */
  add(literals: readonly Literal[]): void {
    if (!this.consistent) return;
    this.backTo(0);
    const clause: Literal[] = [];
    for (const literal of [...new Set(literals)].sort((a, b) => a - b)) {
      if (clause.includes(not(literal)) || this.value(literal) === 0) return;
      if (this.value(literal) !== 1) clause.push(literal);
    }
    if (clause.length === 0) this.consistent = false;
    else if (clause.length === 1) this.assign(clause[0] as Literal, null);
    else {
      const stored = Int32Array.from(clause);
      this.clauses.push(stored);
      this.watch(stored);
    }
  }

  /** Whether all clauses can be true with these literals true. Throws OutOfWork and Cancelled. */
  solve(work: Work, assumptions: readonly Literal[] = []): boolean {
    this.backTo(0);
    if (!this.consistent) return false;
    let conflicts = 0;
    let restart = 0;
    let untilRestart = restartUnit * luby(restart);
    let nextReduction = this.learned.length + reduceAfter;
    for (;;) {
      const conflict = this.propagate(work);
      if (conflict !== null) {
        conflicts++;
        if (this.limits.length === 0) {
          this.consistent = false;
          return false;
        }
        this.learn(conflict, work);
        this.step /= 0.95;
        this.clauseStep /= 0.999;
        if (this.step > 1e100) this.rescale();
        continue;
      }
      if (conflicts >= untilRestart) {
        conflicts = 0;
        untilRestart = restartUnit * luby(++restart);
        this.backTo(0);
        continue;
      }
      if (this.learned.length > nextReduction) {
        this.reduce();
        nextReduction = this.learned.length + reduceAfter;
      }
      const next = this.decide(assumptions);
      if (next === 'refuted') return false;
      if (next === null) {
        this.model = [...this.values];
        return true;
      }
      this.limits.push(this.trail.length);
      this.assign(next, null);
    }
  }

  /** The literal in the model that `solve` found last. */
  isTrue(literal: Literal): boolean {
    return ((this.model[literal >> 1] as number) ^ (literal & 1)) === 0;
  }

  /** The next assumption that is open, then the open variable of the highest activity; null when all are assigned. */
  private decide(assumptions: readonly Literal[]): Literal | 'refuted' | null {
    while (this.limits.length < assumptions.length) {
      const literal = assumptions[this.limits.length] as Literal;
      const value = this.value(literal);
      if (value === 1) return 'refuted';
      if (value !== 0) return literal;
      // True already: an empty level keeps the levels in step with the assumptions.
      this.limits.push(this.trail.length);
    }
    for (;;) {
      const variable = this.order.pop();
      if (variable === null) return null;
      if ((this.values[variable] as number) >= unassigned) return 2 * variable + (this.phases[variable] as number);
    }
  }

  /** 0 true, 1 false, more when open. */
  private value(literal: Literal): number {
    return (this.values[literal >> 1] as number) ^ (literal & 1);
  }

  private assign(literal: Literal, reason: Int32Array | null): void {
    const variable = literal >> 1;
    this.values[variable] = literal & 1;
    this.levels[variable] = this.limits.length;
    this.reasons[variable] = reason;
    this.trail.push(literal);
  }

  private watch(clause: Int32Array): void {
    (this.watches[clause[0] as number] as Int32Array[]).push(clause);
    (this.watches[clause[1] as number] as Int32Array[]).push(clause);
  }

  /** Draws all consequences of what is assigned; the clause that is false, if one is. */
  private propagate(work: Work): Int32Array | null {
    while (this.head < this.trail.length) {
      const falsified = not(this.trail[this.head++] as Literal);
      const watching = this.watches[falsified] as Int32Array[];
      work.spend(8 * (watching.length + 1));
      let kept = 0;
      for (let i = 0; i < watching.length; i++) {
        const clause = watching[i] as Int32Array;
        if (clause[0] === falsified) {
          clause[0] = clause[1] as number;
          clause[1] = falsified;
        }
        const first = clause[0] as number;
        if (this.value(first) === 0) {
          watching[kept++] = clause;
          continue;
        }
        if (this.rewatch(clause)) continue;
        watching[kept++] = clause;
        if (this.value(first) === 1) {
          for (i++; i < watching.length; i++) watching[kept++] = watching[i] as Int32Array;
          watching.length = kept;
          this.head = this.trail.length;
          return clause;
        }
        this.assign(first, clause);
      }
      watching.length = kept;
    }
    return null;
  }

  /** Watches another literal that is not false in place of the second. */
  private rewatch(clause: Int32Array): boolean {
    for (let k = 2; k < clause.length; k++) {
      const other = clause[k] as number;
      if (this.value(other) === 1) continue;
      clause[k] = clause[1] as number;
      clause[1] = other;
      (this.watches[other] as Int32Array[]).push(clause);
      return true;
    }
    return false;
  }

  /** Learns a clause from a conflict (first unique implication point), goes back to where it bites, and uses it. */
  private learn(conflict: Int32Array, work: Work): void {
    const level = this.limits.length;
    const clause: Literal[] = [0];
    const marked: number[] = [];
    let open = 0;
    let at = this.trail.length - 1;
    let reason: Int32Array | null = conflict;
    let literal: Literal = -1;
    do {
      if (reason !== null) {
        this.bumpClause(reason);
        work.spend(8 * reason.length);
        for (const other of reason) {
          const variable = other >> 1;
          if (other === literal || this.seen[variable] || this.levels[variable] === 0) continue;
          this.seen[variable] = true;
          marked.push(variable);
          this.bump(variable);
          if (this.levels[variable] === level) open++;
          else clause.push(other);
        }
      }
      while (!this.seen[(this.trail[at] as Literal) >> 1]) at--;
      literal = this.trail[at--] as Literal;
      reason = this.reasons[literal >> 1] as Int32Array | null;
      this.seen[literal >> 1] = false;
      open--;
    } while (open > 0);
    clause[0] = not(literal);
    const kept = clause.filter((item, i) => i === 0 || !this.isImplied(item));
    for (const variable of marked) this.seen[variable] = false;
    if (kept.length === 1) {
      this.backTo(0);
      this.assign(kept[0] as Literal, null);
      return;
    }
    // The second literal watched is one of the highest level among the others.
    let second = 1;
    for (let i = 2; i < kept.length; i++) if (this.levelOf(kept[i] as Literal) > this.levelOf(kept[second] as Literal)) second = i;
    [kept[1], kept[second]] = [kept[second] as Literal, kept[1] as Literal];
    this.backTo(this.levelOf(kept[1] as Literal));
    const stored = Int32Array.from(kept);
    const entry = { clause: stored, activity: this.clauseStep };
    this.learned.push(entry);
    this.learnedOf.set(stored, entry);
    this.watch(stored);
    this.assign(kept[0] as Literal, stored);
  }

  private levelOf(literal: Literal): number {
    return this.levels[literal >> 1] as number;
  }

  /** Whether the rest of the learned clause says it already: all that its reason names is in the clause. */
  private isImplied(literal: Literal): boolean {
    const reason = this.reasons[literal >> 1];
    if (!reason) return false;
    for (const other of reason) {
      const variable = other >> 1;
      if (variable !== literal >> 1 && !this.seen[variable] && this.levels[variable] !== 0) return false;
    }
    return true;
  }

  private backTo(level: number): void {
    if (this.limits.length <= level) return;
    const start = this.limits[level] as number;
    for (let i = this.trail.length - 1; i >= start; i--) {
      const literal = this.trail[i] as Literal;
      const variable = literal >> 1;
      this.phases[variable] = literal & 1;
      this.values[variable] = unassigned;
      this.reasons[variable] = null;
      this.order.insert(variable);
    }
    this.trail.length = start;
    this.limits.length = level;
    this.head = start;
  }

  private bump(variable: number): void {
    this.activities[variable] = (this.activities[variable] as number) + this.step;
    this.order.raised(variable);
  }

  private bumpClause(clause: Int32Array): void {
    const entry = this.learnedOf.get(clause);
    if (entry !== undefined) entry.activity += this.clauseStep;
  }

  private rescale(): void {
    for (let v = 0; v < this.variables; v++) this.activities[v] = (this.activities[v] as number) * 1e-100;
    this.step *= 1e-100;
  }

  /** Forgets the half of the learned clauses that were of least use, but those that hold what is assigned. */
  private reduce(): void {
    const holding = new Set(this.trail.map((literal) => this.reasons[literal >> 1]));
    const byUse = [...this.learned].sort((a, b) => b.activity - a.activity);
    const keep = new Set(byUse.filter(({ clause }, i) => i < byUse.length / 2 || clause.length === 2 || holding.has(clause)));
    const gone = new Set<Int32Array>();
    for (const entry of this.learned) {
      if (keep.has(entry)) continue;
      gone.add(entry.clause);
      this.learnedOf.delete(entry.clause);
    }
    this.learned = this.learned.filter((entry) => keep.has(entry));
    for (const watching of this.watches) {
      let kept = 0;
      for (const clause of watching) if (!gone.has(clause)) watching[kept++] = clause;
      watching.length = kept;
    }
    if (this.clauseStep > 1e50) {
      for (const entry of this.learned) entry.activity /= this.clauseStep;
      this.clauseStep = 1;
    }
  }
}

/** The lengths between restarts of Luby, Sinclair & Zuckerman 1993: 1, 1, 2, 1, 1, 2, 4, … */
function luby(index: number): number {
  let size = 1;
  let exponent = 0;
  while (size < index + 1) {
    size = 2 * size + 1;
    exponent++;
  }
  let at = index;
  while (size - 1 !== at) {
    size = (size - 1) >> 1;
    exponent--;
    at %= size;
  }
  return 2 ** exponent;
}
