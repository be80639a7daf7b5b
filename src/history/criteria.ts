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
  /** Which part of a refused history: a small one, which takes time to find (the default), or the whole. */
  readonly shown?: 'small' | 'any';
}

export type CriterionResult =
  | { readonly verdict: 'yes' }
  /** `offending`: by time of call, a part that is refused whatever the other updates did and the other reads gave. */
  | { readonly verdict: 'no'; readonly offending: readonly HistoryOperation[] }
  /** `stuck`: where the search can tell, the call that it could not explain so far. */
  | { readonly verdict: 'unknown'; readonly reason: string; readonly stuck?: HistoryOperation };

/** Configurations for making the offending part small: what is not small by then is shown as it is. */
const NARROWING = 100_000;

/** Criteria that hold of the whole where they hold of each of several independent objects. */
const LOCAL: ReadonlySet<Criterion> = new Set(['serializable', 'read_your_writes', 'convergent']);

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
  if (isAtomic(criterion)) {
    const found = checkLinearizable(history, model, { budget });
    if (found.verdict === 'yes') return { verdict: 'yes' };
    if (found.verdict === 'unknown') {
      const far = `${found.passed} of the ${found.of} answers of one object explained`;
      return { verdict: 'unknown', reason: `${reasonFor(history, options)}: ${far}`, stuck: found.stuck };
    }
    const refused = partitions(history, model).find((part) => part.some(({ id }) => id === found.stuck.id)) ?? history;
    return { verdict: 'no', offending: offending(criterion, refused, found.witness) };
  }
  let refused: readonly HistoryOperation[] = [];
  const answer = all(LOCAL.has(criterion) ? partitions(history, model) : [history], (part) => {
    const found = judge(criterion, part, model, budget);
    if (found === 'no') refused = part;
    return found;
  });
  if (answer === 'yes') return { verdict: 'yes' };
  if (answer === 'unknown') return { verdict: 'unknown', reason: reasonFor(history, options) };
  return { verdict: 'no', offending: offending(criterion, refused, []) };

  function offending(by: Criterion, part: readonly HistoryOperation[], guess: readonly HistoryOperation[]): readonly HistoryOperation[] {
    if (options.shown === 'any') return part;
    const narrowing = { left: NARROWING, shouldStop: budget.shouldStop };
    return narrowed(part, model, narrowing, guess, (smaller, left) => judge(by, smaller, model, left) === 'no');
  }
}

function judge(criterion: Criterion, history: readonly HistoryOperation[], model: SequentialModel, budget: Budget): Answer {
  return isAtomic(criterion) ? checkLinearizable(history, model, { budget }).verdict : judges[criterion](caseOf(history, model, budget));
}

function isAtomic(criterion: Criterion): criterion is 'linearizable' | 'strictly_serializable' {
  return criterion === 'linearizable' || criterion === 'strictly_serializable';
}

function reasonFor(history: readonly HistoryOperation[], { maxStates = DEFAULT_MAX_STATES, shouldStop }: CriterionOptions): string {
  if (shouldStop?.()) return 'stopped';
  return `no answer for ${history.length} calls within ${maxStates.toLocaleString('en-US')} configurations`;
}
