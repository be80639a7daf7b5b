import { EventHeap } from './event-heap.ts';
import { FarCalendar } from './far-calendar.ts';
import { sortBucket } from './sort-bucket.ts';

/** The buckets are this many of the far calendar's spans, so that at least all but one lie ahead. A power of two. */
const spansAhead = 8;
/** Events after which the queue looks how far apart they are. */
const stretch = 64;
/** How far an event may have to look for its place among those of the bucket at hand. */
const longestWalk = 16;

/**
 * The pending events of a run in order of (time, sequence of insertion): a calendar queue over typed arrays (Brown, CACM
 * 1988; sorting one bucket at a time as ladder queues do, Tang et al., TOMACS 2005), with a coarser one for what lies beyond
 * its buckets. Events are slots, small integers that the caller owns; times are nanoseconds.
 *
 * Where an event with a given time lies is a function of that time alone: among the sorted ones (what comes before `bound`),
 * in a bucket (a list, the event pushed last at its head), or in the far calendar (which keeps the order too). So equal times
 * never part, and no sequence number is stored for most events. Most buckets hold none or one, which needs no sorting.
 */
export class EventQueue {
  /** Time of the event that was popped last. */
  now = 0;

  private times = new Float64Array(1024);
  private next = new Int32Array(1024);

  /** Buckets a ns: a power of two, so that the bucket of a time is exact. */
  private perWidth = 1;
  private mask = 0;
  /** By bucket modulo their number: the event pushed last, linked to those before it. */
  private heads = new Int32Array(0);
  /** Whether a bucket holds something: a bit each, the earliest of 32 the highest. */
  private occupied = new Int32Array(0);
  /** Where in `occupied` the next event is looked for. */
  private word = 0;
  /** ns: the start of the first span of buckets whose events are in the far calendar. */
  private horizon = 0;
  private readonly far = new FarCalendar();

  /** The first of the sorted events, linked in order; -1 for none. */
  private first = -1;
  /** ns: the end of the last bucket that was sorted. */
  private bound = 0;
  /** Sorted events too, by a heap: those too far down in the list, and whatever else comes before `bound` while there are some. */
  private readonly late = new EventHeap();

  /** Events popped since the last check; events that were there at that time, and pushed since. */
  private popped = 0;
  private pushed = 0;
  private lookAfter = stretch;
  private checkAfter = 4 * stretch;
  private timeAtLook = 0;
  private timeAtCheck = 0;
  private sizeAtCheck = 256;
  /** Of the stretches since the last check in which time went on: how many, and the sum of log2 of the time between two events. */
  private stretches = 0;
  private logOfGaps = 0;

  constructor() {
    this.layOut(1024, 2048);
  }

  get size(): number {
    return this.pushed - this.popped;
  }

  /** Adds an event; `time` is not before `now`. */
  push(slot: number, time: number): void {
    if (slot >= this.times.length) this.grow(slot + 1);
    this.times[slot] = time;
    this.pushed += 1;
    if (time < this.bound) this.insert(slot, time);
    else if (time < this.horizon) this.link(slot, (time * this.perWidth) & this.mask);
    else this.far.push(slot, time, this.next);
  }

  /** The next event, or -1 when there is none; `now` becomes its time. */
  pop(): number {
    const slot = this.upcoming();
    if (slot < 0) return -1;
    this.first = this.next[slot] as number;
    this.now = this.times[slot] as number;
    this.popped += 1;
    if (this.popped >= this.lookAfter) this.look();
    return slot;
  }

  /** Time of the next event, ns; Infinity when there is none. */
  nextTime(): number {
    const slot = this.upcoming();
    if (slot < 0) return Number.POSITIVE_INFINITY;
    const time = this.times[slot] as number;
    if (slot !== this.first) {
      this.first = slot;
      this.bound = Math.max(this.bound, this.bucketEnd(time));
    }
    return time;
  }

  /** The next event, linked to the sorted ones after it; -1 when there is none. */
  private upcoming(): number {
    if (this.late.size > 0) return this.upcomingBesideLate();
    return this.first < 0 ? this.takeBucket() : this.first;
  }

  private upcomingBesideLate(): number {
    const { late, first } = this;
    if (first >= 0 && (this.times[first] as number) <= late.firstTime) return first;
    const slot = late.pop();
    this.next[slot] = first;
    return slot;
  }

  private link(slot: number, bucket: number): void {
    this.next[slot] = this.heads[bucket] as number;
    this.heads[bucket] = slot;
    (this.occupied[bucket >> 5] as number) |= 0x80000000 >>> bucket;
  }

  /** Adds an event to the sorted ones. */
  private insert(slot: number, time: number): void {
    const { next, times } = this;
    let before = -1;
    let after = this.first;
    let steps = this.late.size > 0 ? longestWalk : 0;
    while (after >= 0 && (times[after] as number) <= time && steps < longestWalk) {
      before = after;
      after = next[after] as number;
      steps += 1;
    }
    if (steps === longestWalk) {
      this.late.push(slot, time);
      return;
    }
    next[slot] = after;
    if (before < 0) this.first = slot;
    else next[before] = slot;
  }

