import type { Span } from '../../base/source.ts';
import type { Expression, UseCode } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import type { Member, NameUse, Uses } from '../generated/ast.ts';
import { nameSpanOf, spanOf, spanOfProperty } from '../syntax.ts';
import type { Environment, FieldSymbol, SignatureSymbol, UseSymbol } from '../types/environment.ts';
import { CALL, NODES, QUORUM } from '../types/type.ts';
import { type Declaration, type Elaboration, errorExpression, givenDeclaration } from './context.ts';
import { enumMember, recordSymbol } from './declared-types.ts';
import { narrowed } from './narrowing.ts';
import type { ElaboratedProtocol } from './protocol.ts';
import { type NamedSymbol, nearest, type Scope, type Setting } from './scope.ts';
import { noteEffect } from './symbols.ts';

/** Finds the protocol that a `uses` names, and reports where there is none. */
export type ResolveUse = (node: Uses) => ElaboratedProtocol | null;

/** A use as a name: `log.term`. It stands for nothing by itself. */
export function useSymbol(use: UseSymbol): NamedSymbol {
  return {
    name: use.name,
    declaration: use.declaration,
    callable: false,
    uses: use,
    use({ span, context }) {
      context.error('DS1015', span, `\`${use.name}\` is a protocol that is used, not a value`, {
        help: `name something of it: \`${use.name}.state\`, \`call ${use.name}.Operation(…)\`, \`on e: ${use.name}.Event\``,
      });
      return errorExpression(span);
    },
  };
}

/** A use as code, once all of its protocol has been elaborated. */
export function useCode({ name, role, declaration, protocol, local, single }: UseSymbol): UseCode | null {
  if (!protocol) return null;
  const { span, nameSpan } = declaration;
  return { name, protocol: protocol.code.name, role, local, single, span, nameSpan };
}

/** A protocol, and all that it uses directly or not. */
export function withUsed(protocol: ElaboratedProtocol): readonly ElaboratedProtocol[] {
  const found = new Set([protocol]);
  for (const each of found) for (const { protocol: used } of each.environment.uses.values()) if (used) found.add(used);
  return [...found];
}

/** Settings that run at a node, so that what it is bound to is known. */
const atNode: ReadonlySet<Setting> = new Set(['handler', 'function', 'initial']);

function noteUse(use: UseSymbol, span: Span, scope: Scope): void {
  use.local ??= span;
  if (atNode.has(scope.setting)) noteEffect(scope, `reads \`${use.name}\``, span);
  else use.single ??= span;
}

/** The use that a name without arguments stands for here. */
export function useNamed(node: NameUse, scope: Scope): UseSymbol | null {
  return node.arguments ? null : (scope.find(node.name)?.uses ?? null);
}

/**
 * `log.term`, `log.Entry(…)`, `log.Role.Leader`; null where the receiver is no protocol that is used. What stands before the
 * last dot is not elaborated otherwise.
 */
export function elaborateUsedMember(node: Member, scope: Scope, context: Elaboration): Expression | null {
  const { receiver } = node;
  if (receiver?.$type === 'NameUse') {
    const use = useNamed(receiver, scope);
    if (!use) return null;
    context.use(nameSpanOf(receiver), use.declaration);
    return memberOf(use, node, scope, context);
  }
  if (receiver?.$type !== 'Member' || receiver.arguments || receiver.receiver?.$type !== 'NameUse') return null;
  const use = useNamed(receiver.receiver, scope);
  const symbol = use?.protocol?.environment.types.enums.get(`${use.protocol.code.name}.${receiver.member}`);
  if (!use || !symbol) return null;
  context.use(nameSpanOf(receiver.receiver), use.declaration);
  context.use(spanOfProperty(receiver, 'member'), symbol.declaration);
  return enumMember(symbol, node.member, spanOfProperty(node, 'member'), spanOf(node), context);
}

