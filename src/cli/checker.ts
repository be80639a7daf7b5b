import { nearest } from '../language/elaborate/scope.ts';
import { nodeLibrary } from '../language/node-library.ts';
import { Workspace } from '../language/workspace.ts';
import { type EvaluationError, evaluate } from '../model/evaluate.ts';
import type { Value } from '../model/values.ts';
import { type CheckReport, thorough } from '../pipeline/api.ts';
import { checkFile } from '../pipeline/check.ts';
import type { FileReport } from '../report/report.ts';
import type { Sources } from '../report/sources.ts';
import { UsageError } from './exit-code.ts';
import { displayPath, readImported, readNamed } from './files.ts';
import { installed } from './installation.ts';

/** The files of one command, checked under the constants that `--set` gives. */
export class Checker {
  private readonly workspace = new Workspace({ readText: readImported, library: nodeLibrary(installed('package.json')) });
  private readonly paths = new Map<string, string>();
  private constants: Record<string, Value> = {};

  /** Reads all files first: a file that cannot be read is said before anything is checked. */
  constructor(readonly uris: readonly string[]) {
    for (const uri of uris) this.workspace.setText(uri, readNamed(uri));
  }

  readonly sources: Sources = {
    textOf: (uri) => this.workspace.text(uri),
    pathOf: (uri) => {
      const path = this.paths.get(uri) ?? displayPath(uri);
      this.paths.set(uri, path);
      return path;
    },
  };

  /** What `--set NAME=VALUE` says. */
  override(settings: readonly string[]): Readonly<Record<string, Value>> {
    if (settings.length === 0) return this.constants;
    const known = new Map(
      this.uris.flatMap((uri) =>
        this.workspace
          .check(uri)
          .systems.flatMap((system) => system.constants.map((constant) => [constant.name, constant.value.type] as const)),
      ),
    );
    for (const setting of settings) {
      const [, name, text] = /^\s*([^\s=]+)\s*=(.*)$/s.exec(setting) ?? [];
      if (name === undefined || text === undefined || text.trim() === '')
        throw new UsageError(`--set takes NAME=VALUE, not \`${setting}\``);
      const type = known.get(name);
      if (!type) throw new UsageError(`there is no const \`${name}\`${suggestion(name, known.keys())}`);
      const given = this.parse(name, text.trim());
      const fits = JSON.stringify(given.type) === JSON.stringify(type) || (given.type.kind === 'Int' && type.kind === 'Real');
      if (!fits && type.kind !== 'Error')
        throw new UsageError(`--set ${setting}: \`${name}\` is of type ${type.kind}, the value of type ${given.type.kind}`);
      this.constants = { ...this.constants, [name]: given.value };
    }
    return this.constants;
  }

  /** @param effort factor on the work limits of searches: nobody types meanwhile. */
  check(uri: string, effort = thorough): CheckReport {
    return checkFile(this.workspace, uri, { constants: this.constants, effort });
  }

  /** An expression of the language, on its own. */
  private parse(name: string, text: string) {
    const uri = 'command-line:/set.dsys';
    const before = 'const value = ';
    this.workspace.setText(uri, `${before}${text}\nsystem CommandLine { node one }\n`);
    const file = this.workspace.check(uri);
    const wrong = file.findings.find((finding) => finding.severity === 'error' && finding.span.start <= before.length + text.length);
    if (wrong) throw new UsageError(`--set ${name}=${text}: ${wrong.message}`);
    const [constant, ...more] = file.systems.length === 1 ? (file.systems[0]?.constants ?? []) : [];
    if (!constant || more.length > 0) throw new UsageError(`--set ${name}=${text}: \`${text}\` is not one expression`);
    try {
      return { type: constant.value.type, value: evaluate(constant.value, {}) };
    } catch (error) {
      throw new UsageError(`--set ${name}=${text}: ${(error as EvaluationError).message}`);
    }
  }
}

/** The check of a file, as reports show it. */
export function toFileReport(report: CheckReport): FileReport {
  const cards = report.systems.flatMap((system) => system.cards.map((card) => ({ system: system.code.name, card })));
  return { uri: report.uri, findings: report.findings, cards };
}

/** `; did you mean \`x\`? ` or the names that there are. */
export function suggestion(name: string, candidates: Iterable<string>): string {
  const names = [...new Set(candidates)];
  const near = nearest(name, names);
  if (near !== null) return `; did you mean \`${near}\`?`;
  if (names.length === 0) return '; there is none at all';
  return `; there is ${names
    .slice(0, 8)
    .map((candidate) => `\`${candidate}\``)
    .join(', ')}${names.length > 8 ? ', …' : ''}`;
}
