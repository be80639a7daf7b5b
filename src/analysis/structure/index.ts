import type { Finding } from '../../base/finding.ts';
import type { System } from '../../model/system.ts';
import { beyondBudget } from './beyond-budget.ts';
import { emptyDeployments } from './empty-deployment.ts';
import { isolatedNodes } from './isolated-nodes.ts';
import { latencyBeyondDelay } from './latency-beyond-delay.ts';
import { misdirectedCalls } from './misdirected-call.ts';
import { oversizedBudgets } from './oversized-budget.ts';
import { splitDeployments } from './split-deployment.ts';
import { unreachableServices } from './unreachable-service.ts';
import { idleNodes, unusedZones } from './unused.ts';

const checks: readonly ((system: System) => Finding[])[] = [
  isolatedNodes,
  splitDeployments,
  unreachableServices,
  latencyBeyondDelay,
  oversizedBudgets,
  emptyDeployments,
  misdirectedCalls,
  beyondBudget,
  unusedZones,
  idleNodes,
];

/** DS21xx: what is wrong with how an expanded system is put together, before anything fails. */
export function structuralFindings(system: System): Finding[] {
  return checks.flatMap((check) => check(system));
}
