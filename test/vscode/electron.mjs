// Runs the suite in the desktop VS Code, where it can be downloaded: `npm i --no-save @vscode/test-electron@2.5.2`, then
// `node test/vscode/electron.mjs`. The sessions of run.mjs need the browser and do not run here.

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleSuite } from './bundle.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');

const { runTests } = await import('@vscode/test-electron').catch(() => {
  console.error('@vscode/test-electron is not installed: npm i --no-save @vscode/test-electron@2.5.2');
  process.exit(2);
});

const folder = await mkdtemp(path.join(tmpdir(), 'dsys-electron-'));
try {
  const report = path.join(folder, 'report.jsonl');
  const workspace = path.join(folder, 'workspace');
  await writeFile(report, '');
  await cp(path.join(here, 'workspace'), workspace, { recursive: true });
  await cp(path.join(root, 'examples'), path.join(workspace, 'examples'), { recursive: true });
  const suite = await bundleSuite(path.join(folder, 'bundle'));
  const code = await runTests({
    version: '1.100.0',
    extensionDevelopmentPath: root,
    extensionTestsPath: path.join(suite, 'index.cjs'),
    extensionTestsEnv: { DSYS_VSCODE_REPORT: report },
    launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust'],
  }).catch(() => 1);
  const results = (await readFile(report, 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  for (const { name, passed, error } of results) console.log(`${passed ? 'ok  ' : 'FAIL'} ${name}${error ? `\n     ${error}` : ''}`);
  const failed = results.filter((result) => !result.passed).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  process.exitCode = code === 0 && results.length > 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
