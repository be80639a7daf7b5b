// Metrics over time, counted from a trace into stretches of equal length.

import { EventKind, type Trace } from '../simulator/trace.ts';
import type { PlotView } from './view-model.ts';

/** Stretches the run is cut into: a plot is a few hundred pixels wide, finer steps would not show. */
const bins = 120;

/** Messages and answers a second, latency of each operation, events so far; plots with nothing in them are left out. */
export function plotsOf(trace: Trace, durationMs: number): readonly PlotView[] {
  if (trace.length === 0 || durationMs <= 0) return [];
  const binMs = durationMs / bins;
  const timeMs = Array.from({ length: bins }, (_, bin) => (bin + 0.5) * binMs);
  const counts = new Counts();
  const calls = new Map<number, number>();
  const latencies = new Map<string, number[][]>();

  for (let row = 0; row < trace.length; row += 1) {
    const kind = trace.kind[row];
    const atMs = (trace.time[row] as number) / 1e6;
    const bin = Math.min(bins - 1, Math.floor(atMs / binMs));
    const name = trace.names[trace.name[row] as number] ?? '';
    const link = trace.link[row] as number;
    if (kind === EventKind.send) counts.add('sent', bin);
    else if (kind === EventKind.lose) counts.add('lost', bin);
    else if (kind === EventKind.emit) counts.add(`event ${name}`, bin);
    else if (kind === EventKind.call) calls.set(link, atMs);
    else if (kind === EventKind.giveUp) counts.add('without answer', bin);
    else if (kind === EventKind.reply) {
      const calledMs = calls.get(link);
      if (calledMs === undefined) continue;
      counts.add('answered', bin);
      const ofOperation = latencies.get(name) ?? Array.from({ length: bins }, () => []);
      latencies.set(name, ofOperation);
      ofOperation[bin]?.push(atMs - calledMs);
    }
  }

  const perSecond = (key: string): number[] => counts.of(key).map((count) => (count * 1000) / binMs);
  const rates = (title: string, keys: readonly string[]): PlotView => ({
    title,
    unit: '1/s',
    timeMs,
    lines: keys.filter((key) => counts.has(key)).map((key) => ({ name: key, values: perSecond(key) })),
  });
  const plots: PlotView[] = [
    rates('Messages per second', ['sent', 'lost']),
    rates('Calls per second', ['answered', 'without answer']),
    ...[...latencies].map(([operation, values]) => ({
      title: `Latency of ${operation || 'calls'}`,
      unit: 'ms',
      timeMs,
      lines: [
        { name: 'median', values: values.map((bin) => quantile(bin, 0.5)) },
        { name: 'highest', values: values.map((bin) => quantile(bin, 1)) },
      ],
    })),
    {
      title: 'Events so far',
      unit: '',
      timeMs,
      lines: counts
        .keys()
        .filter((key) => key.startsWith('event '))
        .map((key) => ({ name: key.slice('event '.length), values: runningSum(counts.of(key)) })),
    },
  ];
  return plots.filter((plot) => plot.lines.length > 0);
}

class Counts {
  private readonly byKey = new Map<string, number[]>();

  add(key: string, bin: number): void {
    const ofKey = this.of(key);
    this.byKey.set(key, ofKey);
    ofKey[bin] = (ofKey[bin] ?? 0) + 1;
  }

  has(key: string): boolean {
    return this.byKey.has(key);
  }

  keys(): string[] {
    return [...this.byKey.keys()];
  }

  of(key: string): number[] {
    return this.byKey.get(key) ?? new Array<number>(bins).fill(0);
  }
}

/** The value below which the given share of the values lies (nearest rank); null for none. */
function quantile(values: readonly number[], share: number): number | null {
  const ascending = values.toSorted((a, b) => a - b);
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? null;
}

function runningSum(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}
