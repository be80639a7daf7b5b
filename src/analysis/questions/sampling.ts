import { formatNumber } from '../../base/units.ts';
import { committeeFailure } from '../probability/committees.ts';
import { binomialTail, hypergeometricTail, poissonTail } from '../probability/tails.ts';
import { type Answer, type Asked, BadArgument } from './answer.ts';
import { amountAt, countAt, largestCount, optionalCountAt, probabilityAt } from './numbers.ts';

/** Tails of samples and what random committees risk: mathematics alone, no fact of the deployment. */

export function binomialTailAsked(asked: Asked): Answer {
  const draws = countAt(asked, 0, 'draws');
  const share = probabilityAt(asked, 1, 'share');
  return { value: binomialTail(draws, share, countAt(asked, 2, 'least')) };
}

export function hypergeometricTailAsked(asked: Asked): Answer {
  const population = countAt(asked, 0, 'population');
  const marked = countAt(asked, 1, 'marked', 0, population, 'the population');
  const draws = countAt(asked, 2, 'draws', 0, population, 'the population');
  return { value: hypergeometricTail(population, marked, draws, countAt(asked, 3, 'least')) };
}

export function poissonTailAsked(asked: Asked): Answer {
  const mean = amountAt(asked, 0, 'mean', false, formatNumber);
  if (mean > largestCount) throw new BadArgument(`\`mean\` must be at most ${largestCount.toLocaleString('en-US')}`, 0);
  return { value: poissonTail(mean, countAt(asked, 1, 'least')) };
}

export function committeeFailureAsked(asked: Asked): Answer {
  const pool = countAt(asked, 0, 'pool', 1);
  const faulty = countAt(asked, 1, 'faulty', 0, pool, 'the pool');
  const size = countAt(asked, 2, 'size', 1, pool, 'the pool');
  const most = countAt(asked, 3, 'most');
  const committees = optionalCountAt(asked, 4, 'committees', 1, 1);
  const { probability, method } = committeeFailure(pool, faulty, size, most, committees);
  return { value: probability, remarks: [methods[method]] };
}

const methods = {
  one: 'One committee drawn without replacement: the hypergeometric tail, exact.',
  disjoint: 'Committees that share no member: exact. Committees drawn independently of each other fail no more often.',
  bound: 'Several committees: the union bound, committees times the risk of one, which no dependence among them can exceed.',
};
