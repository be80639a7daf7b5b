import type { Finding, Label } from '../base/finding.ts';
import type { Span } from '../base/source.ts';
import { nearest } from './elaborate/scope.ts';
import type { Brackets } from './syntax/brackets.ts';
import type { LexicalError, Tokens } from './syntax/lexer.ts';
import type { SyntaxMistake } from './syntax/mistakes.ts';
import { END, ID, keywords, NUMBER, QUANTITY, reservedWords } from './syntax/tokens.ts';

/** The messages of lexer and parser: what stands there, what could stand there in words, what was probably meant. */

const UNITS = ['ns', 'us', 'ms', 's', 'min', 'h', 'd', 'B', 'KB', 'MB', 'GB', 'TB', 'KiB', 'MiB', 'GiB', 'TiB'].concat(
  ['bps', 'kbps', 'Kbps', 'Mbps', 'Gbps', 'Tbps'],
  ['/s', '/min', '/h', '/d', '%'],
);

/** What grammar rules are called in messages. Rules that begin with a fixed word go by that word. */
const RULE_NAMES: Readonly<Record<string, string>> = {
  Expression: 'an expression',
  Lambda: 'an expression',
  Implication: 'an expression',
  Disjunction: 'an expression',
  Interval: 'an expression',
  Postfix: 'an expression',
  Primary: 'an expression',
  Argument: 'an argument',
  Arguments: '`(`',
  Attribute: 'an attribute (`name: value`)',
  Attributes: '`(`',
  AnyWord: 'a name',
  BraceEntry: 'an element',
  Block: '`{`',
  Statement: 'a statement',
  MatchArm: 'an arm (`pattern => …`)',
  Type: 'a type',
  Field: 'a field (`name: Type`)',
  Parameter: 'a parameter (`name: Type`)',
  Placement: 'a zone or a list of zones',
  ZoneUse: 'a zone',
  Budget: 'a fault budget (such as `crash 1 of group`)',
  WorkloadCall: '`call`',
  ScenarioMember: '`expect`, `vary`, `call` or a fault action',
  ScenarioCall: '`call`',
  SystemMember: 'a part of the system (`node`, `link`, `faults`, `run`, …)',
  ProtocolMember: 'a part of the protocol (`var`, `message`, `on`, `fun`, …)',
  AdversaryMember: '`var`, `on` or `fun`',
  SpecificationMember: '`var`, `operation` or `fun`',
  Declaration: 'a declaration (`system`, `protocol`, …)',
  Import: '`import`',
  Zone: '`zone`',
  Slice: 'a node and its slices',
  Binding: 'a name',
};

const TERMINAL_NAMES: Readonly<Record<string, string>> = {
  ID: 'a name',
  STRING: 'a text in double quotes',
  NUMBER: 'a number',
  QUANTITY: 'a quantity',
  'end of file': 'the end of the file',
  operator: 'an operator',
};

/** Continuations that are possible almost everywhere and say nothing. */
const NOISE = new Set(['.', '[', 'operator', 'Arguments', '?', 'because', 'leads_to', 'as', 'is']);

function wordsFor(name: string): string {
  return TERMINAL_NAMES[name] ?? RULE_NAMES[name] ?? (/^[A-Z]/.test(name) ? 'a name' : `\`${name}\``);
}

function oneOf(words: readonly string[]): string {
  const shown = words.length > 5 ? [...words.slice(0, 4), 'something else'] : words;
  return shown.length < 2 ? (shown[0] ?? 'something else') : `${shown.slice(0, -1).join(', ')} or ${shown[shown.length - 1]}`;
}

export function lexicalFinding(uri: string, text: string, error: LexicalError): Finding {
  const span: Span = { uri, start: error.start, end: error.end };
  const found = text.slice(error.start, error.end);
  switch (error.kind) {
    case 'unterminated-string':
      return {
        code: 'DS0001',
        severity: 'error',
        span,
        message: 'this text has no closing `"`',
        help: 'a text ends on the line on which it begins; write `\\n` for a line break in it',
        fixes: [{ title: 'Close the text with `"`', edits: [{ span: { uri, start: error.end, end: error.end }, text: '"' }] }],
      };
    case 'unclosed-comment':
      return {
        code: 'DS0001',
        severity: 'error',
        span,
        message: 'this comment is never closed',
        why: 'everything behind it is read as part of the comment',
        help: 'close it with `*/`',
      };
    case 'unit': {
      const unit = found.replace(/^[0-9_.]+/, '');
      const near = UNITS.find((candidate) => candidate.toLowerCase() === unit.toLowerCase()) ?? nearest(unit, UNITS);
      const unitSpan = { uri, start: error.end - unit.length, end: error.end };
      return {
        code: 'DS0007',
        severity: 'error',
        span,
        message: `\`${unit}\` is not a unit`,
        help: near
          ? `did you mean \`${found.slice(0, found.length - unit.length)}${near}\`?`
          : 'durations are written in ns, us, ms, s, min, h or d; sizes in B, KB, KiB, …; bandwidths in Mbps, Gbps, …; rates as 50/s',
        fixes: near
          ? [{ title: `Change \`${unit}\` to \`${near}\``, edits: [{ span: unitSpan, text: near }], preferred: true }]
          : undefined,
      };
    }
    case 'character': {
      const shown = found.length > 12 ? `${found.slice(0, 12)}…` : found;
      return {
        code: 'DS0001',
        severity: 'error',
        span,
        message: `${describe(shown)} has no meaning here`,
        ...hintForCharacter(span, found),
      };
    }
  }
}

