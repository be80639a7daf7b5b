import type { Finding } from '../base/finding.ts';
import type { Span } from '../base/source.ts';
import { Memo } from './memo.ts';

/** Checked code as what it says and where it says it: an edit elsewhere in the file moves the places and leaves the rest. */
export interface Anchored {
  /** A fingerprint of everything but the places: 64 bits, and how much there is. */
  readonly content: string;
  /** The places, in the order in which they stand in the code. */
  readonly spans: readonly Span[];
}

const known = new WeakMap<object, Anchored>();

/**
 * Takes plain data apart. Remembered by object: code of files that were not edited is the same object again.
 *
 * @param parts objects inside that are taken apart on their own, so that they are remembered too.
 */
export function anchored(code: object, parts: readonly object[] = []): Anchored {
  const before = known.get(code);
  if (before !== undefined) return before;
  const walk = new Walk(new Set(parts));
  walk.fields(code);
  const result = { content: walk.fingerprint(), spans: walk.spans };
  known.set(code, result);
  return result;
}

/** What may follow in the code, told apart before its own content is mixed in. */
enum Mark {
  open = 1,
  close,
  list,
  end,
  text,
  number,
  span,
  part,
  yes,
  no,
  none,
  absent,
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** Goes over code once and mixes it into two words: text as long as the code itself would be mostly garbage to collect. */
class Walk {
  readonly spans: Span[] = [];
  private one = 0x243f6a88;
  private two = 0x85a308d3;
  private length = 0;

  constructor(private readonly parts: ReadonlySet<object>) {}

  fields(object: object): void {
    this.mix(Mark.open);
    for (const key in object) {
      this.text(key);
      this.value((object as Record<string, unknown>)[key]);
    }
    this.mix(Mark.close);
  }

  fingerprint(): string {
    return `${this.one >>> 0}.${this.two >>> 0}.${this.length}`;
  }

  private value(value: unknown): void {
    if (typeof value === 'string') this.text(value);
    else if (typeof value === 'number') this.number(value);
    else if (typeof value === 'boolean') this.mix(value ? Mark.yes : Mark.no);
    else if (typeof value !== 'object') this.mix(Mark.absent);
    else if (value === null) this.mix(Mark.none);
    else if (isSpan(value)) {
      this.mix(Mark.span);
      this.spans.push(value);
    } else if (this.parts.has(value)) {
      const { content, spans } = anchored(value);
      this.mix(Mark.part);
      this.text(content);
      for (const span of spans) this.spans.push(span);
    } else if (Array.isArray(value)) {
      this.mix(Mark.list);
      for (const item of value) this.value(item);
      this.mix(Mark.end);
    } else this.fields(value);
  }

  private text(text: string): void {
    this.mix(Mark.text);
    this.mix(text.length);
    for (let i = 0; i < text.length; i++) this.mix(text.charCodeAt(i));
  }

  private number(value: number): void {
    double[0] = value;
    this.mix(Mark.number);
    this.mix(words[0] as number);
    this.mix(words[1] as number);
  }

  /** Two multiplicative hashes with different constants, each stirred by the other (after cyrb53, in the public domain). */
  private mix(word: number): void {
    this.one = Math.imul(this.one ^ word, 2_654_435_761);
    this.two = Math.imul(this.two ^ word, 1_597_334_677);
    this.one ^= this.two >>> 15;
    this.two ^= this.one >>> 13;
    this.length++;
  }
}

function isSpan(value: object): value is Span {
  return 'uri' in value && 'start' in value && 'end' in value;
}

/** Characters of a fingerprint with its circumstances, at the least. */
const fingerprintLength = 30;

/** What a check said, with the places of the code that it was said of. */
interface Said<T> {
  readonly spans: readonly Span[];
  readonly result: T;
  /** First and last index in `spans` of each place, made when it is first needed. */
  index: Map<string, readonly [first: number, last: number]> | null;
}

/**
 * Remembers what checks say of code by what the code says. Where only places have changed, the findings are moved to where
 * the code stands now.
 */
export class AnchoredMemo<T extends { readonly findings: readonly Finding[] }> {
  private readonly memo: Memo<Said<T>>;
  /** What was said of code that has come once, by its name: most code never changes, and is not taken apart. */
  private readonly firsts = new Map<string, { readonly code: object; readonly result: T } | 'came again'>();

