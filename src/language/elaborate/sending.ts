import type { Span } from '../../base/source.ts';
import type { Expression, Statement } from '../../model/code.ts';
import type { Type } from '../../model/types.ts';
import type { Broadcast, CancelTimer, Emit, Expression as ExpressionNode, Reply, Send, SetTimer, Sync } from '../generated/ast.ts';
import { nameSpanOf, spanOf, spanOfProperty } from '../syntax.ts';
import { convert, tryConvert } from '../types/convert.ts';
import type { Environment, SignatureSymbol } from '../types/environment.ts';
import { CALL, DURATION, distributionOf, isError, isNodeSet, NODES, typeToString } from '../types/type.ts';
import { elaborateArguments } from './arguments.ts';
import type { Elaboration } from './context.ts';
import { elaborateExpression, elaborateValue, inferExpression } from './expressions.ts';
import { nearest, type Scope } from './scope.ts';
import { noteEffect } from './symbols.ts';

/** Whether a node acts here, so that it may send, set timers and emit; reports it when not. */
export function mayAct(what: string, span: Span, scope: Scope, context: Elaboration): boolean {
  noteEffect(scope, what, span);
  if (scope.setting === 'handler' || scope.setting === 'function') return true;
  context.error('DS1014', span, 'a sequential specification only computes: it sends, sets and emits nothing', {
    help: "answer with `reply`; what nodes do stands in the protocol's handlers",
  });
  return false;
}

interface Payload {
  readonly name: string;
  readonly fields: readonly Expression[];
}

/** A message or event with its fields, as it stands behind `send`, `broadcast`, `reply` and `emit`. */
function elaboratePayload(node: ExpressionNode, kind: 'message' | 'event', scope: Scope, context: Elaboration): Payload | null {
  const { environment } = scope;
  const signatures = (kind === 'message' ? environment?.messages : environment?.events) ?? new Map<string, SignatureSymbol>();
  const signature = node.$type === 'NameUse' ? signatures.get(node.name) : undefined;
  if (node.$type !== 'NameUse' || !signature) {
    const known = node.$type === 'NameUse' ? scope.find(node.name) : null;
    if (node.$type !== 'NameUse' || (known && !known.given)) return forwarded(node, kind, scope, context);
    reportUnknown(node.name, nameSpanOf(node), kind, signatures, scope, context);
    for (const item of node.arguments?.items ?? []) if (item.value) inferExpression(item.value, null, scope, context);
    return null;
  }
  const span = nameSpanOf(node);
  context.use(span, signature.declaration);
  const parameters = signature.fields.map((field) => ({
    name: field.name,
    type: field.type,
    required: true,
    declaration: field.declaration,
  }));
  const fields = elaborateArguments(parameters, node.arguments, `${kind} \`${node.name}\``, span, scope, context);
  return fields && { name: node.name, fields: fields as Expression[] };
}

/** `send m to p`: a message that was received goes on as it is. */
function forwarded(node: ExpressionNode, kind: 'message' | 'event', scope: Scope, context: Elaboration): Payload | null {
  const value = inferExpression(node, null, scope, context);
  const { type } = value;
  if (kind === 'message' && type.kind === 'Message') {
    const fields = scope.environment?.messages.get(type.name)?.fields ?? [];
    return {
      name: type.name,
      fields: fields.map((field) => ({ kind: 'field', object: value, name: field.name, type: field.type, span: value.span })),
    };
  }
  if (!isError(type)) {
    context.error(
      'DS1016',
      value.span,
      `${kind === 'message' ? 'a message' : 'an event'} is expected here, but this is ${typeToString(type)}`,
      {
        help: `declare one, \`${kind} Name(field: Type)\`, and give it the value as a field`,
      },
    );
  }
  return null;
}

function reportUnknown(
  name: string,
  span: Span,
  kind: 'message' | 'event',
  signatures: ReadonlyMap<string, SignatureSymbol>,
  scope: Scope,
  context: Elaboration,
): void {
  const other = kind === 'message' ? scope.environment?.events.get(name) : scope.environment?.messages.get(name);
  const suggestion = nearest(name, signatures.keys());
  const help = other
    ? kind === 'message'
      ? `\`${name}\` is an event: write \`emit ${name}(…)\``
      : `\`${name}\` is a message: send it`
    : suggestion
      ? `did you mean \`${suggestion}\`?`
      : `declare it: \`${kind} ${name}(…)\``;
  context.error(kind === 'message' ? 'DS1016' : 'DS1019', span, `there is no ${kind} \`${name}\``, {
    help,
    fixes: suggestion && !other ? [{ title: `Change to \`${suggestion}\``, edits: [{ span, text: suggestion }] }] : [],
  });
}

