import { describe, expect, it } from 'vitest';
import { linesOf, sectionsOf } from './card-of.ts';

const protocol = `protocol Echo {
  message Ping()
  message Pong()
  event Seen()
  operation Ask()
  on op: Ask { broadcast Ping()  reply }
  on m: Ping from p { send Pong() to p }
  on m: Pong { emit Seen() }
}
`;
const networkOf = (system: string) => sectionsOf(protocol + system).find(({ id }) => id === 'network');

describe('the card of a network', () => {
  it('of which every two nodes are linked is one row and no headline', () => {
    const section = networkOf('system S { node peer[4]  node client  run Echo on peer }');
    expect(linesOf(section)).toBe('links: every two of 5 nodes are linked: whoever is left stays connected');
  });

  it('of two racks behind a trunk names the cut, the bridges and who is far from whom', () => {
    const section = networkOf(`system S {
      node trunk
      node left[3]
      node right[3]
      link left -- left
      link right -- right
      link trunk -- left[0]
      link trunk -- right
      faults F { crash 1 of left + right }
      run Echo on left + right
    }`);
    expect(linesOf(section)).toBe(
      [
        '[κ = 1]',
        'links: 10 links between 7 nodes, 6 of them members',
        '  Members talk over relays: 9 of 15 pairs of members share no link that goes both ways.',
        'connectivity κ: 1: the loss of one node cuts members off',
        '  Without `trunk`: `left[0]`, `left[1]` and `left[2]` | `right[0]`, `right[1]` and `right[2]`.',
        'edge connectivity λ: 1: 1 bridge (`trunk -- left[0]`)',
        '  Without the link `trunk -- left[0]`: `left[0]`, `left[1]` and `left[2]` | `right[0]`, `right[1]` and `right[2]`.',
        'articulation points: `trunk` and `left[0]`',
        'degree: 2 (`left[1]`) to 3 (`left[0]`) neighbours',
        'diameter: 3 hops',
        'diameter after faults: members can be cut off: with `left[0]` crashed',
        '  Then apart: `left[1]` and `left[2]` | `right[0]`, `right[1]` and `right[2]`.',
      ].join('\n'),
    );
    expect(section?.rows.find(({ label }) => label === 'edge connectivity λ')?.data).toEqual({
      edgeConnectivity: 1,
      cut: [['trunk', 'left[0]']],
      bridges: [['trunk', 'left[0]']],
    });
  });

  it('of a ring says how far it stretches after a crash', () => {
    const section = networkOf('system S { node peer[8]  link ring(peer)  faults F { crash 1 of peer }  run Echo on peer }');
    expect(linesOf(section)).toContain(
      ['diameter: 4 hops', 'diameter after faults: 6 hops, with `peer[1]` crashed', '  Between `peer[0]` and `peer[2]`. Exact'].join('\n'),
    );
  });

  it('of a network that is too large to search gives the bound, or says that it is undecided', () => {
    const section = networkOf(
      'system S { node peer[900]  link small_world(peer, neighbors: 10, rewire: 0)  faults F { crash 4 of peer }  run Echo on peer }',
    );
    const row = section?.rows.find(({ label }) => label === 'diameter after faults');
    expect(row?.value).toBe('at most 150 hops');
    expect(row?.data).toEqual({ hops: 150, exact: false });
  });

  it('of links that go one way', () => {
    const section = networkOf(`system S {
      node peer[3]
      link peer[0] -> peer[1]
      link peer[1] -> peer[2]
      link peer[2] -> peer[0]
      run Echo on peer
    }`);
    expect(linesOf(section)).toContain(
      'edge connectivity λ: 1: 3 bridges (`peer[0] -> peer[1]`, `peer[1] -> peer[2]` and `peer[2] -> peer[0]`)',
    );
    expect(section?.headline).toBe('κ = 1');
  });

  it('says nothing of one member, and does not fail where members are apart or have no link', () => {
    expect(networkOf('system S { node peer  run Echo on peer }')).toBeUndefined();
    const apart = networkOf(
      'system S { node peer[3]  node other[2]  link other -- other  faults F { crash 1 of peer }  run Echo on peer }',
    );
    expect(linesOf(apart)).toContain('connectivity κ: 0: the members are apart already');
    expect(linesOf(apart)).toContain('diameter: none: some members cannot reach each other');
    expect(linesOf(apart)).toContain('diameter after faults: some members cannot reach each other');
  });
});
