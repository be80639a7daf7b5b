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
 * configuration stands for all their subsets. States are small integers and sets are bits: an answered call has a slot from
 * its call to its answer, so that sets are as wide as calls overlap.
 */

import { Calls } from './calls.ts';
import { type Bits, excluding, Frontier, has, including, none, union } from './frontier.ts';
import type { Budget, HistoryOperation } from './linearizability.ts';
import type { Transitions } from './transitions.ts';

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

/** Between two answers: the state, and which open calls are placed already. */
interface Configuration {
  readonly state: number;
  /** Slots of those answered later, placed already. */
  readonly placed: Bits;
  /** Answered later; may count as placed, each before its host. Ascending. */
  readonly hidden: readonly { readonly index: number; readonly host: Trail }[];
  /** Their slots. */
  readonly hiding: Bits;
  /** Never answered, placed: positions in `unanswered`. */
  readonly used: Bits;
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

export type Outcome =
  /** `placed`: in order. `at`: a moment between its call and its answer, ascending. */
  | { readonly verdict: 'yes'; readonly placed: readonly { readonly id: number; readonly at: number }[] }
  | { readonly verdict: 'no'; readonly witness: readonly HistoryOperation[]; readonly stuck: HistoryOperation };

/** How often an operation's name must be tried in vain, as one that changes nothing or hides others, before it no longer is. */
const TRIES = 16;
interface Tries {
  tries: number;
  successes: number;
}

/** Operations to show before one that cannot be placed: they say how the state came about. */
const SHOWN_BEFORE = 6;
/** Comparisons of configurations that count as one configuration, as a power of two. */
const COMPARISONS = 6;
/** Answers to look at when there is a choice. */
const LOOK_AHEAD = 64;

export class Search {
  private readonly calls: Calls;
  /** Configurations that have passed an answer, by that answer. */
  private readonly passed: Frontier;
  /**
   * Configurations that were about to pass an answer. Shared by all frames of the answer: when one of them is left, all that it
   * queued has failed.
   */
  private readonly queued: Frontier;
  private readonly neutrality = new Map<string, Tries>();
  private readonly hiders = new Map<string, Tries>();
  private readonly frames: Frame[] = [];
  private current: Configuration | null = { state: 0, placed: none, hidden: [], hiding: none, used: none, trail: null };
  private answer = 0;
  private work = 0;
  private deepest = 0;
  private reached: Configuration | null = null;

  constructor(
    readonly history: readonly HistoryOperation[],
    transitions: Transitions,
    readonly mode: 'hide-overwritten' | 'plain',
  ) {
    this.calls = new Calls(history, transitions);
    this.passed = new Frontier(this.calls.answers.length);
    this.queued = new Frontier(this.calls.answers.length);
  }

  /** Goes on until there is a verdict or the budget is gone: then null, and it can be called again. */
  run(budget: Budget): Outcome | null {
    const { frames } = this;
    for (;;) {
      if (this.current !== null) {
        if (this.answer === this.calls.answers.length) return { verdict: 'yes', placed: this.unwind(this.current.trail) };
        const open: Configuration = this.absorb(this.current, this.answer);
        if (this.reached === null || this.answer > this.deepest) {
          this.deepest = this.answer;
          this.reached = open;
        }
        const goal = this.calls.answers[this.answer] as number;
        if (has(open.placed, this.calls.slotOf(goal))) {
          this.answer++;
          this.current = this.passPlaced(open, goal);
          continue;
        }
        const frame: Frame = { answer: this.answer, queue: [], tried: 0, extended: 0, ready: [] };
        this.enqueue(frame, open);
        frames.push(frame);
        this.current = null;
      }
      const frame: Frame | undefined = frames.at(-1);
      if (!frame) return this.refuted();
      const before = budget.left;
      budget.left -= 1 + this.spent();
      if (before >> 8 !== budget.left >> 8 && budget.shouldStop()) budget.left = 0;
      if (budget.left <= 0) return null;
      this.current = this.advance(frame);
      if (this.current !== null) this.answer = frame.answer + 1;
      else if (frame.extended === frame.queue.length && frame.ready.length === 0) frames.pop();
    }
  }

  /** How far it came: answers that the best attempt explained, of how many, and the call that it could not place so far. */
  progress(): { readonly passed: number; readonly of: number; readonly stuck: HistoryOperation } {
    return {
      passed: this.deepest,
      of: this.calls.answers.length,
      stuck: this.calls.at(this.calls.answers[this.deepest] as number),
    };
  }

  /** Work since it was last asked, beyond one configuration. */
  private spent(): number {
    const compared = this.passed.compared + this.queued.compared;
    const work = this.work + (compared >>> COMPARISONS);
    this.passed.compared = 0;
    this.queued.compared = compared & ((1 << COMPARISONS) - 1);
    this.work = 0;
    return work;
  }

