import type { Finding } from '../../base/finding.ts';
import { counted, formatDuration, formatNumber } from '../../base/units.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { joined } from '../words.ts';
import { Work } from '../work.ts';
import { amplificationOf, type Layer } from './amplification.ts';
import { timerWork } from './timer-mends.ts';

/** Fewer requests than this are what one retry makes. */
const fewest = 4;

/** DS3406: retries at several layers of one call, which multiply: (r + 1) at each of d layers are (r + 1)^d at the last. */
export function retryAmplification(checked: SystemUnderCheck): Finding[] {
  const { system } = checked;
  const findings: Finding[] = [];
  for (const workload of system.workloads) {
    for (const call of workload.calls) {
      const work = new Work(timerWork * checked.effort, checked.shouldStop);
      const found = amplificationOf(system, workload, call, work);
      const last = found?.layers.at(-1);
      if (!found?.multiplies || last === undefined || last.hop === null || last.requests < fewest) continue;
      const { layers, total } = found;
      findings.push({
        code: 'DS3406',
        severity: 'information',
        span: call.span,
        message:
          `While nobody answers, one \`${call.operation}\` of \`${workload.name}\` can become ${joined(layers.map(requestsOf))} ` +
          `within the ${formatDuration(total)} that the client waits: ${layers.length} layers retry.`,
        why: 'Retries multiply along a chain: r more at each of d layers are up to (r + 1)^d requests at the last. They come when the servers are slow already, and can keep them so.',
        help: 'Retry at one layer only and let the others pass the failure on; or limit retries to a small share of the calls (a retry budget) and let the pauses grow.',
        source: 'Beyer et al., Site Reliability Engineering, 2016, ch. 22 (addressing cascading failures)',
        notes: [`${layers.map((layer) => pauseOf(layer)).join('; ')}. A request to several nodes counts once.`],
        labels: layers.flatMap(({ hop }) => (hop === null ? [] : [{ span: hop.delay.span, message: 'the pause of this layer' }])),
        numbers: { requests: last.requests, layers: layers.length, attempts: call.retries + 1, total },
      });
    }
  }
  return findings;
}

function requestsOf({ hop, requests }: Layer): string {
  return hop === null ? counted(requests, 'attempt') : `up to ${formatNumber(requests)} \`${hop.asks}\``;
}

function pauseOf({ hop, shortest }: Layer): string {
  return hop === null
    ? `The client tries again after ${formatDuration(shortest)}`
    : `\`on timeout ${hop.timer}\` sends \`${hop.asks}\` again after ${formatDuration(shortest)}`;
}
