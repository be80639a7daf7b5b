import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.ts';
import type { EdgeList } from '../../src/model/edges.ts';
import { components, grid, hypercube, line, mesh, randomRegular, ring, scaleFree, smallWorld, tree } from '../../src/model/shapes.ts';

// A fixed seed that can be changed from outside; fast-check prints it with every counterexample.
const seed = Number(process.env.TEST_SEED ?? 20260101);
const options = { seed, numRuns: 200 };

function pairs(edges: EdgeList): [number, number][] {
  const list: [number, number][] = [];
  edges.forEach((a, b) => {
    list.push([a, b]);
  });
  return list;
}

function degrees(n: number, edges: EdgeList): number[] {
  const counts = new Array<number>(n).fill(0);
  edges.forEach((a, b) => {
    counts[a] = (counts[a] as number) + 1;
    counts[b] = (counts[b] as number) + 1;
  });
  return counts;
}

function isConnected(n: number, edges: EdgeList): boolean {
  return components(n, edges).every((component) => component === 0);
}

/** No loops, no edge twice in either direction, all ends in range. */
function expectSimple(n: number, edges: EdgeList): void {
  const seen = new Set<number>();
  const wrong: string[] = [];
  edges.forEach((a, b) => {
    const key = Math.min(a, b) * n + Math.max(a, b);
    if (a === b || Math.min(a, b) < 0 || Math.max(a, b) >= n || seen.has(key)) wrong.push(`${a}-${b}`);
    seen.add(key);
  });
  expect(wrong).toEqual([]);
}

describe('regular shapes', () => {
  it('have the edges that their names say', () => {
    expect(pairs(line(3))).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(pairs(ring(3))).toEqual([
      [0, 1],
      [1, 2],
      [2, 0],
    ]);
    expect(pairs(ring(2))).toEqual([[0, 1]]);
    expect(pairs(tree(5, 2))).toEqual([
      [0, 1],
      [0, 2],
      [1, 3],
      [1, 4],
    ]);
    expect(pairs(grid(5, 3))).toEqual([
      [0, 1],
      [0, 3],
      [1, 2],
      [1, 4],
      [3, 4],
    ]);
    expect(hypercube(8).length).toBe(12);
    expect(mesh(5).length).toBe(10);
  });

  it('are simple and connected at every size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 7 }), (n, k) => {
        for (const edges of [mesh(n), line(n), ring(n), tree(n, k), grid(n, k)]) {
          expectSimple(n, edges);
          expect(isConnected(n, edges)).toBe(true);
        }
      }),
      options,
    );
  });
});

describe('random shapes', () => {
  const sizes = fc.integer({ min: 3, max: 60 });
  const seeds = fc.integer({ min: 0, max: 2 ** 40 });

  it('random: simple, of the given degree, connected from degree 2 on', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), seeds, (n, d, s) => {
        const degree = 1 + (d % (n - 1));
        const edges = randomRegular(n, degree, new Random(s, 'link 0'));
        expectSimple(n, edges);
        const counts = degrees(n, edges);
        const short = counts.filter((count) => count === degree - 1).length;
        expect(counts.every((count) => count === degree || count === degree - 1)).toBe(true);
        expect(short).toBe((n * degree) % 2);
        if (degree >= 2) expect(isConnected(n, edges)).toBe(true);
      }),
      options,
    );
  });

  it('small_world: simple, n · neighbors / 2 edges, a plain ring lattice without rewiring', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), seeds, (n, k, rewire, s) => {
        const neighbors = 2 + 2 * (k % Math.floor((n - 1) / 2));
        const edges = smallWorld(n, neighbors, rewire, new Random(s, 'link 0'));
        expectSimple(n, edges);
        expect(edges.length).toBe((n * neighbors) / 2);
        const lattice = smallWorld(n, neighbors, 0, new Random(s, 'link 0'));
        expect(degrees(n, lattice).every((degree) => degree === neighbors)).toBe(true);
      }),
      options,
    );
  });

  it('scale_free: simple, connected, attach edges a node', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), seeds, (n, m, s) => {
        const attach = 1 + (m % (n - 1));
        const edges = scaleFree(n, attach, new Random(s, 'link 0'));
        expectSimple(n, edges);
        expect(isConnected(n, edges)).toBe(true);
        expect(edges.length).toBe((attach * (attach + 1)) / 2 + attach * (n - attach - 1));
      }),
      options,
    );
  });

  it('are functions of the seed and the stream', () => {
    const draw = (s: number, stream: string): string => JSON.stringify(pairs(randomRegular(30, 4, new Random(s, stream))));
    expect(draw(7, 'link 0')).toBe(draw(7, 'link 0'));
    expect(draw(7, 'link 0')).not.toBe(draw(8, 'link 0'));
    expect(draw(7, 'link 0')).not.toBe(draw(7, 'link 1'));
  });

  it('scale-free graphs have hubs, random ones none', () => {
    const free = degrees(500, scaleFree(500, 2, new Random(1, 'link 0')));
    expect(Math.max(...free)).toBeGreaterThan(20);
    expect(Math.max(...degrees(500, randomRegular(500, 4, new Random(1, 'link 0'))))).toBe(4);
  });
});
