// The VS Code extension: registers what the editor shows and starts the language server. Nothing here waits for the
// server, so that activation stays instant; each feature waits for it when it is used.

import * as vscode from 'vscode';
import { registerCheckWorkspace } from './check-workspace.ts';
import { registerExport } from './export.ts';
import { registerLibraryContent } from './library-content.ts';
import { registerRun } from './run.ts';
import { RunPanel } from './run-panel.ts';
import { registerScenarioTests } from './scenario-tests.ts';
import { Server } from './server.ts';
import { registerStatus } from './status.ts';
import { registerTopology } from './topology.ts';

/** What other extensions and the tests may use. */
export interface DsysApi {
  /** Resolves when the language server answers. */
  readonly ready: Promise<void>;
}

let server: Server | undefined;

export function activate(context: vscode.ExtensionContext): DsysApi {
  server = new Server(context);
  const panel = new RunPanel(context, (problem) => server?.log(problem));
  context.subscriptions.push(
    server,
    panel,
    registerLibraryContent(server),
    registerRun(server, panel),
    registerTopology(server, panel),
    registerExport(server, panel),
    registerCheckWorkspace(server),
    registerScenarioTests(server),
    registerStatus(server),
    // Where a system's code lens leads that says what does not hold.
    vscode.commands.registerCommand('dsys.showProblems', () => vscode.commands.executeCommand('workbench.actions.view.problems')),
    vscode.commands.registerCommand('dsys.restartServer', () => server?.restart()),
  );
  return { ready: server.start() };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
