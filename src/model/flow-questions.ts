import type { QuestionSignature } from './questions.ts';
import type { Type } from './types.ts';

const real: Type = { kind: 'Real' };
const operation = { name: 'operation', type: { kind: 'String' } } as const;

/** What `requires` may ask about the messages that an operation of the protocol costs: rows of `questions`. */
export const flowQuestions = {
  messages_per: {
    parameters: [operation],
    result: real,
    documentation:
      'Messages between members that one call of an operation (`"Submit"`) causes, as counted on a reference execution: no faults, one call at a time.',
  },
  message_delays: {
    parameters: [operation],
    result: real,
    documentation:
      'Message delays from the call of an operation (`"Submit"`) to its answer, request and answer counted in, on a reference execution: no faults, one call at a time.',
  },
} as const satisfies Readonly<Record<string, QuestionSignature>>;
