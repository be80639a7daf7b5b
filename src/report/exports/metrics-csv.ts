import { EventKind } from '../../simulator/trace.ts';
import type { TraceFile } from '../trace-reader.ts';
import { stepsOf } from './steps.ts';

/** Intervals into which a run is divided. */
const intervals = 100;

/** Counts of one node in one interval, or of a whole run. */
class Tally {
  sent = 0;
  delivered = 0;
  lost = 0;
  calls = 0;
  givenUp = 0;
  /** ns, of calls answered. */
  readonly latencies: number[] = [];

  cells(): readonly (number | string)[] {
    const sorted = this.latencies.toSorted((a, b) => a - b);
    const mean = sorted.length === 0 ? '' : Math.round(sorted.reduce((sum, value) => sum + value, 0) / sorted.length);
    const rank = (share: number): number | string => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? '';
    return [this.sent, this.delivered, this.lost, this.calls, sorted.length, this.givenUp, mean, rank(0.5), rank(0.99), rank(1)];
  }
}

const measured = [
  'sent',
  'delivered',
  'lost',
  'calls',
  'answered',
  'given_up',
  'latency_mean_ns',
  'latency_p50_ns',
  'latency_p99_ns',
  'latency_max_ns',
];

/** A row for each node and hundredth of the run: messages (requests and answers too), calls begun, answered, given up, latencies of those answered. */
export function* renderSeriesCsv(file: TraceFile): Generator<string> {
  const { header, trace } = file;
  const width = Math.max(1, Math.ceil(header.end / intervals));
  const tallies = new Map<number, Tally>();
  tally(file, (node, time) => {
    const key = Math.min(Math.floor(time / width), intervals - 1) * trace.nodes.length + node;
    let found = tallies.get(key);
    if (!found) {
      found = new Tally();
      tallies.set(key, found);
    }
    return found;
  });
  yield csv(['time_ns', 'node', ...measured]);
  const none = new Tally();
  for (let at = 0; at * width < header.end && at < intervals; at += 1) {
    for (const [node, name] of trace.nodes.entries()) {
      yield csv([at * width, name, ...(tallies.get(at * trace.nodes.length + node) ?? none).cells()]);
    }
  }
}

/** One row: the run as a whole. */
export function* renderSummaryCsv(file: TraceFile): Generator<string> {
  const { header } = file;
  const all = new Tally();
  tally(file, () => all);
  yield csv(['system', 'scenario', 'variant', 'seed', 'digest', 'end_ns', ...measured]);
  yield csv([header.system, header.scenario, header.variant ?? '', header.seed, header.digest, header.end, ...all.cells()]);
}

/** Counts each row at the tally of its node and time: a message sent or a call at its node, a loss at the intended receiver. */
function tally({ trace }: TraceFile, of: (node: number, time: number) => Tally): void {
  const { causeOf } = stepsOf(trace);
  for (let row = 0; row < trace.length; row += 1) {
    const node = trace.node[row] as number;
    if (node < 0) continue;
    const time = trace.time[row] as number;
    const to = of(node, time);
    const kind = trace.kind[row];
    if (kind === EventKind.send) to.sent += 1;
    else if (kind === EventKind.deliver) to.delivered += 1;
    else if (kind === EventKind.lose) to.lost += 1;
    else if (kind === EventKind.call) to.calls += 1;
    else if (kind === EventKind.giveUp) to.givenUp += 1;
    else if (kind === EventKind.reply && (causeOf[row] as number) >= 0)
      to.latencies.push(time - (trace.time[causeOf[row] as number] as number));
  }
}

/** A record of RFC 4180. */
function csv(cells: readonly (number | string)[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
}