function memberOf(use: UseSymbol, node: Member, scope: Scope, context: Elaboration): Expression {
  const span = spanOf(node);
  const { protocol } = use;
  if (!protocol) return errorExpression(span);
  const { member } = node;
  const memberSpan = spanOfProperty(node, 'member');
  const { environment } = protocol;
  const record = environment.types.records.get(`${protocol.code.name}.${member}`);
  if (record) {
    context.use(memberSpan, record.declaration);
    const made = { $type: 'NameUse', name: member, arguments: node.arguments } as NameUse;
    return { ...recordSymbol(record).use({ node: made, span: memberSpan, expected: null, scope, context, whole: span }), span };
  }
  const value = usedValue(use, protocol, member, memberSpan, span, scope, context);
  if (!value) return reportNoValue(use, protocol, member, memberSpan, span, context);
  context.use(memberSpan, value.declaration);
  if (node.arguments) {
    context.error('DS1012', memberSpan, `\`${use.name}.${member}\` is a value and cannot be called`);
    return errorExpression(span);
  }
  if (value.expression) context.hover(memberSpan, value.expression.type);
  return value.expression ?? errorExpression(span);
}

interface UsedValue {
  readonly declaration: Declaration;
  /** Null where it cannot be read here (reported). */
  readonly expression: Expression | null;
}

const membersDeclaration = givenDeclaration(
  'members',
  'members: Set<Node>',
  'The members of the deployment that the node is bound to.',
  NODES,
);

/** What has a value: state, parameters, quorums, the members and roles. */
function usedValue(
  use: UseSymbol,
  protocol: ElaboratedProtocol,
  member: string,
  memberSpan: Span,
  span: Span,
  scope: Scope,
  context: Elaboration,
): UsedValue | null {
  const { environment } = protocol;
  const name = `${use.name}.${member}`;
  const state = environment.state.get(member);
  if (state) {
    if (scope.setting === 'handler' || scope.setting === 'function') {
      noteUse(use, span, scope);
      const expression: Expression = { kind: 'state', name, type: state.type, span };
      return { declaration: state.declaration, expression: narrowed(expression, scope) };
    }
    const help =
      scope.setting === 'property' ? `write \`m.${name}\` for a node m: \`forall m in members: … m.${name} …\`` : 'read it in a handler';
    context.error('DS1014', memberSpan, `every node has a \`${name}\` of its own, and none is meant here`, { help });
    return { declaration: state.declaration, expression: null };
  }
  const parameter = environment.parameters.get(member);
  const quorum = protocol.code.quorums.some((each) => each.name === member) ? protocol.names.get(member) : undefined;
  const role = environment.roles.get(member) ?? (member === 'members' ? membersDeclaration : undefined);
  const declaration = parameter?.declaration ?? quorum ?? role;
  if (!declaration) return null;
  noteUse(use, span, scope);
  const expression: Expression = parameter
    ? { kind: 'parameter', name, type: parameter.type, span }
    : quorum
      ? { kind: 'quorum', name, type: QUORUM, span }
      : { kind: 'role', name, type: NODES, span };
  return { declaration, expression: narrowed(expression, scope) };
}

function reportNoValue(
  use: UseSymbol,
  protocol: ElaboratedProtocol,
  member: string,
  memberSpan: Span,
  span: Span,
  context: Elaboration,
): Expression {
  const { environment, code } = protocol;
  const signature = environment.operations.get(member) ?? environment.events.get(member) ?? environment.messages.get(member);
  const name = `${use.name}.${member}`;
  if (signature) {
    const { declaration } = signature;
    context.use(memberSpan, declaration);
    const help =
      declaration.kind === 'operation'
        ? `call it, \`call ${name}(…) as c\`, and handle the answer: \`on r: ${name}\``
        : declaration.kind === 'event'
          ? `handle it: \`on e: ${name}\``
          : `its messages are for the nodes of \`${code.name}\` alone; call one of its operations`;
    context.error('DS1015', memberSpan, `${declaration.kind} \`${name}\` is no value`, { help });
    return errorExpression(span);
  }
  if (code.functions.some((each) => each.name === member)) {
    context.error('DS1014', memberSpan, `\`${member}\` is a function of \`${code.name}\`, which only its own code may call`, {
      help: 'read its state, or call one of its operations',
    });
    return errorExpression(span);
  }
  const suggestion = nearest(member, readable(protocol));
  context.error('DS1006', memberSpan, `\`${code.name}\` has no \`${member}\` that can be read`, {
    help: suggestion
      ? `did you mean \`${suggestion}\`?`
      : 'its state, parameters, quorums, roles, `members`, records and enums can be named',
    fixes: suggestion ? [{ title: `Change to \`${suggestion}\``, edits: [{ span: memberSpan, text: suggestion }] }] : [],
  });
  return errorExpression(span);
}

