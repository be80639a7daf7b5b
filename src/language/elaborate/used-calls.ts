import type { Span } from '../../base/source.ts';
import type { Expression, Statement } from '../../model/code.ts';
import type { CallService, Expression as ExpressionNode } from '../generated/ast.ts';
import { nameSpanOf, spanOf, spanOfProperty } from '../syntax.ts';
import { convert } from '../types/convert.ts';
import type { SignatureSymbol, UseSymbol } from '../types/environment.ts';
import { CALL, isError, NODE, typeToString } from '../types/type.ts';
import { elaborateArguments } from './arguments.ts';
import type { Elaboration } from './context.ts';
import { elaborateValue, inferExpression } from './expressions.ts';
import { declareLocal } from './locals.ts';
import { nearest, type Scope } from './scope.ts';
import { mayAct } from './sending.ts';

/** The use of that name in force here; null (and reported) where there is none. */
export function useHere(name: string, span: Span, scope: Scope, context: Elaboration): UseSymbol | null {
  const use = scope.find(name)?.uses;
  if (use) {
    context.use(span, use.declaration);
    return use;
  }
  const elsewhere = scope.environment?.uses.get(name);
  const suggestion = elsewhere ? null : nearest(name, scope.environment?.uses.keys() ?? []);
  if (elsewhere) {
    context.use(span, elsewhere.declaration);
    context.error('DS1014', span, `\`${name}\` is used by the role \`${elsewhere.role}\``, {
      help: 'declare it outside of the roles, or another one in this role',
      labels: [{ span: elsewhere.declaration.nameSpan, message: 'declared here' }],
    });
  } else {
    context.error('DS1001', span, `there is no \`${name}\` here`, {
      help: suggestion ? `did you mean \`${suggestion}\`?` : `name the protocol: \`uses ${name}: Protocol\``,
      fixes: suggestion ? [{ title: `Change to \`${suggestion}\``, edits: [{ span, text: suggestion }] }] : [],
    });
  }
  return null;
}

/** `call log.Submit(x) to node as c`: an operation of a protocol that is used. */
export function elaborateCall(node: CallService, scope: Scope, context: Elaboration): Statement | null {
  const span = spanOf(node);
  if (!node.operation || !mayAct('calls an operation', span, scope, context)) return null;
  const called = calledOperation(node.operation, scope, context);
  const target = node.target ? elaborateTarget(node.target, scope, context) : null;
  const statement: Statement | null = called && {
    kind: 'call-used',
    use: called.use.name,
    operation: called.operation.name,
    arguments: called.values,
    target,
    variable: node.variable?.name ?? null,
    span,
  };
  if (called && !node.target) called.use.local ??= span;
  if (node.variable?.name) declareLocal(node.variable, CALL, 'call', scope, context);
  return node.target && !target ? null : statement;
}

interface Called {
  readonly use: UseSymbol;
  readonly operation: SignatureSymbol;
  readonly values: Expression[];
}

function calledOperation(node: ExpressionNode, scope: Scope, context: Elaboration): Called | null {
  if (node.$type !== 'Member' || node.receiver?.$type !== 'NameUse') {
    const own = node.$type === 'NameUse' ? scope.environment?.operations.get(node.name) : undefined;
    if (own) context.use(nameSpanOf(node), own.declaration);
    context.error('DS1016', spanOf(node), 'an operation of a protocol that is used is expected here', {
      help: own
        ? 'a protocol does not call itself: put the work into a `fun`'
        : 'write `call name.Operation(…)`, with `uses name: Protocol` above',
    });
    if (node.$type === 'NameUse') checkArguments(node.arguments?.items ?? [], scope, context);
    return null;
  }
  const use = useHere(node.receiver.name, nameSpanOf(node.receiver), scope, context);
  const operation = use?.protocol?.environment.operations.get(node.member);
  const memberSpan = spanOfProperty(node, 'member');
  if (!use?.protocol || !operation) {
    if (use?.protocol) {
      const { environment } = use.protocol;
      const suggestion = nearest(node.member, environment.operations.keys());
      const known = [...environment.operations.keys()].map((name) => `\`${name}\``).join(', ');
      context.error('DS1016', memberSpan, `\`${environment.name}\` has no operation \`${node.member}\``, {
        help: suggestion ? `did you mean \`${suggestion}\`?` : known ? `its operations are ${known}` : 'it has no operations at all',
        fixes: suggestion ? [{ title: `Change to \`${suggestion}\``, edits: [{ span: memberSpan, text: suggestion }] }] : [],
      });
    }
    checkArguments(node.arguments?.items ?? [], scope, context);
    return null;
  }
  context.use(memberSpan, operation.declaration);
  const parameters = operation.fields.map(({ name, type, declaration }) => ({ name, type, required: true, declaration }));
  const what = `operation \`${use.name}.${node.member}\``;
  const values = elaborateArguments(parameters, node.arguments, what, memberSpan, scope, context);
  return values && { use, operation, values: values as Expression[] };
}

/** Names in the arguments of what is not known are checked all the same. */
function checkArguments(items: readonly { readonly value?: ExpressionNode }[], scope: Scope, context: Elaboration): void {
  for (const { value } of items) if (value) inferExpression(value, null, scope, context);
}

function elaborateTarget(node: ExpressionNode, scope: Scope, context: Elaboration): Expression | null {
  const target = elaborateValue(node, null, scope, context);
  const { type } = target;
  if (isError(type)) return null;
  if (type.kind === 'Node') return target;
  if (type.kind === 'Optional' && type.of.kind === 'Node') convert(target, NODE, context);
  else {
    context.error('DS1022', target.span, `an operation is called on one node, but this is ${typeToString(type)}`, {
      ...(type.kind === 'Set' || type.kind === 'List' ? { help: 'call it in a loop: `for p in … { call log.Submit(x) to p as c }`' } : {}),
    });
  }
  return null;
}
