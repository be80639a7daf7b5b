import type { Finding, Fix } from '../base/finding.ts';
import type { Span } from '../base/source.ts';
import type { CheckedFile, CheckedImport, Exported } from './check-file.ts';
import { nearest } from './elaborate/scope.ts';
import type { File, Import } from './generated/ast.ts';
import { importPath } from './library.ts';
import type { ParsedFile } from './parser.ts';
import { nameSpanOf, placeOf, spanOf, spanOfProperty } from './syntax.ts';

/** Where an import leads, as the workspace found it. */
export type ImportTarget = { readonly path: string; readonly uri: string | undefined; readonly state: unknown } & (
  | { readonly outcome: 'file'; readonly file: CheckedFile }
  | { readonly outcome: 'unresolved' | 'missing' }
  | { readonly outcome: 'unreadable'; readonly error: string }
  /** URIs along the circle, the importing file first and last. */
  | { readonly outcome: 'cycle'; readonly cycle: readonly string[] }
);

/** What the workspace knows beyond the file, for suggestions. */
export interface Suggestions {
  /** Paths that an import could name. */
  files(): readonly string[];
  /** The path of a file that declares the name. */
  exporting(name: string): string | undefined;
}

/** The imports of a file, resolved. */
export interface ResolvedImports {
  readonly imports: readonly CheckedImport[];
  /** By local name. */
  readonly names: ReadonlyMap<string, Exported>;
  /** Local names whose import failed: they are not unknown, their mistake is already reported. */
  readonly failed: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

export function readImports(parsed: ParsedFile, targets: readonly ImportTarget[], suggestions: Suggestions): ResolvedImports {
  const findings: Finding[] = [];
  const names = new Map<string, Exported>();
  const failed = new Set<string>();
  const first = new Map<string, Span>();
  const imports = parsed.ast.imports.map((node, index) => {
    const target = targets[index] as ImportTarget;
    const pathSpan = spanOfProperty(node, 'path');
    const problem = targetProblem(pathSpan, target, suggestions);
    if (problem) findings.push(problem);
    const exports = target.outcome === 'file' ? target.file.exports : undefined;
    const importedNames: CheckedImport['names'][number][] = [];
    for (const name of node.names) {
      const local = name.alias ?? name.name;
      const span = nameSpanOf(name);
      const localSpan = name.alias ? spanOfProperty(name, 'alias') : span;
      const exported = exports?.get(name.name);
      importedNames.push({ name: name.name, local, span, declaration: exported?.declaration ?? null });
      const earlier = first.get(local);
      if (earlier) {
        findings.push(twice(local, localSpan, earlier));
        continue;
      }
      first.set(local, localSpan);
      if (exported && exported.kind !== 'system') names.set(local, exported);
      else {
        failed.add(local);
        if (target.outcome === 'file') findings.push(nameProblem(name.name, span, target.path, exported, target.file));
      }
    }
    return {
      path: node.path,
      pathSpan,
      span: spanOf(node),
      uri: target.outcome === 'file' ? (target.uri ?? null) : null,
      names: importedNames,
    };
  });
  return { imports, names, failed, findings };
}

function targetProblem(span: Span, target: ImportTarget, suggestions: Suggestions): Finding | undefined {
  switch (target.outcome) {
    case 'file': {
      const errors = target.file.findings.filter((finding) => finding.severity === 'error').length;
      if (errors === 0) return undefined;
      const count = errors === 1 ? 'an error' : `${errors} errors`;
      const message = `the imported file has ${count}, so what is imported from it may be incomplete`;
      return { code: 'DS1206', severity: 'error', span, message, help: `mend \`${target.path}\` first` };
    }
    case 'unreadable':
      return { code: 'DS1203', severity: 'error', span, message: `\`${target.path}\` cannot be read: ${target.error}` };
    case 'cycle': {
      const ways = target.cycle.map(fileName).join(' → ');
      return {
        code: 'DS1204',
        severity: 'error',
        span,
        message: `this import leads back to this file: ${ways}`,
        why: 'files are checked one after the other, those imported first',
        help: 'move what both files need to a third one',
      };
    }
    default: {
      const wanted = fileName(target.path);
      const files = suggestions.files();
      const byName = files.filter((path) => fileName(path) === wanted);
      const near = byName[0] ?? nearest(target.path, files) ?? nearestByName(wanted, files);
      const edit = { uri: span.uri, start: span.start, end: span.end };
      const fixes: Fix[] = near
        ? [{ title: `Change the path to "${near}"`, edits: [{ span: edit, text: `"${near}"` }], preferred: true }]
        : [];
      const help = near
        ? `did you mean "${near}"?`
        : 'paths of files begin with `./` or `../`, those of the library with `dsys/`, as in "dsys/consensus/raft"';
      const what = target.path.startsWith('dsys/') ? 'the library has no' : 'there is no file';
      return { code: 'DS1201', severity: 'error', span, message: `${what} \`${target.path}\``, help, fixes };
    }
  }
}

function nearestByName(wanted: string, files: readonly string[]): string | undefined {
  const name = nearest(wanted, files.map(fileName));
  return name ? files.find((path) => fileName(path) === name) : undefined;
}

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.dsys$/, '');

