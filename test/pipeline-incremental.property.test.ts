import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeLibrary } from '../src/language/node-library.ts';
import { Workspace } from '../src/language/workspace.ts';
import { checkFile } from '../src/pipeline/check.ts';

/*
 * What is remembered of a text before an edit gives the same findings, at the same places, as a check that remembers
 * nothing. Edits put blanks, comments and lines between tokens: they move places and change nothing else.
 */

const folder = new URL('../examples/', import.meta.url);
const failing = `import Raft from "dsys/consensus/raft"
const size = 3
protocol Pair(least: Int = 4) {
  quorum Q = atleast(least, members)
  requires liveness available(Q) because "so be it"
  var unused = 0
  message Never(value: Int)
}
system Broken {
  zone a
  zone b
  node replica[size] in [a, b]
  node peer[4] in [a, b]
  timing partially_synchronous(delay: 10ms, gst: 0s)
  faults Two { crash 2 of replica  outage 1 of [a, b] }
  faults Peers { crash 1 of peer }
  run Raft on replica
  run Pair on peer
}
`;
const texts: readonly (readonly [name: string, text: string])[] = [
  ['failing', failing],
  ...readdirSync(folder)
    .filter((name) => name.endsWith('.dsys'))
    .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const),
];
const library = nodeLibrary(import.meta.url);
const read = (uri: string): string | undefined => texts.find(([name]) => uri.endsWith(`/${name}`))?.[1];

/** Where a token begins or ends, comments and strings left alone. */
function gaps(text: string): number[] {
  const quiet = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"[^"\n]*"/g, (part) => 'x'.repeat(part.length));
  return [...quiet.matchAll(/(?<=[\s{}(),])(?=\S)|(?<=[{}(),])/g)]
    .map(({ index }) => index)
    .filter((at) => !/[xX]/.test(quiet[at - 1] ?? ''));
}

const insertions = fc.array(
  fc.record({ at: fc.nat(), text: fc.constantFrom(' ', '\n', '  \n\n', ' /* note */ ', '\n// a whole line\n') }),
  { minLength: 1, maxLength: 6 },
);

describe.each(texts)('%s', (name, text) => {
  const places = gaps(text);
  it('is said the same after edits between tokens', () => {
    const uri = `file:///incremental/${name}`;
    const workspace = new Workspace({ readText: read, library });
    fc.assert(
      fc.property(insertions, (edits) => {
        let edited = text;
        const ordered = edits.map((edit) => ({ ...edit, at: places[edit.at % places.length] as number })).sort((a, b) => b.at - a.at);
        for (const edit of ordered) edited = edited.slice(0, edit.at) + edit.text + edited.slice(edit.at);
        workspace.setText(uri, edited);
        const remembered = checkFile(workspace, uri).findings;
        // A check that may be broken off remembers nothing.
        const anew = checkFile(workspace, uri, { shouldStop: () => false }).findings;
        expect(remembered).toEqual(anew);
      }),
      { numRuns: 25 },
    );
  });

  it('is said anew when a number changes', () => {
    const uri = `file:///incremental/${name}`;
    const workspace = new Workspace({ readText: read, library });
    workspace.setText(uri, text);
    checkFile(workspace, uri);
    const numbers = [...text.matchAll(/(?<=\[|crash |outage |byzantine )\d(?=\]| )/g)].map(({ index }) => index);
    for (const at of numbers) {
      workspace.setText(uri, `${text.slice(0, at)}${(Number(text[at]) % 5) + 1}${text.slice(at + 1)}`);
      expect(checkFile(workspace, uri).findings).toEqual(checkFile(workspace, uri, { shouldStop: () => false }).findings);
    }
  });
});
