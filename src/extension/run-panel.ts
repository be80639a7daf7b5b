import * as vscode from 'vscode';
import { type FromPanel, isMessage, type Origin, protocolVersion, type Subject, type ToPanel } from '../panel/protocol.ts';
import type { RunView, SourcePlace, TopologyView } from '../protocol/view-model.ts';
import { panelHtml } from './panel-html.ts';

/** Type of the webview; package.json activates on it, so that a panel comes back after the window was reloaded. */
const viewType = 'dsys.run';

/** What names the run that is shown. */
export interface ShownRun {
  readonly uri: string;
  readonly scenario: string;
  readonly seed: number;
  readonly digest: string;
}

/** The one panel that shows a run or a topology beside the text. It is made when first needed and reused. */
export class RunPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  /** What is shown: sent again whenever the page is loaded anew, since a hidden page is not kept. */
  private shown: { readonly subject: Subject; readonly origin: Origin } | undefined;
  private waitingForDrawn: (() => void)[] = [];
  private readonly registration: vscode.Disposable;

  /** Called when the user asks in the panel to export its run. */
  onExport: () => void = () => undefined;

  /** Called when the user asks in the panel for the same run again, or for another seed. */
  onRerun: (origin: Origin) => void = () => undefined;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: (problem: string) => void,
  ) {
    this.registration = vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel) => this.adopt(panel),
    });
  }

  /** Shows a run; resolves when it is drawn, or when the panel was closed before. */
  showRun(uri: vscode.Uri, run: RunView): Promise<void> {
    return this.show(
      { kind: 'run', run },
      { uri: uri.toString(), system: run.topology.system, scenario: run.scenario, seed: run.seed },
      run.scenario,
    );
  }

  /** Shows a topology without a run; resolves when it is drawn, or when the panel was closed before. */
  showTopology(uri: vscode.Uri, topology: TopologyView): Promise<void> {
    return this.show(
      { kind: 'topology', topology },
      { uri: uri.toString(), system: topology.system, scenario: undefined, seed: undefined },
      topology.system,
    );
  }

  /** The run that the panel shows; undefined where it shows none. */
  get shownRun(): ShownRun | undefined {
    if (!this.panel || this.shown?.subject.kind !== 'run') return undefined;
    const { scenario, seed, digest } = this.shown.subject.run;
    return { uri: this.shown.origin.uri, scenario, seed, digest };
  }

  private async show(subject: Subject, origin: Origin, name: string): Promise<void> {
    this.shown = { subject, origin };
    const panel = this.panel ?? this.create();
    this.tellShown();
    panel.title = subject.kind === 'run' ? `Run: ${name}` : `Topology: ${name}`;
    const drawn = new Promise<void>((resolve) => this.waitingForDrawn.push(resolve));
    panel.reveal(panel.viewColumn ?? vscode.ViewColumn.Beside, true);
    this.send();
    await drawn;
  }

  private create(): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel(
      viewType,
      'dsys',
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      this.options(),
    );
    this.adopt(panel);
    return panel;
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    panel.webview.options = this.options();
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.context.extensionUri, 'icons/file-light.svg'),
      dark: vscode.Uri.joinPath(this.context.extensionUri, 'icons/file-dark.svg'),
    };
    panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message));
    panel.onDidDispose(() => {
      if (this.panel === panel) this.panel = undefined;
      this.tellShown();
      this.finishDrawn();
    });
    panel.webview.html = panelHtml(panel.webview, this.assets());
  }

  private receive(value: unknown): void {
    if (!isMessage(value)) return;
    const message = value as FromPanel;
    switch (message.type) {
      case 'ready':
        this.send();
        break;
      case 'drawn':
        this.finishDrawn();
        break;
      case 'reveal':
        void reveal(message.place);
        break;
      case 'rerun':
        this.onRerun(message.origin);
        break;
      case 'export':
        this.onExport();
        break;
      case 'problem':
        this.log(`panel: ${message.message}`);
        // Whoever waits for the drawing waits in vain.
        this.finishDrawn();
        break;
    }
  }

  private send(): void {
    if (!this.panel || !this.shown) return;
    const message: ToPanel = { version: protocolVersion, type: 'show', ...this.shown };
    void this.panel.webview.postMessage(message);
  }

  /** Commands about the run that is shown are offered only while there is one. */
  private tellShown(): void {
    void vscode.commands.executeCommand('setContext', 'dsys.runShown', this.shownRun !== undefined);
  }

  private finishDrawn(): void {
    for (const resolve of this.waitingForDrawn.splice(0)) resolve();
  }

  private assets(): vscode.Uri {
    return vscode.Uri.joinPath(this.context.extensionUri, 'dist/panel');
  }

  private options(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: [this.assets()] };
  }

  dispose(): void {
    this.registration.dispose();
    this.panel?.dispose();
  }
}

/** Opens the file at the place, beside the panel. */
async function reveal(place: SourcePlace): Promise<void> {
  const position = new vscode.Position(place.line, place.character);
  const uri = vscode.Uri.parse(place.uri);
  const open = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  await vscode.window.showTextDocument(uri, {
    viewColumn: open?.viewColumn ?? vscode.ViewColumn.One,
    selection: new vscode.Range(position, position),
  });
}
