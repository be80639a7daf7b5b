// Bundles every face of dsys with esbuild. `--watch` is not offered: a build takes well under a second.
// Tests that run the bundles build their own (`--into FOLDER`), so that they do not change under each other's feet.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const minify = !process.argv.includes('--no-minify');
const into = process.argv.includes('--into') ? process.argv[process.argv.indexOf('--into') + 1] : 'dist';

const common = {
  absWorkingDir: root,
  bundle: true,
  minify,
  keepNames: false,
  sourcemap: false,
  logLevel: 'warning',
  target: 'node20',
  legalComments: 'none',
};
const requireBanner =
  "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);";

const bundles = [
  {
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli/dsys.mjs',
    platform: 'node',
    format: 'esm',
    banner: { js: `#!/usr/bin/env node\n${requireBanner}` },
  },
  { entryPoints: ['src/pipeline/worker.ts'], outfile: 'dist/worker/worker.cjs', platform: 'node', format: 'cjs' },
  { entryPoints: ['src/pipeline/analysis-worker.ts'], outfile: 'dist/worker/analysis.cjs', platform: 'node', format: 'cjs' },
  { entryPoints: ['language-server/main.ts'], outfile: 'dist/server/server.cjs', platform: 'node', format: 'cjs' },
  {
    entryPoints: ['src/extension/main.ts'],
    outfile: 'dist/extension/extension.cjs',
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
  },
  { entryPoints: ['src/panel/main.ts'], outfile: 'dist/panel/panel.js', platform: 'browser', format: 'iife', target: 'es2022' },
];

await Promise.all(
  bundles
    .filter((bundle) => existsSync(new URL(`../${bundle.entryPoints[0]}`, import.meta.url)))
    .map((bundle) => build({ ...common, ...bundle, outfile: bundle.outfile.replace(/^dist/, () => into) })),
);
