import type { Location } from 'vscode-languageserver';
import type { Span } from '../src/base/source.ts';
import type { Declaration } from '../src/language/elaborate/context.ts';
import { toLocation } from './convert.ts';
import { type Session, sameDeclaration } from './session.ts';

/** Every word of the workspace that refers to a declaration, the declaring one last when wanted. */
export function spansOf(session: Session, declaration: Declaration, withDeclaration: boolean): Span[] {
  const files = new Set([...session.files(), declaration.uri]);
  const spans: Span[] = [];
  for (const uri of files) {
    if (uri)
      spans.push(
        ...session
          .file(uri)
          .uses.filter((use) => sameDeclaration(use.declaration, declaration))
          .map(({ span }) => span),
      );
  }
  if (withDeclaration && declaration.uri) spans.push(declaration.nameSpan);
  return spans;
}

export function references(session: Session, uri: string, offset: number, withDeclaration: boolean): Location[] {
  const name = session.nameAt(uri, offset);
  if (!name) return [];
  return spansOf(session, name.declaration, withDeclaration).flatMap((span) => toLocation(span, session.linesOf) ?? []);
}