function describe(characters: string): string {
  if (/^[\x20-\x7e…]+$/.test(characters)) return `\`${characters}\``;
  const codes = [...characters]
    .slice(0, 3)
    .map((character) => `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`);
  return `the character ${codes.join(' ')}`;
}

function hintForCharacter(span: Span, found: string): Pick<Finding, 'help' | 'fixes'> {
  if (/^;+$/.test(found)) {
    return { help: 'statements need no `;`', fixes: [{ title: 'Remove the `;`', edits: [{ span, text: '' }], preferred: true }] };
  }
  if (found === "'") return { help: 'texts stand in double quotes: "…"' };
  if (found === '!')
    return { help: 'negation is written `not`', fixes: [{ title: 'Change `!` to `not`', edits: [{ span, text: 'not ' }] }] };
  if (found === '%') return { help: 'the remainder of a division is written `mod`; a ratio is written without a space, as in 5%' };
  if (found === '#') return { help: 'comments begin with `//`' };
  return { help: 'remove it' };
}

export function syntaxFinding(uri: string, tokens: Tokens, brackets: Brackets, error: SyntaxMistake): Finding {
  const token = Math.min(error.token, tokens.count);
  const atEnd = tokens.kind[token] === END;
  const lineEnds = error.kind === 'left-out' && tokens.firstOfLine[token] === 1;
  const shown = (atEnd || lineEnds) && token > 0 ? token - 1 : token;
  const span: Span = { uri, start: tokens.start[shown] as number, end: tokens.end[shown] as number };
  if (error.kind === 'too-deep') {
    return {
      code: 'DS0004',
      severity: 'error',
      span,
      message: 'expressions or statements are nested too deep here',
      help: 'name parts of it with `let`, or move them to a function',
    };
  }
  const found = image(tokens, token);
  const before = token > 0 ? image(tokens, token - 1) : '';
  const hidden = error.expected.includes('Declaration') ? 'Import' : '';
  const wanted = [...new Set(error.expected.filter((name) => !NOISE.has(name) && name !== hidden).map(wordsFor))];
  if (before === ',' && wanted.length === 1 && error.expected.some((name) => CLOSERS['('] === name)) wanted.unshift('an argument');
  const expected = oneOf(wanted.length > 0 ? wanted : [...new Set(error.expected.map(wordsFor))]);
  const after = token > 0 && before.length <= 24 ? ` after \`${before}\`` : '';
  const message = lineEnds
    ? `expected ${expected}${after}, but the line ends here`
    : atEnd
      ? `expected ${expected}${after}, but the file ends here`
      : `expected ${expected}${after}, but found \`${shorten(found)}\``;
  return {
    code: 'DS0002',
    severity: 'error',
    span,
    message,
    ...hintForSyntax(uri, tokens, token, error),
    ...openLabel(uri, tokens, brackets, error),
  };
}

const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Points at the bracket that waits to be closed, when closing it is what is expected. */
function openLabel(uri: string, tokens: Tokens, brackets: Brackets, error: SyntaxMistake): { labels?: Label[] } {
  const open = brackets.openAt(error.token);
  if (open < 0) return {};
  const bracket = image(tokens, open);
  // Where a block could simply go on, that it is still open says nothing.
  if (!error.expected.includes(CLOSERS[bracket] as string) || (bracket === '{' && tokens.kind[error.token] !== END)) return {};
  const span = { uri, start: tokens.start[open] as number, end: tokens.end[open] as number };
  return { labels: [{ span, message: `this \`${bracket}\` is still open` }] };
}

