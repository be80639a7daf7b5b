import { type CompletionItem, CompletionItemKind, InsertTextFormat } from 'vscode-languageserver';
import type { CheckedFile } from '../src/language/check-file.ts';
import type { Declaration, DeclarationKind } from '../src/language/elaborate/context.ts';
import { methodNames, methodSignature } from '../src/language/elaborate/methods.ts';
import { baseScope, LIARS } from '../src/language/elaborate/symbols.ts';
import { genericTypeNames, INT, isCarriable, simpleType, simpleTypeNames } from '../src/language/types/type.ts';
import { problemNames, problems } from '../src/model/problems.ts';
import type { Type } from '../src/model/types.ts';
import { argumentItems } from './completion-arguments.ts';
import { type CompletionContext, completionContext } from './completion-context.ts';
import { contains, NamesAt } from './completion-names.ts';
import { afterTime, calledItems, expectedItems, fieldItems, runMembers } from './completion-scenario.ts';
import { answerItems, usedMembers, usedOperations } from './completion-used.ts';
import type { Session } from './session.ts';
import { inTermsOf } from './snippets.ts';
import { beginnings, expressionWords, type Word } from './words.ts';

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
  uses: CompletionItemKind.Module,
  run: CompletionItemKind.Module,
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
  'persistence',
  'uses',
  'run',
]);
const container = new Set<DeclarationKind>(['protocol', 'system', 'adversary', 'specification', 'function']);
const fielded = new Set<DeclarationKind>(['record', 'message', 'event', 'operation']);
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
  vary: ['constant'],
  as: ['record', 'enum'],
  is: ['record', 'enum'],
};

/** What may stand at the cursor: members behind a dot, paths of imports, beginnings of declarations, names in force. */
export function completion(session: Session, uri: string, offset: number): CompletionItem[] {
  const file = session.file(uri);
  const context = completionContext(file.text, offset);
  if (context.importPath !== null) return importPaths(session);
  if (context.dot >= 0) {
    // A dot with nothing behind it is a syntax error, which the checker passes over: it is asked about `x.name` instead.
    const complete = session.fileAs(uri, `${file.text.slice(0, offset)}${context.prefix ? '' : 'name'}${file.text.slice(offset)}`);
    const declarations = declarationsFor(session, complete);
    return runMembers(file.text, context, new NamesAt(complete, declarations, offset)) ?? members(complete, declarations, context.dot);
  }
  const declarations = declarationsFor(session, file);
  const at = new NamesAt(file, declarations, offset);
  const argument = argumentItems(context, at);
  if (argument && !argument.orExpression) return [...argument.items];
  if (context.block === 'names') return [];
  if (context.previousWord === 'solves') return problemItems;
  if (context.atBeginning) {
    const words = beginnings[context.block].map((word) => wordItem(word, at));
    if (context.block !== 'statements' && context.block !== 'expression') return words;
    return [...words, ...names(file, declarations, context, offset)];
  }
  if (context.previousWord === 'call' && context.block === 'statements') return usedOperations(file, declarations, offset, item);
  const called = calledItems(context, at);
  if (called) return called;
  const expected = expectedItems(context, at);
  if (expected && !expected.orExpression) return [...expected.items];
  const items: CompletionItem[] = [
    ...(argument?.items ?? []),
    ...(expected?.items ?? []),
    ...(fieldItems(context, at) ?? []),
    ...(afterTime(context) ?? []).map((word) => wordItem(word, at)),
  ];
  // Behind a whole time only an action or call may stand, unless the time goes on.
  if (items.length > 0 && context.statement === 'at' && !context.parentheses) return items;
  items.push(...names(file, declarations, context, offset));
  if (context.previousWord === 'as' || context.previousWord === 'is') items.push(...typeItems);
  if (!(context.previousWord in wantedAfter)) {
    items.push(...expressionWords.map((label) => ({ label, kind: CompletionItemKind.Keyword, sortText: `3${label}` })));
  }
  const seen = new Set<string>();
  return items.filter(({ label }) => !seen.has(label) && seen.add(label));
}

function wordItem({ label, about, snippet }: Word, at: NamesAt): CompletionItem {
  return {
    label,
    kind: CompletionItemKind.Keyword,
    detail: about,
    insertText: inTermsOf(snippet, at.forExamples()),
    insertTextFormat: InsertTextFormat.Snippet,
    sortText: `1${label}`,
  };
}

