import type { Metric } from './code.ts';

/** A metric as the language writes it: `p99(latency(Submit))`, `count(east.Committed)`. */
export function metricText(metric: Metric): string {
  switch (metric.kind) {
    case 'messages':
    case 'bytes':
      return metric.kind;
    case 'latency':
      return `${metric.statistic}(latency(${behindRun(metric.operation, metric)}))`;
    case 'time_to':
      return `${metric.statistic}(time_to(${behindRun(metric.event, metric)}))`;
    case 'count':
    case 'reach':
      return `${metric.kind}(${behindRun(metric.event, metric)})`;
    default:
      return `${metric.kind}(${behindRun(metric.operation, metric)})`;
  }
}

function behindRun(name: string, { of }: { readonly of?: string }): string {
  return of === undefined ? name : `${of}.${name}`;
}
