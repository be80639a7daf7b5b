import { type CompletionItem, CompletionItemKind, InsertTextFormat } from 'vscode-languageserver';
import type { Declaration, DeclarationKind } from '../src/language/elaborate/context.ts';
import { methodsOf } from '../src/language/elaborate/methods.ts';
import { typeToString } from '../src/language/types/type.ts';
import type { CheckedFile } from '../src/language/workspace.ts';
import type { Type } from '../src/model/types.ts';
import { type CompletionContext, completionContext } from './completion-context.ts';
import type { Session } from './session.ts';
import { beginnings, expressionWords } from './words.ts';

const itemKinds: Partial<Record<DeclarationKind, CompletionItemKind>> = {
  protocol: CompletionItemKind.Class,
  adversary: CompletionItemKind.Class,
  specification: CompletionItemKind.Interface,
  constant: CompletionItemKind.Constant,
  parameter: CompletionItemKind.Variable,
  state: CompletionItemKind.Field,
  local: CompletionItemKind.Variable,
  function: CompletionItemKind.Function,
  record: CompletionItemKind.Struct,
  enum: CompletionItemKind.Enum,
  'enum-member': CompletionItemKind.EnumMember,
  field: CompletionItemKind.Field,
  message: CompletionItemKind.Event,
  event: CompletionItemKind.Event,
  operation: CompletionItemKind.Method,
  timer: CompletionItemKind.Event,
};

/** Members of local scopes: offered only inside the declaration around them. */
const local = new Set<DeclarationKind>([
  'state',
  'local',
  'parameter',
  'function',
  'record',
  'enum',
  'message',
  'event',
  'operation',
  'timer',
  'role',
  'quorum',
  'zone',
  'group',
  'fault-model',
  'invariant',
  'eventuality',
]);
const container = new Set<DeclarationKind>(['protocol', 'system', 'adversary', 'specification', 'function']);
const never = new Set<DeclarationKind>(['field', 'enum-member', 'workload', 'scenario', 'exploration', 'system']);

/** After some words only one kind of name makes sense. */
const wantedAfter: Record<string, readonly DeclarationKind[]> = {
  broadcast: ['message'],
  send: ['message'],
  emit: ['event'],
  set: ['timer'],
  cancel: ['timer'],
  timeout: ['timer'],
  run: ['protocol'],
  call: ['operation'],
  under: ['fault-model'],
  for: ['protocol'],
};

/** What may stand at the cursor: members behind a dot, paths of imports, beginnings of declarations, names in force. */
export function completion(session: Session, uri: string, offset: number): CompletionItem[] {
  const file = session.file(uri);
  const context = completionContext(file.text, offset);
  if (context.importPath !== null) return importPaths(session);
  if (context.dot >= 0) return members(file, context.dot);
  if (context.block === 'names') return [];
  const items: CompletionItem[] = [];
  if (context.atBeginning) {
    items.push(
      ...beginnings[context.block].map(({ label, about, snippet }) => ({
        label,
        kind: CompletionItemKind.Keyword,
        detail: about,
        insertText: snippet,
        insertTextFormat: InsertTextFormat.Snippet,
        sortText: `1${label}`,
      })),
    );
    if (context.block !== 'statements' && context.block !== 'expression') return items;
  }
  items.push(...names(file, context, offset));
  if (!context.atBeginning && !(context.previousWord in wantedAfter)) {
    items.push(...expressionWords.map((label) => ({ label, kind: CompletionItemKind.Keyword, sortText: `3${label}` })));
  }
  return items;
}

function importPaths(session: Session): CompletionItem[] {
  return session.workspace.libraryPaths().map((label) => ({ label, kind: CompletionItemKind.Module, detail: 'standard library' }));
}

function names(file: CheckedFile, context: CompletionContext, offset: number): CompletionItem[] {
  const wanted = wantedAfter[context.previousWord];
  const around = file.declarations.filter(({ kind, span }) => container.has(kind) && span.start <= offset && offset <= span.end);
  const visible = [...file.declarations, ...file.visibleImports].filter((declaration) => {
    if (never.has(declaration.kind) || (wanted && !wanted.includes(declaration.kind))) return false;
    if (declaration.uri !== file.uri || !local.has(declaration.kind)) return true;
    const owners = file.declarations.filter(
      ({ kind, span }) => container.has(kind) && span.start < declaration.span.start && declaration.span.end <= span.end,
    );
    return owners.every((owner) => around.includes(owner));
  });
  const given = wanted ? [] : file.givenNames;
  return [...visible, ...given].map(item);
}

function item(declaration: Declaration): CompletionItem {
  return {
    label: declaration.name,
    kind: itemKinds[declaration.kind] ?? CompletionItemKind.Variable,
    detail: declaration.detail || undefined,
    documentation: declaration.documentation ? { kind: 'markdown', value: declaration.documentation } : undefined,
    sortText: `${declaration.kind === 'given' ? '2' : '0'}${declaration.name}`,
  };
}

/** Fields and methods of what stands before the dot, as far as the checker knew its type. */
function members(file: CheckedFile, dot: number): CompletionItem[] {
  const enumeration = file.uses.find(({ span, declaration }) => span.end === dot && declaration.kind === 'enum')?.declaration;
  if (enumeration) {
    return file.declarations
      .concat(file.visibleImports)
      .filter(
        ({ kind, uri, span }) =>
          kind === 'enum-member' && uri === enumeration.uri && enumeration.span.start <= span.start && span.end <= enumeration.span.end,
      )
      .map(item);
  }
  const type = file.hovers.filter(({ span }) => span.end === dot).at(-1)?.type;
  if (!type) return [];
  return [
    ...fieldsOf(file, type),
    ...methodsOf(type).map(({ name, detail }) => ({ label: name, kind: CompletionItemKind.Method, detail, sortText: `1${name}` })),
  ];
}

function fieldsOf(file: CheckedFile, type: Type): CompletionItem[] {
  return file
    .fieldsOf(type)
    .map(({ name, type: of }) => ({ label: name, kind: CompletionItemKind.Field, detail: typeToString(of), sortText: `0${name}` }));
}
