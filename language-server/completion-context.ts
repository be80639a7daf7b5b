import { beginnings } from './words.ts';

/** What kind of braces the cursor stands in: decides which words may begin there. */
export type BlockKind =
  | 'file'
  | 'system'
  | 'protocol'
  | 'role'
  | 'adversary'
  | 'specification'
  | 'faults'
  | 'workload'
  | 'scenario'
  | 'statements'
  | 'expression'
  | 'names';

export interface CompletionContext {
  readonly block: BlockKind;
  /** Whether the cursor stands where a declaration or statement begins. */
  readonly atBeginning: boolean;
  /** Offset of the dot behind whose left side a member is wanted, -1 for none. */
  readonly dot: number;
  /** The word that is being typed, up to the cursor. */
  readonly prefix: string;
  /** Inside `import … from "`: the path typed so far. */
  readonly importPath: string | null;
  /** The last word before the one being typed: `on`, `set`, `broadcast`, … */
  readonly previousWord: string;
  /** The word that began the member or statement around the cursor: `at`, `call`, `link`, `crash`; empty for none. */
  readonly statement: string;
  /** The innermost parentheses around the cursor; null outside of any. */
  readonly parentheses: Parentheses | null;
}

/** Parentheses that are open at the cursor. */
export interface Parentheses {
  /** The word directly before them: what is called, or `with`. */
  readonly callee: string;
  /** Whether no other parentheses or brackets are around them within their braces. */
  readonly isOutermost: boolean;
  /** Arguments that are given by name, before and behind the cursor. */
  readonly names: ReadonlySet<string>;
  /** Name of the argument at the cursor; null when none is written. */
  readonly argument: string | null;
  /** How many arguments stand before that one. */
  readonly index: number;
  /** Whether the argument at the cursor has nothing yet but the word that is being typed. */
  readonly isEmpty: boolean;
}

const token =
  /\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"?|[_a-zA-Z\u00a1-\uffff][_a-zA-Z0-9\u00a1-\uffff]*|[0-9][^\s(){}[\],]*|=>|--|->|[-=!<>+]=|[^\s]/g;
const word = /^[_a-zA-Z\u00a1-\uffff]/;

const headBlocks: Record<string, BlockKind> = {
  system: 'system',
  protocol: 'protocol',
  role: 'role',
  adversary: 'adversary',
  specification: 'specification',
  faults: 'faults',
  workload: 'workload',
  scenario: 'scenario',
  explore: 'scenario',
  zone: 'names',
  enum: 'names',
  invariant: 'expression',
  eventually: 'expression',
  always: 'expression',
};
const bodyHeads = new Set(['on', 'fun', 'if', 'else', 'for', 'match', 'operation']);
/** After these a new member or statement may begin even without a brace or line break between. */
const joiners =
  /^(?:[=+\-*/|&\\^<>.,:([]|==|!=|<=|>=|\+=|-=|=>|--|->|\.\.|and|or|not|implies|leads_to|in|mod|then|else|if|to|from|with|after|of|under|within|at|when|vary|expect|requires|solves|safety|liveness|because|let|return|send|broadcast|reply|set|cancel|emit|match|for|assert|on|run|call|import|as|is|forall|exists|var|durable|fun)$/;

/** Braces, brackets or parentheses that are open. */
type Frame =
  | { readonly kind: 'braces'; readonly block: BlockKind; statement: string }
  | { readonly kind: 'brackets' }
  | (Omit<Writable<Parentheses>, 'names'> & { readonly kind: 'parentheses'; readonly names: Set<string> });
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

const firstWords = new Map(
  Object.entries(beginnings).map(([block, words]) => [block, new Set(words.map(({ label }) => label.split(' ')[0]))] as const),
);

/** Reads the text before the cursor; works on half-typed text, since it looks at words and braces only. */
export function completionContext(text: string, offset: number): CompletionContext {
  const before = text.slice(0, offset);
  const prefix = /[_a-zA-Z\u00a1-\uffff][_a-zA-Z0-9\u00a1-\uffff]*$/.exec(before)?.[0] ?? '';
  const head = before.slice(0, before.length - prefix.length);
  const importPath = /\bfrom\s+"([^"\n]*)$/.exec(before)?.[1] ?? null;
  const frames: Frame[] = [{ kind: 'braces', block: 'file', statement: '' }];
  let headWords: string[] = [];
  let last = '';
  let lastEnd = 0;
  for (const match of head.matchAll(token)) {
    const piece = match[0];
    if (piece.startsWith('//') || piece.startsWith('/*')) continue;
    const { block } = innermostBraces(frames);
    const top = frames.at(-1) as Frame;
    if (piece === '{') {
      frames.push({ kind: 'braces', block: blockOf(headWords, last, block), statement: '' });
      headWords = [];
    } else if (piece === '}') {
      while (frames.length > 1 && frames.pop()?.kind !== 'braces');
      headWords = [];
    } else if (piece === '[') frames.push({ kind: 'brackets' });
    else if (piece === '(') {
      const isOutermost = top.kind === 'braces';
      const callee = word.test(last) ? last : '';
      frames.push({ kind: 'parentheses', callee, isOutermost, names: new Set(), argument: null, index: 0, isEmpty: true });
    } else if (piece === ']' || piece === ')') {
      if (top.kind === (piece === ']' ? 'brackets' : 'parentheses')) frames.pop();
    } else if (top.kind === 'parentheses') readArgument(top, piece, last);
    else if (top.kind === 'braces' && last !== '.' && firstWords.get(block)?.has(piece)) top.statement = piece;
    if (word.test(piece)) {
      if (startsHead(piece, block)) headWords = [];
      headWords.push(piece);
    }
    last = piece;
    lastEnd = match.index + piece.length;
  }
  const newLine = head.slice(lastEnd).includes('\n');
  const top = frames.at(-1) as Frame;
  const { block, statement } = innermostBraces(frames);
  const mayBegin = last === '' || last === '{' || last === '}' || (!joiners.test(last) && (newLine || last === ')' || last === ']'));
  return {
    block,
    atBeginning: mayBegin && top.kind === 'braces',
    dot: last === '.' ? lastEnd - 1 : -1,
    prefix,
    importPath,
    previousWord: word.test(last) ? last : '',
    statement,
    parentheses: top.kind === 'parentheses' ? { ...top, names: new Set([...top.names, ...namesBehind(text.slice(offset))]) } : null,
  };
}

