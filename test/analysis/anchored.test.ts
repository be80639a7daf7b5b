import { describe, expect, it } from 'vitest';
import { AnchoredMemo, anchored } from '../../src/analysis/anchored.ts';
import type { Finding } from '../../src/base/finding.ts';
import type { Span } from '../../src/base/source.ts';

const uri = 'test:///a';
const span = (start: number, end: number): Span => ({ uri, start, end });
/** Two things, one behind the other, and what they are called. */
const code = (first: Span, second: Span, name = 'x') => ({ name, parts: [{ span: first }, { span: second }] });
const finding = (at: Span, more: Partial<Finding> = {}): Finding => ({
  code: 'DS0001',
  severity: 'error',
  message: 'm',
  span: at,
  ...more,
});

function memoOf(said: (first: Span, second: Span) => Finding) {
  const memo = new AnchoredMemo();
  let computed = 0;
  const check = (first: Span, second: Span, name?: string): readonly Finding[] =>
    memo.get(anchored(code(first, second, name)), '', () => {
      computed++;
      return { findings: [said(first, second)] };
    }).findings;
  return { check, computed: () => computed };
}

describe('what was said of code', () => {
  it('moves with the code and is not computed again', () => {
    const { check, computed } = memoOf((first, second) => finding(second, { labels: [{ span: first, message: 'l' }] }));
    check(span(0, 4), span(5, 9));
    expect(check(span(10, 14), span(20, 24))).toEqual([finding(span(20, 24), { labels: [{ span: span(10, 14), message: 'l' }] })]);
    expect(computed()).toBe(1);
  });

  it('moves insertions, and places from one thing to another', () => {
    const { check, computed } = memoOf((first, second) =>
      finding(span(first.start, second.end), { fixes: [{ title: 't', edits: [{ span: span(first.end, first.end), text: '+' }] }] }),
    );
    check(span(0, 4), span(5, 9));
    const [moved] = check(span(10, 14), span(20, 24));
    expect(moved?.span).toEqual(span(10, 24));
    expect(moved?.fixes?.[0]?.edits[0]?.span).toEqual(span(14, 14));
    expect(computed()).toBe(1);
  });

  it('is computed again where a place cannot be followed', () => {
    // The end of one thing and the start of the next were one place, and now there is a gap between them.
    const { check, computed } = memoOf((first) => finding(span(first.end, first.end)));
    check(span(0, 4), span(4, 9));
    expect(check(span(0, 4), span(6, 11))[0]?.span).toEqual(span(4, 4));
    expect(computed()).toBe(2);
    const { check: odd, computed: oddly } = memoOf((first) => finding(span(first.start + 1, first.end)));
    odd(span(0, 4), span(5, 9));
    expect(odd(span(10, 14), span(20, 24))[0]?.span).toEqual(span(11, 14));
    expect(oddly()).toBe(2);
  });

  it('is computed again when the code says something else', () => {
    const { check, computed } = memoOf((first) => finding(first));
    check(span(0, 4), span(5, 9));
    check(span(0, 4), span(5, 9), 'y');
    expect(computed()).toBe(2);
  });
});

describe('content', () => {
  it('tells values apart that look alike', () => {
    const contents = [
      { a: '1' },
      { a: 1 },
      { a: [1] },
      { a: null },
      { a: undefined },
      { a: 'b";c:"d' },
      { a: 'b', c: 'd' },
      { a: { b: 1 } },
    ].map((value) => anchored(value).content);
    expect(new Set(contents).size).toBe(contents.length);
    const many = Array.from({ length: 20_000 }, (_, i) => anchored({ a: i, b: `${i * 7}` }).content);
    expect(new Set(many).size).toBe(many.length);
  });

  it('has the parts of code in their places', () => {
    const part = { text: 'p', span: span(3, 4) };
    const whole = { before: span(1, 2), part, after: span(5, 6) };
    const again = structuredClone(whole);
    expect(anchored(whole, [part])).toEqual(anchored(again, [again.part]));
    const other = { ...whole, part: { ...part, text: 'q' } };
    expect(anchored(other, [other.part]).content).not.toBe(anchored(whole).content);
    expect(anchored(whole).spans.map(({ start }) => start)).toEqual([1, 3, 5]);
  });
});

describe('code that has a name', () => {
  const memo = new AnchoredMemo();
  let computed = 0;
  const check = (named: ReturnType<typeof code>): readonly Finding[] =>
    memo.getNamed(
      'P',
      named,
      ({ parts }) => parts,
      '',
      () => {
        computed++;
        return { findings: [finding(named.parts[1]!.span)] };
      },
    ).findings;
  const first = code(span(0, 4), span(5, 9));

  it('is looked at once as long as it is the same object, and moves with its places when it comes anew', () => {
    expect(check(first)).toEqual([finding(span(5, 9))]);
    expect(check(first)).toEqual([finding(span(5, 9))]);
    expect(check(code(span(10, 14), span(20, 24)))).toEqual([finding(span(20, 24))]);
    expect(check(first)).toEqual([finding(span(5, 9))]);
    expect(computed).toBe(1);
  });

  it('is looked at again when it says something else', () => {
    expect(check(code(span(0, 4), span(6, 9), 'y'))).toEqual([finding(span(6, 9))]);
    expect(computed).toBe(2);
  });
});
