import type { Span } from '../base/source.ts';
import type { AdversaryCode, ProtocolCode, SpecificationCode } from './code.ts';
import type { Scenario } from './scenario.ts';
import type { Type } from './types.ts';
import type { Distribution, QuorumSystem, Value } from './values.ts';

/**
 * One `system` of a file, expanded and plain: no Langium in it, serialisable by structured clone, so that a worker can
 * run it. Nodes are indices 0..nodes.length-1 everywhere below; names are for people.
 */
export interface System {
  readonly name: string;
  readonly uri: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly seed: number;
  readonly constants: readonly Constant[];
  readonly zones: readonly Zone[];
  readonly groups: readonly NodeGroup[];
  readonly nodes: readonly SystemNode[];
  readonly network: Network;
  readonly timing: Timing;
  readonly faultModels: readonly FaultModel[];
  /** The system's own named quorum systems (`quorum Site = …`), in declared order; those that have no value are left out. */
  readonly quorums: readonly NamedQuorum[];
  /** Protocols, adversaries and specifications in scope, each once; deployments refer to them by index. */
  readonly protocols: readonly ProtocolCode[];
  readonly adversaries: readonly AdversaryCode[];
  readonly specifications: readonly SpecificationCode[];
  readonly deployments: readonly Deployment[];
  readonly workloads: readonly Workload[];
  readonly scenarios: readonly Scenario[];
  readonly expectedFindings: readonly { readonly code: string; readonly span: Span }[];
}

export interface NamedQuorum {
  readonly name: string;
  readonly system: QuorumSystem;
  readonly span: Span;
  readonly nameSpan: Span;
}

export interface Constant {
  readonly name: string;
  readonly value: Value;
  readonly span: Span;
  /** The initial value's span: what `--set` replaces and a fix edits. */
  readonly valueSpan: Span;
}

/** A failure domain; zones form a tree. */
export interface Zone {
  readonly index: number;
  readonly name: string;
  /** Index of the enclosing zone, -1 at the root. */
  readonly parent: number;
  /** All nodes in it and in zones below, ascending. */
  readonly nodes: readonly number[];
  readonly availability: number | null;
  readonly span: Span;
}

export interface NodeGroup {
  readonly index: number;
  readonly name: string;
  readonly first: number;
  readonly size: number;
  readonly span: Span;
  readonly nameSpan: Span;
  /** The span of the size expression, null when left out (size 1): what a fix edits when it is a literal. */
  readonly sizeSpan: Span | null;
  /** Whether the size is written as a number (not an expression), so that a fix may replace it. */
  readonly sizeIsLiteral: boolean;
  /** Written zone list (zone indices), empty when nodes stand in no zone. */
  readonly placement: readonly number[];
  readonly placementSpan: Span | null;
  readonly attributes: NodeAttributes;
}

/** Attributes of a group; null where the file is silent. */
export interface NodeAttributes {
  readonly availability: number | null;
  readonly mtbf: number | null;
  readonly mttr: number | null;
  /** Service time of one message, ns. */
  readonly cpu: Distribution | null;
  /** One per node of the group (`weight` or `stake`); empty when every node weighs 1. */
  readonly weights: readonly number[];
  /** Clock drift bound as a ratio (0.01 = 1 %). */
  readonly drift: number | null;
  /** Probability of turning Byzantine. */
  readonly compromise: number | null;
}

export interface SystemNode {
  readonly index: number;
  /** `replica[2]`, or just `primary` for a group of one declared without a size. */
  readonly name: string;
  readonly group: number;
  readonly position: number;
  /** Innermost zone, -1 for none. */
  readonly zone: number;
  readonly weight: number;
}

/**
 * The physical network. Where no `link` is written every two nodes are linked: `complete` is true and no edge is
 * listed; the class of a pair is then `pairClass[kind[a] * kinds + kind[b]]`, nodes of one kind having the same zone
 * and group as far as channels tell them apart. Explicit links are columns of equal length.
 */
export interface Network {
  readonly complete: boolean;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** 1 for `->`. */
  readonly directed: Uint8Array;
  /** Index into `classes` of each link, channels applied. */
  readonly linkClass: Int32Array;
  readonly classes: readonly LinkAttributes[];
  readonly kind: Int32Array;
  readonly kinds: number;
  readonly pairClass: Int32Array;
}

export interface LinkAttributes {
  /** One-way delay, ns. */
  readonly latency: Distribution;
  /** The mean share of messages that are lost. */
  readonly loss: number;
  /** Losses come in bursts of this many messages on average, on each directed line; null: each message by itself. */
  readonly burst: number | null;
  readonly duplicate: number;
  /** The probability that a message is overtaken by the next one on its line; 0 where `fifo`. */
  readonly reorder: number;
  /** bits per second, null for unlimited. */
  readonly bandwidth: number | null;
  readonly fifo: boolean;
  /** Where the latency comes from (the link's or channel's text), null for the default. */
  readonly span: Span | null;
}

