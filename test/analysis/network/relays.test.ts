import { describe, expect, it } from 'vitest';
import type { Finding, Fix } from '../../../src/base/finding.ts';
import { Workspace } from '../../../src/language/workspace.ts';
import { checkFile } from '../../../src/pipeline/check.ts';

const uri = 'test:///relays.dsys';

function findingsOf(text: string): readonly Finding[] {
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  return checkFile(workspace, uri).findings;
}

function applied(text: string, fix: Fix): string {
  const edits = [...fix.edits].sort((a, b) => b.span.start - a.span.start);
  return edits.reduce((result, { span, text: added }) => result.slice(0, span.start) + added + result.slice(span.end), text);
}

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

const systems: Readonly<Record<string, string>> = {
  'two racks and a trunk': `system S {
    node trunk
    node left[3]
    node right[3]
    link left -- left
    link right -- right
    link trunk -- left
    link trunk -- right
    faults F { crash 1 of nodes }
    run Echo on left + right
  }`,
  'a star of five': `system S {
    node hub
    node peer[5]
    link star(hub, peer)
    faults F { crash 1 of nodes }
    run Echo on peer
  }`,
  'a ring with a liar': `system S {
    node peer[7]
    link ring(peer)
    faults F { byzantine 1 of peer }
    run Echo on peer
  }`,
  'two lying switches': `system S {
    node switch[2]
    node east[2]
    node west[2]
    link switch -- east
    link switch -- west
    faults F { byzantine 1 of switch }
    run Echo on east + west
  }`,
};

describe('fixes of relays', () => {
  for (const [name, system] of Object.entries(systems)) {
    const text = protocol + system;
    const found = findingsOf(text).filter(({ code }) => code === 'DS3301' || code === 'DS3302');
    it(`${name}: one finding with fixes`, () => {
      expect(found).toHaveLength(1);
      const titles = (found[0]?.fixes ?? []).map(({ title }) => title);
      expect(titles.length).toBeGreaterThan(0);
      expect(found[0]?.help).toContain(titles[0]);
      expect(found[0]?.witness?.kind).toBe('cut');
    });
    for (const fix of found.flatMap((finding) => finding.fixes ?? [])) {
      it(`${name}: ${fix.title}`, () => {
        const left = findingsOf(applied(text, fix)).filter(({ code, severity }) => code.startsWith('DS33') || severity === 'error');
        expect(left.map(({ message }) => message)).toEqual([]);
      });
    }
  }
});

it('says that it does not know where the search is too long, and nothing else', () => {
  // Budgets that differ in the nodes they name, on a torus: no flow decides it.
  const text = `${protocol}system S {
    node peer[400]
    link grid(peer, columns: 20)
    link ring(peer)
    faults F { byzantine 6 of peer[0..250]  byzantine 6 of peer[100..399]  crash 5 of peer[50..350] }
    run Echo on peer
  }`;
  const codes = findingsOf(text).map(({ code }) => code);
  expect(codes.filter((code) => code === 'DS3302' || code === 'DS3090')).toHaveLength(1);
});
