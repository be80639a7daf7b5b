import type { TextEdit } from '../base/finding.ts';
import type { Span } from '../base/source.ts';
import type { AdversaryCode, Expression, ProtocolCode, SpecificationCode } from './code.ts';
import type { Criterion } from './consistency.ts';
import type { Type } from './types.ts';

/**
 * A `system` as checked but not yet expanded: names resolved, types right, expressions not evaluated. `expand.ts` makes
 * a System of it, with constants overridden where `--set`, `vary` or a fix being tried out says so.
 */
export interface SystemCode {
  readonly name: string;
  readonly uri: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly documentation: string;
  readonly seed: Expression | null;
  /** Those of the file first, then the system's; a later one may use an earlier one. */
  readonly constants: readonly ConstantCode[];
  /** In declared order, parents before children. */
  readonly zones: readonly {
    readonly name: string;
    readonly parent: string | null;
    readonly attributes: readonly AttributeCode[];
    readonly span: Span;
    readonly nameSpan: Span;
  }[];
  readonly groups: readonly GroupCode[];
  readonly links: readonly LinkCode[];
  readonly channels: readonly {
    readonly from: Expression;
    readonly to: Expression;
    readonly directed: boolean;
    readonly attributes: readonly AttributeCode[];
    readonly span: Span;
  }[];
  readonly timing: {
    readonly model: 'synchronous' | 'partially_synchronous' | 'asynchronous';
    readonly attributes: readonly AttributeCode[];
    readonly span: Span;
  } | null;
  readonly faultModels: readonly {
    readonly name: string;
    readonly budgets: readonly BudgetCode[];
    readonly span: Span;
    readonly nameSpan: Span;
  }[];
  /** Named quorum systems of the system, usable as arguments. */
  readonly quorums: readonly { readonly name: string; readonly value: Expression; readonly span: Span; readonly nameSpan: Span }[];
  readonly runs: readonly RunCode[];
  readonly workloads: readonly {
    readonly name: string;
    readonly clients: Expression;
    readonly calls: readonly CallCode[];
    readonly span: Span;
    readonly nameSpan: Span;
  }[];
  readonly scenarios: readonly ScenarioCode[];
  readonly expectedFindings: readonly { readonly code: string; readonly span: Span }[];
  /** Every protocol that a `run` names, every adversary and specification in scope. */
  readonly protocols: readonly ProtocolCode[];
  readonly adversaries: readonly AdversaryCode[];
  readonly specifications: readonly SpecificationCode[];
}

export interface ConstantCode {
  readonly name: string;
  readonly value: Expression;
  readonly span: Span;
  readonly nameSpan: Span;
}

/** A named value in parentheses; the checker has made sure that the name is known there and the type fits. */
export interface AttributeCode {
  readonly name: string;
  readonly value: Expression;
  readonly span: Span;
}

export interface GroupCode {
  readonly name: string;
  readonly size: Expression | null;
  readonly placement: { readonly spread: boolean; readonly zones: readonly string[]; readonly span: Span } | null;
  readonly attributes: readonly AttributeCode[];
  readonly span: Span;
  readonly nameSpan: Span;
}

export type LinkShape = 'ring' | 'line' | 'star' | 'tree' | 'mesh' | 'grid' | 'hypercube' | 'random' | 'small_world' | 'scale_free';

export interface LinkCode {
  /**
   * `pairs`: every node of `from` to every node of `to` (both Set<Node>). `shape`: edges that a shape gives over its node
   * arguments (`star` has the hub first), `options` holding fanout, columns, degree, neighbors, rewire, attach.
   */
  readonly edges:
    | { readonly kind: 'pairs'; readonly from: Expression; readonly to: Expression; readonly directed: boolean }
    | {
        readonly kind: 'shape';
        readonly shape: LinkShape;
        readonly nodes: readonly Expression[];
        readonly options: readonly AttributeCode[];
      };
  readonly attributes: readonly AttributeCode[];
  readonly span: Span;
}

export type BudgetCode =
  | {
      readonly kind: 'crash' | 'omission' | 'timing' | 'byzantine' | 'outage';
      readonly count: Expression;
      readonly targets: Expression /** for `outage`: zone names in `targets` order */;
      readonly zones: readonly string[];
      readonly attributes: readonly AttributeCode[];
      readonly span: Span;
    }
  | { readonly kind: 'partition'; readonly attributes: readonly AttributeCode[]; readonly span: Span }
  | { readonly kind: 'loss' | 'duplicate'; readonly probability: Expression; readonly targets: Expression | null; readonly span: Span };

