import type { Span } from '../base/source.ts';
import type { ProblemName } from './problems.ts';
import type { QuestionName } from './questions.ts';
import type { FieldType, Type } from './types.ts';
import type { Value } from './values.ts';

/**
 * Checked code as plain typed trees: what the language stage hands to analysis, compiler and explorer. Every name is
 * resolved, every conversion explicit, every expression carries its type and its place. Serialisable.
 */
export interface ProtocolCode {
  readonly name: string;
  readonly uri: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly documentation: string;
  /** Protocols that this one uses on the same node, in the order written. */
  readonly uses: readonly UseCode[];
  readonly parameters: readonly Parameter[];
  readonly constants: readonly { readonly name: string; readonly type: Type; readonly value: Expression; readonly span: Span }[];
  readonly quorums: readonly QuorumDeclaration[];
  readonly requirements: readonly Requirement[];
  /** `solves …`, in the order written. */
  readonly solves: readonly { readonly problem: ProblemName; readonly span: Span; readonly nameSpan: Span }[];
  /** `scales with (…)`; null when the protocol does not say. */
  readonly scaling: ScalingDeclaration | null;
  readonly enums: readonly { readonly name: string; readonly members: readonly string[]; readonly span: Span }[];
  readonly records: readonly { readonly name: string; readonly fields: readonly FieldType[]; readonly span: Span }[];
  readonly messages: readonly Signature[];
  readonly events: readonly Signature[];
  readonly operations: readonly (Signature & { readonly result: Type /** null outside roles */; readonly role: string | null })[];
  /** Roles in declared order; empty for a protocol without roles. State, timers, handlers and functions name their role. */
  readonly roles: readonly { readonly name: string; readonly span: Span; readonly documentation: string }[];
  readonly state: readonly StateVariable[];
  readonly timers: readonly { readonly name: string; readonly role: string | null; readonly span: Span; readonly nameSpan: Span }[];
  readonly handlers: readonly Handler[];
  readonly functions: readonly FunctionCode[];
  readonly invariants: readonly Property[];
  readonly eventualities: readonly (Property & {
    /** ns-valued, null for none: then the scenario's end counts */ readonly within: Expression | null;
  })[];
  /**
   * `eventually … { P leads_to Q }`. The condition holds the leading `forall`s around `P implies Q`; what differs from an
   * implication is that Q may come up to `within` (ns-valued, null for the scenario's end) later.
   */
  readonly responses: readonly (Property & { readonly within: Expression | null })[];
  /** `always … after d`: the condition holds from `after` (ns-valued, null for 0) after GST or the last fault on. */
  readonly persistences: readonly (Property & { readonly after: Expression | null })[];
}

/**
 * `uses log: Raft`. What belongs to the used protocol is named with the use's name before it: state `log.term`, parameter `log.election`,
 * quorum `log.Majority`, and as roles `log.members` (the members of the deployment that the node is bound to) and its roles.
 */
export interface UseCode {
  readonly name: string;
  /** The protocol's name, as its declaration says it. */
  readonly protocol: string;
  /** The role whose nodes use it; null for all. */
  readonly role: string | null;
  /** A place that needs the protocol to run on the node itself; null where it is only called on nodes that are named. */
  readonly local: Span | null;
  /** A place that all nodes share (a requirement, a quorum), so that they must be bound to one deployment. */
  readonly single: Span | null;
  readonly span: Span;
  readonly nameSpan: Span;
}

export interface Parameter {
  readonly name: string;
  readonly type: Type;
  /** Null when an argument must be given. */
  readonly value: Expression | null;
  readonly span: Span;
  readonly documentation: string;
}

export interface QuorumDeclaration {
  readonly name: string;
  /** Type Quorum; federated slices are an expression of their own. Null where it could not be read (reported). */
  readonly value: Expression | null;
  readonly span: Span;
  readonly nameSpan: Span;
}

export interface Requirement {
  readonly kind: 'safety' | 'liveness';
  readonly condition: Expression;
  /** The condition's source text. */
  readonly text: string;
  readonly because: string | null;
  readonly span: Span;
}

