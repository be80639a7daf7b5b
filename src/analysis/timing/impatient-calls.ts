import type { Finding } from '../../base/finding.ts';
import { counted, formatDuration, formatRatio } from '../../base/units.ts';
import type { System, Workload, WorkloadCall } from '../../model/system.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { knownBounds } from '../flow/index.ts';
import { deploymentName, nodeNames } from '../words.ts';
import { Work } from '../work.ts';
import { callAt, longerTimeouts } from './call-mends.ts';
import { DelaySum } from './delay-sum.ts';
import { legParts, type PairGroup, pairGroups } from './pairs.ts';
import { timerWork } from './timer-mends.ts';

/**
 * DS3403: a call whose attempts are mostly given up before an answer can have come, since the way there and back alone takes
 * longer. What the protocol needs in between counts with what its messages take at the least, so that the shares given
 * are bounds, not estimates.
 */
export function impatientCalls(checked: SystemUnderCheck): Finding[] {
  const { system, trials } = checked;
  const findings: Finding[] = [];
  for (const workload of system.workloads) {
    for (const call of workload.calls) {
      const late = lateBy(checked, system, workload, call);
      if (late === null) continue;
      const fixes = trials.find([{ candidates: longerTimeouts(checked, call), monotone: true }], (tried) => {
        const same = callAt(tried, call);
        return same !== null && lateBy(checked, tried, same.workload, same.call) === null;
      });
      findings.push({ ...describe(system, workload, call, late), fixes });
    }
  }
  return findings;
}

/** Pairs of clients and targets that differ: beyond so many the search is broken off. */
const mostGroups = 50;

interface Late {
  /** Of the attempts that can be answered in time, at the most. */
  readonly answered: number;
  /** The pair of client and target to show, with the median of its round trip, ns. */
  readonly from: number;
  readonly to: number;
  readonly median: number;
  /** What the protocol takes at the least before it answers: message delays, and ns. */
  readonly delays: number;
  readonly inside: number;
}

function lateBy(checked: SystemUnderCheck, system: System, workload: Workload, call: WorkloadCall): Late | null {
  const { timeout, targets } = call;
  const deployment = system.deployments[call.deployment];
  if (timeout === null || deployment === undefined) return null;
  const fresh = (): Work => new Work(timerWork * checked.effort, checked.shouldStop);
  const work = fresh();
  const groups = pairGroups(system, workload.clients, targets, work);
  const inTargets = new Set(targets);
  const own = workload.clients.filter((client) => inTargets.has(client)).length;
  const delays = Math.max(0, (knownBounds(system, deployment, call.operation, fresh())?.rounds.least ?? 0) - 2);
  const inside = delays === 0 ? 0 : delays * leastDelay(system, pairGroups(system, deployment.members, deployment.members, work));
  let pairs = own;
  let answered = inside <= timeout ? own : 0;
  let shown: Late | null = null;
  for (const { from, to, count, there, back } of groups) {
    pairs += count;
    // Clients that cannot reach their targets are reported as such.
    if (there === null || back === null) return null;
    const sum = roundTrip(system, there, back);
    answered += count * (timeout - inside < 0 ? 0 : 1 - sum.exceeds(timeout - inside, work));
    // What is remembered costs nothing: with work of its own it is found the first time whenever it is found the second.
    work.spend((timerWork * checked.effort) / mostGroups);
    const median = sum.quantile(0.5, fresh()).value;
    if (shown === null || median > shown.median) shown = { answered: 0, from, to, median, delays, inside };
  }
  if (shown === null || pairs === 0 || answered >= pairs / 2) return null;
  return { ...shown, answered: answered / pairs };
}

function roundTrip(system: System, there: NonNullable<PairGroup['there']>, back: NonNullable<PairGroup['back']>): DelaySum {
  const most = system.timing.delay ?? Number.POSITIVE_INFINITY;
  return new DelaySum([...legParts(system, there, most), ...legParts(system, back, most)]);
}

/** No message between two members takes less, ns. */
function leastDelay(system: System, groups: readonly PairGroup[]): number {
  const most = system.timing.delay ?? Number.POSITIVE_INFINITY;
  const delays = groups.flatMap(({ there }) => (there === null ? [] : [new DelaySum(legParts(system, there, most)).least]));
  return delays.length === 0 ? 0 : delays.reduce((least, delay) => Math.min(least, delay), Number.POSITIVE_INFINITY);
}

function describe(system: System, workload: Workload, call: WorkloadCall, late: Late): Finding {
  const timeout = call.timeout ?? 0;
  const attempts = call.retries + 1;
  const [from, to] = nodeNames(system, [late.from, late.to]);
  const deployment = system.deployments[call.deployment];
  const share = late.answered < 0.0001 ? 'none' : `at most ${formatRatio(late.answered)}`;
  return {
    code: 'DS3403',
    severity: 'warning',
    span: call.span,
    message:
      `\`${call.operation}\` of \`${workload.name}\` is given up after ${formatDuration(timeout)}, and ${share} of its attempts can be answered by then: ` +
      `from \`${from}\` to \`${to}\` and back takes ${formatDuration(late.median)} in the median` +
      (late.inside > 0 ? `, and what the servers ask of each other ${formatDuration(late.inside)} at the least.` : '.'),
    why:
      attempts === 1
        ? 'A client that gives up before the answer can come counts as failed what the servers do all the same.'
        : `Each attempt that is given up is sent again, so the servers get up to ${attempts} times the load for calls whose answers were on their way; retries at several layers multiply.`,
    help: `Give it longer than ${formatDuration(late.median + late.inside)}, several times as long where answers should be rare to miss.`,
    source: attempts === 1 ? 'Dean & Barroso 2013' : 'Beyer et al., Site Reliability Engineering, 2016, ch. 22',
    notes: [
      ...(late.delays > 0 && deployment !== undefined
        ? [
            `Before it answers, ${deploymentName(system, deployment)} sends messages to and fro: ${counted(late.delays, 'delay')} more at the least, ${formatDuration(late.inside)} together.`,
          ]
        : []),
      ...(attempts > 1
        ? [
            `${counted(attempts, 'attempt')} of ${formatDuration(timeout)} last ${formatDuration(attempts * timeout)}; an answer to an earlier one that comes by then still counts.`,
          ]
        : []),
      'Queueing and loss are not counted, which would only take longer.',
    ],
    witness: { kind: 'nodes', nodes: [from ?? '', to ?? ''] },
    numbers: { timeout, round_trip_median: late.median, answered: late.answered, attempts },
  };
}
