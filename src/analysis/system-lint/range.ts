import type { BinaryOperator } from '../../model/code.ts';

/**
 * Interval analysis (Moore 1966) of conditions over metrics: which values an expression can take when each metric lies in
 * its range. Bounds are computed in the same floating-point arithmetic as a run's, whose operations are monotone, so that
 * rounding cannot carry a run's value beyond them.
 */
export interface NumberRange {
  readonly kind: 'number';
  readonly low: number;
  readonly high: number;
  /** Whether the bound itself is left out. */
  readonly lowOpen: boolean;
  readonly highOpen: boolean;
  /** Whether there may be nothing to measure; a condition that rests on it then does not hold. */
  readonly unmeasured: boolean;
}

/** Which answers a condition can give. */
export interface TruthRange {
  readonly kind: 'truth';
  readonly yes: boolean;
  readonly no: boolean;
  readonly unmeasured: boolean;
}

export type ValueRange = NumberRange | TruthRange;

export function between(low: number, high: number, unmeasured = false): NumberRange {
  return { kind: 'number', low, high, lowOpen: false, highOpen: false, unmeasured };
}

export const anyNumber: NumberRange = between(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, true);
export const anyTruth: TruthRange = { kind: 'truth', yes: true, no: true, unmeasured: true };

export function truth(yes: boolean, no: boolean, unmeasured = false): TruthRange {
  return { kind: 'truth', yes, no, unmeasured };
}

/** What holds for one piece of a range or for the other. */
export function either(a: TruthRange, b: TruthRange): TruthRange {
  return truth(a.yes || b.yes, a.no || b.no, a.unmeasured || b.unmeasured);
}

/** The smallest range that has both. */
export function hull(a: NumberRange, b: NumberRange): NumberRange {
  const low = Math.min(a.low, b.low);
  const high = Math.max(a.high, b.high);
  return {
    kind: 'number',
    low,
    high,
    lowOpen: (a.low > low || a.lowOpen) && (b.low > low || b.lowOpen),
    highOpen: (a.high < high || a.highOpen) && (b.high < high || b.highOpen),
    unmeasured: a.unmeasured || b.unmeasured,
  };
}

/**
 * A range cut at points: the pieces below, at and above each, in order. What cannot be told of the whole may be told of
 * each piece.
 */
export function cutAt(range: NumberRange, points: readonly number[]): NumberRange[] {
  const inside = [...new Set(points)].filter((point) => point >= range.low && point <= range.high).sort((a, b) => a - b);
  const pieces: NumberRange[] = [];
  let { low, lowOpen } = range;
  for (const point of inside) {
    if (low < point) pieces.push({ ...range, low, lowOpen, high: point, highOpen: true });
    if (!(point === range.low && range.lowOpen) && !(point === range.high && range.highOpen))
      pieces.push({ ...between(point, point, range.unmeasured) });
    low = point;
    lowOpen = true;
  }
  if (low < range.high || (low === range.high && !lowOpen && !range.highOpen)) pieces.push({ ...range, low, lowOpen });
  return pieces;
}

export function negated({ low, high, lowOpen, highOpen, unmeasured }: NumberRange): NumberRange {
  return { kind: 'number', low: -high, high: -low, lowOpen: highOpen, highOpen: lowOpen, unmeasured };
}

/** `+`, `-`, `*` and `/`; all numbers for what is not worked out. */
export function arithmetic(operator: BinaryOperator, a: NumberRange, b: NumberRange): NumberRange {
  const unmeasured = a.unmeasured || b.unmeasured;
  switch (operator) {
    case '+':
      return sum(a, b);
    case '-':
      return sum(a, negated(b));
    case '*':
      return corners(a, b, (x, y) => (x === 0 || y === 0 ? 0 : x * y), unmeasured);
    case '/':
      // Division by zero is nothing measured.
      if (b.low > 0 || b.high < 0) return corners(a, b, quotient, unmeasured);
      if (b.low === 0 && a.low >= 0) return { ...between(0, Number.POSITIVE_INFINITY, true) };
      return anyNumber;
    default:
      return anyNumber;
  }
}

