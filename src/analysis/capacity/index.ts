import type { Finding } from '../../base/finding.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { beyondPeak } from './beyond-peak.ts';

/** DS36xx: whether nodes and links can carry what the workloads ask of them, and whether more members help. */
export function capacityFindings(checked: SystemUnderCheck): Finding[] {
  return beyondPeak(checked);
}
