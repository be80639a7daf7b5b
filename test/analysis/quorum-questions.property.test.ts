import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallestBlockingSet } from '../../src/analysis/blocking.ts';
import { Facts } from '../../src/analysis/facts.ts';
import { FaultFamily, type FaultKinds, type FaultSet, goneNodes, unresponsive } from '../../src/analysis/fault-sets.ts';
import { compile, dual, holds } from '../../src/analysis/formula.ts';
import { findSplit, searchSplit } from '../../src/analysis/intersection.ts';
import { Work } from '../../src/analysis/work.ts';
import type { Deployment, FaultModel, System } from '../../src/model/system.ts';
import type { QuorumSystem } from '../../src/model/values.ts';
import { admissible, maskOf, meets, met, smallestTransversal, unions } from './brute-force.ts';
import { type Case, cases, quorumSystem, runs, subset } from './random-systems.ts';
import { nowhere, range, strike } from './systems.ts';

/** What requirements ask of quorum systems, against the definitions over every subset, and under changes that must not matter. */

function factsOf(system: System, model: FaultModel): Facts {
  const members = range(system.nodes.length);
  const deployment: Deployment = {
    index: 0,
    called: 'P',
    protocol: 0,
    span: nowhere,
    nameSpan: nowhere,
    members,
    roles: [],
    arguments: [],
    uses: [],
    quorums: [],
  };
  return new Facts(system, deployment, model);
}

const all = (system: System): number => (1 << system.nodes.length) - 1;

describe('against every subset', () => {
  it('finds three quorums that share only faulty nodes exactly when there are some', () => {
    const third = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(cases, third, ({ system, model, q1, q2 }, shape) => {
        const nodes = system.nodes.length;
        const byzantine = admissible(system, model, ['byzantine']);
        const systems = [
          [q1, q1, q1],
          [q1, q2, q2],
          [q1, q1, q2],
          [q2, q2, q2],
          [q2, q1, q2],
        ][shape - 1] as QuorumSystem[];
        if (!systems.every((quorum) => met(quorum, all(system)))) return;
        const compiled = new Map(systems.map((quorum) => [quorum, compile(quorum)]));
        const [first, second, other] = systems.map((quorum) => compiled.get(quorum));
        if (first === undefined || second === undefined || other === undefined) throw new Error('three systems');
        const strikes = new FaultFamily(system, model).strikes(['byzantine']);
        const question = { first, second, third: other, nodeCount: nodes, strikes, work: new Work() };
        const expected = meets(systems, byzantine, nodes);
        const split = findSplit(question);
        expect(split === null).toBe(expected);
        strikes.clear();
        expect(searchSplit({ ...question, work: new Work() }) === null).toBe(expected);
        if (split === null) return;
        const quorums = [split.first, split.second, split.third ?? []].map(maskOf);
        quorums.forEach((quorum, i) => {
          expect(met(systems[i] as QuorumSystem, quorum)).toBe(true);
        });
        expect(maskOf(split.shared)).toBe(quorums.reduce((a, b) => a & b));
        expect(byzantine.has(maskOf(split.faulty))).toBe(true);
      }),
      runs,
    );
  });

  it('finds two quorums whose common nodes two fault sets cover exactly when there are some', () => {
    fc.assert(
      fc.property(cases, fc.boolean(), ({ system, model, q1, q2 }, same) => {
        const nodes = system.nodes.length;
        const systems = [q1, same ? q1 : q2];
        const answer = factsOf(system, model).meet(systems, 2);
        if (answer.verdict === 'no-quorum') {
          expect(systems.every((quorum) => met(quorum, all(system)))).toBe(false);
          return;
        }
        const byzantine = admissible(system, model, ['byzantine']);
        expect(answer.verdict === 'holds').toBe(meets(systems, unions(byzantine, 2), nodes));
        if (answer.verdict !== 'fails') return;
        const family = new FaultFamily(system, model);
        const strikes = family.manifold(2).strikes(['byzantine']);
        expect(strikes.admits(answer.split.faulty, true)).toBe(true);
        const sets = family.deal(2, [], strikes);
        expect(sets.length).toBeLessThanOrEqual(2);
        for (const set of sets) expect(byzantine.has(maskOf(set.byzantine))).toBe(true);
        expect(sets.reduce((union, set) => union | maskOf(set.byzantine), 0)).toBe(maskOf(answer.split.shared));
      }),
      runs,
    );
  });

  it('finds fault sets that cover some nodes exactly when there are some', () => {
    const kinds = fc.constantFrom<FaultKinds>(unresponsive, ['byzantine'], ['crash'], ['crash', 'byzantine']);
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 4 }), kinds, fc.nat(127), ({ system, model }, times, of, mask) => {
        const nodes = range(system.nodes.length).filter((node) => (mask >> node) & 1);
        const sets = factsOf(system, model).cover(nodes, times, of);
        const admitted = admissible(system, model, of);
        const covered = [...unions(admitted, times)].some((union) => (maskOf(nodes) & ~union) === 0);
        expect(sets !== null).toBe(covered);
        if (sets === null) return;
        expect(sets.length).toBeLessThanOrEqual(times);
        const gone = sets.map((set: FaultSet) => maskOf(goneNodes(system, set)));
        for (const set of gone) expect(admitted.has(set)).toBe(true);
        expect(gone.reduce((union, set) => union | set, 0) & maskOf(nodes)).toBe(maskOf(nodes));
      }),
      runs,
    );
  });

  it('finds the smallest set that meets every quorum', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }).chain((nodes) => fc.tuple(fc.constant(nodes), quorumSystem(nodes))),
        ([nodes, quorum]) => {
          const found = smallestBlockingSet(compile(quorum), nodes, new Work());
          expect(found === null ? null : found.length).toBe(smallestTransversal(quorum, nodes));
          if (found !== null) expect(met(quorum, ((1 << nodes) - 1) & ~maskOf(found))).toBe(false);
        },
      ),
      runs,
    );
  });
});

