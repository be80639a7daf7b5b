import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  Range,
  SemanticTokens,
  WorkspaceEdit,
  WorkspaceSymbol,
} from 'vscode-languageserver-protocol';
import type { ExportResult } from '../../src/protocol/messages.ts';
import { exportFormats } from '../../src/report/exports/formats.ts';
import { LspClient } from '../support/lsp-client.ts';

/* The language server as editors have it: a process, spoken to over stdio. `|` marks the cursor in the texts. */

const examples = fileURLToPath(new URL('../../examples', import.meta.url));
let client: LspClient;
beforeAll(async () => {
  client = await LspClient.start(examples);
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
});

let files = 0;
/** Opens a text with a cursor and gives what a request about that place needs. */
async function at(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const uri = `file:///features/${++files}.dsys`;
  const diagnostics = await client.open(uri, text);
  const before = text.slice(0, offset).split('\n');
  const position = { line: before.length - 1, character: (before.at(-1) as string).length };
  return { uri, text, diagnostics, place: { textDocument: { uri }, position } };
}

const protocol = `/** Counts. */
protocol Counter(step: Int = 1) {
  requires safety n >= 2
  record Item(value: Int, owner: Node)
  var total = 0
  var items: List<Item> = []
  message Add(by: Int)
  operation Increase(by: Int): Int
  on m: Add from p { total += m.by  items += Item(m.by, p) }
  on op: Increase {
    broadcast Add(op.by * step)
    total += op.by
    reply total + items.size
  }
  invariant Positive { forall m in members: m.total >= 0 }
}
`;

