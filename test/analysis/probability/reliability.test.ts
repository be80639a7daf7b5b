import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, dual, type Formula, holds, isReadOnce, leaves } from '../../../src/analysis/formula.ts';
import { causesOf } from '../../../src/analysis/probability/causes.ts';
import { Diagram } from '../../../src/analysis/probability/diagram.ts';
import { hasShortSums, ReadOnce } from '../../../src/analysis/probability/read-once.ts';
import { formulaChance } from '../../../src/analysis/probability/reliability.ts';
import { tableChance } from '../../../src/analysis/probability/table.ts';
import type { Chance, Uptimes } from '../../../src/analysis/probability/uptimes.ts';
import { Work } from '../../../src/analysis/work.ts';
import type { QuorumSystem } from '../../../src/model/values.ts';
import { maskOf, met } from '../brute-force.ts';
import { atleast, node, range } from '../systems.ts';
import { rowsOf, vector } from './vectors.ts';

const work = () => new Work(20_000_000);
const chance = (up: number): Chance => ({ up, down: 1 - up });

function uptimes(nodes: readonly number[], zones: readonly { up: number; parent: number }[] = [], zoneOf = nodes.map(() => -1)): Uptimes {
  return { nodes: nodes.map(chance), zones: zones.map(({ up, parent }) => ({ parent, ...chance(up) })), zoneOf };
}

function availability(quorum: QuorumSystem, times: Uptimes): Chance {
  return formulaChance(compile(quorum), times, work(), work);
}

/** The definition: every combination of zones and nodes, each with its probability. */
function enumerated(quorum: QuorumSystem, { nodes, zones, zoneOf }: Uptimes): number {
  let total = 0;
  for (let z = 0; z < 1 << zones.length; z++) {
    const isOut = (zone: number): boolean => zone >= 0 && (((z >> zone) & 1) === 0 || isOut(zones[zone]?.parent ?? -1));
    const zoneShare = zones.reduce((share, { up, down }, zone) => share * ((z >> zone) & 1 ? up : down), 1);
    for (let n = 0; n < 1 << nodes.length; n++) {
      const share = nodes.reduce((product, { up, down }, at) => product * ((n >> at) & 1 ? up : down), zoneShare);
      if (met(quorum, n & maskOf(range(nodes.length).filter((at) => !isOut(zoneOf[at] as number))))) total += share;
    }
  }
  return total;
}

const near = (value: Chance, expected: number): void => {
  expect(Math.abs(value.up - expected)).toBeLessThan(1e-12);
  expect(Math.abs(value.down - (1 - expected))).toBeLessThan(1e-12);
};

const share = fc.constantFrom(0, 0.1, 0.5, 0.75, 0.9, 0.99, 1);

function places(nodes: number): fc.Arbitrary<Uptimes> {
  return fc.array(fc.tuple(fc.integer({ min: -1, max: 3 }), share), { maxLength: 4 }).chain((zones) =>
    fc
      .tuple(
        fc.array(share, { minLength: nodes, maxLength: nodes }),
        fc.array(fc.integer({ min: -1, max: zones.length - 1 }), { minLength: nodes, maxLength: nodes }),
      )
      .map(([own, zoneOf]) =>
        uptimes(
          own,
          zones.map(([parent, up], zone) => ({ up, parent: parent < zone ? parent : -1 })),
          zoneOf,
        ),
      ),
  );
}

function quorums(nodes: number): fc.Arbitrary<QuorumSystem> {
  const members = range(nodes);
  const leaf = fc.constantFrom(...members).map(node);
  const subset = fc.subarray(members, { minLength: 1 });
  const byWeight = subset.chain((of) =>
    fc
      .tuple(fc.array(fc.constantFrom(0, 1, 2, 3, 0.5), { minLength: of.length, maxLength: of.length }), fc.integer({ min: 0, max: 12 }))
      .map(([weights, threshold]): QuorumSystem => ({ kind: 'weighted', nodes: of, weights, threshold: threshold / 2 })),
  );
  const flat = subset.chain((of) => fc.integer({ min: 0, max: of.length + 1 }).map((count) => atleast(count, of)));
  const { tree } = fc.letrec<{ tree: QuorumSystem }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      flat,
      byWeight,
      leaf,
      fc
        .array(tie('tree'), { minLength: 1, maxLength: 4 })
        .chain((of) => fc.integer({ min: 0, max: of.length }).map((count) => atleast(count, of))),
    ),
  }));
  // Thresholds of thresholds, each node once: read-once.
  const organisations = fc
    .tuple(
      fc.array(fc.nat(2), { minLength: nodes, maxLength: nodes }),
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 4, maxLength: 4 }),
    )
    .map(([group, counts]) =>
      atleast(
        counts[3] as number,
        range(3).map((g) =>
          atleast(
            counts[g] as number,
            members.filter((at) => group[at] === g),
          ),
        ),
      ),
    );
  return fc.oneof(tree, organisations, flat, byWeight);
}

