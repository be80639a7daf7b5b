import type { Finding } from '../../base/finding.ts';
import { formatDuration, formatRatio } from '../../base/units.ts';
import type { Handler, ProtocolCode } from '../../model/code.ts';
import type { Deployment, System } from '../../model/system.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { mentioned } from '../mentions.ts';
import { deploymentName, nodeNames } from '../words.ts';
import { Work } from '../work.ts';
import { pathWords } from './path-words.ts';
import { type Slowest, slowestBetween } from './slowest.ts';
import { type Wait, waitsOf } from './timer-code.ts';
import { durationRange } from './timer-durations.ts';
import { alreadyRefused, parametersIn, roleNodes, timerDirections, timerWork } from './timer-mends.ts';

/** One answer in a thousand may come late. Sending the same again is only wasteful when it is done for most. */
const lateShare = 0.001;
const resentShare = 0.5;

/**
 * DS3401: a timer that can run out before an answer to what is sent with it can have come back, once in a thousand times or
 * more: at the shortest duration that it is set for, between the two nodes that are farthest apart. Delays count as the
 * timing model has them, no more than Δ a link; what a requirement of the protocol refuses already is not repeated.
 */
export function earlyTimers(checked: SystemUnderCheck): Finding[] {
  const { system, trials } = checked;
  const findings: Finding[] = [];
  for (const deployment of system.deployments) {
    const protocol = system.protocols[deployment.protocol];
    if (protocol === undefined) continue;
    const reported = new Set<string>();
    for (const wait of waitsOf(protocol)) {
      if (reported.has(wait.timer)) continue;
      const early = earlyBy(checked, system, deployment, wait);
      if (early === null) continue;
      reported.add(wait.timer);
      const parameters = parametersIn(protocol, wait.delay);
      if (alreadyRefused(checked, system, deployment, parameters)) continue;
      const fixes = trials.find(timerDirections(checked, deployment, parameters), (tried) => {
        const same = tried.deployments[deployment.index];
        return same !== undefined && earlyBy(checked, tried, same, wait) === null && !alreadyRefused(checked, tried, same, parameters);
      });
      findings.push({ ...describe(checked, deployment, wait, early), fixes });
    }
  }
  return findings;
}

export interface Early {
  /** ns. */
  readonly shortest: number;
  readonly state: readonly string[];
  readonly slowest: Slowest;
  /** Of a round trip that it takes longer than the timer. */
  readonly chance: number;
}

/** By how much a timer is shorter than the answers it waits for; null where it is not. Throws OutOfWork. */
export function earlyBy(checked: SystemUnderCheck, system: System, deployment: Deployment, wait: Wait): Early | null {
  const protocol = system.protocols[deployment.protocol];
  if (protocol === undefined || speaksToNeighbors(protocol, system)) return null;
  const duration = durationRange(system, deployment, wait.delay);
  if (duration === null) return null;
  const work = new Work(timerWork * checked.effort, checked.shouldStop);
  const froms = roleNodes(deployment, wait.by.role);
  const asked = protocol.handlers.find(({ trigger }) => trigger.kind === 'message' && trigger.message === wait.asks);
  const tos = roleNodes(deployment, asked?.role ?? null);
  const between = { froms, tos, most: system.timing.delay ?? Number.POSITIVE_INFINITY };
  const found = slowestBetween(system, between, 'round trip', wait.resends ? resentShare : lateShare, work);
  if (found === null || found.delay === null || duration.shortest >= found.time - found.error) return null;
  return { shortest: duration.shortest, state: duration.state, slowest: found, chance: found.delay.exceeds(duration.shortest, work) };
}

/** A protocol that speaks to its neighbours does not ask the node that is farthest away. */
function speaksToNeighbors(protocol: ProtocolCode, system: System): boolean {
  return !system.network.complete && mentioned([protocol.handlers, protocol.functions], 'given').has('neighbors');
}

function describe(checked: SystemUnderCheck, deployment: Deployment, wait: Wait, { shortest, state, slowest, chance }: Early): Finding {
  const { system } = checked;
  const [from, to] = nodeNames(system, [slowest.from, slowest.to]);
  const quantile = formatRatio(wait.resends ? resentShare : 1 - lateShare);
  const round = formatDuration(slowest.time);
  const work = new Work(timerWork * checked.effort, checked.shouldStop);
  return {
    code: 'DS3401',
    severity: 'warning',
    span: deployment.nameSpan,
    message:
      `\`${wait.timer}\` of ${deploymentName(system, deployment)} can run out after ${formatDuration(shortest)}, before \`${to}\` can have answered \`${from}\`: ` +
      `the round trip takes up to ${round} in ${quantile} of the cases, and more than ${formatDuration(shortest)} in ${formatRatio(Number(chance.toPrecision(3)))}.`,
    why:
      `\`${head(wait.by)}\` sends \`${wait.asks}\` and sets the timer, which \`on ${wait.endedBy}\` stops; that takes a round trip at the least. ` +
      (wait.resends
        ? 'A timer that is shorter sends everything again although the answer is on its way.'
        : 'A timer that is shorter gives up on nodes that are well, and what it starts then delays things further.'),
    help: `Set the timer for longer than ${round}; several times as long leaves room for queues, losses and pauses.`,
    source: wait.resends ? 'Jacobson 1988; RFC 6298' : 'Chandra & Toueg 1996; Ongaro & Ousterhout 2014, §5.6',
    notes: [
      `There: ${pathWords(system, slowest.from, slowest.to, work)}. And back.`,
      ...(state.length > 0
        ? [`The duration depends on ${state.map((name) => `\`${name}\``).join(', ')}; this is what it is at first.`]
        : []),
      'Queueing and loss are not counted; draws of links and nodes are taken to be independent.',
    ],
    labels: [{ span: wait.delay.span, message: 'how long it is set for' }],
    witness: { kind: 'nodes', nodes: [from ?? '', to ?? ''] },
    numbers: { timer: shortest, round_trip: slowest.time, chance },
  };
}

/** "on Ask", "on timeout retry", "on start". */
export function head({ trigger }: Handler): string {
  switch (trigger.kind) {
    case 'timeout':
      return `on timeout ${trigger.timer}`;
    case 'message':
      return `on ${trigger.message}`;
    case 'operation':
      return `on ${trigger.operation}`;
    default:
      return `on ${trigger.kind}`;
  }
}
