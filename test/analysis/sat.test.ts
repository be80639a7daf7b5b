import fc from 'fast-check';
import Logic from 'logic-solver';
import { describe, expect, it } from 'vitest';
import { Sat } from '../../src/analysis/federated/sat.ts';
import { OutOfWork, Work } from '../../src/analysis/work.ts';

/** Clauses over variables 1…n as signed numbers, as in DIMACS. */
type Clauses = readonly (readonly number[])[];

function solve(clauses: Clauses, variables: number, assumptions: readonly number[] = []): readonly boolean[] | null {
  const sat = new Sat();
  const literals = Array.from({ length: variables }, () => sat.variable());
  const literal = (of: number): number => (literals[Math.abs(of) - 1] as number) ^ (of < 0 ? 1 : 0);
  for (const clause of clauses) sat.add(clause.map(literal));
  return sat.solve(new Work(), assumptions.map(literal)) ? literals.map((each) => sat.isTrue(each)) : null;
}

/** What a MiniSat compiled to JavaScript says. */
function isSatisfiable(clauses: Clauses): boolean {
  const solver = new Logic.Solver();
  for (const clause of clauses) solver.require(Logic.or(...clause.map((of) => (of < 0 ? `-v${-of}` : `v${of}`))));
  return solver.solve() !== null;
}

const satisfies = (clauses: Clauses, model: readonly boolean[]): boolean =>
  clauses.every((clause) => clause.some((of) => model[Math.abs(of) - 1] === of > 0));

const problems = fc.integer({ min: 3, max: 14 }).chain((variables) => {
  const literal = fc.tuple(fc.integer({ min: 1, max: variables }), fc.boolean()).map(([at, sign]) => (sign ? at : -at));
  // About 4.3 clauses of three a variable: where half of all problems have a solution.
  const clauses = fc.array(fc.array(literal, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 * variables });
  return clauses.map((of) => ({ variables, clauses: of }));
});

describe('the solver', () => {
  it('agrees with MiniSat, and its models satisfy every clause', () => {
    let refuted = 0;
    fc.assert(
      fc.property(problems, ({ variables, clauses }) => {
        const model = solve(clauses, variables);
        expect(model !== null).toBe(isSatisfiable(clauses));
        if (model === null) refuted++;
        else expect(satisfies(clauses, model)).toBe(true);
      }),
      { numRuns: 60 },
    );
    expect(refuted).toBeGreaterThan(0);
  });

  it('agrees with all assignments tried, also under assumptions', () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }), ({ variables, clauses }, a, b) => {
        const assumptions = [a, b].filter((literal) => literal !== 0);
        const model = solve(clauses, variables, assumptions);
        const all = [...clauses, ...assumptions.map((literal) => [literal])];
        const tried = Array.from({ length: 1 << variables }, (_, mask) =>
          Array.from({ length: variables }, (_, i) => ((mask >> i) & 1) === 1),
        );
        expect(model !== null).toBe(tried.some((each) => satisfies(all, each)));
        if (model !== null) expect(satisfies(all, model)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('learns enough to refute pigeons in too few holes, and stops when its work is used up', () => {
    const pigeons = (count: number, holes: number): Clauses => {
      const at = (pigeon: number, hole: number): number => pigeon * holes + hole + 1;
      const clauses: number[][] = [];
      for (let pigeon = 0; pigeon < count; pigeon++) {
        clauses.push(Array.from({ length: holes }, (_, hole) => at(pigeon, hole)));
        for (let other = 0; other < pigeon; other++) {
          for (let hole = 0; hole < holes; hole++) clauses.push([-at(pigeon, hole), -at(other, hole)]);
        }
      }
      return clauses;
    };
    expect(solve(pigeons(7, 6), 42)).toBeNull();
    expect(solve(pigeons(6, 6), 36)).not.toBeNull();
    expect(() => solve(pigeons(14, 13), 182)).toThrow(OutOfWork);
  });
});
