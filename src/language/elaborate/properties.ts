import type { ProtocolCode } from '../../model/code.ts';
import type { Always, Binary, Eventually, Invariant } from '../generated/ast.ts';
import { nameSpanOf, spanOf } from '../syntax.ts';
import { BOOL, DURATION } from '../types/type.ts';
import type { Declaration, DeclarationKind, Elaboration } from './context.ts';
import { elaborateExpression } from './expressions.ts';
import { type Names, takeName } from './members.ts';
import type { Scope, Setting } from './scope.ts';

type PropertyNode = Invariant | Eventually | Always;
type Properties = Pick<ProtocolCode, 'invariants' | 'eventualities' | 'responses' | 'persistences'>;

const kinds = {
  Invariant: { kind: 'invariant', word: 'invariant' },
  Eventually: { kind: 'eventuality', word: 'eventually' },
  Always: { kind: 'persistence', word: 'always' },
} as const satisfies Record<PropertyNode['$type'], { readonly kind: DeclarationKind; readonly word: string }>;

/**
 * The properties of a protocol, in declared order by kind. `pure` gives a scope in which nothing is sent or assigned; `known`
 * gets their names.
 */
export function elaborateProperties(
  placed: readonly { readonly node: PropertyNode; readonly scope: Scope }[],
  pure: (setting: Setting, scope: Scope) => Scope,
  known: Map<string, Declaration>,
  context: Elaboration,
): Properties {
  const invariants: Properties['invariants'][number][] = [];
  const eventualities: Properties['eventualities'][number][] = [];
  const responses: Properties['responses'][number][] = [];
  const persistences: Properties['persistences'][number][] = [];
  for (const { node, scope } of placed) {
    const time = timeOf(node);
    const length = time ? elaborateExpression(time, DURATION, pure('constant', scope), context) : null;
    const response = node.$type === 'Eventually' ? responseOf(node) : null;
    const property = elaborateProperty(node, response, pure('property', scope), known, context);
    if (!property) continue;
    if (node.$type === 'Invariant') invariants.push(property);
    else if (node.$type === 'Always') persistences.push({ ...property, after: length });
    else if (response) responses.push({ ...property, within: length });
    else eventualities.push({ ...property, within: length });
  }
  return { invariants, eventualities, responses, persistences };
}

function timeOf(node: PropertyNode): Eventually['deadline'] | null {
  return node.$type === 'Eventually' ? node.deadline : node.$type === 'Always' ? node.grace : null;
}

function elaborateProperty(
  node: PropertyNode,
  response: Binary | null,
  scope: Scope,
  known: Map<string, Declaration>,
  context: Elaboration,
): Properties['invariants'][number] | null {
  const { kind, word } = kinds[node.$type];
  const declaration = context.declare(kind, node, `${word} ${node.name}`);
  const earlier = known.get(node.name);
  if (earlier) takeName(new Map([[node.name, earlier]]) satisfies Names, declaration, context);
  else known.set(node.name, declaration);
  if (!node.condition) return null;
  context.response = response;
  const condition = elaborateExpression(node.condition, BOOL, scope, context);
  context.response = null;
  const text = context.textOf(spanOf(node.condition));
  const { documentation } = declaration;
  return { name: node.name, condition, text, span: spanOf(node), nameSpan: nameSpanOf(node), documentation };
}

/** The `leads_to` of an `eventually`, with only `forall`s and parentheses around it. */
function responseOf(node: Eventually): Binary | null {
  let inner = node.condition;
  for (;;) {
    if (inner?.$type === 'Parenthesized') inner = inner.value;
    else if (inner?.$type === 'Quantifier' && inner.kind === 'forall') inner = inner.body;
    else break;
  }
  return inner?.$type === 'Binary' && inner.operator === 'leads_to' ? inner : null;
}
