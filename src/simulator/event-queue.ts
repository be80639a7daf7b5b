import { FarCalendar } from './far-calendar.ts';

/**
 * The pending events of a run in order of (time, sequence of insertion): a calendar queue over typed arrays (Brown, CACM
 * 1988; sorting one bucket at a time as ladder queues do, Tang et al., TOMACS 2005), with a coarser one for what lies beyond
 * its buckets. Events are slots, small integers that the caller owns; times are nanoseconds.
 *
 * Where an event with a given time lies is a function of that time alone: in `bottom` (the bucket being worked off,
 * sorted), in a bucket (a linked list in order of insertion), or in the far calendar (which keeps the order too). So equal
 * times never part, and no sequence number is stored for most events.
 */
export class EventQueue {
  /** Time of the event that was popped last. */
  now = 0;
  size = 0;

  private times = new Float64Array(1024);
  private next = new Int32Array(1024);

  private width = 1000;
  private perWidth = 1 / 1000;
  private mask = 255;
  /** By bucket modulo their number: first and last event of its list, side by side. */
  private ends = new Int32Array(512).fill(-1);
  private inBuckets = 0;
  /** Number of the bucket in `bottom`, counted from time zero. */
  private current = -1;
  /** Buckets of a span, the far calendar's unit: a quarter of all, so that at least three quarters lie ahead. */
  private span = 64;
  /** Number of the first bucket whose events are in the far calendar; at most all buckets ahead of `current`. */
  private end = 192;

  private bottom = new Int32Array(256);
  private bottomTimes = new Float64Array(256);
  private bottomHead = 0;
  private bottomTail = 0;

  /** What was pushed for the present instant: in order of insertion, after everything of that time in `bottom`. */
  private instantHead = -1;
  private instantTail = -1;

  private readonly far = new FarCalendar();

  private checkEvery = 256;
  private untilCheck = 256;
  private timeAtCheck = 0;
  private work = 0;

  constructor() {
    this.far.reset(this.end / this.span, this.perWidth / this.span);
  }

  /** Adds an event; `time` is not before `now`. */
  push(slot: number, time: number): void {
    if (slot >= this.times.length) this.grow(slot + 1);
    this.times[slot] = time;
    this.size += 1;
    if (time === this.now) this.pushInstant(slot);
    else this.place(slot, time);
  }

  /** The next event, or -1 when there is none; `now` becomes its time. */
  pop(): number {
    if (this.instantHead >= 0 && (this.bottomHead === this.bottomTail || (this.bottomTimes[this.bottomHead] as number) > this.now)) {
      return this.popInstant();
    }
    if (this.bottomHead === this.bottomTail && !this.advance()) return -1;
    const at = this.bottomHead;
    const slot = this.bottom[at] as number;
    this.now = this.bottomTimes[at] as number;
    this.bottomHead = at + 1;
    this.size -= 1;
    this.untilCheck -= 1;
    if (this.untilCheck <= 0) this.check();
    return slot;
  }

  /** Time of the next event, ns; Infinity when there is none. */
  nextTime(): number {
    if (this.bottomHead === this.bottomTail) {
      if (this.instantHead >= 0) return this.now;
      if (!this.advance()) return Number.POSITIVE_INFINITY;
    }
    const first = this.bottomTimes[this.bottomHead] as number;
    return this.instantHead >= 0 && first > this.now ? this.now : first;
  }

  /** Time of an event in the queue. */
  timeOf(slot: number): number {
    return this.times[slot] as number;
  }

  private pushInstant(slot: number): void {
    this.next[slot] = -1;
    if (this.instantHead < 0) this.instantHead = slot;
    else this.next[this.instantTail] = slot;
    this.instantTail = slot;
  }

  private popInstant(): number {
    const slot = this.instantHead;
    this.size -= 1;
    this.instantHead = this.next[slot] as number;
    return slot;
  }

  private place(slot: number, time: number): void {
    const bucket = Math.floor(time * this.perWidth);
    if (bucket >= this.end) this.far.push(slot, time, this.next);
    else if (bucket > this.current) this.append(slot, bucket & this.mask);
    else this.insertIntoBottom(slot, time);
  }

  private append(slot: number, bucket: number): void {
    const { ends, next } = this;
    next[slot] = -1;
    if ((ends[2 * bucket] as number) < 0) ends[2 * bucket] = slot;
    else next[ends[2 * bucket + 1] as number] = slot;
    ends[2 * bucket + 1] = slot;
    this.inBuckets += 1;
  }

  private insertIntoBottom(slot: number, time: number): void {
    if (this.bottomHead === this.bottomTail) {
      this.bottomHead = 0;
      this.bottomTail = 0;
    }
    if (this.bottomTail === this.bottom.length) this.makeRoomInBottom();
    const { bottom, bottomTimes, bottomHead } = this;
    let at = this.bottomTail;
    this.bottomTail += 1;
    while (at > bottomHead && (bottomTimes[at - 1] as number) > time) {
      bottomTimes[at] = bottomTimes[at - 1] as number;
      bottom[at] = bottom[at - 1] as number;
      at -= 1;
    }
    this.work += this.bottomTail - at;
    bottomTimes[at] = time;
    bottom[at] = slot;
  }

