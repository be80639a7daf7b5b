import { exp } from '../../base/exact-math.ts';
import { hypergeometricTail } from './tails.ts';
import { logHypergeometric } from './terms.ts';

export interface CommitteeFailure {
  readonly probability: number;
  /** `one`: a single committee, exact. `disjoint`: exact for committees that share no member. `bound`: the union bound. */
  readonly method: 'one' | 'disjoint' | 'bound';
}

/** Terms that the exact sum over disjoint committees may take: some 50 ms. */
const mostTerms = 400_000;

/**
 * The probability that some of `committees` committees of `size`, drawn at random without replacement from `pool`, has more
 * than `most` of the pool's `faulty`.
 *
 * Disjoint committees: exact by going through them one after the other, the state being how many faulty ones are used up.
 * Where that takes too long, or the pool is too small for disjoint ones, m · P(one fails), which no dependence among the
 * committees can exceed (Boole). For committees drawn independently of each other the disjoint value is an upper bound too:
 * counts drawn without replacement are negatively associated (Joag-Dev & Proschan 1983).
 */
export function committeeFailure(pool: number, faulty: number, size: number, most: number, committees: number): CommitteeFailure {
  const one = hypergeometricTail(pool, faulty, size, most + 1);
  if (committees <= 1) return { probability: committees < 1 ? 0 : one, method: 'one' };
  const states = Math.min(faulty, committees * Math.min(most, size)) + 1;
  if (committees * size <= pool && committees * states * (Math.min(most, size) + 1) <= mostTerms) {
    return { probability: disjoint(pool, faulty, size, most, committees), method: 'disjoint' };
  }
  return { probability: Math.min(1, committees * one), method: 'bound' };
}

/** Sums of products of probabilities only: small results are as exact as large ones. */
function disjoint(pool: number, faulty: number, size: number, most: number, committees: number): number {
  let failed = 0;
  // Probability that no committee so far fails and that together they have used up so many faulty ones.
  let fine = new Float64Array([1]);
  for (let committee = 0; committee < committees; committee++) {
    const left = pool - committee * size;
    const next = new Float64Array(Math.min(faulty, (committee + 1) * Math.min(most, size)) + 1);
    fine.forEach((share, used) => {
      if (share === 0) return;
      const marked = faulty - used;
      if (marked > left) return;
      failed += share * hypergeometricTail(left, marked, size, most + 1);
      const highest = Math.min(most, size, marked);
      for (let x = Math.max(0, size - (left - marked)); x <= highest; x++) {
        next[used + x] = (next[used + x] as number) + share * exp(logHypergeometric(x, left, marked, size));
      }
    });
    fine = next;
  }
  return Math.min(1, failed);
}
