// Generates the syntax tree types and the parser's grammar from src/language/grammar.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const polyfill = new URL('./object-group-by.mjs', import.meta.url).href;
const cli = fileURLToPath(new URL('../node_modules/langium-cli/bin/langium.js', import.meta.url));
const result = spawnSync(process.execPath, ['--import', polyfill, cli, 'generate', ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: fileURLToPath(new URL('..', import.meta.url)),
});
if (result.status !== 0) process.exit(result.status ?? 1);

// Langium 4.4 writes the keyword `\\` (set difference) unescaped into a string literal type.
const tree = new URL('../src/language/generated/ast.ts', import.meta.url);
writeFileSync(tree, readFileSync(tree, 'utf8').replaceAll("'\\'", "'\\\\'"));
