import type { AstNode } from 'langium';
import type { Expression } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import { nameSpanOf, spanOf } from '../syntax.ts';
import { typeToString } from '../types/type.ts';
import type { Declaration, DeclarationKind, Elaboration } from './context.ts';
import { narrowed } from './narrowing.ts';
import type { NamedSymbol, Scope } from './scope.ts';
import { refuseArguments } from './symbols.ts';

const hidden: ReadonlySet<DeclarationKind> = new Set([
  'local',
  'state',
  'parameter',
  'constant',
  'quorum',
  'role',
  'group',
  'zone',
  'uses',
]);
const kindWords: Partial<Record<DeclarationKind, string>> = {
  local: 'a local',
  state: 'a state variable',
  parameter: 'a parameter',
  constant: 'a constant',
  quorum: 'a quorum',
  role: 'a role',
  group: 'a node group',
  zone: 'a zone',
  uses: 'a protocol that is used',
};

/**
 * Declares a local variable of a body. It may hide no other variable: two things of one name in sight of each other are
 * misread. `what` is for the hover: "handled message", "a lambda's parameter".
 */
export function declareLocal(
  node: AstNode & { name: string },
  type: Type,
  what: string,
  scope: Scope,
  context: Elaboration,
  assignable = false,
): Declaration {
  const span = nameSpanOf(node);
  const declaration: Declaration = {
    kind: 'local',
    name: node.name,
    uri: context.uri,
    span: spanOf(node),
    nameSpan: span,
    documentation: '',
    detail: `${node.name}: ${typeToString(type)} (${what})`,
    type,
  };
  context.declarations.push(declaration);
  context.hover(span, type);
  const earlier = scope.find(node.name);
  if (earlier && !earlier.given && hidden.has(earlier.declaration.kind)) {
    const word = kindWords[earlier.declaration.kind] ?? 'a name';
    context.error('DS1010', span, `\`${node.name}\` hides ${word} of the same name`, {
      why: 'a reader could not tell which of the two is meant',
      help: 'choose another name',
      labels: earlier.declaration.uri ? [{ span: earlier.declaration.nameSpan, message: `${word} here` }] : [],
    });
  }
  scope.body?.forget(node.name);
  scope.declare(localSymbol(declaration, type, assignable));
  return declaration;
}

function localSymbol(declaration: Declaration, type: Type, assignable: boolean): NamedSymbol {
  return {
    name: declaration.name,
    declaration,
    callable: false,
    ...(assignable ? { assignable: { root: { kind: 'local', name: declaration.name }, type } } : {}),
    use(site): Expression {
      const expression: Expression = { kind: 'local', name: declaration.name, type, span: site.span };
      return refuseArguments(site, typeToString(type)) ?? narrowed(expression, site.scope);
    },
  };
}
