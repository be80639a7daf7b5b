import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.ts';
import { EventQueue } from '../../src/simulator/event-queue.ts';

/** The queue as one would describe it: the least time first, of equal times the one inserted first. */
class Model {
  private readonly events: { time: number; slot: number; order: number }[] = [];
  private order = 0;
  push(slot: number, time: number): void {
    this.events.push({ time, slot, order: this.order++ });
  }
  nextTime(): number {
    return this.events.reduce((least, { time }) => Math.min(least, time), Number.POSITIVE_INFINITY);
  }
  pop(): { time: number; slot: number } | undefined {
    this.events.sort((a, b) => a.time - b.time || a.order - b.order);
    return this.events.shift();
  }
}

describe('EventQueue', () => {
  it('pops in order of time and insertion, whatever is pushed, popped and looked at', () => {
    const delay = fc.oneof(fc.constant(0), fc.nat(10), fc.nat(1_000_000), fc.nat(2 ** 31), fc.constantFrom(1000, 1_000_000, 5e9, 1e15));
    const step = fc.oneof(
      { weight: 3, arbitrary: delay },
      { weight: 2, arbitrary: fc.constant('pop' as const) },
      { weight: 1, arbitrary: fc.constant('look' as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const queue = new EventQueue();
        const model = new Model();
        let slots = 0;
        for (const what of [...steps, ...new Array<'pop'>(401).fill('pop')]) {
          if (what === 'look') {
            expect(queue.nextTime()).toBe(model.nextTime());
          } else if (what === 'pop') {
            const expected = model.pop();
            const slot = queue.pop();
            expect(slot).toBe(expected?.slot ?? -1);
            if (expected) expect(queue.now).toBe(expected.time);
          } else {
            queue.push(slots, queue.now + what);
            model.push(slots, queue.now + what);
            slots += 1;
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['close together', (random: Random) => random.nextInt(50)],
    ['far apart', (random: Random) => random.nextInt(2 ** 31) * 50],
    ['in clusters', (random: Random) => random.nextInt(4) * 1e9 + random.nextInt(3)],
    ['alike', () => 1_000_000],
    ['skewed over nine orders of magnitude', (random: Random) => Math.floor(10 ** (9 * random.nextFloat()))],
    ['in bursts of one instant', (random: Random) => 1_000_000 - (random.nextInt(50) === 0 ? random.nextInt(1_000_000) : 0)],
    ['mostly short, some very far', (random: Random) => (random.nextInt(10) === 0 ? 1e12 + random.nextInt(3) * 1e9 : random.nextInt(2000))],
    [
      'to the buckets, the spans and beyond them, equal times met from each',
      (random: Random, now: number) => {
        const far = [1e3, 1e6, 1e8, 1e10][random.nextInt(4)] as number;
        return (Math.floor(now / far) + 1 + random.nextInt(20)) * far - now;
      },
    ],
    ['that double', (_: Random, now: number) => Math.max(1, Math.min(now, 1e15 - now))],
    ['in waves a second apart', (random: Random) => (random.nextInt(10) === 0 ? 1e9 : 1e6) + random.nextInt(500_000)],
    ['of two far apart kinds, equal within', (random: Random) => (random.nextInt(2) === 0 ? 7 : 3e9)],
    ['none at all', (random: Random) => (random.nextInt(100) === 0 ? 1 : 0)],
  ])('keeps the order over many events: delays %s', (_, delay) => {
    const random = new Random(1, 'queue');
    const queue = new EventQueue();
    const pushed = new Float64Array(60_000);
    const order = new Float64Array(60_000);
    let count = 0;
    const push = (slot: number): void => {
      pushed[slot] = queue.now + delay(random, queue.now);
      order[slot] = count++;
      queue.push(slot, pushed[slot] as number);
    };
    for (let slot = 0; slot < 30_000; slot += 1) push(slot);
    let lastTime = 0;
    let lastOrder = -1;
    for (let turn = 0; turn < 200_000; turn += 1) {
      const slot = queue.pop();
      const time = pushed[slot] as number;
      if (time < lastTime || (time === lastTime && (order[slot] as number) < lastOrder)) throw new Error(`out of order at pop ${turn}`);
      lastTime = time;
      lastOrder = order[slot] as number;
      push(slot);
    }
    expect(queue.size).toBe(30_000);
  });

  it('keeps the order while its size and the delays change by turns', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ size: fc.nat(3000), scale: fc.constantFrom(0, 1, 1e3, 1e6, 1e10), turns: fc.nat(1500) }), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.integer(),
        (phases, seed) => {
          const random = new Random(seed, 'phases');
          const queue = new EventQueue();
          const time = new Map<number, number>();
          let slots = 0;
          let [lastTime, lastSlot] = [-1, -1];
          const pop = (): void => {
            const slot = queue.pop();
            const at = time.get(slot) as number;
            time.delete(slot);
            // Slots are numbered in the order in which they are pushed.
            if (at < lastTime || (at === lastTime && slot < lastSlot) || at !== queue.now) throw new Error(`out of order at ${at}`);
            [lastTime, lastSlot] = [at, slot];
          };
          const push = (scale: number): void => {
            const at = queue.now + Math.floor(scale * random.nextFloat());
            time.set(slots, at);
            queue.push(slots, at);
            slots += 1;
          };
          for (const { size, scale, turns } of phases) {
            while (queue.size < size) push(scale);
            while (queue.size > size) pop();
            for (let turn = 0; turn < turns && queue.size > 0; turn += 1) {
              // What comes next may lie far ahead of what is pushed then.
              if (turn % 7 === 0) expect(queue.nextTime()).toBeGreaterThanOrEqual(queue.now);
              if (turn % 21 === 0) push(scale);
              pop();
              if (turn % 21 !== 0) push(scale);
            }
          }
          while (queue.size > 0) pop();
          expect(queue.pop()).toBe(-1);
          expect(time.size).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([1, 2, 63, 240, 257, 4000])('keeps the order with %i queued, whatever the delays are drawn from', (size) => {
    const kinds = fc.array(fc.record({ base: fc.constantFrom(0, 1, 1e3, 1e6, 1e9), spread: fc.constantFrom(1, 3, 1e3, 1e6, 1e9) }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(kinds, fc.integer(), (mix, seed) => {
        const random = new Random(seed, 'mix');
        const queue = new EventQueue();
        const times = new Float64Array(size);
        const orders = new Float64Array(size);
        let order = 0;
        const push = (slot: number): void => {
          const { base, spread } = mix[random.nextInt(mix.length)] as { base: number; spread: number };
          times[slot] = queue.now + base + random.nextInt(spread);
          orders[slot] = order++;
          queue.push(slot, times[slot] as number);
        };
        for (let slot = 0; slot < size; slot += 1) push(slot);
        let [lastTime, lastOrder] = [-1, -1];
        for (let turn = 0; turn < 6000; turn += 1) {
          const slot = queue.pop();
          const time = times[slot] as number;
          if (time !== queue.now) throw new Error(`the wrong time at pop ${turn}`);
          if (time < lastTime || (time === lastTime && (orders[slot] as number) < lastOrder))
            throw new Error(`out of order at pop ${turn}`);
          [lastTime, lastOrder] = [time, orders[slot] as number];
          push(slot);
        }
        expect(queue.size).toBe(size);
      }),
      { numRuns: 12 },
    );
  });

  it('is not slow when all events share a bucket in mixed order', () => {
    const random = new Random(1, 'worst');
    const queue = new EventQueue();
    for (let slot = 0; slot < 100_000; slot += 1) queue.push(slot, 1 + random.nextFloat());
    let last = 0;
    for (let turn = 0; turn < 100_000; turn += 1) {
      queue.pop();
      if (queue.now < last) throw new Error(`out of order at pop ${turn}`);
      last = queue.now;
    }
  });
});
