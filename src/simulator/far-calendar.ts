import { EventHeap } from './event-heap.ts';

/** Spans ahead that have a list of their own, 256 times what the buckets last. A power of two. */
const spans = 2048;

/**
 * What lies beyond the calendar's buckets, mostly timers: a second, coarser calendar, whose lists are dealt out to the buckets
 * when their time comes near, as hierarchical timing wheels do (Varghese & Lauck, SOSP 1987); what lies beyond it too is in a heap.
 * A span is so many buckets; the span of a time is a function of that time alone, and its list is in order of insertion.
 */
export class FarCalendar {
  /** Number of the first span that is not dealt out yet, counted from time zero. */
  first = 0;
  /** By span modulo their number: first and last of its list. */
  private readonly ends = new Int32Array(2 * spans).fill(-1);
  /** ns, a power of two. */
  private span = 1;
  private perSpan = 1;
  private readonly beyond = new EventHeap();

  /** ns: the start of the first span. */
  get firstStart(): number {
    return this.first * this.span;
  }

  /** Starts anew, empty; a span is so many ns. */
  reset(first: number, span: number): void {
    this.first = first;
    this.span = span;
    this.perSpan = 1 / span;
  }

  /** Adds an event that is in no earlier span than the first; `next` links slots. */
  push(slot: number, time: number, next: Int32Array): void {
    const span = Math.floor(time * this.perSpan);
    if (span - this.first < spans) this.append(slot, span, next);
    else this.beyond.push(slot, time);
  }

  /** Takes out the list of the first span, linked by `next`; -1 where it is empty. */
  take(next: Int32Array): number {
    const at = 2 * (this.first & (spans - 1));
    const head = this.ends[at] as number;
    this.ends[at] = -1;
    this.first += 1;
    this.fill(next);
    return head;
  }

  /** Makes the first span one that holds something; only where there is an event. */
  skip(next: Int32Array): void {
    const { ends, first } = this;
    let ahead = 0;
    while (ahead < spans && (ends[2 * ((first + ahead) & (spans - 1))] as number) < 0) ahead += 1;
    this.first = ahead < spans ? first + ahead : Math.floor(this.beyond.firstTime * this.perSpan);
    this.fill(next);
  }

  /** Puts all slots into `into` from `start` on, equal times in order of insertion. */
  drain(into: Int32Array, start: number, next: Int32Array): void {
    let end = start;
    for (let at = 0; at < 2 * spans; at += 2) {
      for (let slot = this.ends[at] as number; slot >= 0; slot = next[slot] as number) into[end++] = slot;
      this.ends[at] = -1;
    }
    while (this.beyond.size > 0) into[end++] = this.beyond.pop();
  }

  /** From the heap into the lists, before anything is pushed there directly: so equal times stay in order. */
  private fill(next: Int32Array): void {
    const { beyond } = this;
    const last = this.first + (spans - 1);
    while (beyond.size > 0) {
      const span = Math.floor(beyond.firstTime * this.perSpan);
      if (span > last) return;
      this.append(beyond.pop(), span, next);
    }
  }

  private append(slot: number, span: number, next: Int32Array): void {
    const { ends } = this;
    const at = 2 * (span & (spans - 1));
    next[slot] = -1;
    if ((ends[at] as number) < 0) ends[at] = slot;
    else next[ends[at + 1] as number] = slot;
    ends[at + 1] = slot;
  }
}
