import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAvailable } from '../../../src/analysis/availability.ts';
import { FaultFamily, goneNodes, unresponsive } from '../../../src/analysis/fault-sets.ts';
import { Work } from '../../../src/analysis/work.ts';
import type { Budget } from '../../../src/model/system.ts';
import type { QuorumSystem } from '../../../src/model/values.ts';
import { admissible, available, components, maskOf, met } from '../brute-force.ts';
import { atleast, faults, nowhere, range, sketch, strike, weighted } from '../systems.ts';
import { randomFaults } from './random-systems.ts';

const forever: Budget = { kind: 'partition', heals: null, span: nowhere };

function quorumsOf(n: number): fc.Arbitrary<QuorumSystem> {
  const some = fc.subarray(range(n), { minLength: 1 });
  return fc.oneof(
    some.chain((nodes) => fc.integer({ min: 1, max: nodes.length }).map((count) => atleast(count, nodes))),
    fc.constant(atleast(Math.floor(n / 2) + 1, range(n))),
    fc
      .array(fc.integer({ min: 0, max: 3 }), { minLength: n, maxLength: n })
      .map((weights) => weighted(Math.max(1, Math.floor(weights.reduce((sum, weight) => sum + weight, 0) / 2) + 1), weights)),
    fc.tuple(some, some).map(([one, two]) => atleast(1, [atleast(one.length, one), atleast(two.length, two)])),
  );
}

describe('a quorum in one piece of the network', () => {
  const systems = randomFaults(7).chain((drawn) => fc.tuple(fc.constant(drawn), quorumsOf(drawn.random.n), fc.boolean()));

  it('after every admissible fault set and cut: one way and two way links, nested outages, partitions that never heal', () => {
    fc.assert(
      fc.property(systems, ([drawn, quorum, cuts]) => {
        const { system, random } = drawn;
        const model = cuts ? { ...drawn.model, budgets: [...drawn.model.budgets, forever] } : drawn.model;
        const sets = admissible(system, model, unresponsive);
        const found = isAvailable(new FaultFamily(system, model), quorum, new Work());
        if (!met(quorum, (1 << random.n) - 1)) {
          expect(found.verdict).toBe('no-quorum');
          return;
        }
        expect(found.verdict).toBe(available(system, model, quorum, random.links, random.directed) ? 'holds' : 'fails');
        if (found.verdict !== 'fails') return;
        const gone = maskOf(goneNodes(system, found.faults));
        expect(sets.has(gone)).toBe(true);
        if (found.how !== 'partition') {
          const parts = components(random.links, ((1 << random.n) - 1) & ~gone, random.directed);
          expect(parts.some((part) => met(quorum, part))).toBe(false);
          return;
        }
        // No part of the network that is left in the sides shown holds a quorum.
        const sides = found.sides.map(maskOf);
        expect(sides.some((side) => met(quorum, side))).toBe(false);
        expect(sides.reduce((all, side) => all | side, 0)).toBe(maskOf(found.left));
      }),
      { numRuns: 1500 },
    );
  });

  it('a line of five keeps no majority when every other node is on the other side', () => {
    const links = range(4).map((node) => [node, node + 1] as const);
    const family = new FaultFamily(sketch({ nodes: 5, links }), faults(forever));
    const found = isAvailable(family, atleast(3, range(5)), new Work());
    expect(found).toMatchObject({ verdict: 'fails', how: 'partition' });
    // Where every two are linked, one side of two has the majority.
    const complete = new FaultFamily(sketch({ nodes: 5 }), faults(forever));
    expect(isAvailable(complete, atleast(3, range(5)), new Work()).verdict).toBe('holds');
  });

  it('relays are no members: a quorum of members needs them all the same', () => {
    const links = [0, 1, 2].flatMap((node) => [
      [node, 3],
      [node, 4],
    ]) as (readonly [number, number])[];
    const system = sketch({ nodes: 5, links });
    const majority = atleast(2, [0, 1, 2]);
    expect(isAvailable(new FaultFamily(system, faults(strike('crash', 1, range(5)))), majority, new Work()).verdict).toBe('holds');
    expect(isAvailable(new FaultFamily(system, faults(strike('crash', 2, [3, 4]))), majority, new Work())).toMatchObject({
      verdict: 'fails',
      how: 'apart',
    });
  });
});
