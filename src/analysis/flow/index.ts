import type { Deployment, System } from '../../model/system.ts';
import { OutOfWork, Work } from '../work.ts';
import { type FlowBounds, flowBounds } from './bounds.ts';
import type { CallProfile } from './call-profile.ts';
import { type BackgroundProfile, type FlowProfile, flowProfile } from './profile.ts';

/**
 * How much happens when an operation is called: `least` and `most` hold in every execution without faults, by the code
 * alone (`most` is Infinity where a timer or a cycle of messages may go on); `expected` is counted on a reference
 * execution: no faults, started up, one call at a time, every message as long under way as it is in the mean.
 */
export interface Estimate {
  readonly least: number;
  readonly expected: number;
  readonly most: number;
}

export interface MessageFlow extends Estimate {
  readonly kind: string;
  readonly from: Party;
  readonly to: Party;
  /** Of one message on the wire, in the mean. */
  readonly bytes: number;
}

/** Who sends or gets messages of a kind: the node that was called, the other members, or both. */
export type Party = 'called' | 'others' | 'members';

/** What one call of an operation causes, retries and the background aside. */
export interface OperationFlow {
  readonly operation: string;
  /** Protocol messages, in the order of their declaration; the request and the answer come on top. */
  readonly messages: readonly MessageFlow[];
  readonly total: Estimate;
  /** Message delays until the answer, request and answer counted in; null where the reference execution gives none. */
  readonly delays: Estimate | null;
  /** ns until the answer where nothing else is going on; null without an answer. */
  readonly latency: number | null;
}

export interface FlowOptions {
  readonly work?: Work;
  /** Nodes that are down. */
  readonly down?: readonly number[];
}

/**
 * The flow of one operation in a deployment; null when the code has no handler for it or fails at run time. Throws
 * OutOfWork where a call causes more than can be followed.
 */
export function operationFlow(system: System, deployment: Deployment, operation: string, options: FlowOptions = {}): OperationFlow | null {
  const { work = new Work(), down } = options;
  const profile = flowProfile(system, deployment, { work, ...(down ? { down } : {}) });
  const bounds = knownBounds(system, deployment, operation, work);
  if (profile === null || bounds === null) return null;
  const called = [...profile.calls, ...profile.others].filter((call) => call.operation === operation && call.probes > 0);
  const [first] = called;
  if (first === undefined) return null;
  // Those of protocols that are used come behind, as they were counted.
  const own = (system.protocols[deployment.protocol]?.messages ?? []).map(({ name }) => name);
  const names = [...new Set([...own, ...called.flatMap((call) => call.messages.map(({ kind }) => kind))])];
  const messages = names.flatMap((kind) => {
    const counted = called.flatMap((call) => call.messages.find((message) => message.kind === kind) ?? []);
    const bound = bounds.messages.get(kind);
    if (counted.length === 0 && (bound === undefined || bound.least === 0)) return [];
    const mean = (of: (message: (typeof counted)[number]) => number): number =>
      counted.length === 0 ? 0 : counted.reduce((sum, message) => sum + of(message), 0) / counted.length;
    const expected = counted.reduce((sum, { count }) => sum + count, 0) / called.length;
    return {
      kind,
      from: party(mean(({ byCalled }) => byCalled)),
      to: party(mean(({ toCalled }) => toCalled)),
      least: bound?.least ?? 0,
      expected,
      most: bound?.most ?? Number.POSITIVE_INFINITY,
      bytes: mean(({ bytes }) => bytes),
    };
  });
  const rounds = called.flatMap((call) => (call.rounds === null ? [] : [call.rounds.mean]));
  const latencies = called.flatMap((call) => (call.latency === null ? [] : [call.latency]));
  return {
    operation,
    messages,
    total: { ...bounds.total, expected: average(called.map(({ total }) => total.mean)) },
    delays: rounds.length === 0 ? null : { ...bounds.rounds, expected: average(rounds) },
    latency: latencies.length === 0 ? null : average(latencies),
  };
}

/** What a deployment sends without calls, per second; null when its code fails at run time. Throws OutOfWork. */
export function backgroundTraffic(system: System, deployment: Deployment, options: FlowOptions = {}): BackgroundProfile | null {
  const { work = new Work(), down } = options;
  return flowProfile(system, deployment, { work, ...(down ? { down } : {}) })?.background ?? null;
}

/** Code with too many ways to follow has no bounds worth naming, nor has what goes through other protocols. */
export function knownBounds(system: System, deployment: Deployment, operation: string, work: Work): FlowBounds | null {
  if (deployment.uses.length > 0) return isHandled(system, deployment, operation) ? unknownBounds() : null;
  try {
    return flowBounds(system, deployment, operation, work);
  } catch (error) {
    if (!(error instanceof OutOfWork)) throw error;
    return unknownBounds();
  }
}

function unknownBounds(): FlowBounds {
  const unknown = { least: 0, most: Number.POSITIVE_INFINITY };
  return { messages: new Map(), total: unknown, arrivals: { called: 0, eachOther: 0 }, rounds: unknown };
}

function isHandled(system: System, deployment: Deployment, operation: string): boolean {
  const handlers = system.protocols[deployment.protocol]?.handlers ?? [];
  return handlers.some(({ trigger }) => trigger.kind === 'operation' && trigger.operation === operation);
}

function party(shareOfCalled: number): Party {
  if (shareOfCalled > 0.999) return 'called';
  return shareOfCalled < 0.001 ? 'others' : 'members';
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export type { BackgroundProfile, CallProfile, FlowBounds, FlowProfile };
export { flowProfile };
