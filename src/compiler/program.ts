import type { Span } from '../base/source.ts';
import type { Loss } from '../model/system.ts';
import type { FieldType, Type } from '../model/types.ts';
import type { Distribution, Value } from '../model/values.ts';
import type { ProgramCoverage } from './coverage.ts';
import type { Writer } from './runtime/writer.ts';
import type { LocalTrigger } from './used.ts';

/**
 * A deployment compiled to JavaScript: what the simulator (and later the explorer) drives. Messages, timers, events,
 * operations and state variables are small integers in the order of the protocol's declarations.
 *
 * Run-time values: Bool, Int, Real, Duration (ns), Rate, Size, String are JavaScript primitives; a Node is its index in
 * the System; `none` is null; an enum member is its index; records, lists, sets, maps, Signed and Call are objects of
 * the compiler's runtime (src/compiler/runtime/), treated as immutable by everybody but compiled code.
 */
export interface Program {
  readonly protocol: string;
  readonly deployment: number;
  readonly messages: readonly PayloadInfo[];
  readonly events: readonly PayloadInfo[];
  readonly operations: readonly (PayloadInfo & { readonly result: Type })[];
  readonly timers: readonly string[];
  /** What handlers take from other protocols on the same node. */
  readonly localTriggers: readonly LocalTrigger[];
  readonly state: readonly { readonly name: string; readonly type: Type; readonly durable: boolean }[];
  /** A node of this deployment in its initial state; nothing has run yet. */
  /** Only where it was compiled to count. */
  readonly coverage?: ProgramCoverage;
  instantiate(node: number, host: Host): Instance;
  /** The same with an adversary's handlers in place of those they name. `adversary` is an index into System.adversaries. */
  instantiateAdversary(node: number, host: Host, adversary: number): Instance;
  /** Invariants and eventualities; each knows which state variables it reads. */
  readonly invariants: readonly CompiledProperty[];
  readonly eventualities: readonly (CompiledProperty & { /** ns, null for none */ readonly within: number | null })[];
  readonly responses: readonly CompiledResponse[];
  readonly persistences: readonly (CompiledProperty & { /** ns */ readonly after: number })[];
  /** What the scenarios' actions wait for (`when`), and the nodes that they choose by state, by the `spanKey` of the expression. */
  readonly conditions: ReadonlyMap<string, CompiledProperty>;
  readonly selections: ReadonlyMap<string, CompiledSelection>;
  /** Builds the payload of message `message` from field values in declared order (for built-in Byzantine behaviours). */
  makeMessage(message: number, fields: readonly unknown[]): Payload;
  /** Field values of a payload in declared order. */
  fieldsOf(message: number, payload: Payload): unknown[];
  /** The same for events (what `Host.emit` gets) and operations (what a CallHandle carries). */
  fieldsOfEvent(event: number, payload: Payload): unknown[];
  fieldsOfOperation(operation: number, payload: Payload): unknown[];
  /** Builds `CallHandle.fields` from run-time values in declared order. */
  makeOperation(operation: number, fields: readonly unknown[]): Payload;
  /** A run-time value of a type from a value known before the run. */
  fromValue(value: Value, type: Type): unknown;
  /**
   * How a run-time value reads in the language: `{replica[0], replica[2]}`, `Entry(term: 3, command: "x")`. At the most
   * `most` characters, the last of them an ellipsis where there would be more; what is cut off costs nothing.
   */
  format(value: unknown, type: Type, most?: number): string;
  /** Writes how the fields of a payload read: `term: 3, command: "x"`. */
  writeFields(kind: PayloadKind, index: number, payload: Payload, out: Writer): void;
  /** Writes how an operation's answer reads; nothing for one that has no value. */
  writeAnswer(operation: number, value: unknown, out: Writer): void;
  /**
   * Writes how a state variable's value reads. A part that may change in place is held from then on: it changes no more, another
   * takes its place.
   */
  glimpse(variable: number, value: unknown, out: Writer, into: Glimpse): void;
  /** Whether the value shows the parts of a glimpse as they were, so that it would read the same. False where it has none. */
  readsAs(variable: number, value: unknown, glimpse: Glimpse): boolean;
  /** The same value as plain JSON-like data with node indices, for digests and for comparing results in histories. */
  canonical(value: unknown, type: Type): string;
  /** The type of this text, which begins the canonical text of a Data; undefined where no Data of this program carried one. */
  carriedType(text: string): Type | undefined;
  /** Bytes of a message on the wire: 16 for the header, 8 a number, the characters of a string, the sum over elements. */
  sizeOf(message: number, payload: Payload): number;
}

/** What is seen of a state variable's value. */
export interface Glimpse {
  /** The outermost parts that the text shows: elements; keys and values in turn; fields. */
  readonly parts: unknown[];
  /** Whether these are all there are. */
  whole: boolean;
}

export type PayloadKind = 'message' | 'event' | 'operation';

export interface PayloadInfo {
  readonly name: string;
  readonly fields: readonly FieldType[];
  /** The role whose nodes handle it; null for all members. */
  readonly role: string | null;
  /** Whether some handler takes it. */
  readonly handled: boolean;
}

/** A message's or event's fields: an object of a fixed shape per message, shared by all receivers of a broadcast. */
export type Payload = object;

/** An operation's call in the hands of a handler, of type `Call`. */
export interface CallHandle {
  readonly id: number;
  /** The operation's index. */
  readonly operation: number;
  readonly fields: Payload;
  /** The client that calls. */
  readonly client: number;
  /** Index of the deployment whose operation it is; where several protocols compose. */
  readonly deployment?: number;
}

/** What `on r: log.Submit` handles. */
export interface UsedAnswer {
  readonly call: CallHandle;
  readonly value: unknown;
}

