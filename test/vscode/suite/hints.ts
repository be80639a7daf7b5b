import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { open } from './editor.ts';
import { test } from './harness.ts';

/** Longest wait for the words to come: they are computed in the background. */
const waitMs = 20_000;

async function hintsOf(document: vscode.TextDocument): Promise<string[]> {
  const range = new vscode.Range(0, 0, document.lineCount, 0);
  const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', document.uri, range);
  return (hints ?? []).map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')));
}

async function hintsWhen(document: vscode.TextDocument, wanted: (labels: readonly string[]) => boolean): Promise<string[]> {
  for (const end = Date.now() + waitMs; ; ) {
    const labels = await hintsOf(document);
    if (wanted(labels)) return labels;
    assert.ok(Date.now() < end, `the hints stayed: ${labels.join('; ') || 'none'}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

test('behind a run stands what it survives, unless the user does not want it', async () => {
  const document = await open('examples/etcd-three-zones.dsys');
  const labels = await hintsWhen(document, ({ length }) => length > 0);
  assert.match(labels.join('; '), /^survives 1 of 3 crashes/);

  const settings = vscode.workspace.getConfiguration('dsys.inlayHints');
  await settings.update('resilience', false, vscode.ConfigurationTarget.Workspace);
  await hintsWhen(document, ({ length }) => length === 0);
  await settings.update('resilience', undefined, vscode.ConfigurationTarget.Workspace);
  await hintsWhen(document, ({ length }) => length > 0);
});

test('the hover over the protocol of a run shows the card', async () => {
  const document = await open('examples/etcd-three-zones.dsys');
  const position = document.positionAt(document.getText().indexOf('run Raft') + 'run R'.length);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, position);
  const text = hovers
    .flatMap(({ contents }) => contents.map((content) => (typeof content === 'string' ? content : content.value)))
    .join('\n');
  assert.match(text, /Under `ZoneLoss`/);
  assert.match(text, /What it survives/);
});
