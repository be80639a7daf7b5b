import type { Span } from '../base/source.ts';
import type { Expression } from './code.ts';
import type { Criterion } from './consistency.ts';
import type { FaultySide, Loss, WorkloadCall } from './system.ts';
import type { Type } from './types.ts';
import type { Distribution, Value } from './values.ts';

/** A test of a system, expanded: what strikes and is called when, how long and how often it runs, and what is expected of it. */
export interface Scenario {
  readonly name: string;
  readonly span: Span;
  readonly nameSpan: Span;
  /** Index into System.faultModels, null when it names none. */
  readonly faults: number | null;
  /** ns. */
  readonly duration: number;
  readonly seeds: number;
  /** `vary`: the constants to change, one run series a value; the caller expands the system anew for each. */
  readonly vary: {
    readonly name: string;
    readonly values: readonly Value[] /** Of each value. */;
    readonly type: Type;
    readonly span: Span;
  } | null;
  readonly actions: readonly FaultAction[];
  /** Calls that the scenario makes itself, by time. */
  readonly calls: readonly ScenarioCall[];
  /** Whether the system's workloads make their calls. */
  readonly workloads: boolean;
  /** `mean`: every link and service takes its typical time (`routingCost`), none is drawn. */
  readonly delays: 'drawn' | 'mean';
  readonly schedule: Schedule;
  /** The first seed when nobody asks for another; null for 1. */
  readonly seed: number | null;
  readonly expectations: readonly Expectation[];
}

/** What decides the order of deliveries: the latencies, or a strategy that searches for an order that breaks something. */
export type Schedule =
  | { readonly kind: 'latency' }
  | { readonly kind: 'random' }
  | { readonly kind: 'targeted' }
  /** `depth` d: how many events have to be in an order of their own for the bug, 1 or more. */
  | { readonly kind: 'pct'; readonly depth: number }
  /** `delays` k: how often a message is let wait out of turn, 0 or more. */
  | { readonly kind: 'delay_bounded'; readonly delays: number };

/** A call at a moment, once from each of its clients. */
export interface ScenarioCall
  extends Pick<WorkloadCall, 'span' | 'operation' | 'deployment' | 'arguments' | 'targets' | 'timeout' | 'retries'> {
  readonly when?: When;
  /** ns since the start. */
  readonly at: number;
  readonly clients: readonly number[];
  /** Attempts go to `targets` one after the other, from the first again after the last; else to one drawn anew each time. */
  readonly inTurn: boolean;
}

/** What something waits for: from its `at` on until the condition over the states of a deployment's nodes holds, and `after` ns (1 at the least). */
export interface When {
  readonly deployment: number;
  readonly condition: Expression;
  /** The condition as it is written. */
  readonly text: string;
  readonly after: number;
}

/** Nodes that are chosen when a fault strikes. */
export interface NodeChoice {
  /** Only one of them, drawn. */
  readonly one: boolean;
  /** Which, by the states of a deployment's nodes at that moment; null: all of the action's nodes. */
  readonly state: { readonly deployment: number; readonly nodes: Expression /** as it is written */; readonly text: string } | null;
}

