/**
 * The search for an order: answers are taken in order of time, and calls are given their place only when an answer needs
 * it (Lowe's just-in-time linearisation). What was tried is remembered by (answers passed, state). Three observations
 * keep the number of configurations small:
 *
 * - A call that was never answered is optional, and having used fewer of those is never worse.
 * - A call that leaves the state alone and gives its observed result here may have its place here.
 * - A call whose effect the next one overwrites may have its place just before that one.
 *
 * Calls of the last two kinds are `hidden`: they count as placed or not, as later answers ask for, so that one
 * configuration stands for all their subsets.
 */

import { Frontier } from './frontier.ts';
import type { Budget, HistoryOperation, LinearizabilityResult, SequentialModel } from './linearizability.ts';

/** Operations placed so far, newest first. `at` is the time of the answer that made it necessary. */
interface Trail {
  /** -1 for an empty slot, where hidden calls may go. */
  readonly operation: number;
  readonly at: number;
  readonly changed: boolean;
  /** Set where the operation takes effect just before that one, unseen. */
  readonly host: Trail | null;
  readonly before: Trail | null;
}

/** Between two answers: the state, and which open calls are placed already. All lists ascend. */
interface Configuration {
  readonly state: unknown;
  readonly stateKey: string;
  /** Answered later, placed already. */
  readonly placed: readonly number[];
  /** Answered later; may count as placed, each before its host. */
  readonly hidden: readonly { readonly index: number; readonly host: Trail }[];
  /** Never answered, placed. */
  readonly used: readonly number[];
  readonly trail: Trail | null;
}

/** The ways to pass one answer from one configuration, found breadth first: fewest additional calls first. */
interface Frame {
  readonly answer: number;
  readonly queue: Configuration[];
  /** How many of the queue were tried, and how many were extended by one more call. */
  tried: number;
  extended: number;
  readonly ready: Configuration[];
}

type Outcome =
  | Exclude<LinearizabilityResult, { verdict: 'yes' }>
  | { readonly verdict: 'yes'; readonly placed: readonly { readonly id: number; readonly at: number }[] };

/** How often an operation's name must be seen to change the state before it is no longer tried as one that does not. */
const NEUTRALITY_TRIES = 16;
/** Operations to show before one that cannot be placed: they say how the state came about. */
const SHOWN_BEFORE = 6;
/** Answers to look at when there is a choice. */
const LOOK_AHEAD = 64;

export class Search {
  /** By time of call. */
  private readonly operations: readonly HistoryOperation[];
  private readonly resultKeys: readonly string[];
  /** Operations that were answered, by time of answer. */
  private readonly answers: readonly number[];
  /** For each answer, the answered operations that are open at it, itself included. */
  private readonly openAt: readonly (readonly number[])[];
  private readonly unanswered: readonly number[];
  /** For each answer, how many of `unanswered` were called before it. */
  private readonly unansweredAt: readonly number[];
  /** Configurations that have passed an answer, by the next answer. */
  private readonly passed = new Frontier();
  /**
   * Configurations that were about to pass an answer. Shared by all frames of the answer: when one of them is left, all that it
   * queued has failed.
   */
  private readonly queued = new Frontier();
  private readonly neutrality = new Map<string, { tries: number; neutral: number }>();
  private deepest = -1;
  private deepestStates = new Map<string, Configuration>();

  constructor(
    history: readonly HistoryOperation[],
    private readonly model: SequentialModel,
    private readonly budget: Budget,
    private readonly mode: 'hide-overwritten' | 'plain',
  ) {
    this.operations = [...history].sort((a, b) => a.call - b.call || a.id - b.id);
    this.resultKeys = this.operations.map((op) => (op.response === null ? '' : model.resultKey(op.operation, op.result)));
    const indices = this.operations.map((_, index) => index);
    this.unanswered = indices.filter((index) => this.at(index).response === null);
    this.answers = indices.filter((index) => this.at(index).response !== null).sort((a, b) => this.response(a) - this.response(b) || a - b);
    const openAt: number[][] = [];
    const unansweredAt: number[] = [];
    let open: number[] = [];
    let called = 0;
    let unansweredCalled = 0;
    for (const answer of this.answers) {
      for (; called < this.operations.length && this.at(called).call <= this.response(answer); called++) {
        if (this.at(called).response === null) unansweredCalled++;
        else open.push(called);
      }
      openAt.push(open);
      unansweredAt.push(unansweredCalled);
      open = open.filter((index) => index !== answer);
    }
    this.openAt = openAt;
    this.unansweredAt = unansweredAt;
  }

