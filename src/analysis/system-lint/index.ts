import type { Finding } from '../../base/finding.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { hollowExpectations } from './hollow-expectations.ts';

/** DS38xx: thresholds, properties and expectations of a system's protocols and scenarios that do not say what they seem to. */
export function systemLintFindings({ system }: SystemUnderCheck): readonly Finding[] {
  return hollowExpectations(system);
}