  /** One step within a frame: tries to pass the answer from the next configuration; when all are tried, extends one. */
  private advance(frame: Frame): Configuration | null {
    const goal = this.calls.answers[frame.answer] as number;
    if (frame.ready.length === 0 && frame.tried < frame.queue.length) {
      const from = frame.queue[frame.tried++] as Configuration;
      if (has(from.placed, this.calls.slotOf(goal))) frame.ready.push(this.passPlaced(from, goal));
      else {
        const placed = this.place(from, goal, frame.answer);
        if (placed) frame.ready.push(this.passPlaced(placed, goal));
        const hidden = from.hidden.find((entry) => entry.index === goal);
        if (hidden) {
          // Last in, first out. Unless what comes next asks for its effect, leaving the state as it is comes first.
          const first = placed !== null && this.promise(placed, frame.answer) > this.promise(from, frame.answer);
          frame.ready.splice(first ? 0 : 1, 0, this.passHidden(from, hidden));
        }
      }
    } else if (frame.ready.length === 0 && frame.extended < frame.queue.length) {
      const from = frame.queue[frame.extended++] as Configuration;
      if (!has(from.placed, this.calls.slotOf(goal))) this.extend(frame, from, goal);
    }
    const passed = frame.ready.pop();
    return passed && remember(this.passed, frame.answer, passed) ? passed : null;
  }

  /** How many of the next answers this state explains: a guess that only decides what is tried first. */
  private promise(configuration: Configuration, answer: number): number {
    const lookAhead = Math.min(LOOK_AHEAD, 3 * (this.calls.openAt[answer] as readonly number[]).length);
    const explained = union(configuration.placed, configuration.hiding);
    const until = Math.min(this.calls.answers.length, answer + 1 + lookAhead);
    let count = 0;
    for (let at = answer + 1; at < until; at++) {
      const next = this.calls.answers[at] as number;
      // What is hidden or placed already is explained whatever the state.
      const open = this.calls.at(next).call <= this.calls.response(this.calls.answers[answer] as number);
      if (!(open && has(explained, this.calls.slotOf(next))) && this.calls.step(configuration.state, next) === configuration.state) count++;
    }
    return count;
  }

  /** Queues what one more call, other than the one to be answered, makes of a configuration. */
  private extend(frame: Frame, from: Configuration, goal: number): void {
    const open = this.calls.openAt[frame.answer] as readonly number[];
    const tried = new Set<number>();
    const most = union(from.placed, this.calls.allOpen(frame.answer));
    // Of calls that do the same, the one that is answered first; of those never answered, the first.
    for (const index of [...open].sort((a, b) => this.calls.response(a) - this.calls.response(b))) {
      const slot = this.calls.slotOf(index);
      if (index === goal || has(from.placed, slot)) continue;
      if (!has(from.hiding, slot)) {
        const same = this.calls.sameAs(index);
        if (tried.has(same)) continue;
        tried.add(same);
      }
      this.work++;
      const state = this.calls.step(from.state, index);
      if (state < 0) continue;
      // The most that it could offer: if that is no news, what it does offer need not be worked out.
      if (this.queued.has(frame.answer, state, { least: including(from.placed, slot), most, used: from.used })) continue;
      this.enqueueAfter(frame, from, index);
    }
    tried.clear();
    const called = this.calls.unansweredAt[frame.answer] as number;
    for (let at = 0; at < called; at++) {
      const index = this.calls.unanswered[at] as number;
      const same = this.calls.classes[index] as number;
      if (has(from.used, at) || tried.has(same)) continue;
      tried.add(same);
      this.work++;
      const state = this.calls.step(from.state, index);
      if (state < 0 || state === from.state) continue;
      if (this.queued.has(frame.answer, state, { least: from.placed, most, used: including(from.used, at) })) continue;
      this.enqueueAfter(frame, from, index);
    }
  }

  private enqueueAfter(frame: Frame, from: Configuration, index: number): void {
    const next = this.place(from, index, frame.answer);
    if (next !== null) this.enqueue(frame, this.absorb(next, frame.answer));
  }

  private enqueue(frame: Frame, configuration: Configuration): void {
    if (remember(this.queued, frame.answer, configuration)) frame.queue.push(configuration);
  }

  /** The configuration after one more call, null when its observed result is not what the specification gives. */
  private place(from: Configuration, index: number, answer: number): Configuration | null {
    const state = this.calls.step(from.state, index);
    if (state < 0) return null;
    const changed = state !== from.state;
    const trail: Trail = {
      operation: index,
      at: this.calls.response(this.calls.answers[answer] as number),
      changed,
      host: null,
      before: from.trail,
    };
    const slot = this.calls.slotOf(index);
    const answered = this.calls.at(index).response !== null;
    const next = {
      state,
      placed: answered ? including(from.placed, slot) : from.placed,
      used: answered ? from.used : including(from.used, slot),
      trail,
    };
    const shown = answered && has(from.hiding, slot);
    const hidden = shown ? from.hidden.filter((entry) => entry.index !== index) : from.hidden;
    const hiding = shown ? excluding(from.hiding, slot) : from.hiding;
    if (!changed || this.mode === 'plain') return { ...next, hidden, hiding };
    const more = this.overwritten(from, index, answer, state, hiding);
    if (more.length === 0) return { ...next, hidden, hiding };
    return { ...next, ...this.hide(hidden, hiding, more, trail) };
  }

