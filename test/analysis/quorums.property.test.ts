import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAvailable } from '../../src/analysis/availability.ts';
import { FaultFamily, goneNodes } from '../../src/analysis/fault-sets.ts';
import { compile } from '../../src/analysis/formula.ts';
import { findSplit, searchSplit } from '../../src/analysis/intersection.ts';
import { Work } from '../../src/analysis/work.ts';
import type { NodeFault } from '../../src/model/system.ts';
import { admissible, available, intersects, maskOf, met } from './brute-force.ts';
import { cases, runs } from './random-systems.ts';
import { range } from './systems.ts';

/** Random quorum systems and fault models against the definitions, tried over every subset. */

describe('against every subset', () => {
  it('finds two quorums that share only faulty nodes exactly when there are some', () => {
    fc.assert(
      fc.property(cases, fc.boolean(), ({ system, model, q1, q2 }, same) => {
        const nodes = system.nodes.length;
        const other = same ? q1 : q2;
        const byzantine = admissible(system, model, ['byzantine']);
        const family = new FaultFamily(system, model);
        const first = compile(q1);
        const second = same ? first : compile(q2);
        const split = findSplit({ first, second, nodeCount: nodes, strikes: family.strikes(['byzantine']), work: new Work() });
        expect(split === null).toBe(intersects(q1, other, byzantine, nodes));
        if (split === null) return;
        expect(met(q1, maskOf(split.first))).toBe(true);
        expect(met(other, maskOf(split.second))).toBe(true);
        expect(maskOf(split.shared)).toBe(maskOf(split.first) & maskOf(split.second));
        expect(byzantine.has(maskOf(split.shared))).toBe(true);
      }),
      runs,
    );
  });

  it('finds the same by search alone, also with nodes that are free to stand on both sides', () => {
    fc.assert(
      fc.property(cases, fc.boolean(), fc.nat(), ({ system, model, q1, q2 }, same, mask) => {
        const nodes = system.nodes.length;
        const other = same ? q1 : q2;
        const free = Uint8Array.from(range(nodes), (at) => (mask >> at) & (mask >> (at + 8)) & 1);
        const freeMask = maskOf(range(nodes).filter((at) => free[at]));
        const struck = admissible(system, model, ['byzantine']);
        const byzantine = new Set(range(1 << nodes).filter((set) => struck.has(set & ~freeMask)));
        const strikes = new FaultFamily(system, model).strikes(['byzantine']);
        const question = { first: compile(q1), second: compile(other), nodeCount: nodes, strikes, free, work: new Work() };
        const expected = intersects(q1, other, byzantine, nodes);
        expect(searchSplit(question) === null).toBe(expected);
        strikes.clear();
        expect(findSplit(question) === null).toBe(expected);
      }),
      runs,
    );
  });

  it('finds a fault set that leaves no connected quorum exactly when there is one', () => {
    fc.assert(
      fc.property(cases, ({ system, model, links, directed, q1 }) => {
        const answer = isAvailable(new FaultFamily(system, model), q1, new Work());
        const all = maskOf(range(system.nodes.length));
        if (answer.verdict === 'no-quorum') {
          expect(met(q1, all)).toBe(false);
          return;
        }
        expect(answer.verdict === 'holds').toBe(available(system, model, q1, links, directed));
        if (answer.verdict === 'holds') return;
        const gone = maskOf(goneNodes(system, answer.faults));
        expect(admissible(system, model, ['crash', 'omission', 'byzantine']).has(gone)).toBe(true);
        if (answer.how === 'too-few') expect(met(q1, all & ~gone)).toBe(false);
        for (const side of answer.sides) expect(met(q1, maskOf(side))).toBe(false);
      }),
      runs,
    );
  });

  it('counts and weighs the worst fault set', () => {
    fc.assert(
      fc.property(
        cases,
        fc.array(fc.constantFrom(1, 2, 0.1, 0.7, 5), { minLength: 7, maxLength: 7 }),
        fc.constantFrom<readonly NodeFault[]>(['crash'], ['byzantine'], ['omission'], ['timing'], ['crash', 'omission', 'byzantine']),
        ({ system, model }, weights, kinds) => {
          const members = range(system.nodes.length).filter((at) => at % 3 !== 2);
          const inside = maskOf(members);
          const family = new FaultFamily(system, model);
          const sets = admissible(system, model, kinds);
          const most = family.maximum(kinds, members, new Work());
          expect(most.value).toBe(Math.max(...[...sets].map((set) => members.filter((at) => (set >> at) & 1).length)));
          const heaviest = family.maximum(kinds, members, new Work(), weights);
          const tenths = (set: number): number =>
            members.reduce((sum, at) => sum + ((set >> at) & 1) * Math.round((weights[at] as number) * 10), 0);
          expect(Math.round(heaviest.value * 10)).toBe(Math.max(...[...sets].map(tenths)));
          if (kinds.length === 1 && kinds[0] === 'timing') return;
          const gone = maskOf(goneNodes(system, most.faults)) & inside;
          expect(members.filter((at) => (gone >> at) & 1).length).toBe(most.value);
        },
      ),
      runs,
    );
  });
});
