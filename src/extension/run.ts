import * as vscode from 'vscode';
import {
  type RunParams,
  type RunResult,
  requests,
  type ScenarioInfo,
  type ScenariosParams,
  type ScenariosResult,
} from '../protocol/messages.ts';
import { cursorLine, fileOf } from './active-file.ts';
import type { RunPanel } from './run-panel.ts';
import type { Server } from './server.ts';
import { mayRun } from './trust.ts';

/** What a code lens or a panel passes beyond the file. */
export interface RunChoice {
  readonly system?: string;
  readonly scenario?: string;
  readonly seed?: number;
}

/**
 * `dsys.run`: simulates a scenario and shows the run. Resolves with the run once it is drawn, with nothing when there
 * was nothing to run or the user cancelled.
 */
export function registerRun(server: Server, panel: RunPanel): vscode.Disposable {
  const run = async (file?: unknown, choice?: RunChoice): Promise<RunResult | undefined> => {
    const uri = fileOf(file);
    if (!uri) {
      void vscode.window.showInformationMessage('Open a .dsys file to run a scenario of it.');
      return undefined;
    }
    if (!(await mayRun())) return undefined;
    const chosen = choice?.scenario ? choice : await chooseScenario(server, uri, choice);
    if (!chosen) return undefined;
    const seeds = vscode.workspace.getConfiguration('dsys', uri).get<number>('run.seeds', 0);
    const result = await simulate(server, {
      uri: uri.toString(),
      ...chosen,
      ...(seeds > 0 ? { runs: seeds } : {}),
      keepsEvents: true,
    });
    if (result) await panel.showRun(uri, result);
    return result;
  };
  panel.onRerun = ({ uri, system, scenario, seed }) => {
    void run(uri, { system, ...(scenario ? { scenario } : {}), ...(seed === undefined ? {} : { seed }) });
  };
  return vscode.commands.registerCommand('dsys.run', (file?: unknown, choice?: RunChoice) => run(file, choice));
}

/** The scenario under the cursor, the only one, or the one that the user picks. */
async function chooseScenario(server: Server, uri: vscode.Uri, choice: RunChoice | undefined): Promise<RunChoice | undefined> {
  const params: ScenariosParams = { uri: uri.toString() };
  const all = await server.request<ScenariosResult>(requests.scenarios, params);
  const offered = choice?.system ? all.filter(({ system }) => system === choice.system) : all;
  const line = cursorLine(uri);
  const under = offered.find(({ startLine, endLine }) => line !== undefined && startLine <= line && line <= endLine);
  const only = offered.length === 1 ? offered[0] : undefined;
  const picked = under ?? only ?? (await pick(offered));
  return picked && { ...choice, system: picked.system, scenario: picked.scenario };
}

async function pick(offered: readonly ScenarioInfo[]): Promise<ScenarioInfo | undefined> {
  if (offered.length === 0) {
    void vscode.window.showInformationMessage(
      'This file has no scenario to run. Write `scenario Name under Faults (duration: 10s) { … }` in a system.',
    );
    return undefined;
  }
  const items = offered.map((info) => ({ label: info.scenario, description: info.system, info }));
  const item = await vscode.window.showQuickPick(items, { title: 'Run Simulation', placeHolder: 'Scenario' });
  return item?.info;
}

let lastToken = 0;

/** Sends the run to the server under a notification with progress and a cancel button. */
async function simulate(server: Server, params: RunParams): Promise<RunResult | undefined> {
  const title = params.scenario ? `Simulating ${params.scenario}` : 'Simulating';
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, cancel) => {
      lastToken += 1;
      const workDoneToken = `dsys-run-${lastToken}`;
      let reported = 0;
      const listening = server.onProgress(workDoneToken, ({ message, percentage }) => {
        // VS Code adds increments up, the server reports where it stands.
        const increment = percentage === undefined ? undefined : Math.max(0, percentage - reported);
        reported = Math.max(reported, percentage ?? 0);
        progress.report({ ...(message ? { message } : {}), ...(increment ? { increment } : {}) });
      });
      try {
        return await server.request<RunResult>(requests.run, { ...params, workDoneToken }, cancel);
      } catch (error) {
        if (!cancel.isCancellationRequested) {
          const reason = error instanceof Error ? error.message : String(error);
          void vscode.window.showErrorMessage(`The simulation did not run: ${reason}`);
        }
        return undefined;
      } finally {
        listening.dispose();
      }
    },
  );
}