describe('diagnostics', () => {
  test('a requirement that fails is shown at the run, with the witness, the source and a related place', async () => {
    const { diagnostics } = await at(`import Raft from "dsys/consensus/raft"
system Two {
  node replica[3]
  timing partially_synchronous(delay: 10ms, gst: 0s)
  faults F { crash 2 of replica }
  run Raft on replica|
}`);
    expect(diagnostics).toMatchObject([
      { code: 'DS3004', severity: 1, source: 'dsys', range: { start: { line: 5, character: 6 }, end: { line: 5, character: 10 } } },
    ]);
    expect(diagnostics[0]?.message).toContain('replica[0]');
    expect(diagnostics[0]?.relatedInformation?.[0]?.location.uri).toMatch(/raft\.dsys$/);
    expect(readFileSync(fileURLToPath(diagnostics[0]?.codeDescription?.href ?? ''), 'utf8')).toMatch(/^# DS3004: /);
  });

  test('they follow each change, and go when the mistake goes', async () => {
    const { uri, diagnostics } = await at('const a: Int = "one"|');
    expect(diagnostics.map(({ code }) => code)).toEqual(['DS1003']);
    expect(await client.change(uri, 'const a: Int = 1')).toEqual([]);
  });

  test('a change in an imported file reaches those that import it', async () => {
    await client.open('file:///features/lib.dsys', 'const size = 3');
    const user = 'import size from "./lib.dsys"\nsystem S { node a[size] node b[size + 1] }';
    expect(await client.open('file:///features/user.dsys', user)).toEqual([]);
    const after = client.next('file:///features/user.dsys', (diagnostics) => diagnostics.length > 0);
    await client.change('file:///features/lib.dsys', 'const size = "three"');
    expect(await after).toMatchObject([{ severity: 1 }, { severity: 1 }]);
  });

  test('files of the folder that nobody has opened are checked', async () => {
    const uri = pathToFileURL(`${examples}/etcd-two-zones.dsys`).href;
    expect(await client.diagnosticsOf(uri)).toMatchObject([{ code: 'DS3004', severity: 3 }]);
  });
});

describe('names', () => {
  test('hover: declaration, documentation', async () => {
    const { place } = await at(`${protocol}system S { node a[2]  run Coun|ter on a }`);
    const hover = await client.request<Hover>('textDocument/hover', place);
    expect(JSON.stringify(hover.contents)).toContain('Counts.');
    expect(JSON.stringify(hover.contents)).toContain('n >= 2');
  });

  test('hover: the resilience of a deployment under each fault model', async () => {
    const { place } = await at(`import Raft from "dsys/consensus/raft"
system S {
  node replica[3]
  timing partially_synchronous(delay: 10ms, gst: 0s)
  faults One { crash 1 of replica }
  faults Two { crash 2 of replica }
  run R|aft on replica
}`);
    const text = JSON.stringify((await client.request<Hover>('textDocument/hover', place)).contents);
    expect(text).toContain('Under `One`');
    expect(text).toContain('Under `Two`');
    expect(text).toContain('✗ liveness `available(Majority)`');
  });

  test('hover: the whole card, and it fits a screen', async () => {
    const uri = pathToFileURL(`${examples}/etcd-three-zones.dsys`).href;
    const text = readFileSync(`${examples}/etcd-three-zones.dsys`, 'utf8');
    await client.open(uri, text);
    const line = text.split('\n').findIndex((content) => content.includes('run Raft'));
    const place = { textDocument: { uri }, position: { line, character: 7 } };
    const told = async () => ((await client.request<Hover>('textDocument/hover', place)).contents as { value: string }).value;
    // A hover does not wait for ever: on a busy machine the first one may show what is known so far.
    const ready = client.nextRefresh();
    let value = await told();
    if (!value.includes('**What it survives**')) {
      await ready;
      value = await told();
    }
    expect(value).toContain('✓ Under `ZoneLoss`: **survives 1 of 3 crashes, any 1 zone');
    expect(value).toContain('**What it survives**');
    expect(value).toContain('- zones: any 1 of `a`, `b` and `c` may be lost');
    expect(value.split('\n').length).toBeLessThanOrEqual(45);
  });

  test('hover: a predicate tells what it means and where its theory is', async () => {
    const { place } = await at('protocol P {\n  quorum Q = majority(members)\n  requires safety inter|sect(Q)\n}');
    const hover = await client.request<Hover>('textDocument/hover', place);
    const { value } = hover.contents as { value: string };
    expect(value).toContain('dsys explain DS3003');
    expect(value).toContain('Malkhi & Reiter 1998');
    expect(value.match(/```dsys\n/g)).toHaveLength(2); // the predicate, one example
  });

  test('hover: a criterion for histories tells what it asks', async () => {
    const { place } = await at('system S {\n  node a\n  scenario X (duration: 1s) { expect mono|tonic_reads(Spec) }\n}');
    const hover = await client.request<Hover>('textDocument/hover', place);
    expect(JSON.stringify(hover.contents)).toContain('no client sees less than it saw before');
  });

  test('go to definition: a variable, and into the library', async () => {
    const { place, uri } = await at(protocol.replace('reply total', 'reply to|tal'));
    expect(await client.request<Location>('textDocument/definition', place)).toMatchObject({
      uri,
      range: { start: { line: 4, character: 6 } },
    });
    const other = await at('import Raft from "dsys/consensus/raft"\nsystem S { node a[3]  run Ra|ft on a }');
    const found = await client.request<Location>('textDocument/definition', other.place);
    expect(found.uri).toBe('dsys-library:/consensus/raft.dsys');
    expect(await client.request('dsys/libraryText', { uri: found.uri })).toContain('protocol Raft');
  });

  test('references and rename: every use, in one edit', async () => {
    const { place, uri, text } = await at(protocol.replace('var total', 'var to|tal'));
    const found = await client.request<Location[]>('textDocument/references', { ...place, context: { includeDeclaration: true } });
    expect(found).toHaveLength(text.split('total').length - 1);
    const edit = await client.request<WorkspaceEdit>('textDocument/rename', { ...place, newName: 'sum' });
    expect(edit.changes?.[uri]).toHaveLength(found.length);
    await expect(client.request('textDocument/rename', { ...place, newName: 'if' })).rejects.toThrow('reserved');
    await expect(client.request('textDocument/rename', { ...place, newName: '1x' })).rejects.toThrow('not a name');
  });

  test('what the language or its library declares cannot be renamed', async () => {
    const { place } = await at(protocol.replace('in members', 'in mem|bers'));
    await expect(client.request('textDocument/prepareRename', place)).rejects.toThrow('belongs to the language');
    const library = await at('import Ra|ft from "dsys/consensus/raft"');
    await expect(client.request('textDocument/prepareRename', library.place)).rejects.toThrow('standard library');
  });
});

describe('completion', () => {
  const labels = async (marked: string) =>
    (await client.request<CompletionItem[]>('textDocument/completion', (await at(marked)).place)).map(({ label }) => label);

  test('after `solves` the problems of the field and nothing else', async () => {
    const found = await labels('protocol P {\n  solves |\n}');
    expect(found).toEqual(expect.arrayContaining(['consensus', 'atomic_storage', 'convergence']));
    expect(found).not.toContain('members');
  });

  test('what may begin, by place', async () => {
    expect(await labels('|')).toEqual(expect.arrayContaining(['system', 'protocol', 'import']));
    expect(await labels('system S {\n  |\n}')).toEqual(expect.arrayContaining(['node', 'zone', 'faults', 'run']));
    expect(await labels('system S {\n  node a\n  faults F {\n    |\n  }\n}')).toEqual(
      expect.arrayContaining(['crash', 'byzantine', 'outage']),
    );
    expect(await labels(protocol.replace('total += op.by\n', '|\n'))).toEqual(
      expect.arrayContaining(['let', 'broadcast', 'total', 'items', 'self']),
    );
  });

  test('criteria for histories behind `expect`', async () => {
    const criteria = ['linearizable', 'sequential', 'causal', 'serializable', 'writes_follow_reads', 'convergent'];
    expect(await labels('system S {\n  node a\n  scenario X (duration: 1s) { expect | }\n}')).toEqual(expect.arrayContaining(criteria));
    expect(await labels('system S {\n  node a\n  scenario X (duration: 1s) { expect not ca|usal(Spec) }\n}')).toContain('causal');
  });

  test('types that a Data may carry behind `is` and `as`', async () => {
    const found = await labels('protocol P {\n  record Put(key: Int)\n  var held: Data = 0\n  on start { assert held is | }\n}');
    expect(found).toEqual(expect.arrayContaining(['Put', 'Int', 'List']));
    for (const other of ['Call', 'Quorum', 'Data', 'held', 'members']) expect(found).not.toContain(other);
  });

  test('members by type: fields and methods', async () => {
    expect(await labels(protocol.replace('items.size', 'items.|'))).toEqual(expect.arrayContaining(['size', 'filter', 'last']));
    expect(await labels(protocol.replace('total += m.by', 'total += m.|'))).toEqual(expect.arrayContaining(['by']));
  });

  test('only messages behind broadcast, only protocols behind run', async () => {
    expect(await labels(protocol.replace('broadcast Add(op.by * step)', 'broadcast |'))).toEqual(['Add']);
    expect(await labels(`${protocol}system S { node a[2]  run | on a }`)).toEqual(['Counter']);
  });

  test('paths of the library', async () => {
    expect(await labels('import Raft from "|"')).toEqual(expect.arrayContaining(['dsys/consensus/raft', 'dsys/broadcast/gossip']));
  });
});

describe('structure', () => {
  test('document symbols are nested as the text is', async () => {
    const { place } = await at(`${protocol}|`);
    const symbols = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', place);
    expect(symbols.map(({ name }) => name)).toEqual(['Counter']);
    expect(symbols[0]?.children?.map(({ name }) => name)).toEqual(expect.arrayContaining(['Item', 'total', 'Add', 'Increase', 'Positive']));
  });

  test('workspace symbols find by letters in order', async () => {
    const found = await client.request<WorkspaceSymbol[]>('workspace/symbol', { query: 'etcd' });
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(['Etcd', 'EtcdInTwoZones']));
  });

  test('folding: blocks and comments', async () => {
    const { place } = await at('/* a\n b\n c */\nsystem S {\n  node a\n  node b\n}|');
    expect(await client.request<FoldingRange[]>('textDocument/foldingRange', place)).toEqual([
      { startLine: 0, endLine: 2, kind: 'comment' },
      { startLine: 3, endLine: 5 },
    ]);
  });

  test('semantic tokens: five numbers a word, in order', async () => {
    const { place } = await at(`${protocol}|`);
    const { data } = await client.request<SemanticTokens>('textDocument/semanticTokens/full', place);
    expect(data.length % 5).toBe(0);
    expect(data.length).toBeGreaterThan(100);
    expect(data.slice(0, 3)).toEqual([1, 9, 7]);
  });
});

describe('inlay hints', () => {
  const hintsOf = (uri: string, text: string) =>
    client.request<InlayHint[]>('textDocument/inlayHint', {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end: { line: text.split('\n').length, character: 0 } },
    });
  const store = (faults: string) => `import Raft from "dsys/consensus/raft"
system Hinted {
  node replica[5]
  timing partially_synchronous(delay: 10ms, gst: 0s)
  ${faults}
  run Raft on replica
}`;

  test('behind the run: what it survives, with the card behind it; they come when they are ready', async () => {
    const { uri, text } = await at(`${store('faults One { crash 1 of replica }')}|`);
    const ready = client.nextRefresh();
    expect(await hintsOf(uri, text)).toEqual([]);
    await ready;
    const [hint, ...others] = await hintsOf(uri, text);
    expect(others).toEqual([]);
    expect(hint?.position).toEqual({ line: 5, character: 21 });
    expect(hint?.label).toMatch(/^survives 2 of 5 crashes/);
    expect(JSON.stringify(hint?.tooltip)).toContain('Under `One`');
  });

  test('the worst fault model is told; while it is looked at again the old words stay', async () => {
    const { uri, text } = await at(`${store('faults One { crash 1 of replica }')} |`);
    let ready = client.nextRefresh();
    await hintsOf(uri, text);
    await ready;
    const worse = store('faults One { crash 1 of replica } faults Three { crash 3 of replica }');
    await client.change(uri, worse);
    ready = client.nextRefresh();
    expect((await hintsOf(uri, worse))[0]?.label).toMatch(/^survives 2 of 5 crashes/);
    await ready;
    expect((await hintsOf(uri, worse))[0]?.label).toMatch(/^no liveness under Three/);
  });

  test('a change that leaves the system as it is moves the hint and computes nothing anew', async () => {
    const { uri, text } = await at(`${store('faults One { crash 1 of replica }')}|`);
    const ready = client.nextRefresh();
    await hintsOf(uri, text);
    await ready;
    const moved = `// one line more\n${text}`;
    await client.change(uri, moved);
    expect((await hintsOf(uri, moved))[0]?.position).toEqual({ line: 6, character: 21 });
  });
});

describe('long searches', () => {
  test('what the quick check leaves open is answered when the answer has come', async () => {
    const { uri, diagnostics } = await at(`protocol Store {
  quorum Majority = majority(members)
  requires liveness available(Majority)
}
system Mesh {
  node peer[36]
  link grid(peer, columns: 6)
  faults Some { crash 6 of peer }
  run Store on peer
}|`);
    expect(diagnostics.map(({ code }) => code)).toEqual(['DS3090']);
    const better = await client.next(uri, (later) => later.every(({ code }) => code !== 'DS3090'));
    expect(better.map(({ code }) => code)).toEqual(['DS3004']);
  });
});

describe('actions', () => {
  test('the fix of a requirement mends it', async () => {
    const { uri, text, diagnostics } = await at(`import Raft from "dsys/consensus/raft"
system Two {
  node replica[3]
  timing partially_synchronous(delay: 10ms, gst: 0s)
  faults F { crash 2 of replica }
  run Raft on replica|
}`);
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: diagnostics[0]?.range,
      context: { diagnostics },
    });
    const preferred = actions.find(({ isPreferred }) => isPreferred);
    expect(preferred?.title).toBe('Raise `replica` from 3 to 5 nodes');
    const edit = preferred?.edit?.changes?.[uri]?.[0];
    expect(edit?.newText).toBe('5');
    expect(await client.change(uri, text.replace('replica[3]', 'replica[5]'))).toEqual([]);
  });

  test('lenses: the verdict of the system, and Simulate above each scenario', async () => {
    const { uri } = await at('system S {\n  node a[2]\n  scenario Quiet (duration: 1s) { expect messages == 0 }\n}|');
    const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    expect(lenses.map(({ command }) => command?.command)).toEqual(expect.arrayContaining(['dsys.showTopology', 'dsys.run']));
    const simulate = lenses.find(({ command }) => command?.command === 'dsys.run');
    expect(simulate?.command?.arguments).toEqual([uri, { system: 'S', scenario: 'Quiet' }]);
  });
});

describe('runs', () => {
  test('a run in a worker: verdicts, the trace to draw, progress; the same seed gives the same digest', async () => {
    const uri = pathToFileURL(`${examples}/pbft-too-few.dsys`).href;
    const progress: unknown[] = [];
    client.connection.onNotification('$/progress', (params) => {
      progress.push(params);
    });
    const params = { uri, system: 'LedgerOfThree', scenario: 'TwoDecisions', runs: 2, workDoneToken: 'w' };
    const first = await client.request<{ passed: boolean; digest: string; messages: { sentMs: number[] } }>('dsys/run', params);
    const second = await client.request<{ digest: string }>('dsys/run', params);
    expect(first.passed).toBe(true);
    expect(first.messages.sentMs.length).toBeGreaterThan(10);
    expect(second.digest).toBe(first.digest);
    expect(progress.length).toBeGreaterThan(2);
  });

  test('the run that is shown is exported, whatever else was run since, in pieces of the text that the command line writes', async () => {
    const uri = pathToFileURL(`${examples}/pbft-too-few.dsys`).href;
    const params = { uri, system: 'LedgerOfThree', scenario: 'TwoDecisions', runs: 1 };
    const { digest } = await client.request<{ digest: string }>('dsys/run', { ...params, keepsEvents: true });
    await client.request('dsys/run', { ...params, seed: 77 });
    const formats = await client.request<{ format: string; title: string }[]>('dsys/exportFormats', {});
    expect(formats.map(({ format }) => format)).toEqual([...exportFormats]);
    const texts: string[] = [];
    for (let begin = true, more = true; more; begin = false) {
      const piece = await client.request<ExportResult>('dsys/exportRun', { digest, format: 'chrome', begin });
      texts.push(piece.text);
      more = piece.more;
    }
    const events: { name: string }[] = JSON.parse(texts.join('')).traceEvents;
    expect(events.some(({ name }) => name === 'process_name')).toBe(true);
    expect(events.length).toBeGreaterThan(100);
    // All of it was given; and another run's events are not there.
    expect(await client.request('dsys/exportRun', { digest, format: 'chrome', begin: false })).toBeNull();
    expect(await client.request('dsys/exportRun', { digest: '0123456789abcdef', format: 'chrome', begin: true })).toBeNull();
    expect(await client.request('dsys/exportRun', { digest, format: 'svg', begin: true })).toBeNull();
  });

  test('what a run finds is shown where it is, until the text changes; its fix adds the smallest scenario that fails', async () => {
    const text = `protocol Voting {
  var votes = 0
  message Vote
  operation Ask
  on op: Ask { broadcast Vote  reply }
  on m: Vote { votes += 1 }
  invariant Few { forall m in members: m.votes < 4 }
}
system Town {
  node voter[3]
  node user
  run Voting on voter
  workload Asking on user { call Ask() to any(voter) with (rate: 20/s) }
  scenario Long (duration: 2s, seeds: 2, seed: 40) {
    at 100ms crash(voter[0], for: 100ms)
    at 1s slow(voter[1], for: 100ms)
  }
}`;
    const { uri } = await at(`${text}|`);
    const failed = client.next(uri, (diagnostics) => diagnostics.some(({ code }) => code === 'DS5002'));
    const run = await client.request<{ passed: boolean; seed: number; seeds: number }>('dsys/run', { uri, scenario: 'Long' });
    // The scenario's own seeds.
    expect(run).toMatchObject({ passed: false, seed: 40, seeds: 2 });
    const diagnostic = (await failed).find(({ code }) => code === 'DS5002');
    expect(diagnostic).toMatchObject({ severity: 1, range: { start: { line: 6, character: 2 } } });
    expect(diagnostic?.message).toContain('reduced: ');

    // A look at one seed takes nothing away.
    await client.request('dsys/run', { uri, scenario: 'Long', seed: 41 });
    const params = { textDocument: { uri }, range: diagnostic?.range, context: { diagnostics: [] } };
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', params);
    const add = actions.find(({ title }) => title.startsWith('Add the minimal failing scenario'));
    const [edit, ...others] = add?.edit?.changes?.[uri] ?? [];
    expect(others).toEqual([]);
    expect(await client.replace(uri, edit?.range as Range, edit?.newText ?? '')).toEqual([]);
    const [, added] = await client.request<{ scenario: string }[]>('dsys/scenarios', { uri });
    expect(await client.request('dsys/run', { uri, scenario: added?.scenario })).toMatchObject({ passed: false, seeds: 1 });
  });

  test('topology and scenarios without a run', async () => {
    const uri = pathToFileURL(`${examples}/etcd-three-zones.dsys`).href;
    expect(await client.request('dsys/topology', { uri })).toMatchObject({ system: 'Etcd', complete: false });
    expect(await client.request('dsys/scenarios', { uri })).toMatchObject([
      { scenario: 'Calm' },
      { scenario: 'LeaderZoneLost' },
      { scenario: 'MemberCrashes' },
    ]);
    await expect(client.request('dsys/run', { uri, system: 'None' })).rejects.toThrow('no system None');
  });

  test('the workspace is checked to the end on request', async () => {
    const { files } = await client.request<{ files: { uri: string; errors: number }[] }>('dsys/checkWorkspace', {});
    const own = files.filter(({ uri }) => uri.includes('/examples/'));
    expect(own.length).toBeGreaterThan(6);
    expect(own.every(({ errors }) => errors === 0)).toBe(true);
  });
});
