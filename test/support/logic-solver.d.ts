/** The little of `logic-solver` that the tests use: MiniSat compiled to JavaScript, as a second opinion. */
declare module 'logic-solver' {
  interface Solver {
    require(formula: unknown): void;
    solve(): unknown | null;
  }
  const Logic: { readonly Solver: new () => Solver; or(...terms: readonly string[]): unknown };
  export default Logic;
}
