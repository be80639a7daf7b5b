/**
 * Elementary functions that give the same bits on every machine. `Math.log`, `Math.exp` and their kin may differ in the
 * last bit from engine to engine; a simulated run must not. Only + - * / and `Math.sqrt` are used, which IEEE 754 fixes.
 * Relative error is below 1e-14 in the range that a simulation draws from.
 */

const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const ln2HighOf32 = ln2High / 32;
const ln2LowOf32 = ln2Low / 32;
/** 2^(j/32), from square roots, which are exact to the last bit. */
const roots = Float64Array.from({ length: 32 }, (_, j) => {
  let root = 1;
  let power = 2;
  for (let bit = 16; bit >= 1; bit >>= 1) {
    power = Math.sqrt(power);
    if ((j & bit) !== 0) root *= power;
  }
  return root;
});
const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);
/** Where the upper half of a double lies: 1 on little-endian machines. */
const upper = new Uint8Array(new Float64Array([1]).buffer)[7] === 0x3f ? 1 : 0;

/** The natural logarithm; -Infinity at 0, NaN below. */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let value = x;
  let exponent = 0;
  if (value < 2.2250738585072014e-308) {
    value *= 18_014_398_509_481_984;
    exponent = -54;
  }
  // x = m · 2^e with m in [√½, √2): the mantissa's own bits with another exponent.
  double[0] = value;
  const high = halves[upper] as number;
  exponent += ((high >>> 20) & 0x7ff) - 1023;
  halves[upper] = (high & 0x000f_ffff) | 0x3ff0_0000;
  let m = double[0] as number;
  if (m > Math.SQRT2) {
    m *= 0.5;
    exponent += 1;
  }
  // ln m = 2 artanh(s), s = (m - 1) / (m + 1), |s| <= 0.1716.
  const s = (m - 1) / (m + 1);
  const z = s * s;
  const series =
    z *
    (0.6666666666666735 +
      z *
        (0.3999999999940942 +
          z *
            (0.2857142874366239 +
              z * (0.22222198432149784 + z * (0.1818357216161805 + z * (0.15313837699209373 + z * 0.14798198605116586))))));
  return exponent * ln2High + (2 * s + (s * series + exponent * ln2Low));
}

/** e to the power of x. */
export function exp(x: number): number {
  if (!(x > -745.2)) return Number.isNaN(x) ? x : 0;
  if (x > 709.78) return Number.POSITIVE_INFINITY;
  // x = (32 m + j) · ln 2 / 32 + r, |r| <= 0.011: e^x = 2^m · 2^(j/32) · e^r.
  const k = Math.floor(x * 46.16624130844683 + 0.5);
  const r = x - k * ln2HighOf32 - k * ln2LowOf32;
  const root = roots[k & 31] as number;
  const square = r * r;
  // Taylor to the 6th power, in two chains that a processor works off side by side; what is left out is below 1e-17.
  const tail =
    r +
    square *
      (0.5 + r * 1.6666666666666666e-1 + square * (4.1666666666666664e-2 + r * 8.333333333333333e-3 + square * 1.388888888888889e-3));
  return scale(root + root * tail, k >> 5);
}

/** x to the power of y for x >= 0. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x === 0) return y > 0 ? 0 : Number.POSITIVE_INFINITY;
  return exp(y * ln(x));
}

/** The logarithm to base 10; exact for powers of ten, where the quotient of logarithms need not be. */
export function log10(x: number): number {
  const quotient = ln(x) / Math.LN10;
  const rounded = Math.round(quotient);
  return Number(`1e${rounded}`) === x ? rounded : quotient;
}

const rootOfTwoPi = Math.sqrt(2 * Math.PI);

/**
 * P(Z > z) of a standard normal, with a relative error below 1e-12 as long as it is no subnormal number. Up to z = 3 by the
 * series of Marsaglia (2004), beyond by Laplace's continued fraction.
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const density = exp(-0.5 * z * z) / rootOfTwoPi;
  if (z < 3) {
    let term = z;
    let sum = z;
    for (let k = 3; term > 1e-18 * sum; k += 2) {
      term *= (z * z) / k;
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = z;
  for (let k = 120; k >= 1; k--) fraction = z + k / fraction;
  return density / fraction;
}

/** P(X > x) of a normal distribution with sd > 0: never 0, as no such probability is, so that it has a logarithm. */
export function normalTailBeyond(x: number, mean: number, sd: number): number {
  return Math.max(Number.MIN_VALUE, normalTail((x - mean) / sd));
}

/** x · 2^k without rounding, except where the result is subnormal. */
function scale(x: number, k: number): number {
  if (k >= -1022 && k <= 1023) return x * powerOfTwo(k);
  return k > 0 ? x * powerOfTwo(1023) * powerOfTwo(k - 1023) : x * powerOfTwo(-1022) * powerOfTwo(Math.max(-1022, k + 1022));
}

const powers = new Float64Array(2046);
for (let k = -1022; k <= 1023; k += 1) {
  halves[upper] = (k + 1023) << 20;
  halves[1 - upper] = 0;
  powers[k + 1022] = double[0] as number;
}

function powerOfTwo(k: number): number {
  return powers[k + 1022] as number;
}
