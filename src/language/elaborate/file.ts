import type { AstNode } from 'langium';
import type { Finding } from '../../base/finding.ts';
import type { Span } from '../../base/source.ts';
import type { Expression } from '../../model/code.ts';
import type { CheckedFile, Exported } from '../check-file.ts';
import type { Const, Declaration as DeclarationNode, Protocol, Uses } from '../generated/ast.ts';
import { importEdit, type ResolvedImports, type Suggestions, unusedImports } from '../imports.ts';
import { capFindings, type ParsedFile } from '../parser.ts';
import { nameSpanOf, spanOf, spanOfProperty } from '../syntax.ts';
import { elaborateAdversary } from './adversary.ts';
import { elaborateConstant, inlineConstants } from './constants.ts';
import { type Declaration, Elaboration } from './context.ts';
import { type ElaboratedProtocol, elaborateProtocol } from './protocol.ts';
import { nearest, type Scope } from './scope.ts';
import { elaborateSpecification } from './specification.ts';
import { baseScope, valueSymbol } from './symbols.ts';
import { elaborateSystem, type FileConstant } from './system.ts';
import type { FileNames, SystemContext } from './system-context.ts';

/** Elaborates a file with what it imports: names, types, and the code of everything in it. */
export function elaborateFile(parsed: ParsedFile, imports: ResolvedImports, suggestions: Suggestions): CheckedFile {
  return new FileElaboration(parsed, imports, suggestions).run();
}

class FileElaboration {
  private readonly context: Elaboration;
  private readonly exports = new Map<string, Exported>();
  private readonly protocols: Map<string, (Exported & { kind: 'protocol' })['value']>;
  private readonly adversaries: Map<string, (Exported & { kind: 'adversary' })['value']>;
  private readonly specifications: Map<string, (Exported & { kind: 'specification' })['value']>;
  private readonly constants: FileConstant[] = [];
  /** Values of the file's constants, each without names of others. */
  private readonly inlined = new Map<string, Expression>();
  private readonly constantScope: Scope;
  private readonly failed: Set<string>;
  private readonly first = new Map<string, DeclarationNode>();
  /** Protocols whose elaboration has begun, and those that are being elaborated now, each used by the one before it. */
  private readonly begun = new Set<Protocol>();
  private readonly open: Protocol[] = [];

  constructor(
    private readonly parsed: ParsedFile,
    private readonly imports: ResolvedImports,
    private readonly suggestions: Suggestions,
  ) {
    this.context = new Elaboration(parsed.uri, parsed.text);
    this.constantScope = baseScope('constant').child();
    this.failed = new Set([...imports.failed, ...parsed.dropped]);
    const imported = <Kind extends Exported['kind']>(kind: Kind): Map<string, Exported & { kind: Kind }> =>
      new Map([...imports.names].filter((entry): entry is [string, Exported & { kind: Kind }] => entry[1].kind === kind));
    this.protocols = new Map([...imported('protocol')].map(([name, { value }]) => [name, value]));
    this.adversaries = new Map([...imported('adversary')].map(([name, { value }]) => [name, value]));
    this.specifications = new Map([...imported('specification')].map(([name, { value }]) => [name, value]));
    for (const exported of imports.names.values()) {
      if (exported.kind === 'protocol' || exported.kind === 'specification') this.context.types.adopt(exported.value.environment.types);
    }
    for (const [local, exported] of imported('constant'))
      this.addConstant(local, exported.declaration, exported.value, exported.type, exported.value.value);
  }

