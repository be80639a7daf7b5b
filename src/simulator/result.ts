import type { Finding } from '../base/finding.ts';
import type { Span } from '../base/source.ts';
import type { ShrinkReport } from './shrink/report.ts';
import type { Trace } from './trace.ts';

/** One run: a function of (System, scenario, seed). */
export interface RunResult {
  readonly seed: number;
  /** 16 hex digits over every event of the run: same file and seed, same digest, on every machine. */
  readonly digest: string;
  /** Simulated time at the end, ns. */
  readonly end: number;
  readonly steps: number;
  readonly delivered: number;
  /** A run-time error of the specification (with its line), or null. The run ends there. */
  readonly error: RunError | null;
  /** Properties and asserts that broke, in order of time. */
  readonly violations: readonly Violation[];
  /** One per expectation of the scenario, in order. */
  readonly expectations: readonly {
    readonly held: boolean /** the metric's value, ns for durations; null where there is none */;
    readonly measured: number | null;
    readonly detail: string;
    /** ns: the moment to look at; left out where there is none. */
    readonly at?: number;
  }[];
  readonly metrics: RunMetrics;
  /** Null unless a trace was asked for. */
  readonly trace: Trace | null;
}

export interface RunError {
  readonly message: string;
  readonly span: Span;
  readonly node: string;
  readonly time: number;
  /** `limit`: the step or memory budget stopped it. */
  readonly kind: 'error' | 'limit';
  /** Index into System.deployments of the one whose code failed; -1 where it was none's. */
  readonly deployment: number;
}

export interface Violation {
  readonly property: string;
  readonly deployment: number;
  readonly kind: 'invariant' | 'eventually' | 'leads_to' | 'always' | 'assert';
  readonly span: Span;
  readonly time: number;
  /** What the quantified variables stood for: `a = replica[0], b = replica[2]`. */
  readonly detail: string;
  /** Index of the trace event after which it was seen; -1 without a trace or at the end. */
  readonly event: number;
}

/** Series and counts of one run, for reports and plots. */
export interface RunMetrics {
  readonly counts: Readonly<Record<string, number>>;
  readonly operations: readonly OperationMetrics[];
  readonly messages: {
    readonly sent: number;
    readonly delivered: number;
    readonly lost: number;
    readonly duplicated: number;
    readonly bytes: number;
  };
}

export interface OperationMetrics {
  readonly operation: string;
  readonly calls: number;
  readonly succeeded: number;
  /** ns, null where nothing succeeded. */
  readonly latency: {
    readonly mean: number;
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly p999: number;
    readonly max: number;
  } | null;
}

/** A scenario over all its seeds (and, under `vary`, one of its values). */
export interface ScenarioResult {
  readonly system: string;
  readonly scenario: string;
  readonly uri: string;
  readonly span: Span;
  readonly faultModel: string | null;
  /** `vary` value in words: `n = 4`; null without vary. */
  readonly variant: string | null;
  readonly verdicts: readonly Verdict[];
  readonly runs: readonly {
    readonly seed: number;
    readonly digest: string;
    readonly delivered: number;
    readonly end: number;
    /** It makes the scenario fail by itself. */
    readonly fails: boolean;
  }[];
  /** Errors, violations that were not expected, expectations that failed: what CI reports. */
  readonly findings: readonly Finding[];
  readonly passed: boolean;
  /** Whether a limit or a cancel ended it early. */
  readonly stopped: 'no' | 'limit' | 'cancelled';
  /** What the runs exercised; left out where it was not asked for, or a limit ended the series. */
  readonly coverage?: CoverageReport;
  /** The run to look at: the first failing seed, else the first seed; with a trace when one was asked for. */
  readonly shown: RunResult | null;
  /** Failing runs made small, in the order of their findings; left out where that was not asked for. */
  readonly shrunk?: readonly ShrinkReport[];
}

/** One expectation, or one property that no expectation names, over all seeds. */
export interface Verdict {
  readonly text: string;
  readonly span: Span;
  readonly kind: 'expectation' | 'invariant' | 'eventually' | 'leads_to' | 'always' | 'when' | 'run';
  /** Whose property it is about; left out where it is about none. */
  readonly deployment?: number;
  readonly passed: boolean;
  /** In words with units: `p99 = 312 ms (worst of 100 seeds, seed 17)`. */
  readonly detail: string;
  /** The seed to look at: the worst or the first that fails; null when every seed is alike. */
  readonly seed: number | null;
  /** How often a run fails it, or shows what it asks for; left out where it is about all runs together. */
  readonly rate?: Frequency;
  /** What was measured, in that seed or over all runs; left out where nothing is. */
  readonly measured?: readonly Quantity[];
}

/** How often something was seen in runs, and what that says of all the runs there could be. */
export interface Frequency {
  /** `failures`: runs that fail; `witnesses`: runs that show what an expectation asks for. */
  readonly of: 'failures' | 'witnesses';
  readonly seen: number;
  /** Runs that were judged. */
  readonly runs: number;
  /** The exact interval of Clopper & Pearson (1934) for the probability that a run shows it. */
  readonly low: number;
  readonly high: number;
  /** 0.95: how often such an interval holds the true probability, at the least. */
  readonly confidence: number;
}

/** A metric's value. */
export interface Quantity {
  /** `p99(latency(Submit))` */
  readonly text: string;
  /** ns, per second, bytes, 0..1 or a number, as `unit` says; null where there was nothing to measure or it never came. */
  readonly value: number | null;
  readonly unit: 'duration' | 'rate' | 'size' | 'ratio' | 'number';
}

export interface CoverageReport {
  readonly runs: number;
  /** Estimate of how many different states the nodes were in together, as far as plain variables tell; off by 1.6 % in the mean. */
  readonly states: number;
  /** How often a node's state changed. */
  readonly changes: number;
  readonly items: readonly CoverageItem[];
  /** Kinds of faults that were in force at the same time, and in how many runs. */
  readonly faults: readonly { readonly kinds: readonly string[]; readonly runs: number }[];
}

/** Something that runs may exercise. */
export interface CoverageItem {
  readonly kind: 'handler' | 'function' | 'branch' | 'message' | 'timer' | 'operation' | 'event';
  /** Empty for branches. */
  readonly name: string;
  readonly span: Span;
  /** How often all runs together came by: a message when it is delivered, an operation when it is answered. */
  readonly count: number;
  /** What to say of it when that is 0. */
  readonly never: string;
}
