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
  /^(?:[=+\-*/|&\\^<>.,:([]|==|!=|<=|>=|\+=|-=|=>|--|->|\.\.|and|or|not|implies|leads_to|in|mod|then|else|if|to|from|with|after|of|under|within|at|expect|requires|solves|safety|liveness|because|let|return|send|broadcast|reply|set|cancel|emit|match|for|assert|on|run|call|import|forall|exists|var|durable|fun)$/;

/** Reads the text before the cursor; works on half-typed text, since it looks at words and braces only. */
export function completionContext(text: string, offset: number): CompletionContext {
  const before = text.slice(0, offset);
  const prefix = /[_a-zA-Z\u00a1-\uffff][_a-zA-Z0-9\u00a1-\uffff]*$/.exec(before)?.[0] ?? '';
  const head = before.slice(0, before.length - prefix.length);
  const importPath = /\bfrom\s+"([^"\n]*)$/.exec(before)?.[1] ?? null;
  const blocks: BlockKind[] = ['file'];
  let headWords: string[] = [];
  let last = '';
  let lastEnd = 0;
  for (const match of head.matchAll(token)) {
    const piece = match[0];
    if (piece.startsWith('//') || piece.startsWith('/*')) continue;
    if (piece === '{') {
      blocks.push(blockOf(headWords, last, blocks.at(-1) as BlockKind));
      headWords = [];
    } else if (piece === '}') {
      if (blocks.length > 1) blocks.pop();
      headWords = [];
    } else if (word.test(piece)) {
      if (startsHead(piece, blocks.at(-1) as BlockKind)) headWords = [];
      headWords.push(piece);
    }
    last = piece;
    lastEnd = match.index + piece.length;
  }
  const newLine = head.slice(lastEnd).includes('\n');
  const atBeginning = last === '' || last === '{' || last === '}' || (!joiners.test(last) && (newLine || last === ')' || last === ']'));
  return {
    block: blocks.at(-1) as BlockKind,
    atBeginning,
    dot: last === '.' ? lastEnd - 1 : -1,
    prefix,
    importPath,
    previousWord: word.test(last) ? last : '',
  };
}

function startsHead(piece: string, block: BlockKind): boolean {
  return block === 'statements' ? bodyHeads.has(piece) : piece in headBlocks || bodyHeads.has(piece);
}

function blockOf(headWords: readonly string[], last: string, outer: BlockKind): BlockKind {
  const first = headWords[0] ?? '';
  // A brace behind an operator or in an argument list is a set or a map.
  if (/^(?:[=(,|&\\+[]|\+=|-=|==|!=|in|to|return|then)$/.test(last) && last !== '') return 'expression';
  if (outer === 'statements' || bodyHeads.has(first) || last === '=>') return outer === 'expression' ? 'expression' : 'statements';
  return headBlocks[first] ?? outer;
}
