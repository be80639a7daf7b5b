import type { Finding } from '../../base/finding.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { endlessRuns } from './endless-runs.ts';
import { splitAvailability } from './split-availability.ts';
import { tooFewMembers } from './too-few-members.ts';

/** DS37xx: what is proved to be impossible under the timing and the faults that a system states, whatever the protocol does. */
export function impossibilityFindings(checked: SystemUnderCheck): Finding[] {
  return [...endlessRuns(checked), ...tooFewMembers(checked), ...splitAvailability(checked)];
}
