import * as vscode from 'vscode';
import {
  type CancellationToken,
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  type State,
  TransportKind,
} from 'vscode-languageclient/node';
import { libraryScheme } from '../protocol/messages.ts';

/** Heap of the server process in megabytes: a workspace of 50,000 lines and its types need more than Node's default. */
const serverHeapMb = 3072;

/** The language server's process and the connection to it. */
export class Server implements vscode.Disposable {
  private readonly client: LanguageClient;
  private readonly stateChanged = new vscode.EventEmitter<State>();
  private started: Promise<void> | undefined;

  /** Fires with the new state when the server starts, runs or stops. */
  readonly onStateChange = this.stateChanged.event;

  constructor(context: vscode.ExtensionContext) {
    const module = context.asAbsolutePath('dist/server/server.cjs');
    const execArgv = [`--max-old-space-size=${serverHeapMb}`];
    const serverOptions: ServerOptions = {
      run: { module, transport: TransportKind.ipc, options: { execArgv } },
      debug: { module, transport: TransportKind.ipc, options: { execArgv: [...execArgv, '--inspect=6009'] } },
    };
    const clientOptions: LanguageClientOptions = {
      documentSelector: [
        { scheme: 'file', language: 'dsys' },
        { scheme: 'untitled', language: 'dsys' },
        { scheme: 'vscode-remote', language: 'dsys' },
        { scheme: 'vscode-vfs', language: 'dsys' },
        { scheme: libraryScheme, language: 'dsys' },
      ],
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher('**/*.dsys') },
      outputChannelName: 'dsys',
    };
    this.client = new LanguageClient('dsys', 'dsys', serverOptions, clientOptions);
    this.client.onDidChangeState(({ newState }) => this.stateChanged.fire(newState));
  }

  get state(): State {
    return this.client.state;
  }

  /** Starts the server once; later calls give the same promise. */
  start(): Promise<void> {
    if (!this.started) {
      this.started = this.client.start();
      this.started.catch((error: unknown) => {
        this.client.error('The dsys language server did not start.', error, 'force');
      });
    }
    return this.started;
  }

  async stop(): Promise<void> {
    // A client that is still starting cannot be stopped.
    await this.started?.catch(() => undefined);
    if (this.client.needsStop()) await this.client.stop();
    this.started = undefined;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Sends a request when the server is up; cancelling `token` cancels it there. */
  async request<Result>(method: string, params: unknown, token?: CancellationToken): Promise<Result> {
    await this.start();
    return this.client.sendRequest<Result>(method, params, token);
  }

  /** Reports of `$/progress` on a token of the caller's. */
  onProgress(token: string, listener: (report: ProgressReport) => void): vscode.Disposable {
    return this.client.onNotification('$/progress', (message: { token: string | number; value: ProgressReport }) => {
      if (message.token === token) listener(message.value);
    });
  }

  /** Writes a line to the extension's output channel. */
  log(line: string): void {
    this.client.info(line);
  }

  dispose(): void {
    this.stateChanged.dispose();
  }
}

/** The value of a work-done progress notification, as far as it is used here. */
export interface ProgressReport {
  readonly kind: 'begin' | 'report' | 'end';
  readonly message?: string;
  /** 0 to 100. */
  readonly percentage?: number;
}
