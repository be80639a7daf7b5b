/** Bitwise operations on whole numbers from 0 to 2^53 - 1, which JavaScript's own operators cut to 32 bits. */

const HALF = 2 ** 32;

const upper = (x: number): number => Math.floor(x / HALF);

export function xor(a: number, b: number): number {
  return (upper(a) ^ upper(b)) * HALF + ((a ^ b) >>> 0);
}

export function bitAnd(a: number, b: number): number {
  return (upper(a) & upper(b)) * HALF + ((a & b) >>> 0);
}

export function bitOr(a: number, b: number): number {
  return (upper(a) | upper(b)) * HALF + ((a | b) >>> 0);
}

/** How many binary digits a number has: 0 for 0, k + 1 for the numbers from 2^k to 2^(k + 1) - 1. */
export function bitLength(x: number): number {
  const high = upper(x);
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(x);
}