  run(): Outcome {
    const state = this.model.initial();
    const stateKey = shorten(this.model.stateKey(state));
    let current: Configuration | null = { state, stateKey, placed: [], hidden: [], used: [], trail: null };
    let answer = 0;
    const frames: Frame[] = [];
    for (;;) {
      if (current !== null) {
        if (answer === this.answers.length) return { verdict: 'yes', placed: this.unwind(current.trail) };
        const open: Configuration = this.absorb(current, answer);
        this.noteDepth(answer, open);
        const goal = this.answers[answer] as number;
        if (open.placed.includes(goal)) {
          answer++;
          current = passPlaced(open, goal);
          continue;
        }
        const frame: Frame = { answer, queue: [], tried: 0, extended: 0, ready: [] };
        this.enqueue(frame, open);
        frames.push(frame);
      }
      const frame: Frame | undefined = frames.at(-1);
      if (!frame) return this.refuted();
      if (this.budget.left <= 0) return { verdict: 'unknown', reason: 'the limit on visited configurations was reached' };
      if (this.spend() && this.budget.shouldStop()) {
        this.budget.left = 0;
        return { verdict: 'unknown', reason: 'stopped' };
      }
      current = this.advance(frame);
      if (current !== null) answer = frame.answer + 1;
      else if (frame.extended === frame.queue.length && frame.ready.length === 0) frames.pop();
    }
  }

  /** One step within a frame: tries to pass the answer from the next configuration; when all are tried, extends one. */
  private advance(frame: Frame): Configuration | null {
    const goal = this.answers[frame.answer] as number;
    if (frame.ready.length === 0 && frame.tried < frame.queue.length) {
      const from = frame.queue[frame.tried++] as Configuration;
      if (from.placed.includes(goal)) frame.ready.push(passPlaced(from, goal));
      else {
        const placed = this.place(from, goal, frame.answer);
        if (placed) frame.ready.push(passPlaced(placed, goal));
        const hidden = from.hidden.find((entry) => entry.index === goal);
        if (hidden) {
          // Last in, first out. Unless what comes next asks for its effect, leaving the state as it is comes first.
          const first = placed !== null && this.promise(placed, frame.answer) > this.promise(from, frame.answer);
          frame.ready.splice(first ? 0 : 1, 0, this.passHidden(from, hidden));
        }
      }
    } else if (frame.ready.length === 0 && frame.extended < frame.queue.length) {
      const from = frame.queue[frame.extended++] as Configuration;
      if (!from.placed.includes(goal)) this.extend(frame, from, goal);
    }
    const passed = frame.ready.pop();
    return passed && remember(this.passed, `${frame.answer}|${passed.stateKey}`, passed) ? passed : null;
  }

  /** How many of the next answers this state explains: a guess that only decides what is tried first. */
  private promise(configuration: Configuration, answer: number): number {
    const lookAhead = Math.min(LOOK_AHEAD, 3 * (this.openAt[answer] as readonly number[]).length);
    return this.answers.slice(answer + 1, answer + 1 + lookAhead).filter((next) => {
      // What is hidden or placed already is explained whatever the state.
      if (configuration.placed.includes(next) || configuration.hidden.some((entry) => entry.index === next)) return false;
      const after = this.step(configuration.state, next);
      return after !== null && this.keyOf(after.state) === configuration.stateKey;
    }).length;
  }

  /** Counts a configuration; true every 256, when it is time to ask whether to stop. */
  private spend(): boolean {
    return --this.budget.left % 256 === 0;
  }

