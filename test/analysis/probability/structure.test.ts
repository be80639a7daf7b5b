import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importances } from '../../../src/analysis/probability/importance.ts';
import { reliability } from '../../../src/analysis/probability/reliability.ts';
import { structureOf } from '../../../src/analysis/probability/structure.ts';
import { uptimesOf } from '../../../src/analysis/probability/uptimes.ts';
import { Work } from '../../../src/analysis/work.ts';
import type { System } from '../../../src/model/system.ts';
import type { QuorumSystem } from '../../../src/model/values.ts';
import { components, maskOf, met } from '../brute-force.ts';
import { atleast, range, type Sketch, sketch } from '../systems.ts';

const work = () => new Work(20_000_000);

function availability(system: System, quorum: QuorumSystem): number {
  const { structure } = structureOf(system, { kind: 'quorum', quorum });
  return reliability(structure, uptimesOf(system), work).up;
}

/** The definition: every combination of zones and nodes; a quorum lies in one part of the network. */
function enumerated(system: System, quorum: QuorumSystem, { links, directed }: Sketch): number {
  const { nodes, zones, zoneOf } = uptimesOf(system);
  let total = 0;
  for (let z = 0; z < 1 << zones.length; z++) {
    const isOut = (zone: number): boolean => zone >= 0 && (((z >> zone) & 1) === 0 || isOut(zones[zone]?.parent ?? -1));
    const zoneShare = zones.reduce((share, { up, down }, zone) => share * ((z >> zone) & 1 ? up : down), 1);
    for (let n = 0; n < 1 << nodes.length; n++) {
      const share = nodes.reduce((product, { up, down }, at) => product * ((n >> at) & 1 ? up : down), zoneShare);
      if (share === 0) continue;
      const live = n & maskOf(range(nodes.length).filter((at) => !isOut(zoneOf[at] as number)));
      const parts = links === undefined ? [live] : [0, ...components(links, live, directed)];
      if (parts.some((part) => met(quorum, part))) total += share;
    }
  }
  return total;
}

const share = fc.constantFrom(0.3, 0.5, 0.9, 1);

function placed(n: number, links: boolean): fc.Arbitrary<Sketch> {
  const pairs = range(n).flatMap((a) => range(n).flatMap((b): [number, number][] => (a === b ? [] : [[a, b]])));
  return fc
    .tuple(
      fc.array(share, { minLength: n, maxLength: n }),
      fc.array(fc.tuple(fc.integer({ min: -1, max: 2 }), share), { maxLength: 3 }),
      fc.array(fc.integer({ min: -1, max: 2 }), { minLength: n, maxLength: n }),
      fc.subarray(pairs, { minLength: 0, maxLength: Math.min(2 * n, pairs.length) }),
      fc.boolean(),
    )
    .map(([own, zones, inside, chosen, directed]) => ({
      nodes: n,
      availability: own,
      zones: zones.map(([parent], z) => ({ parent: parent < z ? parent : -1, nodes: range(n).filter((at) => inside[at] === z) })),
      zoneAvailability: zones.map(([, up]) => up),
      ...(links ? { links: chosen, directed } : {}),
    }));
}

const threshold = (n: number): fc.Arbitrary<QuorumSystem> =>
  fc.subarray(range(n), { minLength: 1 }).chain((of) => fc.integer({ min: 0, max: of.length }).map((count) => atleast(count, of)));

function slices(n: number): fc.Arbitrary<QuorumSystem> {
  return fc
    .array(fc.tuple(threshold(n), fc.boolean()), { minLength: n, maxLength: n })
    .map((needs) => ({ kind: 'slices', slices: needs.flatMap(([needed, has], node) => (has ? [{ node, needs: needed }] : [])) }));
}

describe('against every combination of nodes and zones', () => {
  it('quorums in networks that are not complete', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5 }).chain((n) => fc.tuple(placed(n, true), threshold(n))),
        ([plan, quorum]) => {
          const system = sketch(plan);
          expect(Math.abs(availability(system, quorum) - enumerated(system, quorum, plan))).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('federated slices', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }).chain((n) => fc.tuple(placed(n, false), slices(n))),
        ([plan, quorum]) => {
          const system = sketch(plan);
          expect(Math.abs(availability(system, quorum) - enumerated(system, quorum, plan))).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('importance is the derivative, and the potential what a cause that never fails brings', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5 }).chain((n) => fc.tuple(placed(n, false), threshold(n))),
        ([plan, quorum]) => {
          const system = sketch(plan);
          const uptimes = uptimesOf(system);
          const { structure, nodes } = structureOf(system, { kind: 'quorum', quorum });
          const whole = reliability(structure, uptimes, work).up;
          for (const { kind, indices, birnbaum, potential } of importances(structure, nodes, uptimes, work)) {
            const [index = 0] = indices;
            const better: Sketch =
              kind === 'node'
                ? { ...plan, availability: plan.availability?.map((own, at) => (at === index ? 1 : own)) ?? [] }
                : { ...plan, zoneAvailability: plan.zoneAvailability?.map((own, at) => (at === index ? 1 : own)) ?? [] };
            expect(Math.abs(availability(sketch(better), quorum) - whole - potential)).toBeLessThan(1e-12);
            const down = (kind === 'node' ? uptimes.nodes : uptimes.zones)[index]?.down ?? 0;
            expect(Math.abs(birnbaum * down - potential)).toBeLessThan(1e-12);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('federated slices by which all need the same', () => {
  it('are a formula, whoever else is named', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }).chain((n) => fc.tuple(placed(n, false), threshold(n), fc.subarray(range(n), { minLength: 1 }))),
        ([plan, needs, having]) => {
          const system = sketch(plan);
          const quorum: QuorumSystem = { kind: 'slices', slices: having.map((node) => ({ node, needs })) };
          expect(structureOf(system, { kind: 'quorum', quorum }).structure.kind).toBe('formula');
          expect(Math.abs(availability(system, quorum) - enumerated(system, quorum, plan))).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('two availability zones', () => {
  it('cannot host a majority: what does not survive the loss of either is at most as available as the larger zone', () => {
    const zoned = (sizes: readonly number[]) => {
      let first = 0;
      const zones = sizes.map((size) => {
        const nodes = range(size).map((i) => first + i);
        first += size;
        return { parent: -1, nodes };
      });
      return sketch({ nodes: first, zones, availability: range(first).map(() => 1), zoneAvailability: sizes.map(() => 0.99) });
    };
    const majority = (n: number) => atleast(Math.floor(n / 2) + 1, range(n));
    // The placements of etcd-io/website issue 74.
    expect(availability(zoned([2, 1]), majority(3))).toBeCloseTo(0.99, 14);
    expect(availability(zoned([3, 2]), majority(5))).toBeCloseTo(0.99, 14);
    expect(availability(zoned([1, 1, 1]), majority(3))).toBeCloseTo(0.99 ** 3 + 3 * 0.99 ** 2 * 0.01, 14);
    expect(availability(zoned([2, 2, 1]), majority(5))).toBeCloseTo(0.99 ** 3 + 3 * 0.99 ** 2 * 0.01, 14);
  });
});
