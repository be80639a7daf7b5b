import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { codes } from '../../src/language/codes.ts';
import { Workspace } from '../../src/language/workspace.ts';

const folder = fileURLToPath(new URL('../../docs/checks/', import.meta.url));

function findingsOf(text: string): string[] {
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText('file:///page.dsys', text);
  return workspace.check('file:///page.dsys').findings.map((finding) => finding.code);
}

describe('pages of the checks on names and types', () => {
  const pages = readdirSync(folder).filter((name) => /^DS1[01]\d\d\.md$/.test(name));

  it('there is one for every code, and no other', () => {
    const declared = Object.keys(codes).filter((code) => /^DS1[01]/.test(code));
    expect(pages.map((name) => name.replace('.md', '')).sort()).toEqual(declared.sort());
  });

  for (const page of pages) {
    const code = page.replace('.md', '');
    const blocks = [...readFileSync(folder + page, 'utf8').matchAll(/```dsys\n([\s\S]*?)```/g)].map((match) => match[1] as string);
    if (blocks.length === 0) continue;
    it(`${code}: the first example has it and nothing else, the mended one has no finding`, () => {
      expect([...new Set(findingsOf(blocks[0] as string))]).toEqual([code]);
      expect(findingsOf(blocks[1] as string)).toEqual([]);
    });
  }
});
