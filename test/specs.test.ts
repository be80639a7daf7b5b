import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { nodeLibrary } from '../src/language/node-library.ts';
import { Workspace } from '../src/language/workspace.ts';
import { differences, type FindingsOf, readFixtures, updateFixtures } from './support/fixture.ts';

/*
 * Runs the literate tests in test/specs: see support/fixture.ts for how they are written. `npm run test:update` (or
 * UPDATE_SPECS=1) rewrites what they expect; UPDATE_SPECS=language/names only in files whose path has that in it.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), 'specs');
const library = nodeLibrary(import.meta.url);
const update = process.env.UPDATE_SPECS;

function workspaceOf(files: ReadonlyMap<string, string>): Workspace {
  const workspace = new Workspace({ readText: () => undefined, library });
  for (const [name, text] of files) workspace.setText(uriOf(name), text);
  return workspace;
}

const uriOf = (name: string): string => `file:///spec/${name}`;

/** The folders of test/specs: which stage speaks in each. */
const stages: Record<string, FindingsOf> = {
  // Names and types alone.
  language: (files) => {
    const workspace = workspaceOf(files);
    return new Map([...files.keys()].map((name) => [name, workspace.check(uriOf(name)).findings]));
  },
};

/** Everywhere else: everything that there is to say of a file. Loaded late, so that the language's tests need no later stage. */
const everything: FindingsOf = (files) => {
  const workspace = workspaceOf(files);
  return new Map([...files.keys()].map((name) => [name, checkFile!(workspace, uriOf(name)).findings]));
};

/** The folder of test/specs that a file stands in. */
function stageOf(path: string): string {
  return relative(root, path).split(sep, 1)[0]!;
}

function markdownFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownFiles(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

const paths = markdownFiles(root);
const { checkFile } = paths.some((path) => !(stageOf(path) in stages)) ? await import('../src/pipeline/check.ts') : { checkFile: null };

for (const path of paths) {
  const name = relative(root, path).split(sep).join('/');
  const findingsOf = stages[stageOf(path)] ?? everything;
  if (update && (update === '1' || name.includes(update))) updateFixtures(path, findingsOf);
  describe(name, () => {
    for (const fixture of readFixtures(readFileSync(path, 'utf8'))) {
      test(fixture.title, () => {
        expect(differences(fixture, findingsOf)).toEqual([]);
      });
    }
  });
}