  /** Queues what one more call, other than the one to be answered, makes of a configuration. */
  private extend(frame: Frame, from: Configuration, goal: number): void {
    const open = this.openAt[frame.answer] as readonly number[];
    const unanswered = this.unanswered.slice(0, this.unansweredAt[frame.answer]);
    for (const index of [...open, ...unanswered]) {
      if (index === goal || from.placed.includes(index) || from.used.includes(index)) continue;
      this.spend();
      const after = this.step(from.state, index);
      if (after === null) continue;
      const answered = this.at(index).response !== null;
      const stateKey = this.keyOf(after.state);
      if (!answered && stateKey === from.stateKey) continue;
      // The most that it could offer: if that is no news, what it does offer need not be worked out.
      const least = answered ? insert(from.placed, index) : from.placed;
      const used = answered ? from.used : insert(from.used, index);
      if (this.queued.has(`${frame.answer}|${stateKey}`, { least, most: open, used })) continue;
      const next = this.place(from, index, frame.answer);
      if (next !== null) this.enqueue(frame, this.absorb(next, frame.answer));
    }
  }

  private enqueue(frame: Frame, configuration: Configuration): void {
    if (remember(this.queued, `${frame.answer}|${configuration.stateKey}`, configuration)) frame.queue.push(configuration);
  }

  /** The configuration after one more call, null when its observed result is not what the specification gives. */
  private place(from: Configuration, index: number, answer: number): Configuration | null {
    const after = this.step(from.state, index);
    if (after === null) return null;
    const stateKey = after.state === from.state ? from.stateKey : this.keyOf(after.state);
    const changed = stateKey !== from.stateKey;
    const trail: Trail = { operation: index, at: this.response(this.answers[answer] as number), changed, host: null, before: from.trail };
    const answered = this.at(index).response !== null;
    const remaining = from.hidden.filter((entry) => entry.index !== index);
    return {
      state: after.state,
      stateKey,
      placed: answered ? insert(from.placed, index) : from.placed,
      hidden:
        changed && this.mode === 'hide-overwritten' ? this.hideOverwritten(from, index, answer, stateKey, remaining, trail) : remaining,
      used: answered ? from.used : insert(from.used, index),
      trail,
    };
  }

  /** The open calls that might have come just before this one without anybody being able to tell. */
  private hideOverwritten(
    from: Configuration,
    index: number,
    answer: number,
    stateKey: string,
    hidden: Configuration['hidden'],
    host: Trail,
  ): Configuration['hidden'] {
    const found = [...hidden];
    let chain = from.state;
    for (const other of this.openAt[answer] as readonly number[]) {
      if (other === index || from.placed.includes(other) || hidden.some((entry) => entry.index === other)) continue;
      // Fits alone, and after those hidden so far: so (nearly always) any subset of them fits.
      const between = this.step(chain, other);
      if (between === null || (chain !== from.state && this.step(from.state, other) === null)) continue;
      const after = this.step(between.state, index);
      if (after === null || this.keyOf(after.state) !== stateKey) continue;
      found.push({ index: other, host });
      chain = between.state;
    }
    return found.sort((a, b) => a.index - b.index);
  }

  /** Hides the open calls that fit here and change nothing. */
  private absorb(from: Configuration, answer: number): Configuration {
    const fitting = (this.openAt[answer] as readonly number[]).filter(
      (index) => !from.placed.includes(index) && !from.hidden.some((entry) => entry.index === index) && this.isNeutral(from, index),
    );
    if (fitting.length === 0) return from;
    const at = this.response(this.answers[answer] as number);
    const slot: Trail = { operation: -1, at, changed: false, host: null, before: from.trail };
    const hidden = [...from.hidden, ...fitting.map((index) => ({ index, host: slot }))].sort((a, b) => a.index - b.index);
    return { ...from, hidden, trail: slot };
  }

  private isNeutral(from: Configuration, index: number): boolean {
    const name = this.at(index).operation;
    const record = this.neutrality.get(name) ?? { tries: 0, neutral: 0 };
    this.neutrality.set(name, record);
    if (record.tries >= NEUTRALITY_TRIES && record.neutral === 0) return false;
    const after = this.step(from.state, index);
    if (after === null) return false;
    record.tries++;
    const neutral = after.state === from.state || this.keyOf(after.state) === from.stateKey;
    if (neutral) record.neutral++;
    return neutral;
  }

