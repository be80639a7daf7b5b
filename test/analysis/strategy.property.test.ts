import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallestBlockingSet } from '../../src/analysis/blocking.ts';
import { compile, dual, type Formula, holds, leaves } from '../../src/analysis/formula.ts';
import { orbitsOf } from '../../src/analysis/strategy/orbits.ts';
import { classesOf, minimalProfiles, multiplicity, representative, resilientProfiles } from '../../src/analysis/strategy/profiles.ts';
import { hasChoice, StrategySpace, snap } from '../../src/analysis/strategy/strategy.ts';
import { Work } from '../../src/analysis/work.ts';
import { bits, maskOf, met, minimalQuorums } from './brute-force.ts';
import { quorumSystem, runs } from './random-systems.ts';
import { atleast, range } from './systems.ts';

const systems = fc.integer({ min: 1, max: 6 }).chain((nodes) => fc.tuple(fc.constant(nodes), quorumSystem(nodes)));

describe('minimal quorums by symmetry', () => {
  it('stand for all minimal quorums', () => {
    fc.assert(
      fc.property(systems, ([nodes, quorum]) => {
        const formula = compile(quorum);
        const classes = classesOf([formula], nodes, () => '');
        const profiles = minimalProfiles(formula, classes, new Work());
        const minimal = minimalQuorums(quorum, nodes);
        for (const profile of profiles) expect(minimal).toContain(maskOf(representative(profile, classes)));
        expect(profiles.reduce((sum, profile) => sum + multiplicity(profile, classes), 0)).toBe(minimal.length);
      }),
      runs,
    );
  });

  it('that survive losses are those which stay quorums', () => {
    fc.assert(
      fc.property(systems, fc.integer({ min: 0, max: 2 }), ([nodes, quorum], failures) => {
        const formula = compile(quorum);
        const classes = classesOf([formula], nodes, () => '');
        const profiles = resilientProfiles(minimalProfiles(formula, classes, new Work()), failures, classes, new Work());
        const survives = (mask: number, left: number): boolean =>
          left === 0 ? met(quorum, mask) : met(quorum, mask) && bits(mask).every((node) => survives(mask & ~(1 << node), left - 1));
        const all = range(1 << nodes).filter((mask) => survives(mask, failures));
        const minimal = all.filter((mask) => !all.some((other) => other !== mask && (other & ~mask) === 0));
        for (const profile of profiles) expect(minimal).toContain(maskOf(representative(profile, classes)));
        expect(profiles.reduce((sum, profile) => sum + multiplicity(profile, classes), 0)).toBe(minimal.length);
      }),
      { numRuns: runs.numRuns / 4 },
    );
  });
});

describe('like parts exchanged as a whole', () => {
  // Groups of groups with thresholds that repeat: so that parts are often alike.
  const tree = (depth: number): fc.Arbitrary<Shape> =>
    depth === 0
      ? fc.constant<Shape>(null)
      : fc.oneof(
          { weight: 1, arbitrary: fc.constant<Shape>(null) },
          {
            weight: 3,
            arbitrary: fc
              .tuple(
                fc.integer({ min: 0, max: 3 }),
                fc.oneof(
                  tree(depth - 1).chain((one) => fc.constantFrom([one, one], [one, one, one])),
                  fc.array(tree(depth - 1), { minLength: 1, maxLength: 3 }),
                ),
              )
              .map(([count, of]): Shape => ({ count: Math.min(count, of.length), of })),
          },
        );
  interface Threshold {
    readonly count: number;
    readonly of: readonly Shape[];
  }
  type Shape = Threshold | null;

  function build(shape: Shape, next: { node: number }): Formula {
    if (shape === null) return { kind: 'node', node: next.node++ };
    return { kind: 'atleast', count: shape.count, of: shape.of.map((part) => build(part, next)) };
  }

  const formulas = tree(2)
    .map((shape) => {
      const next = { node: 0 };
      const formula = build(shape, next);
      return { formula, nodes: next.node };
    })
    .filter(({ nodes }) => nodes <= 9);

  it('give the same quorums, as many, and the same load', () => {
    fc.assert(
      fc.property(formulas, fc.array(fc.constantFrom(1, 2), { minLength: 9, maxLength: 9 }), ({ formula, nodes }, capacity) => {
        const both = [formula, dual(formula)];
        const keyOf = (node: number): string => `${capacity[node]}`;
        const whole = orbitsOf(both, nodes, keyOf, 0, new Work(), -1);
        both.forEach((of, which) => {
          const minimal = new Set(
            range(1 << nodes).filter((mask) => {
              const present = Uint8Array.from(range(nodes), (node) => (mask >> node) & 1);
              return holds(of, present) && bits(mask).every((node) => !holds(of, present.with(node, 0)));
            }),
          );
          const orbits = whole.quorums[which] ?? [];
          for (const { example, counts } of orbits) {
            expect(minimal).toContain(maskOf(example));
            const found = whole.kinds.members.map((members) => members.filter((node) => example.includes(node)).length);
            expect(counts).toEqual(found);
          }
          expect(orbits.reduce((sum, { ways }) => sum + ways, 0)).toBe(minimal.size);
        });
        if (!hasChoice(formula, nodes)) return;
        const figures = {
          nodeCount: nodes,
          reads: formula,
          writes: dual(formula),
          readCapacity: (node: number) => capacity[node] as number,
          writeCapacity: (node: number) => capacity[node] as number,
        };
        const workload = [{ reads: 0.5, weight: 1 }];
        const load = new StrategySpace({ ...figures, latency: () => 0 }, new Work(), 0, -1).best(workload)?.load(workload) ?? Number.NaN;
        const apart = new StrategySpace({ ...figures, latency: (node) => node }, new Work()).best(workload)?.load(workload);
        expect(apart).toBeCloseTo(load, 8);
      }),
      { numRuns: runs.numRuns / 2 },
    );
  });

  it('make large systems as easy as small ones', () => {
    const organisations = range(24).map((of) => atleast(2, [3 * of, 3 * of + 1, 3 * of + 2]));
    const formula = compile(atleast(17, organisations));
    const one = () => 1;
    const space = new StrategySpace(
      { nodeCount: 72, reads: formula, writes: formula, readCapacity: one, writeCapacity: one, latency: one },
      new Work(),
    );
    const workload = [{ reads: 1, weight: 1 }];
    expect(space.best(workload)?.load(workload)).toBe(34 / 72);
    expect(space.reads.map(({ ways }) => ways)).toEqual([346_104 * 3 ** 17]);
  });
});

