import type { AstNode } from 'langium';
import type { Span } from '../../base/source.ts';
import type { Type } from '../../model/types.ts';
import type { Expression } from '../generated/ast.ts';
import type { ResolvedImports, Suggestions } from '../imports.ts';
import { nameSpanOf, spanOfProperty } from '../syntax.ts';
import type { ElaboratedAdversary } from './adversary.ts';
import { type Declaration, type DeclarationKind, type Elaboration, explained, givenDeclaration } from './context.ts';
import type { ElaboratedProtocol } from './protocol.ts';
import { nearest, type Scope } from './scope.ts';
import type { ElaboratedSpecification } from './specification.ts';

/** What a file's systems may name, by local name: its own declarations and what it imports. */
export interface FileNames {
  readonly protocols: ReadonlyMap<string, ElaboratedProtocol>;
  readonly adversaries: ReadonlyMap<string, ElaboratedAdversary>;
  readonly specifications: ReadonlyMap<string, ElaboratedSpecification>;
  readonly imports: ResolvedImports;
  readonly suggestions: Suggestions;
  /** Something in the file could not be read or imported, so that what looks unknown may only be unread. */
  readonly incomplete: boolean;
  /** Names whose declaration or import went wrong, which is reported elsewhere. */
  readonly failed: ReadonlySet<string>;
}

/** One of some nodes, where faults strike and calls go to. */
export const anyOf: Declaration = givenDeclaration(
  'any',
  'any(nodes)',
  explained('One of the nodes, drawn when the fault strikes, or anew for each attempt of a call.', 'at 5s crash(any(replica), for: 3s)'),
);

/** A `run`, for those that name what it offers. */
export interface Deployed {
  /** Index into SystemCode.runs. */
  readonly run: number;
  /** Of its own name, null where it has none. */
  readonly declaration: Declaration | null;
  /** The protocol's name in this file. */
  readonly local: string;
  readonly protocol: ElaboratedProtocol;
}

/** The name of something that runs have, alone or behind the one of its run: `Submit`, `east.Submit`. */
export interface RunMember {
  readonly name: string;
  readonly span: Span;
  readonly of: Qualifier | null;
}

/** A name in an expectation, alone or behind the one of its run; null for any other expression. */
export function runMember(node: Expression | undefined): RunMember | null {
  if (node?.$type === 'NameUse' && !node.arguments) return { name: node.name, span: nameSpanOf(node), of: null };
  if (node?.$type !== 'Member' || node.arguments || node.receiver.$type !== 'NameUse' || node.receiver.arguments) return null;
  const { receiver } = node;
  return { name: node.member, span: spanOfProperty(node, 'member'), of: { name: receiver.name, span: nameSpanOf(receiver) } };
}

/** The name before the dot in `east.Submit`, which says of which run something is. */
export interface Qualifier {
  readonly name: string;
  readonly span: Span;
}

/** What comes before a dot to mean a run: its own name, or its protocol's in this file. */
export function calledAs({ declaration, local }: Pick<Deployed, 'declaration' | 'local'>): string {
  return declaration?.name ?? local;
}

/** One system while it is elaborated: its names, kind by kind. */
export class SystemContext {
  readonly zones = new Map<string, Declaration>();
  readonly groups = new Map<string, Declaration>();
  readonly constants = new Map<string, { readonly declaration: Declaration; readonly type: Type }>();
  readonly faultModels = new Map<string, Declaration>();
  readonly workloads = new Map<string, Declaration>();
  readonly scenarios = new Map<string, Declaration>();
  readonly runNames = new Map<string, Declaration>();
  readonly deployments: Deployed[] = [];
  /** Calls of all workloads, for comparing specifications with them. */
  readonly calls: { readonly operation: string; readonly run: number; readonly span: Span }[] = [];
  /** A run could not be elaborated: that an operation or event is unknown may be its fault. */
  incomplete = false;

  constructor(
    readonly name: string,
    /** Constants, groups, zones, quorums: what expressions of the system may name. */
    readonly scope: Scope,
    readonly file: FileNames,
    readonly context: Elaboration,
  ) {}

  /** Declares a name among those of its kind; a second one is reported and gives null. */
  declare<T extends AstNode & { name: string }>(
    kind: DeclarationKind,
    what: string,
    node: T,
    among: ReadonlyMap<string, Declaration> & { set(name: string, declaration: Declaration): unknown },
    detail: string,
    type?: Type,
  ): Declaration | null {
    const earlier = among.get(node.name);
    if (earlier) {
      this.twice(node, what, earlier);
      return null;
    }
    const declaration = this.context.declare(kind, node, detail, type);
    among.set(node.name, declaration);
    return declaration;
  }

  twice(node: AstNode & { name: string }, what: string, earlier: Declaration): void {
    this.context.error('DS1210', nameSpanOf(node), `there is already a ${what} \`${node.name}\``, {
      help: 'give one of them another name',
      labels: [{ span: earlier.nameSpan, message: `\`${node.name}\` is declared here` }],
    });
  }

  /** Operations that runs offer, or events that they emit, by name; of the runs that are meant, where it says which. */
  offered(kind: 'operations' | 'events', name: string, among: readonly Deployed[] = this.deployments): Deployed[] {
    return among.filter((deployed) => deployed.protocol.environment[kind].has(name));
  }

  /** The runs that a name before a dot means: the one that has it, or those of the protocol. Reports a name of neither. */
  runsCalled({ name, span }: Qualifier): readonly Deployed[] {
    const { deployments, context } = this;
    const called = deployments.filter((deployed) => calledAs(deployed) === name);
    // A run that has a name may be meant by its protocol's as well, where no other is called so.
    const found = called.length > 0 ? called : deployments.filter(({ local }) => local === name);
    const declaration = found.find((deployed) => deployed.declaration?.name === name)?.declaration ?? found[0]?.protocol.declaration;
    if (declaration) context.use(span, declaration);
    if (found.length > 0 || this.incomplete || this.file.failed.has(name)) return found;
    const names = [...new Set(deployments.map(calledAs))];
    const near = nearest(name, names);
    context.error('DS1245', span, `the system has no run \`${name}\``, {
      help: near ? `did you mean \`${near}\`?` : names.length > 0 ? `its runs are ${listed(names)}` : 'it runs no protocol: add a `run`',
      fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span, text: near }], preferred: true }] : [],
    });
    return [];
  }

  /** “did you mean” among operations, events or properties of runs. */
  nearestOffered(kind: 'operations' | 'events' | 'properties', name: string, among: readonly Deployed[] = this.deployments): string | null {
    return nearest(
      name,
      among.flatMap((deployed) => [...deployed.protocol.environment[kind].keys()]),
    );
  }
}

/** A list for a message: `a`, `b` and `c`. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 6).map((name) => `\`${name}\``);
  if (names.length > 6) return `${shown.join(', ')} and ${names.length - 6} more`;
  return shown.length < 2 ? (shown[0] ?? 'none') : `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`;
}