function nameProblem(name: string, span: Span, path: string, exported: Exported | undefined, file: CheckedFile): Finding {
  if (exported) {
    const help = 'import the protocols and constants that it is made of';
    return { code: 'DS1208', severity: 'error', span, message: `\`${name}\` is a system, and systems cannot be imported`, help };
  }
  const source = file.imports.find((each) => each.names.some((imported) => imported.local === name && imported.declaration));
  if (source?.uri) {
    const direct = importPath(span.uri, source.uri);
    const help = `\`${path}\` imports it itself; import it from "${direct}"`;
    return { code: 'DS1202', severity: 'error', span, message: `\`${path}\` declares no \`${name}\``, help };
  }
  const candidates = [...file.exports].filter(([, value]) => value.kind !== 'system').map(([candidate]) => candidate);
  const near = nearest(name, candidates);
  const declares = candidates.length > 0 ? `it declares ${listed(candidates)}` : 'it declares nothing that can be imported';
  return {
    code: 'DS1202',
    severity: 'error',
    span,
    message: `\`${path}\` declares no \`${name}\``,
    help: near ? `did you mean \`${near}\`?` : declares,
    fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span, text: near }], preferred: true }] : [],
  };
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 6).map((name) => `\`${name}\``);
  if (names.length > 6) return `${shown.join(', ')} and ${names.length - 6} more`;
  return shown.length === 1 ? (shown[0] as string) : `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`;
}

function twice(local: string, span: Span, earlier: Span): Finding {
  return {
    code: 'DS1207',
    severity: 'error',
    span,
    message: `\`${local}\` is imported twice`,
    help: `remove one, or give one another name: \`${local} as Other\``,
    labels: [{ span: earlier, message: 'first here' }],
  };
}

/** A hint for each imported name that nothing uses. */
export function unusedImports(parsed: ParsedFile, resolved: ResolvedImports, isUsed: (local: string) => boolean): Finding[] {
  const repeated = new Set(
    resolved.findings
      .filter((finding) => finding.code === 'DS1207')
      .map((finding) => parsed.text.slice(finding.span.start, finding.span.end)),
  );
  return parsed.ast.imports.flatMap((node) => {
    const unused = node.names.filter((name) => {
      const local = name.alias ?? name.name;
      return resolved.names.has(local) && !isUsed(local) && !repeated.has(local);
    });
    return unused.map((name) => unusedImport(node, name, unused.length === node.names.length, parsed.text));
  });
}

function unusedImport(node: Import, name: Import['names'][number], whole: boolean, text: string): Finding {
  const span = spanOf(name);
  const removed = whole ? wholeLine(spanOf(node), text) : withComma(node, name);
  return {
    code: 'DS1205',
    severity: 'hint',
    span: whole ? spanOf(node) : span,
    message: `\`${name.alias ?? name.name}\` is imported and not used`,
    fixes: [
      {
        title: whole ? 'Remove the import' : `Remove \`${name.name}\` from the import`,
        edits: [{ span: removed, text: '' }],
        preferred: true,
      },
    ],
    tags: ['unnecessary'],
  };
}

function wholeLine(span: Span, text: string): Span {
  const end = text.slice(span.end).match(/^[ \t]*\r?\n/)?.[0].length ?? 0;
  return { ...span, end: span.end + end };
}

/** The name with the comma that separates it from its neighbour. */
function withComma(node: Import, name: Import['names'][number]): Span {
  const span = spanOf(name);
  const index = node.names.indexOf(name);
  const next = node.names[index + 1];
  if (next) return { ...span, end: spanOf(next).start };
  const before = node.names[index - 1];
  return before ? { ...span, start: spanOf(before).end } : span;
}

/** Where an import line goes: below the last one, else at the top. */
export function importEdit(file: File, line: string): { readonly span: Span; readonly text: string } {
  const last = file.imports[file.imports.length - 1];
  const { uri } = placeOf(file).source;
  if (!last) return { span: { uri, start: 0, end: 0 }, text: `${line}\n\n` };
  const end = spanOf(last).end;
  return { span: { uri, start: end, end }, text: `\n${line}` };
}
