import * as vscode from 'vscode';
import { State } from 'vscode-languageclient/node';
import type { Server } from './server.ts';

/** The language status item of .dsys files: whether the language server is up, with a way to restart it. */
export function registerStatus(server: Server): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('dsys.server', { language: 'dsys' });
  item.name = 'dsys';
  item.command = { command: 'dsys.restartServer', title: 'Restart' };
  const show = (state: State): void => {
    item.busy = state === State.Starting;
    item.text = texts[state];
    item.severity = state === State.Stopped ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
  };
  show(State.Starting);
  return vscode.Disposable.from(item, server.onStateChange(show));
}

const texts: Readonly<Record<State, string>> = {
  [State.Stopped]: 'dsys: language server stopped',
  [State.Starting]: 'dsys: starting',
  [State.Running]: 'dsys: checking as you type',
  [State.StartFailed]: 'dsys: language server did not start',
};
