import { compiledGrammar } from '../generated/rules.ts';
import { tokenNames } from './grammar.ts';

/** Token kinds are small integers: the end of the file, four terminals, then every keyword and punctuation mark. */
export const END = 0;
export const QUANTITY = 1;
export const NUMBER = 2;
export const STRING = 3;
export const ID = 4;

const TERMINALS = ['end of file', 'QUANTITY', 'NUMBER', 'STRING', 'ID'];
const WORD = /^\p{L}/u;

/** Names by kind; for keywords and punctuation the text itself. */
export const kindNames: readonly string[] = [
  ...TERMINALS,
  ...[...tokenNames(compiledGrammar)].filter((name) => !TERMINALS.includes(name)).sort(),
];

const kinds = new Map(kindNames.map((name, kind) => [name, kind]));

export function kindOf(name: string): number {
  const kind = kinds.get(name);
  if (kind === undefined) throw new Error(`no token ${name}`);
  return kind;
}

/** Every word that is a keyword somewhere, with its kind. */
export const keywords: ReadonlyMap<string, number> = new Map(
  kindNames.flatMap((name, kind) => (kind > ID && WORD.test(name) ? [[name, kind] as const] : [])),
);

/** Punctuation by its text. */
export const punctuation: ReadonlyMap<string, number> = new Map(
  kindNames.flatMap((name, kind) => (kind > ID && !WORD.test(name) ? [[name, kind] as const] : [])),
);

/** The words that can never be names, as the rule AnyWord lists them beside ID: they begin a statement or join an expression. */
export const reservedWords: ReadonlySet<string> = reserved();

function reserved(): Set<string> {
  const body = compiledGrammar.rules.AnyWord?.body;
  if (!body || !('choice' in body)) throw new Error('the grammar has no rule AnyWord');
  return new Set(body.choice.flatMap((word) => ('token' in word && word.token !== 'ID' ? [word.token] : [])));
}

/** By kind: whether the token is a name, or a keyword that is a name outside its own place. */
export const isName: Uint8Array = Uint8Array.from(kindNames, (name, kind) =>
  kind === ID || (keywords.has(name) && !reservedWords.has(name)) ? 1 : 0,
);
