import type { QuestionSignature } from './questions.ts';
import type { Type } from './types.ts';

const real: Type = { kind: 'Real' };
const int: Type = { kind: 'Int' };

/** What `requires` may ask about the network among the members, and about random ones: rows of `questions`. */
export const networkQuestions = {
  eccentricity: {
    parameters: [{ name: 'node', type: { kind: 'Node' } }],
    result: int,
    documentation: 'How many links the member farthest from this node is away: the time to live that a flood from it needs.',
  },
  random_connectivity: {
    parameters: [{ name: 'degree', type: real }],
    result: real,
    documentation:
      'The probability that a random graph of all members is connected in which every two are linked independently and a member has this many neighbours on average. Exact up to 1,000 members.',
  },
  gossip_reach: {
    parameters: [{ name: 'fanout', type: real }],
    result: real,
    documentation:
      'The probability that a rumour reaches all members left after the worst admissible faults when each tells this many others, drawn at random, once. Exact up to 1,000 members.',
  },
  gossip_rounds: {
    parameters: [],
    result: int,
    documentation:
      'Rounds that push gossip needs when each member that knows tells one other a round: ⌈log₂ n + ln n⌉, close to it with high probability.',
  },
  flood_messages: {
    parameters: [],
    result: int,
    documentation: 'Messages of one flood over the links between members: 2|E| − n + 1 where each passes it on once to all but its sender.',
  },
} as const satisfies Readonly<Record<string, QuestionSignature>>;
