import type { CheckedFile } from './check-file.ts';
import { elaborateFile } from './elaborate/file.ts';
import { type ImportTarget, readImports } from './imports.ts';
import { importPath, isLibraryUri, type Library, libraryPath, libraryUri, resolveImport } from './library.ts';
import { type ParsedFile, parseText } from './parser.ts';

/** Where a workspace gets the texts of files that nobody has open. It never waits. */
export interface WorkspaceHost {
  /** Undefined where there is no such file; an error where there is one that cannot be read. */
  readText(uri: string): string | undefined | { readonly error: string };
  readonly library: Library;
  /** Files that an import could name, for suggestions; may be left out. */
  listFiles?(): readonly string[];
}

interface Entry {
  readonly uri: string;
  /** Set by `setText`; undefined while the host's text counts. */
  open: string | undefined;
  /** The host's answer, kept until `changed`. */
  read?: { readonly text: string | undefined; readonly error?: string };
  parsed?: ParsedFile;
  checked?: CheckedFile;
  /** What `checked` was made of: the imported files as they were. */
  dependencies?: readonly (readonly [uri: string, state: unknown])[];
  /** The state of the workspace at which `checked` was last found to be right. */
  checkedAt: number;
}

/**
 * The files of a project and what the language stage knows of them. Knows no file system and no editor. A change of one
 * file makes it and those that import it, directly or not, be checked anew when somebody asks for them.
 */
export class Workspace {
  private readonly entries = new Map<string, Entry>();
  private state = 0;

  constructor(private readonly host: WorkspaceHost) {}

  /** The text of a file as an editor has it: what is on disk no longer counts. */
  setText(uri: string, text: string): void {
    const entry = this.entry(uri);
    if (entry.open === text) return;
    entry.open = text;
    this.state++;
  }

  /** An editor has closed the file, or it is gone: what the host says counts. */
  delete(uri: string): void {
    const entry = this.entries.get(uri);
    if (!entry) return;
    entry.open = undefined;
    entry.read = undefined;
    this.state++;
  }

  /** The file has changed outside of the editor. */
  changed(uri: string): void {
    const entry = this.entry(uri);
    entry.read = undefined;
    this.state++;
  }

  /** Files that were opened or read so far, those of the library left out. */
  get files(): readonly string[] {
    return [...this.entries.values()]
      .filter((entry) => !isLibraryUri(entry.uri) && this.textOf(entry).text !== undefined)
      .map((entry) => entry.uri);
  }

  /** What the standard library offers, as imports name it: `dsys/consensus/raft`. */
  get libraryPaths(): readonly string[] {
    return this.host.library.list().map((path) => `dsys/${path}`);
  }

  /** The text of a file; undefined where it cannot be read. */
  text(uri: string): string | undefined {
    return this.textOf(this.entry(uri)).text;
  }

  parse(uri: string): ParsedFile {
    const entry = this.entry(uri);
    const text = this.textOf(entry).text ?? '';
    if (entry.parsed?.text !== text) entry.parsed = parseText(uri, text);
    return entry.parsed;
  }

  /** Everything that is known of a file. A file that is not there counts as empty; ask `text` whether it is. */
  check(uri: string): CheckedFile {
    const entry = this.entry(uri);
    if (entry.checked && entry.checkedAt === this.state) return entry.checked;
    const parsed = this.parse(uri);
    const targets = this.targetsOf(parsed);
    const dependencies = targets.map((target) => [target.uri ?? target.path, target.state] as const);
    if (!entry.checked || entry.checked.text !== parsed.text || !sameStates(entry.dependencies, dependencies)) {
      const suggestions = { files: () => this.knownFiles(uri), exporting: (name: string) => this.exporting(uri, name) };
      entry.checked = elaborateFile(parsed, readImports(parsed, targets, suggestions), suggestions);
      entry.dependencies = dependencies;
    }
    entry.checkedAt = this.state;
    return entry.checked;
  }

  /** Files among those known that import the given one, directly or through others. */
  dependants(uri: string): readonly string[] {
    return this.files.filter((file) => file !== uri && this.pathBetween(file, uri) !== undefined);
  }

  private entry(uri: string): Entry {
    let entry = this.entries.get(uri);
    if (!entry) {
      entry = { uri, open: undefined, checkedAt: -1 };
      this.entries.set(uri, entry);
    }
    return entry;
  }

  private textOf(entry: Entry): { readonly text: string | undefined; readonly error?: string } {
    if (entry.open !== undefined) return { text: entry.open };
    if (!entry.read) {
      const found = isLibraryUri(entry.uri) ? this.host.library.read(libraryPath(entry.uri)) : this.host.readText(entry.uri);
      entry.read = typeof found === 'object' ? { text: undefined, error: found.error } : { text: found };
    }
    return entry.read;
  }

  private targetsOf(parsed: ParsedFile): ImportTarget[] {
    return parsed.ast.imports.map((node) => {
      const uri = resolveImport(parsed.uri, node.path);
      const base = { path: node.path, uri };
      if (!uri) return { ...base, state: 'unresolved', outcome: 'unresolved' };
      const { text, error } = this.textOf(this.entry(uri));
      if (error !== undefined) return { ...base, state: error, outcome: 'unreadable', error };
      if (text === undefined) return { ...base, state: 'missing', outcome: 'missing' };
      const cycle = this.pathBetween(uri, parsed.uri);
      if (cycle) return { ...base, state: `cycle ${cycle.join()}`, outcome: 'cycle', cycle: [parsed.uri, ...cycle] };
      const file = this.check(uri);
      return { ...base, state: file, outcome: 'file', file };
    });
  }

  /** Files from one to another along imports, both ends included; undefined when there is no such way. */
  private pathBetween(from: string, to: string): string[] | undefined {
    const cameFrom = new Map<string, string | null>([[from, null]]);
    for (const uri of cameFrom.keys()) {
      if (uri === to) {
        const path: string[] = [];
        for (let at: string | null | undefined = to; at; at = cameFrom.get(at)) path.unshift(at);
        return path;
      }
      for (const node of this.parse(uri).ast.imports) {
        const next = resolveImport(uri, node.path);
        if (next && !cameFrom.has(next) && this.textOf(this.entry(next)).text !== undefined) cameFrom.set(next, uri);
      }
    }
    return undefined;
  }

  /** Paths that an import in a file could name. */
  private knownFiles(from: string): string[] {
    const library = isLibraryUri(from) ? [] : this.libraryPaths;
    const others = [...new Set([...this.files, ...(this.host.listFiles?.() ?? [])])].filter((uri) => uri !== from && !isLibraryUri(uri));
    return [...library, ...others.map((uri) => importPath(from, uri))];
  }

  /** The path of a file that declares a protocol, adversary or specification of that name, the library's first. */
  private exporting(from: string, name: string): string | undefined {
    const library = isLibraryUri(from) ? [] : this.host.library.list().map(libraryUri);
    const others = this.files.filter((uri) => uri !== from);
    const found = [...library, ...others].find((uri) =>
      this.parse(uri).ast.declarations.some((declaration) => declaration.name === name && declaration.$type !== 'System'),
    );
    return found && importPath(from, found);
  }
}

function sameStates(before: Entry['dependencies'], now: Entry['dependencies']): boolean {
  return (
    before?.length === now?.length &&
    (before ?? []).every(([uri, state], index) => uri === now?.[index]?.[0] && state === now?.[index]?.[1])
  );
}
