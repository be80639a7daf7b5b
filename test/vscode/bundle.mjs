// Bundles the suite into one CommonJS file: the extension host loads it with `require`.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));

/** Writes `<folder>/index.cjs`, which exports `run()`, and returns the folder. */
export async function bundleSuite(folder) {
  await build({
    entryPoints: [path.join(here, 'suite/index.ts')],
    outfile: path.join(folder, 'index.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    logLevel: 'warning',
  });
  return folder;
}
