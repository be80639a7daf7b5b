import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectivity, decideConnectivity, diameter, inseparable } from '../../src/analysis/connectivity.ts';
import { type Graph, makeGraph } from '../../src/analysis/graph.ts';
import { edgeConnectivity } from '../../src/analysis/network/edge-connectivity.ts';
import { Work } from '../../src/analysis/work.ts';
import { bits, components, maskOf } from './brute-force.ts';
import { range } from './systems.ts';

interface Vector {
  readonly id: string;
  readonly n: number;
  readonly edges: readonly (readonly [number, number])[];
  readonly expected: { readonly node_connectivity?: number; readonly edge_connectivity?: number; readonly diameter?: number };
}

const file = new URL('./vectors/graphs.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { readonly vectors: readonly Vector[] };

function undirected(n: number, edges: readonly (readonly [number, number])[]): Graph {
  return makeGraph(
    n,
    edges.flatMap(([a, b]) => [
      [a, b],
      [b, a],
    ]),
  );
}

describe('named graphs', () => {
  for (const { id, n, edges, expected } of vectors) {
    it(id, () => {
      const graph = undirected(n, edges);
      const all = range(n);
      const { value, cut, sides } = connectivity(graph, all, new Work());
      if (expected.node_connectivity !== undefined) expect(value).toBe(expected.node_connectivity);
      if (expected.edge_connectivity !== undefined) expect(edgeConnectivity(graph, all, new Work()).value).toBe(expected.edge_connectivity);
      if (expected.diameter !== undefined) expect(diameter(graph, all, new Work())).toBe(expected.diameter);
      if (sides.length > 0) expect(cut).toHaveLength(value);
    });
  }
});

const graphs = fc.integer({ min: 1, max: 8 }).chain((n) =>
  fc.record({
    n: fc.constant(n),
    links: fc.array(fc.tuple(fc.integer({ min: 0, max: n - 1 }), fc.integer({ min: 0, max: n - 1 })), { maxLength: 24 }),
    members: fc.oneof(fc.constant(range(n)), fc.subarray(range(n), { minLength: 1 })),
    directed: fc.boolean(),
  }),
);

describe('against the removal of every set', () => {
  it('grows sets that no small cut tears apart', () => {
    fc.assert(
      fc.property(graphs, fc.integer({ min: 1, max: 4 }), ({ n, links, directed }, wanted) => {
        const set = maskOf(inseparable(directed ? makeGraph(n, links) : undirected(n, links), wanted, new Work()));
        for (const gone of range(1 << n)) {
          if (bits(gone).length >= wanted) continue;
          const left = set & ~gone;
          const sides = components(links, ((1 << n) - 1) & ~gone, directed);
          expect(left === 0 || sides.some((side) => (left & ~side) === 0)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('finds the least set of nodes that parts two members', () => {
    fc.assert(
      fc.property(graphs, ({ n, links, members, directed }) => {
        const graph = directed ? makeGraph(n, links) : undirected(n, links);
        const inside = maskOf(members);
        const all = (1 << n) - 1;
        const parts = (gone: number): boolean => {
          const left = inside & ~gone;
          const sides = components(links, all & ~gone, directed);
          return left !== 0 && !sides.some((side) => (left & ~side) === 0);
        };
        const separating = range(1 << n).filter(parts);
        const least = separating.length === 0 ? members.length - 1 : Math.min(...separating.map((gone) => bits(gone).length));
        const found = connectivity(graph, members, new Work());
        expect(found.value).toBe(least);
        expect(found.sides.length > 0).toBe(separating.length > 0);
        if (separating.length > 0) expect(parts(maskOf(found.cut))).toBe(true);
        for (const wanted of range(n + 2)) {
          expect(decideConnectivity(graph, members, wanted, new Work())).toBe(separating.length === 0 || least >= wanted);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

it('names nodes that no small cut tears apart', () => {
  const size = 10;
  const links: [number, number][] = [];
  for (const at of range(size * size)) {
    if (at % size < size - 1) links.push([at, at + 1]);
    if (at + size < size * size) links.push([at, at + size]);
  }
  // Corners have two neighbours and the rim three; all others hold together against three losses.
  expect(inseparable(undirected(100, links), 4, new Work())).toHaveLength(64);
});

it('takes a thousand nodes and ten thousand links in some million steps', () => {
  let state = 1;
  const random = (below: number): number => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
  const edges = range(10_000).map(() => [random(1000), random(1000)] as const);
  const { value, sides } = connectivity(undirected(1000, edges), range(1000), new Work(50_000_000));
  expect(value).toBeGreaterThan(0);
  expect(sides.length).toBeGreaterThan(1);
});
