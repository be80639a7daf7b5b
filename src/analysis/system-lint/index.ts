import type { SystemCheck } from '../checks.ts';
import { callsLeftOpen } from './calls-left-open.ts';
import { hollowExpectations } from './hollow-expectations.ts';
import { reachedThresholds } from './reached-thresholds.ts';
import { waitsForCrashed } from './waits-for-crashed.ts';

/** DS38xx: thresholds, properties and expectations of a system's protocols and scenarios that do not say what they seem to. */
export const systemLintChecks: readonly SystemCheck[] = [
  reachedThresholds,
  waitsForCrashed,
  ({ system }) => callsLeftOpen(system),
  ({ system }) => hollowExpectations(system),
];
