import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAvailable } from '../../src/analysis/availability.ts';
import { FaultFamily, goneNodes } from '../../src/analysis/fault-sets.ts';
import { compile } from '../../src/analysis/formula.ts';
import { findSplit, searchSplit } from '../../src/analysis/intersection.ts';
import { Work } from '../../src/analysis/work.ts';
import type { Budget, FaultModel, NodeFault, System } from '../../src/model/system.ts';
import type { QuorumSystem } from '../../src/model/values.ts';
import { admissible, available, intersects, maskOf, met } from './brute-force.ts';
import { atleast, faults, nowhere, outage, range, sketch, strike } from './systems.ts';

/** Random quorum systems and fault models against the definitions, tried over every subset. */

const size = fc.integer({ min: 1, max: 7 });

function subset(of: readonly number[]): fc.Arbitrary<number[]> {
  return fc.subarray([...of], { minLength: 1 });
}

function quorumSystem(nodes: number): fc.Arbitrary<QuorumSystem> {
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
  return fc.oneof(tree, nested, flat);
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

interface Case {
  readonly system: System;
  readonly model: FaultModel;
  readonly links: readonly (readonly [number, number])[] | undefined;
  readonly directed: boolean;
  readonly q1: QuorumSystem;
  readonly q2: QuorumSystem;
}

const cases: fc.Arbitrary<Case> = size.chain((nodes) =>
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
const runs = { numRuns: Number(process.env.DSYS_RUNS ?? 1000) };

describe('against every subset', () => {
  it('finds two quorums that share only faulty nodes exactly when there are some', () => {
    fc.assert(
      fc.property(cases, fc.boolean(), ({ system, model, q1, q2 }, same) => {
        const nodes = system.nodes.length;
        const other = same ? q1 : q2;
        const byzantine = admissible(system, model, ['byzantine']);
        const family = new FaultFamily(system, model);
        const first = compile(q1);
        const second = same ? first : compile(q2);
        const split = findSplit({ first, second, nodeCount: nodes, strikes: family.strikes(['byzantine']), work: new Work() });
        expect(split === null).toBe(intersects(q1, other, byzantine, nodes));
        if (split === null) return;
        expect(met(q1, maskOf(split.first))).toBe(true);
        expect(met(other, maskOf(split.second))).toBe(true);
        expect(maskOf(split.shared)).toBe(maskOf(split.first) & maskOf(split.second));
        expect(byzantine.has(maskOf(split.shared))).toBe(true);
      }),
      runs,
    );
  });

  it('finds the same by search alone, also with nodes that are free to stand on both sides', () => {
    fc.assert(
      fc.property(cases, fc.boolean(), fc.nat(), ({ system, model, q1, q2 }, same, mask) => {
        const nodes = system.nodes.length;
        const other = same ? q1 : q2;
        const free = Uint8Array.from(range(nodes), (at) => (mask >> at) & (mask >> (at + 8)) & 1);
        const freeMask = maskOf(range(nodes).filter((at) => free[at]));
        const struck = admissible(system, model, ['byzantine']);
        const byzantine = new Set(range(1 << nodes).filter((set) => struck.has(set & ~freeMask)));
        const strikes = new FaultFamily(system, model).strikes(['byzantine']);
        const question = { first: compile(q1), second: compile(other), nodeCount: nodes, strikes, free, work: new Work() };
        const expected = intersects(q1, other, byzantine, nodes);
        expect(searchSplit(question) === null).toBe(expected);
        strikes.clear();
        expect(findSplit(question) === null).toBe(expected);
      }),
      runs,
    );
  });

  it('finds a fault set that leaves no connected quorum exactly when there is one', () => {
    fc.assert(
      fc.property(cases, ({ system, model, links, directed, q1 }) => {
        const answer = isAvailable(new FaultFamily(system, model), q1, new Work());
        const all = maskOf(range(system.nodes.length));
        if (answer.verdict === 'no-quorum') {
          expect(met(q1, all)).toBe(false);
          return;
        }
        expect(answer.verdict === 'holds').toBe(available(system, model, q1, links, directed));
        if (answer.verdict === 'holds') return;
        const gone = maskOf(goneNodes(system, answer.faults));
        expect(admissible(system, model, ['crash', 'omission', 'byzantine']).has(gone)).toBe(true);
        if (answer.how === 'too-few') expect(met(q1, all & ~gone)).toBe(false);
        for (const side of answer.sides) expect(met(q1, maskOf(side))).toBe(false);
      }),
      runs,
    );
  });

  it('counts and weighs the worst fault set', () => {
    fc.assert(
      fc.property(
        cases,
        fc.array(fc.constantFrom(1, 2, 0.1, 0.7, 5), { minLength: 7, maxLength: 7 }),
        fc.constantFrom<readonly NodeFault[]>(['crash'], ['byzantine'], ['omission'], ['timing'], ['crash', 'omission', 'byzantine']),
        ({ system, model }, weights, kinds) => {
          const members = range(system.nodes.length).filter((at) => at % 3 !== 2);
          const inside = maskOf(members);
          const family = new FaultFamily(system, model);
          const sets = admissible(system, model, kinds);
          const most = family.maximum(kinds, members, new Work());
          expect(most.value).toBe(Math.max(...[...sets].map((set) => members.filter((at) => (set >> at) & 1).length)));
          const heaviest = family.maximum(kinds, members, new Work(), weights);
          const tenths = (set: number): number =>
            members.reduce((sum, at) => sum + ((set >> at) & 1) * Math.round((weights[at] as number) * 10), 0);
          expect(Math.round(heaviest.value * 10)).toBe(Math.max(...[...sets].map(tenths)));
          if (kinds.length === 1 && kinds[0] === 'timing') return;
          const gone = maskOf(goneNodes(system, most.faults)) & inside;
          expect(members.filter((at) => (gone >> at) & 1).length).toBe(most.value);
        },
      ),
      runs,
    );
  });
});
