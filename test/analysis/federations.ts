import fc from 'fast-check';
import type { QuorumSystem, Slices } from '../../src/model/values.ts';
import { bits, isClosed } from './brute-force.ts';
import { type Case, cases } from './random-systems.ts';
import { atleast, range } from './systems.ts';

/** Random federated systems, and the definitions over bit masks of their nodes: up to 7 nodes. */

export interface FederatedCase extends Omit<Case, 'q1' | 'q2'> {
  readonly slices: readonly Slices[];
}

/** Needs as people write them: thresholds over nodes and over organisations, with and without the node itself; sometimes weights, repeats and nonsense. */
export function needs(nodes: number): fc.Arbitrary<QuorumSystem> {
  const some = fc.subarray(range(nodes), { minLength: 1 });
  const threshold = <T extends QuorumSystem | number>(of: readonly T[]): fc.Arbitrary<QuorumSystem> =>
    // Mostly more than half, which is where answers differ.
    fc
      .oneof(
        { weight: 4, arbitrary: fc.integer({ min: Math.max(1, Math.floor(of.length / 2)), max: of.length }) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: of.length + 1 }) },
      )
      .map((count) => atleast(count, of));
  const flat = some.chain(threshold);
  const nested = fc
    .array(fc.oneof({ weight: 2, arbitrary: flat }, { weight: 1, arbitrary: fc.integer({ min: 0, max: nodes - 1 }) }), {
      minLength: 1,
      maxLength: 3,
    })
    .chain(threshold);
  const weighted = some.chain((of) =>
    fc
      .tuple(
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: of.length, maxLength: of.length }),
        fc.integer({ min: 0, max: 2 * of.length }),
      )
      .map(([weights, sum]): QuorumSystem => ({ kind: 'weighted', nodes: of, weights, threshold: sum })),
  );
  return fc.oneof({ weight: 5, arbitrary: flat }, { weight: 4, arbitrary: nested }, { weight: 1, arbitrary: weighted });
}

/** A few distinct needs shared among the nodes, some nodes without. */
export function slicesOf(nodes: number): fc.Arbitrary<readonly Slices[]> {
  return fc
    .array(needs(nodes), { minLength: 1, maxLength: 4 })
    .chain((kinds) =>
      fc
        .array(fc.option(fc.integer({ min: 0, max: kinds.length - 1 }), { freq: 8 }), { minLength: nodes, maxLength: nodes })
        .map((picked) => picked.flatMap((kind, node) => (kind === null ? [] : [{ node, needs: kinds[kind] as QuorumSystem }]))),
    );
}

export const federatedCases: fc.Arbitrary<FederatedCase> = cases.chain(({ q1: _, q2: __, ...rest }) =>
  slicesOf(rest.system.nodes.length).map((slices) => ({ ...rest, slices })),
);

/** All quorums of honest nodes once `lying` is deleted from all slices. */
export function quorumsDespite(slices: readonly Slices[], nodes: number, lying: number): number[] {
  const quorums: number[] = [];
  for (let mask = 1; mask < 1 << nodes; mask++) if ((mask & lying) === 0 && isClosed(slices, mask, lying)) quorums.push(mask);
  return quorums;
}

export function isSplitBy(slices: readonly Slices[], nodes: number, lying: number): boolean {
  const quorums = quorumsDespite(slices, nodes, lying);
  return quorums.some((one) => quorums.some((two) => (one & two) === 0));
}

/** The sets of which no proper subset is one of them. */
export function minimalOnes(sets: readonly number[]): number[] {
  return sets.filter((set) => !sets.some((other) => other !== set && (other & set) === other));
}

/** As lists of nodes, small ones first, then in the order of their nodes. */
export function inOrder(masks: readonly number[]): number[][] {
  return masks.map(bits).sort((a, b) => a.length - b.length || compare(a, b));
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number);
  return 0;
}
