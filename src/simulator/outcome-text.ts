import type { OperationSample, Sample } from './metrics.ts';
import type { SeedOutcome } from './scenario.ts';

/**
 * Outcomes as JSON text: what workers hand over and campaign files keep. All verdicts of a campaign are made of decoded
 * texts, so that it makes no difference whether a seed was run here, in another thread or in another shard. Numbers that
 * JSON does not know (a time that never comes is infinite) and typed arrays are written as `{"$": …}`, places by the
 * number of their file in `files`: where the files lie may be another place when the text is read.
 */
export function encodeOutcome(outcome: SeedOutcome, files: readonly string[]): string {
  const { sample } = outcome;
  return JSON.stringify({ ...outcome, sample: sample && encodeSample(sample) }, (key, value: unknown) => {
    if (key === 'uri') return Math.max(0, files.indexOf(value as string));
    if (typeof value === 'number' && !Number.isFinite(value)) return { $: String(value) };
    return value instanceof Float64Array ? { $: [...value] } : value;
  });
}

/** The outcome of a text that `encodeOutcome` made of the same files in the same order. */
export function decodeOutcome(text: string, files: readonly string[]): SeedOutcome {
  const revive = (key: string, value: unknown): unknown => {
    if (key === 'uri') return files[value as number] ?? '';
    if (typeof value !== 'object' || value === null || !('$' in value)) return value;
    return Array.isArray(value.$) ? Float64Array.from(value.$ as number[]) : Number(value.$);
  };
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
