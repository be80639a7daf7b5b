import * as vscode from 'vscode';

/**
 * The file a command is meant for: the one it was called with (a button in the editor's title or a code lens passes
 * it), else the one in front. Unsaved text counts: the server sees what the editor shows.
 */
export function fileOf(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  if (typeof argument === 'string') return vscode.Uri.parse(argument);
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === 'dsys' ? document.uri : undefined;
}

/** Line of the cursor in the file, when it is open in front. */
export function cursorLine(uri: vscode.Uri): number | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor?.document.uri.toString() === uri.toString() ? editor.selection.active.line : undefined;
}
