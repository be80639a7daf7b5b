import type { Span } from '../../base/source.ts';
import type { Expression } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import type { Argument, Expression as ExpressionNode, Member } from '../generated/ast.ts';
import { nameSpanOf, spanOf } from '../syntax.ts';
import { BOOL, isError, listOf, NEVER, optionalOf } from '../types/type.ts';
import { type Elaboration, errorExpression } from './context.ts';
import { asCollection, inferExpression } from './expressions.ts';
import { type MethodCall, type MethodRule, rulesOf } from './method-rules.ts';
import { elaborateWith } from './names.ts';
import { narrowed } from './narrowing.ts';
import type { Scope } from './scope.ts';

/** The methods of a type, for suggestions and completion. */
export function methodNames(type: Type): string[] {
  const own = Object.keys(rulesOf(type));
  if (type.kind === 'Range' && type.of.kind === 'Int') return [...new Set([...own, ...Object.keys(rulesOf(listOf(type.of)))])];
  return type.kind === 'Record' ? [...own, 'with'] : own;
}

/** How a method is called, for hovers and completion: `get(key, default?)`. Null when the type has none of the name. */
export function methodSignature(type: Type, name: string): string | null {
  const rule = Object.hasOwn(rulesOf(type), name) ? rulesOf(type)[name] : undefined;
  return rule ? (rule.parameters.length === 0 ? name : `${name}(${rule.parameters.join(', ')})`) : null;
}

/** A method's use, with or without parentheses; null when the type has no such method. */
export function elaborateMethod(
  node: Member,
  object: Expression,
  memberSpan: Span,
  expected: Type | null,
  scope: Scope,
  context: Elaboration,
): Expression | null {
  const span = spanOf(node);
  const { member } = node;
  if (isError(object.type) && object.type.kind === 'Error') {
    for (const item of node.arguments?.items ?? [])
      if (item.value && item.value.$type !== 'Lambda') inferExpression(item.value, null, scope, context);
    return errorExpression(span);
  }
  if (member === 'with' && object.type.kind === 'Record') return elaborateWith(node, object, scope, context);
  let receiver = object;
  let rules = rulesOf(receiver.type);
  if (!Object.hasOwn(rules, member) && receiver.type.kind === 'Range') {
    receiver = asCollection(receiver);
    rules = rulesOf(receiver.type);
  }
  if (!Object.hasOwn(rules, member)) {
    // `x.or(d)` where x is known to have a value: x.
    if ((member === 'or' || member === 'is_none') && narrowedOptional(object, scope)) return knownValue(node, object, scope, context);
    return null;
  }
  const rule = rules[member]!;
  const nodes = orderArguments(node, rule, memberSpan, context);
  if (!nodes) return errorExpression(span);
  const call: MethodCall = { receiver, of: elementOf(receiver.type), nodes, expected, scope, context, span };
  const checked = rule.check(call);
  if (!checked) return errorExpression(span);
  if (checked.instead) return checked.instead;
  return { kind: 'method', receiver, method: checked.method ?? member, arguments: checked.arguments, type: checked.type, span };
}

function narrowedOptional(object: Expression, scope: Scope): boolean {
  if (object.kind !== 'local' && object.kind !== 'state' && object.kind !== 'parameter' && object.kind !== 'field') return false;
  const open: Expression = { ...object, type: optionalOf(object.type) };
  return narrowed(open, scope) !== open;
}

function knownValue(node: Member, object: Expression, scope: Scope, context: Elaboration): Expression {
  for (const item of node.arguments?.items ?? []) if (item.value) inferExpression(item.value, object.type, scope, context);
  if (node.member === 'is_none') return { kind: 'literal', value: false, type: BOOL, span: spanOf(node) };
  return { ...object, span: spanOf(node) };
}

function elementOf(type: Type): Type {
  switch (type.kind) {
    case 'List':
    case 'Set':
    case 'Range':
    case 'Optional':
    case 'Signed':
      return type.of;
    case 'Map':
      return type.value;
    default:
      return NEVER;
  }
}

/** Arguments in the order of the rule's parameters; null when their number or names are wrong (reported). */
function orderArguments(node: Member, rule: MethodRule, memberSpan: Span, context: Elaboration): ExpressionNode[] | null {
  const items: readonly Argument[] = node.arguments?.items ?? [];
  const required = rule.parameters.filter((name) => !name.endsWith('?')).length;
  const form = `\`.${node.member}(${rule.parameters.join(', ')})\``;
  if (items.length < required || items.length > rule.parameters.length) {
    const wanted = rule.parameters.length === 0 ? 'no arguments' : required === 1 ? 'one argument' : `${required} arguments`;
    context.error(
      'DS1007',
      node.arguments ? spanOf(node.arguments) : memberSpan,
      `\`${node.member}\` takes ${wanted}, but ${items.length === 0 ? 'none is' : `${items.length} are`} given`,
      {
        ...(rule.parameters.length > 0 ? { help: `write ${form}` } : {}),
      },
    );
    return null;
  }
  const ordered: (ExpressionNode | undefined)[] = [];
  for (const [at, item] of items.entries()) {
    const index = item.name === undefined ? at : rule.parameters.findIndex((name) => name.replace('?', '') === item.name);
    if (index < 0 || ordered[index]) {
      context.error(
        'DS1008',
        nameSpanOf(item),
        index < 0 ? `\`${node.member}\` has no \`${item.name}\`` : `\`${item.name}\` is given twice`,
        { help: `write ${form}` },
      );
      return null;
    }
    ordered[index] = item.value;
  }
  return ordered.every((value) => value) ? (ordered as ExpressionNode[]) : null;
}