/** How the work of a protocol divides among its members: shares in 0..1, null where not written (then 0). */
export interface ScalingDeclaration {
  /** σ: the share of the work that no two members do at the same time. */
  readonly serial: Expression | null;
  /** κ: the cost of keeping each pair of members consistent, as a share of the work. */
  readonly crosstalk: Expression | null;
  readonly span: Span;
}

export interface Signature {
  readonly name: string;
  readonly fields: readonly FieldType[];
  readonly span: Span;
  readonly nameSpan: Span;
  readonly documentation: string;
}

export interface StateVariable {
  readonly name: string;
  readonly type: Type;
  readonly durable: boolean;
  readonly role: string | null;
  readonly initial: Expression;
  readonly span: Span;
  readonly nameSpan: Span;
}

export type Trigger =
  | { readonly kind: 'start' | 'recover' }
  | { readonly kind: 'timeout'; readonly timer: string }
  /** `variable` and `sender` are locals of the body (sender null when not named). */
  | { readonly kind: 'message'; readonly message: string; readonly variable: string; readonly sender: string | null }
  | { readonly kind: 'operation'; readonly operation: string; readonly variable: string }
  /** What a used protocol emits on the same node. */
  | { readonly kind: 'used-event'; readonly use: string; readonly event: string; readonly variable: string }
  /** The answer to a call of a used protocol's operation: fields `call`, `result` where it has one, and what was asked. */
  | { readonly kind: 'answer'; readonly use: string; readonly operation: string; readonly variable: string };

export interface Handler {
  readonly trigger: Trigger;
  readonly role: string | null;
  readonly body: readonly Statement[];
  readonly span: Span;
  /** The `on …` head without its body. */
  readonly headSpan: Span;
}

export interface FunctionCode {
  readonly name: string;
  readonly role: string | null;
  readonly parameters: readonly FieldType[];
  readonly result: Type;
  readonly body: readonly Statement[];
  readonly span: Span;
  readonly nameSpan: Span;
}

export interface Property {
  readonly name: string;
  readonly condition: Expression;
  readonly text: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly documentation: string;
}

/** An adversary's handlers replace the protocol's of the same trigger; the rest of the protocol runs unchanged. */
export interface AdversaryCode {
  readonly name: string;
  readonly protocol: string;
  readonly state: readonly StateVariable[];
  readonly handlers: readonly Handler[];
  readonly functions: readonly FunctionCode[];
  readonly span: Span;
  readonly nameSpan: Span;
}

/** A sequential specification: operations over state, each ending by `reply`. */
export interface SpecificationCode {
  readonly name: string;
  readonly enums: ProtocolCode['enums'];
  readonly records: ProtocolCode['records'];
  readonly state: readonly StateVariable[];
  readonly operations: readonly (Signature & { readonly result: Type; readonly body: readonly Statement[] })[];
  readonly functions: readonly FunctionCode[];
  readonly span: Span;
  readonly nameSpan: Span;
}

// ---- statements -----------------------------------------------------------------------------------------------------

/** Where an assignment writes: a variable, then steps into it (`pending[r].heard` is state `pending`, index, field). */
export interface Place {
  readonly root: { readonly kind: 'state' | 'local'; readonly name: string };
  readonly steps: readonly (
    | { readonly kind: 'index' /** of a List: Int; of a Map: its key type */; readonly container: Type; readonly index: Expression }
    | { readonly kind: 'field'; readonly record: string; readonly name: string }
  )[];
  readonly type: Type;
  readonly span: Span;
}

