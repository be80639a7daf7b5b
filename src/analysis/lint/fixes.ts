import type { Fix } from '../../base/finding.ts';
import type { Span } from '../../base/source.ts';
import type { ProtocolCode } from '../../model/code.ts';

/** Removes a declaration; the blank line that stays is the formatter's. */
export function removal(title: string, span: Span): Fix {
  return { title, edits: [{ span, text: '' }] };
}

/** Adds an empty handler at the end of the protocol, or of the role that declares what it handles. */
export function emptyHandler(protocol: ProtocolCode, role: string | null, head: string): Fix[] {
  const owner = role === null ? protocol : protocol.roles.find(({ name }) => name === role);
  // Which role takes a message is the author's to say.
  if (!owner || (role === null && protocol.roles.length > 0)) return [];
  const closing = { ...owner.span, start: owner.span.end - 1, end: owner.span.end - 1 };
  const indent = role === null ? '  ' : '    ';
  const outer = role === null ? '' : '  ';
  return [
    { title: `Add \`${head} { }\``, edits: [{ span: closing, text: `${indent.slice(outer.length)}${head} {\n${indent}}\n${outer}` }] },
  ];
}
