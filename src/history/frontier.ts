/**
 * Sets as words of 30 bits, small integers to a JavaScript engine. What lies beyond the last word is not in the set. Never changed
 * once made.
 */
export type Bits = readonly number[];

const WIDTH = 30;

export const none: Bits = [];

export function has(set: Bits, item: number): boolean {
  const at = (item / WIDTH) | 0;
  return at < set.length && ((set[at] as number) & (1 << (item - at * WIDTH))) !== 0;
}

export function including(set: Bits, item: number): Bits {
  const at = (item / WIDTH) | 0;
  const result = set.slice();
  while (result.length <= at) result.push(0);
  result[at] = (result[at] as number) | (1 << (item - at * WIDTH));
  return result;
}

export function excluding(set: Bits, item: number): Bits {
  if (!has(set, item)) return set;
  const at = (item / WIDTH) | 0;
  const result = set.slice();
  result[at] = (result[at] as number) & ~(1 << (item - at * WIDTH));
  return result;
}

export function union(a: Bits, b: Bits): Bits {
  if (b.length === 0) return a;
  if (a.length === 0) return b;
  const [long, short] = a.length < b.length ? [b, a] : [a, b];
  return long.map((word, at) => word | (short[at] ?? 0));
}

function isSubset(part: Bits, whole: Bits): boolean {
  for (let at = 0; at < part.length; at++) if (((part[at] as number) & ~(whole[at] ?? 0)) !== 0) return false;
  return true;
}

/** What a configuration can count as placed: every set between `least` and `most`. `used` are optional operations spent. */
export interface Options {
  readonly least: Bits;
  readonly most: Bits;
  readonly used: Bits;
}

/** What was tried, by (answer, state): whatever offers no option that an earlier one lacked is no news. */
export class Frontier {
  private readonly known = new Map<number, Options[]>();
  /** Comparisons made, by which the cost of long lists is counted. */
  compared = 0;

  constructor(private readonly answers: number) {}

  /** Whether it is no news. */
  has(answer: number, state: number, options: Options): boolean {
    const known = this.known.get(state * this.answers + answer);
    return known !== undefined && this.covered(known, options);
  }

  /** Whether it is news; then it is remembered. */
  add(answer: number, state: number, options: Options): boolean {
    const key = state * this.answers + answer;
    const known = this.known.get(key);
    if (!known) {
      this.known.set(key, [options]);
      return true;
    }
    if (this.covered(known, options)) return false;
    let kept = 0;
    for (const other of known) if (!covers(options, other)) known[kept++] = other;
    known.length = kept;
    known.push(options);
    return true;
  }

  private covered(known: readonly Options[], options: Options): boolean {
    this.compared += known.length;
    // What was met last is met again first.
    for (let at = known.length - 1; at >= 0; at--) if (covers(known[at] as Options, options)) return true;
    return false;
  }
}

function covers(a: Options, b: Options): boolean {
  return isSubset(a.least, b.least) && isSubset(b.most, a.most) && isSubset(a.used, b.used);
}
