import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FaultFamily, goneNodes } from '../../src/analysis/fault-sets.ts';
import { isFederatedAvailable } from '../../src/analysis/federated/available.ts';
import { minimalBlockingSets, smallestBlocking } from '../../src/analysis/federated/blocking-sets.ts';
import { liarBudgets } from '../../src/analysis/federated/fault-budgets.ts';
import { federationOf, mark, marked } from '../../src/analysis/federated/federation.ts';
import { areIntertwined, intactNodes, worstIntact } from '../../src/analysis/federated/intact.ts';
import { cores, listMinimalQuorums } from '../../src/analysis/federated/minimal-quorums.ts';
import { SplitSearch, splitDespite } from '../../src/analysis/federated/split.ts';
import { minimalSplittingSets, smallestSplitting } from '../../src/analysis/federated/splitting-sets.ts';
import { topTier } from '../../src/analysis/federated/top-tier.ts';
import { groupedUnits, singleUnits } from '../../src/analysis/federated/units.ts';
import { Work } from '../../src/analysis/work.ts';
import { isMet } from '../../src/model/quorum-values.ts';
import type { QuorumSystem } from '../../src/model/values.ts';
import { admissible, available, bits, isClosed, maskOf, met } from './brute-force.ts';
import { federatedCases, inOrder, isSplitBy, minimalOnes, needs, quorumsDespite, slicesOf } from './federations.ts';
import { runs } from './random-systems.ts';
import { atleast, range } from './systems.ts';

/** Random federated systems against the definitions, tried over every subset. */

const work = (): Work => new Work(50_000_000);
const size = fc.integer({ min: 1, max: 6 });
const federated = size.chain((nodes) => slicesOf(nodes).map((slices) => ({ nodes, slices })));
/** Which of up to 7 nodes belong together. */
const labels = fc.array(fc.option(fc.integer({ min: 0, max: 2 }), { freq: 5 }), { minLength: 7, maxLength: 7 });