/** The names of a used protocol that have a value. */
function readable({ environment, code }: ElaboratedProtocol): string[] {
  const quorums = code.quorums.map(({ name }) => name);
  return [...environment.state.keys(), ...environment.parameters.keys(), ...environment.roles.keys(), ...quorums, 'members'];
}

/** `m.health` of a node m, where `health` is used: the first half of `m.health.alive`. */
export function useOfNode(node: Member, scope: Scope): UseSymbol | null {
  return node.arguments ? null : (scope.environment?.uses.get(node.member) ?? null);
}

/** `m.health.alive`: the state of a used protocol on a node; in properties only. */
export function remoteUsedState(use: UseSymbol, node: Member, object: Expression, scope: Scope, context: Elaboration): Expression {
  const span = spanOf(node);
  const memberSpan = spanOfProperty(node, 'member');
  const { protocol } = use;
  context.use(spanOfProperty(node.receiver as Member, 'member'), use.declaration);
  if (!protocol) return errorExpression(span);
  const state = protocol.environment.state.get(node.member);
  if (!state) {
    const suggestion = nearest(node.member, protocol.environment.state.keys());
    context.error('DS1006', memberSpan, `\`${protocol.code.name}\` has no state variable \`${node.member}\``, {
      help: suggestion ? `did you mean \`${suggestion}\`?` : 'only state variables can be read of a node',
      fixes: suggestion ? [{ title: `Change to \`${suggestion}\``, edits: [{ span: memberSpan, text: suggestion }] }] : [],
    });
    return errorExpression(span);
  }
  context.use(memberSpan, state.declaration);
  context.hover(memberSpan, state.type);
  const name = `${use.name}.${node.member}`;
  if (scope.setting !== 'property') {
    context.error('DS1028', span, "a node cannot read another node's state", {
      why: 'nodes share no memory: what another node knows comes in a message',
      help: `\`${name}\` is that of the node itself`,
    });
    return errorExpression(span);
  }
  use.local ??= span;
  return narrowed({ kind: 'remote-state', node: object, name, type: state.type, span }, scope);
}

const callField: FieldSymbol = {
  name: 'call',
  type: CALL,
  declaration: givenDeclaration('call', 'call: Call', 'The call that is answered, as `call … as c` named it.', CALL),
};

/** What an answer holds: the call, the result where there is one, and what was asked. */
export function answerFields({ fields, result }: Pick<SignatureSymbol, 'fields' | 'result'>): readonly FieldSymbol[] {
  const declaration = givenDeclaration('result', 'result', 'What was answered.', result);
  const own = result.kind === 'Unit' ? [callField] : [callField, { name: 'result', type: result, declaration }];
  return [...own, ...fields.filter((field) => !own.some(({ name }) => name === field.name))];
}

/** The fields of what `on e: health.Suspected` or `on r: log.Submit` handles, by its qualified name. */
export function usedFields(name: string, environment: Environment): readonly FieldSymbol[] {
  const dot = name.indexOf('.');
  const used = environment.uses.get(name.slice(0, dot))?.protocol?.environment;
  const subject = name.slice(dot + 1);
  const event = used?.events.get(subject);
  const operation = used?.operations.get(subject);
  return event?.fields ?? (operation ? answerFields(operation) : []);
}

/** The type of such a variable: a payload that goes by its qualified name. */
export const usedPayload = (use: UseSymbol, subject: string): Type => ({ kind: 'Event', name: `${use.name}.${subject}` });
