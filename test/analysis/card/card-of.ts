import { fileURLToPath } from 'node:url';
import { cardSections } from '../../../src/analysis/card/index.ts';
import type { CardSection } from '../../../src/analysis/card/section.ts';
import { nodeLibrary } from '../../../src/language/node-library.ts';
import { Workspace } from '../../../src/language/workspace.ts';
import { expand } from '../../../src/model/expand.ts';

const library = nodeLibrary(fileURLToPath(new URL('../../../package.json', import.meta.url)));

/** The card sections of the first deployment of a text's first system under its first fault model. */
export function sectionsOf(text: string, effort = 1): readonly CardSection[] {
  const uri = 'test:///card.dsys';
  const workspace = new Workspace({ readText: () => undefined, library });
  workspace.setText(uri, text);
  const file = workspace.check(uri);
  const [code] = file.systems;
  const system = code === undefined ? null : expand(code).system;
  const deployment = system?.deployments[0];
  if (!system || deployment === undefined)
    throw new Error(`no deployment in the text: ${file.findings.map(({ message }) => message).join('; ')}`);
  return cardSections(system, deployment, system.faultModels[0] ?? null, { effort });
}

/** A section as lines of text, notes indented. */
export function linesOf(section: CardSection | undefined): string {
  if (section === undefined) return 'no such section';
  const rows = section.rows.flatMap(({ label, value, notes = [] }) => [`${label}: ${value}`, ...notes.map((note) => `  ${note}`)]);
  return [...(section.headline === undefined ? [] : [`[${section.headline}]`]), ...rows].join('\n');
}
