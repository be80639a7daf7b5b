import { describe, expect, test } from 'vitest';
import type { CardSection } from '../../../src/analysis/card/section.ts';
import { linesOf, sectionsOf } from './card-of.ts';

const protocol = 'protocol P(trust: Quorum) { requires safety intersect(trust) }';

function federated(text: string): CardSection | undefined {
  return sectionsOf(`${protocol}\n${text}`).find(({ id }) => id === 'federated');
}

describe('federated quorums of a deployment', () => {
  test('three organisations of three, each of which trusts two of them', () => {
    const section = federated(`system S {
  zone east
  zone west
  node a[3] in east
  node b[3] in west
  node c[3] in west
  quorum Trust = slices { a + b + c: atleast(3, [atleast(2, a), atleast(2, b), atleast(2, c)]) }
  faults One { byzantine 1 of a }
  run P(trust: Trust) on nodes
}`);
    expect(linesOf(section)).toMatchInlineSnapshot(`
      "quorum intersection: holds despite every admissible set of liars
      minimal quorums: 27, the smallest of 6 nodes
        Such as \`a[0]\`, \`a[1]\`, \`b[0]\`, \`b[1]\`, \`c[0]\` and \`c[1]\`.
      top tier: 9 nodes, symmetric: each needs 3 of 3 parts
        \`a[0]\`, \`a[1]\`, \`a[2]\`, \`b[0]\`, \`b[1]\`, \`b[2]\`, \`c[0]\`, \`c[1]\` and \`c[2]\`.
      smallest splitting set: 3
        Such as \`a[2]\`, \`b[0]\` and \`c[2]\`.
      smallest blocking set: 2
        Such as \`a[0]\` and \`a[1]\`.
      smallest splitting set by zone: none, of any size
      smallest blocking set by zone: 1
        Such as \`east\`.
      smallest splitting set by node group: none, of any size
      smallest blocking set by node group: 1
        Such as \`a\`.
      intact nodes: 8 of 9 at worst, with \`a[0]\` Byzantine"
    `);
    expect(section?.rows.map(({ data }) => data)).toContainEqual({ exact: true, size: 2, units: ['a[0]', 'a[1]'] });
  });

  test('two islands, and nobody intact', () => {
    const section = federated(`system S {
  node a[3]
  node b[3]
  quorum Trust = slices { a: atleast(3, a)  b: atleast(2, b) }
  faults One { byzantine 1 of a }
  run P(trust: Trust) on nodes
}`);
    expect(linesOf(section)).toMatchInlineSnapshot(`
      "quorum intersection: fails even without liars
        One quorum: \`a[0]\`, \`a[1]\` and \`a[2]\`.
        Another: \`b[0]\` and \`b[2]\`.
      minimal quorums: 4, the smallest of 2 nodes
        Such as \`b[0]\` and \`b[1]\`.
      top tier: 6 nodes
        \`a[0]\`, \`a[1]\`, \`a[2]\`, \`b[0]\`, \`b[1]\` and \`b[2]\`.
        They form 2 groups that do not trust each other: their quorums are apart.
      smallest splitting set: 0: it is so already
      smallest blocking set: 3
        Such as \`a[0]\`, \`b[0]\` and \`b[1]\`.
      smallest splitting set by node group: 0: it is so already
      smallest blocking set by node group: 2
        Such as \`a\` and \`b\`.
      intact nodes: 0 of 6 at worst, with \`a[0]\` Byzantine
        Not intact then, though they do as they should: \`a[1]\`, \`a[2]\`, \`b[0]\`, \`b[1]\` and \`b[2]\`.
      unique node lists: 2 lists; those of \`b[0]\` and \`a[0]\` share 0, and XRP’s consensus needs 3"
    `);
    expect(section?.rows[0]?.data).toMatchObject({ holds: false, liars: [] });
  });

  test('unique node lists', () => {
    const section = federated(`system S {
  node v[10]
  quorum Trust = slices { v[0..1]: atleast(6, v[0..7])  v[2..9]: atleast(8, v) }
  faults Two { byzantine 2 of v }
  run P(trust: Trust) on nodes
}`);
    expect(linesOf(section)).toMatchInlineSnapshot(`
      "quorum intersection: holds despite every admissible set of liars
      minimal quorums: 45, the smallest of 8 nodes
        Such as \`v[0]\`, \`v[1]\`, \`v[2]\`, \`v[3]\`, \`v[4]\`, \`v[5]\`, \`v[6]\` and \`v[7]\`.
      top tier: 10 nodes
        \`v[0]\`, \`v[1]\`, \`v[2]\`, \`v[3]\`, \`v[4]\`, \`v[5]\`, \`v[6]\`, \`v[7]\`, \`v[8]\` and \`v[9]\`.
      smallest splitting set: 4
        Such as \`v[4]\`, \`v[5]\`, \`v[6]\` and \`v[7]\`.
      smallest blocking set: 3
        Such as \`v[0]\`, \`v[1]\` and \`v[2]\`.
      intact nodes: 8 of 10 at worst, with \`v[0]\` and \`v[1]\` Byzantine
      unique node lists: 2 lists; those of \`v[0]\` and \`v[2]\` share 8, and XRP’s consensus needs 10"
    `);
    expect(section?.rows.at(-1)?.data).toMatchObject({ lists: 2, enough: false });
  });

  test('nothing is said where there are no slices', () => {
    expect(federated('system S { node v[4]  quorum Trust = majority(v)  run P(trust: Trust) on v }')).toBeUndefined();
  });
});
