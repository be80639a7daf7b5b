import { exp } from '../../base/exact-math.ts';
import { binomialTail, hypergeometricTail } from './tails.ts';
import { logHypergeometric } from './terms.ts';

/** Loss of data that is held in copies or in coded fragments. */

/** 365 days in nanoseconds: the year of every figure "a year". */
export const yearNs = 365 * 86_400e9;

/** That more than `parity` of `data + parity` fragments are lost, each with `probability` and independently. */
export function erasureLoss(data: number, parity: number, probability: number): number {
  return binomialTail(data + parity, probability, parity + 1);
}

/**
 * Copies that fail after an exponential time of mean `mtbf` and are made anew after one of mean `mttr`, each by itself: a
 * birth–death chain over the number of copies that are gone, which ends when all are.
 */
interface CopyChain {
  readonly copies: number;
  /** Mean time to failure of a copy. */
  readonly mtbf: number;
  /** Mean time to make it anew, in the same unit. */
  readonly mttr: number;
}

/** Mean time until the last copy is gone, all being there at first; exact. Infinity where repair takes no time. */
export function meanTimeToLoss({ copies, mtbf, mttr }: CopyChain): number {
  let total = 0;
  // Mean time from `gone` to `gone + 1` copies gone: 1/b + d/b times that of the step before.
  let step = 0;
  for (let gone = 0; gone < copies; gone++) {
    const birth = (copies - gone) / mtbf;
    step = 1 / birth + (gone === 0 ? 0 : (gone / mttr / birth) * step);
    total += step;
  }
  return total;
}

/**
 * The probability that all copies are gone at some moment within `time`: the absorption of the chain, as the exponential of
 * its rate matrix. Uniformised, a series of non-negative matrices, and squared up: nothing is subtracted, so that 1e-30 is
 * as exact as a half.
 */
export function lossWithin(time: number, { copies, mtbf, mttr }: CopyChain): number {
  if (mttr === 0 && copies > 1) return 0;
  const states = copies + 1;
  const birth = (gone: number): number => (copies - gone) / mtbf;
  const death = (gone: number): number => (gone === 0 ? 0 : gone / mttr);
  let fastest = 0;
  for (let gone = 0; gone < copies; gone++) fastest = Math.max(fastest, birth(gone) + death(gone));
  // e^{Qt} = (e^{Qs})^(2^doublings), with rates times s of at most 1/2.
  const doublings = Math.max(0, Math.ceil(Math.log2(2 * fastest * time)));
  const step = time / 2 ** doublings;
  const rate = fastest * step;
  const jump = new Float64Array(states * states);
  for (let gone = 0; gone < copies; gone++) {
    jump[gone * states + gone + 1] = birth(gone) / fastest;
    if (gone > 0) jump[gone * states + gone - 1] = death(gone) / fastest;
    jump[gone * states + gone] = Math.max(0, 1 - (birth(gone) + death(gone)) / fastest);
  }
  jump[copies * states + copies] = 1;
  // Σ e^{-rate} rate^k / k! · jump^k.
  let power = identity(states);
  let weight = exp(-rate);
  let result: Float64Array = power.map((entry) => entry * weight);
  // From `copies` jumps on the end is reached at all; 30 terms more fall below rounding.
  for (let k = 1; k <= copies + 30; k++) {
    power = multiply(power, jump, states);
    weight *= rate / k;
    const factor = weight;
    const term = power;
    result = result.map((entry, i) => entry + factor * (term[i] as number));
  }
  for (let i = 0; i < doublings; i++) result = multiply(result, result, states);
  return Math.min(1, result[copies] as number);
}

function identity(size: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) matrix[i * size + i] = 1;
  return matrix;
}

/** The product of square matrices with rows that sum to 1; the diagonal's rounding is evened out so that squaring keeps the sum. */
function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    let total = 0;
    for (let k = 0; k < size; k++) {
      const left = a[i * size + k] as number;
      if (left === 0) continue;
      for (let j = 0; j < size; j++) {
        const at = i * size + j;
        product[at] = (product[at] as number) + left * (b[k * size + j] as number);
      }
    }
    for (let j = 0; j < size; j++) total += product[i * size + j] as number;
    // A row that drifts by 1e-16 at each squaring would be off by 2^doublings times that in the end.
    for (let j = 0; j < size; j++) product[i * size + j] = (product[i * size + j] as number) / total;
  }
  return product;
}

/**
 * The probability that `failures` of `nodes`, failing at once and at random, hold every copy of something, where `copysets`
 * distinct sets of `copies` nodes hold everything and lie at random (Cidon et al. 2013). Exact: of all sets of `copies` nodes
 * those within the failed ones are marked, and the copysets are drawn without replacement.
 */
export function copysetLoss(nodes: number, copies: number, failures: number, copysets: number): number {
  const all = choose(nodes, copies);
  if (failures < copies) return 0;
  if (Number.isFinite(all)) return hypergeometricTail(all, choose(failures, copies), copysets, 1);
  // So many sets that drawing with and without replacement is the same.
  let share = 1;
  for (let i = 0; i < copies; i++) share *= (failures - i) / (nodes - i);
  return binomialTail(copysets, share, 1);
}

/** n over k, exact up to rounding; 0 for k > n. */
export function choose(n: number, k: number): number {
  if (k > n || k < 0) return 0;
  let result = 1;
  const fewer = Math.min(k, n - k);
  for (let i = 1; i <= fewer; i++) result = (result * (n - fewer + i)) / i;
  return result;
}

/**
 * The probability that `read` of `n` replicas, drawn at random, hold none of the `write` that have a write, to the power of
 * `versions` for a read that is that many versions behind (Bailis et al. 2012, PBS without anti-entropy).
 */
export function staleRead(n: number, write: number, read: number, versions: number): number {
  return exp(logHypergeometric(0, n, write, read)) ** versions;
}
