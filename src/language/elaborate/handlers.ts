import type { Handler as HandlerCode, Trigger } from '../../model/code.ts';
import type { Handler } from '../generated/ast.ts';
import { type nameSpanOf, placeOf, spanOf, spanOfProperty } from '../syntax.ts';
import type { Environment, UseSymbol } from '../types/environment.ts';
import { ERROR, NODE } from '../types/type.ts';
import { type Answering, Body } from './body.ts';
import type { Elaboration } from './context.ts';
import { declareLocal } from './locals.ts';
import type { Names } from './members.ts';
import { nearest, type Scope } from './scope.ts';
import { checkTimerRole, reportUnknownTimer } from './sending.ts';
import { elaborateBlock } from './statements.ts';
import { usedPayload } from './used.ts';
import { useHere } from './used-calls.ts';

/** A handler of a protocol, role or adversary; null when what it handles is unknown (reported). */
export function elaborateHandler(
  node: Handler,
  role: string | null,
  handled: Names,
  scope: Scope,
  context: Elaboration,
): HandlerCode | null {
  const { environment } = scope;
  if (!environment || !node.body) return null;
  const place = placeOf(node);
  const head = context.text.slice(place.offset, placeOf(node.body).offset).trimEnd();
  const headSpan = context.at(place.offset, place.offset + head.length);
  const resolved = resolveTrigger(node, scope, context);
  if (node.timer) checkTimerRole(node.timer, role, spanOfProperty(node, 'timer'), environment, context);
  const body = new Body(resolved.answering, null, null, role);
  const inner = scope.child('handler', body);
  if (node.variable?.name) declareLocal(node.variable, resolved.type, resolved.what, inner, context);
  if (node.sender?.name) {
    if (resolved.trigger && resolved.trigger.kind !== 'message') {
      context.error('DS1014', spanOf(node.sender), 'only a message has a sender that can be named', {
        ...(resolved.trigger.kind === 'operation' ? { why: 'an operation comes from a client, which is answered with `reply`' } : {}),
      });
    }
    declareLocal(node.sender, NODE, 'sender of the message', inner, context);
  }
  const { statements } = elaborateBlock(node.body, inner, context);
  if (!resolved.trigger) return null;
  takeTrigger(resolved.trigger, role, headSpan, handled, context);
  return { trigger: resolved.trigger, role, body: statements, span: spanOf(node), headSpan };
}

function triggerKey(trigger: Trigger): string {
  switch (trigger.kind) {
    case 'timeout':
      return `timeout ${trigger.timer}`;
    case 'message':
      return `message ${trigger.message}`;
    case 'operation':
      return `operation ${trigger.operation}`;
    case 'used-event':
      return `event ${trigger.use}.${trigger.event}`;
    case 'answer':
      return `answer ${trigger.use}.${trigger.operation}`;
    default:
      return trigger.kind;
  }
}

/** One trigger has one handler on a node: in its role, or in the protocol around, not in both. */
function takeTrigger(trigger: Trigger, role: string | null, headSpan: HandlerCode['headSpan'], handled: Names, context: Elaboration): void {
  const key = triggerKey(trigger);
  const declaration = {
    kind: 'local',
    name: key,
    uri: context.uri,
    span: headSpan,
    nameSpan: headSpan,
    documentation: '',
    detail: '',
  } as const;
  const own = `${role ?? ''}:${key}`;
  let earlier = handled.get(own) ?? (role === null ? undefined : handled.get(`:${key}`));
  if (!earlier && role === null) earlier = handled.get(`*:${key}`);
  if (earlier) {
    context.error(
      'DS1027',
      headSpan,
      `there are two handlers for ${key === 'start' || key === 'recover' ? `\`on ${key}\`` : key.replace(/ (.*)/, ' `$1`')}`,
      {
        why: 'a node would not know which of them to run',
        help: 'join them into one',
        labels: [{ span: earlier.nameSpan, message: 'first here' }],
      },
    );
    return;
  }
  handled.set(own, declaration);
  handled.set(`*:${key}`, declaration);
}

interface Resolved {
  /** Null when it is unknown. */
  readonly trigger: Trigger | null;
  readonly answering: Answering;
  /** Of the handler's variable. */
  readonly type: Parameters<typeof declareLocal>[1];
  readonly what: string;
}

function resolveTrigger(node: Handler, scope: Scope, context: Elaboration): Resolved {
  const environment = scope.environment!;
  const nothing = (trigger: Trigger | null, because: string): Resolved => ({
    trigger,
    answering: { kind: 'nothing', because },
    type: ERROR,
    what: 'what is handled',
  });
  if (node.trigger === 'start' || node.trigger === 'recover') {
    return nothing({ kind: node.trigger }, `\`on ${node.trigger}\` runs by itself: nobody waits for an answer`);
  }
  if (node.trigger === 'timeout') {
    const name = node.timer ?? '';
    const span = spanOfProperty(node, 'timer');
    const timer = environment.timers.get(name);
    if (timer) context.use(span, timer.declaration);
    else reportUnknownTimer(name, span, environment.timers.keys(), context);
    return nothing(timer ? { kind: 'timeout', timer: name } : null, 'a timeout comes from the node itself: nobody waits for an answer');
  }
  const subject = node.subject ?? '';
  const span = spanOfProperty(node, 'subject');
  const variable = node.variable?.name ?? '';
  if (node.qualifier !== undefined) {
    const used = resolveUsed(node, node.qualifier, scope, context);
    return used ?? nothing(null, 'what is handled here is not known');
  }
  const message = environment.messages.get(subject);
  if (message) {
    context.use(span, message.declaration);
    return {
      trigger: { kind: 'message', message: subject, variable, sender: node.sender?.name ?? null },
      answering: { kind: 'message', message: subject },
      type: { kind: 'Message', name: subject },
      what: 'handled message',
    };
  }
  const operation = environment.operations.get(subject);
  if (operation) {
    context.use(span, operation.declaration);
    return {
      trigger: { kind: 'operation', operation: subject, variable },
      answering: { kind: 'operation', operation: subject, variable, result: operation.result },
      type: { kind: 'Operation', name: subject },
      what: 'handled call',
    };
  }
  if (subject) reportUnknownSubject(subject, span, scope, context);
  return nothing(null, 'what is handled here is not known');
}

