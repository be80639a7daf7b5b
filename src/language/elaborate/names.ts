import type { Span } from '../../base/source.ts';
import type { Expression } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import type { Index, Member, NameUse } from '../generated/ast.ts';
import { nameSpanOf, spanOf, spanOfProperty } from '../syntax.ts';
import { convert } from '../types/convert.ts';
import type { FieldSymbol } from '../types/environment.ts';
import { ERROR, INT, isError, isNodeSet, listOf, NODE, sameType, shortName, typeToString } from '../types/type.ts';
import { elaborateArguments } from './arguments.ts';
import { type Elaboration, errorExpression } from './context.ts';
import { enumMember } from './declared-types.ts';
import { elaborateExpression, inferExpression } from './expressions.ts';
import { elaborateMethod, methodNames } from './methods.ts';
import { narrowed } from './narrowing.ts';
import { nearest, type Scope } from './scope.ts';
import { noteEffect } from './symbols.ts';
import { elaborateUsedMember, remoteUsedState, usedFields, useOfNode } from './used.ts';

/** A name, with or without arguments. */
export function elaborateName(node: NameUse, expected: Type | null, scope: Scope, context: Elaboration): Expression {
  const span = nameSpanOf(node);
  const symbol = scope.find(node.name, node.arguments !== undefined);
  if (!symbol) return unknownName(node, span, scope, context);
  context.use(span, symbol.declaration);
  const expression = symbol.use({ node, span, expected, scope, context });
  context.hover(span, expression.type);
  // The whole call is what the expression's text is; a bare name is its own span.
  return node.arguments ? { ...expression, span: spanOf(node) } : expression;
}

function unknownName(node: NameUse, span: Span, scope: Scope, context: Elaboration): Expression {
  const { name } = node;
  const { environment } = scope;
  const message = environment?.messages.get(name);
  const event = environment?.events.get(name);
  const operation = environment?.operations.get(name);
  const declared = message ?? event ?? operation;
  // Names within the arguments are checked all the same.
  for (const item of node.arguments?.items ?? []) if (item.value) inferExpression(item.value, null, scope, context);
  if (declared) {
    context.use(span, declared.declaration);
    const help = message
      ? `a message is made where it is sent: \`send ${name}(…) to p\`, \`broadcast ${name}(…)\`, \`reply ${name}(…)\``
      : event
        ? `an event is made where it is emitted: \`emit ${name}(…)\``
        : 'an operation is called by a workload of a system';
    context.error('DS1015', span, `${message ? 'message' : event ? 'event' : 'operation'} \`${name}\` is no value`, { help });
    return errorExpression(spanOf(node));
  }
  const timer = environment?.timers.get(name);
  if (timer) {
    context.use(span, timer.declaration);
    context.error('DS1015', span, `timer \`${name}\` is no value`, { help: `write \`set ${name} after …\` or \`cancel ${name}\`` });
    return errorExpression(spanOf(node));
  }
  const elsewhere = environment?.state.get(name);
  if (elsewhere?.role) {
    context.use(span, elsewhere.declaration);
    context.error('DS1014', span, `\`${name}\` is state of the role \`${elsewhere.role}\``, {
      why: 'a node reads the state of its own role and of the protocol around, no more',
      help: 'let a message carry it, or declare it outside of the roles',
      labels: [{ span: elsewhere.declaration.nameSpan, message: 'declared here' }],
    });
    return errorExpression(spanOf(node));
  }
  const suggestion = scope.suggest(name) ?? foreignNames.get(name.toLowerCase()) ?? null;
  context.error('DS1001', span, `there is no \`${name}\` here`, {
    help: suggestion ? `did you mean \`${suggestion}\`?` : node.arguments ? 'declare it as a `fun`' : 'declare it, or check its spelling',
    fixes: suggestion ? [{ title: `Change to \`${suggestion}\``, edits: [{ span, text: suggestion }] }] : [],
  });
  return errorExpression(spanOf(node));
}

