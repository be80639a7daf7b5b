import { counted, formatDuration } from '../../base/units.ts';

/** How large a run is. */
export interface RunSize {
  /** Faults that begin in it, each of its nodes' or links' together one. */
  readonly faults: number;
  /** Calls that clients make. */
  readonly requests: number;
  /** Nodes that take part: members that do not stay away, and clients that call. */
  readonly nodes: number;
  readonly events: number;
  /** When it ends, ns. */
  readonly end: number;
}

/** A failing run made as small as was found, as a scenario that shows the same failure. */
export interface ShrinkReport {
  /** Index into ScenarioResult.findings; null for a violation that was expected. */
  readonly finding: number | null;
  /** What fails: a property's name, an expectation's text, an error's message. */
  readonly failure: string;
  /** Name of the scenario; none in the system has it. */
  readonly name: string;
  /** The scenario as source text, to be put into the system. */
  readonly text: string;
  readonly seed: number;
  readonly digest: string;
  readonly before: RunSize;
  readonly after: RunSize;
  /** How many runs it took. */
  readonly runs: number;
  /** Whether the runs allowed were over before nothing smaller was left to try. */
  readonly isCutShort: boolean;
}

/** `12 faults → 1, 240 requests → 3, …`: what changed. */
export function sizesText({ before, after }: Pick<ShrinkReport, 'before' | 'after'>): string {
  const counts = [
    ['fault', before.faults, after.faults],
    ['request', before.requests, after.requests],
    ['node', before.nodes, after.nodes],
    ['event', before.events, after.events],
  ] as const;
  const parts = counts.filter(([, was, is]) => was !== is).map(([noun, was, is]) => `${counted(was, noun)} → ${is}`);
  const ends = [before.end, after.end].map(formatDuration);
  if (ends[0] !== ends[1]) parts.push(ends.join(' → '));
  return parts.length === 0 ? 'nothing smaller was found' : parts.join(', ');
}
