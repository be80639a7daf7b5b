import { describe, expect, test } from 'vitest';
import type { CardSection } from '../../../src/analysis/card/section.ts';
import { linesOf, sectionsOf } from './card-of.ts';

function quorums(text: string): CardSection | undefined {
  return sectionsOf(text).find(({ id }) => id === 'quorums');
}

describe('quorum systems of a deployment', () => {
  test('a majority of five with service times', () => {
    const section = quorums(`
protocol P {
  quorum Majority = majority(members)
  requires liveness available(Majority)
}
system S {
  node replica[5] (cpu: 20us)
  run P on replica
}`);
    expect(linesOf(section)).toMatchInlineSnapshot(`
      "quorum \`Majority\`: at least 3 of 5 nodes; 10 minimal quorums; any 2 may be lost; the busiest node takes part in 60%; at most 83330/s at one message each
        Without \`replica[0]\`, \`replica[1]\` and \`replica[2]\` no quorum is left.
        The best strategy asks: any 3 of \`replica[0]\`, \`replica[1]\`, \`replica[2]\`, \`replica[3]\` and 1 more."
    `);
    expect(section?.rows[0]?.data).toMatchObject({ smallest: 3, minimal: 10, resilience: 2, load: 0.6 });
  });

  test('nodes of unlike speed: the fast ones are asked more', () => {
    const section = quorums(`
protocol P {
  quorum Two = atleast(2, members)
}
system S {
  node fast[2] (cpu: 10us)
  node slow (cpu: 40us)
  run P on fast + slow
}`);
    expect(linesOf(section)).toMatchInlineSnapshot(`
      "quorum \`Two\`: at least 2 of 3 nodes; 3 minimal quorums; any 1 may be lost; the busiest node takes part in 66.67%; at most 112500/s at one message each
        Without \`fast[0]\` and \`fast[1]\` no quorum is left.
        The best strategy asks: 77.78% \`fast[0]\` and \`fast[1]\`; 22.22% \`slow\`, with any 1 of \`fast[0]\` and \`fast[1]\`."
    `);
  });

  test('reads and writes, with a better system over the same nodes', () => {
    const section = quorums(`
protocol Store {
  quorum Read = atleast(2, members)
  quorum Write = atleast(4, members)
  requires safety intersect(Read, Write)
}
system S {
  node a (cpu: 250us)
  node b (cpu: 500us)
  node c (cpu: 250us)
  node d (cpu: 500us)
  node e (cpu: 250us)
  run Store on a + b + c + d + e
}`);
    expect(linesOf(section)).toMatchInlineSnapshot(`
      "quorum \`Read\`: at least 2 of 5 nodes; 10 minimal quorums; any 3 may be lost; the busiest node takes part in 40%; at most 8000/s at one message each
        Without \`a\`, \`b\`, \`c\` and \`d\` no quorum is left.
        The best strategy asks: 50% any 2 of \`a\`, \`c\` and \`e\`; 50% any 1 of \`a\`, \`c\` and \`e\`, with any 1 of \`b\` and \`d\`.
      quorum \`Write\`: at least 4 of 5 nodes; 5 minimal quorums; any 1 may be lost; the busiest node takes part in 80%; at most 4000/s at one message each
        Without \`a\` and \`b\` no quorum is left.
        The best strategy asks: \`a\`, \`c\` and \`e\`, with any 1 of \`b\` and \`d\`.
      reads \`Read\`, writes \`Write\`: 10% reads: load 76%, at most 4211/s; 50% reads: load 60%, at most 5333/s; 90% reads: load 44%, at most 7273/s
        With half reads the best strategy asks, to read: 75% any 2 of \`a\`, \`c\` and \`e\`; 25% \`b\` and \`d\`; to write: \`a\`, \`c\` and \`e\`, with any 1 of \`b\` and \`d\`.
        Over the same nodes, with half reads and no less resilience, 1.385 times as much is possible: reads \`(a + e) * ((b * d) + c)\`, writes \`(a * e) + ((b + d) * c)\`."
    `);
  });

  test('fifty members take no longer than five, and what is too large is undecided', () => {
    const section = quorums(`
protocol P {
  quorum Majority = majority(members)
  quorum Heavy = weighted(members, 5000)
}
system S {
  node replica[50] (weight: [${Array.from({ length: 50 }, (_, i) => 100 + 7 * i).join(', ')}])
  run P on replica
}`);
    expect(linesOf(section)).toMatchInlineSnapshot(`
      "quorum \`Majority\`: at least 26 of 50 nodes; 121548660036300 minimal quorums; any 24 may be lost; the busiest node takes part in 52%
        Without \`replica[0]\`, \`replica[1]\`, \`replica[2]\`, \`replica[3]\`, \`replica[4]\`, \`replica[5]\`, \`replica[6]\`, \`replica[7]\` and 17 more no quorum is left.
        The best strategy asks: any 26 of \`replica[0]\`, \`replica[1]\`, \`replica[2]\`, \`replica[3]\` and 46 more.
      quorum \`Heavy\`: any 23 may be lost; load undecided: there are too many minimal quorums that differ
        Without \`replica[26]\`, \`replica[27]\`, \`replica[28]\`, \`replica[29]\`, \`replica[30]\`, \`replica[31]\`, \`replica[32]\`, \`replica[33]\` and 16 more no quorum is left."
    `);
  });

  test('quorums that cannot form, and those that ask nobody', () => {
    const section = quorums(`
protocol P {
  quorum Nobody = atleast(0, members)
}
system S {
  node replica[3]
  run P on replica
}`);
    expect(linesOf(section)).toBe('quorum `Nobody`: the empty set is a quorum');
  });

  test('many organisations alike', () => {
    const organisations = Array.from({ length: 12 }, (_, i) => `atleast(2, v[${3 * i}..${3 * i + 2}])`).join(', ');
    const section = quorums(`
protocol P(q: Quorum) {
  quorum Q = q
}
system S {
  node v[36]
  run P(q: atleast(9, [${organisations}])) on v
}`);
    expect(linesOf(section)).toMatchInlineSnapshot(`
      "quorum \`Q\`: at least 18 of 36 nodes; 4330260 minimal quorums; any 7 may be lost; the busiest node takes part in 50%
        Without \`v[0]\`, \`v[1]\`, \`v[3]\`, \`v[4]\`, \`v[6]\`, \`v[7]\`, \`v[9]\` and \`v[10]\` no quorum is left.
        The best strategy asks: any of 4330260 quorums like \`v[0]\`, \`v[1]\`, \`v[3]\`, \`v[4]\`, \`v[6]\`, \`v[7]\` and 12 more."
    `);
  });
});
