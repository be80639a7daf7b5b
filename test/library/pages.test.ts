/**
 * The pages in docs/library say what the library's doc comments, declarations and tests say. UPDATE=1 writes them anew.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkedFile, library, libraryFile } from '../support/library.ts';
import { libraryPage, summaryOf } from '../support/library-page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const docs = join(root, 'docs/library');
const tested = library.list().filter((path) => existsSync(join(root, `test/library/${path}.dsys`)));

function examplesOf(path: string): readonly string[] {
  return readdirSync(join(root, 'examples'))
    .filter((name) => readFileSync(join(root, 'examples', name), 'utf8').includes(`"dsys/${path}"`))
    .sort();
}

function indexPage(): string {
  const folders = [...new Set(tested.map((path) => dirname(path)))];
  const sections = folders.map((folder) => {
    const rows = tested
      .filter((path) => dirname(path) === folder)
      .flatMap((path) => libraryFile(path).protocols.map((protocol) => `- [${protocol.name}](${path}.md): ${summaryOf(protocol)}`));
    return `## ${folder}\n\n${rows.join('\n')}`;
  });
  return `# The library

Protocols of the field, written in dsys, each one \`import\` and one \`run\` away. A page tells what a protocol is for, its parameters and
requirements, the properties that every run is checked for, and for each requirement the deployment one step outside it whose run breaks.
The tests run all of it. \`UPDATE=1 npx vitest run test/library/pages.test.ts\` writes these pages from the doc comments in \`library/\`.

${sections.join('\n\n')}
`;
}

/** Compares a page with its file, or writes it. */
function isWritten(file: string, text: string): void {
  const path = join(docs, file);
  if (process.env.UPDATE) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(existsSync(path) ? readFileSync(path, 'utf8') : 'no page').toBe(text);
}

describe('the pages of the library', () => {
  if (process.env.UPDATE) rmSync(docs, { recursive: true, force: true });

  it.each(tested)('%s', (path) => {
    isWritten(`${path}.md`, libraryPage(path, checkedFile(`test/library/${path}.dsys`), examplesOf(path)));
  });

  it('are listed', () => {
    isWritten('README.md', indexPage());
  });

  it('have no page of a protocol that is gone', () => {
    const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md') && name !== 'README.md');
    expect(pages.sort()).toEqual(tested.map((path) => `${path}.md`).sort());
  });
});
