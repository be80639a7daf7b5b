import type { AstNode } from 'langium';
import type { Span } from '../../base/source.ts';
import type { FieldType, Type } from '../../model/types.ts';
import type { Enum, Event, Field, Message, Operation, Record as RecordNode, Timer } from '../generated/ast.ts';
import { spanOf } from '../syntax.ts';
import type { Environment, FieldSymbol, RecordSymbol, SignatureSymbol } from '../types/environment.ts';
import { resolveType } from '../types/resolve.ts';
import { typeToString, UNIT } from '../types/type.ts';
import type { Declaration, DeclarationKind, Elaboration } from './context.ts';
import { enumSymbol, recordSymbol } from './declared-types.ts';
import type { Scope } from './scope.ts';

/** Names that must differ from each other: everything that expressions can name, messages with operations, and so on. */
export type Names = Map<string, Declaration>;

/** Takes a name in its name space; false (and reported) when it is taken. */
export function takeName(names: Names, declaration: Declaration, context: Elaboration, why?: string): boolean {
  const earlier = names.get(declaration.name);
  if (!earlier) {
    names.set(declaration.name, declaration);
    return true;
  }
  context.error('DS1009', declaration.nameSpan, `\`${declaration.name}\` is declared twice`, {
    labels: [{ span: earlier.nameSpan, message: `first here, as ${withArticle(earlier.kind)}` }],
    help: 'rename one of them',
    ...(why ? { why } : {}),
  });
  return false;
}

export function withArticle(kind: DeclarationKind): string {
  const word = kind === 'state' ? 'state variable' : kind.replace('-', ' ');
  return `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}

/** `(term: Int, granted: Bool)`, nothing for no fields. */
export function fieldsDetail(fields: readonly FieldType[]): string {
  return fields.length === 0 ? '' : `(${fields.map((field) => `${field.name}: ${typeToString(field.type)}`).join(', ')})`;
}

/** An enum: its type, its name in expressions, and its members. */
export function declareEnum(node: Enum, environment: Environment, scope: Scope, names: Names, context: Elaboration) {
  const qualified = `${environment.name}.${node.name}`;
  const type: Type = { kind: 'Enum', name: qualified };
  const members = node.members.filter((member) => member.name);
  const declaration = context.declare('enum', node, `enum ${node.name} { ${members.map((member) => member.name).join(', ')} }`, type);
  const own: Names = new Map();
  const kept: string[] = [];
  const memberDeclarations: Declaration[] = [];
  for (const member of members) {
    const memberDeclaration = context.declare('enum-member', member, `${node.name}.${member.name}`, type);
    if (!takeName(own, memberDeclaration, context)) continue;
    kept.push(member.name);
    memberDeclarations.push(memberDeclaration);
  }
  const symbol = { name: qualified, members: kept, memberDeclarations, declaration };
  if (takeName(names, declaration, context)) {
    environment.types.enums.set(qualified, symbol);
    context.types.enums.set(qualified, symbol);
    scope.declare(enumSymbol(symbol));
  }
  return { name: qualified, members: kept, span: spanOf(node) };
}

/** The fields of a record, message, event or operation. */
export function declareFields(nodes: readonly Field[], scope: Scope, context: Elaboration): FieldSymbol[] {
  const names: Names = new Map();
  const fields: FieldSymbol[] = [];
  for (const node of nodes) {
    if (!node.name || !node.type) continue;
    const type = resolveType(node.type, scope, context);
    const declaration = context.declare('field', node, `${node.name}: ${typeToString(type)}`, type);
    context.hover(declaration.nameSpan, type);
    if (takeName(names, declaration, context)) fields.push({ name: node.name, type, declaration });
  }
  return fields;
}

/** A record whose fields are still to come, so that records may name each other. */
export interface OpenRecord {
  readonly node: RecordNode;
  readonly symbol: { -readonly [Key in keyof RecordSymbol]: RecordSymbol[Key] };
  readonly kept: boolean;
}

export function declareRecord(node: RecordNode, environment: Environment, names: Names, context: Elaboration): OpenRecord {
  const qualified = `${environment.name}.${node.name}`;
  const declaration = context.declare('record', node, context.textOf(spanOf(node)).replace(/\s+/g, ' '), {
    kind: 'Record',
    name: qualified,
  });
  const symbol = { name: qualified, fields: [] as readonly FieldSymbol[], declaration };
  const kept = takeName(names, declaration, context);
  if (kept) {
    environment.types.records.set(qualified, symbol);
    context.types.records.set(qualified, symbol);
  }
  return { node, symbol, kept };
}

export function finishRecord(
  open: OpenRecord,
  scope: Scope,
  context: Elaboration,
): { name: string; fields: readonly FieldType[]; span: Span } {
  const { node, symbol } = open;
  symbol.fields = declareFields(node.fields, scope, context);
  if (open.kept) scope.declare(recordSymbol(symbol));
  return { name: symbol.name, fields: plainFields(symbol.fields), span: spanOf(node) };
}

export const plainFields = (fields: readonly FieldSymbol[]): FieldType[] => fields.map(({ name, type }) => ({ name, type }));

/** A record that has itself for a field would have no end; through `?` and collections it may. */
export function reportEndless(records: readonly OpenRecord[], environment: Environment, context: Elaboration): void {
  const endless = (type: Type, path: readonly string[]): boolean => {
    if (type.kind !== 'Record') return false;
    if (path.includes(type.name)) return type.name === path[0];
    return environment.types.records.get(type.name)?.fields.some((field) => endless(field.type, [...path, type.name])) ?? false;
  };
  for (const { symbol } of records) {
    const field = symbol.fields.find((each) => endless(each.type, [symbol.name]));
    if (!field) continue;
    context.error('DS1038', field.declaration.nameSpan, `a record \`${symbol.declaration.name}\` would contain itself without end`, {
      help: `make the field optional or a collection: \`${field.name}: ${typeToString(field.type)}?\``,
    });
  }
}

/** A message, event or operation. */
export function declareSignature(
  kind: 'message' | 'event' | 'operation',
  node: Message | Event | Operation,
  role: string | null,
  scope: Scope,
  context: Elaboration,
): SignatureSymbol {
  const fields = declareFields(node.fields, scope, context);
  const result = node.$type === 'Operation' && node.result ? resolveType(node.result, scope, context) : UNIT;
  const suffix = result.kind === 'Unit' ? '' : `: ${typeToString(result)}`;
  const declaration = context.declare(kind, node, `${kind} ${node.name}${fieldsDetail(fields)}${suffix}`);
  return { name: node.name, fields, result, role, declaration };
}

export function signatureCode(symbol: SignatureSymbol) {
  const { declaration, fields, name } = symbol;
  return {
    name,
    fields: plainFields(fields),
    span: declaration.span,
    nameSpan: declaration.nameSpan,
    documentation: declaration.documentation,
  };
}

export function declareTimer(node: Timer, role: string | null, environment: Environment, context: Elaboration) {
  const declaration = context.declare('timer', node, `timer ${node.name}`);
  const earlier = environment.timers.get(node.name);
  if (earlier) takeName(new Map([[node.name, earlier.declaration]]), declaration, context);
  else environment.timers.set(node.name, { role, declaration });
  return { name: node.name, role, span: declaration.span, nameSpan: declaration.nameSpan };
}

/** What the parser's recovery left without a name is passed over; it has said so. */
export const isNamed = <Node extends AstNode & { name?: string }>(node: Node): boolean => typeof node.name === 'string' && node.name !== '';