  private makeRoomInBottom(): void {
    if (this.bottomHead > this.bottom.length >> 1) {
      this.bottom.copyWithin(0, this.bottomHead, this.bottomTail);
      this.bottomTimes.copyWithin(0, this.bottomHead, this.bottomTail);
      this.bottomTail -= this.bottomHead;
      this.bottomHead = 0;
      return;
    }
    const bottom = new Int32Array(this.bottom.length * 2);
    bottom.set(this.bottom);
    this.bottom = bottom;
    const times = new Float64Array(bottom.length);
    times.set(this.bottomTimes);
    this.bottomTimes = times;
  }

  /** Makes the next bucket that holds something the one being worked off. */
  private advance(): boolean {
    if (this.inBuckets === 0) {
      if (this.far.size === 0) return false;
      this.far.skip(this.next);
      this.end = this.far.first * this.span;
      this.current = this.end - 1;
      this.takeFromFar();
    }
    const { ends, mask } = this;
    let bucket = this.current + 1;
    while ((ends[2 * (bucket & mask)] as number) < 0) bucket += 1;
    this.work += bucket - this.current;
    this.current = bucket;
    this.sortIntoBottom(bucket & mask);
    // At most four: a step is less than all buckets.
    for (let ahead = this.end - bucket; ahead <= 3 * this.span; ahead += this.span) this.takeFromFar();
    return true;
  }

  /** Deals out the next span of the far calendar to the buckets. */
  private takeFromFar(): void {
    const { next, times, perWidth, mask } = this;
    this.end += this.span;
    for (let slot = this.far.take(next); slot >= 0; ) {
      const after = next[slot] as number;
      this.append(slot, Math.floor((times[slot] as number) * perWidth) & mask);
      slot = after;
    }
  }

  /** Insertion sort: buckets hold few events, and what was inserted in order stays so. */
  private sortIntoBottom(bucket: number): void {
    let count = 0;
    let budget = 512;
    this.bottomHead = 0;
    const { times, next } = this;
    let { bottom, bottomTimes } = this;
    for (let slot = this.ends[2 * bucket] as number; slot >= 0; slot = next[slot] as number) {
      if (count === bottom.length) {
        this.bottomTail = count;
        this.makeRoomInBottom();
        ({ bottom, bottomTimes } = this);
      }
      const time = times[slot] as number;
      let at = count;
      if (budget > 0) {
        while (at > 0 && (bottomTimes[at - 1] as number) > time) {
          bottomTimes[at] = bottomTimes[at - 1] as number;
          bottom[at] = bottom[at - 1] as number;
          at -= 1;
        }
        budget -= count - at - 8;
      }
      bottomTimes[at] = time;
      bottom[at] = slot;
      count += 1;
    }
    this.bottomTail = count;
    this.ends[2 * bucket] = -1;
    this.inBuckets -= count;
    this.work += count;
    if (budget <= 0) this.sortLargeBottom();
  }

  /** A bucket too full and too mixed for insertion: the engine's stable sort keeps equal times in order of insertion. */
  private sortLargeBottom(): void {
    const { times } = this;
    const slots = Array.from(this.bottom.subarray(0, this.bottomTail));
    slots.sort((a, b) => (times[a] as number) - (times[b] as number));
    slots.forEach((slot, at) => {
      this.bottom[at] = slot;
      this.bottomTimes[at] = times[slot] as number;
    });
    this.work += slots.length * 8;
  }

  /** Every few thousand events: does the calendar still fit what passes through it? */
  private check(): void {
    const pops = this.checkEvery - this.untilCheck;
    const gap = (this.now - this.timeAtCheck) / pops;
    // Two to four events a bucket, and buckets for three times the time that an event waits.
    const wanted = gap > 0 ? Math.max(gap * 3, 1e-3) : this.width;
    let buckets = 256;
    while (buckets < this.size && buckets < 1 << 21) buckets *= 2;
    const ill = this.work > pops * 6 || buckets > this.mask + 1 || buckets * 8 < this.mask + 1;
    if (ill && (wanted < this.width * 0.6 || wanted > this.width * 1.6 || buckets !== this.mask + 1)) this.rebuild(wanted, buckets);
    this.checkEvery = Math.max(2048, this.size);
    this.untilCheck = this.checkEvery;
    this.timeAtCheck = this.now;
    this.work = 0;
  }

  private rebuild(width: number, buckets: number): void {
    const pending = this.drain();
    this.width = width;
    this.perWidth = 1 / width;
    this.mask = buckets - 1;
    this.ends = new Int32Array(2 * buckets).fill(-1);
    this.span = buckets / 4;
    this.current = Math.floor(this.now * this.perWidth);
    this.end = Math.floor(this.current / this.span) * this.span + buckets;
    this.far.reset(this.end / this.span, this.perWidth / this.span);
    for (const slot of pending) this.place(slot, this.times[slot] as number);
  }

  /** All events but those of the present instant, equal times in order of insertion; the queue's parts are left empty. */
  private drain(): Int32Array {
    const pending = new Int32Array(this.bottomTail - this.bottomHead + this.inBuckets + this.far.size);
    let count = 0;
    for (let at = this.bottomHead; at < this.bottomTail; at += 1) pending[count++] = this.bottom[at] as number;
    for (let bucket = 0; bucket <= this.mask; bucket += 1) {
      for (let slot = this.ends[2 * bucket] as number; slot >= 0; slot = this.next[slot] as number) pending[count++] = slot;
    }
    this.far.drain(pending, count, this.next);
    this.bottomHead = 0;
    this.bottomTail = 0;
    this.inBuckets = 0;
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
