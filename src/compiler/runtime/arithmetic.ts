import * as bits from '../../base/bits.ts';
import { exp, ln, log10, normalTailBeyond, pow } from '../../base/exact-math.ts';
import type { Span } from '../../base/source.ts';
import { fail, overflow } from './failure.ts';

const MAX = Number.MAX_SAFE_INTEGER;

/** Strings may not grow beyond this many UTF-16 units: concatenation in a loop doubles. */
export const MAX_STRING = 1_000_000;

export function int(value: number, span: Span): number {
  return value <= MAX && value >= -MAX ? value : overflow(span);
}

/** A Real is a finite number; anything else is an error where it arises, not where it is used. */
export function real(value: number, span: Span): number {
  if (value - value === 0) return value;
  return fail(Number.isNaN(value) ? 'this Real is not a number' : 'this Real is infinite', span);
}

/** Durations are whole nanoseconds. */
export function duration(value: number, span: Span): number {
  const rounded = Math.round(value);
  return rounded <= MAX && rounded >= -MAX ? rounded : fail('this Duration is out of range', span);
}

export function divideInt(a: number, b: number, span: Span): number {
  if (b === 0) return fail('division by zero', span);
  const rest = a % b;
  // Exact: the difference is a multiple of b, so that no rounding comes in where a/b itself would round.
  const quotient = (a - rest) / b;
  return rest !== 0 && rest < 0 !== b < 0 ? quotient - 1 : quotient + 0;
}

export function divideReal(a: number, b: number, span: Span): number {
  return b === 0 ? fail('division by zero', span) : real(a / b, span);
}

/** The remainder with the sign of the divisor. */
export function modulo(a: number, b: number, span: Span): number {
  if (b === 0) return fail('`mod` by zero', span);
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest + 0;
}

export function powerInt(base: number, exponent: number, span: Span): number {
  if (exponent < 0) return fail(`an Int to the negative power ${exponent} is no Int`, span);
  if (base === 0 || base === 1) return exponent === 0 ? 1 : base;
  if (base === -1) return exponent % 2 === 0 ? 1 : -1;
  let result = 1;
  for (let i = 0; i < exponent; i++) result = int(result * base, span);
  return result;
}

export function powerReal(base: number, exponent: number, span: Span): number {
  if (Number.isInteger(exponent) && Math.abs(exponent) <= 1024) {
    let result = 1;
    for (let i = 0; i < Math.abs(exponent); i++) result *= base;
    return exponent < 0 ? divideReal(1, result, span) : real(result, span);
  }
  if (base < 0) return fail('a negative Real has no power that is not whole', span);
  return base === 0 ? 0 : real(pow(base, exponent), span);
}

export function logarithm(value: number, span: Span): number {
  return value > 0 ? ln(value) : fail(`no logarithm of ${value}`, span);
}

export function logarithm2(value: number, span: Span): number {
  if (value <= 0) return fail(`no logarithm of ${value}`, span);
  // Exact for powers of two, where the quotient of logarithms need not be.
  const rounded = Math.round(ln(value) / Math.LN2);
  return 2 ** rounded === value ? rounded : ln(value) / Math.LN2;
}

export function logarithm10(value: number, span: Span): number {
  return value > 0 ? log10(value) : fail(`no logarithm of ${value}`, span);
}

/** P(X > x) of a normal distribution. */
export function normalTailOf(x: number, mean: number, sd: number, span: Span): number {
  return sd > 0 ? normalTailBeyond(x, mean, sd) : fail('a normal distribution needs a standard deviation above 0', span);
}

function bitsOf(value: number, method: string, span: Span): number {
  return value >= 0 ? value : fail(`\`${method}\` takes Ints from 0 on, and this is ${value}`, span);
}

export function xorInt(a: number, b: number, span: Span): number {
  return bits.xor(bitsOf(a, 'xor', span), bitsOf(b, 'xor', span));
}

export function andInt(a: number, b: number, span: Span): number {
  return bits.bitAnd(bitsOf(a, 'bit_and', span), bitsOf(b, 'bit_and', span));
}

export function orInt(a: number, b: number, span: Span): number {
  return bits.bitOr(bitsOf(a, 'bit_or', span), bitsOf(b, 'bit_or', span));
}

export function lengthInBits(value: number, span: Span): number {
  return bits.bitLength(bitsOf(value, 'bit_length', span));
}

export function exponential(value: number, span: Span): number {
  return real(exp(value), span);
}

export function squareRoot(value: number, span: Span): number {
  return value >= 0 ? Math.sqrt(value) : fail(`no square root of ${value}`, span);
}

/** `ceil`, `floor`, `round` of a Real as an Int; halves round up. */
export function toInt(value: number, span: Span): number {
  return int(value, span) + 0;
}

export function text(value: string, span: Span): string {
  return value.length <= MAX_STRING ? value : fail(`a String of ${value.length} characters is longer than ${MAX_STRING}`, span);
}
