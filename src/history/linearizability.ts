/**
 * Is a history of concurrent calls linearizable: could every call have taken effect at one instant between its start and
 * its answer, in an order that the sequential specification allows (Herlihy & Wing, TOPLAS 1990)?
 *
 * Objects that do not touch each other are checked apart: linearizability is local (Herlihy & Wing, Theorem 1). Registers where the
 * writer of each read is known are decided at once: see zones.ts. The rest is searched, the objects in turn, so that
 * one that is wrong is found without waiting for one that is hard. The search is Wing & Gong's (J. Parallel Distrib. Comput. 1993) in
 * Lowe's just-in-time form (Concurrency Computat.: Pract. Exper. 2017): see search.ts.
 *
 * The problem is NP-complete (Gibbons & Korach 1997): a limit on configurations gives `unknown`, never a wrong answer.
 */

import { accessesOf } from './registers.ts';
import { Search } from './search.ts';
import { Transitions } from './transitions.ts';
import { byZones } from './zones.ts';

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
  /** Configurations to look at before giving up; a million take one to three seconds. */
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
    }
  /** `passed`: answers that the best attempt on the first object without a verdict explained, of how many; `stuck`: the call it came to. */
  | {
      readonly verdict: 'unknown';
      readonly reason: string;
      readonly passed: number;
      readonly of: number;
      readonly stuck: HistoryOperation;
    };

export const DEFAULT_MAX_STATES = 2_000_000;

/** Configurations that each object has in the first turn; twice as many in each further one. */
const FIRST_TURN = 512;

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
  let open: Search[] = [];
  for (const part of partitions(history, model)) {
    for (const [object, accesses] of objects(part, model)) {
      const outcome = accesses && byZones(object, accesses);
      if (outcome?.verdict === 'no') return outcome;
      if (outcome) placed.push(...outcome.placed);
      else open.push(new Search(object, new Transitions(model), 'hide-overwritten'));
    }
  }
  for (let turn = FIRST_TURN; open.length > 0; turn *= 2) {
    const still: Search[] = [];
    for (const search of open) {
      const share: Budget = { left: Math.min(turn, budget.left), shouldStop: budget.shouldStop };
      budget.left -= share.left;
      const outcome = confirmed(search, search.run(share), model);
      budget.left += Math.max(0, share.left);
      if (outcome === null || outcome instanceof Search) still.push(outcome ?? search);
      else if (outcome.verdict === 'no') return outcome;
      else placed.push(...outcome.placed);
      if (budget.shouldStop()) budget.left = 0;
    }
    open = still;
    if (budget.left <= 0 && open.length > 0) return undecided(open[0] as Search, budget);
  }
  placed.sort((a, b) => a.at - b.at);
  return { verdict: 'yes', order: placed.map((place) => place.id) };
}

/** A part's registers, where it is nothing but registers. */
function objects(
  part: readonly HistoryOperation[],
  model: SequentialModel,
): Iterable<readonly [readonly HistoryOperation[], readonly RegisterAccess[] | null]> {
  const accesses = accessesOf(part, model);
  if (!accesses) return [[part, null]];
  const byKey = new Map<string, [HistoryOperation[], RegisterAccess[]]>();
  for (const [at, access] of accesses.entries()) {
    const known = byKey.get(access.key) ?? [[], []];
    known[0].push(part[at] as HistoryOperation);
    known[1].push(access);
    byKey.set(access.key, known);
  }
  return byKey.values();
}

/**
 * The quick search takes it that calls without visible effect have none in any combination. Its `no` is right all the same; a `yes`
 * is replayed, and if the replay disagrees (a specification would have to go out of its way), the plain search decides.
 */
function confirmed(search: Search, outcome: ReturnType<Search['run']>, model: SequentialModel): ReturnType<Search['run']> | Search {
  if (outcome?.verdict !== 'yes' || search.mode === 'plain') return outcome;
  const byId = new Map(search.history.map((operation) => [operation.id, operation]));
  let state = model.initial();
  for (const { id } of outcome.placed) {
    const operation = byId.get(id) as HistoryOperation;
    const next = model.apply(state, operation.operation, operation.args);
    const { response } = operation;
    if (response !== null && model.resultKey(operation.operation, next.result) !== model.resultKey(operation.operation, operation.result)) {
      return new Search(search.history, new Transitions(model), 'plain');
    }
    state = next.state;
  }
  return outcome;
}

function undecided(search: Search, budget: Budget): LinearizabilityResult {
  const { passed, of, stuck } = search.progress();
  const reason = budget.shouldStop() ? 'stopped' : 'the limit on visited configurations was reached';
  return { verdict: 'unknown', reason, passed, of, stuck };
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
