import { ln } from '../../base/exact-math.ts';

/**
 * Probabilities of single outcomes, as natural logarithms, by C. Loader's saddle-point expansion (2000, "Fast and accurate
 * computation of binomial probabilities"): every term is a small correction to Stirling's formula, so that nothing large
 * cancels and the result is exact up to a few units in the last place, for counts from 0 to beyond 10^15.
 */

const twoPi = 2 * Math.PI;

/** ln(1 + x) without loss for small x. */
export function logOnePlus(x: number): number {
  const sum = 1 + x;
  // What was rounded away in the sum is given back by the quotient (Kahan).
  return sum === 1 ? x : (ln(sum) * x) / (sum - 1);
}

/** From here on four terms of Stirling's series are exact to a double. */
const seriesFrom = 16;

const small: readonly number[] = (() => {
  const errors: number[] = [];
  // d(n) = d(n + 1) + (n + 1/2) ln(1 + 1/n) - 1.
  let error = stirlingSeries(seriesFrom);
  for (let n = seriesFrom - 1; n >= 1; n--) {
    error += (n + 0.5) * logOnePlus(1 / n) - 1;
    errors[n] = error;
  }
  return errors;
})();

function stirlingSeries(n: number): number {
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / (1188 * square)) / square) / square) / square) / n;
}

/** ln n! less Stirling's ln(√(2πn) (n/e)^n), for n of 1 or more. */
function stirlingError(n: number): number {
  return n < seriesFrom ? (small[n] ?? stirlingSeries(n)) : stirlingSeries(n);
}

/** x ln(x / mean) + mean - x: how far a count lies from its mean, without cancellation where the two are close. */
function deviance(x: number, mean: number): number {
  if (Math.abs(x - mean) >= 0.1 * (x + mean)) return x * ln(x / mean) + mean - x;
  const v = (x - mean) / (x + mean);
  let sum = (x - mean) * v;
  let term = 2 * x * v;
  for (let j = 1; j < 1000; j++) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** ln P(X = x) for X of `draws` independent draws that hit with `share`; `miss` is 1 - share. */
export function logBinomial(x: number, draws: number, share: number, miss = 1 - share): number {
  if (x < 0 || x > draws) return Number.NEGATIVE_INFINITY;
  if (share <= 0) return x === 0 ? 0 : Number.NEGATIVE_INFINITY;
  if (miss <= 0) return x === draws ? 0 : Number.NEGATIVE_INFINITY;
  if (x === 0) return draws * (share < 0.5 ? logOnePlus(-share) : ln(miss));
  if (x === draws) return draws * (miss < 0.5 ? logOnePlus(-miss) : ln(share));
  return (
    stirlingError(draws) -
    stirlingError(x) -
    stirlingError(draws - x) -
    deviance(x, draws * share) -
    deviance(draws - x, draws * miss) +
    0.5 * ln(draws / (twoPi * x * (draws - x)))
  );
}

/** ln P(X = x) for X marked ones among `draws` drawn without replacement from `population`, of which `marked` are. */
export function logHypergeometric(x: number, population: number, marked: number, draws: number): number {
  if (x < Math.max(0, draws - (population - marked)) || x > Math.min(marked, draws)) return Number.NEGATIVE_INFINITY;
  if (draws === 0 || draws === population || marked === 0 || marked === population) return 0;
  const share = draws / population;
  const miss = (population - draws) / population;
  return (
    logBinomial(x, marked, share, miss) +
    logBinomial(draws - x, population - marked, share, miss) -
    logBinomial(draws, population, share, miss)
  );
}

/** ln P(X = x) for a Poisson variable. */
export function logPoisson(x: number, mean: number): number {
  if (mean <= 0) return x === 0 ? 0 : Number.NEGATIVE_INFINITY;
  if (x === 0) return -mean;
  return -stirlingError(x) - deviance(x, mean) - 0.5 * ln(twoPi * x);
}
