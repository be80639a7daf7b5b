import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CardSection } from '../../../src/analysis/card/section.ts';
import { nodeLibrary } from '../../../src/language/node-library.ts';
import { Workspace } from '../../../src/language/workspace.ts';
import { deploymentCards } from '../../../src/pipeline/cards.ts';
import { linesOf } from './card-of.ts';

const library = nodeLibrary(fileURLToPath(new URL('../../../package.json', import.meta.url)));

/** With comparisons, as `dsys analyze` makes it. */
function section(text: string): CardSection | undefined {
  const workspace = new Workspace({ readText: () => undefined, library });
  workspace.setText('test:///card.dsys', text);
  const [code] = workspace.check('test:///card.dsys').systems;
  if (code === undefined) throw new Error('no system');
  const [card] = [...deploymentCards(code)];
  return card?.sections.find(({ id }) => id === 'availability');
}

const store = (system: string): string => `protocol Store {
  quorum Majority = majority(members)
  requires liveness available(Majority)
}
system Shop {
${system}
  run Store on replica
}`;

describe('the availability section', () => {
  it('is not there where the file says nothing of how available anything is', () => {
    expect(section(store('  node replica[3]'))).toBeUndefined();
  });

  it('says that one node fewer is available more', () => {
    const found = section(store('  node replica[4] (availability: 90%)'));
    expect(found?.headline).toBe('94.77% available');
    expect(linesOf(found)).toBe(`[94.77% available]
available: 94.77%, down 19 d 2 h a year
if one of \`replica[0]\`, \`replica[1]\`, \`replica[2]\` and 1 more never failed: 97.2%, down 10 d 5 h a year
  Birnbaum importance 24.3%.
with 3 nodes in \`replica\`: 97.2%, down 10 d 5 h a year
  One node fewer is available more: down 10 d 5 h instead of 19 d 2 h a year. A majority of an even number of nodes needs one more than that of the odd number before it, and one more can fail.
with 5 nodes in \`replica\`: 99.144%, down 3 d 3 h a year`);
  });

  it('says where zones set the limit', () => {
    const found = section(
      store(`  zone a (availability: 99%)
  zone b (availability: 99%)
  node replica[5] in [a, b] (availability: 99.9%)`),
    );
    // Zone a holds three of five: whatever b does, the system is as available as a.
    const limit = found?.rows.find(({ label }) => label === 'if no node failed by itself');
    expect(limit?.value).toBe('99%, down 3 d 16 h a year');
    expect(limit?.notes?.[0]).toMatch(/^Outages of zones are 99\.\d+% of the downtime\./);
    expect(found?.rows[2]?.label).toBe('if the zone `a` never failed');
    expect(found?.rows[2]?.data).toMatchObject({ kind: 'zone', names: ['a'] });
  });

  it('says that below one half one node is best', () => {
    const found = section(store('  node replica[3] (availability: 40%)'));
    expect(found?.rows[0]?.notes?.[0]).toMatch(/^Its best single node is up 40% of the time, which is more/);
  });

  it('says why there is none', () => {
    const found = section(`protocol Odd {
  requires liveness crashed != 1
}
system Shop {
  node replica[3] (availability: 90%)
  run Odd on replica
}`);
    expect(found?.headline).toBeUndefined();
    expect(linesOf(found)).toContain('it fails with some members faulty and holds with more');
  });

  it('says so where it is too much to sum', () => {
    const found = section(`protocol Trust {
  quorum Q = slices { members[0]: majority(members)  members: atleast(11, members) + members[0] }
  requires liveness available(Q)
}
system Net {
  node peer[20] (availability: 90%)
  run Trust on peer
}`);
    expect(found?.headline).toBeUndefined();
    expect(linesOf(found)).toContain('federated slices over more than 14 nodes that can fail have no exact availability here');
  });

  it('says which nodes count as never failing', () => {
    const found = section(`protocol Store {
  requires liveness crashed <= 1
}
system Shop {
  node replica[3] (availability: 90%)
  node witness
  run Store on replica + witness
}`);
    expect(found?.assumptions.join(' ')).toContain('`witness` says no availability of its own and counts as never failing.');
  });
});

describe('the safety section', () => {
  const cards = (attributes: string): readonly CardSection[] => {
    const workspace = new Workspace({ readText: () => undefined, library });
    workspace.setText(
      'test:///card.dsys',
      `protocol Agree {
  quorum Certificate = atleast(3, members)
  requires safety intersect(Certificate)
}
system Net {
  node peer[4]${attributes}
  run Agree on peer
}`,
    );
    const [code] = workspace.check('test:///card.dsys').systems;
    return code === undefined ? [] : ([...deploymentCards(code)][0]?.sections ?? []);
  };

  it('is there where compromise is given', () => {
    expect(cards('').some(({ id }) => id === 'safety')).toBe(false);
    // Two or more of four: 6 · 1 %² · 99 %² and what little three and four add.
    expect(linesOf(cards(' (compromise: 1%)').find(({ id }) => id === 'safety'))).toBe(`[99.9408% safe]
safe: 99.9408%, unsafe with probability 0.0592%`);
  });
});

describe('quorum systems that a system names', () => {
  const systemCard = (text: string) => {
    const workspace = new Workspace({ readText: () => undefined, library });
    workspace.setText('test:///card.dsys', text);
    const [code] = workspace.check('test:///card.dsys').systems;
    return code === undefined ? undefined : [...deploymentCards(code)].find(({ deployment }) => deployment === null);
  };

  it('services in series and in parallel, a shared one counted once', () => {
    const card = systemCard(`system Web {
  node dns (availability: 99.9%)
  node app[2] (availability: 99%)
  node db (availability: 99.95%)
  quorum Site = dns * (app[0] * db + app[1] * db)
}`);
    const { up } = { up: 0.999 * (1 - 0.01 ** 2) * 0.9995 };
    expect(card?.sections[0]?.rows[0]?.data).toMatchObject({ availability: expect.closeTo(up, 14) });
    expect(card?.sections[0]?.headline).toBe('`Site` 99.84% available');
    expect(card?.sections[0]?.rows[1]?.label).toBe('if `dns` never failed');
  });

  it('says nothing where nothing is said of its parts', () => {
    expect(systemCard('system Web {\n  node app[2]\n  quorum Site = atleast(1, app)\n}')).toBeUndefined();
  });
});
