import type { Finding } from '../../base/finding.ts';
import { counted, formatDuration, formatNumber } from '../../base/units.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { Work } from '../work.ts';
import { amplificationOf, type Layer } from './amplification.ts';
import { head } from './early-timers.ts';
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
      if (found === null || found.requests < fewest || found.layers.length < 2) continue;
      const { layers, requests, total } = found;
      const last = layers.at(-1) as Layer;
      if (last.hop === null) continue;
      findings.push({
        code: 'DS3406',
        severity: 'information',
        span: call.span,
        message:
          `One \`${call.operation}\` of \`${workload.name}\` can have \`${last.hop.asks}\` sent up to ${formatNumber(requests)} times when nobody answers: ` +
          `${layers.map(({ times }) => formatNumber(times)).join(' × ')}, since ${layers.length} layers retry.`,
        why: 'Retries multiply along a chain: r more at each of d layers are up to (r + 1)^d requests at the last. They come when the servers are slow already, and can keep them so.',
        help: 'Retry at one layer only, the one nearest to the failure or the client, and let the others pass the failure on; or limit retries to a small share of the calls (a retry budget) and let the pauses grow.',
        source: 'Beyer et al., Site Reliability Engineering, 2016, ch. 22 (addressing cascading failures)',
        notes: [
          `${layers.map((layer) => layerWords(layer, call.timeout)).join('; ')}. All within the ${formatDuration(total)} that the client waits in all.`,
        ],
        labels: layers.flatMap(({ hop }) => (hop === null ? [] : [{ span: hop.delay.span, message: 'the pause of this layer' }])),
        numbers: { requests, layers: layers.length, attempts: call.retries + 1, total },
      });
    }
  }
  return findings;
}

function layerWords({ hop, times, shortest }: Layer, timeout: number | null): string {
  if (hop === null) return `the client makes ${counted(times, 'attempt')} of ${formatDuration(timeout ?? 0)}`;
  return `\`${head(hop.by)}\` and \`on timeout ${hop.timer}\` send \`${hop.asks}\` up to ${counted(times, 'time')}, ${formatDuration(shortest)} apart`;
}
