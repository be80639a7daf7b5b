import { formatNumber, listed } from '../../base/units.ts';
import type { flowQuestions } from '../../model/flow-questions.ts';
import { type OperationFlow, operationFlow } from '../flow/index.ts';
import { Work } from '../work.ts';
import { type Answer, type Answerer, type Asked, BadArgument } from './answer.ts';

/** `messages_per("Submit")`, `message_delays("Submit")`: what one call of an operation costs. */
export const flowAnswerers: Readonly<Record<keyof typeof flowQuestions, Answerer>> = {
  messages_per: messagesPer,
  message_delays: messageDelays,
};

function messagesPer(asked: Asked): Answer {
  const { messages, total } = flowOf(asked);
  const kinds = messages.map(({ kind, expected }) => `\`${kind}\` ${formatNumber(Number(expected.toPrecision(3)))}`);
  return { value: total.expected, remarks: kinds.length === 0 ? [] : [`Messages of one call: ${kinds.join(', ')}.`] };
}

function messageDelays(asked: Asked): Answer {
  const { delays, operation } = flowOf(asked);
  if (delays === null) throw new BadArgument(`no call of \`${operation}\` is answered without faults`, 0);
  return { value: delays.expected };
}

function flowOf({ facts, values }: Asked): OperationFlow {
  const { system, deployment } = facts;
  const name = String(values[0]);
  const known = (system.protocols[deployment.protocol]?.operations ?? []).map((operation) => operation.name);
  if (!known.includes(name)) {
    throw new BadArgument(`the protocol has no operation "${name}"${known.length === 0 ? '' : `; it has ${listed(known)}`}`, 0);
  }
  const flow = operationFlow(system, deployment, name, { work: new Work(40_000_000) });
  if (flow === null) throw new BadArgument(`calls of \`${name}\` cannot be followed: its code fails at run time`, 0);
  return flow;
}
