import type { Type } from './types.ts';

/**
 * Values known before a run: constants, arguments, attributes. Units are fixed: durations are nanoseconds, rates per
 * second, sizes bytes, bandwidths bits per second, ratios (`99.9%`) numbers between 0 and 1.
 */
export type Value =
  | number
  | boolean
  | string
  | null
  | RangeValue
  | ListValue
  | SetValue
  | MapValue
  | RecordValue
  | EnumValue
  | DataValue
  | Distribution
  | QuorumSystem;

export interface RangeValue {
  readonly kind: 'range';
  readonly min: number;
  readonly max: number;
}
export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Value[];
}
/** Items are distinct; sets of nodes hold node indices, ascending. */
export interface SetValue {
  readonly kind: 'set';
  readonly items: readonly Value[];
}
export interface MapValue {
  readonly kind: 'map';
  readonly entries: readonly (readonly [Value, Value])[];
}
export interface RecordValue {
  readonly kind: 'record';
  readonly record: string;
  readonly fields: Readonly<Record<string, Value>>;
}
export interface EnumValue {
  readonly kind: 'enum';
  readonly enum: string;
  readonly member: string;
}

/** What a Data carries, with the type that it has. */
export interface DataValue {
  readonly kind: 'data';
  readonly type: Type;
  readonly value: Value;
}

/** Where a duration, size or rate is drawn; parameters in the unit of what is drawn. Draws below zero are cut at zero. */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly sd: number }
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | { readonly kind: 'pareto'; readonly scale: number; readonly shape: number }
  | { readonly kind: 'empirical'; readonly values: readonly number[] };

/**
 * A quorum system over node indices, as a monotone formula. `atleast`: at least `count` of the parts hold (majority,
 * nested thresholds, `a * b` is all of two, `a + b` is one of two). `weighted`: the weights of the nodes present sum to
 * at least `threshold` (strictly more than half the total for a weighted majority is written by the caller as such).
 *
 * `slices`: a federated system (Mazières 2015), in which each node says whom it needs. A set of nodes is a quorum when it
 * is not empty and satisfies the slices of each of its nodes, as they are written: a node counts for itself only where it
 * is listed. A node without slices is in no quorum, as if it had crashed. Of two entries for one node the first counts.
 * It is a whole system: never a part of another one, nor the needs of a node.
 */
export type QuorumSystem =
  | { readonly kind: 'node'; readonly node: number }
  | { readonly kind: 'atleast'; readonly count: number; readonly of: readonly QuorumSystem[] }
  | { readonly kind: 'weighted'; readonly threshold: number; readonly nodes: readonly number[]; readonly weights: readonly number[] }
  | { readonly kind: 'slices'; readonly slices: readonly Slices[] };

/** What one node needs of a federated system: the sets that satisfy it are its slices. */
export interface Slices {
  readonly node: number;
  readonly needs: QuorumSystem;
}
