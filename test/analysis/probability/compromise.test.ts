import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Facts } from '../../../src/analysis/facts.ts';
import { compile } from '../../../src/analysis/formula.ts';
import {
  type HonestCondition,
  honestChance,
  honestIntersection,
  honestMembers,
  joinedConditions,
} from '../../../src/analysis/probability/compromise.ts';
import { deploymentSafety, twoAtLeast } from '../../../src/analysis/probability/safety.ts';
import { binomialTail } from '../../../src/analysis/probability/tails.ts';
import type { Chance } from '../../../src/analysis/probability/uptimes.ts';
import { Work } from '../../../src/analysis/work.ts';
import { expand } from '../../../src/model/expand.ts';
import type { QuorumSystem } from '../../../src/model/values.ts';
import { met } from '../brute-force.ts';
import { checkText } from '../findings-of.ts';
import { atleast, range } from '../systems.ts';

const work = () => new Work(20_000_000);
const honesty = (shares: readonly number[]): Chance[] => shares.map((compromise) => ({ up: 1 - compromise, down: compromise }));

/** The definition: every set of Byzantine nodes, every choice of quorums. */
function enumerated(sides: readonly QuorumSystem[], shares: readonly number[]): number {
  const n = shares.length;
  const quorums = sides.map((side) => range(1 << n).filter((mask) => met(side, mask)));
  const shared = new Set<number>();
  const visit = (side: number, common: number): void => {
    if (side === sides.length) shared.add(common);
    else for (const mask of quorums[side] as number[]) visit(side + 1, common & mask);
  };
  visit(0, (1 << n) - 1);
  let safe = 0;
  for (let liars = 0; liars < 1 << n; liars++) {
    if ([...shared].some((common) => (common & ~liars) === 0)) continue;
    safe += shares.reduce((share, compromise, node) => share * ((liars >> node) & 1 ? compromise : 1 - compromise), 1);
  }
  return safe;
}

const share = fc.constantFrom(0, 0.01, 0.2, 0.5, 1);

function quorums(n: number): fc.Arbitrary<QuorumSystem> {
  const members = range(n);
  const flat = fc
    .subarray(members, { minLength: 1 })
    .chain((of) => fc.integer({ min: 0, max: of.length + 1 }).map((count) => atleast(count, of)));
  const byWeight = fc
    .tuple(fc.array(fc.constantFrom(1, 2, 3, 5), { minLength: n, maxLength: n }), fc.integer({ min: 1, max: 5 * n }))
    .map(([weights, threshold]): QuorumSystem => ({ kind: 'weighted', nodes: members, weights, threshold }));
  const nested = fc
    .tuple(fc.array(fc.nat(1), { minLength: n, maxLength: n }), fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 }))
    .map(([group, counts]) =>
      atleast(
        Math.min(2, counts[2] as number),
        range(2).map((g) =>
          atleast(
            counts[g] as number,
            members.filter((at) => group[at] === g),
          ),
        ),
      ),
    );
  const products = fc.array(fc.subarray(members, { minLength: 1 }), { minLength: 1, maxLength: 3 }).map((terms) =>
    atleast(
      1,
      terms.map((term) => atleast(term.length, term)),
    ),
  );
  return fc.oneof(flat, byWeight, nested, products);
}

const near = (value: Chance, expected: number): void => {
  expect(Math.abs(value.up - expected)).toBeLessThan(1e-12);
  expect(Math.abs(value.down - (1 - expected))).toBeLessThan(1e-12);
};

/** The same condition without its formula: then it goes through classes. */
const byClass = (condition: HonestCondition): HonestCondition => ({ ...condition, formula: null });

describe('any two quorums share an honest member, against every set of Byzantine nodes', () => {
  it('of one system', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }).chain((n) => fc.tuple(quorums(n), fc.array(share, { minLength: n, maxLength: n }))),
        ([quorum, shares]) => {
          const condition = honestIntersection(twoAtLeast([compile(quorum)]), shares.length);
          const expected = enumerated([quorum, quorum], shares);
          near(honestChance(condition, honesty(shares), work), expected);
          near(honestChance(byClass(condition), honesty(shares), work), expected);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('of two and of three systems', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 5 })
          .chain((n) => fc.tuple(fc.array(quorums(n), { minLength: 2, maxLength: 3 }), fc.array(share, { minLength: n, maxLength: n }))),
        ([sides, shares]) => {
          const condition = honestIntersection(sides.map(compile), shares.length);
          const expected = enumerated(sides, shares);
          near(honestChance(condition, honesty(shares), work), expected);
          near(honestChance(byClass(condition), honesty(shares), work), expected);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('together with a threshold', () => {
    const shares = [0.1, 0.2, 0.3, 0.1];
    const quorum = atleast(3, range(4));
    const both = joinedConditions(
      'and',
      honestIntersection(twoAtLeast([compile(quorum)]), 4),
      honestMembers(compile(atleast(4, range(4)))),
    );
    near(honestChance(both, honesty(shares), work), 0.9 * 0.8 * 0.7 * 0.9);
    near(honestChance(byClass(both), honesty(shares), work), 0.9 * 0.8 * 0.7 * 0.9);
  });
});

describe('large systems', () => {
  it('a hundred members by the binomial', () => {
    const condition = honestIntersection(twoAtLeast([compile(atleast(67, range(100)))]), 100);
    // Two quorums of 67 share 34: safe with at most 33 Byzantine.
    const { down } = honestChance(condition, honesty(range(100).map(() => 0.1)), work);
    expect(down / binomialTail(100, 0.1, 34)).toBeCloseTo(1, 9);
  });

  it('weights by classes', () => {
    const weights = range(40).map((i) => (i < 20 ? 1 : 3));
    const quorum: QuorumSystem = { kind: 'weighted', nodes: range(40), weights, threshold: 54 };
    const { up, down } = honestChance(honestIntersection(twoAtLeast([compile(quorum)]), 40), honesty(range(40).map(() => 0.1)), work);
    expect(up + down).toBeCloseTo(1, 12);
    expect(down).toBeGreaterThan(1e-6);
    expect(down).toBeLessThan(0.01);
  });
});

describe('the safety clauses of a deployment', () => {
  const safety = (clauses: string, members = '4] (compromise: 1%)') => {
    const text = `protocol Agree {
  quorum Q = atleast(3, members)
${clauses}
}
system Net {
  node peer[${members}
  run Agree on peer
}`;
    const file = checkText(text);
    expect(file.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const [code] = file.systems;
    const system = code === undefined ? null : expand(code).system;
    const [deployment] = system?.deployments ?? [];
    if (!system || !deployment) throw new Error('no deployment');
    return deploymentSafety(new Facts(system, deployment, null));
  };
  const atMostOne = 1 - binomialTail(4, 0.01, 2);

  it('arithmetic and intersection say the same of n = 3f + 1', () => {
    for (const clause of ['n >= 3 * byzantine + 1', 'intersect(Q)', 'byzantine <= 1 and intersect(Q)', 'n >= 3 * byzantine_weight + 1']) {
      const found = safety(`  requires safety ${clause}`);
      expect(found?.kind === 'known' ? found.chance.up : found).toBeCloseTo(atMostOne, 14);
    }
  });

  it('what does not depend on who is Byzantine says nothing', () => {
    expect(safety('  requires safety n > 3')).toBeNull();
    expect(safety('  requires safety masking(Q)')).toMatchObject({ kind: 'none' });
    expect(safety('  requires safety n > 4\n  requires safety intersect(Q)')).toMatchObject({ kind: 'none' });
  });
});