describe('the load of an optimal strategy', () => {
  const capacities = fc.array(fc.constantFrom(1, 2, 4), { minLength: 6, maxLength: 6 });

  it('is the same with every node by itself, and within the bounds of Naor & Wool', () => {
    fc.assert(
      fc.property(systems, systems, fc.constantFrom(0, 0.25, 0.5, 1), capacities, ([n1, q1], [n2, q2], reads, capacity) => {
        const nodeCount = Math.max(n1, n2);
        const [one, two] = [compile(q1), compile(q2)];
        if (!hasChoice(one, nodeCount) || !hasChoice(two, nodeCount)) return;
        const figures = {
          nodeCount,
          readCapacity: (node: number) => capacity[node] as number,
          writeCapacity: (node: number) => (capacity[node] as number) / 2,
          latency: () => 0,
        };
        const workload = [{ reads, weight: 1 }];
        const load = new StrategySpace({ ...figures, reads: one, writes: two }, new Work()).best(workload)?.load(workload) ?? Number.NaN;
        // Latencies of their own keep like nodes apart.
        const apart = new StrategySpace({ ...figures, latency: (node) => node, reads: one, writes: two }, new Work());
        expect(apart.best(workload)?.load(workload)).toBeCloseTo(load, 8);
        expect(load).toBeLessThanOrEqual(apart.uniform().load(workload) + 1e-9);
      }),
      { numRuns: runs.numRuns / 4 },
    );
  });

  it('is at least max(1/c, c/n), and the resilience at most n times it (Naor & Wool 1998)', () => {
    fc.assert(
      fc.property(systems, ([nodeCount, quorum]) => {
        const formula = compile(quorum);
        if (!hasChoice(formula, nodeCount)) return;
        const one = () => 1;
        const space = new StrategySpace(
          { nodeCount, reads: formula, writes: formula, readCapacity: one, writeCapacity: one, latency: one },
          new Work(),
        );
        const workload = [{ reads: 1, weight: 1 }];
        const load = space.best(workload)?.load(workload) ?? 0;
        const smallest = Math.min(...space.reads.map(({ example }) => example.length));
        const n = leaves(formula).length;
        const intersecting = minimalQuorums(quorum, nodeCount).every((a, _, all) => all.every((b) => (a & b) !== 0));
        expect(load).toBeGreaterThanOrEqual(smallest / n - 1e-9);
        if (intersecting) expect(load).toBeGreaterThanOrEqual(1 / smallest - 1e-9);
        if (intersecting)
          expect((smallestBlockingSet(formula, nodeCount, new Work())?.length ?? 0) - 1).toBeLessThanOrEqual(n * load + 1e-9);
      }),
      { numRuns: runs.numRuns / 4 },
    );
  });
});

describe('a load that is a fraction', () => {
  it('is exactly that fraction', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 2000 }), (p, q) => {
        expect(snap((p / q) * (1 + 3e-12))).toBe(p / q);
      }),
    );
    expect(snap(Math.SQRT2)).toBe(Math.SQRT2);
  });
});
