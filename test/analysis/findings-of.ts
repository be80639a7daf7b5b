import { lintFindings } from '../../src/analysis/lint/index.ts';
import { structuralFindings } from '../../src/analysis/structure/index.ts';
import type { Finding } from '../../src/base/finding.ts';
import type { CheckedFile } from '../../src/language/check-file.ts';
import { nodeLibrary } from '../../src/language/node-library.ts';
import { Workspace } from '../../src/language/workspace.ts';
import { expand } from '../../src/model/expand.ts';

const uri = 'test:///check.dsys';
const library = nodeLibrary(import.meta.url);

export function checkText(text: string): CheckedFile {
  const workspace = new Workspace({ readText: () => undefined, library });
  workspace.setText(uri, text);
  return workspace.check(uri);
}

/** What language, expansion, structural checks and lint say of a text; requirements are left out. */
export function findingsOf(text: string): Finding[] {
  const file = checkText(text);
  const systems = file.systems.flatMap((code) => {
    const { system, findings } = expand(code);
    return [...findings, ...(system ? structuralFindings(system) : [])];
  });
  return [...file.findings, ...systems, ...file.protocols.flatMap((protocol) => lintFindings(protocol))];
}
