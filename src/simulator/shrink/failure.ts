import type { Scenario } from '../../model/scenario.ts';
import type { System } from '../../model/system.ts';
import { spansRuns } from '../expectations.ts';
import type { RunError, Violation } from '../result.ts';
import type { RunOutcome } from '../run-once.ts';
import { growsWorse } from '../verdicts.ts';

/** What fails in one run. */
export type Failure =
  | { readonly kind: 'error'; readonly error: RunError; readonly seed: number }
  | { readonly kind: 'property'; readonly violation: Violation; readonly seed: number }
  /** `index` of the expectation; no seed where it is about all runs together. */
  | { readonly kind: 'expectation'; readonly index: number; readonly seed: number | null };

/** How a failure may be reduced without becoming another one. */
export interface Manner {
  /** Whether less happening can show it by itself: then there is a control. */
  readonly hangsOnProgress: boolean;
  /** Whether fewer calls and an earlier end leave what is expected the same. */
  readonly mayDropCalls: boolean;
  readonly mayEndEarlier: boolean;
}

/** Why a failure has no smaller run to show; null where it may have. */
export function whyNot(failure: Failure, scenario: Scenario): string | null {
  if (failure.kind === 'error') return failure.error.kind === 'limit' ? 'a limit ended the run, which a smaller run does not reach' : null;
  if (failure.kind === 'property') return null;
  const expect = scenario.expectations[failure.index]?.expect;
  if (!expect || failure.seed === null) return 'it is about all runs together';
  if (expect.kind === 'violated') return 'no run shows what is expected';
  if (expect.kind === 'metric') return spansRuns(expect.condition) ? 'it is about all runs together' : null;
  return expect.negated ? 'no run shows what is expected' : null;
}

export function mannerOf(failure: Failure, scenario: Scenario): Manner {
  const safety = { hangsOnProgress: false, mayDropCalls: true, mayEndEarlier: true };
  if (failure.kind === 'error') return safety;
  if (failure.kind === 'property') {
    const { kind } = failure.violation;
    return kind === 'invariant' || kind === 'assert' ? safety : { ...safety, hangsOnProgress: true };
  }
  const expect = scenario.expectations[failure.index]?.expect;
  // "At least so many" is missed by any run in which little happens.
  if (expect?.kind === 'metric' && !growsWorse(expect.condition)) {
    return { hangsOnProgress: true, mayDropCalls: false, mayEndEarlier: false };
  }
  return safety;
}

/**
 * Whether a run of `scenario` fails in the same way: the same property at the same place, the same error, the same
 * expectation, which stands first there. A history without calls and a metric of nothing fail too, which is another matter.
 */
export function isSame(failure: Failure, system: System, scenario: Scenario, { result, undecided, calls }: RunOutcome): boolean {
  switch (failure.kind) {
    case 'error': {
      const { error } = failure;
      const found = result.error;
      return found?.kind === 'error' && found.span.start === error.span.start && found.span.uri === error.span.uri;
    }
    case 'property':
      return result.violations.some((found) => isSameProperty(found, failure.violation));
    case 'expectation': {
      const [judged] = result.expectations;
      const expect = scenario.expectations[0]?.expect;
      if (result.error !== null || judged?.held !== false || undecided[0] === true || !expect) return false;
      if (expect.kind === 'metric') return judged.measured !== null;
      if (expect.kind === 'violated') return false;
      const specified = system.specifications[expect.specification]?.operations ?? [];
      return calls.some(({ operation }) => specified.some(({ name }) => name === operation));
    }
  }
}

/** When it shows, ns; null where only the end of the run tells. */
export function momentOf(failure: Failure, { result }: RunOutcome): number | null {
  if (failure.kind === 'error') return result.error?.time ?? null;
  if (failure.kind === 'expectation') return null;
  return result.violations.find((found) => isSameProperty(found, failure.violation))?.time ?? null;
}

function isSameProperty(a: Violation, b: Violation): boolean {
  return a.kind === b.kind && a.property === b.property && a.deployment === b.deployment && a.span.start === b.span.start;
}
