import type { QuestionSignature } from './questions.ts';
import type { Type } from './types.ts';

const real: Type = { kind: 'Real' };
const int: Type = { kind: 'Int' };
const quorum: Type = { kind: 'Quorum' };
const bool: Type = { kind: 'Bool' };
const duration: Type = { kind: 'Duration' };

/** Functions of probability that `requires` may use: rows of `questions`. Shares and probabilities are numbers in 0..1 (`1%`). */
export const probabilityQuestions = {
  availability: {
    page: 'DS3502',
    parameters: [{ name: 'quorum', type: quorum }],
    result: real,
    documentation:
      'The probability that the nodes that are up contain a quorum, nodes and zones failing independently with their `availability` (or `mtbf` and `mttr`), a zone taking down all in it. Exact.',
  },
  safety_probability: {
    parameters: [
      { name: 'first', type: quorum },
      { name: 'second', type: quorum, optional: true },
    ],
    result: real,
    documentation:
      'The probability that any two quorums (one of each system) share an honest member, each node turning Byzantine independently with its `compromise` probability. Exact.',
  },
  binomial_tail: {
    parameters: [
      { name: 'draws', type: int },
      { name: 'share', type: real },
      { name: 'least', type: int },
    ],
    result: real,
    documentation: 'The probability that at least `least` of `draws` independent draws hit, each with probability `share`. Exact.',
  },
  hypergeometric_tail: {
    parameters: [
      { name: 'population', type: int },
      { name: 'marked', type: int },
      { name: 'draws', type: int },
      { name: 'least', type: int },
    ],
    result: real,
    documentation:
      'The probability that at least `least` of `draws` nodes, drawn without replacement from `population`, are among its `marked` ones. Exact.',
  },
  poisson_tail: {
    parameters: [
      { name: 'mean', type: real },
      { name: 'least', type: int },
    ],
    result: real,
    documentation: 'The probability that a Poisson number with this mean is at least `least` (stake-weighted sortition). Exact.',
  },
  committee_failure: {
    parameters: [
      { name: 'pool', type: int },
      { name: 'faulty', type: int },
      { name: 'size', type: int },
      { name: 'most', type: int },
      { name: 'committees', type: int, optional: true },
    ],
    result: real,
    documentation:
      "The probability that a random committee of `size`, drawn without replacement from `pool`, has more than `most` of the pool's `faulty` nodes; with `committees`, that some of so many has (exact for disjoint ones, where that takes too long an upper bound).",
  },
  double_spend: {
    page: 'DS3501',
    parameters: [
      { name: 'share', type: real },
      { name: 'confirmations', type: int },
      { name: 'ahead', type: int, optional: true },
    ],
    result: real,
    documentation:
      'The probability that an adversary with this share of the mining power replaces a block after so many confirmations, without network delay; `ahead`: with so many blocks found before (Rosenfeld 2014; Grunspan & Pérez-Marco 2017). Exact.',
  },
  double_spend_delayed: {
    page: 'DS3501',
    parameters: [
      { name: 'share', type: real },
      { name: 'confirmations', type: int },
      { name: 'delay_over_interval', type: real },
    ],
    result: real,
    documentation:
      'An upper bound on the same probability against any strategy, where blocks take up to `delay_over_interval` mean block intervals to arrive (Guo & Ren 2022, Theorem 2).',
  },
  confirmations_for: {
    page: 'DS3501',
    parameters: [
      { name: 'share', type: real },
      { name: 'risk', type: real },
    ],
    result: int,
    documentation: 'The fewest confirmations with which `double_spend(share, …)` is below `risk`. `share` must be below a half.',
  },
  chain_secure: {
    page: 'DS3501',
    parameters: [
      { name: 'share', type: real },
      { name: 'blocks_per_delay', type: real },
    ],
    result: bool,
    documentation:
      'Whether a longest chain is secure against this share of the power, `blocks_per_delay` being the block rate times the maximum delay: share < chain_tolerance(blocks_per_delay).',
  },
  chain_tolerance: {
    page: 'DS3501',
    parameters: [{ name: 'blocks_per_delay', type: real }],
    result: real,
    documentation:
      "The adversary's share below which a longest chain is secure: β < (1 - β) / (1 + (1 - β) λΔ) (Dembo et al. 2020; Gaži, Kiayias & Russell 2020). One half without delay.",
  },
  selfish_threshold: {
    parameters: [{ name: 'gamma', type: real }],
    result: real,
    documentation:
      'The share of the power from which selfish mining pays; `gamma` is the part of the honest power that follows the selfish block in a tie (Eyal & Sirer 2014).',
  },
  data_loss: {
    parameters: [
      { name: 'copies', type: int },
      { name: 'probability', type: real },
    ],
    result: real,
    documentation: 'The probability that all copies are lost, each with `probability` and independently of the others.',
  },
  erasure_loss: {
    parameters: [
      { name: 'data', type: int },
      { name: 'parity', type: int },
      { name: 'probability', type: real },
    ],
    result: real,
    documentation: 'The probability that more than `parity` of `data + parity` coded fragments are lost, each with `probability`.',
  },
  annual_loss: {
    parameters: [
      { name: 'copies', type: int },
      { name: 'mtbf', type: duration },
      { name: 'mttr', type: duration },
    ],
    result: real,
    documentation:
      'The probability that all copies are gone at some moment within 365 days: each fails after a mean of `mtbf` and is made anew after one of `mttr`. An exact birth–death chain.',
  },
  mean_time_to_loss: {
    parameters: [
      { name: 'copies', type: int },
      { name: 'mtbf', type: duration },
      { name: 'mttr', type: duration },
    ],
    result: duration,
    documentation: 'The mean time until all copies are gone at once (MTTDL), by the same chain as `annual_loss`.',
  },
  copyset_loss: {
    parameters: [
      { name: 'nodes', type: int },
      { name: 'copies', type: int },
      { name: 'failures', type: int },
      { name: 'copysets', type: int },
    ],
    result: real,
    documentation:
      'The probability that `failures` random nodes, lost at once, hold all `copies` of something, when everything is held by `copysets` different sets of nodes (Cidon et al. 2013).',
  },
  stale_read: {
    parameters: [
      { name: 'n', type: int },
      { name: 'write', type: int },
      { name: 'read', type: int },
      { name: 'versions', type: int, optional: true },
    ],
    result: real,
    documentation:
      'The probability that `read` random replicas of `n` hold none of the `write` that have the last write: C(n - w, r) / C(n, r), to the power of `versions` (Bailis et al. 2012).',
  },
} as const satisfies Readonly<Record<string, QuestionSignature>>;