/**
 * What compiled code may ask of whoever runs it. `node` is always the acting node. All methods are called
 * synchronously from within a handler.
 */
export interface Host {
  send(node: number, target: number, message: number, payload: Payload): void;
  /** To all members of the deployment but `node`, in ascending order. */
  broadcast(node: number, message: number, payload: Payload): void;
  setTimer(node: number, timer: number, delay: number): void;
  cancelTimer(node: number, timer: number): void;
  emit(node: number, event: number, payload: Payload): void;
  replyCall(node: number, call: CallHandle, value: unknown): void;
  /** The node's local clock, ns. */
  now(node: number): number;
  /** A uniform draw in [0, 1) from the protocol's own random stream of that node. */
  random(node: number): number;
  /** A draw from a distribution. */
  draw(node: number, distribution: Distribution): number;
  /** An `assert` that failed. */
  assertionFailed(node: number, text: string, span: Span): void;
  /** Whether what the node writes gets to the disk: not behind the last message of one that is crashing amid its sends. */
  canSync(node: number): boolean;
  /** The members that lie now, ascending. */
  liars(): readonly number[];
  /** What a node that lies runs; undefined for one that does not, or takes no part. */
  liar(node: number): Instance | undefined;
  /** The instance on the node of what it uses, by the use's place in the protocol. Only where protocols use others. */
  used?(node: number, use: number): Instance;
  /** Calls an operation of what the node uses: its own instance's, or with `target` >= 0 that of another node. */
  callUsed?(node: number, use: number, operation: number, fields: Payload, target: number, span: Span): CallHandle;
  /** Direct links of the node among all nodes, ascending. */
  neighbors(node: number): readonly number[];
  /**
   * Steps left for the handler that is running. Compiled code lowers it at each loop iteration, call and collection
   * operation over many elements, and throws RuntimeFailure (kind `limit`) below zero.
   */
  fuel: number;
}

/** One node's protocol state and its handlers. */
export interface Instance {
  readonly node: number;
  start(): void;
  recover(): void;
  /**
   * Crash: `var` goes back to its initial value, `durable` stays; with `unsynced` it goes back to what it was at the last
   * `sync` (in a protocol that never syncs it stays), with `all` to its initial value.
   */
  crash(loses?: Loss): void;
  message(message: number, payload: Payload, sender: number): void;
  timeout(timer: number): void;
  operation(operation: number, call: CallHandle): void;
  /** What another protocol on the node emitted, or an answer of it; `trigger` is an index into Program.localTriggers. Only where there are any. */
  local?(trigger: number, payload: Payload | UsedAnswer): void;
  /** Current run-time value of a state variable (index into Program.state), to look at: the next step may write into it. */
  read(variable: number): unknown;
  /** All state, an adversary's included, as a snapshot that later steps leave alone; `restore` takes it back. */
  save(): readonly unknown[];
  restore(state: readonly unknown[]): void;
  /**
   * A bit for each of the first 31 state variables (bit 31: any later one), set by every write; the simulator clears it after each step and
   * evaluates the invariants whose `reads` meet it.
   */
  dirty: number;
}

/** The nodes that an expression over states gives, ascending; arguments as for properties. */
export type CompiledSelection = (
  instances: readonly (Instance | undefined)[],
  members: readonly number[],
  correct: readonly number[],
) => readonly number[];

export interface CompiledProperty {
  readonly name: string;
  readonly span: Span;
  /** The mask of state variables that it reads, in the bits of Instance.dirty. */
  readonly reads: number;
  /** The same of the protocols that are used, in their order; empty where nothing of them is read. */
  readonly readsUsed?: readonly number[];
  /**
   * Evaluates over the instances (indexed by system node; undefined for nodes outside the deployment). `members` are the
   * deployment's nodes that are not Byzantine, `correct` those of them that are up. Null when it holds, else what the
   * quantified variables stood for in the first counterexample. `changed` is the node that has just acted: a property
   * whose outer quantifiers range over members may restrict itself to the tuples with that node in them; -1 means all.
   */
  check(
    instances: readonly (Instance | undefined)[],
    members: readonly number[],
    correct: readonly number[],
    changed: number,
  ): string | null;
}

/** Bindings of a response property that wait for its Q; compiled code tells it what it finds. */
export interface Pending {
  /** P holds for some binding. */
  holds(): void;
  /** P holds for a binding and Q does not. Equal keys are equal bindings; `text` says what its variables stand for. */
  wait(key: number | string, values: readonly unknown[], text: () => string): void;
}

/** `forall x…: P leads_to Q`. */
export interface CompiledResponse {
  readonly name: string;
  readonly span: Span;
  readonly reads: number;
  readonly readsUsed?: readonly number[];
  /** ns, null for none. */
  readonly within: number | null;
  /** Whether P and Q of a binding depend on the state of its nodes alone: then a step of another node changes neither. */
  readonly local: boolean;
  /** Looks at all bindings, or, where `local`, at those with the node `changed` (-1 for all) in them. */
  scan(
    instances: readonly (Instance | undefined)[],
    members: readonly number[],
    correct: readonly number[],
    changed: number,
    pending: Pending,
  ): void;
  /** Whether Q holds for the values of a binding. */
  met(
    instances: readonly (Instance | undefined)[],
    members: readonly number[],
    correct: readonly number[],
    values: readonly unknown[],
  ): boolean;
}

/** Thrown by compiled code: a run-time error of the specification, with its place. */
export class RuntimeFailure extends Error {
  constructor(
    message: string,
    readonly span: Span,
    readonly kind: 'error' | 'limit' = 'error',
  ) {
    super(message);
    this.name = 'RuntimeFailure';
  }
}
