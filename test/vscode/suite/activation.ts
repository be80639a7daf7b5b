import { strict as assert } from 'node:assert';
import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { DsysApi } from '../../../src/extension/main.ts';
import { open } from './editor.ts';
import { test } from './harness.ts';

/** What the extension promises: nobody waits for it, and it is quick to load. */
const activationMaxMs = 300;
const bundleMaxBytes = 2 * 1024 * 1024;

function extension(): vscode.Extension<DsysApi> {
  const found = vscode.extensions.getExtension<DsysApi>('dsys.dsys');
  assert.ok(found, 'the extension is there');
  return found;
}

test('it sleeps until a .dsys file is opened', () => {
  assert.equal(extension().isActive, false);
  return Promise.resolve();
});

// Processor time, not the clock's: on a machine that is busy with other work the clock would measure that.
test(`it activates within ${activationMaxMs} ms`, async () => {
  const before = process.cpuUsage();
  await extension().activate();
  const { user, system } = process.cpuUsage(before);
  const tookMs = (user + system) / 1000;
  assert.ok(tookMs <= activationMaxMs, `${tookMs} ms`);
});

test(`its bundle is at most ${bundleMaxBytes / 1024 / 1024} MiB`, async () => {
  const { size } = await stat(extension().extensionUri.with({ scheme: 'file' }).fsPath.concat('/dist/extension/extension.cjs'));
  assert.ok(size <= bundleMaxBytes, `${size} bytes`);
});

test('a .dsys file opens in the dsys language', async () => {
  const document = await open('counter.dsys');
  assert.equal(document.languageId, 'dsys');
});

test('the language server answers', async () => {
  await extension().exports.ready;
});
