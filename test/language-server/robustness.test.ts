import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LspClient } from '../support/lsp-client.ts';

/* Whatever the text, the server answers and lives on: every example half-typed at many places, garbage, texts that are too large. */

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));
const examples = readdirSync(folder).filter((name) => name.endsWith('.dsys'));
const uri = 'file:///robustness/half-typed.dsys';
let client: LspClient;
beforeAll(async () => {
  client = await LspClient.start();
  await client.open(uri, '');
});
afterAll(async () => {
  expect(client.exited).toBe(false);
  expect(await client.stop()).toBe(0);
});

/** Asks for everything that an editor asks for at the end of a text. */
async function askAll(text: string): Promise<void> {
  const lines = text.split('\n');
  const textDocument = { uri };
  const place = { textDocument, position: { line: lines.length - 1, character: (lines.at(-1) as string).length } };
  const range = { start: place.position, end: place.position };
  await Promise.all([
    client.request('textDocument/completion', place),
    client.request('textDocument/hover', place),
    client.request('textDocument/inlayHint', { textDocument, range: { start: { line: 0, character: 0 }, end: place.position } }),
    client.request('textDocument/definition', place),
    client.request('textDocument/references', { ...place, context: { includeDeclaration: true } }),
    client.request('textDocument/documentSymbol', place),
    client.request('textDocument/foldingRange', place),
    client.request('textDocument/semanticTokens/full', place),
    client.request('textDocument/codeLens', place),
    client.request('textDocument/codeAction', { ...place, range, context: { diagnostics: [] } }),
  ]);
}

describe('half-typed', () => {
  for (const name of examples) {
    test(`${name}, cut at forty places`, async () => {
      const text = readFileSync(folder + name, 'utf8');
      for (let cut = 1; cut <= 40; cut++) {
        const half = text.slice(0, Math.floor((text.length * cut) / 40));
        const diagnostics = await client.change(uri, half);
        expect(Array.isArray(diagnostics)).toBe(true);
        await askAll(half);
      }
    });
  }
});

describe('no text of the language', () => {
  for (const [what, text] of Object.entries({
    'bytes of every kind': String.fromCharCode(...Array.from({ length: 3000 }, (_, at) => (at * 7919) % 65_536)),
    'ten thousand parentheses': `const a = ${'('.repeat(10_000)}`,
    'ten thousand operators': `const a = 1${' + 1'.repeat(10_000)}`,
    'a million letters': 'x'.repeat(1_000_000),
    'two thousand errors': 'const a: Int = "x"\n'.repeat(2000),
  })) {
    test(what, async () => {
      const diagnostics = await client.change(uri, text);
      expect(diagnostics.length).toBeGreaterThan(0);
      expect(diagnostics.length).toBeLessThanOrEqual(1001);
      await askAll(text);
    });
  }

  test('an edit at once behind another, both answered in order', async () => {
    void client.change(uri, 'const a = ');
    expect(await client.change(uri, 'const a = 1')).toEqual([]);
  });
});
