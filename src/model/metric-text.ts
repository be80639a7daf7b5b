import type { Metric } from './code.ts';

/** A metric as the language writes it: `p99(latency(Submit))`. */
export function metricText(metric: Metric): string {
  switch (metric.kind) {
    case 'messages':
    case 'bytes':
      return metric.kind;
    case 'latency':
      return `${metric.statistic}(latency(${metric.operation}))`;
    case 'time_to':
      return `${metric.statistic}(time_to(${metric.event}))`;
    case 'count':
    case 'reach':
      return `${metric.kind}(${metric.event})`;
    default:
      return `${metric.kind}(${metric.operation})`;
  }
}
