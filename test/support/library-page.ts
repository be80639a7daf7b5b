import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Span } from '../../src/base/source.ts';
import type { Property, ProtocolCode } from '../../src/model/code.ts';
import type { ScenarioCode } from '../../src/model/system-code.ts';
import type { CheckedSystem, CheckReport } from '../../src/pipeline/api.ts';
import { markdownCell, markdownText } from '../../src/report/markdown.ts';
import { type LibraryEntry, libraryEntries, libraryFile } from './library.ts';

/*
 * A page of docs/library: what a file of the library says in its doc comments and declarations, beside the runs of its tests that
 * show each bound from outside.
 */

/** Where a page stands and what it says. `examples` are the names of files in examples/ that import the protocol. */
export function libraryPage(path: string, tests: CheckReport, examples: readonly string[]): string {
  const entries = libraryEntries(path, tests);
  const { protocols, specifications } = libraryFile(path);
  const names = [...protocols, ...specifications].map(({ name }) => name);
  const parts = entries.flatMap((entry) => pageOf(entry, path));
  const links = [
    `[Source](../../../library/${path}.dsys)`,
    `[tests](../../../test/library/${path}.dsys)`,
    ...examples.map((name, at) => `${at === 0 ? 'examples: ' : ''}[${name}](../../../examples/${name})`),
  ];
  const imported = ['```dsys', `import ${names.join(', ')} from "dsys/${path}"`, '```'].join('\n');
  return `${[...parts, '## Import', imported, links.join(' · ')].join('\n\n')}\n`;
}

/** The first sentence of a protocol's documentation, without its name and source: for the list of all. */
export function summaryOf(protocol: ProtocolCode): string {
  const [first = ''] = paragraphsOf(protocol.documentation);
  return first;
}

function pageOf(entry: LibraryEntry, path: string): string[] {
  const { protocol } = entry;
  return [
    `# ${protocol.name}`,
    ...paragraphsOf(protocol.documentation).map(labelled),
    ...parametersOf(protocol),
    ...interfaceOf(protocol),
    ...propertiesOf(protocol),
    ...boundsOf(entry, path),
  ];
}

function paragraphsOf(documentation: string): string[] {
  return documentation
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, ' ').trim())
    .filter((paragraph) => paragraph !== '');
}

/** `Model: …` reads as a heading of its paragraph. */
function labelled(paragraph: string): string {
  const label = /^(Model|Guarantees|For|Not for|Messages): (.*)$/.exec(paragraph);
  return label ? `**${label[1]}.** ${markdownText(capital(label[2] as string))}` : markdownText(paragraph);
}

/** A sentence begins with a capital, a formula as it is. */
const capital = (text: string): string =>
  /^\p{Ll}+[ ,:;.-]/u.test(text) && !/^[a-z]\b/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;

function parametersOf(protocol: ProtocolCode): string[] {
  if (protocol.parameters.length === 0) return [];
  return ['## Parameters', declared(protocol.parameters)];
}

/** What other parts of a system see of it: calls, events. */
function interfaceOf(protocol: ProtocolCode): string[] {
  const listed = [...protocol.operations, ...protocol.events];
  if (listed.length === 0) return [];
  return ['## Operations and events', declared(listed)];
}

function declared(list: readonly { readonly span: Span; readonly documentation: string }[]): string {
  return list
    .map(({ span, documentation }) => `- ${code(sourceOf(span))}${documentation === '' ? '' : `: ${markdownText(documentation)}`}`)
    .join('\n');
}

function propertiesOf(protocol: ProtocolCode): string[] {
  const all: readonly (readonly [string, readonly Property[]])[] = [
    ['invariant', protocol.invariants],
    ['eventually', [...protocol.eventualities, ...protocol.responses]],
    ['always', protocol.persistences],
  ];
  const listed = all.flatMap(([kind, properties]) =>
    properties.map(
      ({ name, text, documentation }) =>
        `- ${kind} **${name}**: ${documentation === '' ? '' : `${markdownText(documentation)} `}${code(text)}`,
    ),
  );
  return listed.length === 0 ? [] : ['## Properties', listed.join('\n')];
}

function boundsOf({ protocol, outside }: LibraryEntry, path: string): string[] {
  if (protocol.requirements.length === 0) return [];
  const rows = protocol.requirements.map(({ kind, text, because }, clause) => {
    const [system] = outside[clause] ?? [];
    return `| ${kind} | ${codeCell(text)} | ${markdownCell(because ?? '')} | ${system ? breakOf(system, path) : ''} |`;
  });
  return ['## Requirements, and what breaks one step outside', table(['for', 'clause', 'because', 'outside'], rows)];
}

/** What a system outside a clause says of itself, and the run that shows it. */
function breakOf({ code: system }: CheckedSystem, path: string): string {
  const said = markdownCell(flat(system.documentation));
  const scenario = system.scenarios.find((each) => breaking(each).length > 0) ?? system.scenarios[0];
  if (scenario === undefined) return said;
  const expectations = breaking(scenario).length > 0 ? breaking(scenario) : scenario.expectations;
  const expected = expectations.map(({ text }) => codeCell(`expect ${text}`)).join(', ');
  return `${said} Run: [${system.name}.${scenario.name}](../../../test/library/${path}.dsys), ${expected}`;
}

function breaking(scenario: ScenarioCode): ScenarioCode['expectations'] {
  return scenario.expectations.filter(({ expect }) => expect.kind === 'violated' || (expect.kind === 'history' && expect.negated));
}

function table(head: readonly string[], rows: readonly string[]): string {
  return [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows].join('\n');
}

const flat = (text: string): string => text.replace(/\s*\n\s*/g, ' ').trim();

const code = (text: string): string => `\`${flat(text)}\``;

/** Code in a cell, where a bar would end it. */
const codeCell = (text: string): string => code(text).replaceAll('|', '\\|');

const texts = new Map<string, string>();

function sourceOf({ uri, start, end }: Span): string {
  let text = texts.get(uri);
  if (text === undefined) {
    text = readFileSync(fileURLToPath(uri), 'utf8');
    texts.set(uri, text);
  }
  return text.slice(start, end);
}
