import fc from 'fast-check';
import { gridQuorum } from '../../src/model/quorum-values.ts';
import type { Budget, FaultModel, NodeFault, System } from '../../src/model/system.ts';
import type { QuorumSystem } from '../../src/model/values.ts';
import { atleast, faults, nowhere, outage, range, sketch, strike } from './systems.ts';

/** Random quorum systems, zones and fault models over at most 7 nodes: small enough to try every subset. */

const size = fc.integer({ min: 1, max: 7 });

export function subset(of: readonly number[]): fc.Arbitrary<number[]> {
  return fc.subarray([...of], { minLength: 1 });
}

export function quorumSystem(nodes: number): fc.Arbitrary<QuorumSystem> {
  const members = range(nodes);
  const flat = subset(members).chain((of) => fc.integer({ min: 0, max: of.length }).map((count) => atleast(count, of)));
  const byWeight = subset(members).chain((of) =>
    fc
      .array(fc.constantFrom(1, 2, 3, 0.5, 0.1), { minLength: of.length, maxLength: of.length })
      .chain((weights) =>
        fc
          .integer({ min: 0, max: 10 * of.length })
          .map((tenths): QuorumSystem => ({ kind: 'weighted', nodes: of, weights, threshold: tenths / 10 })),
      ),
  );
  const products = fc.array(subset(members), { minLength: 1, maxLength: 4 }).map((terms) =>
    atleast(
      1,
      terms.map((term) => atleast(term.length, term)),
    ),
  );
  const { tree } = fc.letrec<{ tree: QuorumSystem }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      flat,
      byWeight,
      products,
      fc.constantFrom(...members).map((at): QuorumSystem => ({ kind: 'node', node: at })),
      fc
        .array(tie('tree'), { minLength: 1, maxLength: 4 })
        .chain((parts) => fc.integer({ min: 1, max: parts.length }).map((count) => atleast(count, parts))),
    ),
  }));
  // Groups of members under groups: what organisations and regions look like, no node twice.
  const nested = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: nodes, maxLength: nodes }).chain((group) => {
    const parts = range(3)
      .map((g) => members.filter((at) => group[at] === g))
      .filter((part) => part.length > 0);
    return fc
      .tuple(fc.integer({ min: 1, max: parts.length }), ...parts.map((part) => fc.integer({ min: 1, max: part.length })))
      .map(([count, ...counts]) =>
        atleast(
          count,
          parts.map((part, i) => atleast(counts[i] as number, part)),
        ),
      );
  });
  // A grid of 2 by 2 or 2 by 3: every node stands in it twice.
  const grids = subset(members)
    .filter((of) => of.length === 4 || of.length === 6)
    .map((of) => gridQuorum({ kind: 'set', items: of }, 2, of.length / 2));
  return nodes < 4 ? fc.oneof(tree, nested, flat) : fc.oneof(tree, nested, flat, grids);
}

function zones(nodes: number): fc.Arbitrary<{ parent: number; nodes: number[] }[]> {
  return fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 1, maxLength: 4 }).chain((parents) =>
    fc.array(fc.integer({ min: -1, max: parents.length - 1 }), { minLength: nodes, maxLength: nodes }).map((placed) =>
      parents.map((parent, z) => ({
        parent: parent < z ? parent : -1,
        nodes: range(nodes).filter((at) => placed[at] === z),
      })),
    ),
  );
}

function budget(nodes: number, zoneCount: number): fc.Arbitrary<Budget> {
  const strikes = fc
    .tuple(
      fc.constantFrom<NodeFault>('crash', 'omission', 'byzantine', 'timing'),
      fc.integer({ min: 0, max: 3 }),
      fc.oneof(fc.constant(range(nodes)), subset(range(nodes))),
    )
    .map(([kind, count, of]) => strike(kind, count, of));
  const outages = fc.tuple(fc.integer({ min: 0, max: 2 }), subset(range(zoneCount))).map(([count, of]) => outage(count, of));
  const partition = fc.constantFrom<Budget>(
    { kind: 'partition', heals: null, span: nowhere },
    { kind: 'partition', heals: 5, span: nowhere },
  );
  return fc.oneof({ weight: 4, arbitrary: strikes }, { weight: 2, arbitrary: outages }, { weight: 1, arbitrary: partition });
}

export interface Case {
  readonly system: System;
  readonly model: FaultModel;
  readonly links: readonly (readonly [number, number])[] | undefined;
  readonly directed: boolean;
  readonly q1: QuorumSystem;
  readonly q2: QuorumSystem;
}

export const cases: fc.Arbitrary<Case> = size.chain((nodes) =>
  zones(nodes).chain((zoned) =>
    fc
      .record({
        budgets: fc.array(budget(nodes, zoned.length), { maxLength: 3 }),
        links: fc.option(
          fc.array(fc.tuple(fc.integer({ min: 0, max: nodes - 1 }), fc.integer({ min: 0, max: nodes - 1 })), { maxLength: 12 }),
          { nil: undefined },
        ),
        directed: fc.boolean(),
        q1: quorumSystem(nodes),
        q2: quorumSystem(nodes),
      })
      .map(({ budgets, links, directed, q1, q2 }) => ({
        system: sketch({ nodes, zones: zoned, links, directed }),
        directed,
        model: faults(...budgets),
        links,
        q1,
        q2,
      })),
  ),
);

/** `DSYS_RUNS=100000` tries more. fast-check prints the seed of what fails. */
export const runs = { numRuns: Number(process.env.DSYS_RUNS ?? 1000) };
