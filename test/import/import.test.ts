import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImportError, type ImportedNetwork, trustedOnly } from '../../src/import/network.ts';
import { readStellar } from '../../src/import/stellar.ts';
import { readUniqueNodeLists } from '../../src/import/unique-node-lists.ts';
import { writeNetwork } from '../../src/import/write.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { checkFile } from '../../src/pipeline/check.ts';

const uri = 'test:///import.dsys';

function check(text: string) {
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  return checkFile(workspace, uri);
}

const codesOf = (text: string): string[] => [
  ...new Set(
    check(text)
      .findings.filter(({ severity }) => severity === 'error' || severity === 'warning')
      .map(({ code }) => code),
  ),
];

const organisation = (name: string, size: number) => range(size).map((i) => `${name}${i}`);
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Seven organisations with three validators each; each validator needs five organisations, and two validators of each. */
function sevenOrganisations(threshold = 5): unknown {
  const names = ['SDF', 'LOBSTR', 'Public Node', 'SatoshiPay', 'Franklin Templeton', 'Blockdaemon', 'Whalestack'];
  const quorumSet = {
    threshold,
    validators: [],
    innerQuorumSets: names.map((name) => ({ threshold: 2, validators: organisation(name, 3), innerQuorumSets: [] })),
  };
  return {
    nodes: names.flatMap((name, o) =>
      organisation(name, 3).map((publicKey, i) => ({ publicKey, name: `${name} ${i + 1}`, organizationId: `id${o}`, quorumSet })),
    ),
    organizations: names.map((name, o) => ({ id: `id${o}`, name, validators: organisation(name, 3) })),
  };
}

