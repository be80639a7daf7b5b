import * as vscode from 'vscode';
import { type CheckWorkspaceResult, requests } from '../protocol/messages.ts';
import type { Server } from './server.ts';

/** `dsys.checkWorkspace`: checks every .dsys file, opens the Problems view when there is something in it. */
export function registerCheckWorkspace(server: Server): vscode.Disposable {
  return vscode.commands.registerCommand('dsys.checkWorkspace', async () => {
    const result = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: 'dsys: checking the workspace' },
      () => server.request<CheckWorkspaceResult>(requests.checkWorkspace, {}),
    );
    const sum = (count: (file: CheckWorkspaceResult['files'][number]) => number): number =>
      result.files.reduce((total, file) => total + count(file), 0);
    const errors = sum((file) => file.errors);
    const warnings = sum((file) => file.warnings);
    const infos = sum((file) => file.infos);
    if (errors + warnings + infos > 0) await vscode.commands.executeCommand('workbench.actions.view.problems');
    void vscode.window.showInformationMessage(
      `Checked ${plural(result.files.length, 'file')}: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}.`,
    );
    return result;
  });
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
