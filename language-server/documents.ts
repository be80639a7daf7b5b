import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Connection, FileChangeType, TextDocumentSyncKind, type TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Workspace } from '../src/language/workspace.ts';
import { toDiagnostic } from './convert.ts';
import type { Session } from './session.ts';

export const syncKind = TextDocumentSyncKind.Incremental;

/** Folders that hold no specifications of the user's. */
const skipped = new Set(['node_modules', '.git', 'dist', 'out']);
/** So many files of a workspace are read and checked at the most; what is opened beyond them is checked too. */
const filesMax = 2_000;

/** The text of a file on disk; undefined when there is none, the reason when it cannot be read. */
export function readFromDisk(uri: string): string | undefined | { error: string } {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return readFileSync(fileURLToPath(uri), 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : { error: message };
  }
}

/** Keeps the workspace's texts in step with the editor and the disk, and publishes what the checks find. */
export class Documents {
  private readonly onDisk = new Set<string>();
  private readonly stale = new Set<string>();
  private scheduled = false;
  private published: (uri: string, isOpen: boolean) => void = () => undefined;

  constructor(
    private readonly connection: Connection,
    private readonly open: TextDocuments<TextDocument>,
    private readonly workspace: Workspace,
    private readonly session: () => Session,
  ) {
    open.onDidChangeContent(({ document }) => {
      workspace.setText(document.uri, document.getText());
      this.check(document.uri);
    });
    open.onDidClose(({ document }) => {
      workspace.delete(document.uri);
      if (this.onDisk.has(document.uri)) this.check(document.uri);
      else void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
    });
    connection.onDidChangeWatchedFiles(({ changes }) => {
      for (const { uri, type } of changes) this.changedOnDisk(uri, type);
    });
  }

  /** Sets who is told of each file that was checked and published, and of those closed (which are checked as they are on disk). */
  onPublished(listener: (uri: string, isOpen: boolean) => void): void {
    this.published = listener;
  }

  /** Every known file: open ones and those of the folders. */
  *files(): Generator<string> {
    yield* this.onDisk;
    for (const uri of this.open.keys()) if (!this.onDisk.has(uri)) yield uri;
  }

  /** Finds the folders' files and checks them, open ones first. */
  addFolder(uri: string): void {
    if (!uri.startsWith('file:')) return;
    for (const file of dsysFiles(fileURLToPath(uri), filesMax - this.onDisk.size)) {
      const found = pathToFileURL(file).href;
      this.onDisk.add(found);
      this.stale.add(found);
    }
    this.schedule();
  }

  /** Checks a file and those that import it, once the messages that are waiting have been read. */
  private check(uri: string): void {
    this.stale.add(uri);
    for (const dependant of this.workspace.dependants(uri)) this.stale.add(dependant);
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled || this.stale.size === 0) return;
    this.scheduled = true;
    // Behind the input that has arrived already: of three keystrokes in one chunk only the last is checked.
    setImmediate(() => {
      this.scheduled = false;
      const uri = this.next();
      if (uri !== undefined) this.publish(uri);
      this.schedule();
    });
  }

  /** Open files before the others, in the order of their changes. */
  private next(): string | undefined {
    let first: string | undefined;
    for (const uri of this.stale) {
      if (this.open.get(uri)) {
        first = uri;
        break;
      }
      first ??= uri;
    }
    if (first !== undefined) this.stale.delete(first);
    return first;
  }

  /** Tells the editor what there is to say of a file. */
  publish(uri: string): void {
    if (!this.open.get(uri) && !this.onDisk.has(uri)) return;
    const session = this.session();
    const diagnostics = session
      .findings(uri)
      .flatMap((finding) => (finding.span.uri === uri ? (toDiagnostic(finding, session.linesOf, session.pages) ?? []) : []));
    const version = this.open.get(uri)?.version;
    void this.connection.sendDiagnostics({ uri, diagnostics, ...(version === undefined ? {} : { version }) });
    this.published(uri, version !== undefined);
  }

  private changedOnDisk(uri: string, type: FileChangeType): void {
    if (type === FileChangeType.Deleted) this.onDisk.delete(uri);
    else this.onDisk.add(uri);
    if (this.open.get(uri)) return;
    const dependants = [...this.workspace.dependants(uri)];
    this.workspace.changed(uri);
    for (const dependant of dependants) this.stale.add(dependant);
    if (type === FileChangeType.Deleted) void this.connection.sendDiagnostics({ uri, diagnostics: [] });
    else this.stale.add(uri);
    this.schedule();
  }
}

function dsysFiles(folder: string, atMost: number): string[] {
  const found: string[] = [];
  const visit = (path: string) => {
    let entries: import('node:fs').Dirent[];
    try {
      entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch {
      // A folder that cannot be read holds nothing to check; a file in it that is opened is checked all the same.
      return;
    }
    for (const entry of entries) {
      if (found.length >= atMost) return;
      if (entry.isDirectory() && !skipped.has(entry.name) && !entry.name.startsWith('.')) visit(join(path, entry.name));
      else if (entry.isFile() && entry.name.endsWith('.dsys')) found.push(join(path, entry.name));
    }
  };
  visit(folder);
  return found;
}
