import type { Finding } from '../base/finding.ts';
import type { CoverageData } from '../simulator/coverage.ts';
import type { LostSeed } from '../simulator/lost-seeds.ts';
import type { ScenarioResult } from '../simulator/result.ts';
import type { ShrinkOptions } from '../simulator/shrink/shrink-result.ts';
import type { RunRequest } from './api.ts';
import type { Plan, PlannedPart } from './plan.ts';

/** What the pool tells a worker. Every order but `begin` and `forget` is answered by one message that ends it. */
export type WorkerOrder =
  /** Tells the worker of a request; the orders that follow name it by its number. */
  | { readonly kind: 'begin'; readonly campaign: number; readonly request: RunRequest }
  | { readonly kind: 'forget'; readonly campaign: number }
  | { readonly kind: 'plan'; readonly campaign: number }
  | { readonly kind: 'run'; readonly campaign: number; readonly part: PlannedPart; readonly seeds: readonly number[] }
  | { readonly kind: 'conclude'; readonly campaign: number; readonly part: PlannedPart; readonly runs: EncodedRuns };

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
  /** The part cannot be set up. */
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
  | { readonly kind: 'bug'; readonly message: string; readonly stack: string };

/** Words of the memory that the pool shares with a worker, an Int32Array. */
export const Shared = {
  /** A `Halt`: whether to go on. */
  halt: 0,
  /** Position of the running seed in its order; -1 outside of all seeds. It outlives the worker. */
  position: 1,
  words: 2,
} as const;

export const Halt = { none: 0, afterSeed: 1, atOnce: 2 } as const;

export interface WorkerStart {
  readonly shared: SharedArrayBuffer;
}
