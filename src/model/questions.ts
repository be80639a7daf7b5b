import { flowQuestions } from './flow-questions.ts';
import { networkQuestions } from './network-questions.ts';
import { probabilityQuestions } from './probability-questions.ts';
import type { Type } from './types.ts';

/**
 * What a `requires` clause may ask about its deployment: functions whose value depends on the fault model, the network or
 * the members, and so is not known to the evaluator. This table is all that the language knows of them; the analysis
 * answers each by a file of `src/analysis/questions`.
 */
export interface QuestionSignature {
  /** `optional` ones come last. */
  readonly parameters: readonly { readonly name: string; readonly type: Type; readonly optional?: boolean }[];
  readonly result: Type;
  /** Shown on hover and in completion: meaning, unit, range. */
  readonly documentation: string;
  /** The check page with the theory and an example, which `dsys explain` prints. */
  readonly page?: string;
}

const quorum: Type = { kind: 'Quorum' };
const bool: Type = { kind: 'Bool' };
const nodes: Type = { kind: 'Set', of: { kind: 'Node' } };
const real: Type = { kind: 'Real' };
const duration: Type = { kind: 'Duration' };

export const questions = {
  intersect: {
    parameters: [
      { name: 'first', type: quorum },
      { name: 'second', type: quorum, optional: true },
      { name: 'third', type: quorum, optional: true },
    ],
    result: bool,
    documentation:
      'Whether any two quorums (one of each system; of three systems any three) share a member that no admissible fault set makes Byzantine.',
    page: 'DS3003',
  },
  masking: {
    parameters: [
      { name: 'first', type: quorum },
      { name: 'second', type: quorum, optional: true },
    ],
    result: bool,
    documentation:
      'Whether what any two quorums (one of each system) share is never covered by two admissible sets of Byzantine members: then data without signatures can be read.',
    page: 'DS3102',
  },
  q2: {
    parameters: [{ name: 'of', type: nodes }],
    result: bool,
    documentation:
      'Whether no two admissible fault sets (of members that stop answering, outages included) together take all of these nodes.',
    page: 'DS3103',
  },
  q3: {
    parameters: [{ name: 'of', type: nodes }],
    result: bool,
    documentation: 'Whether no three admissible sets of Byzantine nodes together cover all of these nodes.',
    page: 'DS3103',
  },
  q4: {
    parameters: [{ name: 'of', type: nodes }],
    result: bool,
    documentation: 'Whether no four admissible sets of Byzantine nodes together cover all of these nodes.',
    page: 'DS3103',
  },
  resilience: {
    parameters: [{ name: 'quorum', type: quorum }],
    result: { kind: 'Int' },
    documentation: 'The most nodes whose loss, whichever they are, leaves a quorum; -1 where there is none to begin with.',
  },
  load: {
    parameters: [
      { name: 'quorum', type: quorum },
      { name: 'writes', type: quorum, optional: true },
      { name: 'reads', type: real, optional: true },
    ],
    result: real,
    documentation:
      'The share of operations that the busiest node takes part in under the best choice of quorums, 0 to 1; of a read and a write system with the share of reads (half if left out).',
  },
  capacity: {
    parameters: [
      { name: 'quorum', type: quorum },
      { name: 'writes', type: quorum, optional: true },
      { name: 'reads', type: real, optional: true },
    ],
    result: { kind: 'Rate' },
    documentation:
      'Operations a second that the nodes bear under the best choice of quorums, each asked node spending its mean `cpu` on one message; of a read and a write system with the share of reads (half if left out).',
  },
  quorum_latency: {
    parameters: [
      { name: 'quorum', type: quorum },
      { name: 'from', type: { kind: 'Node' }, optional: true },
    ],
    result: duration,
    documentation:
      'When `from` (the slowest member if left out), having asked all, has heard from a quorum, if every message takes its mean time.',
  },
  available: {
    parameters: [{ name: 'quorum', type: quorum }],
    result: bool,
    documentation: 'Whether every admissible fault set leaves a quorum whole.',
    page: 'DS3004',
  },
  overlap: {
    parameters: [{ name: 'lists', type: quorum }],
    result: bool,
    documentation:
      'Whether any two unique node lists of federated slices, each a threshold over a list of nodes, overlap in more than n_j/2 + n_i − q_i + t_ij nodes (Chase & MacBrough 2018).',
    page: 'DS3201',
  },
  splitting: {
    parameters: [{ name: 'slices', type: quorum }],
    result: { kind: 'Int' },
    documentation:
      'The fewest nodes of federated slices whose lying splits the quorums: 0 when they are split already, as many as there are nodes when nothing does.',
    page: 'DS3003',
  },
  message_time: {
    parameters: [{ name: 'quantile', type: real }],
    result: duration,
    documentation:
      'The time that this share of the messages between the slowest pair of members does not exceed: the links on the way and the service at the receiver, without queueing, loss and faults.',
  },
  round_trip: {
    parameters: [{ name: 'quantile', type: real }],
    result: duration,
    documentation:
      'The time that this share of questions and answers between the slowest pair of members does not exceed: both ways with service, without queueing, loss and faults.',
  },
  rounds: {
    parameters: [{ name: 'deadline', type: duration }],
    result: { kind: 'Int' },
    documentation: 'How many message delays, each as long as the bound Δ of the timing model, a deadline leaves room for.',
  },
  ...flowQuestions,
  ...networkQuestions,
  ...probabilityQuestions,
} as const satisfies Readonly<Record<string, QuestionSignature>>;

export type QuestionName = keyof typeof questions;

export const questionNames = Object.keys(questions) as readonly QuestionName[];

export function isQuestion(name: string): name is QuestionName {
  return Object.hasOwn(questions, name);
}
