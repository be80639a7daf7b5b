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

/** A protocol with a requirement of each kind that fails; `more` stands in its handlers and changes nothing that `requires` may see. */
const served = (answer: number, more: string): string => `protocol Serve {
  quorum Q = majority(members)
  requires liveness available(Q)
  requires safety n > 3
  requires liveness messages_per("Ask") < 3
  requires liveness utilisation < 0.001
  var count = 0
  message Note(value: Int)
  timer again
  operation Ask: Int
  on start { set again after 1s }
  on timeout again { ${more} broadcast Note(${answer}) set again after 1s }
  on m: Note from peer { count += m.value }
  on op: Ask { ${more} broadcast Note(count) reply ${answer} to op }
  invariant Small { forall m in members: m.count < ${answer} + 1000000 }
}
system Shop {
  node server[3] (cpu: 1ms)
  node client
  faults Two { crash 2 of server }
  run Serve on server
  workload asking on client { call Ask() to server[0] with (rate: 50/s) }
}
`;

it('is said the same where only what handlers do has changed', () => {
  const workspace = new Workspace({ readText: () => undefined, library });
  const uri = 'file:///incremental/handlers.dsys';
  for (const [answer, more] of [
    [1, ''],
    [12, ''],
    [12, 'count += 1'],
    [3, 'broadcast Note(7)'],
    [3, 'if count > 3 { broadcast Note(7) }'],
  ] as const) {
    workspace.setText(uri, served(answer, more));
    const remembered = checkFile(workspace, uri);
    const anew = checkFile(workspace, uri, { shouldStop: () => false });
    expect(anew.findings.filter(({ code }) => code.startsWith('DS3')).length).toBeGreaterThanOrEqual(3);
    expect(remembered.findings).toEqual(anew.findings);
    expect(remembered.systems.map(({ cards }) => cards)).toEqual(anew.systems.map(({ cards }) => cards));
  }
});
