import { EventKind } from '../../simulator/trace.ts';
import type { TraceFile } from '../trace-reader.ts';
import { describeEvent } from '../trace-text.ts';
import { nameAt, stepsOf } from './steps.ts';

/** What ShiViz is told to take the log apart with ("log parsing regular expression"). */
export const shivizParser = String.raw`(?<host>\S*) (?<clock>{.*})\n(?<event>.*)`;

/**
 * A log for ShiViz (Beschastnikh et al., "Debugging distributed systems", CACM 2016): two lines an event, the host with its
 * vector clock (Fidge 1988, Mattern 1989) and what happened. Losses and what happens to the whole system have no host and are left out.
 * ShiViz draws every event, hence `limit`.
 */
export function* renderShiviz({ trace }: TraceFile, limit: number): Generator<string> {
  const { causeOf } = stepsOf(trace);
  const hosts = trace.nodes.map((name) => name.replaceAll(/\s/g, '_'));
  const clocks = hosts.map(() => new Map<number, number>());
  const sent = new Map<number, ReadonlyMap<number, number>>();
  let written = 0;
  for (let row = 0; row < trace.length && written < limit; row += 1) {
    const node = trace.node[row] as number;
    const kind = trace.kind[row] as number;
    const clock = clocks[node];
    if (!clock || kind === EventKind.lose || kind === EventKind.state) continue;
    if (kind === EventKind.deliver) {
      for (const [host, count] of sent.get(causeOf[row] as number) ?? []) clock.set(host, Math.max(clock.get(host) ?? 0, count));
    }
    clock.set(node, (clock.get(node) ?? 0) + 1);
    if (kind === EventKind.send) sent.set(row, new Map(clock));
    const entries = [...clock].sort((a, b) => a[0] - b[0]).map(([host, count]) => [hosts[host] as string, count] as const);
    const { time, text } = describeEvent(trace, row);
    yield `${hosts[node]} ${JSON.stringify(Object.fromEntries(entries))}\n${time} ${text.replaceAll(/\s+/g, ' ') || nameAt(trace, row)}\n`;
    written += 1;
  }
}
