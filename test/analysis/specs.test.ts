import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { lintFindings } from '../../src/analysis/lint/index.ts';
import { structuralFindings } from '../../src/analysis/structure/index.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { expand } from '../../src/model/expand.ts';
import { differences, type FindingsOf, readFixtures, updateFixtures } from '../support/fixture.ts';

/** What language, expansion, structural checks and lint say of each file; requirements have specs of their own. */
const findingsOf: FindingsOf = (files) => {
  const workspace = new Workspace({ readText: () => undefined, library: { list: () => [], read: () => undefined } });
  for (const [name, text] of files) workspace.setText(`test:///${name}`, text);
  return new Map(
    [...files.keys()].map((name) => {
      const file = workspace.check(`test:///${name}`);
      const systems = file.systems.flatMap((code) => {
        const { system, findings } = expand(code);
        return [...findings, ...(system ? structuralFindings(system) : [])];
      });
      return [name, [...file.findings, ...systems, ...file.protocols.flatMap((protocol) => lintFindings(protocol))]];
    }),
  );
};

for (const folder of ['structure', 'lint']) {
  const path = fileURLToPath(new URL(`../specs/${folder}/`, import.meta.url));
  for (const name of readdirSync(path).filter((file) => file.endsWith('.md'))) {
    if (process.env.UPDATE) updateFixtures(path + name, findingsOf);
    describe(`${folder}/${name}`, () => {
      for (const fixture of readFixtures(readFileSync(path + name, 'utf8'))) {
        it(fixture.title, () => expect(differences(fixture, findingsOf)).toEqual([]));
      }
    });
  }
}