export function elaborateSend(node: Send, scope: Scope, context: Elaboration): Statement | null {
  const span = spanOf(node);
  if (!node.message || !node.target || !mayAct('sends messages', span, scope, context)) return null;
  const payload = elaboratePayload(node.message, 'message', scope, context);
  const target = elaborateTarget(node.target, scope, context);
  return payload && target && { kind: 'send', message: payload.name, fields: payload.fields, target, span };
}

function elaborateTarget(node: ExpressionNode, scope: Scope, context: Elaboration): Expression | null {
  const target = elaborateValue(node, null, scope, context);
  const { type } = target;
  if (isError(type)) return null;
  if (type.kind === 'Node' || isNodeSet(type) || (type.kind === 'List' && type.of.kind === 'Node')) return target;
  if ((type.kind === 'Set' || type.kind === 'List') && type.of.kind === 'Never') return tryConvert(target, NODES) ?? target;
  if (type.kind === 'Optional' && (type.of.kind === 'Node' || isNodeSet(type.of))) {
    convert(target, type.of, context);
    return null;
  }
  context.error('DS1022', target.span, `messages are sent to a node or a set of nodes, but this is ${typeToString(type)}`, {
    ...(type.kind === 'Call' || type.kind === 'Operation' ? { help: 'a call is answered with `reply … to`' } : {}),
  });
  return null;
}

export function elaborateBroadcast(node: Broadcast, scope: Scope, context: Elaboration): Statement | null {
  const span = spanOf(node);
  if (!node.message || !mayAct('sends messages', span, scope, context)) return null;
  const payload = elaboratePayload(node.message, 'message', scope, context);
  return payload && { kind: 'broadcast', message: payload.name, fields: payload.fields, span };
}

export function elaborateEmit(node: Emit, scope: Scope, context: Elaboration): Statement | null {
  const span = spanOf(node);
  if (!node.event || !mayAct('emits events', span, scope, context)) return null;
  const payload = elaboratePayload(node.event, 'event', scope, context);
  return payload && { kind: 'emit', event: payload.name, fields: payload.fields, span };
}

/** `reply M(…)` to a message, `reply value` or `reply` to the operation that is handled, `reply value to call`. */
export function elaborateReply(node: Reply, scope: Scope, context: Elaboration): Statement | null {
  const span = spanOf(node);
  noteEffect(scope, 'answers', span);
  if (node.target) {
    const call = elaborateExpression(node.target, CALL, scope, context);
    const value = answerToCall(node, call, scope, context);
    return value === undefined || isError(call.type) ? null : { kind: 'reply-call', call, value, span };
  }
  const answering = scope.body?.answering ?? { kind: 'nothing', because: 'nothing is handled here' };
  switch (answering.kind) {
    case 'message': {
      if (!node.value) {
        context.error('DS1021', span, `a message \`${answering.message}\` is answered with a message`, { help: 'write `reply Name(…)`' });
        return null;
      }
      const payload = elaboratePayload(node.value, 'message', scope, context);
      return payload && { kind: 'reply-message', message: payload.name, fields: payload.fields, span };
    }
    case 'operation': {
      const value = answer(node, answering.operation, answering.result, scope, context);
      const type = { kind: 'Operation', name: answering.operation } as const;
      return value === undefined
        ? null
        : { kind: 'reply-call', call: { kind: 'local', name: answering.variable, type, span }, value, span };
    }
    case 'specification': {
      const value = answer(node, answering.operation, answering.result, scope, context);
      return value === undefined ? null : { kind: 'reply-call', call: { kind: 'local', name: '$call', type: CALL, span }, value, span };
    }
    case 'nothing':
      checkStray(node.value, scope, context);
      context.error('DS1020', span, 'there is nothing to answer here', {
        why: answering.because,
        help: 'keep the call in a variable and write `reply value to call`, or `send` a message to a node',
      });
      return null;
  }
}

/** Checks what an answer to nobody says, be it a message or a value. */
function checkStray(node: ExpressionNode | undefined, scope: Scope, context: Elaboration): void {
  if (!node) return;
  if (node.$type === 'NameUse' && scope.environment?.messages.has(node.name)) elaboratePayload(node, 'message', scope, context);
  else inferExpression(node, null, scope, context);
}

