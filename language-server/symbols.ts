import { type DocumentSymbol, SymbolKind, type WorkspaceSymbol } from 'vscode-languageserver';
import type { Declaration, DeclarationKind } from '../src/language/elaborate/context.ts';
import { toLocation, toRange } from './convert.ts';
import type { Session } from './session.ts';

const kinds: Partial<Record<DeclarationKind, SymbolKind>> = {
  system: SymbolKind.Module,
  protocol: SymbolKind.Class,
  adversary: SymbolKind.Class,
  specification: SymbolKind.Interface,
  constant: SymbolKind.Constant,
  state: SymbolKind.Field,
  function: SymbolKind.Function,
  record: SymbolKind.Struct,
  enum: SymbolKind.Enum,
  'enum-member': SymbolKind.EnumMember,
  message: SymbolKind.Event,
  event: SymbolKind.Event,
  operation: SymbolKind.Method,
  timer: SymbolKind.Event,
  role: SymbolKind.Namespace,
  quorum: SymbolKind.Object,
  invariant: SymbolKind.Property,
  eventuality: SymbolKind.Property,
  persistence: SymbolKind.Property,
  zone: SymbolKind.Namespace,
  group: SymbolKind.Array,
  'fault-model': SymbolKind.Object,
  workload: SymbolKind.Object,
  scenario: SymbolKind.Event,
  exploration: SymbolKind.Event,
};

/** The outline: declarations nested as their texts are. */
export function documentSymbols(session: Session, uri: string): DocumentSymbol[] {
  const lines = session.linesOf(uri);
  if (!lines) return [];
  const declarations = session
    .file(uri)
    .declarations.filter((declaration) => kinds[declaration.kind] !== undefined)
    .sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  const roots: DocumentSymbol[] = [];
  const open: { symbol: DocumentSymbol; end: number }[] = [];
  for (const declaration of declarations) {
    while (open.length > 0 && (open.at(-1) as { end: number }).end <= declaration.span.start) open.pop();
    const symbol: DocumentSymbol = {
      name: declaration.name,
      detail: declaration.detail === declaration.name ? undefined : declaration.kind.replace('-', ' '),
      kind: kinds[declaration.kind] as SymbolKind,
      range: toRange(declaration.span, lines),
      selectionRange: toRange(declaration.nameSpan, lines),
      children: [],
    };
    (open.at(-1)?.symbol.children ?? roots).push(symbol);
    open.push({ symbol, end: declaration.span.end });
  }
  return roots;
}

/** Declarations of all files whose name has the query's letters in order. */
export function workspaceSymbols(session: Session, query: string): WorkspaceSymbol[] {
  const wanted = query.toLowerCase();
  const found: WorkspaceSymbol[] = [];
  for (const uri of session.files()) {
    for (const declaration of session.file(uri).declarations) {
      const kind = kinds[declaration.kind];
      const location = kind !== undefined && hasLettersOf(declaration, wanted) && toLocation(declaration.nameSpan, session.linesOf);
      if (kind !== undefined && location) found.push({ name: declaration.name, kind, location });
    }
  }
  return found;
}

function hasLettersOf(declaration: Declaration, wanted: string): boolean {
  const name = declaration.name.toLowerCase();
  let at = 0;
  for (const letter of wanted) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
