import type { Finding } from '../../base/finding.ts';
import type { ProtocolCode, Statement } from '../../model/code.ts';
import { walkExpression, walkStatements } from '../../model/walk.ts';
import { incarnationsOf, withinIncarnation } from './incarnations.ts';
import { type AnswerEffects, answerEffects } from './promises.ts';
import { statementsReached } from './reached.ts';

/**
 * DS4009: a `var` on which an answer was built and that a crash loses. It is (a) set from what was received in a handler
 * that then answers, and (b) told in, or compared with received data to decide, an answer to the same audience (peers or
 * clients). What a node sets and tells others at its start, and `on recover` does not set again, counts as (a) too. Only in protocols that expect to come back:
 * with `on recover` or with durable state. What `on recover` itself makes anew, from durable state, the members or the clock, is not forgotten,
 * nor is what belongs to an incarnation that a crash ends.
 */
export function lostPromises(protocol: ProtocolCode): Finding[] {
  const recovers = protocol.handlers.some(({ trigger }) => trigger.kind === 'recover');
  if (!recovers && !protocol.state.some((variable) => variable.durable)) return [];
  const effects = protocol.handlers.map((handler) => answerEffects(protocol, handler));
  const atStart = new Set(effects.filter((_, at) => protocol.handlers[at]?.trigger.kind === 'start').flatMap(({ promised }) => promised));
  const restored = assignedOnRecovery(protocol);
  const rebuilt = rebuiltOnRecovery(protocol);
  const incarnations = incarnationsOf(protocol);
  const ended = (variable: string): boolean =>
    incarnations.some(
      (incarnation) =>
        incarnation.renewed.has(variable) &&
        protocol.handlers.every((handler, at) => !concerns(effects[at], variable) || withinIncarnation(incarnation, handler)),
    );
  const findings: Finding[] = [];
  const syncs = saysSync(protocol);
  for (const variable of protocol.state) {
    // Durable means safe at once, unless the protocol says itself when what it has written is safe.
    if (variable.durable ? !syncs : rebuilt.has(variable.name) || ended(variable.name)) continue;
    const deciding = effects.flatMap((effect) => effect.deciding).filter(({ state }) => state === variable.name);
    const promise = effects
      .flatMap((effect) => effect.promised)
      .filter((made) => !(atStart.has(made) && restored.has(made.state)))
      .find(({ state, audience }) => state === variable.name && deciding.some((answer) => answer.audience === audience));
    if (!promise) continue;
    const starting = atStart.has(promise);
    const later = deciding.find(({ audience }) => audience === promise.audience);
    const to = promise.audience === 'peer' ? 'other nodes' : 'clients';
    if (variable.durable) {
      findings.push(unsynced(variable.name, promise, to));
      continue;
    }
    findings.push({
      code: 'DS4009',
      severity: 'warning',
      span: variable.nameSpan,
      message: starting
        ? `\`${variable.name}\` is lost in a crash, although a node tells ${to} of it when it starts.`
        : `\`${variable.name}\` is lost in a crash, although a node answers ${to} after setting it.`,
      why: `What a node has answered it must still know when it comes back: later answers depend on \`${variable.name}\`, and with its initial value a node can contradict itself, such as by granting twice what it may grant once.`,
      help: `Declare it \`durable ${variable.name}\`, so that it survives the crash.`,
      source: 'Ongaro & Ousterhout 2014, Figure 2: persistent state is updated on stable storage before responding',
      labels: [
        { span: promise.assigned, message: starting ? 'set here, once' : 'set here from what was received' },
        { span: promise.answered, message: starting ? 'told here' : 'answered here' },
        ...(later && later.answered.start !== promise.answered.start
          ? [{ span: later.answered, message: 'this answer depends on it' }]
          : []),
      ],
      fixes: [
        {
          title: `Make \`${variable.name}\` durable`,
          edits: [{ span: { ...variable.span, end: variable.span.start + 'var'.length }, text: 'durable' }],
          preferred: true,
        },
      ],
    });
  }
  return findings;
}

function concerns(effects: AnswerEffects | undefined, variable: string): boolean {
  return [...(effects?.promised ?? []), ...(effects?.deciding ?? [])].some(({ state }) => state === variable);
}

function saysSync({ handlers, functions }: ProtocolCode): boolean {
  let says = false;
  for (const { body } of [...handlers, ...functions]) {
    walkStatements(body, ({ kind }) => {
      says ||= kind === 'sync';
    });
  }
  return says;
}

/** A durable variable that is answered for between its assignment and the next `sync`. */
function unsynced(name: string, { assigned, answered }: AnswerEffects['promised'][number], to: string): Finding {
  return {
    code: 'DS4009',
    severity: 'warning',
    span: answered,
    message: `This tells ${to} of \`${name}\` before it is synced.`,
    why: `A crash that loses what is not synced takes \`${name}\` back to its value at the last \`sync\`: the node has answered and does not know it any more.`,
    help: 'Write `sync` before the answer.',
    source: 'Ongaro & Ousterhout 2014, Figure 2: persistent state is updated on stable storage before responding',
    labels: [{ span: assigned, message: 'set here from what was received' }],
    fixes: [{ title: 'Sync before the answer', edits: [{ span: { ...answered, end: answered.start }, text: 'sync  ' }], preferred: true }],
  };
}

function assignedOnRecovery(protocol: ProtocolCode): Set<string> {
  return new Set(recoveryAssignments(protocol).map(({ place }) => place.root.name));
}

/** Variables that `on recover` gives a value of what it knows then: no constant, which would be as good as the initial one. */
function rebuiltOnRecovery(protocol: ProtocolCode): Set<string> {
  const known = recoveryAssignments(protocol).filter(({ place, value }) => {
    let depends = false;
    walkExpression(value, ({ kind }) => {
      depends ||= kind === 'given' || kind === 'state' || kind === 'role';
    });
    return place.steps.length === 0 && depends;
  });
  return new Set(known.map(({ place }) => place.root.name));
}

function recoveryAssignments(protocol: ProtocolCode): (Statement & { readonly kind: 'assign' })[] {
  return protocol.handlers
    .filter(({ trigger }) => trigger.kind === 'recover')
    .flatMap(({ body }) => statementsReached(protocol, body))
    .filter((statement) => statement.kind === 'assign');
}
