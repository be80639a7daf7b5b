import type { AstNode } from 'langium';
import type { Finding, Fix, Label } from '../../base/finding.ts';
import type { Span } from '../../base/source.ts';
import type { Expression } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import type { Code } from '../codes.ts';
import { documentationOf, nameSpanOf, spanOf } from '../syntax.ts';
import { TypeTable } from '../types/environment.ts';
import { ERROR } from '../types/type.ts';

export type DeclarationKind =
  | 'protocol'
  | 'system'
  | 'adversary'
  | 'specification'
  | 'constant'
  | 'parameter'
  | 'state'
  | 'local'
  | 'function'
  | 'record'
  | 'enum'
  | 'enum-member'
  | 'field'
  | 'message'
  | 'event'
  | 'operation'
  | 'timer'
  | 'role'
  | 'quorum'
  | 'run'
  | 'invariant'
  | 'eventuality'
  | 'persistence'
  | 'uses'
  | 'zone'
  | 'group'
  | 'fault-model'
  | 'workload'
  | 'scenario'
  | 'exploration'
  | 'import'
  /** A name or function that the language gives; it stands in no file (`uri` is empty). */
  | 'given'
  | 'type';

/** What a name refers to: enough for go to definition, references, rename, hover and completion. */
export interface Declaration {
  readonly kind: DeclarationKind;
  readonly name: string;
  /** The file that declares it; empty for what the language gives. */
  readonly uri: string;
  /** The whole declaration. */
  readonly span: Span;
  readonly nameSpan: Span;
  /** Of its `/** *\/` comment, without stars. */
  readonly documentation: string;
  readonly type?: Type;
  /** One line in the language's syntax: `message Vote(term: Int, granted: Bool)`. */
  readonly detail: string;
}

export interface Use {
  readonly span: Span;
  readonly declaration: Declaration;
}

/** More findings than this of one file are of no use to anybody. */
const FINDINGS_MAX = 1000;

/** The elaboration of one file: what it found, and what its names refer to. */
export class Elaboration {
  readonly findings: Finding[] = [];
  /** Declarations of this file, in the order they were met. */
  readonly declarations: Declaration[] = [];
  /** Every word that refers to a declaration, the declaring words left out. */
  readonly uses: Use[] = [];
  /** The types of names and members, for hovers. */
  readonly hovers: { readonly span: Span; readonly type: Type }[] = [];
  /** Records and enums of all protocols that the file declares or imports, by qualified name. */
  readonly types = new TypeTable();
  /** Nesting of the expression or statement that is being elaborated. */
  depth = 0;
  /** The one `leads_to` that stands where it may. */
  response: AstNode | null = null;
  private deepReported = false;

  constructor(
    readonly uri: string,
    readonly text: string,
  ) {}

  /** Adds a finding; two of one code at one place are one mistake. */
  report(finding: Finding): void {
    if (this.findings.length >= FINDINGS_MAX) return;
    for (let at = this.findings.length - 1; at >= 0 && at >= this.findings.length - 4; at--) {
      const earlier = this.findings[at] as Finding;
      if (earlier.code === finding.code && earlier.span.start === finding.span.start && earlier.span.end === finding.span.end) return;
    }
    this.findings.push(finding);
  }

  /** Reports an error. */
  error(
    code: Code,
    span: Span,
    message: string,
    more: { why?: string; help?: string; labels?: readonly Label[]; fixes?: readonly Fix[]; notes?: readonly string[] } = {},
  ): void {
    this.report({ code, severity: 'error', span, message, ...more });
  }

  /** Reports nesting beyond what the stack bears, once a file. */
  tooDeep(span: Span): void {
    if (this.deepReported) return;
    this.deepReported = true;
    this.error('DS1030', span, 'this is nested more than 500 levels deep', {
      help: 'name parts of it with `let` or a function; long sums are better written with a list and `.sum`',
    });
  }

  /** A place of this file. */
  at(start: number, end: number): Span {
    return { uri: this.uri, start, end };
  }

  /** The source text of a span of this file. */
  textOf(span: Span): string {
    return this.text.slice(span.start, span.end);
  }

  /** Makes a declaration of a node that has a `name`, and keeps it. */
  declare(kind: DeclarationKind, node: AstNode & { name: string }, detail: string, type?: Type): Declaration {
    const declaration: Declaration = {
      kind,
      name: node.name,
      uri: this.uri,
      span: spanOf(node),
      nameSpan: nameSpanOf(node),
      documentation: documentationOf(node),
      detail,
      ...(type ? { type } : {}),
    };
    this.declarations.push(declaration);
    return declaration;
  }

  /** Notes that the word at `span` refers to a declaration. */
  use(span: Span, declaration: Declaration): void {
    this.uses.push({ span, declaration });
  }

  hover(span: Span, type: Type): void {
    this.hovers.push({ span, type });
  }
}

/** Stands for what has been reported as wrong. */
export function errorExpression(span: Span): Expression {
  return { kind: 'literal', value: null, type: ERROR, span };
}

/** A declaration of the language itself. */
export function givenDeclaration(name: string, detail: string, documentation: string, type?: Type): Declaration {
  const span: Span = { uri: '', start: 0, end: 0 };
  return { kind: 'given', name, uri: '', span, nameSpan: span, documentation, detail, ...(type ? { type } : {}) };
}

/** Documentation with an example below it. */
export function explained(documentation: string, example: string): string {
  return `${documentation}\n\n\`\`\`dsys\n${example}\n\`\`\``;
}
