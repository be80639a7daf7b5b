// Generates the syntax tree types and the parser's grammar from src/language/grammar.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileGrammar } from './compile-grammar.mjs';

// Langium asks about files that it did not write, and ours are among them: it starts from an empty folder.
rmSync(new URL('../src/language/generated', import.meta.url), { recursive: true, force: true });

const polyfill = new URL('./object-group-by.mjs', import.meta.url).href;
const cli = fileURLToPath(new URL('../node_modules/langium-cli/bin/langium.js', import.meta.url));
const result = spawnSync(process.execPath, ['--import', polyfill, cli, 'generate', ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: fileURLToPath(new URL('..', import.meta.url)),
});
if (result.status !== 0) process.exit(result.status ?? 1);

// Langium 4.4 writes the keyword `\\` (set difference) unescaped into a string literal type.
const tree = new URL('../src/language/generated/ast.ts', import.meta.url);
// Its reflection is our own: at run time dsys needs nothing of Langium (src/language/syntax runs the grammar).
writeFileSync(
  tree,
  readFileSync(tree, 'utf8')
    .replaceAll("'\\'", "'\\\\'")
    .replace(
      "import * as langium from 'langium';",
      "import type * as langium from 'langium';\nimport { Reflection } from '../syntax/reflection.ts';",
    )
    .replace('extends langium.AbstractAstReflection', 'extends Reflection'),
);

const generated = new URL('../src/language/generated/', import.meta.url);
rmSync(new URL('module.ts', generated));
writeFileSync(new URL('rules.ts', generated), compileGrammar(readFileSync(new URL('grammar.ts', generated), 'utf8')));
