import type { Span } from '../../base/source.ts';
import type { Expression } from '../../model/code.ts';
import type { AttributeCode } from '../../model/system-code.ts';
import type { Argument, Attribute, Attributes, Expression as ExpressionNode, NameUse } from '../generated/ast.ts';
import { nameSpanOf, spanOf } from '../syntax.ts';
import { convert } from '../types/convert.ts';
import { listOf, REAL, STRING } from '../types/type.ts';
import { elaborateArguments, type FormalParameter } from './arguments.ts';
import { type AttributeRule, attributeDeclaration, bursty } from './attribute-rules.ts';
import { type Elaboration, errorExpression, givenDeclaration } from './context.ts';
import { elaborateExpression, inferExpression } from './expressions.ts';
import { elaborateSchedule } from './schedule.ts';
import { nearest, type Scope } from './scope.ts';

/** Checks attributes against those known in their place. `what` names the owner in messages: "a node group". */
export function elaborateAttributes(
  node: Attributes | undefined,
  rules: readonly AttributeRule[],
  what: string,
  owner: Span,
  scope: Scope,
  context: Elaboration,
): AttributeCode[] {
  return elaborateNamedValues(node?.items ?? [], rules, what, owner, scope, context);
}

/** The same for named arguments, which look alike. */
export function elaborateNamedValues(
  items: readonly (Attribute | Argument)[],
  rules: readonly AttributeRule[],
  what: string,
  owner: Span,
  scope: Scope,
  context: Elaboration,
): AttributeCode[] {
  const found = new Map<string, AttributeCode>();
  for (const item of items) {
    const name = item.name ?? '';
    const nameSpan = nameSpanOf(item);
    const rule = rules.find((candidate) => candidate.name === name);
    if (!rule) {
      unknownAttribute(name, nameSpan, rules, what, context);
      inferExpression(item.value, null, scope, context);
      continue;
    }
    const earlier = found.get(name);
    if (earlier) {
      context.error('DS1213', nameSpan, `\`${name}\` is given twice`, { labels: [{ span: earlier.span, message: 'first here' }] });
      continue;
    }
    context.use(nameSpan, attributeDeclaration(rule));
    if (rule.type === 'loss' && item.value.$type === 'NameUse' && item.value.name === 'bursty' && !scope.find('bursty')) {
      for (const part of elaborateBursts(item.value, scope, context)) found.set(part.name, part);
      continue;
    }
    if (rule.type === 'schedule') {
      for (const each of elaborateSchedule(item, scope, context)) found.set(each.name, each);
      continue;
    }
    // The name of a message is known to the action alone, which has read it.
    if (rule.type === 'message') continue;
    found.set(name, { name, value: elaborateRuleValue(item.value, rule.type, rule.name, scope, context), span: spanOf(item) });
  }
  for (const rule of rules) {
    if (!rule.required || found.has(rule.name)) continue;
    context.error('DS1214', owner, `${what} needs a \`${rule.name}\``, {
      why: rule.documentation,
      help: `add \`${rule.name}: …\` in parentheses`,
    });
  }
  return [...found.values()];
}

function elaborateRuleValue(
  node: ExpressionNode,
  type: Exclude<AttributeRule['type'], 'schedule' | 'message'>,
  name: string,
  scope: Scope,
  context: Elaboration,
): Expression {
  if (type === 'numbers') {
    if (node.$type === 'ListLiteral') return elaborateExpression(node, listOf(REAL), scope, context);
    const value = inferExpression(node, REAL, scope, context);
    return value.type.kind === 'List'
      ? convert(value, value.type.of.kind === 'Int' ? value.type : listOf(REAL), context)
      : convert(value, REAL, context);
  }
  if (type === 'loss') return elaborateExpression(node, REAL, scope, context);
  if ('words' in type) return elaborateWord(node, name, type.words, context);
  return elaborateExpression(node, type, scope, context);
}

const BURSTS: readonly FormalParameter[] = [
  { name: 'share', type: REAL, required: true },
  { name: 'length', type: REAL, required: true },
];

/** `bursty(share, length: messages)` as two attributes: `loss` and the `length` of a burst. */
function elaborateBursts(node: NameUse, scope: Scope, context: Elaboration): AttributeCode[] {
  context.use(nameSpanOf(node), bursty);
  const values = elaborateArguments(BURSTS, node.arguments, '`bursty`', spanOf(node), scope, context);
  const [loss, length] = values ?? [];
  return loss && length
    ? [
        { name: 'loss', value: loss, span: spanOf(node) },
        { name: 'length', value: length, span: spanOf(node) },
      ]
    : [];
}

/** One of a few words, written bare: `side: send`. */
function elaborateWord(node: ExpressionNode, name: string, words: Readonly<Record<string, string>>, context: Elaboration): Expression {
  const span = spanOf(node);
  const word = wordOf(node);
  if (word !== undefined && Object.hasOwn(words, word)) {
    context.use(span, givenDeclaration(word, `${name}: ${word}`, words[word] ?? ''));
    return { kind: 'literal', value: word, type: STRING, span };
  }
  const known = Object.keys(words);
  const near = word === undefined ? null : nearest(word, known);
  context.error('DS1215', span, `\`${name}\` is one of ${known.map((each) => `\`${each}\``).join(', ')}`, {
    help: near ? `did you mean \`${near}\`?` : 'write one of these words',
    fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span, text: near }], preferred: true }] : [],
  });
  return errorExpression(span);
}

function wordOf(node: ExpressionNode): string | undefined {
  if (node.$type === 'NoneLiteral') return 'none';
  if (node.$type === 'StringLiteral') return node.value;
  return node.$type === 'NameUse' && !node.arguments ? node.name : undefined;
}

function unknownAttribute(name: string, span: Span, rules: readonly AttributeRule[], what: string, context: Elaboration): void {
  const names = rules.map((rule) => rule.name);
  const near = nearest(name, names);
  const known = names.length > 0 ? `it has ${names.map((each) => `\`${each}\``).join(', ')}` : 'it has none';
  context.error('DS1212', span, `${what} has no \`${name}\``, {
    help: near ? `did you mean \`${near}\`?` : known,
    fixes: near ? [{ title: `Change to \`${near}\``, edits: [{ span, text: near }], preferred: true }] : [],
  });
}
