import type { Finding } from '../base/finding.ts';
import type { CoverageData } from '../simulator/coverage.ts';
import type { LostSeed } from '../simulator/lost-seeds.ts';
import type { ScenarioResult } from '../simulator/result.ts';
import type { ShrinkOptions } from '../simulator/shrink/shrink-result.ts';
import type { Trace } from '../simulator/trace.ts';
import type { RunRequest } from './api.ts';
import type { Plan, PlannedPart } from './plan.ts';

/** What the pool tells a worker. Every order but `begin` and `forget` is answered by one message that ends it. */
export type WorkerOrder =
  /** Tells the worker of a request; the orders that follow name it by its number. `code`: a number of the request's code, the same for the same code. */
  | { readonly kind: 'begin'; readonly campaign: number; readonly request: RunRequest; readonly code: number }
  | { readonly kind: 'forget'; readonly campaign: number }
  | { readonly kind: 'plan'; readonly campaign: number }
  | { readonly kind: 'run'; readonly campaign: number; readonly part: PlannedPart; readonly seeds: readonly number[] }
  | { readonly kind: 'conclude'; readonly campaign: number; readonly part: PlannedPart; readonly runs: EncodedRuns }
  /** Makes one run of a request of one scenario and hands out its whole trace. */
  | { readonly kind: 'trace'; readonly campaign: number; readonly variant: string | null; readonly seed: number };

export interface EncodedRuns {
  /** Each by `encodeOutcome`. */
  readonly outcomes: readonly string[];
  readonly lost: readonly LostSeed[];
  readonly cancelled: boolean;
  readonly coverage: CoverageData | null;
  readonly trace: boolean;
  readonly shrink: ShrinkOptions | null;
}

/** A seed that has been run. */
export interface DoneSeed {
  readonly seed: number;
  readonly outcome: string;
  /** It makes the scenario fail by itself. */
  readonly fails: boolean;
  /** It reached a limit: seeds behind it do not count. */
  readonly limit: boolean;
}

/** What a worker tells the pool. `outcomes` and `shrinking` end nothing; each of the others ends the order that it answers. */
export type WorkerMessage =
  | { readonly kind: 'outcomes'; readonly done: readonly DoneSeed[] /** Of these seeds. */; readonly coverage: CoverageData | null }
  | { readonly kind: 'shrinking'; readonly text: string }
  /** ms that the seeds took, without what had to be compiled first. */
  | { readonly kind: 'ran'; readonly milliseconds: number }
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'concluded'; readonly result: ScenarioResult }
  /** The next rows of a trace, in order; ends nothing. No more than `partsAhead` of them are on their way. */
  | { readonly kind: 'rows'; readonly part: Trace }
  /** The trace is whole, with the digest of its run; null: it was stopped. */
  | { readonly kind: 'traced'; readonly digest: string | null }
  /** The part cannot be set up. */
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
  | { readonly kind: 'bug'; readonly message: string; readonly stack: string };

/** Words of the memory that the pool shares with a worker, an Int32Array. */
export const Shared = {
  /** A `Halt`: whether to go on. */
  halt: 0,
  /** Position of the running seed in its order; -1 outside of all seeds. It outlives the worker. */
  position: 1,
  /** How many `rows` of the order at hand the pool has taken. */
  rowsTaken: 2,
  words: 3,
} as const;

export const Halt = { none: 0, afterSeed: 1, atOnce: 2 } as const;

/** Parts of a trace that a worker makes before the first of them is taken: what the memory holds of it at the most. */
export const partsAhead = 4;

export interface WorkerStart {
  readonly shared: SharedArrayBuffer;
}