export type Statement = { readonly span: Span } & (
  | { readonly kind: 'let'; readonly name: string; readonly type: Type; readonly value: Expression }
  /**
   * `set` replaces. `add`/`remove` on numbers and durations are arithmetic; on a List `add` appends an element or (value
   * of the same list type) concatenates; on a Set `add`/`remove` take an element or a set; on a Map `remove` takes a key.
   * Which of element and collection is told by `value.type` against `place.type`.
   */
  | { readonly kind: 'assign'; readonly place: Place; readonly operator: 'set' | 'add' | 'remove'; readonly value: Expression }
  | { readonly kind: 'if'; readonly condition: Expression; readonly then: readonly Statement[]; readonly otherwise: readonly Statement[] }
  /** Over a List, Set (ascending order of elements), Range of Int, or the keys of a Map (ascending). */
  | { readonly kind: 'for'; readonly variable: string; readonly domain: Expression; readonly body: readonly Statement[] }
  | {
      readonly kind: 'match';
      readonly subject: Expression;
      readonly arms: readonly { readonly patterns: readonly Expression[] /** no patterns: else */; readonly body: readonly Statement[] }[];
    }
  | { readonly kind: 'return'; readonly value: Expression | null }
  | { readonly kind: 'assert'; readonly condition: Expression; readonly text: string }
  /** `target` is a Node, Set<Node> or List<Node>. */
  | { readonly kind: 'send'; readonly message: string; readonly fields: readonly Expression[]; readonly target: Expression }
  /** To all members but oneself (in a protocol of roles: all nodes of the deployment but oneself). */
  | { readonly kind: 'broadcast'; readonly message: string; readonly fields: readonly Expression[] }
  /** Answers the message that is being handled: a send to its sender. */
  | { readonly kind: 'reply-message'; readonly message: string; readonly fields: readonly Expression[] }
  /** Answers a Call: `call` is the operation's variable or an expression of type Call (in a specification the local `$call`); value null for no result. */
  | { readonly kind: 'reply-call'; readonly call: Expression; readonly value: Expression | null }
  /** `delay` is a Duration or a Distribution of it. Setting a timer that is set moves it. */
  | { readonly kind: 'set-timer'; readonly timer: string; readonly delay: Expression }
  | { readonly kind: 'cancel-timer'; readonly timer: string }
  /** What was written to `durable` variables so far is safe, whatever a later crash loses. */
  | { readonly kind: 'sync' }
  | { readonly kind: 'emit'; readonly event: string; readonly fields: readonly Expression[] }
  /** Calls an operation of a used protocol: on the node itself, or on `target` (a Node). `variable` then stands for the Call. */
  | {
      readonly kind: 'call-used';
      readonly use: string;
      readonly operation: string;
      readonly arguments: readonly Expression[];
      readonly target: Expression | null;
      readonly variable: string | null;
    }
  /** A call for its effects. */
  | { readonly kind: 'do'; readonly call: Expression }
);

// ---- expressions ----------------------------------------------------------------------------------------------------

/**
 * Names that a deployment, fault model or run gives.
 * `n`, `members`: the deployment. `self`, `peers` (members but self), `neighbors` (direct links), `now` (local clock, ns): a handler's.
 * `byzantine`, in an adversary: the members that lie now.
 * `correct`: members neither Byzantine nor down now (properties). `crashed`, `omitting`, `byzantine`, `faulty`,
 * `crashed_weight`, `byzantine_weight`, `timing` (members that may be slow), `delay`, `connectivity`, `edge_connectivity`,
 * `degree`, `diameter`, `worst_diameter`,
 * `peak_members` (with how many members a protocol that `scales with` does most), `utilisation` (of the busiest member under the workloads), `drift` (largest clock drift bound): requirements only.
 */
export type GivenName =
  | 'n'
  | 'members'
  | 'self'
  | 'peers'
  | 'neighbors'
  | 'now'
  | 'correct'
  | 'crashed'
  | 'omitting'
  | 'byzantine'
  | 'faulty'
  | 'crashed_weight'
  | 'byzantine_weight'
  | 'timing'
  | 'delay'
  | 'gst'
  | 'connectivity'
  | 'edge_connectivity'
  | 'degree'
  | 'diameter'
  | 'worst_diameter'
  | 'peak_members'
  | 'utilisation'
  | 'drift'
  | 'longest_partition'
  | 'message_loss';