function hintForSyntax(uri: string, tokens: Tokens, token: number, error: SyntaxMistake): Pick<Finding, 'help' | 'fixes'> {
  const kind = tokens.kind[token] as number;
  const found = image(tokens, token);
  const before = token > 0 ? image(tokens, token - 1) : '';
  const beforeKind = token > 0 ? (tokens.kind[token - 1] as number) : END;
  const span: Span = { uri, start: tokens.start[token] as number, end: tokens.end[token] as number };
  const wantsName = error.expected.includes('ID') || error.expected.some((name) => name.endsWith('Variable') || name === 'BoundVariable');
  if (wantsName && reservedWords.has(found)) return { help: `\`${found}\` is a reserved word; choose another name` };
  if ((beforeKind === NUMBER || beforeKind === QUANTITY) && kind === ID && UNITS.includes(found)) {
    const gap = { uri, start: tokens.end[token - 1] as number, end: span.start };
    return {
      help: `a unit follows its number without a space: \`${before}${found}\``,
      fixes: [{ title: 'Remove the space', edits: [{ span: gap, text: '' }], preferred: true }],
    };
  }
  if ((found === '&' || found === '|') && before === found) {
    const word = found === '&' ? 'and' : 'or';
    const both: Span = { uri, start: tokens.start[token - 1] as number, end: span.end };
    return {
      help: `“${word}” is written \`${word}\`; \`${found}\` is the ${word === 'and' ? 'intersection' : 'union'} of sets`,
      fixes: [{ title: `Change \`${found}${found}\` to \`${word}\``, edits: [{ span: both, text: word }], preferred: true }],
    };
  }
  let lineStart = token;
  while (lineStart > 0 && !tokens.firstOfLine[lineStart]) lineStart--;
  if (['while', 'loop', 'repeat', 'do'].includes(image(tokens, lineStart))) {
    return { help: 'there is no unbounded loop: use `for x in collection { … }`, or a timer' };
  }
  if (found === '=' && error.expected.includes('operator')) {
    return { help: 'two values are compared with `==`', fixes: [{ title: 'Change `=` to `==`', edits: [{ span, text: '==' }] }] };
  }
  if (['==', '!=', '<', '<=', '>', '>='].includes(found)) return { help: 'comparisons cannot be chained: write `a < b and b < c`' };
  const items = error.expected.find((name) => ITEM_RULES.has(name));
  if (items && (kind === ID || keywords.has(found))) {
    const near = nearest(found, ITEM_RULES.get(items) ?? []);
    if (near)
      return { help: `did you mean \`${near}\`?`, fixes: [{ title: `Change \`${found}\` to \`${near}\``, edits: [{ span, text: near }] }] };
  }
  if (before === 'function' || before === 'def' || before === 'fn' || before === 'func')
    return { help: 'functions are declared with `fun`' };
  return {};
}

/** Words that begin the items of a list, for “did you mean”. */
const ITEM_RULES: ReadonlyMap<string, readonly string[]> = new Map([
  ['Declaration', ['system', 'protocol', 'adversary', 'specification', 'const', 'import']],
  [
    'SystemMember',
    ['const', 'zone', 'node', 'link', 'channel', 'timing', 'faults', 'quorum', 'run', 'workload', 'scenario', 'explore', 'expect', 'seed'],
  ],
  [
    'ProtocolMember',
    ['quorum', 'requires', 'uses', 'const', 'enum', 'record', 'durable', 'var', 'message', 'timer', 'operation', 'event'].concat([
      'on',
      'fun',
      'invariant',
      'eventually',
      'always',
      'role',
      'scales',
      'solves',
    ]),
  ],
  ['Budget', ['crash', 'omission', 'timing', 'byzantine', 'outage', 'partition', 'loss', 'duplicate']],
  ['WorkloadCall', ['call']],
  ['AdversaryMember', ['var', 'durable', 'on', 'fun']],
  ['SpecificationMember', ['var', 'operation', 'fun', 'record', 'enum']],
]);

export function unclosedFinding(uri: string, tokens: Tokens, open: number, at: number): Finding {
  const last = Math.max(0, at - 1);
  return {
    code: 'DS0002',
    severity: 'error',
    span: { uri, start: tokens.start[last] as number, end: tokens.end[last] as number },
    message: at >= tokens.count ? 'the file ends before a `{` is closed' : 'a `}` is missing after this',
    help: 'add a `}`',
    labels: [{ span: { uri, start: tokens.start[open] as number, end: tokens.end[open] as number }, message: 'this `{` is never closed' }],
  };
}

function image(tokens: Tokens, token: number): string {
  if (tokens.kind[token] === END) return 'the end of the file';
  return tokens.text.slice(tokens.start[token], tokens.end[token]);
}

const shorten = (text: string): string => (text.length > 32 ? `${text.slice(0, 31)}…` : text);