  private hide(
    hidden: Configuration['hidden'],
    hiding: Bits,
    more: readonly number[],
    host: Trail,
  ): Pick<Configuration, 'hidden' | 'hiding'> {
    return {
      hidden: [...hidden, ...more.map((index) => ({ index, host }))].sort((a, b) => a.index - b.index),
      hiding: more.reduce((set, index) => including(set, this.calls.slotOf(index)), hiding),
    };
  }

  /** The open calls that might have come just before this one without anybody being able to tell. */
  private overwritten(from: Configuration, index: number, answer: number, state: number, hiding: Bits): readonly number[] {
    const record = triesOf(this.hiders, this.calls.at(index).operation);
    if (record.tries >= TRIES && record.successes === 0) return [];
    const found: number[] = [];
    let chain = from.state;
    for (const other of this.calls.openAt[answer] as readonly number[]) {
      const slot = this.calls.slotOf(other);
      if (other === index || has(from.placed, slot) || has(hiding, slot)) continue;
      // Fits alone, and after those hidden so far: so (nearly always) any subset of them fits.
      const between = this.calls.step(chain, other);
      if (between < 0 || (chain !== from.state && this.calls.step(from.state, other) < 0)) continue;
      record.tries++;
      if (this.calls.step(between, index) !== state) continue;
      record.successes++;
      found.push(other);
      chain = between;
    }
    this.work += (this.calls.openAt[answer] as readonly number[]).length >>> 5;
    return found;
  }

  /** Hides the open calls that fit here and change nothing. */
  private absorb(from: Configuration, answer: number): Configuration {
    let fitting: number[] | null = null;
    for (const index of this.calls.openAt[answer] as readonly number[]) {
      const slot = this.calls.slotOf(index);
      if (has(from.placed, slot) || has(from.hiding, slot) || !this.isNeutral(from.state, index)) continue;
      fitting ??= [];
      fitting.push(index);
    }
    if (fitting === null) return from;
    const at = this.calls.response(this.calls.answers[answer] as number);
    const slot: Trail = { operation: -1, at, changed: false, host: null, before: from.trail };
    return { ...from, ...this.hide(from.hidden, from.hiding, fitting, slot), trail: slot };
  }

  private isNeutral(state: number, index: number): boolean {
    const record = triesOf(this.neutrality, this.calls.at(index).operation);
    if (record.tries >= TRIES && record.successes === 0) return false;
    const after = this.calls.step(state, index);
    if (after < 0) return false;
    record.tries++;
    if (after === state) record.successes++;
    return after === state;
  }

  private passHidden(from: Configuration, entry: Configuration['hidden'][number]): Configuration {
    return {
      ...from,
      hidden: from.hidden.filter((other) => other !== entry),
      hiding: excluding(from.hiding, this.calls.slotOf(entry.index)),
      trail: { operation: entry.index, at: entry.host.at, changed: false, host: entry.host, before: from.trail },
    };
  }

  private passPlaced(from: Configuration, index: number): Configuration {
    return { ...from, placed: excluding(from.placed, this.calls.slotOf(index)) };
  }

  private refuted(): Extract<Outcome, { verdict: 'no' }> {
    const goal = this.calls.answers[this.deepest] as number;
    const shown = new Set<number>(this.calls.openAt[this.deepest]);
    for (const index of this.calls.unanswered.slice(0, this.calls.unansweredAt[this.deepest]).slice(-8)) shown.add(index);
    const indexOf = new Map(this.calls.operations.map((op, index) => [op.id, index]));
    for (const { id } of this.unwind(this.reached?.trail ?? null).slice(-SHOWN_BEFORE)) shown.add(indexOf.get(id) as number);
    return {
      verdict: 'no',
      witness: [...shown].sort((a, b) => a - b).map((index) => this.calls.at(index)),
      stuck: this.calls.at(goal),
    };
  }

  /** The order found, oldest first, with what was hidden put before its host. */
  private unwind(trail: Trail | null): { id: number; at: number }[] {
    const order: { id: number; at: number }[] = [];
    const hiddenBefore = new Map<Trail, Trail[]>();
    const push = (step: Trail): void => {
      if (step.operation >= 0) order.push({ id: this.calls.at(step.operation).id, at: step.at });
      for (const hidden of hiddenBefore.get(step) ?? []) push(hidden);
    };
    // Newest first: a hidden call is met before its host.
    for (let step = trail; step !== null; step = step.before) {
      if (step.host) hiddenBefore.set(step.host, [...(hiddenBefore.get(step.host) ?? []), step]);
      else push(step);
    }
    return order.reverse();
  }
}

function remember(frontier: Frontier, answer: number, { state, placed, hiding, used }: Configuration): boolean {
  return frontier.add(answer, state, { least: placed, most: union(placed, hiding), used });
}

function triesOf(records: Map<string, Tries>, name: string): Tries {
  const record = records.get(name) ?? { tries: 0, successes: 0 };
  records.set(name, record);
  return record;
}