/** `on e: health.Suspected`, `on r: log.Submit`; null where there is no such thing (reported). */
function resolveUsed(node: Handler, qualifier: string, scope: Scope, context: Elaboration): Resolved | null {
  const use = useHere(qualifier, spanOfProperty(node, 'qualifier'), scope, context);
  const used = use?.protocol?.environment;
  if (!use || !used) return null;
  const subject = node.subject ?? '';
  const span = spanOfProperty(node, 'subject');
  const variable = node.variable?.name ?? '';
  const event = used.events.get(subject);
  const operation = used.operations.get(subject);
  const signature = event ?? operation;
  if (!signature) {
    reportUnknownUsed(use, used, subject, span, context);
    return null;
  }
  context.use(span, signature.declaration);
  if (event && operation) {
    context.error('DS1016', span, `\`${used.name}\` has both an event and an operation \`${subject}\``, {
      why: 'nobody could tell whether this handles the event or the answer to a call',
      help: 'rename one of them where it is declared',
      labels: [
        { span: event.declaration.nameSpan, message: 'the event' },
        { span: operation.declaration.nameSpan, message: 'the operation' },
      ],
    });
  }
  if (event) use.local ??= span;
  return {
    trigger: event
      ? { kind: 'used-event', use: use.name, event: subject, variable }
      : { kind: 'answer', use: use.name, operation: subject, variable },
    answering: { kind: 'nothing', because: event ? 'an event is for whoever handles it' : 'this is an answer' },
    type: usedPayload(use, subject),
    what: event ? `event of ${used.name}` : `answer of ${used.name}`,
  };
}

function reportUnknownUsed(
  use: UseSymbol,
  used: Environment,
  subject: string,
  span: ReturnType<typeof nameSpanOf>,
  context: Elaboration,
): void {
  if (!subject) return;
  const message = used.messages.get(subject);
  if (message) {
    context.use(span, message.declaration);
    context.error('DS1016', span, `\`${subject}\` is a message of \`${used.name}\`, which its own nodes handle`, {
      help: `handle one of its events, or the answer to a call: \`on r: ${use.name}.Operation\``,
    });
    return;
  }
  const suggestion = nearest(subject, [...used.events.keys(), ...used.operations.keys()]);
  context.error('DS1016', span, `\`${used.name}\` has no event or operation \`${subject}\``, {
    ...(suggestion ? { help: `did you mean \`${suggestion}\`?` } : {}),
    fixes: suggestion ? [{ title: `Change to \`${suggestion}\``, edits: [{ span, text: suggestion }] }] : [],
  });
}

function reportUnknownSubject(subject: string, span: ReturnType<typeof nameSpanOf>, scope: Scope, context: Elaboration): void {
  const environment = scope.environment!;
  if (environment.events.has(subject)) {
    context.use(span, environment.events.get(subject)!.declaration);
    context.error('DS1016', span, `\`${subject}\` is an event of this protocol, and events are for those who watch it`, {
      help: 'send a message, or call a function where the event is emitted',
    });
    return;
  }
  const suggestion = nearest(subject, [...environment.messages.keys(), ...environment.operations.keys()]);
  context.error('DS1016', span, `there is no message or operation \`${subject}\``, {
    help: suggestion ? `did you mean \`${suggestion}\`?` : `declare it: \`message ${subject}(…)\` or \`operation ${subject}(…)\``,
    fixes: suggestion ? [{ title: `Change to \`${suggestion}\``, edits: [{ span, text: suggestion }] }] : [],
  });
}
