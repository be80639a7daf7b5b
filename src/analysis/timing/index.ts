import type { Finding } from '../../base/finding.ts';
import type { SystemCheck, SystemUnderCheck } from '../checks.ts';
import { Cancelled, OutOfWork } from '../work.ts';
import { driftingLeases } from './drifting-leases.ts';
import { earlyTimers } from './early-timers.ts';
import { impatientCalls } from './impatient-calls.ts';
import { missedBeats } from './missed-beats.ts';
import { nestedDeadlines } from './nested-deadlines.ts';
import { retryAmplification } from './retry-amplification.ts';

const checks: readonly SystemCheck[] = [earlyTimers, missedBeats, impatientCalls, driftingLeases, nestedDeadlines, retryAmplification];

/** DS34xx: timers, time limits of calls and clocks, held against the times that messages take. */
export function timingFindings(checked: SystemUnderCheck): Finding[] {
  return checks.flatMap((check) => {
    try {
      return check(checked);
    } catch (error) {
      // Where the times of a large network take too long to work out nothing is said.
      if (error instanceof OutOfWork && !(error instanceof Cancelled)) return [];
      throw error;
    }
  });
}
