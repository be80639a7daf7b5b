import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectivity } from '../../../src/analysis/connectivity.ts';
import { FaultFamily, goneNodes, unresponsive } from '../../../src/analysis/fault-sets.ts';
import { graphOf } from '../../../src/analysis/graph.ts';
import { findSeparation, type Separation } from '../../../src/analysis/network/separation.ts';
import { faultsOf, worstDiameter, worstDiameterBound } from '../../../src/analysis/network/worst-diameter.ts';
import { Work } from '../../../src/analysis/work.ts';
import { admissible, bits, components, maskOf } from '../brute-force.ts';
import { faults, outage, range, sketch, strike } from '../systems.ts';
import { type Pairs, type RandomFaults, randomFaults } from './random-systems.ts';

/** Hops between two live nodes by growing sets, -1 without a path. */
function hops(links: Pairs, live: number, from: number, to: number, directed: boolean): number {
  let seen = 1 << from;
  for (let count = 0; ; count++) {
    if ((seen >> to) & 1) return count;
    let next = seen;
    for (const [a, b] of links) {
      if ((seen >> a) & 1 && (live >> b) & 1) next |= 1 << b;
      if (!directed && (seen >> b) & 1 && (live >> a) & 1) next |= 1 << a;
    }
    if (next === seen) return -1;
    seen = next;
  }
}

function apart({ random }: RandomFaults, gone: number): boolean {
  const live = ((1 << random.n) - 1) & ~gone;
  const left = maskOf(random.members) & live;
  return left !== 0 && !components(random.links, live, random.directed).some((side) => (left & ~side) === 0);
}

const graphFor = ({ system, random }: RandomFaults) => graphOf(system.network, random.n);
const struckMask = (separation: Separation, system: RandomFaults['system']): number => maskOf(goneNodes(system, faultsOf(separation)));