/** What other languages and papers call our names. */
const foreignNames = new Map([
  ['null', 'none'],
  ['nil', 'none'],
  ['undefined', 'none'],
  ['this', 'self'],
  ['me', 'self'],
  ['others', 'peers'],
  ['nodes', 'members'],
  ['time', 'now'],
  ['rand', 'random'],
]);

/** `receiver.member` and `receiver.member(…)`: an enum's member, a field, a method, another node's state. */
export function elaborateMember(node: Member, expected: Type | null, scope: Scope, context: Elaboration): Expression {
  const memberSpan = spanOfProperty(node, 'member');
  const { receiver, member } = node;
  if (!receiver) return errorExpression(spanOf(node));
  if (receiver.$type === 'NameUse' && !receiver.arguments) {
    const span = nameSpanOf(receiver);
    const symbol = scope.find(receiver.name);
    if (symbol?.member) {
      context.use(span, symbol.declaration);
      return symbol.member(member, { node: receiver, span, expected, scope, context }, memberSpan);
    }
    // An argument of a protocol may be of an enum that only the protocol has in scope: `run Proxy(strategy: Strategy.Random)`.
    const wanted = expected?.kind === 'Optional' ? expected.of : expected;
    const foreign = wanted?.kind === 'Enum' && shortName(wanted.name) === receiver.name ? context.types.enums.get(wanted.name) : null;
    if (!symbol && foreign) {
      context.use(span, foreign.declaration);
      return enumMember(foreign, member, memberSpan, { uri: context.uri, start: span.start, end: memberSpan.end }, context);
    }
  }
  const used = elaborateUsedMember(node, scope, context);
  if (used) return used;
  const ofNode = receiver.$type === 'Member' && receiver.receiver ? useOfNode(receiver, scope) : null;
  if (ofNode && receiver.$type === 'Member' && receiver.receiver) {
    const inner = inferExpression(receiver.receiver, null, scope, context);
    if (inner.type.kind === 'Node') return remoteUsedState(ofNode, node, inner, scope, context);
    return memberOf(node, memberOf(receiver, inner, null, scope, context), expected, scope, context);
  }
  return memberOf(node, inferExpression(receiver, null, scope, context), expected, scope, context);
}

function memberOf(node: Member, object: Expression, expected: Type | null, scope: Scope, context: Elaboration): Expression {
  const memberSpan = spanOfProperty(node, 'member');
  const { member } = node;
  const field = node.arguments ? null : fieldOf(object, member, scope, context);
  if (field) {
    const span = spanOf(node);
    if (!('name' in field)) return errorExpression(span);
    context.use(memberSpan, field.declaration);
    context.hover(memberSpan, field.type);
    return narrowed({ kind: 'field', object, name: member, type: field.type, span }, scope);
  }
  if (object.type.kind === 'Node' && !node.arguments) return remoteState(node, object, memberSpan, scope, context);
  const expression = elaborateMethod(node, object, memberSpan, expected, scope, context);
  if (expression) {
    context.hover(memberSpan, expression.type);
    return expression;
  }
  reportUnknownMember(object.type, member, memberSpan, scope, context);
  return errorExpression(spanOf(node));
}

/** The fields that a value of the type has. */
export function fieldsOf(type: Type, scope: Scope, context: Elaboration): readonly FieldSymbol[] {
  const { environment } = scope;
  switch (type.kind) {
    case 'Record':
      return context.types.records.get(type.name)?.fields ?? environment?.types.records.get(type.name)?.fields ?? [];
    case 'Message':
      return environment?.messages.get(type.name)?.fields ?? [];
    case 'Operation':
      return environment?.operations.get(type.name)?.fields ?? [];
    case 'Event':
      return environment?.events.get(type.name)?.fields ?? (environment ? usedFields(type.name, environment) : []);
    case 'Call':
      return [...(environment?.operations.values() ?? [])].flatMap((operation) => operation.fields);
    default:
      return [];
  }
}