describe('a Stellar network', () => {
  it('becomes a file that checks without a finding', () => {
    const text = writeNetwork(readStellar(JSON.stringify(sevenOrganisations())), { from: 'pubnet.json', kind: 'slices' });
    expect(codesOf(text)).toEqual([]);
    expect(text).toContain('zone org_sdf  // SDF');
    expect(text).toContain('// public_node[1] Public Node 2 (Public Node1)');
    expect(text).toContain('node franklin_templeton[3] in org_franklin_templeton');
    expect(text).toMatch(/sdf \+ lobstr \+ public_node \+ .*: atleast\(5, \[atleast\(2, sdf\), atleast\(2, lobstr\)/);
    const trust = check(text).systems[0]?.system?.deployments[0]?.arguments[0]?.value;
    expect(trust).toMatchObject({ kind: 'slices' });
  });

  it('whose thresholds are too low is found out', () => {
    const text = writeNetwork(readStellar(JSON.stringify(sevenOrganisations(3))), { from: 'pubnet.json', kind: 'slices' });
    expect(codesOf(text)).toEqual(['DS3003']);
  });

  it('is read as a bare list; nodes that are listed and not there count as crashed', () => {
    const network = readStellar(
      JSON.stringify([
        { publicKey: 'GA', quorumSet: { threshold: 2, validators: ['GA', 'GB', 'GC'] } },
        { publicKey: 'GB', name: 'b', quorumSet: { threshold: 2, validators: ['GA', 'GB'] } },
        { publicKey: 'GD', quorumSet: null },
        { publicKey: 'GE', quorumSet: { threshold: 9007199254740991, validators: [], innerQuorumSets: [] } },
      ]),
    );
    expect(network.nodes.map(({ key, name, needs }) => [key, name, needs?.threshold ?? null])).toEqual([
      ['GA', 'GA', 2],
      ['GB', 'b', 2],
      ['GD', 'GD', null],
      ['GE', 'GE', null],
      ['GC', 'GC', null],
    ]);
    expect(trustedOnly(network).nodes.map(({ key }) => key)).toEqual(['GA', 'GB', 'GC']);
    expect(codesOf(writeNetwork(network, { from: 'x', kind: 'slices' }))).toContain('DS3202');
  });

  it.each<readonly [problem: string, text: string, message: RegExp]>([
    ['no JSON', '{"nodes": [', /this is no JSON/],
    ['another document', '7', /the document is no network/],
    ['no nodes', '[]', /the document is empty/],
    ['no key', '[{"name": "a"}]', /`\[0\]\.publicKey` is missing/],
    ['a key of another type', '{"nodes": [{"publicKey": 5}]}', /`nodes\[0\]\.publicKey` must be a text, and is 5/],
    ['a key twice', '[{"publicKey": "a"}, {"publicKey": "a"}]', /`\[1\]` has the same public key as number 0/],
    [
      'a threshold of another type',
      '[{"publicKey": "a", "quorumSet": {"threshold": "2", "validators": []}}]',
      /quorumSet\.threshold` must be a number, and is the text "2"/,
    ],
    [
      'half a threshold',
      '[{"publicKey": "a", "quorumSet": {"threshold": 1.5, "validators": ["a"]}}]',
      /whole number of 0 or more, and is 1.5/,
    ],
    ['validators of another type', '[{"publicKey": "a", "quorumSet": {"threshold": 1, "validators": "a"}}]', /validators` must be a list/],
    ['too many nodes', JSON.stringify(range(5001).map((i) => ({ publicKey: `k${i}` }))), /has 5001 nodes, and 5000 are the most/],
    [
      'sets without end',
      `[{"publicKey": "a", "quorumSet": ${'{"threshold": 1, "innerQuorumSets": ['.repeat(40)}${']}'.repeat(40)}}]`,
      /nested deeper than 16 levels/,
    ],
  ])('with %s is refused, with the place', (_problem, text, message) => {
    expect(() => readStellar(text)).toThrow(ImportError);
    expect(() => readStellar(text)).toThrow(message);
  });
});

describe('unique node lists', () => {
  const names = range(10).map((i) => `val${i}`);

  it('of one kind become a file that checks without a finding', () => {
    for (const document of [
      names,
      { unl: names, quorum: 0.8 },
      { nodes: Object.fromEntries(names.map((name) => [name, { unl: names, quorum: 8 }])) },
    ]) {
      const network = readUniqueNodeLists(JSON.stringify(document));
      expect(network.nodes.map(({ needs }) => needs?.threshold)).toEqual(names.map(() => 8));
      expect(codesOf(writeNetwork(network, { from: 'unl.json', kind: 'lists' }))).toEqual([]);
    }
  });

  it('that overlap too little are found out', () => {
    const nodes = Object.fromEntries(names.map((name, i) => [name, { unl: i < 5 ? names.slice(0, 7) : names.slice(3), quorum: 0.8 }]));
    const text = writeNetwork(readUniqueNodeLists(JSON.stringify({ nodes })), { from: 'unl.json', kind: 'lists' });
    expect(codesOf(text)).toContain('DS3201');
  });

  it('round shares up exactly', () => {
    const threshold = (quorum: number, size: number): number | undefined =>
      readUniqueNodeLists(JSON.stringify({ unl: range(size).map(String), quorum })).nodes[0]?.needs?.threshold;
    expect([threshold(0.8, 35), threshold(0.8, 36), threshold(0.7, 10), threshold(1, 7), threshold(0.07, 100), threshold(5, 7)]).toEqual([
      28, 29, 7, 7, 7, 5,
    ]);
  });

  it.each<readonly [problem: string, text: string, message: RegExp]>([
    ['an empty list', '[]', /the document is empty/],
    ['a name twice', '["a", "a"]', /the document lists "a" twice/],
    ['a share that is none', '{"unl": ["a"], "quorum": 1.5}', /`quorum` must be a share above 0 and up to 1/],
    ['a share of zero', '{"nodes": {"a": {"unl": ["a"], "quorum": 0}}}', /`nodes.a.quorum` must be a share/],
    ['no list', '{"nodes": {"a": {}}}', /`nodes.a.unl` must be a list, and is missing/],
    ['another document', '"a"', /the document is no unique node list/],
  ])('with %s are refused, with the place', (_problem, text, message) => {
    expect(() => readUniqueNodeLists(text)).toThrow(ImportError);
    expect(() => readUniqueNodeLists(text)).toThrow(message);
  });
});

describe('whatever nodes and organisations are called', () => {
  it('the file reads without an error', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom('nodes', 'quorum', 'let', 'in', 'org_a', 'a', 'A', 'a*/b', '//', '\n', '1', ' '),
    );
    const networks = fc.uniqueArray(text, { minLength: 1, maxLength: 6 }).chain((keys) =>
      fc
        .tuple(
          fc.array(text, { minLength: 6, maxLength: 6 }),
          fc.array(fc.option(text), { minLength: 6, maxLength: 6 }),
          fc.array(fc.option(fc.subarray(keys, { minLength: 1 })), { minLength: 6, maxLength: 6 }),
        )
        .map(
          ([names, organisations, lists]): ImportedNetwork => ({
            nodes: keys.map((key, i) => {
              const validators = lists[i];
              return {
                key,
                name: names[i] as string,
                organisation: organisations[i] ?? null,
                needs: validators
                  ? { threshold: 1, validators: [...validators], inner: [{ threshold: 1, validators: [...validators], inner: [] }] }
                  : null,
              };
            }),
          }),
        ),
    );
    fc.assert(
      fc.property(networks, text, (network, from) => {
        const written = writeNetwork(network, { from, kind: 'slices' });
        const { findings, systems } = check(written);
        // What it says of the network may be an error; of the text nothing may.
        expect(
          findings.filter(({ code, severity }) => severity === 'error' && !code.startsWith('DS3')).map(({ message }) => message),
        ).toEqual([]);
        expect(systems[0]?.system?.nodes.length).toBe(network.nodes.length);
      }),
      { numRuns: 150 },
    );
  });
});
