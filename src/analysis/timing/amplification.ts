import type { Expression, Handler, ProtocolCode, Statement } from '../../model/code.ts';
import { deploymentEnvironment } from '../../model/environment.ts';
import { type Environment, EvaluationError, evaluate } from '../../model/evaluate.ts';
import type { Deployment, System, Workload, WorkloadCall } from '../../model/system.ts';
import { walkStatements } from '../../model/walk.ts';
import type { Work } from '../work.ts';
import type { Hop } from './chain-code.ts';
import { type HopTimes, hopTimes, leastTrip, movedByRetries, soonest } from './chain-times.ts';

/** Who sends the same again on the way of a call: the client (`hop` null) or a node that waits. */
export interface Layer {
  readonly hop: Hop | null;
  /** How often it sends at the most for each time that it is asked, while the client waits. */
  readonly times: number;
  /** ns between two of them at the least. */
  readonly shortest: number;
}

export interface Amplification {
  /** The layers that retry, the client first. */
  readonly layers: readonly Layer[];
  /** The product: requests of one call at the last of them, at the most. */
  readonly requests: number;
  /** ns that the client waits, all attempts together. */
  readonly total: number;
}

/**
 * By how much retries multiply one call at the most, along the chain of waits where it is most; null where a call waits for
 * ever or what a layer does is not known. Throws OutOfWork.
 */
export function amplificationOf(system: System, workload: Workload, call: WorkloadCall, work: Work): Amplification | null {
  const deployment = system.deployments[call.deployment];
  const protocol = deployment && system.protocols[deployment.protocol];
  if (deployment === undefined || protocol === undefined || call.timeout === null) return null;
  const chain = hopTimes(system, deployment, call.operation, work);
  if (chain === null) return null;
  const total = call.timeout * (call.retries + 1);
  const trip = leastTrip(system, workload.clients, call, work);
  const layers = new Map<Hop, Layer>();
  for (const times of chain) {
    const layer = layerOf(system, deployment, protocol, times, total - trip);
    if (layer === null) return null;
    const moved = movedByRetries(system, deployment, workload.clients, call, times, work);
    layers.set(times.hop, moved ? { ...layer, times: 1 } : layer);
  }
  const client: Layer[] = call.retries > 0 ? [{ hop: null, times: call.retries + 1, shortest: call.timeout }] : [];
  let most: Amplification = { layers: client, requests: call.retries + 1, total };
  for (const { hop } of chain) {
    const along: Layer[] = [];
    for (let at: Hop | null = hop; at !== null; at = at.outer) {
      const layer = layers.get(at);
      if (layer !== undefined && layer.times > 1) along.unshift(layer);
    }
    const found = [...client, ...along];
    const requests = found.reduce((product, { times }) => product * times, 1);
    if (requests > most.requests) most = { layers: found, requests, total };
  }
  return most;
}

/** How often a wait asks within a time; null where its code counts in a way that is not understood. */
function layerOf(system: System, deployment: Deployment, protocol: ProtocolCode, { hop, shortest }: HopTimes, within: number): Layer | null {
  const room = Math.max(0, Math.floor(within / soonest(system, deployment, shortest)));
  if (hop.again === 'never') return { hop, times: 1, shortest };
  if (hop.again === 'once') return { hop, times: 1 + Math.min(1, room), shortest };
  const limit = countedTurns(protocol, hop.timeout, deploymentEnvironment(system, deployment));
  return limit === null ? null : { hop, times: 1 + Math.min(room, limit), shortest };
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
