import type { Finding } from '../src/base/finding.ts';
import { LineIndex, type Span } from '../src/base/source.ts';
import type { CheckedFile } from '../src/language/check-file.ts';
import type { Declaration } from '../src/language/elaborate/context.ts';
import type { Workspace } from '../src/language/workspace.ts';
import type { CheckReport } from '../src/pipeline/api.ts';
import { checkFile } from '../src/pipeline/check.ts';
import type { LinesOf } from './convert.ts';
import type { Pages } from './pages.ts';

/** What the last run of a scenario said: shown in its code lens and as diagnostics until its file changes. */
export interface LastRun {
  readonly passed: boolean;
  readonly seeds: number;
  readonly findings: readonly Finding[];
}

/**
 * The state that all features share: the workspace and what has been computed of it. Features read; only `documents.ts`
 * writes texts.
 */
export class Session {
  private readonly reports = new WeakMap<CheckedFile, CheckReport>();
  private readonly foreignLines = new Map<string, { text: string; lines: LineIndex }>();
  private readonly runs = new Map<string, { readonly file: CheckedFile; readonly run: LastRun }>();

  constructor(
    readonly workspace: Workspace,
    /** All known files: open ones and those of the workspace's folders. */
    readonly files: () => Iterable<string>,
    readonly pages: Pages,
  ) {}

  /** The file's syntax, names and types. */
  file(uri: string): CheckedFile {
    return this.workspace.check(uri);
  }

  /** The file as if its text were another: what completion asks, with a name put in where the user is about to type one. */
  fileAs(uri: string, text: string): CheckedFile {
    // A neighbour of the file, so that its relative imports lead to the same files.
    const neighbour = `${uri}~`;
    this.workspace.setText(neighbour, text);
    const file = this.workspace.check(neighbour);
    this.workspace.delete(neighbour);
    return file;
  }

  /** The same with model and bounds; kept until the file or one that it imports changes. */
  report(uri: string): CheckReport {
    const file = this.file(uri);
    let report = this.reports.get(file);
    if (!report) {
      report = checkFile(this.workspace, uri);
      this.reports.set(file, report);
    }
    return report;
  }

  /** Puts a report of the present text in the place of a hastier one. */
  improve(uri: string, report: CheckReport): void {
    this.reports.set(this.file(uri), report);
  }

  /** Lines of any file that a span may point into, the library's too. */
  readonly linesOf: LinesOf = (uri) => {
    const text = this.workspace.text(uri);
    if (text === undefined) return undefined;
    const known = this.foreignLines.get(uri);
    if (known?.text === text) return known.lines;
    const lines = new LineIndex(text);
    this.foreignLines.set(uri, { text, lines });
    return lines;
  };

  /** Keeps what a run of a scenario said; `file` is the text that ran. */
  rememberRun(file: CheckedFile, system: string, scenario: string, run: LastRun): void {
    this.runs.set(`${file.uri} ${system} ${scenario}`, { file, run });
  }

  /** What the last run said, if the text is still the one that ran. */
  runOf(uri: string, system: string, scenario: string): LastRun | undefined {
    const known = this.runs.get(`${uri} ${system} ${scenario}`);
    return known && known.file === this.file(uri) ? known.run : undefined;
  }

  /** All there is to say of a file: what its check has found, and what the last runs of its scenarios have. */
  findings(uri: string): readonly Finding[] {
    const { findings, systems } = this.report(uri);
    const ofRuns = systems.flatMap(({ code }) => code.scenarios.flatMap(({ name }) => this.runOf(uri, code.name, name)?.findings ?? []));
    return [...findings, ...ofRuns];
  }

  /** The word at an offset that declares or uses a name. */
  nameAt(uri: string, offset: number): { readonly span: Span; readonly declaration: Declaration } | undefined {
    const file = this.file(uri);
    const holds = (span: Span) => span.uri === uri && span.start <= offset && offset <= span.end;
    const use = file.uses.find(({ span }) => holds(span));
    if (use) return use;
    const declaration = file.declarations.find(({ nameSpan }) => holds(nameSpan));
    return declaration && { span: declaration.nameSpan, declaration };
  }
}

/** Whether two declarations are the same place in the same file. */
export function sameDeclaration(a: Declaration, b: Declaration): boolean {
  return a.uri === b.uri && a.nameSpan.start === b.nameSpan.start && a.name === b.name && a.kind === b.kind;
}
