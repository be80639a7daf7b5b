import { type Bits, including, none } from './frontier.ts';
import type { HistoryOperation } from './linearizability.ts';
import type { Transitions } from './transitions.ts';

/**
 * The calls of a history in time, by index in order of calls. An answered one has a slot from its call to its answer, which others have
 * before and after.
 */
export class Calls {
  readonly operations: readonly HistoryOperation[];
  /** Equal for operations that do the same. */
  readonly classes: readonly number[];
  /** Those that were answered, by time of answer. */
  readonly answers: readonly number[];
  /** For each answer, the answered operations that are open at it, itself included. */
  readonly openAt: readonly (readonly number[])[];
  readonly unanswered: readonly number[];
  /** For each answer, how many of `unanswered` were called before it. */
  readonly unansweredAt: readonly number[];
  /** What was observed, -1 where nothing was. */
  private readonly results: readonly number[];
  /** Of an answered call its slot, of another its position in `unanswered`. */
  private readonly slots: readonly number[];
  private readonly openBits: Bits[] = [];

  constructor(
    history: readonly HistoryOperation[],
    private readonly transitions: Transitions,
  ) {
    this.operations = [...history].sort((a, b) => a.call - b.call || a.id - b.id);
    this.classes = this.operations.map((op) => transitions.classOf(op));
    this.results = this.operations.map((op) => (op.response === null ? -1 : transitions.resultOf(op)));
    const indices = this.operations.map((_, index) => index);
    this.unanswered = indices.filter((index) => this.at(index).response === null);
    this.answers = indices.filter((index) => this.at(index).response !== null).sort((a, b) => this.response(a) - this.response(b) || a - b);
    const openAt: number[][] = [];
    const unansweredAt: number[] = [];
    const slots: number[] = [];
    const free: number[] = [];
    let open: number[] = [];
    let called = 0;
    let unansweredCalled = 0;
    for (const answer of this.answers) {
      for (; called < this.operations.length && this.at(called).call <= this.response(answer); called++) {
        if (this.at(called).response === null) slots[called] = unansweredCalled++;
        else {
          slots[called] = free.pop() ?? open.length;
          open.push(called);
        }
      }
      openAt.push(open);
      unansweredAt.push(unansweredCalled);
      open = open.filter((index) => index !== answer);
      free.push(slots[answer] as number);
    }
    this.slots = slots;
    this.openAt = openAt;
    this.unansweredAt = unansweredAt;
  }

  at(index: number): HistoryOperation {
    return this.operations[index] as HistoryOperation;
  }

  response(index: number): number {
    return this.at(index).response as number;
  }

  slotOf(index: number): number {
    return this.slots[index] as number;
  }

  /** The state after an operation; -1 when its observed result is not what the specification gives. */
  step(state: number, index: number): number {
    const expected = this.results[index] as number;
    const after = this.transitions.step(state, this.classes[index] as number, this.operations[index] as HistoryOperation, expected);
    return expected >= 0 && after.result !== expected ? -1 : after.state;
  }

  /** Equal for answered calls that do the same with the same result. */
  sameAs(index: number): number {
    return (this.classes[index] as number) * this.operations.length * 2 + (this.results[index] as number);
  }

  /** The slots of all that are open at an answer. */
  allOpen(answer: number): Bits {
    this.openBits[answer] ??= (this.openAt[answer] as readonly number[]).reduce((set, index) => including(set, this.slotOf(index)), none);
    return this.openBits[answer] as Bits;
  }
}
