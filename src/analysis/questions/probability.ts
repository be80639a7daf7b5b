import type { probabilityQuestions } from '../../model/probability-questions.ts';
import type { Answerer } from './answer.ts';
import { availabilityAsked } from './availability.ts';
import * as durability from './durability.ts';
import * as chain from './longest-chain.ts';
import { safetyProbabilityAsked } from './safety-probability.ts';
import * as sampling from './sampling.ts';

/** Who answers the questions of `probability-questions.ts`: one subject, one file. */
export const probabilityAnswerers: Readonly<Record<keyof typeof probabilityQuestions, Answerer>> = {
  availability: availabilityAsked,
  safety_probability: safetyProbabilityAsked,
  binomial_tail: sampling.binomialTailAsked,
  hypergeometric_tail: sampling.hypergeometricTailAsked,
  poisson_tail: sampling.poissonTailAsked,
  committee_failure: sampling.committeeFailureAsked,
  double_spend: chain.doubleSpendAsked,
  double_spend_delayed: chain.doubleSpendDelayedAsked,
  confirmations_for: chain.confirmationsAsked,
  chain_secure: chain.chainSecureAsked,
  chain_tolerance: chain.chainToleranceAsked,
  selfish_threshold: chain.selfishThresholdAsked,
  data_loss: durability.dataLossAsked,
  erasure_loss: durability.erasureLossAsked,
  annual_loss: durability.annualLossAsked,
  mean_time_to_loss: durability.meanTimeToLossAsked,
  copyset_loss: durability.copysetLossAsked,
  stale_read: durability.staleReadAsked,
};
