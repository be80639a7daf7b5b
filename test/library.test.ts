import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { nodeLibrary } from '../src/language/node-library.ts';
import { Workspace } from '../src/language/workspace.ts';
import { defaultLimits } from '../src/pipeline/api.ts';
import { checkFile } from '../src/pipeline/check.ts';
import { runScenarios } from '../src/pipeline/run.ts';

/*
 * Every protocol of the library, both ways: test/library/*.dsys hold systems in which its requirements hold, with scenarios
 * whose every seed must keep its invariants, and systems in which one does not, with the finding and the violation expected.
 */
const folder = fileURLToPath(new URL('library', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.dsys'));

test('every protocol of the library has its file', () => {
  const library = nodeLibrary(import.meta.url)
    .list()
    .map((path) => path.split('/').at(-1));
  expect(files.map((name) => name.replace('.dsys', '')).sort()).toEqual(expect.arrayContaining([...library].sort()));
});

for (const name of files) {
  const path = join(folder, name);
  const uri = pathToFileURL(path).href;
  const workspace = new Workspace({ readText: () => undefined, library: nodeLibrary(import.meta.url) });
  workspace.setText(uri, readFileSync(path, 'utf8'));
  const report = checkFile(workspace, uri);

  describe(name, () => {
    test('the checks find what is expected and nothing else', () => {
      const shown = report.findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
      expect(shown.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
    });

    for (const { code } of report.systems) {
      for (const scenario of code.scenarios) {
        test(`${code.name}: ${scenario.name}`, { timeout: 120_000 }, () => {
          const { results, findings, stopped } = runScenarios({
            code,
            scenarios: [scenario.name],
            seed: 1,
            runs: null,
            trace: false,
            constants: {},
            limits: defaultLimits,
          });
          expect([stopped, ...findings]).toEqual(['no']);
          for (const result of results) {
            expect(result.findings.map(({ message }) => message)).toEqual([]);
            expect(result.verdicts.filter(({ passed }) => !passed)).toEqual([]);
            expect(result.passed).toBe(true);
          }
        });
      }
    }
  });
}
