import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { minimalBlockingSets, smallestBlocking } from '../../src/analysis/federated/blocking-sets.ts';
import { blocksNode, type Federation, federationOf, mark } from '../../src/analysis/federated/federation.ts';
import { cores, listMinimalQuorums } from '../../src/analysis/federated/minimal-quorums.ts';
import { hasQuorum, splitDespite } from '../../src/analysis/federated/split.ts';
import { minimalSplittingSets, smallestSplitting } from '../../src/analysis/federated/splitting-sets.ts';
import { symmetricTier, topTier } from '../../src/analysis/federated/top-tier.ts';
import { leastOverlap, type NodeList } from '../../src/analysis/federated/unique-node-lists.ts';
import { groupedUnits, singleUnits } from '../../src/analysis/federated/units.ts';
import { Work } from '../../src/analysis/work.ts';
import { type ImportedNeeds, withListed } from '../../src/import/network.ts';
import { readStellar } from '../../src/import/stellar.ts';
import type { QuorumSystem } from '../../src/model/values.ts';
import { atleast, range } from './systems.ts';

/** Numbers that others have published, each with its source. */

interface Vector {
  readonly id: string;
  readonly input: { readonly fbas?: readonly unknown[]; readonly fbas_file?: string };
  readonly expected: Readonly<Record<string, unknown>>;
}

