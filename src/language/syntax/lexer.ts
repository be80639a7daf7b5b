import type { Span } from '../../base/source.ts';
import { DsysTerminals } from '../generated/ast.ts';
import { END, ID, keywords, NUMBER, punctuation, QUANTITY, STRING } from './tokens.ts';

/** The tokens of one text as columns. Behind the last, at `count`, stands the end of the file, with the last one's end as its place. */
export interface Tokens {
  readonly text: string;
  readonly count: number;
  readonly kind: Uint8Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** 1 where a line break stands before the token. */
  readonly firstOfLine: Uint8Array;
  readonly errors: readonly LexicalError[];
  /** Comments `/** … *\/` by the offset of the first token behind them. */
  readonly documentation: ReadonlyMap<number, Span>;
}

export type LexicalError =
  | { readonly kind: 'character' | 'unit'; readonly start: number; readonly end: number }
  | { readonly kind: 'unterminated-string' | 'unclosed-comment'; readonly start: number; readonly end: number };

const quantity = new RegExp(DsysTerminals.QUANTITY, 'y');
const number = new RegExp(DsysTerminals.NUMBER, 'y');
const string = new RegExp(DsysTerminals.STRING, 'y');
const identifier = new RegExp(DsysTerminals.ID, 'y');

const NEWLINE = 10;
const QUOTE = 34;
const STAR = 42;
const SLASH = 47;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code > 160;
const isSpace = (code: number): boolean =>
  (code >= 9 && code <= 13) || code === 32 || code === 160 || code === 0xfeff || code === 0x2028 || code === 0x2029;

/** Splits a text into tokens in one pass. After `maxErrors` errors it gives up: such a text is not dsys. */
export function tokenize(uri: string, text: string, maxErrors: number): Tokens {
  const capacity = text.length + 1;
  let kind = new Uint8Array(Math.min(capacity, 1024));
  let start = new Int32Array(kind.length);
  let end = new Int32Array(kind.length);
  let firstOfLine = new Uint8Array(kind.length);
  const errors: LexicalError[] = [];
  const documentation = new Map<number, Span>();
  let comment: Span | undefined;
  let count = 0;
  let newline = true;
  let at = 0;

  const grow = (): void => {
    const size = Math.min(capacity, kind.length * 2);
    const widen = <T extends Uint8Array | Int32Array>(wide: T, narrow: T): T => {
      wide.set(narrow);
      return wide;
    };
    kind = widen(new Uint8Array(size), kind);
    start = widen(new Int32Array(size), start);
    end = widen(new Int32Array(size), end);
    firstOfLine = widen(new Uint8Array(size), firstOfLine);
  };
  const push = (tokenKind: number, to: number): void => {
    if (count + 1 >= kind.length) grow();
    kind[count] = tokenKind;
    start[count] = at;
    end[count] = to;
    firstOfLine[count] = newline ? 1 : 0;
    if (comment) {
      documentation.set(at, comment);
      comment = undefined;
    }
    newline = false;
    count++;
    at = to;
  };
  const matchEnd = (pattern: RegExp): number => {
    pattern.lastIndex = at;
    return pattern.test(text) ? pattern.lastIndex : -1;
  };
  const fail = (errorKind: LexicalError['kind'], to: number): void => {
    const last = errors[errors.length - 1];
    if (errorKind === 'character' && last?.kind === 'character' && last.end === at) errors[errors.length - 1] = { ...last, end: to };
    else errors.push({ kind: errorKind, start: at, end: to });
  };

  while (at < text.length && errors.length < maxErrors) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE) {
      newline = true;
      at++;
    } else if (isSpace(code)) {
      at++;
    } else if (isLetter(code)) {
      const to = matchEnd(identifier);
      push(keywords.get(text.slice(at, to)) ?? ID, to);
    } else if (isDigit(code)) {
      const withUnit = matchEnd(quantity);
      if (withUnit >= 0) {
        push(QUANTITY, withUnit);
        continue;
      }
      const to = matchEnd(number);
      if (to < text.length && isLetter(text.charCodeAt(to))) {
        identifier.lastIndex = to;
        identifier.test(text);
        fail('unit', identifier.lastIndex);
        push(NUMBER, identifier.lastIndex);
      } else push(NUMBER, to);
    } else if (code === SLASH && text.charCodeAt(at + 1) === SLASH) {
      const lineEnd = text.indexOf('\n', at);
      at = lineEnd < 0 ? text.length : lineEnd;
    } else if (code === SLASH && text.charCodeAt(at + 1) === STAR) {
      const close = text.indexOf('*/', at + 2);
      if (close < 0) {
        fail('unclosed-comment', at + 2);
        at = text.length;
        continue;
      }
      const isDocumentation = text.charCodeAt(at + 2) === STAR && close > at + 2;
      if (isDocumentation) comment = { uri, start: at, end: close + 2 };
      newline ||= text.slice(at, close).includes('\n');
      at = close + 2;
    } else if (code === QUOTE) {
      const to = matchEnd(string);
      if (to >= 0) {
        push(STRING, to);
        continue;
      }
      const lineEnd = text.indexOf('\n', at);
      const stop = lineEnd < 0 ? text.length : lineEnd;
      fail('unterminated-string', stop);
      push(STRING, stop);
    } else {
      const two = at + 1 < text.length ? punctuation.get(text.slice(at, at + 2)) : undefined;
      const one = two ?? punctuation.get(text[at] as string);
      if (one === undefined) {
        fail('character', at + 1);
        at++;
      } else push(one, at + (two === undefined ? 1 : 2));
    }
  }
  const last = count > 0 ? (end[count - 1] as number) : 0;
  at = last;
  push(END, last);
  return { text, count: count - 1, kind, start, end, firstOfLine, errors, documentation };
}