describe('federated systems against every subset', () => {
  it('contain a quorum exactly when some non-empty subset is content', () => {
    fc.assert(
      fc.property(federated, fc.nat(63), ({ nodes, slices }, mask) => {
        const system: QuorumSystem = { kind: 'slices', slices };
        const present = mask & ((1 << nodes) - 1);
        expect(isMet(system, (node) => ((present >> node) & 1) === 1)).toBe(met(system, present));
      }),
      runs,
    );
  });

  it('are split by an admissible set of liars exactly when two disjoint quorums say so', () => {
    fc.assert(
      fc.property(federatedCases, ({ system, model, slices }) => {
        const nodes = system.nodes.length;
        const federation = federationOf(slices, nodes);
        const sets = admissible(system, model, ['byzantine']);
        const { units, budgets } = liarBudgets(new FaultFamily(system, model).strikes(['byzantine']), nodes);
        const split = new SplitSearch(federation, units, work()).within(budgets);
        expect(split !== null).toBe([...sets].some((lying) => isSplitBy(slices, nodes, lying)));
        if (split === null) return;
        const lying = maskOf(split.lying);
        expect(sets.has(lying)).toBe(true);
        for (const quorum of [split.first, split.second]) {
          expect(isClosed(slices, maskOf(quorum), lying) && quorum.length > 0).toBe(true);
          expect(maskOf(quorum) & lying).toBe(0);
        }
        expect(maskOf(split.first) & maskOf(split.second)).toBe(0);
      }),
      runs,
    );
  });

  it('are split by these smallest and minimal sets of nodes, and of groups of nodes', () => {
    fc.assert(
      fc.property(federated, labels, fc.boolean(), ({ nodes, slices }, label, grouped) => {
        const federation = federationOf(slices, nodes);
        const units = grouped ? groupedUnits(label.slice(0, nodes)) : singleUnits(nodes);
        const splitting = range(1 << units.members.length).filter((set) =>
          isSplitBy(slices, nodes, maskOf(bits(set).flatMap((unit) => units.members[unit] ?? []))),
        );
        const smallest = smallestSplitting(federation, units, work());
        if (splitting.length === 0) expect(smallest).toEqual({ kind: 'exact', found: null, size: units.members.length });
        else expect(smallest.kind === 'exact' && smallest.size).toBe(Math.min(...splitting.map((set) => bits(set).length)));
        if (smallest.kind === 'exact' && smallest.found !== null) expect(splitting).toContain(maskOf(smallest.found.units));
        expect(minimalSplittingSets(federation, units, work())).toEqual({ sets: inOrder(minimalOnes(splitting)), complete: true });
      }),
      runs,
    );
  });

  it('have these minimal quorums, and the top tier made of them', () => {
    fc.assert(
      fc.property(federated, ({ nodes, slices }) => {
        const federation = federationOf(slices, nodes);
        const minimal = inOrder(minimalOnes(quorumsDespite(slices, nodes, 0)));
        expect(listMinimalQuorums(federation, work(), 1000)).toEqual({ sets: minimal, complete: true });
        const tier = [...new Set(minimal.flat())].sort((a, b) => a - b);
        expect(topTier(federation, work())).toEqual({ nodes: tier, exact: true });
        const inCores = cores(federation, work());
        expect(tier.every((node) => inCores.some((core) => core.includes(node)))).toBe(true);
        expect(inCores.every((core) => isClosed(slices, maskOf(core)))).toBe(true);
      }),
      runs,
    );
  });

  it('are blocked by exactly the sets that hit all minimal quorums', () => {
    fc.assert(
      fc.property(federated, labels, fc.boolean(), ({ nodes, slices }, label, grouped) => {
        const federation = federationOf(slices, nodes);
        const units = grouped ? groupedUnits(label.slice(0, nodes)) : singleUnits(nodes);
        const all = (1 << nodes) - 1;
        const blocking = range(1 << units.members.length).filter(
          (set) => !met({ kind: 'slices', slices }, all & ~maskOf(bits(set).flatMap((unit) => units.members[unit] ?? []))),
        );
        const smallest = smallestBlocking(federation, units, work());
        expect(smallest.kind === 'exact' && smallest.size).toBe(Math.min(...blocking.map((set) => bits(set).length)));
        if (smallest.kind === 'exact' && smallest.found !== null) expect(blocking).toContain(maskOf(smallest.found));
        expect(minimalBlockingSets(federation, units, work())).toEqual({ sets: inOrder(minimalOnes(blocking)), complete: true });
      }),
      runs,
    );
  });

  it('lose every connected quorum to an admissible fault set exactly when there is such a set', () => {
    fc.assert(
      fc.property(federatedCases, ({ system, model, links, directed, slices }) => {
        const quorum: QuorumSystem = { kind: 'slices', slices };
        const nodes = system.nodes.length;
        const answer = isFederatedAvailable(new FaultFamily(system, model), federationOf(slices, nodes), work());
        const all = (1 << nodes) - 1;
        if (answer.verdict === 'no-quorum') {
          expect(met(quorum, all)).toBe(false);
          return;
        }
        expect(answer.verdict === 'holds').toBe(available(system, model, quorum, links, directed));
        if (answer.verdict === 'holds') return;
        const gone = maskOf(goneNodes(system, answer.faults));
        expect(admissible(system, model, ['crash', 'omission', 'byzantine']).has(gone)).toBe(true);
        if (answer.how === 'too-few') expect(met(quorum, all & ~gone)).toBe(false);
        for (const side of answer.sides) expect(met(quorum, maskOf(side))).toBe(false);
      }),
      runs,
    );
  });

  it('keep these nodes intact: those outside the intersection of all dispensable sets', () => {
    fc.assert(
      fc.property(federated, fc.nat(63), ({ nodes, slices }, mask) => {
        const all = (1 << nodes) - 1;
        const ill = mask & all;
        const intact = intactNodes(federationOf(slices, nodes), mark(bits(ill), nodes), work());
        if (isSplitBy(slices, nodes, 0)) {
          expect(intact.nodes).toEqual([]);
          return;
        }
        let common = all;
        for (let set = 0; set <= all; set++) {
          const isDispensable = !isSplitBy(slices, nodes, set) && (set === all || isClosed(slices, all & ~set));
          if (isDispensable && (set & ill) === ill) common &= set;
        }
        expect(maskOf(intact.nodes)).toBe(all & ~common);
      }),
      runs,
    );
  });

  it('keep the fewest nodes intact with this admissible set of liars', () => {
    fc.assert(
      fc.property(federatedCases, ({ system, model, slices }) => {
        const nodes = system.nodes.length;
        const federation = federationOf(slices, nodes);
        const worst = worstIntact(federation, new FaultFamily(system, model).strikes(['byzantine']), work(), 1000);
        const sets = admissible(system, model, ['byzantine']);
        const counts = [...sets].map((set) => intactNodes(federation, mark(bits(set), nodes), work()).nodes.length);
        // Liars that are in no quorum change nothing, and are not named.
        expect(worst.nodes.length).toBe(Math.min(...counts));
        expect(sets.has(maskOf(worst.illBehaved))).toBe(true);
      }),
      { numRuns: Math.min(300, runs.numRuns) },
    );
  });

  it('intertwine two nodes exactly when no quorums of theirs are disjoint despite the liars', () => {
    fc.assert(
      fc.property(federated, fc.nat(63), fc.nat(5), fc.nat(5), ({ nodes, slices }, mask, a, b) => {
        const lying = mask & ((1 << nodes) - 1);
        const [first, second] = [a % nodes, b % nodes];
        fc.pre(first !== second && ((lying >> first) & 1) === 0 && ((lying >> second) & 1) === 0);
        const quorums = quorumsDespite(slices, nodes, lying);
        const apart = quorums.some((one) => (one >> first) & 1 && quorums.some((two) => (two >> second) & 1 && (one & two) === 0));
        const federation = federationOf(slices, nodes);
        expect(areIntertwined(federation, first, second, mark(bits(lying), nodes), work())).toBe(!apart);
        expect(splitDespite(federation, mark(bits(lying), nodes), work()) !== null).toBe(isSplitBy(slices, nodes, lying));
      }),
      runs,
    );
  });
});

