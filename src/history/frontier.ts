/**
 * What a configuration can count as placed: every set between `least` and `most`. `used` are optional operations spent.
 * All lists ascend.
 */
export interface Options {
  readonly least: readonly number[];
  readonly most: readonly number[];
  readonly used: readonly number[];
}

/** What was tried, by key: whatever offers no option that an earlier one lacked is no news. */
export class Frontier {
  private readonly known = new Map<string, Options[]>();

  /** Whether (key, options) is no news. */
  has(key: string, options: Options): boolean {
    return this.known.get(key)?.some((other) => covers(other, options)) ?? false;
  }

  /** Whether (key, options) is news; then it is remembered. */
  add(key: string, options: Options): boolean {
    const known = this.known.get(key);
    if (!known) {
      this.known.set(key, [options]);
      return true;
    }
    if (known.some((other) => covers(other, options))) return false;
    this.known.set(key, [...known.filter((other) => !covers(options, other)), options]);
    return true;
  }
}

function covers(a: Options, b: Options): boolean {
  return isSubset(a.used, b.used) && isSubset(a.least, b.least) && isSubset(b.most, a.most);
}

function isSubset(part: readonly number[], whole: readonly number[]): boolean {
  if (part.length > whole.length) return false;
  let at = 0;
  for (const item of part) {
    while (at < whole.length && (whole[at] as number) < item) at++;
    if (whole[at] !== item) return false;
    at++;
  }
  return true;
}