function innermostBraces(frames: readonly Frame[]): Extract<Frame, { kind: 'braces' }> {
  return frames.findLast((frame) => frame.kind === 'braces') as Extract<Frame, { kind: 'braces' }>;
}

function readArgument(frame: Extract<Frame, { kind: 'parentheses' }>, piece: string, last: string): void {
  if (piece === ',') {
    frame.index += 1;
    frame.argument = null;
    frame.isEmpty = true;
  } else if (piece === ':' && word.test(last)) {
    frame.names.add(last);
    frame.argument = last;
    frame.isEmpty = true;
  } else frame.isEmpty = false;
}

/** The arguments that are given by name between the cursor and the end of its parentheses. */
function namesBehind(text: string): Set<string> {
  const names = new Set<string>();
  let depth = 0;
  let last = '';
  // Parentheses that nobody has closed yet end with the line.
  for (const [piece] of (text.split('\n', 1)[0] ?? '').matchAll(token)) {
    if ('([{'.includes(piece)) depth += 1;
    else if (')]}'.includes(piece)) depth -= 1;
    else if (piece === ':' && depth === 0 && word.test(last)) names.add(last);
    if (depth < 0) break;
    last = piece;
  }
  return names;
}

/** The word at an offset, outside of comments and texts; null for none. */
export function wordAt(text: string, offset: number): { readonly word: string; readonly start: number } | null {
  for (const { 0: piece, index } of text.matchAll(token)) {
    if (index > offset) break;
    if (offset <= index + piece.length && word.test(piece)) return { word: piece, start: index };
  }
  return null;
}

/** Where handlers and functions may begin: in a system `on` and `for` are but words of other members. */
const bodied = new Set<BlockKind>(['protocol', 'role', 'adversary', 'specification']);

function startsHead(piece: string, block: BlockKind): boolean {
  if (block === 'statements') return bodyHeads.has(piece);
  return piece in headBlocks || (bodyHeads.has(piece) && bodied.has(block));
}

function blockOf(headWords: readonly string[], last: string, outer: BlockKind): BlockKind {
  const first = headWords[0] ?? '';
  // A brace behind an operator or in an argument list is a set or a map.
  if (/^(?:[=(,|&\\+[]|\+=|-=|==|!=|in|to|return|then)$/.test(last) && last !== '') return 'expression';
  if (outer === 'statements' || bodyHeads.has(first) || last === '=>') return outer === 'expression' ? 'expression' : 'statements';
  return headBlocks[first] ?? outer;
}
