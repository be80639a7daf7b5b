import type { TokenType, TokenVocabulary } from 'chevrotain';
import { AstUtils, DefaultTokenBuilder, type Grammar, GrammarAST, type TokenBuilderOptions } from 'langium';

/** A word, as opposed to punctuation: what could be taken for a name. */
const WORD = /^\p{L}/u;

/**
 * Makes every keyword that is not reserved an identifier too, by Chevrotain's token categories: `role`, `timeout` or
 * `zone` are keywords where the grammar asks for them and names everywhere else. The reserved words are those that the
 * grammar's rule `AnyWord` lists beside `ID`.
 */
export class ContextualTokenBuilder extends DefaultTokenBuilder {
  override buildTokens(grammar: Grammar, options?: TokenBuilderOptions): TokenVocabulary {
    const tokens = super.buildTokens(grammar, options) as TokenType[];
    const identifier = tokens.find((token) => token.name === 'ID');
    const reserved = reservedWords(grammar);
    for (const token of tokens) {
      const isKeyword = typeof token.PATTERN === 'string';
      if (identifier && isKeyword && WORD.test(token.name) && !reserved.has(token.name)) token.CATEGORIES = [identifier];
    }
    return tokens;
  }
}

/** The words that can never be names: they begin a statement or join an expression. */
export function reservedWords(grammar: Grammar): Set<string> {
  const anyWord = grammar.rules.find((rule) => rule.name === 'AnyWord');
  if (!anyWord) throw new Error('the grammar has no rule AnyWord');
  return new Set(
    AstUtils.streamAllContents(anyWord)
      .filter(GrammarAST.isKeyword)
      .map((keyword) => keyword.value)
      .toArray(),
  );
}
