import { type CompletionItem, CompletionItemKind, InsertTextFormat } from 'vscode-languageserver';
import type { Declaration } from '../src/language/elaborate/context.ts';
import { type ExpectationWord, expectationWords } from '../src/language/elaborate/metrics.ts';
import { isCriterion } from '../src/model/consistency.ts';
import { told } from './completion-arguments.ts';
import type { CompletionContext } from './completion-context.ts';
import { contains, type NamesAt } from './completion-names.ts';
import { choiceOf } from './snippets.ts';
import { beginnings, faultActions, type Word } from './words.ts';

/** Words that end no time or condition: behind them it goes on. */
const unfinished = new Set(['at', 'when', 'after', 'and', 'or', 'not', 'implies', 'in', 'mod', 'then', 'else', 'if']);

/** What may follow the time of an `at` or the condition of a `when`; null elsewhere. */
export function afterTime({ block, statement, parentheses, previousWord }: CompletionContext): readonly Word[] | null {
  if (block !== 'scenario' || parentheses || (statement !== 'at' && statement !== 'when') || unfinished.has(previousWord)) return null;
  const also = statement === 'at' ? ['when', 'call'] : [];
  return [...beginnings.scenario.filter(({ label }) => also.includes(label)), ...faultActions];
}

/** What a call may be of, each with its arguments; null where no call is being written. */
export function calledItems({ block, previousWord }: CompletionContext, names: NamesAt): CompletionItem[] | null {
  if (previousWord !== 'call' || (block !== 'scenario' && block !== 'workload')) return null;
  return calls(names.ofProtocols('operation'), names);
}

/** What the run that is named before the dot has, of what may stand there; null where no run is. */
export function runMembers(text: string, context: CompletionContext, names: NamesAt): CompletionItem[] | null {
  const { block, statement, parentheses, dot } = context;
  if (block !== 'scenario' && block !== 'workload') return null;
  const protocol = names.protocolCalled(/\w+$/.exec(text.slice(0, dot))?.[0] ?? '');
  if (!protocol) return null;
  if (statement === 'call') return calls(names.within(protocol, 'operation'), names);
  const word = expectationWords().find(({ declaration }) => declaration.name === parentheses?.callee);
  const inRun = subjects(word?.of ?? 'nothing', names).filter(({ uri, span }) => uri === protocol.uri && contains(protocol.span, span));
  return inRun.map((each) => told(each, CompletionItemKind.Reference));
}

function calls(operations: readonly Declaration[], names: NamesAt): CompletionItem[] {
  return operations.map((operation) => {
    const fields = names.within(operation, 'field').map(({ name }, at) => `${name}: \${${at + 1}:${name}}`);
    return {
      ...told(operation, CompletionItemKind.Method),
      insertText: `${operation.name}(${fields.join(', ')})`,
      insertTextFormat: InsertTextFormat.Snippet,
    };
  });
}

/** The fields of the operation whose arguments are being written, those that are not given yet; null elsewhere. */
export function fieldItems({ block, statement, parentheses }: CompletionContext, names: NamesAt): CompletionItem[] | null {
  if (statement !== 'call' || (block !== 'scenario' && block !== 'workload') || !parentheses?.isOutermost) return null;
  const operation = names.ofProtocols('operation').find(({ name }) => name === parentheses.callee);
  if (!operation || !parentheses.isEmpty) return null;
  const drawn = ['unique', 'zipf(${1:1000}, ${2:1.1})', 'uniform_key(${1:1000})', 'random(${1:1..100})'].map((snippet) => ({
    label: /^\w+/.exec(snippet)?.[0] ?? snippet,
    kind: CompletionItemKind.Function,
    detail: 'drawn anew for each call',
    insertText: snippet,
    insertTextFormat: InsertTextFormat.Snippet,
    sortText: '02',
  }));
  if (parentheses.argument !== null) return drawn;
  const fields = names.within(operation, 'field').filter(({ name }) => !parentheses.names.has(name));
  return [
    ...fields.map((field) => ({
      ...told(field, CompletionItemKind.Field),
      insertText: `${field.name}: $0`,
      insertTextFormat: InsertTextFormat.Snippet,
    })),
    ...drawn,
  ];
}

export interface Expected {
  readonly items: readonly CompletionItem[];
  /** Whether a value, such as a constant, may stand there too. */
  readonly orExpression: boolean;
}

/** What an `expect` of a scenario may be made of; null elsewhere. */
export function expectedItems(context: CompletionContext, names: NamesAt): Expected | null {
  const { block, statement, parentheses, previousWord } = context;
  if (block !== 'scenario' || statement !== 'expect') return null;
  const words = expectationWords();
  if (parentheses) {
    const word = words.find(({ declaration }) => declaration.name === parentheses.callee);
    if (!word) return null;
    if (word.of !== 'spread')
      return { items: subjects(word.of, names).map((each) => told(each, CompletionItemKind.Reference)), orExpression: false };
    return { items: ofMany(words).map((each) => wordItem(each, names)), orExpression: false };
  }
  if (previousWord === 'not') {
    return {
      items: words.filter(({ declaration }) => isCriterion(declaration.name)).map((each) => wordItem(each, names)),
      orExpression: true,
    };
  }
  // Of many durations only a statistic may be compared.
  const many = new Set(ofMany(words));
  return { items: words.filter((each) => !many.has(each)).map((each) => wordItem(each, names)), orExpression: true };
}

/** Those of which a statistic makes one number. */
function ofMany(words: readonly ExpectationWord[]): ExpectationWord[] {
  return words.filter(({ isMany }) => isMany === true);
}

function wordItem(word: ExpectationWord, names: NamesAt): CompletionItem {
  const item = told(word.declaration, word.of === 'nothing' ? CompletionItemKind.Variable : CompletionItemKind.Function);
  if (word.of === 'nothing') return item;
  const stop =
    word.of === 'spread'
      ? `latency(${choiceOf(1, namesOf('operation', names), 'Operation')})`
      : choiceOf(1, namesOf(word.of, names), word.of === 'specification' ? 'Specification' : word.of === 'property' ? 'Property' : word.of);
  return { ...item, insertText: `${word.declaration.name}(${stop})`, insertTextFormat: InsertTextFormat.Snippet };
}

const namesOf = (of: ExpectationWord['of'], names: NamesAt): string[] => subjects(of, names).map(({ name }) => name);

function subjects(of: ExpectationWord['of'], names: NamesAt): Declaration[] {
  switch (of) {
    case 'property':
      return names.ofProtocols('invariant', 'eventuality', 'persistence');
    case 'specification':
      return names.ofFile('specification');
    case 'event':
    case 'operation':
      return names.ofProtocols(of);
    default:
      return [];
  }
}