export interface Timing {
  readonly model: 'synchronous' | 'partially_synchronous' | 'asynchronous';
  /** Δ in ns; null under `asynchronous`. */
  readonly delay: number | null;
  /** GST in ns since the start; 0 under `synchronous`, null under `asynchronous`. */
  readonly gst: number | null;
  /** Null when the file has no `timing`: then asynchronous is assumed. */
  readonly span: Span | null;
  /** Where Δ is written, and whether as a number that a fix may replace. */
  readonly delaySpan?: Span | null;
  readonly delayIsLiteral?: boolean;
}

/** Budgets that may all be spent at once: the admissible fault sets are every combination within them. */
export interface FaultModel {
  readonly name: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly budgets: readonly Budget[];
}

/** What a crash loses of `durable` variables: what was written since the last `sync`, or everything. */
export type Loss = 'unsynced' | 'all';

export type FaultySide = 'send' | 'receive' | 'both';

export type NodeFault = 'crash' | 'omission' | 'timing' | 'byzantine';

export type Budget =
  | {
      readonly kind: NodeFault;
      readonly count: number;
      /** The nodes it may strike, ascending. */
      readonly nodes: readonly number[];
      /** Crashes: what they may lose besides `var`. */
      readonly loses?: Loss;
      readonly recovers: boolean;
      readonly side: FaultySide;
      readonly slowdown: number;
      readonly span: Span;
      readonly countSpan: Span;
      readonly countIsLiteral: boolean;
      readonly targetsSpan: Span;
    }
  | {
      readonly kind: 'outage';
      readonly count: number;
      readonly zones: readonly number[];
      readonly recovers: boolean;
      readonly span: Span;
      readonly countSpan: Span;
      readonly countIsLiteral: boolean;
      readonly targetsSpan: Span;
    }
  | { readonly kind: 'partition' /** ns until it heals, null for never */; readonly heals: number | null; readonly span: Span }
  | {
      readonly kind: 'loss' | 'duplicate';
      readonly probability: number /** null: every link */;
      readonly nodes: readonly number[] | null;
      readonly span: Span;
    };

export interface Deployment {
  readonly index: number;
  /** What comes before a dot to mean it: `RunCode.called`. */
  readonly called: string;
  /** Index into System.protocols. */
  readonly protocol: number;
  readonly span: Span;
  /** The protocol's name at the `run`: where its findings are shown. */
  readonly nameSpan: Span;
  /** All nodes that run it, ascending. */
  readonly members: readonly number[];
  /** Empty for a protocol without roles. */
  readonly roles: readonly { readonly name: string; readonly nodes: readonly number[]; readonly span: Span }[];
  /** Parameters in declared order, defaults filled in. */
  readonly arguments: readonly { readonly name: string; readonly value: Value; readonly span: Span | null; readonly isLiteral: boolean }[];
  /**
   * What its protocol uses, in declared order: by node of the system the deployment that it is bound to, -1 for none; `single` is
   * the one that all who use it are bound to, -1 where there are several or none.
   */
  readonly uses: readonly {
    readonly name: string;
    /** Index into System.protocols. */
    readonly protocol: number;
    readonly bound: readonly number[];
    readonly single: number;
  }[];
  /** The protocol's quorum systems over these members, in declared order. Null where one could not be evaluated (a finding says why). */
  readonly quorums: readonly { readonly name: string; readonly system: QuorumSystem | null; readonly span: Span }[];
}

export interface Workload {
  readonly name: string;
  readonly span: Span;
  readonly clients: readonly number[];
  readonly calls: readonly WorkloadCall[];
}

export interface WorkloadCall {
  readonly span: Span;
  readonly operation: string;
  /** Index into System.deployments of the one that offers the operation. */
  readonly deployment: number;
  readonly arguments: readonly { readonly name: string; readonly generator: Generator }[];
  /** `any`: one of `nodes` drawn for each attempt; `all`: not offered. A fixed node is a list of one. */
  readonly targets: readonly number[];
  /** Calls per second and client; null for closed loop. */
  readonly rate: number | null;
  readonly arrival: 'constant' | 'poisson';
  /** Closed loop: pause between an answer and the next call, ns. */
  readonly think: Distribution | null;
  /** ns; null for none. */
  readonly timeout: number | null;
  readonly retries: number;
  /** First call no earlier than this, ns. */
  readonly start: number;
  /** Calls per client at the most; null for no limit. */
  readonly limit: number | null;
}

export type Generator =
  | { readonly kind: 'constant'; readonly value: Value }
  /** A number or string never used before in the run. */
  | { readonly kind: 'unique'; readonly of: 'Int' | 'String' }
  | { readonly kind: 'zipf'; readonly keys: number; readonly s: number; readonly of: 'Int' | 'String' }
  | { readonly kind: 'uniform_key'; readonly keys: number; readonly of: 'Int' | 'String' }
  | { readonly kind: 'uniform_range'; readonly min: number; readonly max: number }
  /** For a Data: what it carries is drawn, of that type. */
  | { readonly kind: 'data'; readonly type: Type; readonly of: Generator };
