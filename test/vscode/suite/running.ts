import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { RunView, TopologyView } from '../../../src/protocol/view-model.ts';
import { open, panelTitled } from './editor.ts';
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

test('the topology is drawn in the same panel', async () => {
  const document = await open('counter.dsys');
  const topology = await vscode.commands.executeCommand<TopologyView>('dsys.showTopology', document.uri);
  assert.deepEqual(
    topology.nodes.map(({ name }) => name),
    ['worker[0]', 'worker[1]', 'worker[2]'],
  );
  assert.equal(topology.zones.length, 2);
  await panelTitled('Topology: Counting');
});