const instance = fc.integer({ min: 1, max: 7 }).chain((n) => fc.tuple(quorums(n), places(n)));

describe('the probability of a quorum, against every combination of nodes and zones', () => {
  it('whatever the method', () => {
    fc.assert(
      fc.property(instance, ([quorum, times]) => {
        const expected = enumerated(quorum, times);
        const formula: Formula = compile(quorum);
        const causes = causesOf(times, leaves(formula));
        near(availability(quorum, times), expected);
        near(new Diagram(formula, causes, true, work()).probability(), expected);
        if (isReadOnce(formula) && hasShortSums(formula)) near(new ReadOnce(causes, work()).probability(formula), expected);
        near(
          tableChance(range(times.nodes.length), new Uint8Array(times.nodes.length), (up) => holds(formula, up), times, work()),
          expected,
        );
      }),
      { numRuns: 600 },
    );
  });

  it('quorums that cross zones: the node diagram under each combination of zones', () => {
    fc.assert(
      fc.property(instance, ([quorum, times]) => {
        // Too little work for the first two methods.
        let attempts = 0;
        const third = () => new Work(++attempts === 2 ? 20_000_000 : 0);
        near(formulaChance(compile(quorum), times, new Work(0), third), enumerated(quorum, times));
      }),
      { numRuns: 300 },
    );
  });
});

