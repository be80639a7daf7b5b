import { SemanticTokensBuilder, type SemanticTokensLegend } from 'vscode-languageserver';
import type { Declaration, DeclarationKind } from '../src/language/elaborate/context.ts';
import type { Session } from './session.ts';

const types = [
  'class',
  'enum',
  'enumMember',
  'event',
  'function',
  'interface',
  'method',
  'namespace',
  'parameter',
  'property',
  'struct',
  'type',
  'variable',
] as const;
type TokenType = (typeof types)[number];

export const legend: SemanticTokensLegend = { tokenTypes: [...types], tokenModifiers: ['declaration', 'readonly', 'defaultLibrary'] };

const typeOf: Partial<Record<DeclarationKind, TokenType>> = {
  protocol: 'class',
  system: 'namespace',
  adversary: 'class',
  specification: 'interface',
  constant: 'variable',
  parameter: 'parameter',
  state: 'property',
  local: 'variable',
  function: 'function',
  record: 'struct',
  enum: 'enum',
  'enum-member': 'enumMember',
  field: 'property',
  message: 'event',
  event: 'event',
  operation: 'method',
  timer: 'event',
  role: 'namespace',
  uses: 'namespace',
  run: 'namespace',
  quorum: 'variable',
  zone: 'namespace',
  group: 'variable',
  type: 'type',
  given: 'variable',
};
const readonly = new Set<DeclarationKind>(['constant', 'parameter', 'given', 'quorum', 'group', 'zone']);

/** Colours by meaning: every word that declares or uses a name. */
export function semanticTokens(session: Session, uri: string): { data: number[] } {
  const lines = session.linesOf(uri);
  const builder = new SemanticTokensBuilder();
  if (!lines) return builder.build();
  const file = session.file(uri);
  const words = [
    ...file.declarations.map((declaration) => ({ span: declaration.nameSpan, declaration, declares: true })),
    ...file.uses.map(({ span, declaration }) => ({ span, declaration, declares: false })),
  ].filter(({ span }) => span.uri === uri && span.end > span.start);
  words.sort((a, b) => a.span.start - b.span.start);
  let end = -1;
  for (const { span, declaration, declares } of words) {
    const type = tokenType(declaration);
    if (type === undefined || span.start < end) continue;
    end = span.end;
    const { line, column } = lines.position(span.start);
    builder.push(line, column, span.end - span.start, types.indexOf(type), modifiers(declaration, declares));
  }
  return builder.build();
}

function tokenType(declaration: Declaration): TokenType | undefined {
  if (declaration.kind === 'given' && /^\w+\(/.test(declaration.detail)) return 'function';
  return typeOf[declaration.kind];
}

function modifiers(declaration: Declaration, declares: boolean): number {
  return (declares ? 1 : 0) | (readonly.has(declaration.kind) ? 2 : 0) | (declaration.uri ? 0 : 4);
}
