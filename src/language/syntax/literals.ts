/** The value of a string literal: its text without the quotes and with `\n`, `\t`, `\"` and `\\` read. */
export function unquote(literal: string): string {
  const inner = literal.slice(1, literal.length > 1 && literal.endsWith('"') ? -1 : undefined);
  if (!inner.includes('\\')) return inner;
  return inner.replace(/\\(.)/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', 0: '\0' };