describe('what must be true of any availability', () => {
  it('a node in no quorum changes nothing, and one that is more available never makes it less', () => {
    fc.assert(
      fc.property(instance, fc.nat(6), ([quorum, times], at) => {
        const before = availability(quorum, times).up;
        const grown: Uptimes = { ...times, nodes: [...times.nodes, chance(0.3)], zoneOf: [...times.zoneOf, times.zones.length - 1] };
        expect(Math.abs(availability(quorum, grown).up - before)).toBeLessThan(1e-14);
        const better = { ...times, nodes: times.nodes.map((own, i) => (i === at ? chance(1) : own)) };
        expect(availability(quorum, better).up).toBeGreaterThanOrEqual(before - 1e-12);
      }),
      { numRuns: 300 },
    );
  });

  it('renaming nodes changes nothing', () => {
    const renamed = (quorum: QuorumSystem, to: readonly number[]): QuorumSystem => {
      switch (quorum.kind) {
        case 'node':
          return node(to[quorum.node] as number);
        case 'atleast':
          return { ...quorum, of: quorum.of.map((part) => renamed(part, to)) };
        case 'weighted':
          return { ...quorum, nodes: quorum.nodes.map((at) => to[at] as number) };
        case 'slices':
          return quorum;
      }
    };
    fc.assert(
      fc.property(instance, fc.integer(), ([quorum, times], seed) => {
        const n = times.nodes.length;
        const to = range(n).sort((a, b) => ((a * 7919 + seed) % 101) - ((b * 7919 + seed) % 101) || a - b);
        const from = range(n).map((at) => to.indexOf(at));
        const moved: Uptimes = {
          ...times,
          nodes: from.map((at) => times.nodes[at] as Chance),
          zoneOf: from.map((at) => times.zoneOf[at] as number),
        };
        expect(Math.abs(availability(renamed(quorum, to), moved).up - availability(quorum, times).up)).toBeLessThan(1e-12);
      }),
      { numRuns: 300 },
    );
  });

  it('the dual at p is available exactly when the system at 1 - p is not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }).chain((n) => fc.tuple(quorums(n), fc.array(share, { minLength: n, maxLength: n }))),
        ([quorum, own]) => {
          const formula = compile(quorum);
          const flipped = formulaChance(dual(formula), uptimes(own), work(), work);
          const direct = formulaChance(formula, uptimes(own.map((up) => 1 - up)), work(), work);
          expect(Math.abs(flipped.up - direct.down)).toBeLessThan(1e-12);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('independent systems in series multiply; a shared dependency counts once', () => {
    const own = uptimes([0.9, 0.95, 0.99, 0.8, 0.7]);
    const first = atleast(1, [0, 1]);
    const second = atleast(2, [2, 3, 4]);
    expect(availability(atleast(2, [first, second]), own).up).toBeCloseTo(availability(first, own).up * availability(second, own).up, 14);
    const shared = atleast(2, [atleast(2, [0, 1]), atleast(2, [0, 2])]);
    expect(availability(shared, own).up).toBeCloseTo(0.9 * 0.95 * 0.99, 14);
  });
});

describe('published numbers', () => {
  const all = (parts: readonly (QuorumSystem | number)[]): QuorumSystem => atleast(parts.length, parts);

  it('services in series (Azure reference web app)', () => {
    for (const id of ['azure dev serial', 'azure prod single region serial']) {
      const { components, expect_pct, round } = vector('availability', id) as unknown as {
        components: number[];
        expect_pct: number;
        round: number;
      };
      const { up } = availability(all(range(components.length)), uptimes(components));
      expect(Number((100 * up).toFixed(round))).toBe(expect_pct);
    }
  });

  it('two regions in parallel behind shared services, counted once', () => {
    const { shared_series, regional_series_x2_parallel, expect_pct, round } = vector(
      'availability',
      'azure prod two regions',
    ) as unknown as {
      shared_series: number[];
      regional_series_x2_parallel: number[];
      expect_pct: number;
      round: number;
    };
    const regional = regional_series_x2_parallel.length;
    const region = (copy: number): QuorumSystem => all(range(regional).map((i) => shared_series.length + copy * regional + i));
    const site = all([all(range(shared_series.length)), atleast(1, [region(0), region(1)])]);
    const { up } = availability(site, uptimes([...shared_series, ...regional_series_x2_parallel, ...regional_series_x2_parallel]));
    expect(Number((100 * up).toFixed(round))).toBe(Number(expect_pct.toFixed(round)));
  });

  it('Raft by binomials', () => {
    for (const { n, p, reliability } of rowsOf('availability', 'raft reliability')) {
      const { up } = availability(
        atleast(Math.floor((n as number) / 2) + 1, range(n as number)),
        uptimes(range(n as number).map(() => 1 - (p as number))),
      );
      expect(Math.abs(up - (reliability as number))).toBeLessThan(5e-15);
    }
  });

  it('a majority of 2m is less available than one of 2m - 1 (Howard 2015), at any availability', () => {
    const majority = (n: number, up: number): number =>
      availability(atleast(Math.floor(n / 2) + 1, range(n)), uptimes(range(n).map(() => up))).up;
    for (const { n_small, n_big, node_up, avail_small, avail_big } of rowsOf('availability', 'even cluster')) {
      expect(majority(n_small as number, node_up as number)).toBeCloseTo(avail_small as number, 12);
      expect(majority(n_big as number, node_up as number)).toBeCloseTo(avail_big as number, 12);
    }
    for (let m = 1; m <= 10; m++)
      for (const up of [0.1, 0.4, 0.6, 0.9, 0.99]) expect(majority(2 * m, up)).toBeLessThan(majority(2 * m - 1, up));
    // Below a half one node is the best majority (Barbara & Garcia-Molina 1987; Naor & Wool 1998).
    for (const up of [0.1, 0.3, 0.49]) for (const n of [3, 5, 9]) expect(majority(n, up)).toBeLessThan(majority(1, up));
  });
});

describe('digits and size', () => {
  it('small probabilities of failure keep their digits', () => {
    const nine = availability(atleast(5, range(9)), uptimes(range(9).map(() => 1 - 2 ** -20)));
    // 126 ways for 5 of 9 to be down lead; the next term is smaller by 2^-20.
    expect(nine.down / (126 * 2 ** -100)).toBeCloseTo(1, 4);
    const zoned = availability(
      atleast(2, [0, 1, 2]),
      uptimes(
        [1, 1, 1],
        range(3).map(() => ({ up: 1 - 2 ** -30, parent: -1 })),
        [0, 1, 2],
      ),
    );
    expect(zoned.down / (3 * 2 ** -60)).toBeCloseTo(1, 8);
  });

  it('a thousand nodes in a hundred zones, flat', () => {
    const times = uptimes(
      range(1000).map(() => 0.9),
      range(100).map(() => ({ up: 0.99, parent: -1 })),
      range(1000).map((at) => at % 100),
    );
    const { up, down } = availability(atleast(850, range(1000)), times);
    expect(up + down).toBeCloseTo(1, 12);
    expect(up).toBeGreaterThan(0.9);
  });

  it('a grid of ten by ten, and weights of millions', () => {
    const at = (row: number, column: number): number => 10 * row + column;
    const rows = range(10).map((row) =>
      atleast(
        10,
        range(10).map((column) => at(row, column)),
      ),
    );
    const covers = range(10).map((row) =>
      atleast(
        1,
        range(10).map((column) => at(row, column)),
      ),
    );
    const grid = atleast(2, [atleast(1, rows), atleast(10, covers)]);
    const p = 0.9;
    // Every row has somebody, and not every row lacks somebody.
    const some = (1 - (1 - p) ** 10) ** 10;
    const none = (1 - (1 - p) ** 10 - p ** 10) ** 10;
    near(availability(grid, uptimes(range(100).map(() => p))), some - none);
    const weights = range(12).map((i) => 1_000_003 + 77_777 * i);
    const total = weights.reduce((a, b) => a + b, 0);
    const heavy: QuorumSystem = { kind: 'weighted', nodes: range(12), weights, threshold: Math.floor((2 * total) / 3) + 1 };
    const own = uptimes(range(12).map((i) => 0.9 + 0.005 * i));
    near(availability(heavy, own), enumerated(heavy, own));
  });
});
