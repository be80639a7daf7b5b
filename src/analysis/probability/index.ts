import type { Finding } from '../../base/finding.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { uptimeAttributes } from './contradictions.ts';
import { exceededBudgets } from './exceeded-budgets.ts';
import { fewerNodes } from './fewer-nodes.ts';

/** DS35xx: what is odd about how available a system says that it is. */
export function probabilityFindings(checked: SystemUnderCheck): Finding[] {
  return [...uptimeAttributes(checked), ...exceededBudgets(checked), ...fewerNodes(checked)];
}
