import './polyfills.ts';
import {
  AbstractAstReflection,
  createDefaultCoreModule,
  createDefaultSharedCoreModule,
  EmptyFileSystem,
  inject,
  type LangiumCoreServices,
  type LangiumParser,
  type Module,
  type PartialLangiumCoreServices,
} from 'langium';
import { reflection } from '../../src/language/generated/ast.ts';
import { DsysGrammar } from '../../src/language/generated/grammar.ts';
import { ContextualTokenBuilder } from './token-builder.ts';

class LangiumReflection extends AbstractAstReflection {
  override readonly types = reflection.types;
}

/** Langium's own parser for the grammar: what src/language/syntax must agree with. */
export function createLangiumParser(): LangiumParser {
  const shared = inject(createDefaultSharedCoreModule(EmptyFileSystem), { AstReflection: () => new LangiumReflection() });
  const own: Module<LangiumCoreServices, PartialLangiumCoreServices> = {
    Grammar: () => DsysGrammar(),
    LanguageMetaData: () => ({ languageId: 'dsys', fileExtensions: ['.dsys'], caseInsensitive: false, mode: 'production' }),
    parser: {
      ParserConfig: () => ({ recoveryEnabled: true, nodeLocationTracking: 'full' }),
      TokenBuilder: () => new ContextualTokenBuilder(),
    },
  };
  return inject(createDefaultCoreModule({ shared }), own as never).parser.LangiumParser;
}