describe('what does not matter', () => {
  /** The case with node i called `names[i]`. */
  function renamed(quorum: QuorumSystem, names: readonly number[]): QuorumSystem {
    const name = (node: number): number => names[node] as number;
    if (quorum.kind === 'node') return { kind: 'node', node: name(quorum.node) };
    if (quorum.kind === 'weighted') return { ...quorum, nodes: quorum.nodes.map(name) };
    if (quorum.kind === 'slices') throw new Error('none are drawn here');
    return { ...quorum, of: quorum.of.map((part) => renamed(part, names)) };
  }

  function renamedCase(
    { system, model, q1, q2 }: Case,
    names: readonly number[],
  ): { system: System; model: FaultModel; q: QuorumSystem[] } {
    const all = (nodes: readonly number[]): number[] => nodes.map((node) => names[node] as number).sort((a, b) => a - b);
    return {
      system: { ...system, zones: system.zones.map((zone) => ({ ...zone, nodes: all(zone.nodes) })) },
      model: {
        ...model,
        budgets: model.budgets.map((budget) =>
          'nodes' in budget && budget.nodes ? { ...budget, nodes: all(budget.nodes) } : budget,
        ) as FaultModel['budgets'],
      },
      q: [renamed(q1, names), renamed(q2, names)],
    };
  }

  it('the order in which nodes are declared', () => {
    const shuffled = cases.chain((of) =>
      fc.tuple(fc.constant(of), fc.shuffledSubarray(range(of.system.nodes.length), { minLength: of.system.nodes.length })),
    );
    fc.assert(
      fc.property(shuffled, ([of, names]) => {
        // The network is not renamed with them: what follows does not ask for it.
        const before = factsOf({ ...of.system, network: { ...of.system.network, complete: true } }, of.model);
        const { system, model, q } = renamedCase(of, names);
        const after = factsOf({ ...system, network: { ...system.network, complete: true } }, model);
        const [r1, r2] = q as [QuorumSystem, QuorumSystem];
        expect(after.meet([r1, r2]).verdict).toBe(before.meet([of.q1, of.q2]).verdict);
        expect(after.meet([r1, r2, r2]).verdict).toBe(before.meet([of.q1, of.q2, of.q2]).verdict);
        expect(after.meet([r1, r1], 2).verdict).toBe(before.meet([of.q1, of.q1], 2).verdict);
        expect(after.available(r1).verdict).toBe(before.available(of.q1).verdict);
        expect(after.blocking(r1).nodes?.length).toBe(before.blocking(of.q1).nodes?.length);
        const everyone = range(system.nodes.length);
        expect(after.cover(everyone, 2, unresponsive) === null).toBe(before.cover(everyone, 2, unresponsive) === null);
      }),
      { numRuns: runs.numRuns / 2 },
    );
  });

  it('whether a system or the dual of its dual is asked', () => {
    const formulas = fc.integer({ min: 1, max: 7 }).chain((nodes) => fc.tuple(fc.constant(nodes), quorumSystem(nodes)));
    fc.assert(
      fc.property(formulas, ([nodes, quorum]) => {
        const formula = compile(quorum);
        const other = dual(formula);
        const twice = dual(other);
        for (let mask = 0; mask < 1 << nodes; mask++) {
          const present = Uint8Array.from(range(nodes), (node) => (mask >> node) & 1);
          expect(holds(twice, present)).toBe(holds(formula, present));
          const absent = present.map((value) => 1 - value);
          expect(holds(other, present)).toBe(!holds(formula, absent));
        }
      }),
      runs,
    );
  });

  it('a budget more never makes a predicate true', () => {
    const more = cases.chain((of) =>
      fc.tuple(
        fc.constant(of),
        fc.constantFrom('crash' as const, 'omission' as const, 'byzantine' as const),
        subset(range(of.system.nodes.length)),
      ),
    );
    fc.assert(
      fc.property(more, ([{ system, model, q1, q2 }, kind, nodes]) => {
        const before = factsOf(system, model);
        const after = factsOf(system, { ...model, budgets: [...model.budgets, strike(kind, 1, nodes)] });
        const everyone = range(system.nodes.length);
        const asked: ((facts: Facts) => boolean)[] = [
          (facts) => facts.meet([q1, q2]).verdict !== 'fails',
          (facts) => facts.meet([q1, q2, q2]).verdict !== 'fails',
          (facts) => facts.meet([q1, q2], 2).verdict !== 'fails',
          (facts) => facts.available(q1).verdict === 'holds',
          (facts) => facts.cover(everyone, 2, unresponsive) === null,
          (facts) => facts.cover(everyone, 3, ['byzantine']) === null,
          (facts) => facts.cover(everyone, 4, ['byzantine']) === null,
        ];
        for (const ask of asked) if (ask(after)) expect(ask(before)).toBe(true);
      }),
      { numRuns: runs.numRuns / 2 },
    );
  });
});