const problemItems: CompletionItem[] = problemNames.map((label) => ({
  label,
  kind: CompletionItemKind.EnumMember,
  detail: problems[label].title,
  documentation: problems[label].documentation,
}));

/** The types that are not declared: what a Data may carry, `d is Int`. */
const typeItems: CompletionItem[] = [...simpleTypeNames, ...genericTypeNames]
  .filter((name) => name !== 'Data' && name !== 'Distribution' && isCarriable(simpleType(name) ?? INT))
  .map((label) => ({ label, kind: CompletionItemKind.Class, sortText: `1${label}` }));

function importPaths(session: Session): CompletionItem[] {
  return session.workspace.libraryPaths.map((label) => ({ label, kind: CompletionItemKind.Module, detail: 'standard library' }));
}

/** Declarations of the file and of what it imports. */
function declarationsFor(session: Session, file: CheckedFile): readonly Declaration[] {
  return [...file.declarations, ...file.imports.flatMap(({ uri }) => (uri ? session.file(uri).declarations : []))];
}

function names(file: CheckedFile, declarations: readonly Declaration[], context: CompletionContext, offset: number): CompletionItem[] {
  const wanted = wantedAfter[context.previousWord];
  const owners = file.declarations.filter(({ kind }) => container.has(kind));
  const visible = file.declarations.filter(({ kind, span }) => {
    if (never.has(kind) || (wanted && !wanted.includes(kind))) return false;
    if (!local.has(kind)) return true;
    // A member is in force inside the declaration around it.
    return owners.filter((owner) => contains(owner.span, span)).every((owner) => owner.span.start <= offset && offset <= owner.span.end);
  });
  const isAdversary = owners.some(({ kind, span }) => kind === 'adversary' && span.start <= offset && offset <= span.end);
  const imported = file.imports.flatMap((imported) =>
    imported.names.flatMap(({ declaration, local: name }) => (declaration ? { ...declaration, name } : [])),
  );
  const members = declarations.filter(({ kind, uri }) => wanted?.includes(kind) && uri !== file.uri && local.has(kind));
  const given = wanted
    ? []
    : [...baseScope(context.block === 'statements' ? 'handler' : context.block === 'protocol' ? 'requirement' : 'system').visible()];
  return [
    ...visible,
    ...members,
    ...imported.filter(({ kind }) => !wanted || wanted.includes(kind)),
    ...given.map(({ declaration }) => (isAdversary && declaration.name === LIARS.name ? LIARS.declaration : declaration)),
  ].map(item);
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

/** Fields and methods of what stands before the dot, as far as the checker knew its type; the members of an enum. */
function members(file: CheckedFile, declarations: readonly Declaration[], dot: number): CompletionItem[] {
  const ofUsed = usedMembers(file, declarations, dot, item);
  if (ofUsed) return ofUsed;
  const used = file.uses.find(({ span, declaration }) => span.end === dot && declaration.kind === 'enum')?.declaration;
  if (used) return within(declarations, used, 'enum-member');
  const type = file.hovers.filter(({ span }) => span.end === dot).at(-1)?.type;
  if (!type) return [];
  const methods = methodNames(type).map((label) => ({
    label,
    kind: CompletionItemKind.Method,
    detail: methodSignature(type, label) ?? undefined,
    sortText: `1${label}`,
  }));
  return [...fieldsOf(declarations, type), ...methods];
}

function fieldsOf(declarations: readonly Declaration[], type: Type): CompletionItem[] {
  if (!('name' in type)) return [];
  const name = type.name.split('.').at(-1);
  const owner = declarations.find((declaration) => declaration.name === name && fielded.has(declaration.kind));
  const fields = owner ? within(declarations, owner, 'field') : [];
  return type.kind === 'Event' && owner?.kind === 'operation' ? [...answerItems(), ...fields] : fields;
}

function within(declarations: readonly Declaration[], owner: Declaration, kind: DeclarationKind): CompletionItem[] {
  return declarations
    .filter((declaration) => declaration.kind === kind && declaration.uri === owner.uri && contains(owner.span, declaration.span))
    .map(item);
}
