import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { codes } from '../../src/language/codes.ts';
import { Workspace } from '../../src/language/workspace.ts';

const folder = fileURLToPath(new URL('../../docs/checks/', import.meta.url));
const FENCE = /```dsys(?: (\S+\.dsys))?\n([\s\S]*?)```/g;

/** Codes that `main.dsys` gets among the files beside it. */
function findingsOf(text: string, files: ReadonlyMap<string, string>): string[] {
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  for (const [name, other] of files) workspace.setText(`file:///${name}`, other);
  workspace.setText('file:///main.dsys', text);
  return [...new Set(workspace.check('file:///main.dsys').findings.map((finding) => finding.code))];
}

describe('pages of the checks on texts, imports and systems', () => {
  const pages = readdirSync(folder).filter((name) => /^DS(0|12)\d+\.md$/.test(name));

  it('there is one for every code, and no other', () => {
    const declared = Object.keys(codes).filter((code) => /^DS(0|12)/.test(code));
    expect(pages.map((name) => name.replace('.md', '')).sort()).toEqual(declared.sort());
  });

  for (const page of pages) {
    const code = page.replace('.md', '');
    const blocks = [...readFileSync(folder + page, 'utf8').matchAll(FENCE)].map(([, name, text]) => ({ name, text: text as string }));
    const files = new Map(blocks.flatMap(({ name, text }) => (name ? [[name, text] as const] : [])));
    const [wrong, mended] = blocks.filter(({ name }) => !name);
    if (!wrong) continue;
    it(`${code}: the first example has it and nothing else, the mended one has no finding`, () => {
      expect(findingsOf(wrong.text, files)).toEqual([code]);
      expect(findingsOf(mended?.text ?? 'wrong', files)).toEqual([]);
    });
  }
});
