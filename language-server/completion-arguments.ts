import { type CompletionItem, CompletionItemKind, InsertTextFormat } from 'vscode-languageserver';
import {
  type AttributeRule,
  attributeDeclaration,
  budgetAttributes,
  bursty,
  callAttributes,
  exampleOf,
  linkAttributes,
  nodeAttributes,
  scalingAttributes,
  scenarioAttributes,
  scenarioCallAttributes,
  timingAttributes,
  zoneAttributes,
} from '../src/language/elaborate/attribute-rules.ts';
import type { Declaration } from '../src/language/elaborate/context.ts';
import { type ActionRule, actionRules, behaviorDeclaration, behaviors } from '../src/language/elaborate/fault-action-rules.ts';
import { strategies, strategyDeclaration } from '../src/language/elaborate/schedule-strategies.ts';
import { anyOf } from '../src/language/elaborate/system-context.ts';
import { shapes } from '../src/language/elaborate/system-network.ts';
import type { CompletionContext, Parentheses } from './completion-context.ts';
import type { NamesAt } from './completion-names.ts';
import { inTermsOf } from './snippets.ts';

/** What may stand at one place in parentheses. */
export interface ArgumentItems {
  readonly items: readonly CompletionItem[];
  /** Whether any expression may stand there too. */
  readonly orExpression: boolean;
}

/** Arguments and attributes with their values, as the elaboration knows them there; null where it knows none. */
export function argumentItems(context: CompletionContext, names: NamesAt): ArgumentItems | null {
  const { parentheses } = context;
  if (!parentheses) return null;
  const action = actionAt(context, parentheses);
  const rules = action?.options ?? attributesAt(context, parentheses);
  if (!rules) return null;
  const { argument, isEmpty } = parentheses;
  if (!isEmpty) return { items: [], orExpression: true };
  if (argument !== null) {
    const rule = rules.find(({ name }) => name === argument);
    if (rule) return valueItems(rule, names);
    return action ? (placeItems(argument, names) ?? { items: [], orExpression: true }) : null;
  }
  const place = action?.positional[Math.min(parentheses.index, action.positional.length - 1)];
  const isPlace = place !== undefined && (parentheses.index < (action?.positional.length ?? 0) || place === 'sides');
  const values = isPlace ? (placeItems(place, names) ?? { items: [], orExpression: true }) : { items: [], orExpression: false };
  const left = rules.filter(({ name }) => !parentheses.names.has(name));
  return { items: [...values.items, ...left.map((rule) => namedItem(rule, names))], orExpression: values.orExpression };
}

function actionAt({ block, statement }: CompletionContext, { callee, isOutermost }: Parentheses): ActionRule | undefined {
  if (block !== 'scenario' || !isOutermost || statement !== callee || !Object.hasOwn(actionRules, callee)) return undefined;
  return actionRules[callee as keyof typeof actionRules];
}

function attributesAt({ block, statement }: CompletionContext, { callee, isOutermost }: Parentheses): readonly AttributeRule[] | undefined {
  if (!isOutermost) return undefined;
  const isWith = callee === 'with';
  switch (`${block} ${statement}`) {
    case 'system scenario':
      return scenarioAttributes;
    case 'system zone':
    case 'names zone':
      return zoneAttributes;
    case 'system node':
      return callee === 'spread' ? undefined : nodeAttributes;
    case 'system link':
      return isWith ? linkAttributes : optionOf(shapes, callee)?.options;
    case 'system channel':
      return isWith ? linkAttributes : undefined;
    case 'system timing':
      return optionOf(timingAttributes, callee);
    case 'workload call':
      return isWith ? callAttributes : undefined;
    case 'scenario call':
      return isWith ? scenarioCallAttributes : undefined;
    case 'protocol scales':
      return isWith ? scalingAttributes : undefined;
    default:
      return block === 'faults' && isWith ? optionOf(budgetAttributes, statement) : undefined;
  }
}

function optionOf<Value>(options: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(options, name) ? options[name] : undefined;
}

/** An argument by its name, with a value to be typed over. */
function namedItem(rule: AttributeRule, names: NamesAt): CompletionItem {
  const isOpen = rule.type === 'schedule' || rule.type === 'message' || (typeof rule.type === 'object' && 'words' in rule.type);
  // Where the value is one of few words the editor offers them next.
  const value = isOpen ? '$0' : `\${1:${inTermsOf(exampleOf(rule), names.forExamples())}}`;
  return {
    ...told(attributeDeclaration(rule), CompletionItemKind.Property),
    insertText: `${rule.name}: ${value}`,
    insertTextFormat: InsertTextFormat.Snippet,
    sortText: `${rule.required ? '00' : '01'}${rule.name}`,
    ...(isOpen ? { command: { title: '', command: 'editor.action.triggerSuggest' } } : {}),
  };
}

function valueItems({ name, type }: AttributeRule, names: NamesAt): ArgumentItems {
  if (type === 'schedule') return { items: [...strategies].map(([word, rule]) => strategyItem(word, rule)), orExpression: false };
  if (type === 'message')
    return { items: names.ofProtocols('message').map((each) => told(each, CompletionItemKind.Event)), orExpression: false };
  if (type === 'loss') {
    const item = { ...told(bursty, CompletionItemKind.Function), insertText: 'bursty(${1:5%}, length: ${2:10})' };
    return { items: [{ ...item, insertTextFormat: InsertTextFormat.Snippet }], orExpression: true };
  }
  if (typeof type !== 'object' || !('words' in type)) return { items: [], orExpression: true };
  const items = Object.entries(type.words).map(([label, documentation]) => ({
    label,
    kind: CompletionItemKind.EnumMember,
    detail: `${name}: ${label}`,
    documentation,
  }));
  return { items, orExpression: false };
}

function strategyItem(word: string, rule: Parameters<typeof strategyDeclaration>[1]): CompletionItem {
  const item = told(strategyDeclaration(word, rule), CompletionItemKind.EnumMember);
  if (rule.number === null) return item;
  return { ...item, insertText: `${word}(\${1:${rule.number === 'depth' ? 3 : 2}})`, insertTextFormat: InsertTextFormat.Snippet };
}

/** What may stand at a place of an action's; null where it is nodes, which any expression may give. */
function placeItems(place: string, names: NamesAt): ArgumentItems | null {
  if (place === 'zone') return { items: names.ofSystem('zone').map((each) => told(each, CompletionItemKind.Module)), orExpression: false };
  if (place === 'nodes') {
    const snippet = { insertText: 'any($1)', insertTextFormat: InsertTextFormat.Snippet };
    return { items: [{ ...told(anyOf, CompletionItemKind.Function), ...snippet, sortText: '1any' }], orExpression: true };
  }
  if (place !== 'behavior') return null;
  const builtIn = Object.keys(behaviors).map((name) => told(behaviorDeclaration(name), CompletionItemKind.EnumMember));
  return { items: [...names.ofFile('adversary').map((each) => told(each, CompletionItemKind.Class)), ...builtIn], orExpression: false };
}

/** A declaration as an item. */
export function told({ name, detail, documentation }: Declaration, kind: CompletionItemKind): CompletionItem {
  return {
    label: name,
    kind,
    detail: detail || undefined,
    documentation: documentation ? { kind: 'markdown', value: documentation } : undefined,
    sortText: `00${name}`,
  };
}