const vectorsFile = new URL('./vectors/federated-quorums.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(vectorsFile, 'utf8')) as { vectors: readonly Vector[] };
const isHere = ({ input }: Vector): boolean =>
  input.fbas !== undefined || existsSync(new URL(`./vectors/${input.fbas_file}`, import.meta.url));

const work = (): Work => new Work(50_000_000);

function federation(fbas: readonly unknown[]): Federation {
  const { nodes } = withListed(readStellar(JSON.stringify(fbas)).nodes);
  const index = new Map(nodes.map(({ key }, i) => [key, i]));
  const system = ({ threshold, validators, inner }: ImportedNeeds): QuorumSystem =>
    atleast(threshold, [...validators.map((key) => index.get(key) as number), ...inner.map(system)]);
  return federationOf(
    nodes.flatMap(({ needs }, node) => (needs === null ? [] : [{ node, needs: system(needs) }])),
    nodes.length,
  );
}

/** What the vectors ask for. Without any quorum fbas_analyzer says that quorums do not intersect; here that is a finding of its own. */
const questions: Readonly<Record<string, (of: Federation) => unknown>> = {
  minimal_quorums: (of) => listMinimalQuorums(of, work(), 1000).sets,
  minimal_blocking_sets: (of) => minimalBlockingSets(of, singleUnits(of.nodeCount), work()).sets,
  minimal_splitting_sets: (of) => minimalSplittingSets(of, singleUnits(of.nodeCount), work()).sets,
  has_quorum_intersection: (of) => hasQuorum(of, work()) && splitDespite(of, new Uint8Array(of.nodeCount), work()) === null,
  core_nodes: (of) =>
    cores(of, work())
      .flat()
      .sort((a, b) => a - b),
};

describe('small federated systems of fbas_analyzer', () => {
  it('are all asked whose input is at hand; the others name a file that was not given', () => {
    expect(vectors.filter(isHere).map(({ id }) => id)).toEqual([
      'minimal_blocking_sets_in_different_consensus_clusters',
      'minimal_splitting_sets_if_two_quorums',
      'minimal_splitting_sets_that_split_single_nodes_by_qset_lying',
      'minimal_splitting_sets_in_almost_line',
      'symmetric_top_tier_in_broken_symmetric_fbas',
      'one_node_quorums_are_relevant',
    ]);
  });
  for (const { id, input, expected } of vectors.filter(isHere)) {
    it(id, () => {
      const of = federation(input.fbas ?? []);
      for (const [name, value] of Object.entries(expected)) expect(questions[name]?.(of)).toEqual(value);
    });
  }
});

describe('symmetric top tiers (Florian et al. 2022)', () => {
  for (const [m, t] of [
    [3, 2],
    [4, 3],
    [7, 5],
    [10, 7],
    [10, 5],
    [22, 15],
  ] as const) {
    it(`${t} of ${m}: blocked by m − t + 1, split by 2t − m`, () => {
      const shared = atleast(t, range(m));
      const of = federationOf(
        range(m).map((node) => ({ node, needs: shared })),
        m,
      );
      const units = singleUnits(m);
      expect(symmetricTier(of, work())).toMatchObject({ nodes: range(m), threshold: t, parts: m });
      expect(topTier(of, work())).toEqual({ nodes: range(m), exact: true });
      expect(smallestBlocking(of, units, work())).toMatchObject({ kind: 'exact', size: m - t + 1 });
      expect(smallestSplitting(of, units, work())).toMatchObject({ kind: 'exact', size: Math.max(0, 2 * t - m) });
      expect(splitDespite(of, new Uint8Array(m), work()) === null).toBe(2 * t > m);
    });
  }

  it('of organisations of three that need two: by node twice as many block, by organisation the closed forms hold', () => {
    const organisation = range(7).map((o) => atleast(2, [3 * o, 3 * o + 1, 3 * o + 2]));
    const shared = atleast(5, organisation);
    const of = federationOf(
      range(21).map((node) => ({ node, needs: shared })),
      21,
    );
    const byNode = singleUnits(21);
    const byOrganisation = groupedUnits(range(21).map((node) => Math.floor(node / 3)));
    expect(smallestBlocking(of, byNode, work())).toMatchObject({ size: 6 });
    expect(smallestBlocking(of, byOrganisation, work())).toMatchObject({ size: 3 });
    expect(smallestSplitting(of, byNode, work())).toMatchObject({ size: 3 });
    expect(smallestSplitting(of, byOrganisation, work())).toMatchObject({ size: 3 });
    // Two of three in three organisations hit every slice.
    expect(blocksNode(of, 0, mark([0, 1, 3, 4, 6, 7], 21))).toBe(true);
    expect(blocksNode(of, 0, mark([0, 1, 3, 4, 6], 21))).toBe(false);
  });
});

describe('unique node lists (Chase & MacBrough 2018, arXiv:1802.07242)', () => {
  const lists = (n: number, quorum: number, overlap: number): NodeList[] => [
    { users: [0], list: range(n), quorum },
    { users: [1], list: range(n).map((node) => node + n - overlap), quorum },
  ];
  const tables = JSON.parse(readFileSync(new URL('./vectors/replication-tables.json', import.meta.url), 'utf8')) as {
    vectors: readonly { id: string; rows: readonly Record<string, number>[] }[];
  };
  const rows = tables.vectors.find(({ id }) => id === 'XRP UNL overlap')?.rows ?? [];

  it('has rows to be held against', () => {
    expect(rows.length).toBe(2);
  });
  for (const { n, q, t, min_overlap_exclusive: bound } of rows as readonly Record<'n' | 'q' | 't' | 'min_overlap_exclusive', number>[]) {
    it(`of ${n} with quorums of ${q} and ${t} liars must share more than ${bound}`, () => {
      for (const overlap of range(n + 1)) {
        const pair = leastOverlap(lists(n, q, overlap), (shared) => Math.min(t, shared.length));
        // The bound is for an overlap of at least t.
        if (overlap >= t) expect(pair === null).toBe(overlap > bound);
        if (pair !== null && overlap >= t) expect(pair.needed).toBe(Math.floor(bound) + 1);
      }
    });
  }

  it('compares a list with itself only where two nodes use it', () => {
    const list: NodeList = { users: [0], list: range(10), quorum: 5 };
    expect(leastOverlap([list], () => 0)).toBeNull();
    expect(leastOverlap([{ ...list, users: [0, 1] }], () => 0)).toMatchObject({ needed: 11 });
    expect(leastOverlap([{ ...list, users: [0, 1], quorum: 6 }], () => 0)).toBeNull();
    expect(leastOverlap([{ ...list, users: [0, 1], quorum: 6 }], () => 1)).toMatchObject({ needed: 11, liars: 1 });
  });
});
