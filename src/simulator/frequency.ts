import { clopperPearson } from '../base/confidence.ts';
import { formatRatio } from '../base/units.ts';
import type { Frequency } from './result.ts';

const confidence = 0.95;
/** Verdicts over fewer runs are about these runs; an interval as wide as theirs would tell nothing. */
const tellingRuns = 100;

/** Seeds are independent draws of all the runs there could be, so what they show bounds what runs do. */
export function frequency(of: Frequency['of'], seen: number, runs: number): Frequency {
  return { of, seen, runs, ...clopperPearson(seen, runs, confidence), confidence };
}

/** `fails in 0.03% of runs (95%: 0.0061% … 0.088%)`, `fails in fewer than 0.37% of runs (95%)`; empty over few runs. */
export function frequencyText({ of, seen, runs, low, high }: Frequency): string {
  if (runs < tellingRuns) return '';
  const sure = formatRatio(confidence);
  const what = of === 'failures' ? 'fails' : 'seen';
  if (seen === 0) return `${what} in fewer than ${rounded(high, 'up')} of runs (${sure})`;
  if (seen === runs) return `${what} in more than ${rounded(low, 'down')} of runs (${sure})`;
  const share = formatRatio(Number((seen / runs).toPrecision(2)));
  return `${what} in ${share} of runs (${sure}: ${rounded(low, 'down')} … ${rounded(high, 'up')})`;
}

/** Two digits, so that the interval does not shrink. */
function rounded(value: number, way: 'up' | 'down'): string {
  const [digits = '', exponent = ''] = value.toExponential(1).split('e');
  const number = (tenths: number): number => Number(`${tenths}e${Number(exponent) - 1}`);
  const nearest = Math.round(Number(digits) * 10);
  if (way === 'up' && number(nearest) < value) return formatRatio(number(nearest + 1));
  if (way === 'down' && number(nearest) > value) return formatRatio(number(nearest - 1));
  return formatRatio(number(nearest));
}
