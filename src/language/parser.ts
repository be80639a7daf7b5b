import type { Finding } from '../base/finding.ts';
import { LineIndex, type Span } from '../base/source.ts';
import { type Expression, type File, isAssignment, isBlock, isMember, isNameUse, type Reply, type Return } from './generated/ast.ts';
import { MAX_FILE_LENGTH, MAX_FINDINGS, MAX_NESTING, MAX_SYNTAX_ERRORS } from './limits.ts';
import { lexicalFinding, syntaxFinding, unclosedFinding } from './messages.ts';
import { matchBrackets } from './syntax/brackets.ts';
import { tokenize } from './syntax/lexer.ts';
import { parseTokens } from './syntax/parse.ts';
import { spanOf } from './syntax.ts';

/** A text as read: its tree, and what is wrong with its form. A text that is refused has an empty tree. */
export interface ParsedFile {
  readonly uri: string;
  readonly text: string;
  readonly lines: LineIndex;
  readonly ast: File;
  readonly findings: readonly Finding[];
  /** Names whose declarations could not be read: that they are unknown elsewhere is no second mistake. */
  readonly dropped: readonly string[];
}

/** Reads a text. Never throws, and takes time linear in the text's length. */
export function parseText(uri: string, text: string): ParsedFile {
  const refused = refusal(uri, text);
  if (refused) return empty(uri, text, [refused]);
  const tokens = tokenize(uri, text, MAX_SYNTAX_ERRORS);
  const findings: Finding[] = tokens.errors.map((error) => lexicalFinding(uri, text, error));
  if (findings.length >= MAX_SYNTAX_ERRORS) return empty(uri, text, [...findings, givenUp(uri, findings)]);

  const brackets = matchBrackets(tokens, MAX_NESTING);
  const { problem } = brackets;
  if (problem?.kind === 'too-deep') {
    const span = { uri, start: tokens.start[problem.at] as number, end: tokens.end[problem.at] as number };
    const message = `brackets are nested more than ${MAX_NESTING} levels deep here`;
    return empty(uri, text, [
      ...findings,
      { code: 'DS0004', severity: 'error', span, message, help: 'name parts of it with `let` or a function' },
    ]);
  }
  const { file, mistakes, dropped, bare } = parseTokens(tokens, uri, MAX_SYNTAX_ERRORS);
  // Once a brace is missing the parser is lost: what it says from there on is not about the text.
  const reliable = problem ? problem.open : tokens.count;
  const syntax = mistakes.filter((mistake) => mistake.token <= reliable).map((mistake) => syntaxFinding(uri, tokens, brackets, mistake));
  for (const statement of bare) findings.push(...strayValue(statement));
  const follows = (earlier: Finding, later: Finding): boolean =>
    touches(earlier.span, later.span) ||
    (earlier.code === 'DS0006' &&
      earlier.span.start < later.span.start &&
      !text.slice(earlier.span.start, later.span.start).includes('\n'));
  findings.push(...syntax.filter((finding) => !findings.some((earlier) => follows(earlier, finding))));
  const cutOff = tokens.errors.some((error) => error.kind === 'unclosed-comment');
  if (problem && !cutOff) findings.push(unclosedFinding(uri, tokens, problem.open, problem.at));
  if (mistakes.length >= MAX_SYNTAX_ERRORS) findings.push(givenUp(uri, findings));
  findings.sort((a, b) => a.span.start - b.span.start);
  return { uri, text, lines: new LineIndex(text), ast: file, findings, dropped };
}

/** What makes a text not worth reading at all. */
function refusal(uri: string, text: string): Finding | undefined {
  const span: Span = { uri, start: 0, end: Math.min(1, text.length) };
  if (text.length > MAX_FILE_LENGTH) {
    const size = Math.round(text.length / 1024);
    const message = `this file has ${size} KiB, and files of more than ${MAX_FILE_LENGTH / 1024} KiB are not read`;
    return { code: 'DS0003', severity: 'error', span, message, help: 'split it, and `import` the parts' };
  }
  const binary = text.indexOf('\0');
  if (binary >= 0) {
    const at = { uri, start: binary, end: binary + 1 };
    return {
      code: 'DS0005',
      severity: 'error',
      span: at,
      message: 'this is not a text: it holds a NUL character',
      help: 'save it as UTF-8',
    };
  }
  return undefined;
}

/** Finds the value of a `return` or `reply` on the line below it, where it is a statement of its own. */
function strayValue(statement: Return | Reply): Finding[] {
  if (!isBlock(statement.$container)) return [];
  const statements = statement.$container.statements;
  const next = statements[(statement.$containerIndex ?? 0) + 1];
  if (!next || !isAssignment(next) || next.operator || isCall(next.target)) return [];
  const word = statement.$type === 'Return' ? 'return' : 'reply';
  const value = spanOf(next);
  const gap = { uri: value.uri, start: spanOf(statement).end, end: value.start };
  return [
    {
      code: 'DS0006',
      severity: 'error',
      span: value,
      message: `the value of a \`${word}\` must begin on the line of the \`${word}\``,
      why: 'statements have no separators, so a line break is what ends a statement without a value',
      fixes: [{ title: `Move the value behind \`${word}\``, edits: [{ span: gap, text: ' ' }], preferred: true }],
    },
  ];
}

const isCall = (node: Expression): boolean => (isNameUse(node) || isMember(node)) && node.arguments !== undefined;

function givenUp(uri: string, findings: readonly Finding[]): Finding {
  const last = findings[findings.length - 1]?.span ?? { uri, start: 0, end: 0 };
  return {
    code: 'DS0009',
    severity: 'error',
    span: last,
    message: `this file has more than ${MAX_SYNTAX_ERRORS} mistakes of form; the rest of it is not read`,
    help: 'mend those above first',
  };
}

/** A mistake in a token's spelling often makes a second one in the sentence around it. */
const touches = (a: Span, b: Span): boolean => a.start <= b.end && b.start <= a.end;

function empty(uri: string, text: string, findings: readonly Finding[]): ParsedFile {
  const { file } = parseTokens(tokenize(uri, '', 1), uri, 1);
  return { uri, text, lines: new LineIndex(text.length > MAX_FILE_LENGTH ? '' : text), ast: file, findings, dropped: [] };
}

/** Keeps the first findings of a file and says how many there are besides. */
export function capFindings(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MAX_FINDINGS) return findings;
  const kept = findings.slice(0, MAX_FINDINGS);
  const last = kept[kept.length - 1] as Finding;
  const more = findings.length - MAX_FINDINGS;
  return [...kept, { code: 'DS0009', severity: 'information', span: last.span, message: `and ${more} more findings in this file` }];
}
