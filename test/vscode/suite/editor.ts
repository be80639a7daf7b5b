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
export function diagnosticsWhen(
  uri: vscode.Uri,
  wanted: (diagnostics: readonly vscode.Diagnostic[]) => boolean,
): Promise<readonly vscode.Diagnostic[]> {
  return eventually(
    () => vscode.languages.getDiagnostics(uri),
    wanted,
    (look) => vscode.languages.onDidChangeDiagnostics(look),
    (diagnostics) => `the diagnostics of ${uri.path} stayed: ${listed(diagnostics)}`,
  );
}

/** Resolves when the only panel has this title: the tabs that an extension sees follow the window's with a delay. */
export async function panelTitled(title: string): Promise<void> {
  await eventually(
    panelTitles,
    (titles) => titles.length === 1 && titles[0] === title,
    (look) => vscode.window.tabGroups.onDidChangeTabs(look),
    (titles) => `the panels are: ${titles.join(', ') || 'none'}`,
  );
}

/** The value as soon as `wanted` accepts it, looked at now and at every event; an error with `problem` when it is too long. */
async function eventually<T>(
  read: () => T,
  wanted: (value: T) => boolean,
  onEvent: (look: () => void) => vscode.Disposable,
  problem: (value: T) => string,
): Promise<T> {
  let listening: vscode.Disposable | undefined;
  const arrived = new Promise<T>((resolve) => {
    const look = (): void => {
      const value = read();
      if (wanted(value)) resolve(value);
    };
    listening = onEvent(look);
    look();
  });
  try {
    return await withTimeout(arrived, waitMs, () => problem(read()));
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
function panelTitles(): readonly string[] {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('dsys.run'))
    .map(({ label }) => label);
}
