import { type CompletionItem, CompletionItemKind, InsertTextFormat } from 'vscode-languageserver';
import type { CheckedFile } from '../src/language/check-file.ts';
import type { Declaration, DeclarationKind } from '../src/language/elaborate/context.ts';
import { contains } from './completion-names.ts';

/** What may stand behind the name of a protocol that is used, by what stands before it. */
const wanted = {
  /** `on e: health.` */
  handled: ['event', 'operation'],
  /** `call health.` */
  called: ['operation'],
  /** `m.health.` of a node m. */
  ofNode: ['state'],
  /** `health.` in an expression or type. */
  read: ['state', 'parameter', 'quorum', 'role', 'record', 'enum'],
} as const satisfies Record<string, readonly DeclarationKind[]>;

/** Items as the caller makes them. */
type Told = (declaration: Declaration) => CompletionItem;

/** The members of a protocol that is used, where its name stands before the dot; null elsewhere. */
export function usedMembers(file: CheckedFile, declarations: readonly Declaration[], dot: number, told: Told): CompletionItem[] | null {
  const before = file.text.slice(0, dot);
  const name = /[_a-zA-Z\u00a1-\uffff][_a-zA-Z0-9\u00a1-\uffff]*$/.exec(before)?.[0];
  const use = name === undefined ? undefined : usesAt(file, dot).find((each) => each.name === name);
  if (name === undefined || !use) return null;
  const protocol = protocolOf(file, use);
  if (!protocol) return [];
  const head = before.slice(0, before.length - name.length);
  const place = /\bcall\s+$/.test(head) ? 'called' : /\bon\s+\S+\s*:\s*$/.test(head) ? 'handled' : /\.\s*$/.test(head) ? 'ofNode' : 'read';
  const kinds: readonly DeclarationKind[] = wanted[place];
  const found = declarations.filter((each) => kinds.includes(each.kind) && contains(protocol.span, each.span));
  const items = found.map((each) => (place === 'called' ? calledItem(each, '', declarations, told) : told(each)));
  if (place !== 'read') return items;
  return [...items, { label: 'members', kind: CompletionItemKind.Variable, detail: `members: Set<Node> of ${protocol.name}` }];
}

/** Operations of the protocols that are used, behind `call` in a handler. */
export function usedOperations(file: CheckedFile, declarations: readonly Declaration[], offset: number, told: Told): CompletionItem[] {
  return usesAt(file, offset).flatMap((use) => {
    const protocol = protocolOf(file, use);
    return declarations
      .filter((each) => protocol && each.kind === 'operation' && contains(protocol.span, each.span))
      .map((each) => calledItem(each, `${use.name}.`, declarations, told));
  });
}

/** What an answer holds besides what was asked. */
export function answerItems(): CompletionItem[] {
  return [
    { label: 'call', kind: CompletionItemKind.Field, detail: 'call: Call, that is answered', sortText: '0 call' },
    { label: 'result', kind: CompletionItemKind.Field, detail: 'what was answered', sortText: '0 result' },
  ];
}

function calledItem(operation: Declaration, qualifier: string, declarations: readonly Declaration[], told: Told): CompletionItem {
  const fields = declarations.filter((each) => each.kind === 'field' && contains(operation.span, each.span));
  const given = fields.map(({ name }, at) => `\${${at + 1}:${name}}`).join(', ');
  return {
    ...told(operation),
    label: `${qualifier}${operation.name}`,
    insertText: `${qualifier}${operation.name}(${given})`,
    insertTextFormat: InsertTextFormat.Snippet,
  };
}

/** The uses of the protocol around a place. */
function usesAt(file: CheckedFile, offset: number): Declaration[] {
  const around = file.declarations.find(
    ({ kind, span }) => (kind === 'protocol' || kind === 'adversary') && span.start <= offset && offset <= span.end,
  );
  if (!around) return [];
  if (around.kind === 'protocol') return file.declarations.filter(({ kind, span }) => kind === 'uses' && contains(around.span, span));
  const attacked = file.uses.find(({ span, declaration }) => declaration.kind === 'protocol' && contains(around.span, span))?.declaration;
  return file.declarations.filter(({ kind, span }) => kind === 'uses' && attacked !== undefined && contains(attacked.span, span));
}

/** The protocol that a `uses` names. */
function protocolOf(file: CheckedFile, use: Declaration): Declaration | undefined {
  return file.uses.find(({ span, declaration }) => declaration.kind === 'protocol' && contains(use.span, span))?.declaration;
}