/** The field of that name; an object without `name` when its mistake has been reported; null when there is none. */
function fieldOf(object: Expression, name: string, scope: Scope, context: Elaboration): FieldSymbol | { readonly wrong: true } | null {
  const { type } = object;
  if (type.kind === 'Error') return { wrong: true };
  const found = fieldsOf(type, scope, context).filter((field) => field.name === name);
  const [first] = found;
  if (first && found.some((field) => !sameType(field.type, first.type))) {
    context.error(
      'DS1006',
      object.span,
      `operations of this protocol have different types for \`${name}\`, and a Call may be any of them`,
      {
        help: 'read the field in the handler, where the operation is known, and keep what it says beside the call',
      },
    );
    return { wrong: true };
  }
  if (first) return first;
  if (type.kind === 'Optional' && fieldsOf(type.of, scope, context).some((field) => field.name === name)) {
    convert(object, type.of, context);
    return { wrong: true };
  }
  return null;
}

/** `m.term`: the state of a node, which properties may read, and adversaries where the node lies too. */
function remoteState(node: Member, object: Expression, memberSpan: Span, scope: Scope, context: Elaboration): Expression {
  const span = spanOf(node);
  const { revealed } = scope;
  const state = revealed?.get(node.member) ?? scope.environment?.state.get(node.member);
  if (!state) {
    const suggestion = nearest(node.member, [...(revealed?.keys() ?? []), ...(scope.environment?.state.keys() ?? [])]);
    context.error('DS1006', memberSpan, `nodes have no state variable \`${node.member}\``, {
      help: suggestion ? `did you mean \`${suggestion}\`?` : 'only state variables can be read of a node',
      fixes: suggestion ? [{ title: `Change to \`${suggestion}\``, edits: [{ span: memberSpan, text: suggestion }] }] : [],
    });
    return errorExpression(span);
  }
  context.use(memberSpan, state.declaration);
  context.hover(memberSpan, state.type);
  if (scope.setting === 'property') {
    return narrowed({ kind: 'remote-state', node: object, name: state.name, type: state.type, span }, scope);
  }
  const own = object.kind === 'given' && object.name === 'self';
  if (revealed && !own && (scope.setting === 'handler' || scope.setting === 'function')) {
    noteEffect(scope, `reads the state variable \`${state.name}\``, span);
    return narrowed({ kind: 'remote-state', node: object, name: state.name, type: state.type, span }, scope);
  }
  context.error('DS1028', span, own ? 'own state is read by its name alone' : "a node cannot read another node's state", {
    ...(own ? {} : { why: 'nodes share no memory: what another node knows comes in a message' }),
    help: own ? `write \`${state.name}\`` : 'let the other node send it; only invariants and `eventually` look at all nodes at once',
    fixes: own ? [{ title: `Write \`${state.name}\``, edits: [{ span, text: state.name }], preferred: true }] : [],
  });
  return errorExpression(span);
}

function reportUnknownMember(type: Type, member: string, span: Span, scope: Scope, context: Elaboration): void {
  if (isError(type)) return;
  const fields = fieldsOf(type, scope, context).map((field) => field.name);
  const suggestion = nearest(member, [...fields, ...methodNames(type)]) ?? foreignMembers.get(member) ?? null;
  const what =
    type.kind === 'Message' ? `message \`${type.name}\`` : type.kind === 'Record' ? `record \`${typeToString(type)}\`` : typeToString(type);
  const inner = type.kind === 'Optional' ? [...fieldsOf(type.of, scope, context).map((field) => field.name), ...methodNames(type.of)] : [];
  const stateOfNode = type.kind === 'Optional' && type.of.kind === 'Node' && scope.environment?.state.has(member);
  if (inner.includes(member) || stateOfNode) {
    context.error('DS1004', span, `this may be \`none\`: it is ${typeToString(type)}, which has no \`${member}\``, {
      help: 'compare it with `none` first (`if x != none { … }`), or give a value in its place with `.or(…)`',
    });
    return;
  }
  const known = fields.length > 0 ? `its fields are ${fields.map((name) => `\`${name}\``).join(', ')}` : undefined;
  context.error('DS1006', span, `${what} has no \`${member}\``, {
    ...(suggestion ? { help: `did you mean \`${suggestion}\`?` } : known ? { help: known } : {}),
    fixes: suggestion ? [{ title: `Change to \`${suggestion}\``, edits: [{ span, text: suggestion }] }] : [],
  });
}

