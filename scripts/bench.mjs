// `npm run bench [NAME…]`: bundles the benchmarks and runs them one after the other, each in a process of its own.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const helpers = new Set([
  'edits.ts',
  'generated.ts',
  'report.ts',
  'dsys.ts',
  'heaps.ts',
  'pbft-by-hand.ts',
  'voting-by-hand.ts',
  'voting-system.ts',
  'wing-gong-lowe.ts',
]);
const wanted = process.argv.slice(2);
const names = readdirSync(join(root, 'bench'))
  .filter((name) => name.endsWith('.ts') && !helpers.has(name))
  .map((name) => name.slice(0, -3))
  .filter((name) => wanted.length === 0 || wanted.includes(name));

await build({
  absWorkingDir: root,
  entryPoints: names.map((name) => `bench/${name}.ts`),
  outdir: 'dist/bench',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
  },
});
let failed = false;
for (const name of names) {
  process.stdout.write(`\n── ${name}\n`);
  failed = spawnSync(process.execPath, [join(root, `dist/bench/${name}.mjs`)], { stdio: 'inherit' }).status !== 0 || failed;
}
process.exitCode = failed ? 1 : 0;
