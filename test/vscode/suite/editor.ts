// Steps that the tests share: open a file, wait for what the editor says of it.

import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { withTimeout } from './harness.ts';

/** Longest wait for the server to say something, in milliseconds. */
const waitMs = 30_000;

/** Opens a file of the test workspace in the editor. */
export async function open(relative: string): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'the test workspace is open');
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, relative));
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  return document;
}

/** The file's diagnostics as soon as `wanted` accepts them. */
export async function diagnosticsWhen(
  uri: vscode.Uri,
  wanted: (diagnostics: readonly vscode.Diagnostic[]) => boolean,
): Promise<readonly vscode.Diagnostic[]> {
  let listening: vscode.Disposable | undefined;
  const arrived = new Promise<readonly vscode.Diagnostic[]>((resolve) => {
    const look = (): void => {
      const now = vscode.languages.getDiagnostics(uri);
      if (wanted(now)) resolve(now);
    };
    listening = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (uris.some((changed) => changed.toString() === uri.toString())) look();
    });
    look();
  });
  try {
    return await withTimeout(arrived, waitMs, `the diagnostics of ${uri.path} stayed: ${listed(vscode.languages.getDiagnostics(uri))}`);
  } finally {
    listening?.dispose();
  }
}

export function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

function listed(diagnostics: readonly vscode.Diagnostic[]): string {
  return diagnostics.map((diagnostic) => `${codeOf(diagnostic)} ${diagnostic.message}`).join('; ') || 'none';
}

/** Titles of the webview tabs that are open. */
export function panelTitles(): readonly string[] {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('dsys.run'))
    .map(({ label }) => label);
}
