import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cardSections } from '../../../src/analysis/card/index.ts';
import type { Finding, Fix } from '../../../src/base/finding.ts';
import { Workspace } from '../../../src/language/workspace.ts';
import { expand } from '../../../src/model/expand.ts';
import { checkFile } from '../../../src/pipeline/check.ts';

const uri = 'test:///broken.dsys';

function workspaceOf(text: string): Workspace {
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  return workspace;
}

const findingsOf = (text: string): readonly Finding[] => checkFile(workspaceOf(text), uri).findings;

/** Asks for everything that is known of a network. */
const curious = `protocol Curious(source: Node) {
  quorum Most = majority(members)
  requires liveness connectivity >= 1
  requires liveness edge_connectivity >= 1
  requires liveness degree >= 1
  requires liveness diameter <= 3
  requires liveness worst_diameter <= 3
  requires liveness eccentricity(source) <= 3
  requires liveness flood_messages() <= 1_000
  requires liveness gossip_reach(2.5) >= 0.0
  requires liveness gossip_rounds() >= 0
  requires liveness random_connectivity(2.5) >= 0.0
  requires liveness available(Most)
  message Ping()
  message Pong()
  operation Ask()
  on op: Ask { broadcast Ping()  reply }
  on m: Ping from p { send Pong() to p }
  on m: Pong { }
}
`;

describe('networks in which something is wrong', () => {
  const structural = (system: string): string[] => {
    const found = findingsOf(curious + system);
    return [...new Set(found.map(({ code }) => code).filter((code) => code.startsWith('DS2')))].sort();
  };

  it('no link between members: each group without links is named', () => {
    expect(
      structural(
        'system S { node peer[3]  node other[2]  link other -- other  run Curious(source: peer[0]) on peer  run Curious(source: other[0]) on other }',
      ),
    ).toEqual(['DS2101']);
  });

  it('members in two parts', () => {
    expect(structural('system S { node a[2]  node b[2]  link a -- a  link b -- b  run Curious(source: a[0]) on a + b }')).toEqual([
      'DS2102',
    ]);
  });

  it('a link from a node to itself gives no link', () => {
    expect(structural('system S { node a[2]  link a[0] -- a[0]  run Curious(source: a[0]) on a }')).toEqual(['DS2012', 'DS2101']);
  });

  it('a mesh of one node', () => {
    expect(structural('system S { node a  link a -- a  run Curious(source: a) on a }')).toEqual(['DS2012']);
  });

  it('one way only', () => {
    expect(structural('system S { node a[2]  link a[0] -> a[1]  run Curious(source: a[0]) on a }')).toEqual(['DS2102']);
  });

  it('any network, with any faults, is answered: no question and no card fails', () => {
    const size = fc.integer({ min: 1, max: 4 });
    const node = (n: number): fc.Arbitrary<string> => fc.integer({ min: 0, max: n - 1 }).map((i) => `peer[${i}]`);
    const texts = size.chain((n) =>
      fc
        .record({
          links: fc.array(
            fc.tuple(node(n), fc.constantFrom('--', '->'), fc.oneof(node(n), fc.constant('relay[0]'), fc.constant('relay'))),
            {
              maxLength: 5,
            },
          ),
          budgets: fc.subarray([
            'crash 1 of nodes',
            'byzantine 1 of nodes',
            'byzantine 1 of relay',
            'outage 1 of [z]',
            'omission 2 of peer',
            'partition',
          ]),
        })
        .map(
          ({ links, budgets }) => `${curious}system S {
            zone z
            node peer[${n}] in z
            node relay[2]
            ${links.map(([a, arrow, b]) => `link ${a} ${arrow} ${b}`).join('\n')}
            faults F { ${budgets.join('  ')} }
            run Curious(source: peer[0]) on peer
          }`,
        ),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const workspace = workspaceOf(text);
        for (const { message, why = '', help = '' } of checkFile(workspace, uri).findings) {
          expect(`${message} ${why} ${help}`).not.toMatch(/undefined|NaN|null|\[object/);
        }
        for (const code of workspace.check(uri).systems) {
          const { system } = expand(code);
          const [deployment] = system?.deployments ?? [];
          if (!system || !deployment) continue;
          const section = cardSections(system, deployment, system.faultModels[0] ?? null).find(({ id }) => id === 'network');
          for (const { label, value, notes = [] } of section?.rows ?? []) {
            expect(`${label} ${value} ${notes.join(' ')}`).not.toMatch(/undefined|NaN|null|\[object/);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

function applied(text: string, fix: Fix): string {
  const edits = [...fix.edits].sort((a, b) => b.span.start - a.span.start);
  return edits.reduce((result, { span, text: added }) => result.slice(0, span.start) + added + result.slice(span.end), text);
}

describe('links mend what a clause about the network asks for', () => {
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    'edge connectivity': ['edge_connectivity >= 2', 'link left -- left  link right -- right  link left[0] -- right[0]'],
    connectivity: ['connectivity > faulty', 'link left -- left  link right -- right  link left[0] -- right[0]'],
    'worst diameter': ['worst_diameter <= 4', 'link line(left + right)'],
    'a quorum in one piece': ['available(majority(members))', 'link star(left[0], left[1..2] + right)'],
  };
  for (const [name, [clause, links]] of Object.entries(cases)) {
    const text = `protocol Echo {
  requires liveness ${clause}
  message Ping()
  message Pong()
  event Seen()
  operation Ask()
  on op: Ask { broadcast Ping()  reply }
  on m: Ping from p { send Pong() to p }
  on m: Pong { emit Seen() }
}
system S {
  node left[3]
  node right[3]
  ${links}
  faults F { crash 1 of left + right }
  run Echo on left + right
}`;
    const [finding, ...others] = findingsOf(text).filter(({ severity }) => severity === 'error');
    const fixes = (finding?.fixes ?? []).filter(({ title }) => title.startsWith('Add `link'));
    it(`${name}: one finding, with links among its fixes`, () => {
      expect(others).toEqual([]);
      expect(fixes.length).toBeGreaterThan(0);
    });
    for (const fix of fixes) {
      it(`${name}: ${fix.title}`, () => {
        const left = findingsOf(applied(text, fix)).filter(({ severity }) => severity === 'error' || severity === 'warning');
        expect(left.map(({ message }) => message)).toEqual([]);
      });
    }
  }
});
