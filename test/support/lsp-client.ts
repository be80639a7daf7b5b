import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import type { Diagnostic, Position, Range } from 'vscode-languageserver-protocol';

const server = fileURLToPath(new URL('../../dist/server/server.cjs', import.meta.url));

/** A client of the language server as a process, speaking over stdio as editors do. */
export class LspClient {
  private readonly published = new Map<string, { version?: number; diagnostics: Diagnostic[] }>();
  private readonly waiting: {
    uri: string;
    accept: (published: { version?: number; diagnostics: Diagnostic[] }) => boolean;
    resolve: (diagnostics: Diagnostic[]) => void;
  }[] = [];
  private readonly awaitingRefresh: (() => void)[] = [];
  private version = 0;
  /** How often the server has asked for its inlay hints to be fetched anew. */
  refreshes = 0;
  exited = false;

  private constructor(
    private readonly child: ChildProcess,
    readonly connection: MessageConnection,
  ) {
    connection.onNotification('textDocument/publishDiagnostics', (params: { uri: string; version?: number; diagnostics: Diagnostic[] }) => {
      this.published.set(params.uri, params);
      for (const entry of [...this.waiting]) {
        if (entry.uri !== params.uri || !entry.accept(params)) continue;
        this.waiting.splice(this.waiting.indexOf(entry), 1);
        entry.resolve(params.diagnostics);
      }
    });
    connection.onRequest('workspace/codeLens/refresh', () => null);
    connection.onRequest('workspace/inlayHint/refresh', () => {
      this.refreshes++;
      for (const resolve of this.awaitingRefresh.splice(0)) resolve();
      return null;
    });
    connection.onRequest('client/registerCapability', () => null);
    child.on('exit', () => {
      this.exited = true;
    });
  }

  static async start(folder?: string): Promise<LspClient> {
    const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (!child.stdout || !child.stdin) throw new Error('the server has no streams');
    const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const client = new LspClient(child, connection);
    connection.listen();
    const workspaceFolders = folder ? [{ uri: pathToFileURL(folder).href, name: 'test' }] : null;
    await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {}, workspaceFolders });
    await connection.sendNotification('initialized', {});
    return client;
  }

  /** Opens a text and resolves with its diagnostics. */
  open(uri: string, text: string): Promise<Diagnostic[]> {
    const version = ++this.version;
    const published = this.diagnosticsOf(uri, version);
    void this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'dsys', version, text } });
    return published;
  }

  /** Replaces a text and resolves with the diagnostics of the new one. */
  change(uri: string, text: string): Promise<Diagnostic[]> {
    const version = ++this.version;
    const published = this.diagnosticsOf(uri, version);
    void this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
    return published;
  }

  /** Types text at a position, as an editor sends it. */
  type(uri: string, position: Position, text: string): Promise<Diagnostic[]> {
    return this.replace(uri, { start: position, end: position }, text);
  }

  /** Replaces a part of a text and resolves with the diagnostics of the new one. */
  replace(uri: string, range: Range, text: string): Promise<Diagnostic[]> {
    const version = ++this.version;
    const published = this.diagnosticsOf(uri, version);
    void this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range, text }] });
    return published;
  }

  /** The diagnostics of any file, as soon as they are published. */
  diagnosticsOf(uri: string, version?: number): Promise<Diagnostic[]> {
    const known = this.published.get(uri);
    if (known && version === undefined) return Promise.resolve(known.diagnostics);
    return new Promise((resolve) =>
      this.waiting.push({ uri, accept: (published) => version === undefined || published.version === version, resolve }),
    );
  }

  /** The next diagnostics of a file that satisfy a condition. */
  next(uri: string, accept: (diagnostics: readonly Diagnostic[]) => boolean): Promise<Diagnostic[]> {
    return new Promise((resolve) => this.waiting.push({ uri, accept: (published) => accept(published.diagnostics), resolve }));
  }

  /** The next time that the server asks for its inlay hints to be fetched anew. */
  nextRefresh(): Promise<void> {
    return new Promise((resolve) => this.awaitingRefresh.push(resolve));
  }

  request<Result>(method: string, params: unknown): Promise<Result> {
    return this.connection.sendRequest<Result>(method, params);
  }

  /** Shuts the server down in order and resolves with its exit code. */
  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.child.once('exit', resolve));
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const code = await ended;
    this.connection.dispose();
    return code;
  }
}
