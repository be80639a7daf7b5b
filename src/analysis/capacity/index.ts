import type { Finding } from '../../base/finding.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { beyondPeak } from './beyond-peak.ts';
import { hasLoad } from './load.ts';
import { overloads } from './overload.ts';

/** DS36xx: whether nodes and links can carry what the workloads ask of them, and whether more members help. */
export function capacityFindings(checked: SystemUnderCheck): Finding[] {
  return [...beyondPeak(checked), ...(hasLoad(checked.system) ? overloads(checked) : [])];
}
