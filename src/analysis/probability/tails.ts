import { exp } from '../../base/exact-math.ts';
import { logBinomial, logHypergeometric, logPoisson } from './terms.ts';

/**
 * Tails P(X >= least) as exact sums: the first term in log space, each further one from its neighbour, on the side of
 * `least` that lies away from the mode, so that the terms only shrink. No normal approximation; a tail of 1e-300 is as exact
 * as one of a half, up to float rounding.
 */

/** Terms below this share of the sum no longer change it. */
const negligible = 1e-18;

/**
 * @param logTerm ln P(X = x)
 * @param ratio P(X = x + 1) / P(X = x)
 * @param lowest, highest the range of X; both ends are possible
 */
function tail(
  least: number,
  lowest: number,
  highest: number,
  mean: number,
  logTerm: (x: number) => number,
  ratio: (x: number) => number,
): number {
  if (least <= lowest) return 1;
  if (least > highest) return 0;
  let sum = 0;
  let term = 1;
  if (least > mean) {
    for (let x = least; x <= highest && term > sum * negligible; x++) {
      sum += term;
      term *= ratio(x);
    }
    return Math.min(1, exp(logTerm(least)) * sum);
  }
  for (let x = least - 1; x >= lowest && term > sum * negligible; x--) {
    sum += term;
    term /= ratio(x - 1);
  }
  return Math.max(0, 1 - exp(logTerm(least - 1)) * sum);
}

/** P(X >= least), X being the hits of `draws` independent draws (with replacement). `share` in 0..1, counts whole. */
export function binomialTail(draws: number, share: number, least: number): number {
  if (share <= 0) return least <= 0 ? 1 : 0;
  if (share >= 1) return least <= draws ? 1 : 0;
  const odds = share / (1 - share);
  return tail(
    least,
    0,
    draws,
    draws * share,
    (x) => logBinomial(x, draws, share),
    (x) => ((draws - x) / (x + 1)) * odds,
  );
}

/**
 * P(X >= least), X being the marked ones among `draws` that are drawn without replacement. `marked` and `draws` at most
 * `population`; counts beyond 2^53 may be rounded, the result is then as exact as they are.
 */
export function hypergeometricTail(population: number, marked: number, draws: number, least: number): number {
  const unmarked = population - marked;
  return tail(
    least,
    Math.max(0, draws - unmarked),
    Math.min(marked, draws),
    draws * (marked / population),
    (x) => logHypergeometric(x, population, marked, draws),
    (x) => ((marked - x) / (x + 1)) * ((draws - x) / (unmarked - draws + x + 1)),
  );
}

/** P(X >= least) of a Poisson variable: the limit of many draws that each hit rarely (stake-weighted sortition). */
export function poissonTail(mean: number, least: number): number {
  if (mean <= 0) return least <= 0 ? 1 : 0;
  return tail(
    least,
    0,
    Number.POSITIVE_INFINITY,
    mean,
    (x) => logPoisson(x, mean),
    (x) => mean / (x + 1),
  );
}
