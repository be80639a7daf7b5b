import { ErrorCodes, type Range, ResponseError, type WorkspaceEdit } from 'vscode-languageserver';
import { isLibraryUri } from '../src/language/library.ts';
import { reservedWords } from '../src/language/syntax/tokens.ts';
import { toRange } from './convert.ts';
import { spansOf } from './references.ts';
import type { Session } from './session.ts';

const identifier = /^[_a-zA-Z\u00a1-\uffff][_a-zA-Z0-9\u00a1-\uffff]*$/;

/** What would be renamed; refuses, with the reason, what no file of the user's declares. */
export function prepareRename(session: Session, uri: string, offset: number): { range: Range; placeholder: string } {
  const { declaration, span } = renameable(session, uri, offset);
  const lines = session.linesOf(uri);
  if (!lines) throw refuse('this file is not at hand');
  return { range: toRange(span, lines), placeholder: declaration.name };
}

export function rename(session: Session, uri: string, offset: number, newName: string): WorkspaceEdit {
  const { declaration } = renameable(session, uri, offset);
  if (!identifier.test(newName))
    throw refuse(`"${newName}" is not a name: names are letters, digits and underscores, and begin with no digit`);
  if (reservedWords.has(newName)) throw refuse(`"${newName}" is a reserved word`);
  const changes: NonNullable<WorkspaceEdit['changes']> = {};
  for (const span of spansOf(session, declaration, true)) {
    const lines = session.linesOf(span.uri);
    if (!lines) continue;
    changes[span.uri] ??= [];
    changes[span.uri]?.push({ range: toRange(span, lines), newText: newName });
  }
  return { changes };
}

function renameable(session: Session, uri: string, offset: number) {
  const name = session.nameAt(uri, offset);
  if (!name) throw refuse('there is no name here');
  if (!name.declaration.uri) throw refuse(`\`${name.declaration.name}\` belongs to the language`);
  if (isLibraryUri(name.declaration.uri)) throw refuse(`\`${name.declaration.name}\` belongs to the standard library`);
  return name;
}

function refuse(reason: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidRequest, reason);
}