/** What other languages call our methods. */
const foreignMembers = new Map([
  ['length', 'size'],
  ['len', 'size'],
  ['includes', 'contains'],
  ['has', 'contains'],
  ['exists', 'any'],
  ['some', 'any'],
  ['every', 'all'],
  ['forall', 'all'],
  ['reduce', 'fold'],
  ['isEmpty', 'is_empty'],
  ['toSet', 'to_set'],
  ['toList', 'to_list'],
  ['head', 'first'],
  ['skip', 'drop'],
]);

/** `list[i]`, `map[k]`, `members[i]`, and in systems `replica[i]` and `replica[0..2]`. */
export function elaborateIndex(node: Index, scope: Scope, context: Elaboration): Expression {
  const span = spanOf(node);
  if (!node.receiver || !node.index) return errorExpression(span);
  const object = inferExpression(node.receiver, null, scope, context);
  const { type } = object;
  switch (type.kind) {
    case 'Error':
      inferExpression(node.index, null, scope, context);
      return errorExpression(span);
    case 'List': {
      const index = inferExpression(node.index, INT, scope, context);
      // A slice, both ends included.
      if (index.type.kind === 'Range' && index.type.of.kind === 'Int') return { kind: 'index', object, index, type, span };
      return { kind: 'index', object, index: convert(index, INT, context), type: type.of, span };
    }
    case 'Map':
      return { kind: 'index', object, index: elaborateExpression(node.index, type.key, scope, context), type: type.value, span };
    case 'Set':
      if (object.kind === 'group' || object.kind === 'all-nodes') {
        const index = inferExpression(node.index, null, scope, context);
        if (index.type.kind === 'Range') return { kind: 'index', object, index, type, span };
        return { kind: 'index', object, index: convert(index, INT, context), type: NODE, span };
      }
      if (isNodeSet(type)) {
        const list: Expression = {
          kind: 'method',
          receiver: object,
          method: 'to_list',
          arguments: [],
          type: listOf(NODE),
          span: object.span,
        };
        return { kind: 'index', object: list, index: elaborateExpression(node.index, INT, scope, context), type: NODE, span };
      }
      context.error('DS1005', span, 'a set has no positions', { help: 'sort it into a list first: `s.sorted()[0]`; or ask `x in s`' });
      return errorExpression(span);
    case 'Node':
      if (object.kind === 'group') {
        context.error('DS1005', span, `\`${object.name}\` is a single node`, {
          help: `give the group a size, \`node ${object.name}[1]\`, or leave the index out`,
        });
        return errorExpression(span);
      }
      break;
    case 'Optional':
      if (['List', 'Map'].includes(type.of.kind)) {
        convert(object, type.of, context);
        return errorExpression(span);
      }
      break;
  }
  context.error('DS1005', span, `only lists, maps and node groups have an index, but this is ${typeToString(type)}`);
  return errorExpression(span);
}

/** `r.with(field: value)`: a changed copy of a record. */
export function elaborateWith(node: Member, object: Expression, scope: Scope, context: Elaboration): Expression {
  const span = spanOf(node);
  const fields = fieldsOf(object.type, scope, context);
  const items = node.arguments?.items ?? [];
  for (const item of items) {
    if (item.name !== undefined || !item.value) continue;
    context.error('DS1008', spanOf(item), '`with` takes its values by name', { help: '`r.with(field: value)`' });
    return errorExpression(span);
  }
  if (items.length === 0) {
    context.error('DS1007', span, '`with` is given nothing to change', { help: '`r.with(field: value)`' });
    return errorExpression(span);
  }
  const parameters = fields.map((field) => ({ name: field.name, type: field.type, required: false, declaration: field.declaration }));
  const values = elaborateArguments(parameters, node.arguments, `record \`${typeToString(object.type)}\``, span, scope, context);
  if (!values) return { ...errorExpression(span), type: ERROR };
  const updates = values.flatMap((value, at) => (value ? [{ name: fields[at]!.name, value }] : []));
  return { kind: 'with', object, updates, type: object.type, span };
}
