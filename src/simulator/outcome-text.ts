import type { OperationSample, Sample } from './metrics.ts';
import type { SeedOutcome } from './scenario.ts';

/**
 * Outcomes as JSON text: what workers hand over and campaign files keep. All verdicts of a campaign are made of decoded
 * texts, so that it makes no difference whether a seed was run here, in another thread or in another shard. Numbers that
 * JSON does not know (a time that never comes is infinite) and typed arrays are written as `{"$": …}`.
 */
export function encodeOutcome(outcome: SeedOutcome): string {
  const { sample } = outcome;
  return JSON.stringify({ ...outcome, sample: sample && encodeSample(sample) }, replace);
}

/** The outcome of a text that `encodeOutcome` made. */
export function decodeOutcome(text: string): SeedOutcome {
  const plain = JSON.parse(text, revive) as Omit<SeedOutcome, 'sample'> & { readonly sample: EncodedSample | null };
  return { ...plain, sample: plain.sample && decodeSample(plain.sample) };
}

type EncodedSample = Omit<Sample, 'events' | 'operations'> & {
  readonly events: readonly (readonly [string, { readonly count: number; readonly firstAt: number; readonly reach: number }])[];
  readonly operations: readonly (readonly [string, OperationSample])[];
};

function encodeSample(sample: Sample): EncodedSample {
  return { ...sample, events: [...sample.events], operations: [...sample.operations] };
}

function decodeSample(sample: EncodedSample): Sample {
  return { ...sample, events: new Map(sample.events), operations: new Map(sample.operations) };
}

function replace(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return { $: String(value) };
  if (value instanceof Float64Array) return { $: [...value] };
  return value;
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$' in value)) return value;
  return Array.isArray(value.$) ? Float64Array.from(value.$ as number[]) : Number(value.$);
}
