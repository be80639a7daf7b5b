import type { Finding } from '../../base/finding.ts';
import { formatDuration } from '../../base/units.ts';
import type { Deployment, System } from '../../model/system.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { deploymentName, nodeNames } from '../words.ts';
import { Work } from '../work.ts';
import { type Slowest, slowestBetween } from './slowest.ts';
import { type Watch, watchesOf } from './timer-code.ts';
import { durationRange } from './timer-durations.ts';
import { alreadyRefused, parametersIn, roleNodes, timerDirections, timerWork } from './timer-mends.ts';

/**
 * DS3402: a timer that is set anew by each beat of another node and yet can run out between two beats. With delays D and D'
 * of two beats the second comes D' - D after its period; that is more than the 99.9 % quantile less the median in at least
 * one of two thousand beats, since D is at most its median half of the time. Of timers that outlast that nothing is said.
 */
export function missedBeats(checked: SystemUnderCheck): Finding[] {
  const { system, trials } = checked;
  const findings: Finding[] = [];
  for (const deployment of system.deployments) {
    const protocol = system.protocols[deployment.protocol];
    if (protocol === undefined) continue;
    const reported = new Set<string>();
    for (const watch of watchesOf(protocol)) {
      const missed = missedBy(checked, system, deployment, watch);
      if (missed === null || reported.has(watch.timer)) continue;
      reported.add(watch.timer);
      const own = parametersIn(protocol, watch.delay);
      const parameters = new Set([...own, ...parametersIn(protocol, watch.period)]);
      if (alreadyRefused(checked, system, deployment, parameters)) continue;
      const fixes = trials.find(timerDirections(checked, deployment, parameters), (tried) => {
        const same = tried.deployments[deployment.index];
        return same !== undefined && missedBy(checked, tried, same, watch) === null && !alreadyRefused(checked, tried, same, parameters);
      });
      findings.push({ ...describe(system, deployment, watch, missed), fixes });
    }
  }
  return findings;
}

interface Missed {
  /** Shortest duration and shortest period, ns. */
  readonly timer: number;
  readonly period: number;
  /** By how much one beat in a thousand is later than most, ns. */
  readonly jitter: number;
  readonly slowest: Slowest;
}

function missedBy(checked: SystemUnderCheck, system: System, deployment: Deployment, watch: Watch): Missed | null {
  const timer = durationRange(system, deployment, watch.delay);
  const period = durationRange(system, deployment, watch.period);
  // What depends on state may change from beat to beat: too little is known then.
  if (timer === null || period === null || timer.state.length > 0 || period.state.length > 0) return null;
  const froms = roleNodes(deployment, watch.sender.role);
  const tos = roleNodes(deployment, watch.receiver.role);
  const work = new Work(timerWork * checked.effort, checked.shouldStop);
  const between = { froms, tos, most: system.timing.delay ?? Number.POSITIVE_INFINITY };
  const found = slowestBetween(system, between, 'message', 0.001, work);
  if (found === null || found.delay === null) return null;
  const half = found.delay.quantile(0.5, work);
  const jitter = Math.max(0, found.time - found.error - half.value - half.error);
  if (timer.shortest > period.shortest + jitter || (jitter > 0 && timer.shortest === period.shortest + jitter)) return null;
  return { timer: timer.shortest, period: period.shortest, jitter, slowest: found };
}

function describe(system: System, deployment: Deployment, watch: Watch, { timer, period, jitter, slowest }: Missed): Finding {
  const [from, to] = nodeNames(system, [slowest.from, slowest.to]);
  const name = deploymentName(system, deployment);
  const anyway = timer <= period;
  return {
    code: 'DS3402',
    severity: 'warning',
    span: deployment.nameSpan,
    message: anyway
      ? `\`${watch.timer}\` of ${name} can run out after ${formatDuration(timer)}, and the \`${watch.message}\` that sets it anew is sent only every ${formatDuration(period)}.`
      : `\`${watch.timer}\` of ${name} can run out after ${formatDuration(timer)} although \`${watch.message}\` is sent every ${formatDuration(period)}: from \`${from}\` to \`${to}\` at least one in 2,000 comes ${formatDuration(period + jitter)} or more after the one before.`,
    why: 'A node that watches for signs of life must wait longer than their period and the jitter of the way together, or it suspects nodes that are well.',
    help: `Set \`${watch.timer}\` for longer than ${formatDuration(period + jitter)}: several periods, so that one beat may be lost; or beat more often.`,
    source: 'Chen, Toueg & Aguilera 2002',
    notes: ['Queueing and loss are not counted; the delays of two beats are taken to be independent.'],
    labels: [
      { span: watch.delay.span, message: 'how long it is set for' },
      { span: watch.period.span, message: `how long \`${watch.beat}\` is set for` },
    ],
    witness: { kind: 'nodes', nodes: [from ?? '', to ?? ''] },
    numbers: { timer, period, jitter },
  };
}
