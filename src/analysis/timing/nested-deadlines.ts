import type { Finding } from '../../base/finding.ts';
import { counted, formatDuration } from '../../base/units.ts';
import type { Deployment, System, Workload, WorkloadCall } from '../../model/system.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { deploymentName } from '../words.ts';
import { Work } from '../work.ts';
import { callAt, longerTimeouts } from './call-mends.ts';
import type { Hop } from './chain-code.ts';
import { type HopTimes, hopTimes, latest, leastTrip, movedByRetries, soonest } from './chain-times.ts';
import { earlyBy, head } from './early-timers.ts';
import { waitsOf } from './timer-code.ts';
import { alreadyRefused, parametersIn, timerDirections, timerWork } from './timer-mends.ts';

const source = 'Beyer et al., Site Reliability Engineering, 2016, ch. 22 (deadline propagation)';

/**
 * DS3405: deadlines that do not nest. On the way to the answer of a call a node waits with a timer, and what the timer does
 * then (ask again, answer otherwise) reaches whoever waits outside only after that one has given up: the client, or the
 * timer of a role before. Durations count at their shortest and messages with what they take at the least, so that a
 * failover in time is never called late.
 */
export function nestedDeadlines(checked: SystemUnderCheck): Finding[] {
  return [...lateForClients(checked), ...lateForRoles(checked)];
}

interface Late {
  readonly times: HopTimes;
  /** When the caller hears of the failover at the earliest, ns after the call. */
  readonly heard: number;
  /** Messages in that, ns. */
  readonly way: number;
  /** What it is held against, ns: all attempts, or one where each attempt sets the timer anew. */
  readonly limit: number;
}

function lateForClients(checked: SystemUnderCheck): Finding[] {
  const { system, trials } = checked;
  const findings: Finding[] = [];
  for (const workload of system.workloads) {
    for (const call of workload.calls) {
      const deployment = system.deployments[call.deployment];
      const protocol = deployment && system.protocols[deployment.protocol];
      const late = lateForClient(checked, system, workload, call);
      if (late === null || deployment === undefined || protocol === undefined) continue;
      const parameters = parametersOf(system, deployment, late.times.hop);
      if (alreadyRefused(checked, system, deployment, parameters)) continue;
      const directions = [
        { candidates: longerTimeouts(checked, call), monotone: true },
        ...timerDirections(checked, deployment, parameters),
      ];
      const fixes = trials.find(directions, (tried) => {
        const same = callAt(tried, call);
        return (
          same !== null &&
          lateForClient(checked, tried, same.workload, same.call) === null &&
          isSound(checked, tried, deployment, parameters)
        );
      });
      findings.push({ ...describeClient(system, deployment, workload, call, late), fixes });
    }
  }
  return findings;
}

/** The outermost wait whose help comes too late for a call; null for none, or where too little is known. */
function lateForClient(checked: SystemUnderCheck, system: System, { clients }: Workload, call: WorkloadCall): Late | null {
  const deployment = system.deployments[call.deployment];
  if (call.timeout === null || deployment === undefined) return null;
  const work = new Work(timerWork * checked.effort, checked.shouldStop);
  const chain = hopTimes(system, deployment, call.operation, work);
  if (chain === null || chain.length === 0) return null;
  const trip = leastTrip(system, clients, call, work);
  for (const times of chain) {
    const way = times.way + trip;
    const heard = soonest(system, deployment, times.shortest) + way;
    const limit = movedByRetries(system, deployment, clients, call, times, work) ? call.timeout : call.timeout * (call.retries + 1);
    if (heard > limit) return { times, heard, way, limit };
  }
  return null;
}

function lateForRoles(checked: SystemUnderCheck): Finding[] {
  const { system, trials } = checked;
  const findings: Finding[] = [];
  for (const deployment of system.deployments) {
    const reported = new Set<string>();
    for (const { name } of system.protocols[deployment.protocol]?.operations ?? []) {
      for (const [times, outer] of lateWithin(checked, system, deployment, name)) {
        const key = `${times.hop.timer} ${outer.hop.timer}`;
        if (reported.has(key)) continue;
        reported.add(key);
        const parameters = new Set([...parametersOf(system, deployment, times.hop), ...parametersOf(system, deployment, outer.hop)]);
        if (alreadyRefused(checked, system, deployment, parameters)) continue;
        const fixes = trials.find(timerDirections(checked, deployment, parameters), (tried) => {
          const same = tried.deployments[deployment.index];
          return same !== undefined && lateWithin(checked, tried, same, name).length === 0 && isSound(checked, tried, same, parameters);
        });
        findings.push({ ...describeRole(system, deployment, times, outer), fixes });
      }
    }
  }
  return findings;
}

