import type { Location } from 'vscode-languageserver';
import { toLocation } from './convert.ts';
import type { Session } from './session.ts';

/** Where the name under the cursor is declared; on an import's path, the imported file's first line. */
export function definition(session: Session, uri: string, offset: number): Location | null {
  const name = session.nameAt(uri, offset);
  if (name?.declaration.uri) return toLocation(name.declaration.nameSpan, session.linesOf) ?? null;
  const imported = session.file(uri).imports.find(({ pathSpan }) => pathSpan.start <= offset && offset <= pathSpan.end);
  if (!imported?.uri) return null;
  const start = { line: 0, character: 0 };
  return { uri: imported.uri, range: { start, end: start } };
}
