import { formatDuration } from '../../base/units.ts';
import { choose, copysetLoss, erasureLoss, lossWithin, meanTimeToLoss, staleRead, yearNs } from '../probability/durability.ts';
import type { Answer, Asked } from './answer.ts';
import { amountAt, countAt, largestCount, optionalCountAt, probabilityAt } from './numbers.ts';

/** How likely copies, fragments and copysets lose data, and how likely a read misses the last write. */

/** The chain over the copies is a matrix of so many states, multiplied some hundred times. */
const mostCopies = 32;

export function dataLossAsked(asked: Asked): Answer {
  const copies = countAt(asked, 0, 'copies', 1);
  return { value: probabilityAt(asked, 1, 'probability') ** copies };
}

export function erasureLossAsked(asked: Asked): Answer {
  const data = countAt(asked, 0, 'data', 1);
  const parity = countAt(asked, 1, 'parity');
  return { value: erasureLoss(data, parity, probabilityAt(asked, 2, 'probability')) };
}

export function annualLossAsked(asked: Asked): Answer {
  const chain = copyChain(asked);
  const mean = meanTimeToLoss(chain);
  return {
    value: lossWithin(yearNs, chain),
    remarks: [
      `The mean time to the loss of all copies is ${formatDuration(mean)}. Copies fail and are made anew independently, each after an exponential time.`,
    ],
  };
}

export function meanTimeToLossAsked(asked: Asked): Answer {
  return { value: meanTimeToLoss(copyChain(asked)) };
}

function copyChain(asked: Asked): { copies: number; mtbf: number; mttr: number } {
  return {
    copies: countAt(asked, 0, 'copies', 1, mostCopies),
    mtbf: amountAt(asked, 1, 'mtbf', true, formatDuration),
    mttr: amountAt(asked, 2, 'mttr', false, formatDuration),
  };
}

export function copysetLossAsked(asked: Asked): Answer {
  const nodes = countAt(asked, 0, 'nodes', 1);
  const copies = countAt(asked, 1, 'copies', 1, Math.min(nodes, mostCopies), nodes < mostCopies ? 'the nodes' : undefined);
  const failures = countAt(asked, 2, 'failures', 0, nodes, 'the nodes');
  const sets = choose(nodes, copies);
  const copysets =
    sets < largestCount ? countAt(asked, 3, 'copysets', 0, sets, 'the number of different sets') : countAt(asked, 3, 'copysets');
  return { value: copysetLoss(nodes, copies, failures, copysets) };
}

export function staleReadAsked(asked: Asked): Answer {
  const n = countAt(asked, 0, 'n', 1);
  const write = countAt(asked, 1, 'write', 0, n, '`n`');
  const read = countAt(asked, 2, 'read', 0, n, '`n`');
  return { value: staleRead(n, write, read, optionalCountAt(asked, 3, 'versions', 1, 1)) };
}
