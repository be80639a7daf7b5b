import type { Finding } from '../../base/finding.ts';
import type { Span } from '../../base/source.ts';
import type { ProtocolCode } from '../../model/code.ts';
import { expressionsOf, walkExpression, walkStatements } from '../../model/walk.ts';
import { asWritten } from '../print.ts';
import { thresholdsOf } from './thresholds.ts';

/** A whole number that counts messages as they come: set to numbers, and raised by one in handlers of messages. */
export interface Counter {
  /** Whether it starts at one: the node counts itself. */
  readonly self: boolean;
  /** Where messages are counted without a look at who sent them. */
  readonly blind: Span | null;
}

const known = new WeakMap<ProtocolCode, ReadonlyMap<string, Counter>>();

/** The counters among a protocol's state, by name. */
export function countersOf(protocol: ProtocolCode): ReadonlyMap<string, Counter> {
  let counters = known.get(protocol);
  if (counters === undefined) {
    counters = gather(protocol);
    known.set(protocol, counters);
  }
  return counters;
}

function gather(protocol: ProtocolCode): Map<string, Counter> {
  const other = new Set(protocol.state.filter(({ type }) => type.kind !== 'Int').map(({ name }) => name));
  const raised = new Map<string, Span | null>();
  const starts = new Map<string, number>();
  for (const { name, initial } of protocol.state) {
    if (initial.kind === 'literal' && typeof initial.value === 'number') starts.set(name, initial.value);
    else other.add(name);
  }
  for (const { trigger, body } of [...protocol.handlers, ...protocol.functions.map((code) => ({ trigger: null, body: code.body }))]) {
    const looks = trigger?.kind === 'message' && trigger.sender !== null && mentionsLocal(body, trigger.sender);
    walkStatements(body, (statement) => {
      if (statement.kind !== 'assign' || statement.place.root.kind !== 'state') return;
      const { name } = statement.place.root;
      const value = statement.value.kind === 'literal' && typeof statement.value.value === 'number' ? statement.value.value : null;
      if (value === null || statement.operator === 'remove') other.add(name);
      else if (statement.operator === 'set') starts.set(name, Math.max(starts.get(name) ?? 0, value));
      else if (value !== 1 || trigger?.kind !== 'message') other.add(name);
      else raised.set(name, raised.get(name) ?? (looks ? null : statement.span));
    });
  }
  return new Map(
    [...raised].filter(([name]) => !other.has(name)).map(([name, blind]) => [name, { self: (starts.get(name) ?? 0) >= 1, blind }]),
  );
}

function mentionsLocal(body: ProtocolCode['handlers'][number]['body'], local: string): boolean {
  let found = false;
  walkStatements(body, (statement) => {
    for (const expression of expressionsOf(statement)) {
      walkExpression(expression, (part) => {
        if (part.kind === 'local' && part.name === local) found = true;
      });
    }
  });
  return found;
}

/** DS4027: a decision that waits for a number of messages where a number of senders is meant. */
export function countedMessages(protocol: ProtocolCode): Finding[] {
  const counters = countersOf(protocol);
  return thresholdsOf(protocol).flatMap(({ comparison, state, count, decides }) => {
    const blind = count.kind === 'state' ? counters.get(state)?.blind : null;
    if (!blind || !decides) return [];
    return [
      {
        code: 'DS4027',
        severity: 'information',
        span: comparison.span,
        message: `\`${asWritten(comparison)}\` counts messages, not who sent them.`,
        why: 'A message that arrives twice (duplicated, sent again, or sent twice by a liar) counts for two nodes, and one node alone can make up the number.',
        help: `Gather the senders: \`var ${state}: Set<Node> = {}\` and \`on m: … from p { ${state} += p }\`, and ask a quorum system or \`${state}.size\`.`,
        labels: [
          { span: blind, message: 'counted here' },
          { span: decides, message: 'it decides this' },
        ],
      } satisfies Finding,
    ];
  });
}
