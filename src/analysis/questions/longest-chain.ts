import { formatNumber, formatRatio } from '../../base/units.ts';
import {
  chainTolerance,
  confirmationsFor,
  doubleSpend,
  doubleSpendDelayed,
  nakamotoApproximation,
  selfishThreshold,
} from '../probability/longest-chain.ts';
import { type Answer, type Asked, BadArgument } from './answer.ts';
import { amountAt, countAt, optionalCountAt, probabilityAt } from './numbers.ts';

/** What a share of the mining power or stake can do to a longest chain. */

export function doubleSpendAsked(asked: Asked): Answer {
  const share = probabilityAt(asked, 0, 'share');
  const confirmations = countAt(asked, 1, 'confirmations', 0, 10_000_000);
  const ahead = optionalCountAt(asked, 2, 'ahead', 0, 0, 10_000_000);
  const value = doubleSpend(share, confirmations, ahead);
  if (share >= 0.5)
    return { value, remarks: ['With half of the power or more the adversary catches up for certain, however long one waits.'] };
  // The approximation is a sum over every confirmation; nobody quotes it for thousands.
  if (ahead > 0 || confirmations === 0 || confirmations > 2000) return { value };
  const approximate = formatRatio(nakamotoApproximation(share, confirmations));
  return { value, remarks: [`Exact (Rosenfeld 2014). Nakamoto's 2008 approximation gives ${approximate} for the same wait.`] };
}

/** The bound is a double sum over confirmations. */
const deepest = 400;

export function doubleSpendDelayedAsked(asked: Asked): Answer {
  const share = probabilityAt(asked, 0, 'share');
  const confirmations = countAt(asked, 1, 'confirmations', 0, deepest);
  const delay = amountAt(asked, 2, 'delay_over_interval', false, formatNumber);
  const value = doubleSpendDelayed(share, confirmations, delay);
  if (value < 1) return { value, remarks: ['An upper bound against every strategy (Guo & Ren 2022, Theorem 2).'] };
  return {
    value,
    remarks: [
      'The bound of Guo & Ren (2022) says nothing here: honest blocks that no other one can overlap are no majority, or nobody waits.',
    ],
  };
}

export function confirmationsAsked(asked: Asked): Answer {
  const share = probabilityAt(asked, 0, 'share');
  const risk = probabilityAt(asked, 1, 'risk');
  if (share >= 0.5) throw new BadArgument(`against a \`share\` of ${formatRatio(share)} no number of confirmations is enough`, 0);
  if (risk <= 0) throw new BadArgument('a `risk` of 0 is reached by no number of confirmations', 1);
  const value = confirmationsFor(share, risk);
  if (value === null) throw new BadArgument('more than ten million confirmations would be needed', 0);
  return { value };
}

export function chainToleranceAsked(asked: Asked): Answer {
  return { value: chainTolerance(amountAt(asked, 0, 'blocks_per_delay', false, formatNumber)) };
}

/** `chain_secure(share, blocks_per_delay)`: a longest chain with that much delay is secure against that share. */
export function chainSecureAsked(asked: Asked): Answer {
  const share = probabilityAt(asked, 0, 'share');
  const delay = amountAt(asked, 1, 'blocks_per_delay', false, formatNumber);
  const tolerance = chainTolerance(delay);
  if (share < tolerance) return { value: true };
  const least = formatRatio(tolerance);
  return {
    value: false,
    cause: {
      kind: 'told',
      told: {
        code: 'DS3501',
        detail: `with ${formatNumber(delay)} blocks per maximum delay a longest chain withstands less than ${least} of the power, and the adversary has ${formatRatio(share)}`,
        short: `the adversary's ${formatRatio(share)} is not below ${least}`,
        why: 'Honest blocks that are found within one delay of each other fork the chain and count once, while the adversary builds on its own blocks without delay. Blocks are taken to come as a Poisson process, and every message to arrive within the delay.',
        source: 'Dembo et al. 2020; Gaži, Kiayias & Russell 2020 (tight)',
        help:
          share < 0.5
            ? 'Make blocks rarer or smaller, so that fewer come within one delay, or bound the adversary to a smaller share.'
            : 'Bound the adversary to less than half: no longest chain withstands more, even without delay.',
        numbers: { share, blocks_per_delay: delay, tolerance },
      },
    },
  };
}

export function selfishThresholdAsked(asked: Asked): Answer {
  return { value: selfishThreshold(probabilityAt(asked, 0, 'gamma')) };
}
