import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { test } from './harness.ts';

test('a .dsys file opens in the dsys language', async () => {
  const [file] = await vscode.workspace.findFiles('hello.dsys');
  assert.ok(file, 'the test workspace holds hello.dsys');
  const document = await vscode.workspace.openTextDocument(file);
  assert.equal(document.languageId, 'dsys');
});
