/**
 * Is a history of concurrent calls linearizable: could every call have taken effect at one instant between its start and
 * its answer, in an order that the sequential specification allows (Herlihy & Wing, TOPLAS 1990)?
 *
 * The search is Wing & Gong's (J. Parallel Distrib. Comput. 1993) in Lowe's just-in-time form (Concurrency Computat.:
 * Pract. Exper. 2017): see search.ts. Keys that do not touch each other are checked apart: linearizability is local
 * (Herlihy & Wing, Theorem 1).
 *
 * The problem is NP-complete (Gibbons & Korach 1997): a limit on configurations gives `unknown`, never a wrong answer.
 */

import { Search } from './search.ts';

/** One call of a client. Times may be any increasing numbers; see `checkLinearizable` on equal ones. */
export interface HistoryOperation {
  readonly id: number;
  readonly client: number;
  readonly operation: string;
  /** The key that it reads or writes, '' where there is none. Used only by a model's `partition`. */
  readonly key: string;
  readonly args: readonly unknown[];
  readonly call: number;
  /** Null when it was never answered: it may have taken effect at any time after the call, or never. */
  readonly response: number | null;
  /** What was answered; ignored where `response` is null. */
  readonly result: unknown;
}

/** A sequential specification. `apply` must not change the state it is given. */
export interface SequentialModel {
  initial(): unknown;
  apply(state: unknown, operation: string, args: readonly unknown[]): { readonly state: unknown; readonly result: unknown };
  /** Equal for equal states, different for different ones. */
  stateKey(state: unknown): string;
  /** Equal for results that a client cannot tell apart. */
  resultKey(operation: string, result: unknown): string;
  /**
   * The independent object that an operation concerns. Give it only where the specification keeps its keys apart; null
   * says that the operation concerns several, and then the history is checked as a whole.
   */
  partition?(operation: HistoryOperation): string | null;
  /** Whether an operation can change the state (`read`: never) and whether its result can tell anything (`write`: never). Left out: both. */
  kind?(operation: string): OperationKind;
  /**
   * Set where the specification is a set of registers: what each operation reads or writes. `value` is the result of a read
   * or what a read after the write gives, as `resultKey` names it. Null for any other operation.
   */
  register?(operation: HistoryOperation): RegisterAccess | null;
}

export type OperationKind = 'read' | 'write' | 'both';

export interface RegisterAccess {
  readonly kind: 'read' | 'write';
  /** Which of the registers. */
  readonly key: string;
  readonly value: string;
  /** What a read gives before any write. */
  readonly initial: string;
}

export interface LinearizabilityOptions {
  /** Configurations to look at before giving up; a million take some three seconds. */
  readonly maxStates?: number;
  /** Asked every few hundred configurations. */
  readonly shouldStop?: () => boolean;
  /** Instead of both: what is left of a limit that other checks share. */
  readonly budget?: Budget;
}

export type LinearizabilityResult =
  /** `order`: ids in an order that the specification allows; unanswered calls that took no effect are left out. */
  | { readonly verdict: 'yes'; readonly order: readonly number[] }
  | {
      readonly verdict: 'no';
      /** By time of call: the operation that cannot be placed, those it overlaps, and the last before it in an order that got so far. */
      readonly witness: readonly HistoryOperation[];
      /** The operation whose answer no order explains. The history up to the moment before it was answered is linearizable. */
      readonly stuck: HistoryOperation;
      /** Keys of the states possible just before it, at most eight. */
      readonly states: readonly string[];
    }
  | { readonly verdict: 'unknown'; readonly reason: string };

const DEFAULT_MAX_STATES = 5_000_000;

/** What is left of `maxStates`, shared by all parts of a history. */
export interface Budget {
  left: number;
  readonly shouldStop: () => boolean;
}

/**
 * Decides whether a history is linearizable. A call at the very time of another's answer counts as overlapping it; where the
 * order within one instant matters, give event numbers instead of times.
 */
export function checkLinearizable(
  history: readonly HistoryOperation[],
  model: SequentialModel,
  options: LinearizabilityOptions = {},
): LinearizabilityResult {
  const budget: Budget = options.budget ?? {
    left: options.maxStates ?? DEFAULT_MAX_STATES,
    shouldStop: options.shouldStop ?? (() => false),
  };
  const placed: { readonly id: number; readonly at: number }[] = [];
  let unknown: string | null = null;
  for (const part of partitions(history, model)) {
    const outcome = decide(part, model, budget);
    if (outcome.verdict === 'no') return outcome;
    if (outcome.verdict === 'unknown') unknown ??= outcome.reason;
    else placed.push(...outcome.placed);
    // Another part may still be refuted within the same budget, but not when the caller wants to stop.
    if (unknown !== null && budget.left <= 0) break;
  }
  if (unknown !== null) return { verdict: 'unknown', reason: unknown };
  placed.sort((a, b) => a.at - b.at);
  return { verdict: 'yes', order: placed.map((place) => place.id) };
}

type Outcome = ReturnType<Search['run']>;

/**
 * The quick search takes it that calls without visible effect have none in any combination. Its `no` is right all the same; a `yes`
 * is replayed, and if the replay disagrees (a specification would have to go out of its way), the plain search decides.
 */
function decide(part: readonly HistoryOperation[], model: SequentialModel, budget: Budget): Outcome {
  const quick = new Search(part, model, budget, 'hide-overwritten').run();
  if (quick.verdict !== 'yes') return quick;
  const byId = new Map(part.map((operation) => [operation.id, operation]));
  let state = model.initial();
  for (const { id } of quick.placed) {
    const operation = byId.get(id) as HistoryOperation;
    const next = model.apply(state, operation.operation, operation.args);
    const { response } = operation;
    if (response !== null && model.resultKey(operation.operation, next.result) !== model.resultKey(operation.operation, operation.result)) {
      return new Search(part, model, budget, 'plain').run();
    }
    state = next.state;
  }
  return quick;
}

/** The independent parts of a history; the whole where the specification does not keep its keys apart. */
export function partitions(history: readonly HistoryOperation[], model: SequentialModel): readonly (readonly HistoryOperation[])[] {
  if (!model.partition) return [history];
  const parts = new Map<string, HistoryOperation[]>();
  for (const operation of history) {
    const key = model.partition(operation);
    if (key === null) return [history];
    const part = parts.get(key);
    if (part) part.push(operation);
    else parts.set(key, [operation]);
  }
  return [...parts.values()];
}
