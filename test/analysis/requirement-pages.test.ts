import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analysisCodes } from '../../src/analysis/codes.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { checkFile } from '../../src/pipeline/check.ts';

/** The blocks of each page of a requirement's finding: the first has it, the last has not. */

const uri = 'test:///page.dsys';

function codesOf(text: string, severities: readonly string[]): string[] {
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  workspace.setText(uri, text);
  const { findings } = checkFile(workspace, uri);
  return findings.filter(({ severity }) => severities.includes(severity)).map(({ code }) => code);
}

describe('the page of each requirement check', () => {
  for (const code of Object.keys(analysisCodes).filter((known) => known.startsWith('DS3'))) {
    const page = readFileSync(new URL(`../../docs/checks/${code}.md`, import.meta.url), 'utf8');
    const blocks = [...page.matchAll(/```dsys\n([\s\S]*?)```/g)].map((match) => match[1] as string);
    // What passes the work limit is too large for a page.
    if (blocks.length === 0) continue;
    it(`${code} shows what has it, and what has not`, () => {
      expect(codesOf(blocks[0] as string, ['error', 'warning', 'information', 'hint'])).toContain(code);
      if (blocks.length > 1) expect(codesOf(blocks[blocks.length - 1] as string, ['error', 'warning'])).toEqual([]);
    });
  }
});
