// What the panel draws: plain arrays, serialisable as JSON, with no reference into the tool. Columns of one table have
// equal lengths; the row is the index. Times are simulated milliseconds since the start of the run.

/** Raised when a change would make an older panel misread newer data. */
export const viewVersion = 1;

/** A place in a source file, zero-based. */
export interface SourcePlace {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

export interface NodeView {
  /** As the language writes it: `replica[2]`. */
  readonly name: string;
  readonly group: string;
  /** Index into `TopologyView.zones`, or -1 when the node is in none. */
  readonly zone: number;
}

export interface ZoneView {
  readonly name: string;
  /** Index of the enclosing zone, or -1. */
  readonly parent: number;
}

export interface LinkView {
  readonly from: number;
  readonly to: number;
  readonly directed: boolean;
  /** Attributes in words (`5 ms, loss 1 %`); empty when there is nothing to say. */
  readonly label: string;
}

export interface TopologyView {
  readonly system: string;
  readonly nodes: readonly NodeView[];
  readonly zones: readonly ZoneView[];
  readonly links: readonly LinkView[];
  /** Whether `links` was left empty because every two nodes are linked. */
  readonly complete: boolean;
}

/** One expectation, or one property of a protocol, over all seeds that were tried. */
export interface VerdictView {
  /** As written: `p99(latency(Submit)) <= 500ms`, or the property's name. */
  readonly text: string;
  readonly kind: 'expectation' | 'invariant' | 'eventually' | 'leads_to' | 'always' | 'when' | 'run';
  readonly passed: boolean;
  /** The measured value with its unit, and of which seed it is. */
  readonly detail: string;
  /** The seed to look at: the worst or the first that fails; null when every seed is alike. */
  readonly seed: number | null;
  readonly place: SourcePlace | null;
  /** Moment in the shown run at which it was violated; null when it was not, or not in this run. */
  readonly timeMs: number | null;
}

/** How a message ended. */
export const outcome = { delivered: 0, lost: 1, inFlight: 2 } as const;

/** One row a message. */
export interface MessageTable {
  /** Index into `RunView.messageTypes`. */
  readonly type: readonly number[];
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly sentMs: readonly number[];
  /** Moment of delivery or loss; for a message still in flight, the end of the run. */
  readonly endMs: readonly number[];
  readonly outcome: readonly number[];
  /** Index into `RunView.texts`: the fields as written (`term: 3, granted: true`). */
  readonly text: readonly number[];
}

/** `pause`: a node stands still. `clock`: a clock runs at a wrong rate. */
export type BandKind = 'crash' | 'outage' | 'partition' | 'byzantine' | 'slow' | 'omission' | 'pause' | 'clock';

/** A fault that lasts: drawn as a band over the lanes it concerns. */
export interface BandView {
  readonly kind: BandKind;
  readonly label: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly nodes: readonly number[];
}

/** What the log lists; one row an event, in order of time. */
export interface EventTable {
  readonly timeMs: readonly number[];
  /** Node concerned, or -1. */
  readonly node: readonly number[];
  /** Index into `RunView.eventKinds`. */
  readonly kind: readonly number[];
  /** Index into `RunView.texts`. */
  readonly text: readonly number[];
}

/** Changes of node variables; one row a change, in order of time. */
export interface StateTable {
  readonly timeMs: readonly number[];
  readonly node: readonly number[];
  /** Index into `RunView.variables`. */
  readonly variable: readonly number[];
  /** Index into `RunView.texts`. */
  readonly value: readonly number[];
}

/** Lines over one time axis; null where a line has no value. */
export interface PlotView {
  readonly title: string;
  /** Unit of the values: `1/s`, `ms`, or empty for counts. */
  readonly unit: string;
  readonly timeMs: readonly number[];
  readonly lines: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

export interface RunView {
  readonly version: typeof viewVersion;
  readonly scenario: string;
  readonly faultModel: string | null;
  /** `vary` value in words: `n = 4`; null without `vary`. */
  readonly variant: string | null;
  readonly passed: boolean;
  /** What a reader must know before anything else: a run-time error, or that a limit ended the run; null for none. */
  readonly problem: string | null;
  readonly problemPlace: SourcePlace | null;
  /** The seed whose trace is shown, and how many were tried. */
  readonly seed: number;
  readonly seeds: number;
  readonly durationMs: number;
  readonly digest: string;
  readonly topology: TopologyView;
  readonly verdicts: readonly VerdictView[];
  readonly messageTypes: readonly string[];
  readonly eventKinds: readonly string[];
  readonly variables: readonly string[];
  /** Every text of the tables below, once. */
  readonly texts: readonly string[];
  readonly messages: MessageTable;
  readonly bands: readonly BandView[];
  readonly events: EventTable;
  readonly states: StateTable;
  readonly plots: readonly PlotView[];
  /** Rows the trace had but this view left out, so that the panel can say so. */
  readonly omitted: { readonly messages: number; readonly events: number; readonly states: number };
}
