import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { RunView, TopologyView } from '../../../src/protocol/view-model.ts';
import { codeOf, diagnosticsWhen, open, panelTitled } from './editor.ts';
import { test } from './harness.ts';

test('a scenario runs, its verdicts hold, and the panel shows it', async () => {
  const document = await open('counter.dsys');
  const run = await vscode.commands.executeCommand<RunView>('dsys.run', document.uri);
  assert.equal(run.scenario, 'OneCrash');
  assert.equal(run.seeds, 3);
  assert.deepEqual(
    run.verdicts.filter(({ passed }) => !passed).map(({ text, detail }) => `${text}: ${detail}`),
    [],
  );
  assert.ok(run.messages.type.length > 20, `${run.messages.type.length} messages`);
  assert.ok(run.bands.some(({ kind, fromMs, toMs }) => kind === 'crash' && fromMs === 500 && toMs === 1000));
  assert.ok(run.states.timeMs.length > 0, 'variables change');
  await panelTitled('Run: OneCrash');
});

test('the same seed gives the same run', async () => {
  const { uri } = await open('counter.dsys');
  const choice = { system: 'Counting', scenario: 'OneCrash', seed: 2 };
  const first = await vscode.commands.executeCommand<RunView>('dsys.run', uri, choice);
  const second = await vscode.commands.executeCommand<RunView>('dsys.run', uri, choice);
  assert.equal(first.seed, 2);
  assert.equal(first.digest, second.digest);
});

test('the run that is shown is written in formats of other tools', async () => {
  const { uri } = await open('counter.dsys');
  const run = await vscode.commands.executeCommand<RunView>('dsys.run', uri, { system: 'Counting', scenario: 'OneCrash', seed: 2 });
  const target = vscode.Uri.joinPath(uri, '..', 'exported.mmd');
  try {
    const written = await vscode.commands.executeCommand<vscode.Uri>('dsys.exportRun', { format: 'mermaid', target });
    assert.equal(written?.toString(), target.toString());
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(target));
    assert.match(text, /^%% Counting.OneCrash, seed 2/);
    assert.ok(text.includes(run.digest), 'it is that run');
  } finally {
    await vscode.workspace.fs.delete(target);
  }
});

test('the topology is drawn in the same panel', async () => {
  const document = await open('counter.dsys');
  const topology = await vscode.commands.executeCommand<TopologyView>('dsys.showTopology', document.uri);
  assert.deepEqual(
    topology.nodes.map(({ name }) => name),
    ['worker[0]', 'worker[1]', 'worker[2]'],
  );
  assert.equal(topology.zones.length, 2);
  await panelTitled('Topology: Counting');
  // There is no run to export then.
  assert.equal(await vscode.commands.executeCommand('dsys.exportRun', { format: 'mermaid' }), undefined);
});

test('what a run finds is in the Problems view, and its quick fix adds the smallest scenario that fails', async () => {
  const document = await open('faults.dsys');
  const before = document.getText();
  const { uri } = document;
  const run = await vscode.commands.executeCommand<RunView>('dsys.run', uri, { system: 'Hospital', scenario: 'EveryFault' });
  assert.equal(run.passed, false);
  // The scenario's own seeds.
  assert.equal(run.seeds, 4);
  const brokenMs = run.verdicts.find(({ text }) => text === 'invariant FewBeats')?.timeMs ?? 0;
  assert.ok(Math.abs(brokenMs - 2800) < 0.001, `broken at ${brokenMs} ms`);
  assert.ok(run.seed >= 9 && run.seed <= 12, `seed ${run.seed}`);
  assert.deepEqual([...new Set(run.bands.map(({ kind }) => kind))].toSorted(), [
    'byzantine',
    'clock',
    'crash',
    'omission',
    'outage',
    'partition',
    'pause',
    'slow',
  ]);
  const found = await diagnosticsWhen(uri, (all) => all.some((diagnostic) => codeOf(diagnostic) === 'DS5002'));
  const broken = found.find((diagnostic) => codeOf(diagnostic) === 'DS5002');
  assert.ok(broken);
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, broken.range);
  const add = actions.find(({ title }) => title.startsWith('Add the minimal failing scenario'));
  assert.ok(add?.edit, actions.map(({ title }) => title).join('; '));
  await vscode.workspace.applyEdit(add.edit);
  await diagnosticsWhen(uri, (all) => all.every((diagnostic) => codeOf(diagnostic) !== 'DS5002'));
  const name = /`(\w+)`/.exec(add.title)?.[1] ?? '';
  const again = await vscode.commands.executeCommand<RunView>('dsys.run', uri, { system: 'Hospital', scenario: name });
  assert.equal(again.passed, false);

  const undone = new vscode.WorkspaceEdit();
  undone.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), before);
  await vscode.workspace.applyEdit(undone);
  await document.save();
});