/**
 * Arithmetic is on plain numbers in the fixed units: where a quotient or product of quantities needs a factor (3 / 1s is 3e9 / 1e9 per
 * second), the checker has put it into the code. `/` on two Ints rounds down. `*` and `+` of type Quorum are all of two and one of two.
 * On collections `+` joins two Lists; `|`, `&`, `\\` take two Sets. Elements have been made collections of one.
 */
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | 'mod'
  | '^'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'and'
  | 'or'
  | 'implies'
  | '|'
  | '&'
  | '\\'
  | '..';

/**
 * Functions that the language gives. Handlers: `random(range)` draws uniformly from a Range or Distribution, `choose(c)` one element
 * (Optional-free: a run-time error on an empty collection) or `choose(c, k)` a Set of at most k, `shuffle(c)` a List in random order, `hash(x)` an Int, `sign(x)` a Signed.
 * Everywhere: `log` (natural), `log2`, `log10`, `normal_tail(x, mean, sd)`, `xor`, `bit_and`, `bit_or`, `bit_length` (of Ints from 0 on), `text(x)`, `sqrt`, `exp`, `ceil`, `floor`, `round`, `abs`, `min`, `max`, `weight(s)`, `real`.
 * Quorums: `majority(s)`, `atleast(k, s)`, `weighted(s, threshold)`, `grid(s, rows, columns)`; s is a set of nodes or a list of quorums.
 * Requirements: the questions of `questions.ts`. Distributions: `uniform` … `empirical`. `distribution` lifts a plain number.
 */
export type IntrinsicName =
  | 'random'
  | 'choose'
  | 'shuffle'
  | 'hash'
  | 'sign'
  | 'log'
  | 'log2'
  | 'log10'
  | 'normal_tail'
  | 'xor'
  | 'bit_and'
  | 'bit_or'
  | 'bit_length'
  | 'text'
  | 'sqrt'
  | 'exp'
  | 'ceil'
  | 'floor'
  | 'round'
  | 'abs'
  | 'min'
  | 'max'
  | 'weight'
  | 'majority'
  | 'atleast'
  | 'weighted'
  | 'grid'
  | QuestionName
  | 'uniform'
  | 'normal'
  | 'lognormal'
  | 'exponential'
  | 'pareto'
  | 'empirical';

/**
 * Methods by receiver; `src/language/elaborate/methods.ts` has their parameters.
 * List, Set: size, is_empty, map (a List of both), filter, count, any, all, sum, sum(each), min, max, min_by, max_by, sorted, sorted_by,
 * fold, find (an optional), flat_map (a List), contains, associate, to_list, to_set. List: first, last, take, drop, get(i, default), index_of (an Int?), reversed; `first` and
 * `last` of a Set are its `min` and `max`, and `members[i]` is `members.to_list()[i]`. Map: size, is_empty, get(k, default), keys (a Set),
 * values (a List), contains, filter, count, any, all with (k, v) => …,  map_values(v => …), map, sum, min_by and max_by (a key) with (k, v) => …, merge(other, (mine, theirs) => …). `get` without a default has a literal `none`
 * for one. Range: min, max; everything else of a Range of Int is asked of its `range-to-list`. Optional: or(default), is_none.
 * Signed: value, signer. String: size, is_empty. Quorum: met(s), whether the set of nodes contains a quorum;
 * satisfied(s, node), blocked(s, node), trusted(node) by the node's own slices. Lambdas are passed as
 * Lambda expressions only.
 */
export type MethodName = string;

/** `Real` from `Int`, `T?` from `T`, a quorum from a node or set of nodes (all of them), a distribution from a plain value, a List from a Range of Int (both ends included), `Data` from a value that it then carries (`to-data`), and that value again (`from-data`: a run-time error where it is of another type). */
export type Conversion = 'int-to-real' | 'to-optional' | 'node-to-quorum' | 'to-distribution' | 'range-to-list' | 'to-data' | 'from-data';