/** Waits that last longer than the wait around them, which gives up then. */
function lateWithin(checked: SystemUnderCheck, system: System, deployment: Deployment, operation: string): [HopTimes, HopTimes][] {
  const work = new Work(timerWork * checked.effort, checked.shouldStop);
  const chain = hopTimes(system, deployment, operation, work) ?? [];
  return chain.flatMap((times): [HopTimes, HopTimes][] => {
    const outer = chain.find(({ hop }) => hop === times.hop.outer);
    // One that asks again still takes a late answer.
    if (outer === undefined || !outer.hop.answers || outer.hop.again !== 'never') return [];
    return soonest(system, deployment, times.shortest) + times.way > latest(system, deployment, outer.longest) ? [[times, outer]] : [];
  });
}

function parametersOf(system: System, deployment: Deployment, hop: Hop): ReadonlySet<string> {
  const protocol = system.protocols[deployment.protocol];
  return protocol === undefined ? new Set() : new Set(hop.delays.flatMap((delay) => [...parametersIn(protocol, delay)]));
}

/** Whether a mend leaves requirements kept and no timer shorter than the answers it waits for. */
function isSound(checked: SystemUnderCheck, tried: System, { index }: Deployment, parameters: ReadonlySet<string>): boolean {
  const deployment = tried.deployments[index];
  const protocol = deployment && tried.protocols[deployment.protocol];
  if (deployment === undefined || protocol === undefined || alreadyRefused(checked, tried, deployment, parameters)) return false;
  return waitsOf(protocol).every((wait) => earlyBy(checked, tried, deployment, wait) === null);
}

function describeClient(system: System, deployment: Deployment, workload: Workload, call: WorkloadCall, late: Late): Finding {
  const { times, heard, way, limit } = late;
  const { hop } = times;
  const timeout = call.timeout ?? 0;
  const attempts = call.retries + 1;
  const anew = limit < timeout * attempts;
  const patience =
    attempts === 1 || anew ? `after ${formatDuration(timeout)}` : `after ${counted(attempts, 'attempt')} of ${formatDuration(timeout)}`;
  return {
    code: 'DS3405',
    severity: 'warning',
    span: call.span,
    message:
      `\`${call.operation}\` of \`${workload.name}\` is given up ${patience}, before \`${hop.timer}\` of ${ownerOf(system, deployment, hop)} can help it: ` +
      `the timer runs out after ${formatDuration(times.shortest)}${way > 0 ? `, and ${formatDuration(way)} go to messages` : ''}.`,
    why:
      `\`${head(hop.by)}\` sends \`${hop.asks}\` and waits; when nothing comes, \`on timeout ${hop.timer}\` ${deed(hop)}. The client hears of that after ${formatDuration(heard)} at the earliest and waits ${formatDuration(limit)}. ` +
      `Nobody waits for that work any more${anew ? ', and every retry sets the timer anew before it has run out' : ''}.`,
    help: `Give the call longer than ${formatDuration(heard)} with room for the answer, or set \`${hop.timer}\` for less: what a node waits for its own calls, times its attempts, must fit into what its caller waits.`,
    source,
    notes: ['Messages count with the least that they take, the timer at its shortest.'],
    labels: [{ span: hop.delay.span, message: `the wait of ${formatDuration(times.shortest)}` }],
    numbers: { timeout, attempts, timer: times.shortest, heard },
  };
}

function describeRole(system: System, deployment: Deployment, times: HopTimes, outer: HopTimes): Finding {
  const { hop } = times;
  const heard = soonest(system, deployment, times.shortest) + times.way;
  return {
    code: 'DS3405',
    severity: 'warning',
    span: deployment.nameSpan,
    message:
      `\`${outer.hop.timer}\` of ${ownerOf(system, deployment, outer.hop)} gives up after ${formatDuration(outer.longest)}, before \`${hop.timer}\` of ${ownerOf(system, deployment, hop)}, which it waits for, can help: ` +
      `that runs out after ${formatDuration(times.shortest)}${times.way > 0 ? `, and ${formatDuration(times.way)} go to messages` : ''}.`,
    why: `\`${head(outer.hop.by)}\` sends \`${outer.hop.asks}\`; on the way to its answer \`${head(hop.by)}\` sends \`${hop.asks}\` and waits, and \`on timeout ${hop.timer}\` ${deed(hop)}. By then the call is answered without it.`,
    help: `Set \`${outer.hop.timer}\` for longer than ${formatDuration(heard)}, or \`${hop.timer}\` for less: each wait must hold the waits within it.`,
    source,
    notes: ['Messages count with the least that they take, the inner timer at its shortest, the outer one at its longest.'],
    labels: [
      { span: outer.hop.delay.span, message: `the outer wait, ${formatDuration(outer.longest)}` },
      { span: hop.delay.span, message: `the inner wait, ${formatDuration(times.shortest)}` },
    ],
    numbers: { outer: outer.longest, timer: times.shortest, heard },
  };
}

function deed({ asks, again, answers }: Hop): string {
  if (again === 'never') return 'answers all the same';
  return answers ? `sends \`${asks}\` again or answers all the same` : `sends \`${asks}\` again`;
}

/** "`proxy`" for a role, else the deployment. */
function ownerOf(system: System, deployment: Deployment, { by }: Hop): string {
  return by.role === null ? deploymentName(system, deployment) : `\`${by.role}\``;
}
