import { type CodeAction, CodeActionKind, type Range, type WorkspaceEdit } from 'vscode-languageserver';
import type { Finding, Fix } from '../src/base/finding.ts';
import { isLibraryUri } from '../src/language/library.ts';
import { toDiagnostic, toTextEdit } from './convert.ts';
import type { Session } from './session.ts';

/** The fixes of the findings that touch a range, smallest change first. */
export function codeActions(session: Session, uri: string, range: Range): CodeAction[] {
  const lines = session.linesOf(uri);
  if (!lines) return [];
  const start = lines.offset({ line: range.start.line, column: range.start.character });
  const end = lines.offset({ line: range.end.line, column: range.end.character });
  return session
    .findings(uri)
    .filter(({ span }) => span.uri === uri && span.start <= end && start <= span.end)
    .flatMap((finding) => (finding.fixes ?? []).map((fix) => toAction(session, finding, fix)))
    .filter((action) => action !== undefined);
}

function toAction(session: Session, finding: Finding, fix: Fix): CodeAction | undefined {
  const changes: NonNullable<WorkspaceEdit['changes']> = {};
  for (const edit of fix.edits) {
    const lines = session.linesOf(edit.span.uri);
    // The library cannot be edited: a fix that would need it is none.
    if (!lines || isLibraryUri(edit.span.uri)) return undefined;
    changes[edit.span.uri] ??= [];
    changes[edit.span.uri]?.push(toTextEdit(edit, lines));
  }
  const diagnostic = toDiagnostic(finding, session.linesOf, session.pages);
  return {
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    isPreferred: fix.preferred,
    edit: { changes },
    diagnostics: diagnostic && [diagnostic],
  };
}
