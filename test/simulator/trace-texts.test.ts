/* A trace keeps its texts as numbers of pieces; they must read as the same pieces written into a string, and be the same where these are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Piece, StringWriter, type Writer } from '../../src/compiler/runtime/writer.ts';
import { TraceTexts, textLengthMax } from '../../src/simulator/trace-texts.ts';

const [open, close, comma, none] = ['[', ']', ', ', 'none'].map((text) => new Piece(text)) as [Piece, Piece, Piece, Piece];

/** Writes values as a list of the language: numbers, strings, `none`. */
function list(values: readonly (number | string | null)[], out: Writer): void {
  out.piece(open);
  values.forEach((value, i) => {
    if (i > 0) out.piece(comma);
    if (value === null) out.piece(none);
    else if (typeof value === 'number') out.number(value);
    else out.quoted(value);
  });
  out.piece(close);
}

function asString(values: readonly (number | string | null)[]): string {
  const out = new StringWriter(textLengthMax);
  list(values, out);
  return out.finish();
}

const numbers = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.maxSafeInteger(),
  fc.constantFrom(2 ** 29 - 1, 2 ** 29, -(2 ** 29), -(2 ** 29) - 1, 2 ** 31, 2 ** 32, -(2 ** 32), 2 ** 53, 0.5, -1.25e-9, 1e21, -0),
);
const strings = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 8 }), fc.constantFrom('', 'none', '"', '…'));
const lists = fc.array(fc.oneof(numbers, strings, fc.constant(null)), { maxLength: 60 });

describe('the texts of a trace', () => {
  it('read as they were written, cut as a string is, and have one number where they are equal', () => {
    fc.assert(
      fc.property(fc.array(lists, { maxLength: 20 }), (all) => {
        const texts = new TraceTexts();
        // Pieces belong to nobody: another trace numbers them otherwise.
        const other = new TraceTexts();
        other.begin().text('first here');
        other.take();
        const known: string[] = [];
        for (const values of [...all, ...all]) {
          const text = asString(values);
          list(values, other.begin());
          expect(other.read()).toBe(text);
          list(values, texts.begin());
          const number = texts.take();
          const before = known.indexOf(text);
          expect(number).toBe(before < 0 ? known.push(text) - 1 : before);
          expect(texts.textOf(number)).toBe(text);
        }
        expect(texts.all()).toEqual(known);
        expect(texts.size).toBe(known.reduce((sum, { length }) => sum + length, 0));
      }),
      { numRuns: 300 },
    );
  });

  it('are cut at every length alike', () => {
    const texts = new TraceTexts();
    const random = [7, 1234, 2 ** 40, 'ab', 'a longer word', null, -3];
    for (let length = 0; length < 90; length += 1) {
      for (const tail of [[], [1], [12], ['x'], [2 ** 50]]) {
        const values = [...Array.from({ length }, (_, i) => random[(i * 5 + length) % random.length] as number | string | null), ...tail];
        list(values, texts.begin());
        expect(texts.textOf(texts.take())).toBe(asString(values));
      }
    }
    const all = texts.all();
    expect(new Set(all).size).toBe(all.length);
    expect(Math.max(...all.map((text) => text.length))).toBe(textLengthMax);
  });

  it('are found again among very many', () => {
    const texts = new TraceTexts();
    const numberOf = (i: number) => {
      list([i, `v${i % 977}`, i * 2 ** 33], texts.begin());
      return texts.take();
    };
    const count = 30_000;
    for (let i = 0; i < count; i += 1) expect(numberOf(i)).toBe(i);
    for (let i = count - 1; i >= 0; i -= 7) expect(numberOf(i)).toBe(i);
    expect(texts.all()).toEqual(Array.from({ length: count }, (_, i) => `[${i}, "v${i % 977}", ${i * 2 ** 33}]`));
  });

  it('have no number where they are empty', () => {
    const texts = new TraceTexts();
    texts.begin().text('');
    expect([texts.take(), texts.all()]).toEqual([-1, []]);
  });
});
