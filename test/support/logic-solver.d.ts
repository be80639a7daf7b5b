/** The little of `logic-solver` that the tests and the benchmark use: MiniSat compiled to JavaScript, as a second opinion. */
declare module 'logic-solver' {
  interface Solver {
    require(formula: unknown): void;
    solve(): unknown | null;
  }
  const Logic: {
    readonly Solver: new () => Solver;
    or(...terms: readonly string[]): unknown;
    implies(term: string, formula: unknown): unknown;
    sum(terms: readonly unknown[]): unknown;
    constantBits(value: number): unknown;
    greaterThanOrEqual(one: unknown, other: unknown): unknown;
  };
  export default Logic;
}
