import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { nodeLibrary } from '../src/language/node-library.ts';
import { Workspace } from '../src/language/workspace.ts';
import { isQuestion } from '../src/model/questions.ts';
import { checkFile } from '../src/pipeline/check.ts';

/* What the documents show is what the tool does: their dsys blocks are checked, and find exactly what the text says. */

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');
const blocksOf = (path: string) => [...read(path).matchAll(/```dsys\n([\s\S]*?)```/g)].map((match) => match[1] as string);

function codesOf(text: string): string[] {
  const workspace = new Workspace({ readText: () => undefined, library: nodeLibrary(import.meta.url) });
  workspace.setText('file:///docs.dsys', text);
  return checkFile(workspace, 'file:///docs.dsys')
    .findings.filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ code }) => code);
}

describe('README', () => {
  const [bank, scenario] = blocksOf('README.md') as [string, string];

  test('the first specification fails as the text says, and the third zone mends it', () => {
    expect(codesOf(bank)).toEqual(['DS3004']);
    const mended = bank
      .replace('zone us', 'zone us  zone asia')
      .replace('[eu, us, eu]', '[eu, us, asia]')
      .replace('[eu, us] }', '[eu, us, asia] }');
    expect(codesOf(mended)).toEqual([]);
    expect(codesOf(mended.replace(/}\s*$/, `${scenario}}`))).toEqual([]);
  });
});

describe('docs/language.md', () => {
  const blocks = blocksOf('docs/language.md');
  const [bank = '', network = ''] = blocks;
  const adversaries = blocks.filter((text) => text.startsWith('adversary'));
  const others = blocks.filter((text) => text !== bank && text !== network && !adversaries.includes(text));

  test('the first file has the finding that the text tells of', () => {
    expect(codesOf(bank)).toEqual(['DS3004']);
  });
  test('the federated network is right', () => {
    expect(codesOf(network)).toEqual([]);
  });
  test('the protocols, the adversary and the specification are right', () => {
    expect(others.length).toBeGreaterThanOrEqual(4);
    for (const text of others) expect(codesOf(text), text).toEqual([]);
    expect(adversaries).toHaveLength(1);
    for (const text of adversaries) expect(codesOf(`import Raft from "dsys/consensus/raft"\n${text}`)).toEqual([]);
  });
});

describe('docs/folklore.md', () => {
  const places = [...read('docs/folklore.md').matchAll(/^\|.*\|([^|]+)\|$/gm)].slice(2).map((match) => match[1] as string);

  test('points only to findings that have a page and to functions that requirements can ask', () => {
    expect(places.length).toBeGreaterThan(25);
    const pages = readdirSync(fileURLToPath(new URL('../docs/checks', import.meta.url))).map((name) => name.replace('.md', ''));
    for (const place of places) {
      const parts = place.split(',').map((part) => part.trim().replaceAll('`', ''));
      expect(parts.filter((part) => !pages.includes(part) && !isQuestion(part))).toEqual([]);
    }
  });
});
