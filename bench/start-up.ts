// `dsys check` of a 1,000-line file, cold: a new process each time. Reference: Node itself with nothing to do.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { specificationOf } from './generated.ts';
import { percentile, report } from './report.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'dsys-bench-'));
const file = join(folder, 'large.dsys');
writeFileSync(file, specificationOf(1000));

const time = (args: readonly string[]) => {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0 && status !== 1) throw new Error(`exit ${status}: ${stderr}`);
  return (performance.now() - started) / 1000;
};
const runs = 15;
const empty = Array.from({ length: runs }, () => time(['-e', '0']));
const check = Array.from({ length: runs }, () => time([join(root, 'dist/cli/dsys.mjs'), 'check', file]));
rmSync(folder, { recursive: true });
report({
  name: 'dsys check, 1,000 lines, cold, median',
  value: percentile(check, 0.5),
  unit: 's',
  reference: { name: 'node -e 0', value: percentile(empty, 0.5) },
  atMost: 0.6,
});

for (const [name, path] of [
  ['extension', 'dist/extension/extension.cjs'],
  ['language server', 'dist/server/server.cjs'],
] as const) {
  const megabytes = statSync(join(root, path)).size / 1e6;
  report({ name: `${name} bundle`, value: megabytes, unit: 'MB', reference: { name: 'limit', value: 2 }, atMost: 2 });
}
