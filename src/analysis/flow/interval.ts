/** How often something happens: at least and at the most. `most` may be Infinity. */
export interface Interval {
  readonly least: number;
  readonly most: number;
}

export const never: Interval = { least: 0, most: 0 };

export function exactly(count: number): Interval {
  return { least: count, most: count };
}

/** One after the other. */
export function sum(a: Interval, b: Interval): Interval {
  return { least: a.least + b.least, most: a.most + b.most };
}

/** One or the other. */
export function either(a: Interval, b: Interval): Interval {
  return { least: Math.min(a.least, b.least), most: Math.max(a.most, b.most) };
}

/** `a` for each time of `times`. */
export function repeated(a: Interval, times: Interval): Interval {
  return { least: product(a.least, times.least), most: product(a.most, times.most) };
}

/** Nothing, no matter how often, is nothing. */
function product(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}
