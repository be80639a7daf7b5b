import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectivity } from '../../../src/analysis/connectivity.ts';
import { makeGraph } from '../../../src/analysis/graph.ts';
import { articulation } from '../../../src/analysis/network/articulation.ts';
import { degrees, leastLinks } from '../../../src/analysis/network/degree.ts';
import { edgeConnectivity } from '../../../src/analysis/network/edge-connectivity.ts';
import { Work } from '../../../src/analysis/work.ts';
import { bits, components, maskOf } from '../brute-force.ts';
import { range } from '../systems.ts';
import { graphFor, type Pairs, type RandomGraph, randomGraphs } from './random-systems.ts';

interface Vector {
  readonly id: string;
  readonly n: number;
  readonly edges: Pairs;
  readonly expected: { readonly node_connectivity?: number; readonly edge_connectivity?: number };
}

const file = new URL('../vectors/graphs.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { readonly vectors: readonly Vector[] };

const whole = (n: number, links: Pairs): RandomGraph => ({ n, links, directed: false, members: range(n) });

/** Whether two of these members have no path. */
function apart(links: Pairs, live: number, members: readonly number[], directed: boolean): boolean {
  const left = maskOf(members) & live;
  return left !== 0 && !components(links, live, directed).some((side) => (left & ~side) === 0);
}

describe('named graphs', () => {
  for (const { id, n, edges, expected } of vectors) {
    it(`${id}: articulation points and bridges are there exactly where one loss separates`, () => {
      const { points, bridges } = articulation(graphFor(whole(n, edges)), range(n), new Work());
      if (n > 2) expect(points.length > 0).toBe(expected.node_connectivity === 1);
      expect(bridges.length > 0).toBe(expected.edge_connectivity === 1);
    });

    it(`${id}: links go both ways or are two that go one way each: the same connectivity`, () => {
      const both = makeGraph(
        n,
        edges.flatMap(([a, b]) => [
          [a, b],
          [b, a],
        ]),
      );
      // Marked as directed, the algorithms take the ways of directed graphs.
      const directed = { ...both, directed: true };
      expect(edgeConnectivity(directed, range(n), new Work()).value).toBe(edgeConnectivity(both, range(n), new Work()).value);
      expect(connectivity(directed, range(n), new Work()).value).toBe(connectivity(both, range(n), new Work()).value);
      if (n <= 20) expect(articulation(directed, range(n), new Work())).toEqual(articulation(both, range(n), new Work()));
    });
  }

  it('of barbell(3, 0) the bridge and its ends', () => {
    const barbell = vectors.find(({ id }) => id.startsWith('barbell')) as Vector;
    expect(articulation(graphFor(whole(barbell.n, barbell.edges)), range(6), new Work())).toEqual({ points: [2, 3], bridges: [[2, 3]] });
  });
});

describe('edge connectivity', () => {
  it('is the least number of links whose loss separates two members', () => {
    fc.assert(
      fc.property(randomGraphs(6, 10), (random) => {
        const { n, links, directed, members } = random;
        const all = (1 << n) - 1;
        const left = (lost: number): Pairs => links.filter((_, i) => !((lost >> i) & 1));
        const separating = range(1 << links.length).filter((lost) => apart(left(lost), all, members, directed));
        const least = members.length < 2 ? 0 : Math.min(...separating.map((lost) => bits(lost).length));
        const { value, cut, sides } = edgeConnectivity(graphFor(random), members, new Work());
        expect(value).toBe(least);
        if (members.length < 2) return;
        // Two links that go one way each, there and back, count as one that goes both ways.
        const isCut = ([a, b]: readonly [number, number]): boolean => cut.some(([c, d]) => (a === c && b === d) || (a === d && b === c));
        expect(cut).toHaveLength(value);
        expect(
          apart(
            links.filter((link) => !isCut(link)),
            all,
            members,
            directed,
          ),
        ).toBe(true);
        expect(sides.length).toBeGreaterThan(1);
        expect(sides.flat().sort((a, b) => a - b)).toEqual(members);
      }),
      { numRuns: 400 },
    );
  });

  it('of a complete graph is n − 1, relays counted', () => {
    const complete = { nodeCount: 5, complete: true, directed: false, out: [], in: [] };
    expect(edgeConnectivity(complete, [1, 3], new Work())).toEqual({
      value: 4,
      cut: [
        [0, 1],
        [1, 2],
        [1, 3],
        [1, 4],
      ],
      sides: [[1], [3]],
    });
  });
});

describe('articulation points and bridges', () => {
  it('are what separates members that reach each other, taken away alone', () => {
    fc.assert(
      fc.property(randomGraphs(8), (random) => {
        const { n, links, directed, members } = random;
        const all = (1 << n) - 1;
        const partsOf = (left: Pairs, live: number): number =>
          components(left, live, directed).filter((side) => (side & maskOf(members)) !== 0).length;
        const partsWith = (gone: number): number =>
          components(links, all, directed).filter((side) => (side & maskOf(members) & ~(1 << gone)) !== 0).length;
        const expected = range(n).filter((gone) => partsOf(links, all & ~(1 << gone)) > partsWith(gone));
        const { points, bridges } = articulation(graphFor(random), members, new Work());
        expect(points).toEqual(members.length < 2 ? [] : expected);
        // Two links that go one way each, there and back, count as one that goes both ways.
        const without = (a: number, b: number): Pairs => links.filter(([c, d]) => !(a === c && b === d) && !(a === d && b === c));
        const before = partsOf(links, all);
        const lone = links
          .filter(([a, b]) => partsOf(without(a, b), all) > before)
          .map(([a, b]) => [Math.min(a, b), Math.max(a, b)].join());
        expect(new Set(bridges.map(([a, b]) => [Math.min(a, b), Math.max(a, b)].join()))).toEqual(new Set(members.length < 2 ? [] : lone));
      }),
      { numRuns: 1000 },
    );
  });

  it('are found in a path of 100,000 nodes without running out of stack', () => {
    const n = 100_000;
    const path = range(n - 1).map((node) => [node, node + 1] as const);
    const { points, bridges } = articulation(graphFor(whole(n, path)), range(n), new Work());
    expect(points).toHaveLength(n - 2);
    expect(bridges).toHaveLength(n - 1);
  });
});

describe('what stays as it is', () => {
  const spanning = randomGraphs(8).map((random) => ({ ...random, members: range(random.n) }));
  const measure = (random: RandomGraph): { kappa: number; lambda: number; delta: number } => {
    const graph = graphFor(random);
    return {
      kappa: connectivity(graph, random.members, new Work()).value,
      lambda: edgeConnectivity(graph, random.members, new Work()).value,
      delta: degrees(graph, random.members).least,
    };
  };

  it('κ ≤ λ ≤ δ (Whitney 1932)', () => {
    fc.assert(
      fc.property(spanning, (random) => {
        const { kappa, lambda, delta } = measure(random);
        expect(kappa).toBeLessThanOrEqual(lambda);
        expect(lambda).toBeLessThanOrEqual(delta);
      }),
      { numRuns: 500 },
    );
  });

  it('as many links as Harary says, or more', () => {
    fc.assert(
      fc.property(spanning, (random) => {
        if (random.directed) return;
        expect(random.links.length).toBeGreaterThanOrEqual(leastLinks(random.n, measure(random).kappa));
      }),
    );
    for (const { id, n, edges, expected } of vectors) {
      if (id.startsWith('Harary')) expect(edges).toHaveLength(leastLinks(n, expected.node_connectivity as number));
    }
  });

  it('names of nodes do not matter', () => {
    fc.assert(
      fc.property(randomGraphs(8), fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (random, keys) => {
        const order = range(random.n).sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b);
        const to = (node: number): number => order[node] as number;
        const renamed = {
          ...random,
          links: random.links.map(([a, b]) => [to(a), to(b)] as const),
          members: random.members.map(to).sort((a, b) => a - b),
        };
        expect(measure(renamed)).toEqual(measure(random));
        const points = articulation(graphFor(random), random.members, new Work())
          .points.map(to)
          .sort((a, b) => a - b);
        expect(articulation(graphFor(renamed), renamed.members, new Work()).points).toEqual(points);
      }),
      { numRuns: 300 },
    );
  });

  it('a link more never lowers κ or λ', () => {
    fc.assert(
      fc.property(spanning, fc.nat(), fc.nat(), (random, a, b) => {
        const link = [a % random.n, b % random.n] as const;
        const before = measure(random);
        const after = measure({ ...random, links: [...random.links, link] });
        expect(after.kappa).toBeGreaterThanOrEqual(before.kappa);
        expect(after.lambda).toBeGreaterThanOrEqual(before.lambda);
      }),
      { numRuns: 500 },
    );
  });

  it('a member without a link makes them 0', () => {
    fc.assert(
      fc.property(spanning, (random) => {
        expect(measure({ ...random, n: random.n + 1, members: range(random.n + 1) })).toEqual({ kappa: 0, lambda: 0, delta: 0 });
      }),
    );
  });

  it('no nodes, one node: nothing fails', () => {
    for (const n of [0, 1]) {
      for (const complete of [true, false]) {
        const graph = complete ? { nodeCount: n, complete, directed: false, out: [], in: [] } : makeGraph(n, []);
        expect(edgeConnectivity(graph, range(n), new Work()).value).toBe(0);
        expect(connectivity(graph, range(n), new Work()).value).toBe(0);
        expect(articulation(graph, range(n), new Work())).toEqual({ points: [], bridges: [] });
        expect(degrees(graph, range(n)).least).toBe(0);
      }
    }
  });
});
