import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CodeAction, CompletionItem, Hover, Location, WorkspaceEdit } from 'vscode-languageserver-protocol';
import { LspClient } from '../support/lsp-client.ts';

/* Protocols that use others, in the editor. `|` marks the cursor. */

let client: LspClient;
beforeAll(async () => {
  client = await LspClient.start();
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
});

const used = `/** Who is up. */
protocol Health(period: Duration = 1s) {
  quorum Some = atleast(1, members)
  record Report(node: Node, at: Duration)
  enum Mode { Calm, Busy }
  /** Members that have been heard of. */
  var alive: Set<Node> = {}
  var mode = Mode.Calm
  message Beat
  timer tick
  event Suspected(node: Node)
  operation Check(node: Node): Bool
  on start { alive = members  broadcast Beat  set tick after period }
  on timeout tick { emit Suspected(self)  mode = Mode.Busy }
  on m: Beat from p { alive += p }
  on op: Check { reply op.node in alive }
}
`;
const user = (body: string, handlers = '') => `${used}
protocol Store {
  uses health: Health
  var seen: Set<Node> = {}
  var waiting: Map<Call, Node> = {}
  operation Ask
  on op: Ask { ${body}  reply }
  ${handlers}
}
`;

let files = 0;
async function at(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const uri = `file:///used/${++files}.dsys`;
  const diagnostics = await client.open(uri, text);
  const before = text.slice(0, offset).split('\n');
  const position = { line: before.length - 1, character: (before.at(-1) as string).length };
  return { uri, text, diagnostics, place: { textDocument: { uri }, position } };
}
const items = async (marked: string) => client.request<CompletionItem[]>('textDocument/completion', (await at(marked)).place);
const labels = async (marked: string) => (await items(marked)).map(({ label }) => label);
const hover = async (marked: string) => {
  const found = await client.request<Hover | null>('textDocument/hover', (await at(marked)).place);
  return (found?.contents as { value: string } | undefined)?.value ?? '';
};

describe('completion', () => {
  test('behind the name of a protocol that is used: what can be read of it', async () => {
    const found = await labels(user('seen = health.|'));
    expect(found.toSorted()).toEqual(['Mode', 'Report', 'Some', 'alive', 'members', 'mode', 'period']);
    expect(await labels(user('seen = health.al|'))).toContain('alive');
    expect(await labels(user('', 'invariant I { forall m in members: m.health.|alive.size > 0 }'))).toEqual(['alive', 'mode']);
  });

  test('behind `on e:` its events and operations, behind `call` its operations', async () => {
    expect(await labels(user('', 'on e: health.| { }'))).toEqual(['Suspected', 'Check']);
    expect(await labels(user('', 'on e: health.|'))).toEqual(['Suspected', 'Check']);
    const [item, ...others] = await items(user('call health.|'));
    expect(others).toEqual([]);
    expect(item).toMatchObject({ label: 'Check', insertText: 'Check(${1:node})' });
    expect(await labels(user('call |'))).toEqual(['health.Check']);
  });

  test('fields of what is handled', async () => {
    expect(await labels(user('', 'on e: health.Suspected { seen += e.|node }'))).toEqual(['node']);
    const answer = await labels(user('', 'on r: health.Check { if r.|result { return } }'));
    expect(answer).toEqual(expect.arrayContaining(['call', 'result', 'node']));
  });

  test('where members and statements begin, and only in the protocol', async () => {
    expect(await labels(user('', '|'))).toContain('uses');
    expect(await labels(user('\n|\n'))).toEqual(expect.arrayContaining(['call', 'health']));
    expect(await labels(`${user('')}\nprotocol Other {\n  var x = 0\n  on start {\n    x = |\n  }\n}`)).not.toContain('health');
  });
});

describe('names of a protocol that is used', () => {
  test('tell on hover what they are', async () => {
    expect(await hover(user('seen = heal|th.alive'))).toContain('uses health: Health');
    const alive = await hover(user('seen = health.ali|ve'));
    expect(alive).toContain('var alive: Set<Node>');
    expect(alive).toContain('Members that have been heard of.');
    expect(await hover(user('call health.Che|ck(self) as c'))).toContain('operation Check(node: Node): Bool');
    expect(await hover(user('', 'on r: health.Check { if r.res|ult { return } }'))).toContain('result');
  });

  test('lead to their declarations', async () => {
    const { place, text, uri } = await at(user('', 'on e: health.Suspec|ted { seen += e.node }'));
    const found = await client.request<Location>('textDocument/definition', place);
    const location = Array.isArray(found) ? found[0] : found;
    expect(location.uri).toBe(uri);
    expect(text.split('\n')[location.range.start.line]).toBe('  event Suspected(node: Node)');
  });

  test('are renamed together, through the qualifier too', async () => {
    const state = await at(user('seen = health.al|ive', 'invariant I { forall m in members: m.health.alive.size > 0 }'));
    const edit = await client.request<WorkspaceEdit>('textDocument/rename', { ...state.place, newName: 'living' });
    // Declared, assigned, added to and asked in Health; read and stated in Store.
    expect(edit.changes?.[state.uri]).toHaveLength(6);
    const qualifier = await at(user('seen = hea|lth.alive  call health.Check(self) as c', 'on e: health.Suspected { seen += e.node }'));
    const renamed = await client.request<WorkspaceEdit>('textDocument/rename', { ...qualifier.place, newName: 'beats' });
    expect(renamed.changes?.[qualifier.uri]).toHaveLength(4);
  });
});

describe('a `run` that lacks what its protocol uses', () => {
  test('is mended by the run to add', async () => {
    const system = `system S {
  node server[3]
  node client
  run Store on server
  workload w on client { call Ask() to any(server) with (rate: 1/s) }
}`;
    const { uri, text, diagnostics } = await at(`${user('call health.Check(self)', 'on r: health.Check { waiting = {} }')}${system}|`);
    const missing = diagnostics.find(({ code }) => code === 'DS2018');
    expect(missing?.message).toContain('`Store` uses `Health`, but its nodes run no `Health`');
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: missing?.range,
      context: { diagnostics: [missing] },
    });
    const preferred = actions.find(({ isPreferred }) => isPreferred);
    expect(preferred?.title).toBe('Add `run Health on server`');
    const after = await client.change(uri, text.replace('  run Store', '  run Health on server\n  run Store'));
    expect(preferred?.edit?.changes?.[uri]?.map(({ newText }) => newText)).toEqual(['run Health on server\n  ']);
    expect(after.map(({ code }) => code)).not.toContain('DS2018');
  });

  test('takes the import along where there is none', async () => {
    const text = `import ReplicatedStore from "dsys/replication/replicated_store"
system S {
  node server[3]
  run ReplicatedStore on server
}`;
    const { uri, diagnostics } = await at(`${text}|`);
    const missing = diagnostics.find(({ code }) => code === 'DS2018');
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: missing?.range,
      context: { diagnostics: [missing] },
    });
    const edits = actions.find(({ title }) => title === 'Add `run Raft on server`')?.edit?.changes?.[uri];
    expect(edits?.map(({ newText }) => newText).toSorted()).toEqual(['\nimport Raft from "dsys/consensus/raft"', 'run Raft on server\n  ']);
  });
});
