import type { Tokens } from './lexer.ts';
import { kindOf } from './tokens.ts';

/** Matches brackets before parsing: a missing brace is told by its indentation, not by where the parser gets lost. */
export type BracketProblem =
  /** `at`: the token before which the bracket should have been closed. */
  { readonly kind: 'unclosed'; readonly open: number; readonly at: number } | { readonly kind: 'too-deep'; readonly at: number };

const OPEN_BRACE = kindOf('{');
const CLOSE_BRACE = kindOf('}');
const CLOSER = new Map([
  [kindOf('('), kindOf(')')],
  [kindOf('['), kindOf(']')],
  [OPEN_BRACE, CLOSE_BRACE],
]);
const CLOSERS = new Set(CLOSER.values());

export interface Brackets {
  readonly problem: BracketProblem | undefined;
  /** The innermost bracket that is open at a token, as a token; -1 for none. */
  openAt(token: number): number;
}

export function matchBrackets(tokens: Tokens, maxNesting: number): Brackets {
  const open: number[] = [];
  let suspect: { open: number; at: number } | undefined;
  let problem: BracketProblem | undefined;

  for (let at = 0; at < tokens.count && !problem; at++) {
    const kind = tokens.kind[at] as number;
    if (CLOSER.has(kind)) {
      open.push(at);
      if (open.length > maxNesting) problem = { kind: 'too-deep', at };
    } else if (CLOSERS.has(kind)) {
      // A brace closes parentheses that were left open in it: the parser reports those.
      let match = open.length - 1;
      while (match >= 0 && CLOSER.get(tokens.kind[open[match] as number] as number) !== kind) match--;
      if (match < 0 || (kind !== CLOSE_BRACE && match < open.length - 1)) continue;
      if (kind === CLOSE_BRACE && tokens.firstOfLine[at] && !suspect) {
        const inner = open[match] as number;
        const outer = match > 0 ? (open[match - 1] as number) : -1;
        const column = columnOf(tokens, at);
        const belongsFurtherOut = outer >= 0 && tokens.kind[outer] === OPEN_BRACE && column <= indentation(tokens, outer);
        if (belongsFurtherOut && column < indentation(tokens, inner)) suspect = { open: inner, at };
      }
      open.length = match;
    }
  }
  const unclosed = open.filter((token) => tokens.kind[token] === OPEN_BRACE);
  if (!problem && unclosed.length > 0) {
    problem = suspect
      ? { kind: 'unclosed', ...suspect }
      : { kind: 'unclosed', open: unclosed[unclosed.length - 1] as number, at: tokens.count };
  }
  return { problem, openAt: (token) => openAt(tokens, token) };
}

function openAt(tokens: Tokens, token: number): number {
  const open: number[] = [];
  for (let at = 0; at < token; at++) {
    const kind = tokens.kind[at] as number;
    if (CLOSER.has(kind)) open.push(at);
    else if (CLOSERS.has(kind)) open.pop();
  }
  return open[open.length - 1] ?? -1;
}

const lineStart = (tokens: Tokens, token: number): number =>
  tokens.text.lastIndexOf('\n', Math.max(0, (tokens.start[token] as number) - 1)) + 1;

const columnOf = (tokens: Tokens, token: number): number => (tokens.start[token] as number) - lineStart(tokens, token);

/** The indentation of the line on which a token stands. */
function indentation(tokens: Tokens, token: number): number {
  const start = lineStart(tokens, token);
  let at = start;
  while (tokens.text.charCodeAt(at) === 32 || tokens.text.charCodeAt(at) === 9) at++;
  return at - start;
}
