import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { CheckedFile } from '../../src/language/check-file.ts';
import { nodeLibrary } from '../../src/language/node-library.ts';
import { Workspace } from '../../src/language/workspace.ts';
import type { ProtocolCode } from '../../src/model/code.ts';
import { type CheckedSystem, type CheckReport, defaultLimits } from '../../src/pipeline/api.ts';
import { checkFile } from '../../src/pipeline/check.ts';
import { runScenarios } from '../../src/pipeline/run.ts';

/*
 * Every protocol of the library, both ways. test/library/FOLDER/NAME.dsys holds systems in which all requirements of
 * library/FOLDER/NAME.dsys hold, with scenarios whose every seed must keep its properties; and for each `requires` clause a
 * system in which it does not, with the finding, and the run that breaks what the clause protects.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
export const library = nodeLibrary(import.meta.url);

/** Labels that every protocol's documentation has, each at the beginning of a paragraph. */
const labels = ['Model', 'Guarantees', 'For', 'Not for', 'Messages'];

/** A protocol of the library and what its test file says of it. */
export interface LibraryEntry {
  readonly protocol: ProtocolCode;
  /** For each `requires` clause, in their order: the systems outside it, those outside nothing else first. */
  readonly outside: readonly (readonly CheckedSystem[])[];
}

/** A file below the package's folder, checked; imports of the library are read from its folder. */
export function checkedFile(path: string): CheckReport {
  const uri = pathToFileURL(join(root, path)).href;
  const workspace = new Workspace({ readText: () => undefined, library });
  workspace.setText(uri, readFileSync(join(root, path), 'utf8'));
  return checkFile(workspace, uri);
}

/** A file of the library. `path` is as in an import: `consensus/raft`. */
export function libraryFile(path: string): CheckedFile {
  const uri = pathToFileURL(join(root, `library/${path}.dsys`)).href;
  const workspace = new Workspace({ readText: () => undefined, library });
  workspace.setText(uri, readFileSync(join(root, `library/${path}.dsys`), 'utf8'));
  return workspace.check(uri);
}

/** What the tests say of the protocols of a file of the library. */
export function libraryEntries(path: string, tests: CheckReport): readonly LibraryEntry[] {
  return libraryFile(path).protocols.map((protocol) => ({
    protocol,
    outside: protocol.requirements.map((_, clause) => outsideOf(protocol.name, clause, tests)),
  }));
}

/** The systems in which a clause of a protocol does not hold under some fault model, those in which the fewest clauses fail first. */
function outsideOf(protocol: string, clause: number, tests: CheckReport): readonly CheckedSystem[] {
  const failing = (system: CheckedSystem): ReadonlySet<number> =>
    new Set(
      system.cards
        .filter((card) => card.protocol === protocol)
        .flatMap((card) => card.requirements.flatMap(({ holds }, index) => (holds === false ? [index] : []))),
    );
  return tests.systems
    .map((system) => ({ system, failed: failing(system) }))
    .filter(({ failed }) => failed.has(clause))
    .sort((a, b) => a.failed.size - b.failed.size)
    .map(({ system }) => system);
}

/** The tests of all protocols of one folder of the library. */
export function describeLibrary(folder: string): void {
  const paths = library.list().filter((path) => path.startsWith(`${folder}/`));
  const tests = readdirSync(join(root, 'test/library', folder)).map((name) => `${folder}/${name.replace('.dsys', '')}`);

  test(`every protocol of library/${folder} has its tests, and they have theirs`, () => {
    expect(tests.sort()).toEqual([...paths].sort());
  });

  test(`every protocol of library/${folder} is shown in an example`, () => {
    const examples = readdirSync(join(root, 'examples')).map((name) => readFileSync(join(root, 'examples', name), 'utf8'));
    expect(paths.filter((path) => !examples.some((text) => text.includes(`"dsys/${path}"`)))).toEqual([]);
  });

  for (const path of paths.filter((each) => existsSync(join(root, `test/library/${each}.dsys`)))) describeProtocol(path);
}

function describeProtocol(path: string): void {
  const report = checkedFile(`test/library/${path}.dsys`);

  describe(path, () => {
    test('the checks find what is expected and nothing else', () => {
      const own = checkedFile(`library/${path}.dsys`).findings;
      const shown = [...own, ...report.findings].filter(({ severity }) => severity === 'error' || severity === 'warning');
      expect(shown.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
    });

    for (const { protocol, outside } of libraryEntries(path, report)) {
      test(`${protocol.name}: doc comments tell its model, its guarantees, and what its parameters, operations and events are`, () => {
        const missing = labels.filter((label) => !new RegExp(`(^|\\n\\n)${label}: `).test(protocol.documentation));
        const { parameters, operations, events } = protocol;
        const bare = [...parameters, ...operations, ...events].filter(({ documentation }) => documentation === '');
        expect([...missing, ...bare.map(({ name }) => `/** … */ ${name}`)]).toEqual([]);
      });

      protocol.requirements.forEach(({ text }, clause) => {
        test(`${protocol.name}: a system is outside \`${text}\`, says what breaks, and breaks`, () => {
          const [system] = outside[clause] ?? [];
          const { documentation, scenarios } = system?.code ?? { documentation: 'no such system', scenarios: [] };
          expect(documentation).not.toMatch(/^(|no such system)$/);
          // What makes no sense cannot always be run; then it says so.
          if (!/\bno run\b/.test(documentation)) expect(scenarios.flatMap(({ expectations }) => expectations)).not.toEqual([]);
        });
      });
    }

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
