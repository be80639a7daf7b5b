/**
 * The search for a legal order of operations of which some must come before others: depth first, over (operations placed,
 * state), each tried once.
 * Whether there is one is NP-complete; the budget counts configurations, never time.
 */

import type { Budget, HistoryOperation } from './linearizability.ts';
import type { Transitions } from './transitions.ts';

/** What to put in order. All arrays are by item. */
export interface Ordering {
  readonly operations: readonly HistoryOperation[];
  /** Must be in the order; others may be left out. */
  readonly mandatory: readonly boolean[];
  /** Its result must be what was observed. */
  readonly checked: readonly boolean[];
  /** Items that must be in the order, and before this one, if this one is. */
  readonly after: readonly (readonly number[])[];
}

/** `placed`: how many of the mandatory items the best attempt placed. */
export type OrderOutcome =
  | { readonly verdict: 'yes'; readonly order: readonly number[] }
  | { readonly verdict: 'no' | 'unknown'; readonly placed: number };

interface Frame {
  readonly state: number;
  /** The next item to try. */
  next: number;
  /** The item placed to get here, -1 at first. */
  readonly item: number;
}

/** A legal order, or that there is none. Among equals, items are tried in the order given. */
export function findOrder(ordering: Ordering, transitions: Transitions, budget: Budget): OrderOutcome {
  return new OrderSearch(ordering, transitions, budget).run();
}

class OrderSearch {
  private readonly classes: readonly number[];
  private readonly results: readonly number[];
  private readonly pure: readonly boolean[];
  private readonly followers: readonly (readonly number[])[];
  private readonly missing: Int32Array;
  /** The item before it that can stand for it as long as that is not placed; -1 for none. */
  private readonly twin: Int32Array;
  private readonly placed: Uint16Array;
  private readonly isPlaced: Uint8Array;
  private readonly seen = new Set<string>();
  private left: number;

  constructor(
    private readonly ordering: Ordering,
    private readonly transitions: Transitions,
    private readonly budget: Budget,
  ) {
    const { operations, checked, mandatory, after } = ordering;
    const { model } = transitions;
    this.classes = operations.map((operation) => transitions.classOf(operation));
    this.results = operations.map((operation, item) => (checked[item] ? transitions.resultOf(operation) : -1));
    this.pure = operations.map(({ operation }) => model.kind?.(operation) === 'read');
    const followers: number[][] = operations.map(() => []);
    for (const [item, before] of after.entries()) for (const other of before) followers[other]?.push(item);
    this.followers = followers;
    this.missing = Int32Array.from(after, (before) => before.length);
    this.placed = new Uint16Array((operations.length + 15) >>> 4);
    this.isPlaced = new Uint8Array(operations.length);
    this.left = mandatory.filter(Boolean).length;
    const last = new Map<string, number>();
    this.twin = Int32Array.from(operations, (_, item) => {
      const alone = (after[item] as readonly number[]).length === 0 && followers[item]?.length === 0;
      if (!alone) return -1;
      const key = `${this.classes[item]}|${checked[item]}|${mandatory[item]}|${this.results[item]}`;
      const known = last.get(key) ?? -1;
      last.set(key, item);
      return known;
    });
  }

  run(): OrderOutcome {
    const total = this.left;
    const count = this.ordering.operations.length;
    let fewest = this.left;
    const frames: Frame[] = [{ state: 0, next: 0, item: -1 }];
    for (;;) {
      const frame = frames.at(-1);
      if (!frame) return { verdict: 'no', placed: total - fewest };
      if (this.left === 0) return { verdict: 'yes', order: frames.slice(1).map(({ item }) => item) };
      if (frame.next === 0) {
        fewest = Math.min(fewest, this.left);
        this.budget.left -= 1 + (count >>> 6);
        if (this.budget.left <= 0) return { verdict: 'unknown', placed: total - fewest };
        if (this.seen.size % 256 === 0 && this.budget.shouldStop()) {
          this.budget.left = 0;
          return { verdict: 'unknown', placed: total - fewest };
        }
        const key = `${frame.state}|${String.fromCharCode(...this.placed)}`;
        if (this.seen.has(key)) frame.next = 2 * count;
        else {
          this.seen.add(key);
          const free = this.freeRead(frame.state);
          if (free >= 0) {
            // A read that fits now takes nothing away, so nothing else need be tried here.
            frame.next = 2 * count;
            this.put(free, 1);
            frames.push({ state: frame.state, next: 0, item: free });
            continue;
          }
        }
      }
      const placed = this.tryNext(frame);
      if (placed) frames.push(placed);
      else {
        frames.pop();
        if (frame.item >= 0) this.put(frame.item, -1);
      }
    }
  }

  /** Mandatory items are tried first, then those that may be left out. */
  private tryNext(frame: Frame): Frame | null {
    const count = this.ordering.operations.length;
    while (frame.next < 2 * count) {
      const item = frame.next % count;
      const wanted = frame.next < count;
      frame.next++;
      if (this.ordering.mandatory[item] !== wanted || !this.ready(item)) continue;
      const after = this.transitions.step(
        frame.state,
        this.classes[item] as number,
        this.ordering.operations[item] as HistoryOperation,
        this.results[item] as number,
      );
      if (this.ordering.checked[item] && after.result !== this.results[item]) continue;
      this.put(item, 1);
      return { state: after.state, next: 0, item };
    }
    return null;
  }

  private ready(item: number): boolean {
    if (this.isPlaced[item] !== 0 || this.missing[item] !== 0) return false;
    const twin = this.twin[item] as number;
    return twin < 0 || this.isPlaced[twin] !== 0;
  }

  private freeRead(state: number): number {
    const { operations, mandatory } = this.ordering;
    for (let item = 0; item < operations.length; item++) {
      if (!this.pure[item] || !mandatory[item] || !this.ready(item)) continue;
      const after = this.transitions.step(
        state,
        this.classes[item] as number,
        operations[item] as HistoryOperation,
        this.results[item] as number,
      );
      if (after.result === this.results[item]) return item;
    }
    return -1;
  }

  private put(item: number, sign: 1 | -1): void {
    this.isPlaced[item] = sign === 1 ? 1 : 0;
    this.placed[item >>> 4] = (this.placed[item >>> 4] as number) ^ (1 << (item & 15));
    if (this.ordering.mandatory[item]) this.left -= sign;
    for (const other of this.followers[item] as readonly number[]) this.missing[other] = (this.missing[other] as number) - sign;
  }
}
