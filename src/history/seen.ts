import type { Budget } from './linearizability.ts';
import type { Answer } from './views.ts';

/**
 * Tries what each reader may have seen, in all combinations: `yes` at the first that `judge` accepts, `no` when all are
 * refused, `unknown` when the budget ends or one could not be judged. A choice costs one configuration.
 */
export function eachChoice(
  readers: readonly number[],
  choices: readonly Iterable<readonly number[]>[],
  budget: Budget,
  judge: (seen: ReadonlyMap<number, readonly number[]>) => Answer,
): Answer {
  const seen = new Map<number, readonly number[]>();
  const open: Iterator<readonly number[]>[] = [];
  let undecided = false;
  for (;;) {
    if (open.length === readers.length) {
      if (budget.left <= 0) return 'unknown';
      const answer = judge(seen);
      if (answer === 'yes') return 'yes';
      if (answer === 'unknown') undecided = true;
    } else {
      open.push((choices[open.length] as Iterable<readonly number[]>)[Symbol.iterator]());
    }
    // The next choice of the last reader that has one left.
    for (;;) {
      if (open.length === 0) return undecided ? 'unknown' : 'no';
      const next = (open.at(-1) as Iterator<readonly number[]>).next();
      if (!next.done) {
        budget.left--;
        if (budget.left <= 0) return 'unknown';
        seen.set(readers[open.length - 1] as number, next.value);
        break;
      }
      seen.delete(readers[open.length - 1] as number);
      open.pop();
    }
  }
}