export interface FaultAction {
  readonly when?: When;
  /** Those of the action's nodes that it strikes; left out: all. */
  readonly choice?: NodeChoice;
  /** ns since the start. */
  readonly at: number;
  readonly span: Span;
  readonly action:
    | {
        readonly kind: 'crash';
        readonly nodes: readonly number[];
        /** ns from the crash until it recovers, null for never. */
        readonly for: number | null;
        /** What of `durable` is lost; left out: nothing. */
        readonly loses?: Loss;
        /** Each node gets this many more messages out and crashes then, in the middle of a broadcast; at once where left out. */
        readonly afterSends?: number;
        /** With `afterSends`: ns after which a node that has not sent so many crashes all the same; left out: never. */
        readonly within?: number;
      }
    | { readonly kind: 'recover'; readonly nodes: readonly number[] }
    | { readonly kind: 'outage'; readonly zone: number; readonly nodes: readonly number[]; readonly for: number | null }
    /** Sides cannot hear each other; nodes in no side form one more. */
    | { readonly kind: 'partition'; readonly sides: readonly (readonly number[])[]; readonly for: number | null }
    | { readonly kind: 'heal' }
    | { readonly kind: 'isolate'; readonly nodes: readonly number[]; readonly for: number | null }
    | { readonly kind: 'slow'; readonly nodes: readonly number[]; readonly factor: number; readonly for: number | null }
    /** The nodes do nothing for so many ns; what arrives and what is due meanwhile comes all when they go on. */
    | { readonly kind: 'pause'; readonly nodes: readonly number[]; readonly for: number }
    /** The clocks run at 1 + `rate` times the true rate, timers that are set included. */
    | { readonly kind: 'drift'; readonly nodes: readonly number[]; readonly rate: number; readonly for: number | null }
    /** The share (0..1) of the messages on that side is lost at the nodes. */
    | {
        readonly kind: 'omit';
        readonly nodes: readonly number[];
        readonly side: FaultySide;
        readonly share: number;
        readonly for: number | null;
      }
    /** What leaves `from` for `to` over a link between them; `message`: of one type only, by its name, null for everything. */
    | {
        readonly kind: 'lose' | 'duplicate' | 'reorder';
        readonly from: readonly number[];
        readonly to: readonly number[];
        readonly probability: number;
        readonly message: string | null;
        readonly for: number | null;
      }
    /** `by` ns later. */
    | {
        readonly kind: 'delay';
        readonly from: readonly number[];
        readonly to: readonly number[];
        readonly by: number;
        readonly message: string | null;
        readonly for: number | null;
      }
    /** Waits, and leaves in the order in which it was sent when `for` ns are over. */
    | {
        readonly kind: 'hold';
        readonly from: readonly number[];
        readonly to: readonly number[];
        readonly message: string | null;
        readonly for: number;
      }
    /** Links between two sets: cut, while both still see everybody else. */
    | {
        readonly kind: 'disconnect';
        readonly from: readonly number[];
        readonly to: readonly number[];
        readonly oneWay: boolean;
        readonly for: number | null;
      }
    | {
        readonly kind: 'slow_links';
        readonly from: readonly number[];
        readonly to: readonly number[];
        readonly factor: number;
        readonly oneWay: boolean;
        readonly for: number | null;
      }
    /** Nodes that leave and join, or links between two sets that fail and come back, each up and down for times (ns) drawn anew. */
    | {
        readonly kind: 'churn';
        readonly nodes: readonly number[];
        readonly up: Distribution;
        readonly down: Distribution;
        readonly until: number | null;
      }
    | {
        readonly kind: 'churn_links';
        readonly from: readonly number[];
        readonly to: readonly number[];
        readonly up: Distribution;
        readonly down: Distribution;
        readonly until: number | null;
      }
    /** `offset` ns is added to the clocks. */
    | { readonly kind: 'skew'; readonly nodes: readonly number[]; readonly offset: number }
    | { readonly kind: 'byzantine'; readonly nodes: readonly number[]; readonly behavior: Behavior; readonly for: number | null }
    | { readonly kind: 'join' | 'leave'; readonly nodes: readonly number[] }
    /** Faults drawn within the fault model's budgets, `rate` per second. */
    | { readonly kind: 'chaos'; readonly rate: number; readonly until: number | null };
}

export type BuiltInBehavior = 'silent' | 'equivocate' | 'corrupt' | 'delay' | 'replay' | 'random';

export type Behavior =
  | { readonly kind: 'built-in'; readonly name: BuiltInBehavior }
  | { readonly kind: 'adversary' /** index into System.adversaries */; readonly adversary: number };

export interface Expectation {
  readonly span: Span;
  /** The source text, for reports: `p99(latency(Submit)) <= 500ms`. */
  readonly text: string;
  readonly expect:
    | {
        readonly kind: 'violated' /** name of the invariant or eventually, or of an assert's function */;
        readonly property: string;
        readonly deployment: number;
      }
    | {
        readonly kind: 'history';
        readonly criterion: Criterion /** index into System.specifications */;
        readonly specification: number /** `not sequential(…)` */;
        readonly negated: boolean;
      }
    /** A Boolean expression over metrics: see MetricExpression in code.ts. */
    | { readonly kind: 'metric'; readonly condition: Expression };
}
