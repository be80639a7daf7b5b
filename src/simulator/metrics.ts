import type { Statistic } from '../model/code.ts';
import type { Calls } from './calls.ts';
import type { DeploymentHost } from './deployment-host.ts';
import type { Kernel } from './kernel.ts';
import type { OperationMetrics, RunMetrics } from './result.ts';

/** An operation's calls in a run. */
export interface OperationSample {
  calls: number;
  succeeded: number;
  /** ns of each answered call; ascending once `measure` is done. */
  latencies: Float64Array;
  /** Message delays of each answered call, ascending. */
  rounds: Float64Array;
}

/** What `expect` measures: everything that a metric of a run can be computed from. */
export interface Sample {
  /** ns. */
  readonly duration: number;
  readonly messages: number;
  readonly bytes: number;
  /** By deployment and name: `0 Committed`. */
  readonly events: ReadonlyMap<string, { readonly count: number; readonly firstAt: number; readonly reach: number }>;
  readonly operations: ReadonlyMap<string, OperationSample>;
  /** Protocol messages sent, by deployment, those of the deployments that it uses among them; for `messages_per`. */
  readonly sentBy: readonly number[];
}

export function sampleKey(deployment: number, name: string): string {
  return `${deployment} ${name}`;
}

export function measure(kernel: Kernel): Sample {
  const events = new Map<string, { count: number; firstAt: number; reach: number }>();
  for (const host of kernel.hosts) {
    host.program.events.forEach((event, at) => {
      const tally = host.tallies[at] as DeploymentHost['tallies'][number];
      const reached = host.members.reduce((sum, node) => sum + (tally.nodes[node] as number), 0);
      const reach = reached / Math.max(1, host.members.length);
      events.set(sampleKey(host.index, event.name), { count: tally.count, firstAt: tally.firstAt, reach });
    });
  }
  return {
    duration: kernel.end,
    messages: kernel.network.sent,
    bytes: kernel.network.bytes,
    events,
    operations: kernel.calls ? operationsOf(kernel, kernel.calls) : new Map(),
    sentBy: kernel.hosts.map((host) =>
      withUsed(kernel, host).reduce((sum, { index }) => sum + (kernel.network.sentBy[index] as number), 0),
    ),
  };
}

/** A deployment and all that it uses, directly or not. */
function withUsed(kernel: Kernel, host: DeploymentHost): readonly DeploymentHost[] {
  const found = new Set([host]);
  for (const { deployment } of found) {
    for (const { bound } of deployment.uses) {
      for (const index of new Set(bound)) if (index >= 0) found.add(kernel.hosts[index] as DeploymentHost);
    }
  }
  return [...found];
}

function operationsOf(kernel: Kernel, calls: Calls): Map<string, OperationSample> {
  const latencies = new Map<string, number[]>();
  const rounds = new Map<string, number[]>();
  const samples = new Map<string, OperationSample>();
  const none = new Float64Array(0);
  for (const host of kernel.hosts) {
    for (const operation of host.program.operations) {
      const key = sampleKey(host.index, operation.name);
      samples.set(key, { calls: 0, succeeded: 0, latencies: none, rounds: none });
      latencies.set(key, []);
      rounds.set(key, []);
    }
  }
  for (const call of calls.records) {
    const name = kernel.hosts[call.deployment]?.program.operations[call.operation]?.name ?? '';
    const key = sampleKey(call.deployment, name);
    const sample = samples.get(key) as OperationSample;
    if (!calls.counts(call)) continue;
    sample.calls += 1;
    if (call.answeredAt < 0) continue;
    sample.succeeded += 1;
    (latencies.get(key) as number[]).push(call.answeredAt - call.invokedAt);
    (rounds.get(key) as number[]).push(call.rounds);
  }
  for (const [key, sample] of samples) {
    sample.latencies = Float64Array.from(latencies.get(key) as number[]).sort();
    sample.rounds = Float64Array.from(rounds.get(key) as number[]).sort();
  }
  return samples;
}

/** A statistic of ascending values; null of none. Quantiles by nearest rank: a value that was measured. */
export function statistic(ascending: Float64Array, kind: Statistic): number | null {
  if (ascending.length === 0) return null;
  if (kind === 'mean') return ascending.reduce((sum, value) => sum + value, 0) / ascending.length;
  const share = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999, max: 1 }[kind];
  // 1e-9: 0.9 · 10 is meant to be 9, whatever its last bit.
  const rank = Math.max(1, Math.ceil(share * ascending.length - 1e-9));
  return ascending[Math.min(rank, ascending.length) - 1] as number;
}

/** Names that several deployments share are told apart by the deployment's number. */
export function runMetrics(kernel: Kernel, sample: Sample): RunMetrics {
  const counts: Record<string, number> = {};
  const operations: OperationMetrics[] = [];
  const nameIn = (host: DeploymentHost, name: string, of: 'events' | 'operations'): string =>
    kernel.hosts.some((other) => other !== host && other.program[of].some((item) => item.name === name)) ? `${name} (${host.index})` : name;
  for (const host of kernel.hosts) {
    for (const event of host.program.events) {
      counts[nameIn(host, event.name, 'events')] = sample.events.get(sampleKey(host.index, event.name))?.count ?? 0;
    }
    for (const operation of host.program.operations) {
      const of = sample.operations.get(sampleKey(host.index, operation.name));
      if (of && of.calls > 0) operations.push(operationMetrics(nameIn(host, operation.name, 'operations'), of));
    }
  }
  const { sent, delivered, lost, duplicated, bytes } = kernel.network;
  return { counts, operations, messages: { sent, delivered, lost, duplicated, bytes } };
}

function operationMetrics(operation: string, { calls, succeeded, latencies }: OperationSample): OperationMetrics {
  const of = (kind: Statistic): number => statistic(latencies, kind) as number;
  const latency =
    latencies.length === 0 ? null : { mean: of('mean'), p50: of('p50'), p90: of('p90'), p99: of('p99'), p999: of('p999'), max: of('max') };
  return { operation, calls, succeeded, latency };
}
