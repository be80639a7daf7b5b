import type { FirstTokens } from './first.ts';
import type { CompiledGrammar, Element } from './grammar.ts';
import type { Tokens } from './lexer.ts';
import { END, ID, isName, kindOf } from './tokens.ts';

/** How reading goes on after a mistake. */

const OPEN = new Set(['(', '[', '{'].map(kindOf));
const CLOSE = new Set([')', ']', '}'].map(kindOf));
export const CLOSE_BRACE = kindOf('}');

export const isCloser = (kind: number): boolean => CLOSE.has(kind);

/**
 * A line that begins with a keyword and a name, as `timer retry` does. No expression does, though the keyword alone could
 * be a name: here something before is unfinished.
 */
export function atDeclaration(tokens: Tokens, at: number): boolean {
  const kind = tokens.kind[at] as number;
  if (kind === ID || isName[kind] !== 1 || tokens.firstOfLine[at] !== 1) return false;
  return isName[tokens.kind[at + 1] ?? END] === 1 && tokens.firstOfLine[at + 1] !== 1;
}

/** Whether a closing bracket that is missing here was merely forgotten: what comes next does not belong inside. */
export function mayBeLeftOut(tokens: Tokens, at: number): boolean {
  const kind = tokens.kind[at] as number;
  return kind === END || kind === CLOSE_BRACE || tokens.firstOfLine[at] === 1;
}

/**
 * Where the next item of a list can begin after one that is broken: a line on the same bracket level that begins like
 * one, such a line as far left as the broken item, or the list's end. `from` is the broken item's first token, `stopped`
 * the one at which reading stopped.
 */
export function nextItem(tokens: Tokens, from: number, stopped: number, begins: Uint8Array, ends: number): number {
  let level = 0;
  const column = columnOf(tokens, from);
  for (let at = from; at < tokens.count; at++) {
    const kind = tokens.kind[at] as number;
    const mayStop = at > from && at >= stopped;
    if (mayStop && tokens.firstOfLine[at] === 1 && begins[kind] && (level <= 0 || columnOf(tokens, at) <= column)) return at;
    if (mayStop && level <= 0 && kind === ends) return at;
    if (OPEN.has(kind)) level++;
    else if (CLOSE.has(kind) && level > 0) level--;
  }
  return tokens.count;
}

function columnOf(tokens: Tokens, token: number): number {
  const offset = tokens.start[token] as number;
  return offset - (tokens.text.lastIndexOf('\n', offset - 1) + 1);
}

/** The keywords that items of a list begin with as keywords; not those that may be names there. */
export function leadingKeywords(element: Element, grammar: CompiledGrammar, first: FirstTokens, operand: string): ReadonlySet<number> {
  const found = new Set<number>();
  const visit = (part: Element): void => {
    if ('token' in part) {
      if (part.token !== 'ID') found.add(kindOf(part.token));
    } else if ('rule' in part) {
      const rule = grammar.rules[part.rule];
      if (rule && part.rule !== operand) visit(rule.body);
    } else if ('assign' in part) visit(part.value);
    else if ('choice' in part) for (const way of part.choice) visit(way);
    else if ('sequence' in part) {
      for (const item of part.sequence) {
        visit(item);
        if (!first.of(item).empty) return;
      }
    }
  };
  visit(element);
  return found;
}
