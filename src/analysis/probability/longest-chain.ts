import { exp, ln } from '../../base/exact-math.ts';
import { binomialTail } from './tails.ts';
import { logBinomial, logPoisson } from './terms.ts';

/**
 * Longest-chain consensus: what a share of the mining power or stake can do. Blocks come as a Poisson process; `share` is
 * the adversary's part of it.
 */

/**
 * The probability that an adversary who starts when the merchant does, with `ahead` blocks found before, ends up with the longer
 * chain after `confirmations` blocks, without network delay. Without a head start that is I_{4pq}(z, 1/2) (Rosenfeld 2014; Grunspan &
 * Pérez-Marco 2017), or 2 · P(Bin(2z - 1, q) >= z), which is the same sum without cancellation.
 *
 * With one, look at the race after T = 2z - 1 - a blocks in all. Who has found z - a of them by then has caught up, at the latest when the
 * honest ones have z. Who has k < z - a is T - 2k - a > 0 behind, and makes up for that with the probability (q/p)^(T - 2k - a); the sum
 * over these k is (p/q)^a P(Bin(T, q) >= z).
 */
export function doubleSpend(share: number, confirmations: number, ahead = 0): number {
  if (share >= 0.5 || confirmations <= ahead) return 1;
  const blocks = 2 * confirmations - 1 - ahead;
  const late = binomialTail(blocks, share, confirmations);
  const caughtUp = late === 0 ? 0 : exp(ln(late) + ahead * ln((1 - share) / share));
  return Math.min(1, binomialTail(blocks, share, confirmations - ahead) + caughtUp);
}

/** The same by Nakamoto's 2008 approximation, which takes the adversary's progress as Poisson: too low. */
export function nakamotoApproximation(share: number, confirmations: number): number {
  if (share >= 0.5 || confirmations <= 0) return 1;
  const odds = share / (1 - share);
  const mean = confirmations * odds;
  let caught = 0;
  for (let k = 0; k <= confirmations; k++) caught += exp(logPoisson(k, mean)) * (1 - odds ** (confirmations - k));
  return 1 - caught;
}

/** Beyond it a wait is of no practical use, and the sum gets long. */
const mostConfirmations = 10_000_000;

/** The fewest confirmations with `doubleSpend` below `risk`; null when there are none, or more than ten million. */
export function confirmationsFor(share: number, risk: number): number | null {
  const isEnough = (count: number): boolean => doubleSpend(share, count) < risk;
  if (share >= 0.5 || risk <= 0) return null;
  let high = 1;
  while (!isEnough(high)) {
    high *= 2;
    if (high > mostConfirmations) return null;
  }
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * An upper bound on the probability that a block with `depth` confirmations is ever undone, whatever the adversary's
 * strategy (mining ahead in secret included), where blocks take up to `blocksPerDelay` mean block intervals to reach everybody
 * (Guo & Ren 2022, Theorem 2). Every honest block that another may follow within the delay is counted as the adversary's.
 * 1 where the bound says nothing: the honest share that is left is no majority.
 */
export function doubleSpendDelayed(share: number, depth: number, blocksPerDelay: number): number {
  const p = (1 - share) * exp(-blocksPerDelay);
  const q = 1 - p;
  if (p <= q || depth <= 0) return 1;
  // Neither adversary nor delay.
  if (q === 0) return 0;
  const odds = q / p;
  const logOdds = ln(odds);
  let sum = exp(depth * logOdds);
  for (let lead = 1; lead <= depth; lead++) {
    const blocks = 2 * depth + 1 - lead;
    let caught = binomialTail(blocks, q, depth - lead + 1);
    for (let j = 0; j <= depth - lead; j++) {
      caught += exp(logBinomial(j, blocks, q, p) + (2 * depth + 1 - 2 * lead - 2 * j) * logOdds);
    }
    sum += exp((lead - 1) * logOdds) * (1 - odds) * caught;
  }
  return Math.min(1, sum);
}

/**
 * The adversary's share that a longest chain withstands, exclusive: the solution of β = (1 - β) / (1 + (1 - β) λΔ), where λΔ
 * is the number of blocks per maximum delay (Dembo et al. 2020; Gaži, Kiayias & Russell 2020, both tight).
 */
export function chainTolerance(blocksPerDelay: number): number {
  const x = blocksPerDelay;
  // The root of xβ² - (2 + x)β + 1 below 1/2, without cancellation.
  return 2 / (2 + x + Math.sqrt(x * x + 4));
}

/** The share from which selfish mining pays, if `gamma` of the honest power mines on the selfish block in a tie (Eyal & Sirer 2014). */
export function selfishThreshold(gamma: number): number {
  return (1 - gamma) / (3 - 2 * gamma);
}
