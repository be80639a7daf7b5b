import type { Span } from '../src/base/source.ts';
import type { CheckedFile } from '../src/language/check-file.ts';
import type { Declaration, DeclarationKind } from '../src/language/elaborate/context.ts';
import type { ExampleNames } from './snippets.ts';

/** The names that a place of a file may speak of, by kind: those of the system around it, and of what that system runs. */
export class NamesAt {
  constructor(
    private readonly file: CheckedFile,
    /** Of the file and of what it imports. */
    private readonly declarations: readonly Declaration[],
    private readonly offset: number,
  ) {}

  /** What the system declares itself. */
  ofSystem(...kinds: readonly DeclarationKind[]): Declaration[] {
    const around = this.systemAround();
    return this.file.declarations.filter(({ kind, span }) => kinds.includes(kind) && (!around || contains(around.span, span)));
  }

  /** What the protocols declare that the system runs: of all protocols in scope where it runs none yet. */
  ofProtocols(...kinds: readonly DeclarationKind[]): Declaration[] {
    const around = this.systemAround();
    const run = new Set(this.file.systems.find(({ name }) => name === around?.name)?.runs.map(({ protocol }) => protocol));
    const protocols = this.declarations.filter(({ kind, name, uri }) =>
      kind !== 'protocol' ? false : run.size > 0 ? run.has(name) : uri === this.file.uri || this.isImported(uri, name),
    );
    return this.declarations.filter(
      ({ kind, span }) => kinds.includes(kind) && protocols.some((protocol) => contains(protocol.span, span)),
    );
  }

  /** The protocol that a name before a dot means in the system around: a run's name, or the protocol's own. */
  protocolCalled(name: string): Declaration | undefined {
    const run = this.file.systems.find((system) => system.name === this.systemAround()?.name)?.runs.find(({ called }) => called === name);
    return this.declarations.find((declaration) => declaration.kind === 'protocol' && declaration.name === run?.protocol);
  }

  /** What stands in no other declaration: of the file, and imported under its name here. */
  ofFile(kind: DeclarationKind): Declaration[] {
    const imported = this.file.imports.flatMap(({ names }) =>
      names.flatMap(({ declaration, local }) => (declaration?.kind === kind ? [{ ...declaration, name: local }] : [])),
    );
    return [...this.file.declarations.filter((declaration) => declaration.kind === kind), ...imported];
  }

  /** Members of a declaration, such as the fields of an operation. */
  within(owner: Declaration, kind: DeclarationKind): Declaration[] {
    return this.declarations.filter(
      (declaration) => declaration.kind === kind && declaration.uri === owner.uri && contains(owner.span, declaration.span),
    );
  }

  forExamples(): ExampleNames {
    return {
      groups: this.ofSystem('group').map(({ name, type }) => ({ name, isSingle: type?.kind === 'Node' })),
      zones: this.ofSystem('zone').map(({ name }) => name),
    };
  }

  private systemAround(): Declaration | undefined {
    return this.file.declarations.find(({ kind, span }) => kind === 'system' && span.start <= this.offset && this.offset <= span.end);
  }

  private isImported(uri: string, name: string): boolean {
    return this.file.imports.some((imported) =>
      imported.names.some(({ declaration }) => declaration?.uri === uri && declaration.name === name),
    );
  }
}

export function contains(outer: Span, inner: Span): boolean {
  return outer.uri === inner.uri && outer.start <= inner.start && inner.end <= outer.end;
}