/** The value that answers an operation of this result; undefined when it is wrong (reported). */
function answer(node: Reply, operation: string, result: Type, scope: Scope, context: Elaboration): Expression | null | undefined {
  if (result.kind === 'Unit') {
    if (!node.value) return null;
    elaborateValue(node.value, null, scope, context);
    context.error('DS1021', spanOf(node.value), `operation \`${operation}\` has no result`, {
      help: `write \`reply\` alone, or give the operation a result: \`operation ${operation}(…): Int\``,
    });
    return undefined;
  }
  if (!node.value) {
    context.error('DS1021', spanOf(node), `operation \`${operation}\` is answered with ${typeToString(result)}, but nothing is given`, {
      help: 'write `reply value`',
    });
    return undefined;
  }
  const value = inferExpression(node.value, result, scope, context);
  if (isError(value.type)) return undefined;
  const converted = tryConvert(value, result);
  if (converted) return converted;
  if (value.type.kind === 'Optional') convert(value, result, context);
  else
    context.error(
      'DS1021',
      value.span,
      `operation \`${operation}\` is answered with ${typeToString(result)}, but this is ${typeToString(value.type)}`,
    );
  return undefined;
}

/** The same for a call that may be of any operation: the value must fit one of them. */
function answerToCall(node: Reply, call: Expression, scope: Scope, context: Elaboration): Expression | null | undefined {
  const all = [...(scope.environment?.operations.values() ?? [])];
  const known = call.type.kind === 'Operation' ? call.type.name : null;
  const operations = known ? all.filter((each) => each.name === known) : all;
  const [only] = operations;
  if (
    only &&
    operations.every((each) => each.result.kind === only.result.kind && typeToString(each.result) === typeToString(only.result))
  ) {
    return answer(node, only.name, only.result, scope, context);
  }
  if (!node.value) {
    if (operations.length === 0 || operations.some((each) => each.result.kind === 'Unit')) return null;
    context.error('DS1021', spanOf(node), 'every operation of this protocol has a result, but nothing is given', {
      help: 'write `reply value to call`',
    });
    return undefined;
  }
  const results = operations.filter((each) => each.result.kind !== 'Unit').map((each) => each.result);
  const value = elaborateValue(node.value, results.length === 1 ? results[0]! : null, scope, context);
  if (isError(value.type)) return undefined;
  for (const result of results) {
    const converted = tryConvert(value, result);
    if (converted) return converted;
  }
  const [single] = results;
  if (single && results.length === 1 && value.type.kind === 'Optional') convert(value, single, context);
  else {
    const wanted = [...new Set(results.map(typeToString))].join(' or ') || 'nothing';
    context.error('DS1021', value.span, `a call is answered with ${wanted} here, but this is ${typeToString(value.type)}`);
  }
  return undefined;
}

export function elaborateTimer(node: SetTimer | CancelTimer, scope: Scope, context: Elaboration): Statement | null {
  const span = spanOf(node);
  if (!mayAct('sets timers', span, scope, context)) return null;
  const timers = scope.environment?.timers ?? new Map();
  const timer = timers.get(node.timer);
  const timerSpan = spanOfProperty(node, 'timer');
  if (timer) context.use(timerSpan, timer.declaration);
  else reportUnknownTimer(node.timer, timerSpan, timers.keys(), context);
  checkTimerRole(node.timer, scope.body?.role ?? null, timerSpan, scope.environment, context);
  if (node.$type === 'CancelTimer') return timer ? { kind: 'cancel-timer', timer: node.timer, span } : null;
  if (!node.delay) return null;
  const delay = elaborateValue(node.delay, DURATION, scope, context);
  if (delay.type.kind === 'Distribution') {
    const converted = convert(delay, distributionOf(DURATION), context);
    return timer ? { kind: 'set-timer', timer: node.timer, delay: converted, span } : null;
  }
  const converted = convert(delay, DURATION, context);
  return timer ? { kind: 'set-timer', timer: node.timer, delay: converted, span } : null;
}

/** `sync`: durable writes become safe. */
export function elaborateSync(node: Sync, scope: Scope, context: Elaboration): Statement | null {
  const span = spanOf(node);
  return mayAct('syncs', span, scope, context) ? { kind: 'sync', span } : null;
}

/** A role's timer is set and handled in that role: in another it would fire where nobody handles it. */
export function checkTimerRole(name: string, role: string | null, span: Span, environment: Environment | null, context: Elaboration): void {
  const timer = environment?.timers.get(name);
  if (!timer?.role || role === null || timer.role === role) return;
  context.error('DS1014', span, `timer \`${name}\` belongs to the role \`${timer.role}\``, {
    help: `declare a timer in \`${role}\`, or this one outside of the roles`,
    labels: [{ span: timer.declaration.nameSpan, message: 'declared here' }],
  });
}

export function reportUnknownTimer(name: string, span: Span, names: Iterable<string>, context: Elaboration): void {
  if (!name) return;
  const suggestion = nearest(name, names);
  context.error('DS1017', span, `there is no timer \`${name}\``, {
    help: suggestion ? `did you mean \`${suggestion}\`?` : `declare it: \`timer ${name}\``,
    fixes: suggestion ? [{ title: `Change to \`${suggestion}\``, edits: [{ span, text: suggestion }] }] : [],
  });
}
