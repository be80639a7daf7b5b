import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { actionRules } from '../../src/language/elaborate/fault-action-rules.ts';
import { criteria } from '../../src/model/consistency.ts';

/* The colours that the editor shows before the language server answers: the grammar in `syntaxes/` knows the words that the tables know. */

interface Rule {
  readonly match?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
}
const file = fileURLToPath(new URL('../../syntaxes/dsys.tmLanguage.json', import.meta.url));
const { repository } = JSON.parse(readFileSync(file, 'utf8')) as { repository: { declarations: { patterns: readonly Rule[] } } };

/** The scope of the first capture in a line whose text is the word. */
function scopeOf(line: string, word: string): string | undefined {
  for (const { match, captures } of repository.declarations.patterns) {
    if (match === undefined || captures === undefined) continue;
    const found = new RegExp(match.replace(/\\x\{([0-9a-f]{4})\}/g, '\\u$1')).exec(line);
    const group = found?.findIndex((text, at) => at > 0 && text === word) ?? -1;
    if (group > 0) return captures[group]?.name;
  }
  return undefined;
}

test.each(Object.entries(actionRules))('the fault action %s, behind a time and where it begins a line', (name, { example }) => {
  expect(scopeOf(`    at 5s ${example}`, name)).toBe('support.function.fault.dsys');
  expect(scopeOf(`    when n > 2 after 10ms ${example}`, name)).toBe('support.function.fault.dsys');
  expect(scopeOf(`    ${example}`, name)).toBe('support.function.fault.dsys');
  expect(scopeOf(`    let x = ${name}s(1)`, name)).toBeUndefined();
});

test.each(Object.keys(criteria))('the criterion %s is coloured as `violated` is', (name) => {
  const like = scopeOf('    expect violated(Agreement)', 'violated');
  expect(like).toBe('keyword.other.expect.dsys');
  expect(scopeOf(`    expect ${name}(Register)`, name)).toBe(like);
  expect(scopeOf(`    expect not ${name}(Register)`, name)).toBe(like);
});
