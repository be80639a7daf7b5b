/** Judges a history by any criterion of `src/model/consistency.ts`. */

import type { Criterion } from '../model/consistency.ts';
import { causal } from './causal.ts';
import { monotonicReads, monotonicWrites, readYourWrites, writesFollowReads } from './guarantees.ts';
import {
  type Budget,
  checkLinearizable,
  DEFAULT_MAX_STATES,
  type HistoryOperation,
  partitions,
  type SequentialModel,
} from './linearizability.ts';
import { caseOf, convergent, lastReads, sequential, serializable } from './serial.ts';
import { type Answer, all, type Case } from './views.ts';
import { narrowed } from './witness.ts';

export interface CriterionOptions {
  /** Configurations to look at before giving up: the limit is the same on every machine. */
  readonly maxStates?: number;
  /** Asked every few hundred configurations. */
  readonly shouldStop?: () => boolean;
}

export type CriterionResult =
  | { readonly verdict: 'yes' }
  /** `offending`: by time of call, a part that is refused whatever the other updates did and the other reads gave. */
  | { readonly verdict: 'no'; readonly offending: readonly HistoryOperation[] }
  | { readonly verdict: 'unknown'; readonly reason: string };

/** Configurations for making the offending part small: what is not small by then is shown as it is. */
const NARROWING = 100_000;

/** Criteria that hold of the whole where they hold of each of several independent objects. */
const LOCAL: ReadonlySet<Criterion> = new Set(['linearizable', 'strictly_serializable', 'serializable', 'read_your_writes', 'convergent']);

const judges: Readonly<Record<Exclude<Criterion, 'linearizable' | 'strictly_serializable'>, (of: Case) => Answer>> = {
  sequential,
  serializable,
  causal,
  convergent,
  read_your_writes: readYourWrites,
  monotonic_reads: monotonicReads,
  monotonic_writes: monotonicWrites,
  writes_follow_reads: writesFollowReads,
};

/**
 * Whether a history satisfies a criterion, and if not, by which operations. Every call takes effect at most once: where a retried call
 * took effect twice, no order may explain it.
 */
export function checkCriterion(
  criterion: Criterion,
  history: readonly HistoryOperation[],
  model: SequentialModel,
  options: CriterionOptions = {},
): CriterionResult {
  const budget: Budget = { left: options.maxStates ?? DEFAULT_MAX_STATES, shouldStop: options.shouldStop ?? (() => false) };
  if (criterion === 'convergent' && lastReads(caseOf(history, model, budget)).length === 0) {
    return { verdict: 'unknown', reason: 'no client reads after the last update' };
  }
  if (criterion !== 'convergent' && !isAtomic(criterion)) {
    // What is linearizable is all of these, and that is the quickest question.
    const share: Budget = { left: Math.floor(budget.left / 4), shouldStop: budget.shouldStop };
    budget.left -= share.left;
    if (checkLinearizable(history, model, { budget: share }).verdict === 'yes') return { verdict: 'yes' };
  }
  const parts = LOCAL.has(criterion) ? partitions(history, model) : [history];
  let refused: readonly HistoryOperation[] = [];
  let guess: readonly HistoryOperation[] = [];
  const answer = all(parts, (part) => {
    const found = isAtomic(criterion) ? checkLinearizable(part, model, { budget }) : { verdict: judge(criterion, part, model, budget) };
    if (found.verdict === 'no') refused = part;
    if ('witness' in found) guess = found.witness;
    return found.verdict;
  });
  if (answer === 'yes') return { verdict: 'yes' };
  if (answer === 'unknown') return { verdict: 'unknown', reason: reasonFor(history, options) };
  const narrowing = { left: NARROWING, shouldStop: budget.shouldStop };
  return {
    verdict: 'no',
    offending: narrowed(refused, model, narrowing, guess, (part, left) => judge(criterion, part, model, left) === 'no'),
  };
}

function judge(criterion: Criterion, history: readonly HistoryOperation[], model: SequentialModel, budget: Budget): Answer {
  return isAtomic(criterion) ? checkLinearizable(history, model, { budget }).verdict : judges[criterion](caseOf(history, model, budget));
}

function isAtomic(criterion: Criterion): criterion is 'linearizable' | 'strictly_serializable' {
  return criterion === 'linearizable' || criterion === 'strictly_serializable';
}

function reasonFor(history: readonly HistoryOperation[], { maxStates = DEFAULT_MAX_STATES, shouldStop }: CriterionOptions): string {
  if (shouldStop?.()) return 'stopped';
  return `no answer for ${history.length} calls within ${maxStates} configurations`;
}