  /** Takes out the next bucket that holds something, and returns its first event, linked to the others; -1 when there is none. */
  private takeBucket(): number {
    const { occupied, heads } = this;
    if (occupied[this.word] === 0 && !this.nextWord()) return -1;
    const { word } = this;
    const bits = occupied[word] as number;
    const bit = Math.clz32(bits);
    occupied[word] = bits ^ (0x80000000 >>> bit);
    const bucket = (word << 5) | bit;
    const slot = heads[bucket] as number;
    heads[bucket] = -1;
    if ((this.next[slot] as number) < 0) return slot;
    this.bound = this.bucketEnd(this.times[slot] as number);
    return sortBucket(slot, this.times, this.next);
  }

  private bucketEnd(time: number): number {
    return (Math.floor(time * this.perWidth) + 1) / this.perWidth;
  }

  /** Moves on to the next word of `occupied` that is not zero. */
  private nextWord(): boolean {
    if (this.size === 0) return false;
    const { occupied } = this;
    const wordMask = occupied.length - 1;
    const spanMask = occupied.length / spansAhead - 1;
    let { word } = this;
    let empty = 0;
    do {
      word = (word + 1) & wordMask;
      empty += 1;
      if ((word & spanMask) === 0) {
        if (empty > wordMask + 1) word = this.skipToFar();
        else if (this.deal()) empty = 0;
      }
    } while (occupied[word] === 0);
    this.word = word;
    return true;
  }

  /** Where the buckets are empty: goes to the first span of the far calendar that holds something. */
  private skipToFar(): number {
    const { far, occupied } = this;
    far.skip(this.next);
    const word = (far.first * (occupied.length / spansAhead)) & (occupied.length - 1);
    for (let ahead = 0; ahead < spansAhead; ahead += 1) this.deal();
    return word;
  }

  /** Deals out the next span of the far calendar to the buckets; whether it held something. */
  private deal(): boolean {
    const { next, times, perWidth, mask, far } = this;
    const first = far.take(next);
    for (let slot = first; slot >= 0; ) {
      const after = next[slot] as number;
      this.link(slot, ((times[slot] as number) * perWidth) & mask);
      slot = after;
    }
    this.horizon = far.firstStart;
    return first >= 0;
  }

  private look(): void {
    const elapsed = this.now - this.timeAtLook;
    if (elapsed > 0) {
      this.stretches += 1;
      this.logOfGaps += Math.log2(elapsed / stretch);
    }
    this.timeAtLook = this.now;
    this.lookAfter += stretch;
    if (this.popped >= this.checkAfter || this.size > 2 * this.sizeAtCheck) this.check();
  }

  /**
   * Every few thousand events: do the buckets still fit what passes through them? They should last for four times the time
   * that an event waits, which is size × gap; the more there are, the fewer per event, for the processor's caches. The gap
   * is the geometric mean over stretches, as most events may come in dense waves. Yet the far calendar should reach far.
   */
  private check(): void {
    const { size } = this;
    const buckets = 2 ** Math.min(Math.max(Math.round(6 + 0.75 * Math.log2(size)), 8), 22);
    let width = -Math.log2(this.perWidth);
    if (this.stretches > 0) {
      const dense = this.logOfGaps / this.stretches + Math.log2((4 * size) / buckets);
      const mean = Math.log2((this.now - this.timeAtCheck) / this.popped);
      width = Math.max(dense, mean - 7, 0);
    }
    const unfit = Math.abs(width + Math.log2(this.perWidth)) > 0.8 || buckets > 2 * this.heads.length || 8 * buckets < this.heads.length;
    if (unfit) this.rebuild(2 ** Math.round(width), buckets);
    this.pushed = size;
    this.popped = 0;
    this.lookAfter = stretch;
    this.checkAfter = Math.min(2 * this.checkAfter, 8 * Math.max(2048, size));
    this.timeAtCheck = this.now;
    this.sizeAtCheck = size;
    this.stretches = 0;
    this.logOfGaps = 0;
  }

  private rebuild(width: number, buckets: number): void {
    const pending = this.drain();
    this.layOut(width, buckets);
    for (const slot of pending) this.push(slot, this.times[slot] as number);
  }

  /** Empty buckets from `now` on. */
  private layOut(width: number, buckets: number): void {
    this.perWidth = 1 / width;
    this.mask = buckets - 1;
    this.heads = new Int32Array(buckets).fill(-1);
    this.occupied = new Int32Array(buckets / 32);
    this.word = ((this.now * this.perWidth) & this.mask) >> 5;
    this.bound = 0;
    const span = (width * buckets) / spansAhead;
    this.far.reset(Math.floor(this.now / span) + spansAhead, span);
    this.horizon = this.far.firstStart;
  }

  /** All events, equal times in order of insertion. */
  private drain(): Int32Array {
    const { next, late, heads } = this;
    const pending = new Int32Array(this.size);
    let count = 0;
    for (let slot = this.first; slot >= 0; slot = next[slot] as number) pending[count++] = slot;
    while (late.size > 0) pending[count++] = late.pop();
    this.far.drain(pending, count, next);
    let end = pending.length;
    for (const head of heads) {
      for (let slot = head; slot >= 0; slot = next[slot] as number) pending[--end] = slot;
    }
    this.first = -1;
    this.pushed = this.popped;
    return pending;
  }

  private grow(capacity: number): void {
    let length = this.times.length;
    while (length < capacity) length *= 2;
    const times = new Float64Array(length);
    times.set(this.times);
    this.times = times;
    const next = new Int32Array(length);
    next.set(this.next);
    this.next = next;
  }
}
