import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choosePeer, choosePeers, chooseSome, shuffle } from '../../src/compiler/runtime/chance.ts';
import { RecordingHost } from '../support/compile-text.ts';

const span = { uri: '', start: 0, end: 0 };

function drawing(draws: readonly number[]): RecordingHost {
  const host = new RecordingHost(1);
  host.draws = draws;
  return host;
}

/** The head of the shuffle of Fisher and Yates, as a textbook has it. */
function shuffled(items: readonly number[], count: number, draws: readonly number[]): number[] {
  const pool = [...items];
  for (let i = 0; i < Math.min(count, pool.length); i++) {
    const other = i + Math.floor((draws[i % draws.length] as number) * (pool.length - i));
    [pool[i], pool[other]] = [pool[other] as number, pool[i] as number];
  }
  return pool.slice(0, count);
}

describe('choose', () => {
  const draws = fc.array(fc.double({ min: 0, max: 0.999_999, noNaN: true }), { minLength: 1, maxLength: 60 });

  it('of several is the head of a shuffle, for few and for many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 90 }), fc.nat(90), draws, (length, count, drawn) => {
        const items = Array.from({ length }, (_, i) => 7 * i);
        expect(chooseSome(items, count, drawing(drawn), 0, span)).toEqual(shuffled(items, count, drawn));
      }),
    );
  });

  it('of all is a shuffle, also for what `shuffle` gives', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 90 }), draws, (length, drawn) => {
        const items = Array.from({ length }, (_, i) => 7 * i);
        expect(shuffle(items, drawing(drawn), 0, span)).toEqual(shuffled(items, length, drawn));
      }),
    );
  });

  it('among the peers is the same as among a list of all others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 90 }), fc.nat(89), fc.nat(90), draws, (length, at, count, drawn) => {
        const members = Array.from({ length }, (_, i) => 3 * i);
        const place = at < length ? at : -1;
        const others = members.filter((_, i) => i !== place);
        expect(choosePeers(members, place, count, drawing(drawn), 0, span)).toEqual(shuffled(others, count, drawn));
        expect(choosePeer(members, place, drawing(drawn), 0, span)).toBe(others[Math.floor((drawn[0] as number) * others.length)]);
      }),
    );
  });
});