  /** @param most results remembered, roughly: each keeps the places of its code. Those asked for longest ago go first. */
  constructor(private readonly most = 50) {
    this.memo = new Memo(most * fingerprintLength);
  }

  /**
   * As `get`, of code that a name tells from others: it is taken apart when other code comes under that name.
   *
   * @param parts as of `anchored`.
   */
  getNamed<Code extends object>(
    name: string,
    code: Code,
    parts: (code: Code) => readonly object[],
    circumstances: string,
    compute: () => T,
  ): T {
    const key = `${circumstances}|${name}`;
    const first = this.firsts.get(key);
    if (first === undefined) {
      if (this.firsts.size >= this.most) this.firsts.delete(this.firsts.keys().next().value as string);
      const result = compute();
      this.firsts.set(key, { code, result });
      return result;
    }
    if (first !== 'came again') {
      if (first.code === code) return first.result;
      this.firsts.set(key, 'came again');
      this.get(anchored(first.code, parts(first.code as Code)), circumstances, () => first.result);
    }
    return this.get(anchored(code, parts(code)), circumstances, compute);
  }

  /** @param circumstances what the result depends on besides the code. */
  get({ content, spans }: Anchored, circumstances: string, compute: () => T): T {
    const key = `${circumstances}|${content}`;
    const said = this.memo.get(key, () => ({ spans, result: compute(), index: null }));
    if (said.spans === spans) return said.result;
    const findings = moved(said, spans);
    // A place that was put together from others in a way of its own cannot be followed.
    return findings === null ? compute() : { ...said.result, findings };
  }
}

function moved<T extends { readonly findings: readonly Finding[] }>(said: Said<T>, to: readonly Span[]): Finding[] | null {
  if (said.result.findings.length === 0) return [];
  said.index ??= indexOf(said.spans);
  const { index } = said;
  let lost = false;
  const move = (span: Span): Span => {
    const whole = found(index, to, wholeKey(span), (place) => wholeKey(place));
    if (whole) return whole;
    // Insertions stand before or behind something, and some places go from the start of one thing to the end of another.
    const start = offsetNow(index, to, span.uri, span.start);
    const end = offsetNow(index, to, span.uri, span.end);
    if (start === null || end === null) {
      lost = true;
      return span;
    }
    return { uri: start.uri, start: start.offset, end: end.offset };
  };
  const result = said.result.findings.map((finding) => movedFinding(finding, move));
  return lost ? null : result;
}

type Index = ReadonlyMap<string, readonly [first: number, last: number]>;

/** The place now of what had this key; undefined when nothing had it, null when what had it went to several places. */
function found(index: Index, to: readonly Span[], key: string, now: (place: Span) => string | number): Span | null | undefined {
  const at = index.get(key);
  if (at === undefined) return undefined;
  const [first, last] = [to[at[0]] as Span, to[at[1]] as Span];
  return first === last || (first.uri === last.uri && now(first) === now(last)) ? first : null;
}

/** Where a position is now that was the start or the end of something; null when it was neither, or may be two. */
function offsetNow(
  index: Index,
  to: readonly Span[],
  uri: string,
  offset: number,
): { readonly uri: string; readonly offset: number } | null {
  const start = found(index, to, `<${offset} ${uri}`, (place) => place.start);
  const end = found(index, to, `>${offset} ${uri}`, (place) => place.end);
  if (start === null || end === null) return null;
  if (start && end && start.start !== end.end) return null;
  if (start) return { uri: start.uri, offset: start.start };
  return end ? { uri: end.uri, offset: end.end } : null;
}

function indexOf(spans: readonly Span[]): Map<string, readonly [number, number]> {
  const index = new Map<string, readonly [number, number]>();
  const add = (key: string, at: number): void => {
    index.set(key, [index.get(key)?.[0] ?? at, at]);
  };
  spans.forEach((span, at) => {
    add(wholeKey(span), at);
    add(`<${span.start} ${span.uri}`, at);
    add(`>${span.end} ${span.uri}`, at);
  });
  return index;
}

function wholeKey({ uri, start, end }: Span): string {
  return `${start} ${end} ${uri}`;
}

function movedFinding(finding: Finding, move: (span: Span) => Span): Finding {
  return {
    ...finding,
    span: move(finding.span),
    ...(finding.labels && { labels: finding.labels.map((label) => ({ ...label, span: move(label.span) })) }),
    ...(finding.fixes && {
      fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => ({ ...edit, span: move(edit.span) })) })),
    }),
  };
}