  private passHidden(from: Configuration, entry: Configuration['hidden'][number]): Configuration {
    return {
      ...from,
      hidden: from.hidden.filter((other) => other !== entry),
      trail: { operation: entry.index, at: entry.host.at, changed: false, host: entry.host, before: from.trail },
    };
  }

  /** Applies an operation; null when its observed result is not what the specification gives. */
  private step(state: unknown, index: number): { readonly state: unknown } | null {
    const op = this.at(index);
    const after = this.model.apply(state, op.operation, op.args);
    if (op.response !== null && this.model.resultKey(op.operation, after.result) !== this.resultKeys[index]) return null;
    return after;
  }

  private noteDepth(answer: number, configuration: Configuration): void {
    if (answer < this.deepest) return;
    if (answer > this.deepest) {
      this.deepest = answer;
      this.deepestStates = new Map();
    }
    if (this.deepestStates.size < 8) this.deepestStates.set(configuration.stateKey, configuration);
  }

  private refuted(): Outcome {
    const goal = this.answers[this.deepest] as number;
    const shown = new Set<number>(this.openAt[this.deepest]);
    for (const index of this.unanswered.slice(0, this.unansweredAt[this.deepest]).slice(-8)) shown.add(index);
    const [reached] = this.deepestStates.values();
    const indexOf = new Map(this.operations.map((op, index) => [op.id, index]));
    for (const { id } of this.unwind(reached?.trail ?? null).slice(-SHOWN_BEFORE)) shown.add(indexOf.get(id) as number);
    return {
      verdict: 'no',
      witness: [...shown].sort((a, b) => a - b).map((index) => this.at(index)),
      stuck: this.at(goal),
      states: [...this.deepestStates.values()].map((configuration) => this.model.stateKey(configuration.state)),
    };
  }

  /** The order found, oldest first, with what was hidden put before its host. */
  private unwind(trail: Trail | null): { id: number; at: number }[] {
    const order: { id: number; at: number }[] = [];
    const hiddenBefore = new Map<Trail, Trail[]>();
    const push = (step: Trail): void => {
      if (step.operation >= 0) order.push({ id: this.at(step.operation).id, at: step.at });
      for (const hidden of hiddenBefore.get(step) ?? []) push(hidden);
    };
    // Newest first: a hidden call is met before its host.
    for (let step = trail; step !== null; step = step.before) {
      if (step.host) hiddenBefore.set(step.host, [...(hiddenBefore.get(step.host) ?? []), step]);
      else push(step);
    }
    return order.reverse();
  }

  private keyOf(state: unknown): string {
    return shorten(this.model.stateKey(state));
  }

  private response(index: number): number {
    return this.at(index).response as number;
  }

  private at(index: number): HistoryOperation {
    return this.operations[index] as HistoryOperation;
  }
}

function remember(frontier: Frontier, key: string, configuration: Configuration): boolean {
  const { placed, hidden, used } = configuration;
  const most = hidden.length === 0 ? placed : [...placed, ...hidden.map((entry) => entry.index)].sort((a, b) => a - b);
  return frontier.add(key, { least: placed, most, used });
}

function passPlaced(from: Configuration, index: number): Configuration {
  return { ...from, placed: from.placed.filter((other) => other !== index) };
}

function insert(sorted: readonly number[], item: number): readonly number[] {
  const at = sorted.findIndex((other) => other > item);
  return at < 0 ? [...sorted, item] : [...sorted.slice(0, at), item, ...sorted.slice(at)];
}

/** Keys of large states (logs, maps) are kept as a digest of 128 bits, or a history of 10,000 appends would fill the memory. */
function shorten(key: string): string {
  if (key.length <= 128) return key;
  let a = 0x243f6a88;
  let b = 0x85a308d3;
  let c = 0x13198a2e;
  let d = 0x03707344;
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x9e3779b1);
    b = Math.imul(b ^ unit ^ (a >>> 15), 0x85ebca77);
    c = Math.imul(c ^ unit ^ (b >>> 13), 0xc2b2ae3d);
    d = Math.imul(d ^ unit ^ (c >>> 16), 0x27d4eb2f);
  }
  return `#${key.length}:${a >>> 0}:${b >>> 0}:${c >>> 0}:${d >>> 0}`;
}
