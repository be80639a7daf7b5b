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
}

const quorum: Type = { kind: 'Quorum' };
const bool: Type = { kind: 'Bool' };

export const questions = {
  intersect: {
    parameters: [
      { name: 'first', type: quorum },
      { name: 'second', type: quorum, optional: true },
    ],
    result: bool,
    documentation: 'Whether any two quorums (one of each system) share a member that no admissible fault set makes Byzantine.',
  },
  available: {
    parameters: [{ name: 'quorum', type: quorum }],
    result: bool,
    documentation: 'Whether every admissible fault set leaves a quorum whole.',
  },
} as const satisfies Readonly<Record<string, QuestionSignature>>;

export type QuestionName = keyof typeof questions;

export const questionNames = Object.keys(questions) as readonly QuestionName[];

export function isQuestion(name: string): name is QuestionName {
  return Object.hasOwn(questions, name);
}
