import { describe, expect, test } from 'vitest';
import { bendOf, layOut, type Point } from '../../src/panel/layout.ts';
import { topologyView } from '../../src/protocol/topology-view.ts';
import { madeUpSystem } from './made-up-run.ts';

const ringOf = (size: number): readonly (readonly [number, number])[] =>
  Array.from({ length: size }, (_, node) => [node, (node + 1) % size] as const);

function smallestDistance(points: readonly Point[]): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (const [index, a] of points.entries()) {
    for (const b of points.slice(index + 1)) smallest = Math.min(smallest, Math.hypot(a.x - b.x, a.y - b.y));
  }
  return smallest;
}

describe('zones', () => {
  const topology = topologyView(
    madeUpSystem({
      zones: [
        { name: 'eu', parent: -1 },
        { name: 'eu1', parent: 0 },
        { name: 'us', parent: -1 },
      ],
      groups: [
        { name: 'replica', size: 7, zones: [1, 1, 2, 0] },
        { name: 'free', size: 2 },
      ],
    }),
  );
  const layout = layOut(topology);
  const boxOf = (zone: number) => layout.zones.find((box) => box.zone === zone);

  test('a node lies in its zone’s box, a box in its parent’s', () => {
    topology.nodes.forEach(({ zone }, node) => {
      const box = boxOf(zone);
      const { x, y } = layout.nodes[node] as Point;
      if (!box) return;
      expect(x).toBeGreaterThan(box.x);
      expect(x).toBeLessThan(box.x + box.width);
      expect(y).toBeGreaterThan(box.y);
      expect(y).toBeLessThan(box.y + box.height);
    });
    const [outer, inner] = [boxOf(0), boxOf(1)];
    expect(inner && outer && inner.x > outer.x && inner.y + inner.height < outer.y + outer.height).toBe(true);
  });
  test('no two nodes cover each other', () => {
    expect(smallestDistance(layout.nodes)).toBeGreaterThan(40);
  });
});

describe('links', () => {
  test('a ring comes out round', () => {
    const { nodes, width, height } = layOut(topologyView(madeUpSystem({ groups: [{ name: 'peer', size: 12 }], links: ringOf(12) })));
    const centre = { x: nodes.reduce((sum, { x }) => sum + x, 0) / 12, y: nodes.reduce((sum, { y }) => sum + y, 0) / 12 };
    const radii = nodes.map(({ x, y }) => Math.hypot(x - centre.x, y - centre.y));
    expect(Math.max(...radii) / Math.min(...radii)).toBeLessThan(1.1);
    expect(Math.abs(width - height)).toBeLessThan(0.5 * width);
  });
  test('in a graph where all are near to all no two nodes cover each other', () => {
    const links: (readonly [number, number])[] = [];
    for (let a = 0; a < 9; a += 1) for (let b = a + 1; b < 9; b += 1) if (a < 5) links.push([a, b]);
    const { nodes } = layOut(topologyView(madeUpSystem({ groups: [{ name: 'peer', size: 9 }], links })));
    expect(smallestDistance(nodes)).toBeGreaterThan(70);
  });
  test('every point lies in the picture, for one node as for many', () => {
    for (const size of [1, 2, 3, 30]) {
      const { nodes, width, height } = layOut(
        topologyView(madeUpSystem({ groups: [{ name: 'peer', size }], links: size > 2 ? ringOf(size) : [] })),
      );
      for (const { x, y } of nodes) expect(x > 0 && x < width && y > 0 && y < height).toBe(true);
    }
  });
  test('parts that no link joins stay apart', () => {
    const links = [...ringOf(4), ...ringOf(4).map(([a, b]) => [a + 4, b + 4] as const)];
    const { nodes } = layOut(topologyView(madeUpSystem({ groups: [{ name: 'peer', size: 8 }], links })));
    expect(smallestDistance(nodes)).toBeGreaterThan(20);
  });
});

test('a link bends around a node that stands in its way', () => {
  const points = [
    { x: 0, y: 0 },
    { x: 0, y: 60 },
    { x: 0, y: 120 },
    { x: 90, y: 60 },
  ];
  expect(bendOf(points, 0, 1)).toBe(0);
  expect(bendOf(points, 0, 2)).toBeGreaterThan(30);
  expect(bendOf(points, 0, 3)).toBe(0);
});
