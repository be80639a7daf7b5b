import { capacityCodes } from './capacity/codes.ts';
import { federatedCodes } from './federated/codes.ts';
import { impossibleCodes } from './impossible/codes.ts';
import { lintCodes } from './lint/codes.ts';
import { networkCodes } from './network/codes.ts';
import { probabilityCodes } from './probability/codes.ts';
import { structureCodes } from './structure/codes.ts';
import { systemLintCodes } from './system-lint/codes.ts';
import { timingCodes } from './timing/codes.ts';

/**
 * Codes of what the analysis reports about requirements and bounds. Each has a page under docs/checks/; a code is never
 * used again for something else.
 */
export const codes = {
  /** A safety requirement does not hold. */
  safety: 'DS3001',
  /** A liveness requirement does not hold. */
  liveness: 'DS3002',
  /** Two quorums share no member that is sure to be honest. */
  intersect: 'DS3003',
  /** An admissible fault set leaves no quorum. */
  available: 'DS3004',
  /** The network is not connected well enough. */
  connectivity: 'DS3005',
  /** A bound on message delay is missing or too large. */
  timing: 'DS3006',
  /** Not even all nodes together form a quorum. */
  noQuorum: 'DS3007',
  /** Three quorums share no member that is sure to be honest. */
  threeWay: 'DS3101',
  /** What two quorums share is covered by two sets of liars. */
  masking: 'DS3102',
  /** Admissible fault sets together cover a set of nodes. */
  cover: 'DS3103',
  /** A threshold of zero. */
  emptyQuorum: 'DS3104',
  /** A node that counts twice under one threshold. */
  repeatedPart: 'DS3105',
  /** A part of a quorum system that asks for more than there is. */
  deadPart: 'DS3106',
  /** The search passed its work limit. */
  undecided: 'DS3090',
  /** A requirement has no value. */
  notEvaluated: 'DS3091',
} as const;

/** The title of every code of the analysis, as `dsys explain` and SARIF list them. */
export const analysisCodes: Readonly<Record<string, string>> = {
  ...structureCodes,
  DS3001: 'A safety requirement does not hold',
  DS3002: 'A liveness requirement does not hold',
  DS3003: 'Quorums that need not share an honest node',
  DS3004: 'A fault set that leaves no quorum',
  DS3005: 'A network that is not connected well enough',
  DS3006: 'A delay bound that is missing or too large',
  DS3007: 'A quorum that can never form',
  DS3101: 'Three quorums that need not share an honest node',
  DS3102: 'Quorums that do not mask liars',
  DS3103: 'Fault sets that cover all nodes',
  DS3104: 'The empty set is a quorum',
  DS3105: 'A node that counts twice under one threshold',
  DS3106: 'A part of a quorum system that can never be met',
  DS3090: 'A check that passed its work limit',
  DS3091: 'A requirement without a value',
  ...capacityCodes,
  ...federatedCodes,
  ...impossibleCodes,
  ...networkCodes,
  ...systemLintCodes,
  ...timingCodes,
  ...probabilityCodes,
  ...lintCodes,
};

/** Codes of searches that ended at their work limit: with more effort there may be an answer. */
const openCodes: ReadonlySet<string> = new Set([codes.undecided]);

/** Whether more effort may say more than this finding. */
export function isOpen({ code }: { readonly code: string }): boolean {
  return openCodes.has(code);
}