export interface RunCode {
  /** What comes before a dot to mean it: its own name (`run … as NAME`), or its protocol's in this file. */
  readonly called: string;
  readonly protocol: string;
  readonly arguments: readonly { readonly name: string; readonly value: Expression; readonly span: Span }[];
  /** Exactly one of `nodes` and `roles` is given. */
  readonly nodes: Expression | null;
  readonly roles: readonly { readonly role: string; readonly nodes: Expression; readonly span: Span }[];
  /** Of each use of its protocol by name, the `run` to suggest where nodes lack it, and what it takes to write it (nothing where it takes more). */
  readonly uses: readonly { readonly name: string; readonly run: string; readonly edits: readonly TextEdit[] }[];
  readonly span: Span;
  readonly nameSpan: Span;
}

export interface CallCode {
  readonly operation: string;
  /** Index into `runs` of the deployment that offers it. */
  readonly run: number;
  readonly arguments: readonly { readonly name: string; readonly generator: GeneratorCode; readonly span: Span }[];
  /** Set<Node> or Node; null: any member of the deployment. */
  readonly target: Expression | null;
  readonly attributes: readonly AttributeCode[];
  readonly span: Span;
}

/** What the states of a run's nodes must show before something happens, and how long after that it does. */
export interface WhenCode {
  readonly run: number;
  readonly condition: Expression;
  /** As it is written. */
  readonly text: string;
  readonly after: Expression | null;
}

export interface ScenarioCallCode extends CallCode {
  readonly when: WhenCode | null;
  /** Null: at the beginning. */
  readonly at: Expression | null;
  /** Set<Node>: each of them calls once. */
  readonly clients: Expression;
  /** Nodes to try in this order, one an attempt; null where `target` says where attempts go. */
  readonly inTurn: readonly Expression[] | null;
}

export type GeneratorCode =
  | { readonly kind: 'value'; readonly value: Expression }
  | { readonly kind: 'unique'; readonly of: 'Int' | 'String' }
  | { readonly kind: 'zipf'; readonly keys: Expression; readonly s: Expression; readonly of: 'Int' | 'String' }
  | { readonly kind: 'uniform_key'; readonly keys: Expression; readonly of: 'Int' | 'String' }
  | { readonly kind: 'uniform_range'; readonly range: Expression }
  /** For a Data: what it carries is drawn, of that type. */
  | { readonly kind: 'data'; readonly type: Type; readonly of: GeneratorCode };

export interface ScenarioCode {
  readonly name: string;
  readonly faults: string | null;
  readonly attributes: readonly AttributeCode[];
  readonly vary: { readonly name: string; readonly values: Expression; readonly span: Span } | null;
  readonly actions: readonly ActionCode[];
  readonly calls: readonly ScenarioCallCode[];
  readonly expectations: readonly ExpectationCode[];
  readonly span: Span;
  readonly nameSpan: Span;
}

/** A fault action with its arguments by name; positional ones have been named (`nodes`, `zone`, `sides`, `factor`, …). */
export interface ActionCode {
  readonly at: Expression | null;
  readonly action:
    | 'crash'
    | 'recover'
    | 'outage'
    | 'partition'
    | 'heal'
    | 'isolate'
    | 'slow'
    | 'pause'
    | 'drift'
    | 'omit'
    | 'lose'
    | 'duplicate'
    | 'reorder'
    | 'delay'
    | 'hold'
    | 'disconnect'
    | 'churn'
    | 'skew'
    | 'byzantine'
    | 'join'
    | 'leave'
    | 'chaos';
  /** Node sets: `nodes` (crash, recover, isolate, slow, skew, byzantine, join, leave, churn; `to` besides where slow and churn are of links), `from`/`to` (lose, duplicate, reorder, delay, hold, disconnect), one a side in `sides` (partition). */
  readonly sets: readonly { readonly name: string; readonly value: Expression }[];
  /** `for`, `factor`, `probability`, `by`, `one_way`, `offset`, `rate`, `up`, `down`, `until`. */
  readonly options: readonly AttributeCode[];
  /** `outage`: the zone's name. */
  readonly zone: string | null;
  /** `when`: what the states of a run's nodes must show before it happens, and how long after that. */
  readonly when: WhenCode | null;
  /** The set `nodes` is chosen at that moment: one of them (`any`), or those that states of the run's nodes tell. */
  readonly choice: {
    readonly one: boolean;
    readonly state: { readonly run: number; readonly nodes: Expression /** as it is written */; readonly text: string } | null;
  } | null;
  /** `byzantine`: a built-in behaviour's or an adversary's name. */
  readonly behavior: string | null;
  /** The message type that alone is struck. */
  readonly message: string | null;
  readonly span: Span;
}

export interface ExpectationCode {
  readonly text: string;
  readonly span: Span;
  readonly expect:
    | { readonly kind: 'violated'; readonly property: string; readonly run: number }
    | { readonly kind: 'history'; readonly criterion: Criterion; readonly specification: string; readonly negated: boolean }
    | { readonly kind: 'metric'; readonly condition: Expression };
}