function sum(a: NumberRange, b: NumberRange): NumberRange {
  const low = a.low + b.low;
  const high = a.high + b.high;
  return {
    kind: 'number',
    low: Number.isNaN(low) ? Number.NEGATIVE_INFINITY : low,
    high: Number.isNaN(high) ? Number.POSITIVE_INFINITY : high,
    // Rounding may carry a sum onto a bound that was left out.
    lowOpen: false,
    highOpen: false,
    unmeasured: a.unmeasured || b.unmeasured,
  };
}

function quotient(x: number, y: number): number {
  if (!Number.isFinite(y)) return Number.isFinite(x) ? 0 : Number.NaN;
  return x / y;
}

function corners(a: NumberRange, b: NumberRange, apply: (x: number, y: number) => number, unmeasured: boolean): NumberRange {
  const values = [apply(a.low, b.low), apply(a.low, b.high), apply(a.high, b.low), apply(a.high, b.high)];
  if (values.some(Number.isNaN)) return { ...anyNumber, unmeasured };
  return between(Math.min(...values), Math.max(...values), unmeasured);
}

/** What a function that never falls makes of a range. */
export function monotone(range: NumberRange, apply: (x: number) => number): NumberRange {
  return between(apply(range.low), apply(range.high), range.unmeasured);
}

export function compared(operator: BinaryOperator, a: NumberRange, b: NumberRange): TruthRange {
  const unmeasured = a.unmeasured || b.unmeasured;
  switch (operator) {
    case '<':
      return truth(canBeLess(a, b), canBeAtMost(b, a), unmeasured);
    case '<=':
      return truth(canBeAtMost(a, b), canBeLess(b, a), unmeasured);
    case '>':
      return truth(canBeLess(b, a), canBeAtMost(a, b), unmeasured);
    case '>=':
      return truth(canBeAtMost(b, a), canBeLess(a, b), unmeasured);
    case '==':
    case '!=': {
      const equal = canBeAtMost(a, b) && canBeAtMost(b, a);
      const unequal = !(a.low === a.high && b.low === b.high && a.low === b.low);
      return operator === '==' ? truth(equal, unequal, unmeasured) : truth(unequal, equal, unmeasured);
    }
    default:
      return anyTruth;
  }
}

/** Whether some value of the one is below some value of the other. */
function canBeLess(a: NumberRange, b: NumberRange): boolean {
  return a.low < b.high;
}

function canBeAtMost(a: NumberRange, b: NumberRange): boolean {
  return a.low < b.high || (a.low === b.high && !a.lowOpen && !b.highOpen);
}

/** The connectives as a run's report evaluates them: what is not measured is no answer unless the other side decides alone. */
export function connected(operator: BinaryOperator, a: TruthRange, b: TruthRange): TruthRange {
  if (operator === 'implies') return connected('or', opposite(a), b);
  if (operator === 'and') return opposite(connected('or', opposite(a), opposite(b)));
  if (operator === '==' || operator === '!=') {
    const equal = (a.yes && b.yes) || (a.no && b.no);
    const unequal = (a.yes && b.no) || (a.no && b.yes);
    const unmeasured = a.unmeasured || b.unmeasured;
    return operator === '==' ? truth(equal, unequal, unmeasured) : truth(unequal, equal, unmeasured);
  }
  if (operator !== 'or') return anyTruth;
  const undecided = (a.unmeasured && (b.no || b.unmeasured)) || (b.unmeasured && (a.no || a.unmeasured));
  return truth(a.yes || b.yes, a.no && b.no, undecided);
}

export function opposite({ yes, no, unmeasured }: TruthRange): TruthRange {
  return truth(no, yes, unmeasured);
}