describe('federated systems under changes', () => {
  const smallest = (slices: Parameters<typeof federationOf>[0], nodes: number) => {
    const federation = federationOf(slices, nodes);
    return [smallestSplitting(federation, singleUnits(nodes), work()), smallestBlocking(federation, singleUnits(nodes), work())].map(
      (answer) => (answer.kind === 'exact' ? [answer.size, answer.found !== null] : null),
    );
  };

  it('renaming nodes changes no number', () => {
    fc.assert(
      fc.property(federated, fc.nat(), ({ nodes, slices }, by) => {
        const renamed = (node: number): number => (node + by) % nodes;
        const rename = (system: QuorumSystem): QuorumSystem => {
          if (system.kind === 'node') return { ...system, node: renamed(system.node) };
          if (system.kind === 'atleast') return { ...system, of: system.of.map(rename) };
          return system.kind === 'weighted' ? { ...system, nodes: system.nodes.map(renamed) } : system;
        };
        const others = slices.map((entry) => ({ node: renamed(entry.node), needs: rename(entry.needs) }));
        expect(smallest(others, nodes)).toEqual(smallest(slices, nodes));
      }),
      runs,
    );
  });

  it('one more slice never brings quorums together, nor takes one away', () => {
    fc.assert(
      fc.property(
        federated.chain((of) => needs(of.nodes).map((more) => ({ ...of, more }))),
        ({ nodes, slices, more }) => {
          const looser = slices.map((entry, i) => (i === 0 ? { ...entry, needs: atleast(1, [entry.needs, more]) } : entry));
          const before = federationOf(slices, nodes);
          const after = federationOf(looser, nodes);
          const nobody = new Uint8Array(nodes);
          if (splitDespite(before, nobody, work()) !== null) expect(splitDespite(after, nobody, work())).not.toBeNull();
          const blocks = (of: typeof before): number => {
            const answer = smallestBlocking(of, singleUnits(nodes), work());
            return answer.kind === 'exact' ? answer.size : -1;
          };
          expect(blocks(after)).toBeGreaterThanOrEqual(blocks(before));
        },
      ),
      runs,
    );
  });

  it('a newcomer whom nobody trusts and who is in no minimal quorum leaves the minimal quorums as they are', () => {
    fc.assert(
      fc.property(
        federated.filter(({ slices }) => slices.length > 0),
        ({ nodes, slices }) => {
          // It needs what an older node needs, and that node.
          const { node, needs: same } = slices[0] as (typeof slices)[number];
          const federation = federationOf([...slices, { node: nodes, needs: atleast(2, [node, same]) }], nodes + 1);
          const list = (of: typeof federation) => listMinimalQuorums(of, work(), 1000).sets;
          expect(list(federation)).toEqual(list(federationOf(slices, nodes)));
          const nobody = new Uint8Array(nodes + 1);
          const split = splitDespite(federation, nobody, work());
          expect(split !== null).toBe(isSplitBy(slices, nodes, 0));
          expect(marked(mark(split?.first ?? [], nodes + 1)).includes(nodes)).toBe(false);
        },
      ),
      runs,
    );
  });
});
