import type { Expression, Handler, ProtocolCode, Statement } from '../../model/code.ts';
import { deploymentEnvironment } from '../../model/environment.ts';
import { type Environment, EvaluationError, evaluate } from '../../model/evaluate.ts';
import type { Deployment, System, Workload, WorkloadCall } from '../../model/system.ts';
import { walkStatements } from '../../model/walk.ts';
import type { Work } from '../work.ts';
import type { Hop } from './chain-code.ts';
import { hopTimes, leastTrip, movedByRetries, soonest } from './chain-times.ts';
import { roleNodes } from './timer-mends.ts';

/** Who sends the same again on the way of a call: the client (`hop` null) or a node that waits. */
export interface Layer {
  readonly hop: Hop | null;
  /** How many requests of one call leave this layer at the most, while the client waits. */
  readonly requests: number;
  /** ns between two of them at the least. */
  readonly shortest: number;
}

export interface Amplification {
  /** The layers that retry, the client first. */
  readonly layers: readonly Layer[];
  /** Whether a layer sends again what the one before has sent again, each for itself: two retries that only add up are no matter. */
  readonly multiplies: boolean;
  /** ns that the client waits, all attempts together. */
  readonly total: number;
}

/**
 * By how much retries multiply one call at the most, along the chain of waits where it is most; null where a call waits for
 * ever, no node waits on its way, or what a layer does is not known. Throws OutOfWork.
 */
export function amplificationOf(system: System, workload: Workload, call: WorkloadCall, work: Work): Amplification | null {
  const deployment = system.deployments[call.deployment];
  const protocol = deployment && system.protocols[deployment.protocol];
  if (deployment === undefined || protocol === undefined || call.timeout === null) return null;
  const { timeout, retries, targets } = call;
  const chain = hopTimes(system, deployment, call.operation, work);
  if (chain === null || chain.length === 0) return null;
  const total = timeout * (retries + 1);
  const trip = leastTrip(system, workload.clients, call, work);
  const client: Amplification = {
    layers: retries > 0 ? [{ hop: null, requests: retries + 1, shortest: timeout }] : [],
    multiplies: false,
    total,
  };
  const found = new Map<Hop | null, Amplification>([[null, client]]);
  for (const times of chain) {
    const { hop, shortest } = times;
    const before = found.get(hop.outer) ?? client;
    const limit = turnsOf(system, deployment, protocol, hop);
    if (limit === null) return null;
    const pause = soonest(system, deployment, shortest);
    const more = (since: number): number => Math.min(limit, Math.max(0, Math.floor((total - trip - since) / pause)));
    if (more(0) === 0 || movedByRetries(system, deployment, workload.clients, call, times, work)) {
      found.set(hop, before);
      continue;
    }
    const asked = before.layers.at(-1)?.requests ?? 1;
    // Nodes that keep the same request once send it again once, however often it came.
    const nodes = hop.by.trigger.kind === 'operation' ? targets.length : roleNodes(deployment, hop.by.role).length;
    const apart = hop.merges ? Math.min(asked, nodes) : asked;
    let requests = asked;
    // Attempts of the client come one after the other, and later ones have less time left.
    for (let k = 0; k < apart && k < mostCounted; k++) requests += more(hop.outer === null ? k * timeout : 0);
    const layers = [...before.layers, { hop, requests, shortest }];
    found.set(hop, { layers, multiplies: before.multiplies || apart > 1, total });
  }
  return [...found.values()].reduce((most, each) => (last(each) > last(most) ? each : most), client);
}

/** Beyond that many requests of one call no number is worth more. */
const mostCounted = 100_000;

function last({ layers }: Amplification): number {
  return layers.at(-1)?.requests ?? 1;
}

/** How often a wait asks again at the most by its own code; null where that counts in a way that is not understood. */
function turnsOf(system: System, deployment: Deployment, protocol: ProtocolCode, hop: Hop): number | null {
  if (hop.again === 'never') return 0;
  return hop.again === 'once' ? 1 : countedTurns(protocol, hop.timeout, deploymentEnvironment(system, deployment));
}

/**
 * How many turns a timeout takes at the most by a counter that it compares with a number (`if tries < 3`): Infinity where it
 * compares none, null where the number is not known.
 */
function countedTurns(protocol: ProtocolCode, timeout: Handler, environment: Environment): number | null {
  let limit = Number.NEGATIVE_INFINITY;
  let unknown = false;
  const seen = new Set<string>();
  const value = (expression: Expression): number | null => {
    try {
      const found = evaluate(expression, environment);
      return typeof found === 'number' ? found : null;
    } catch (error) {
      if (error instanceof EvaluationError) return null;
      throw error;
    }
  };
  const walk = (body: readonly Statement[]): void =>
    walkStatements(
      body,
      () => {},
      (part) => {
        if (part.kind === 'call' && !seen.has(part.function)) {
          seen.add(part.function);
          walk(protocol.functions.find(({ name }) => name === part.function)?.body ?? []);
        }
        if (part.kind !== 'binary' || !comparisons.has(part.operator) || part.left.type.kind !== 'Int') return;
        const sides = [part.left, part.right].map(value);
        const bound = sides.find((side) => side !== null);
        if (bound === undefined) unknown = true;
        // Zero stands for something else than an end: `tries > 0`, `queue.size == 0`.
        else if (bound !== null && bound > 0) limit = Math.max(limit, part.operator === '<=' || part.operator === '>' ? bound + 1 : bound);
      },
    );
  walk(timeout.body);
  if (unknown) return null;
  return limit === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : limit;
}

const comparisons: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==', '!=']);