export type Expression = { readonly type: Type; readonly span: Span } & (
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'local'; readonly name: string }
  /** A state variable of the node itself; `log.term`: of a used protocol's instance on it. */
  | { readonly kind: 'state'; readonly name: string }
  /** A state variable of another node; in properties only. */
  | { readonly kind: 'remote-state'; readonly node: Expression; readonly name: string }
  | { readonly kind: 'parameter'; readonly name: string }
  /** A constant of the protocol or (in systems) of the system or file. */
  | { readonly kind: 'constant'; readonly name: string }
  | { readonly kind: 'given'; readonly name: GivenName }
  /** The nodes of a role, as Set<Node>; `log.members` and `log.role`: of a used protocol's deployment. */
  | { readonly kind: 'role'; readonly name: string }
  | { readonly kind: 'quorum'; readonly name: string }
  /** A node group of a system as Set<Node>; a group declared without size used as Node has type Node. */
  | { readonly kind: 'group'; readonly name: string }
  | { readonly kind: 'zone'; readonly name: string }
  | { readonly kind: 'all-nodes' }
  | { readonly kind: 'unary'; readonly operator: '-' | 'not'; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'conditional'; readonly condition: Expression; readonly then: Expression; readonly otherwise: Expression }
  /** One bound variable a quantifier; `forall a, b in s` is two nested ones. */
  | {
      readonly kind: 'quantifier';
      readonly quantifier: 'forall' | 'exists';
      readonly variable: string;
      readonly domain: Expression;
      readonly body: Expression;
    }
  | { readonly kind: 'lambda'; readonly parameters: readonly string[]; readonly body: Expression }
  /** A `fun` of the protocol. */
  | { readonly kind: 'call'; readonly function: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'intrinsic'; readonly name: IntrinsicName; readonly arguments: readonly Expression[] }
  | { readonly kind: 'method'; readonly receiver: Expression; readonly method: MethodName; readonly arguments: readonly Expression[] }
  /** Of a record, message, operation or event value; of a Call of any operation that has the field (a run-time error for others). */
  | { readonly kind: 'field'; readonly object: Expression; readonly name: string }
  /** `list[i]`, `map[k]`; of a node group: `replica[i]`. A slice `replica[0..2]` is written with a Range index (its end included). */
  | { readonly kind: 'index'; readonly object: Expression; readonly index: Expression }
  | { readonly kind: 'record'; readonly record: string; readonly fields: readonly Expression[] }
  | {
      readonly kind: 'with';
      readonly object: Expression;
      readonly updates: readonly { readonly name: string; readonly value: Expression }[];
    }
  | { readonly kind: 'enum'; readonly enum: string; readonly member: string }
  | { readonly kind: 'list' | 'set'; readonly items: readonly Expression[] }
  | { readonly kind: 'map'; readonly entries: readonly { readonly key: Expression; readonly value: Expression }[] }
  /** `slices { v: … }`: what each of the nodes (Set<Node>) needs to hear from, a quorum. In declarations of quorums only. */
  | {
      readonly kind: 'slices';
      readonly entries: readonly { readonly nodes: Expression; readonly needs: Expression; readonly span: Span }[];
    }
  | { readonly kind: 'convert'; readonly conversion: Conversion; readonly value: Expression }
  /** Whether a Data carries a value of type `of`. */
  | { readonly kind: 'carries'; readonly value: Expression; readonly of: Type }
  | { readonly kind: 'metric'; readonly metric: Metric }
);

// ---- metrics --------------------------------------------------------------------------------------------------------

export type Statistic = 'mean' | 'p50' | 'p90' | 'p99' | 'p999' | 'max';

/** Whose events and operations a metric is of. */
interface MeasuredRun {
  /** Index of the deployment in the system. */
  readonly deployment: number;
  /** What is written before the dot to mean it; left out where nothing is. */
  readonly of?: string;
}

/** What an `expect` measures over a run. */
export type Metric =
  | (MeasuredRun & { readonly kind: 'count' | 'reach'; readonly event: string })
  | (MeasuredRun & { readonly kind: 'throughput' | 'success' | 'messages_per' | 'rounds'; readonly operation: string })
  | (MeasuredRun & { readonly kind: 'latency'; readonly operation: string; readonly statistic: Statistic })
  | (MeasuredRun & { readonly kind: 'time_to'; readonly event: string; readonly statistic: Statistic })
  | { readonly kind: 'messages' | 'bytes' };
