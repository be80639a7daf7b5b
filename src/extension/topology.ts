import * as vscode from 'vscode';
import { requests, type TopologyParams, type TopologyResult } from '../protocol/messages.ts';
import { fileOf } from './active-file.ts';
import type { RunPanel } from './run-panel.ts';
import type { Server } from './server.ts';

/** `dsys.showTopology`: draws the nodes, zones and links of a system, without running it. */
export function registerTopology(server: Server, panel: RunPanel): vscode.Disposable {
  return vscode.commands.registerCommand('dsys.showTopology', async (file?: unknown, system?: unknown) => {
    const uri = fileOf(file);
    if (!uri) {
      void vscode.window.showInformationMessage('Open a .dsys file to see the topology of its system.');
      return undefined;
    }
    const params: TopologyParams = {
      uri: uri.toString(),
      ...(typeof system === 'string' ? { system } : {}),
    };
    try {
      const topology = await server.request<TopologyResult>(requests.topology, params);
      await panel.showTopology(uri, topology);
      return topology;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(`There is no topology to show: ${reason}`);
      return undefined;
    }
  });
}
