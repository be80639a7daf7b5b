import { counted, formatDuration, formatNumber, formatRate, formatRatio } from '../../base/units.ts';
import type { Metric } from '../../model/code.ts';
import type { Scenario } from '../../model/scenario.ts';
import type { System, WorkloadCall } from '../../model/system.ts';
import { usesOf } from '../lint/uses.ts';
import { between, type NumberRange } from './range.ts';

/** The values that a metric can take in any run of a scenario, with the reason in words. */
export interface MetricRange {
  readonly range: NumberRange;
  /** "between 0% and 100%", "at most 3s, when the calls are given up". */
  readonly words: string;
}

const endless = Number.POSITIVE_INFINITY;

export function rangeOf(metric: Metric, system: System, scenario: Scenario): MetricRange {
  switch (metric.kind) {
    case 'messages':
    case 'bytes':
      return { range: between(0, endless), words: 'at least 0' };
    case 'count':
      if (neverEmitted(metric, system)) return { range: between(0, 0), words: `always 0: nothing emits \`${metric.event}\`` };
      return { range: between(0, endless), words: 'at least 0' };
    case 'reach':
      if (neverEmitted(metric, system)) return { range: between(0, 0), words: `always 0%: nothing emits \`${metric.event}\`` };
      return { range: between(0, 1), words: 'between 0% and 100%' };
    case 'time_to':
      if (neverEmitted(metric, system)) return { range: between(endless, endless), words: `never: nothing emits \`${metric.event}\`` };
      // An event that does not happen counts as infinitely late.
      return { range: between(0, endless), words: 'at least 0s' };
    default: {
      const calls = callsOf(system, scenario).filter(
        ({ call }) => call.operation === metric.operation && call.deployment === metric.deployment,
      );
      if (calls.every(({ clients }) => clients === 0)) return uncalled(metric.kind);
      return ofOperation(metric.kind, calls, scenario);
    }
  }
}

type Calls = readonly {
  readonly call: Pick<WorkloadCall, 'operation' | 'deployment' | 'timeout' | 'retries' | 'limit'>;
  readonly clients: number;
}[];

/** What is called in a run: by the workloads, where the scenario lets them, and by the scenario itself. */
function callsOf(system: System, scenario: Scenario): Calls {
  const workloads = scenario.workloads ? system.workloads : [];
  return [
    ...workloads.flatMap(({ calls, clients }) => calls.map((call) => ({ call, clients: clients.length }))),
    ...scenario.calls.map((call) => ({ call: { ...call, limit: 1 }, clients: call.clients.length })),
  ];
}

function ofOperation(
  kind: 'throughput' | 'latency' | 'success' | 'messages_per' | 'rounds',
  calls: Calls,
  scenario: Scenario,
): MetricRange {
  switch (kind) {
    case 'success':
      return { range: between(0, 1, true), words: 'between 0% and 100%' };
    case 'latency': {
      // What is not answered by then is given up, and only answered calls have a latency.
      const patience = Math.max(...calls.map(({ call }) => (call.timeout === null ? endless : call.timeout * (call.retries + 1))));
      const { duration } = scenario;
      const high = Math.min(patience, duration);
      const words =
        patience <= duration
          ? `at most ${formatDuration(patience)}: a call that takes longer is given up and not measured`
          : `at most ${formatDuration(duration)}: the run ends then`;
      return { range: between(0, high, true), words };
    }
    case 'throughput': {
      const most = calls.reduce((sum, { call, clients }) => sum + (call.limit ?? endless) * clients, 0);
      if (!Number.isFinite(most)) return { range: between(0, endless), words: 'at least 0/s' };
      const high = most / (scenario.duration / 1e9);
      return { range: between(0, high), words: `at most ${formatRate(high)}: ${counted(most, 'call')} at the most` };
    }
    case 'messages_per':
    case 'rounds':
      return { range: between(0, endless, true), words: 'at least 0' };
  }
}

/** Of an operation that nobody calls there are no answers per second, and nothing else to measure. */
function uncalled(kind: Metric['kind']): MetricRange {
  if (kind === 'throughput') return { range: between(0, 0), words: 'always 0/s: nothing calls it' };
  // The empty range: no value is below the one bound and above the other.
  return { range: between(endless, Number.NEGATIVE_INFINITY, true), words: 'never measured: nothing calls it' };
}

function neverEmitted(metric: Extract<Metric, { event: string }>, system: System): boolean {
  const protocol = system.protocols[system.deployments[metric.deployment]?.protocol ?? -1];
  // What liars emit does not count.
  return protocol !== undefined && !usesOf(protocol).emitted.has(metric.event);
}

/** A number as the metric's unit is written. */
export function metricNumber(metric: Metric, value: number): string {
  switch (metric.kind) {
    case 'latency':
    case 'time_to':
      return formatDuration(value);
    case 'throughput':
      return formatRate(value);
    case 'success':
    case 'reach':
      return formatRatio(value);
    default:
      return formatNumber(value);
  }
}