describe('against every admissible fault set', () => {
  it('separations are found exactly when there are any', () => {
    fc.assert(
      fc.property(randomFaults(7), (drawn) => {
        const { system, model, random } = drawn;
        const sets = admissible(system, model, unresponsive);
        const expected = [...sets].some((gone) => apart(drawn, gone));
        const found = findSeparation(graphFor(drawn), random.members, new FaultFamily(system, model), unresponsive, new Work());
        expect(found !== null).toBe(expected);
        if (found === null) return;
        expect(sets.has(struckMask(found, system))).toBe(true);
        expect(apart(drawn, struckMask(found, system))).toBe(true);
        expect(found.sides.length).toBeGreaterThan(1);
        // Minimal: without any one of the nodes struck they are together.
        const all = found.struck.map(({ node }) => node);
        const outages = struckMask({ ...found, struck: [] }, system);
        for (const spared of all) expect(apart(drawn, outages | (maskOf(all) & ~(1 << spared)))).toBe(false);
      }),
      { numRuns: 600 },
    );
  });

  it('two sets of liars at once, with what else fails', () => {
    fc.assert(
      fc.property(randomFaults(6), (drawn) => {
        const { system, model, random } = drawn;
        const quiet = { ...model, budgets: model.budgets.filter((budget) => budget.kind !== 'byzantine') };
        const lying = { ...model, budgets: model.budgets.filter((budget) => budget.kind === 'byzantine') };
        const liars = [...admissible(system, lying, ['byzantine'])];
        const expected = [...admissible(system, quiet, ['crash', 'omission'])].some((gone) =>
          liars.some((one) => liars.some((two) => apart(drawn, gone | one | two))),
        );
        const found = findSeparation(graphFor(drawn), random.members, new FaultFamily(system, model), unresponsive, new Work(), true);
        expect(found !== null).toBe(expected);
        if (found !== null) expect(apart(drawn, struckMask(found, system))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('the worst diameter', () => {
    fc.assert(
      fc.property(randomFaults(7), (drawn) => {
        const { system, model, random } = drawn;
        const { n, links, directed, members } = random;
        const all = (1 << n) - 1;
        let worst = 0;
        let cutOff = false;
        const far = (gone: number, a: number, b: number): number => hops(links, all & ~gone, a, b, directed);
        for (const gone of admissible(system, model, unresponsive)) {
          const left = members.filter((node) => !((gone >> node) & 1));
          for (const a of left) {
            for (const b of left) {
              worst = Math.max(worst, far(gone, a, b));
              cutOff ||= far(gone, a, b) < 0;
            }
          }
        }
        const found = worstDiameter(graphFor(drawn), members, new FaultFamily(system, model), new Work());
        expect(found.kind).toBe(cutOff ? 'cut-off' : 'hops');
        if (found.kind !== 'hops') return;
        expect(found.hops).toBe(worst);
        const gone = maskOf(goneNodes(system, found.faults));
        expect(admissible(system, model, unresponsive).has(gone)).toBe(true);
        if (found.pair !== null) expect(far(gone, found.pair[0], found.pair[1])).toBe(worst);
        const { value } = connectivity(graphFor(drawn), members, new Work());
        const failures = Math.max(...[...admissible(system, model, unresponsive)].map((set) => bits(set).length));
        const bound = worstDiameterBound(n, value, failures);
        if (bound !== null && members.length > 1) expect(worst).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 500 },
    );
  });
});

describe('named graphs', () => {
  interface Vector {
    readonly id: string;
    readonly n: number;
    readonly edges: Pairs;
    readonly expected: { readonly node_connectivity?: number };
  }
  const file = new URL('../vectors/graphs.json', import.meta.url);
  const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { readonly vectors: readonly Vector[] };
  for (const { id, n, edges, expected } of vectors) {
    const kappa = expected.node_connectivity;
    // In a complete graph whoever is left is linked.
    if (kappa === undefined || kappa === n - 1) continue;
    it(`${id}: stays connected exactly with κ ≥ f + 1, and bears unsigned liars exactly with κ ≥ 2f + 1 (Menger; Dolev 1982)`, () => {
      const { network } = sketch({ nodes: n, links: edges });
      const graph = graphOf(network, n);
      for (const f of range(5)) {
        const apartAfter = (kind: 'crash' | 'byzantine', twice: boolean): boolean => {
          const family = new FaultFamily(sketch({ nodes: n, links: edges }), faults(strike(kind, f, range(n))));
          return findSeparation(graph, range(n), family, unresponsive, new Work(), twice) !== null;
        };
        expect(apartAfter('crash', false)).toBe(kappa < f + 1);
        expect(apartAfter('byzantine', false)).toBe(kappa < f + 1);
        expect(apartAfter('byzantine', true)).toBe(kappa < 2 * f + 1);
      }
    });
  }
});

describe('known cases', () => {
  const ring = (n: number): Pairs => range(n).map((node) => [node, (node + 1) % n] as const);

  it('a ring of n is n − 2 hops across once a node has failed', () => {
    for (const n of [3, 4, 5, 8, 21]) {
      const system = sketch({ nodes: n, links: ring(n) });
      const family = new FaultFamily(system, faults(strike('crash', 1, range(n))));
      const found = worstDiameter(graphOf(system.network, n), range(n), family, new Work());
      expect(found).toMatchObject({ kind: 'hops', hops: Math.max(1, n - 2) });
    }
  });

  it('a hypercube of k dimensions is one hop wider after k − 1 failures at most', () => {
    const n = 16;
    const links = range(n).flatMap((node) => [1, 2, 4, 8].filter((bit) => !(node & bit)).map((bit) => [node, node | bit] as const));
    const system = sketch({ nodes: n, links });
    const family = new FaultFamily(system, faults(strike('crash', 3, range(n))));
    expect(worstDiameter(graphOf(system.network, n), range(n), family, new Work(200_000_000))).toMatchObject({ kind: 'hops', hops: 5 });
  });

  it('what goes down with its zone needs no path', () => {
    // 0 and 1 hang on the relay 2, in whose zone 1 is as well.
    const system = sketch({
      nodes: 3,
      links: [
        [0, 2],
        [2, 1],
      ],
      zones: [{ parent: -1, nodes: [1, 2] }],
    });
    const family = new FaultFamily(system, faults(outage(1, [0])));
    expect(worstDiameter(graphOf(system.network, 3), [0, 1], family, new Work())).toMatchObject({ kind: 'hops', hops: 2 });
  });

  it('one work limit for all: undecided, not wrong', () => {
    const system = sketch({ nodes: 60, links: ring(60) });
    const family = new FaultFamily(system, faults(strike('crash', 1, range(60))));
    expect(() => worstDiameter(graphOf(system.network, 60), range(60), family, new Work(10_000))).toThrow('work limit');
  });
});