  run(): CheckedFile {
    const { declarations } = this.parsed.ast;
    const unique = declarations.filter((node) => this.isFirst(node));
    for (const node of unique) if (node.$type === 'Const') this.guarded(node, () => this.constant(node));
    for (const node of unique) {
      if (node.$type === 'Protocol') this.protocol(node);
    }
    for (const node of unique) {
      if (node.$type === 'Specification') {
        this.guarded(node, () => {
          const value = elaborateSpecification(node, this.constantScope, this.context);
          this.context.types.adopt(value.environment.types);
          this.specifications.set(node.name, value);
          this.exports.set(node.name, { kind: 'specification', declaration: value.declaration, value });
        });
      }
    }
    for (const node of unique) {
      if (node.$type === 'Adversary' && !this.failed.has(node.protocol)) {
        this.guarded(node, () => {
          const value = elaborateAdversary(node, this.protocols, this.context);
          if (!value) {
            this.failed.add(node.name);
            return;
          }
          this.adversaries.set(node.name, value);
          this.exports.set(node.name, { kind: 'adversary', declaration: value.declaration, value });
        });
      } else if (node.$type === 'Adversary') this.failed.add(node.name);
    }
    const names: FileNames = {
      protocols: this.protocols,
      adversaries: this.adversaries,
      specifications: this.specifications,
      imports: this.imports,
      suggestions: this.suggestions,
      failed: this.failed,
      incomplete: this.failed.size > 0 || this.parsed.findings.some((finding) => finding.severity === 'error'),
    };
    const systems: CheckedFile['systems'][number][] = [];
    for (const node of unique) {
      if (node.$type !== 'System') continue;
      this.guarded(node, () => {
        const declaration = this.context.declare('system', node, `system ${node.name}`);
        this.exports.set(node.name, { kind: 'system', declaration });
        systems.push(elaborateSystem(node, this.constants, baseScope('system'), names, this.context));
      });
    }
    const { uri, text, lines, ast } = this.parsed;
    const of = <Kind extends 'protocol' | 'adversary' | 'specification'>(kind: Kind) =>
      [...this.exports.values()]
        .filter((exported): exported is Exported & { kind: Kind } => exported.kind === kind)
        .map(({ value }) => value.code);
    return {
      uri,
      text,
      lines,
      ast,
      findings: capFindings(this.allFindings()),
      imports: this.imports.imports,
      declarations: this.context.declarations,
      uses: [...this.importUses(), ...this.context.uses],
      hovers: this.context.hovers,
      protocols: of('protocol') as CheckedFile['protocols'],
      adversaries: of('adversary') as CheckedFile['adversaries'],
      specifications: of('specification') as CheckedFile['specifications'],
      systems,
      exports: this.exports,
    };
  }

  /** Whether a declaration is the first of its name; reports it when not. */
  private isFirst(node: DeclarationNode): boolean {
    const earlier = this.first.get(node.name);
    if (earlier) {
      this.context.error('DS1210', nameSpanOf(node), `\`${node.name}\` is declared twice in this file`, {
        help: 'give one of them another name',
        labels: [{ span: nameSpanOf(earlier), message: 'first here' }],
      });
      return false;
    }
    this.first.set(node.name, node);
    if (this.imports.names.has(node.name)) {
      this.context.error('DS1207', nameSpanOf(node), `\`${node.name}\` is imported already`, {
        help: `rename this one, or import the other under another name: \`import ${node.name} as Other from …\``,
      });
    }
    return true;
  }

  /** A protocol, those of this file that it uses first. */
  private protocol(node: Protocol): void {
    if (this.begun.has(node)) return;
    this.begun.add(node);
    this.open.push(node);
    this.guarded(node, () => {
      const value = elaborateProtocol(node, this.constantScope, this.context, (use) => this.resolveUse(use));
      this.context.types.adopt(value.environment.types);
      this.protocols.set(node.name, value);
      this.exports.set(node.name, { kind: 'protocol', declaration: value.declaration, value });
    });
    this.open.pop();
  }

  /** The protocol that a `uses` names. */
  private resolveUse(use: Uses): ElaboratedProtocol | null {
    const name = use.protocol;
    const declared = this.first.get(name);
    const span = spanOfProperty(use, 'protocol');
    if (declared?.$type === 'Protocol') {
      const at = this.open.indexOf(declared);
      if (at >= 0) {
        this.reportCircle(this.open.slice(at), span);
        return null;
      }
      this.protocol(declared);
    }
    const found = this.protocols.get(name);
    if (found) {
      this.context.use(span, found.declaration);
      return found;
    }
    if (name && !this.failed.has(name)) this.reportUnknownUse(name, span);
    return null;
  }

  private reportCircle(circle: readonly Protocol[], span: Span): void {
    const names = circle.map(({ name }) => `\`${name}\``);
    const message =
      names.length === 1
        ? `${names[0]} would use itself`
        : `${names.join(' uses ')} uses ${names[0]}: protocols that use each other in a circle`;
    this.context.error('DS1042', span, message, {
      why: 'a layer stands on those below it, which know nothing of it',
      help: 'let the lower one emit an event that the upper one handles, or make one protocol of them',
    });
  }

