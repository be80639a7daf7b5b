import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { codeOf, diagnosticsWhen, open } from './editor.ts';
import { test } from './harness.ts';

test('a system that is too small for its faults is underlined, and the preferred fix mends it', async () => {
  const document = await open('too-small.dsys');
  const broken = (diagnostics: readonly vscode.Diagnostic[]): vscode.Diagnostic | undefined =>
    diagnostics.find((diagnostic) => diagnostic.severity === vscode.DiagnosticSeverity.Error && codeOf(diagnostic).startsWith('DS3'));
  const diagnostic = broken(await diagnosticsWhen(document.uri, (diagnostics) => broken(diagnostics) !== undefined));
  assert.ok(diagnostic);

  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    diagnostic.range,
    vscode.CodeActionKind.QuickFix.value,
  );
  const fix = actions.find((action) => action.isPreferred) ?? actions[0];
  assert.ok(fix?.edit, `a fix with an edit among: ${actions.map(({ title }) => title).join('; ')}`);
  const before = document.getText();
  await vscode.workspace.applyEdit(fix.edit);
  assert.notEqual(document.getText(), before);
  await diagnosticsWhen(document.uri, (diagnostics) => broken(diagnostics) === undefined);
});

test('a word that the grammar does not know is reported where it stands', async () => {
  const document = await open('counter.dsys');
  await diagnosticsWhen(document.uri, (diagnostics) => diagnostics.every(({ severity }) => severity !== vscode.DiagnosticSeverity.Error));
  const line = document.lineAt(document.lineCount - 2);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, line.range.end, '\n  nonsense here');
  await vscode.workspace.applyEdit(edit);
  const isError = ({ severity }: vscode.Diagnostic): boolean => severity === vscode.DiagnosticSeverity.Error;
  const found = await diagnosticsWhen(document.uri, (diagnostics) => diagnostics.some(isError));
  assert.ok(found.some((diagnostic) => isError(diagnostic) && Math.abs(diagnostic.range.start.line - line.lineNumber) <= 1));
  const undone = new vscode.WorkspaceEdit();
  undone.delete(document.uri, new vscode.Range(line.range.end, document.lineAt(line.lineNumber + 1).range.end));
  await vscode.workspace.applyEdit(undone);
  await diagnosticsWhen(document.uri, (diagnostics) => !diagnostics.some(isError));
});

test('the library opens as a read-only document by "Go to Definition"', async () => {
  const document = await open('too-small.dsys');
  const position = document.positionAt(document.getText().indexOf('run Raft') + 'run R'.length);
  const places = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
    'vscode.executeDefinitionProvider',
    document.uri,
    position,
  );
  const [first] = places;
  assert.ok(first, 'the protocol has a definition');
  const uri = 'targetUri' in first ? first.targetUri : first.uri;
  assert.equal(uri.scheme, 'dsys-library');
  const text = (await vscode.workspace.openTextDocument(uri)).getText();
  assert.match(text, /\bprotocol Raft\b/);
});

test('"Check Workspace" counts what is wrong in every file', async () => {
  const result = await vscode.commands.executeCommand<{ files: { uri: string; errors: number }[] }>('dsys.checkWorkspace');
  const counter = result.files.find(({ uri }) => uri.endsWith('/counter.dsys'));
  assert.equal(counter?.errors, 0);
});

test('after "Restart Language Server" files are checked again', async () => {
  const document = await open('counter.dsys');
  await vscode.commands.executeCommand('dsys.restartServer');
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(0, 0), 'nonsense here\n');
  await vscode.workspace.applyEdit(edit);
  const isError = ({ severity }: vscode.Diagnostic): boolean => severity === vscode.DiagnosticSeverity.Error;
  await diagnosticsWhen(document.uri, (diagnostics) => diagnostics.some(isError));
  const undone = new vscode.WorkspaceEdit();
  undone.delete(document.uri, new vscode.Range(0, 0, 1, 0));
  await vscode.workspace.applyEdit(undone);
  await diagnosticsWhen(document.uri, (diagnostics) => !diagnostics.some(isError));
});
