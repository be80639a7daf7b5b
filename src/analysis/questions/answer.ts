import type { Witness } from '../../base/finding.ts';
import { isQuorum, nodesOf } from '../../model/value-operations.ts';
import type { QuorumSystem, Value } from '../../model/values.ts';
import type { Availability } from '../availability.ts';
import type { Facts } from '../facts.ts';
import type { FaultKinds, FaultSet } from '../fault-sets.ts';
import type { Split } from '../intersection.ts';
import { NoValue } from '../work.ts';

/** Thrown for an argument that a question cannot be asked with: a quantile above 1, a negative count. Reported where it stands. */
export class BadArgument extends Error {
  constructor(
    message: string,
    /** Which argument, from 0. */
    readonly index: number,
  ) {
    super(message);
    this.name = 'BadArgument';
  }
}

/** Thrown where an answer needs the Δ of the timing model and there is none. */
export class NoDelayBound extends NoValue {}

/** Thrown where there is no number to answer with, as between nodes that can be cut off: the clause then fails for this cause. */
export class NoAnswer extends NoValue {
  constructor(readonly reason: QuestionCause) {
    super(reason.kind);
    this.name = 'NoAnswer';
  }
}

/** A question of a requirement, its arguments evaluated. */
export interface Asked {
  readonly facts: Facts;
  readonly values: readonly Value[];
  /** The arguments as written: what messages call them. */
  readonly texts: readonly string[];
}

/** An answer with what explains it. Throws OutOfWork where the search would take too long: "undecided", never a guess. */
export interface Answer {
  readonly value: Value;
  /** Why a predicate is false. */
  readonly cause?: QuestionCause;
  /** Of a number: what to tell where the clause fails (the strategy behind a load, the path behind a delay). Sentences. */
  readonly remarks?: readonly string[];
}

export type Answerer = (asked: Asked) => Answer;

/** Why a predicate is false. */
export type QuestionCause =
  | { readonly kind: 'intersect'; readonly quorums: readonly string[]; readonly split: Split }
  | { readonly kind: 'available'; readonly quorum: string; readonly loss: Availability & { readonly verdict: 'fails' } }
  | { readonly kind: 'no-quorum'; readonly quorum: string }
  | { readonly kind: 'told'; readonly told: Told };

/** A false predicate in its own words: everything that its finding shows. */
export interface Told {
  /** The finding's code. */
  readonly code: string;
  /** Completes "`P` on x does not keep safety under `F`: …", without a full stop. */
  readonly detail: string;
  /** The same in a few words, for the resilience card. */
  readonly short: string;
  /** Why it matters where the author gives no `because`: the theory with its assumptions. Sentences. */
  readonly why: string;
  readonly source?: string;
  readonly help: string;
  readonly notes?: readonly string[];
  readonly witness?: Witness;
  /** Names of the protocol's quorum systems that are at fault: their declarations are shown. */
  readonly quorums?: readonly string[];
  /** The fault set at the root of it, when there is one, and the kinds of budgets that it spends. */
  readonly faults?: { readonly set: FaultSet; readonly kinds: FaultKinds };
  readonly numbers?: Readonly<Record<string, number>>;
}

/** The argument as a quorum system; the checker has made sure that it is one. */
export function quorumAt(asked: Asked, index: number): QuorumSystem | undefined {
  const value = asked.values[index];
  return value !== undefined && isQuorum(value) ? value : undefined;
}

/** The argument as a set of nodes, ascending. */
export function nodesAt(asked: Asked, index: number): readonly number[] {
  return nodesOf(asked.values[index] ?? null) ?? [];
}