  private reportUnknownUse(name: string, span: Span): void {
    const path = this.suggestions.exporting(name);
    const near = nearest(name, this.protocols.keys());
    const line = `import ${name} from "${path}"`;
    this.context.error('DS1036', span, `there is no protocol \`${name}\` in this file`, {
      help: path ? `import it: \`${line}\`` : near ? `did you mean \`${near}\`?` : 'declare it, or import it',
      fixes: path
        ? [{ title: `Add \`${line}\``, edits: [importEdit(this.parsed.ast, line)], preferred: true }]
        : near
          ? [{ title: `Change to \`${near}\``, edits: [{ span, text: near }] }]
          : [],
    });
  }

  private constant(node: Const): void {
    const { code, type, detail } = elaborateConstant(node, this.constantScope, this.context);
    const declaration = this.context.declare('constant', node, detail, type);
    const value = inlineConstants(code.value, this.inlined);
    this.addConstant(node.name, declaration, code, type, value);
    this.exports.set(node.name, { kind: 'constant', declaration, value: { ...code, value }, type });
  }

  private addConstant(
    local: string,
    declaration: Declaration,
    code: FileConstant['code'],
    type: Expression['type'],
    value: Expression,
  ): void {
    const named = { ...declaration, name: local };
    // Uses must lead to the one declaration, whatever the local name.
    const symbol = (expression: (span: Expression['span']) => Expression) => ({ ...valueSymbol(named, expression), declaration });
    // Protocols get the value itself: they may be imported where nobody knows the constant.
    this.constantScope.declare(symbol((span) => ({ ...value, span })));
    this.inlined.set(local, value);
    this.constants.push({
      code: { ...code, name: local },
      declare: (system: SystemContext) => {
        system.scope.parent?.declare(symbol((span) => ({ kind: 'constant', name: local, type, span })));
        system.constants.set(local, { declaration, type });
      },
    });
  }

  private guarded(node: DeclarationNode, action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.failed.add(node.name);
      this.context.error('DS0004', nameSpanOf(node), `\`${node.name}\` is nested too deep to be checked`, {
        help: 'name parts of it with `let`, or move them to functions',
      });
    }
  }

  private importUses(): CheckedFile['uses'] {
    return this.imports.imports.flatMap((each) =>
      each.names.flatMap(({ span, declaration }) => (declaration ? [{ span, declaration }] : [])),
    );
  }

  private allFindings(): Finding[] {
    const used = new Set(this.context.uses.map((use) => use.declaration));
    const isUsed = (local: string): boolean => {
      const exported = this.imports.names.get(local);
      return exported !== undefined && used.has(exported.declaration);
    };
    const unused = this.parsed.findings.length > 0 ? [] : unusedImports(this.parsed, this.imports, isUsed);
    // A name that could not be read or imported is not a second mistake where it is used.
    const own = this.context.findings.filter(
      (finding) => finding.severity !== 'error' || !this.failed.has(this.parsed.text.slice(finding.span.start, finding.span.end)),
    );
    // Where a member could not be read as it was meant, what else is wrong in it may follow from that.
    const misread = membersWith(this.parsed);
    const apart = own.filter((finding) => finding.severity === 'information' || !misread.some((span) => contains(span, finding.span)));
    return [...this.parsed.findings, ...this.imports.findings, ...apart, ...unused].sort(
      (a, b) => a.span.start - b.span.start || a.span.end - b.span.end,
    );
  }
}

/** Members of declarations (handlers, node groups, …) and declarations without members in which a mistake of form stands. */
function membersWith(parsed: ParsedFile): Span[] {
  if (parsed.findings.length === 0) return [];
  const spans: Span[] = [];
  const visit = (node: AstNode): void => {
    const parts = 'members' in node ? node.members : 'budgets' in node ? node.budgets : 'calls' in node ? node.calls : undefined;
    if (Array.isArray(parts) && node.$type !== 'Enum') for (const part of parts as AstNode[]) visit(part);
    else spans.push(spanOf(node));
  };
  for (const declaration of parsed.ast.declarations) visit(declaration);
  return spans.filter((span) => parsed.findings.some((finding) => contains(span, finding.span)));
}

const contains = (outer: Span, inner: Span): boolean => outer.start <= inner.start && inner.start <= outer.end;
