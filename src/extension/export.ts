import * as vscode from 'vscode';
import { type ExportFormatInfo, type ExportParams, type ExportResult, requests } from '../protocol/messages.ts';
import type { RunPanel, ShownRun } from './run-panel.ts';
import type { Server } from './server.ts';

/** What a caller may choose in the user's place. */
export interface ExportChoice {
  readonly format?: string;
  readonly target?: vscode.Uri;
}

/**
 * `dsys.exportRun`: writes the run that the panel shows in another tool's format. It starts no run, so it needs no trust.
 * Resolves with the file, with nothing when the user cancelled or there is no run.
 */
export function registerExport(server: Server, panel: RunPanel): vscode.Disposable {
  const exportRun = async (choice?: ExportChoice): Promise<vscode.Uri | undefined> => {
    const run = panel.shownRun;
    if (!run) {
      void vscode.window.showInformationMessage('Run a simulation first: the run that the panel shows is exported.');
      return undefined;
    }
    try {
      const format = await chooseFormat(server, choice?.format);
      const target = format && (choice?.target ?? (await chooseTarget(run, format)));
      if (!format || !target) return undefined;
      const { bytes, truncated, cancelled } = await rendered(server, run, format);
      if (cancelled) return undefined;
      await vscode.workspace.fs.writeFile(target, bytes);
      void told(target, format, truncated);
      return target;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(`The run was not exported: ${reason}`);
      return undefined;
    }
  };
  panel.onExport = () => void exportRun();
  return vscode.commands.registerCommand('dsys.exportRun', (choice?: unknown) =>
    // From the title of an editor the command is called with that editor.
    exportRun(typeof choice === 'object' && choice !== null && 'format' in choice ? (choice as ExportChoice) : undefined),
  );
}

async function chooseFormat(server: Server, wanted: string | undefined): Promise<ExportFormatInfo | undefined> {
  const formats = await server.request<readonly ExportFormatInfo[]>(requests.exportFormats, {});
  if (wanted !== undefined) {
    const format = formats.find(({ format: name }) => name === wanted);
    if (!format) throw new Error(`there is no format ${wanted}`);
    return format;
  }
  const items = formats.map((info) => ({ label: info.title, description: info.opensIn, info }));
  const item = await vscode.window.showQuickPick(items, { title: 'Export Run', placeHolder: 'Format', matchOnDescription: true });
  return item?.info;
}

/** Beside the specification, where that is a file. */
function chooseTarget({ uri, scenario, seed }: ShownRun, { title, ending }: ExportFormatInfo): Thenable<vscode.Uri | undefined> {
  const source = vscode.Uri.parse(uri);
  const name = `${scenario}-seed${seed}.${ending}`;
  const besides = source.scheme === 'untitled' ? {} : { defaultUri: vscode.Uri.joinPath(source, '..', name) };
  return vscode.window.showSaveDialog({ ...besides, title: 'Export Run', saveLabel: 'Export', filters: { [title]: [ending] } });
}

interface Rendered {
  readonly bytes: Uint8Array;
  readonly truncated: boolean;
  readonly cancelled: boolean;
}

/** Fetches the export piece by piece, under a notification with a cancel button. */
function rendered(server: Server, { digest }: ShownRun, { format, title }: ExportFormatInfo): Thenable<Rendered> {
  const options = { location: vscode.ProgressLocation.Notification, title: `Exporting: ${title}`, cancellable: true };
  return vscode.window.withProgress(options, async (progress, cancel) => {
    const chunks: Buffer[] = [];
    for (let begin = true, size = 0; ; begin = false) {
      const params: ExportParams = { digest, format, begin };
      const piece = await server.request<ExportResult | null>(requests.exportRun, params);
      if (!piece) throw new Error('its events are no longer kept; run it again');
      chunks.push(Buffer.from(piece.text, 'utf8'));
      size += chunks.at(-1)?.length ?? 0;
      if (cancel.isCancellationRequested || !piece.more) {
        return { bytes: Buffer.concat(chunks), truncated: piece.truncated, cancelled: cancel.isCancellationRequested };
      }
      progress.report({ message: `${Math.round(size / 1e6)} MB` });
    }
  });
}

async function told(target: vscode.Uri, { title }: ExportFormatInfo, truncated: boolean): Promise<void> {
  const name = target.path.split('/').at(-1);
  const rest = truncated ? ' The run had more events than the editor keeps: exported are the first.' : '';
  const open = 'Open';
  const answer = await vscode.window.showInformationMessage(`${title} written to ${name}.${rest}`, open);
  if (answer === open) await vscode.commands.executeCommand('vscode.open', target);
}
