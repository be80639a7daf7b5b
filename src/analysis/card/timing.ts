import { counted, formatDuration, formatNumber, formatRatio } from '../../base/units.ts';
import { knownBounds } from '../flow/index.ts';
import { largestDrift } from '../timing/drift.ts';
import { pathWords } from '../timing/path-words.ts';
import { type Journey, type Slowest, slowest } from '../timing/slowest.ts';
import { waitsOf, watchesOf } from '../timing/timer-code.ts';
import { type DurationRange, durationRange } from '../timing/timer-durations.ts';
import { nodeNames } from '../words.ts';
import { chainRows } from './chain-rows.ts';
import type { CardRow, CardSection, CardSubject } from './section.ts';

const quantiles = [
  { name: 'median', tail: 0.5 },
  { name: '99%', tail: 0.01 },
  { name: '99.9%', tail: 0.001 },
] as const;

/** What messages between the slowest members take, and how far the Δ, the timers and the time limits of calls are from it. */
export function timing(subject: CardSubject): CardSection | null {
  const { system, deployment } = subject;
  if (deployment.members.length < 2) return null;
  const message = journeyRow(subject, 'message');
  const roundTrip = journeyRow(subject, 'round trip');
  if (message === null || roundTrip === null) return null;
  const timers = timerRows(subject, roundTrip.last);
  const more = [
    ...boundRow(subject, message.last),
    ...timers.map(({ row }) => row),
    ...callRows(subject),
    ...chainRows(subject),
    ...driftRow(subject),
  ];
  // Nothing to hold the default latency against, and nobody wrote another.
  if (more.length === 0 && system.network.classes.every(({ span }) => span === null)) return null;
  const margins = timers.flatMap(({ margin }) => (margin === null ? [] : [margin]));
  const least = margins.length === 0 ? null : Math.min(...margins);
  return {
    id: 'timing',
    title: 'Timing',
    rows: [message.row, roundTrip.row, ...more],
    assumptions: [
      'Links and nodes draw their delays independently of each other. Nothing waits in queues, nothing is lost or sent again, no member is slow, and long messages take no longer.',
      'Latencies are those of the links as written, before Δ cuts any.',
    ],
    sources: ['Dijkstra 1959 for the paths', 'Chandra & Toueg 1996; Ongaro & Ousterhout 2014, §5.6, for the timers'],
    ...(least === null ? {} : { headline: `time-outs ${formatNumber(round(least))} × the 99.9% round trip` }),
  };
}

interface Journeys {
  readonly row: CardRow;
  /** At 99.9 %. */
  readonly last: Slowest;
}

/** The slowest pair of members at three quantiles; the pair and path shown are those of the last one. */
function journeyRow({ system, deployment, facts }: CardSubject, journey: Journey): Journeys | null {
  const found = quantiles.map(({ name, tail }) => ({ name, slowest: slowest(system, deployment, journey, tail, facts.work(4)) }));
  const last = found.at(-1)?.slowest;
  if (last === undefined || last === null) return null;
  const [from, to] = nodeNames(system, [last.from, last.to]);
  const data = Object.fromEntries(found.map(({ name, slowest: each }) => [name, finite(each?.time)]));
  const label = journey === 'message' ? 'slowest message' : 'slowest round trip';
  if (last.delay === null) {
    const notes = [`\`${from}\` and \`${to}\` cannot reach each other.`];
    return { row: { label, value: 'never arrives', notes, data: { ...data, from: from ?? '', to: to ?? '' } }, last };
  }
  const always = found.every(({ slowest: each }) => each?.time === last.time);
  const value = always
    ? `always ${formatDuration(last.time)}`
    : found.map(({ name, slowest: each }) => `${name} ${formatDuration(each?.time ?? 0)}`).join(', ');
  const path = pathWords(system, last.from, last.to, facts.work());
  const notes = [`From \`${from}\` to \`${to}\`: ${path}${journey === 'message' ? '' : '. And back'}.`];
  if (last.error > 0) notes.push(`The 99.9% are known to ${formatDuration(last.error)}.`);
  return { row: { label, value, notes, data: { ...data, error: last.error, from: from ?? '', to: to ?? '' } }, last };
}

function boundRow({ system, facts }: CardSubject, message: Slowest): CardRow[] {
  const { delay, model } = system.timing;
  if (delay === null || message.delay === null) return [];
  const beyond = message.delay.exceeds(delay, facts.work());
  // What no run will ever see is beyond Δ on paper only.
  const seldom = beyond < 1e-9 ? 'fewer than 1 in 10⁹' : formatRatio(beyond);
  const share = beyond === 0 ? 'no message exceeds it' : `${seldom} of the slowest messages exceed it`;
  return [
    {
      label: 'Δ',
      value: `${formatDuration(delay)}${message.time === 0 ? '' : `, ${formatNumber(round(delay / message.time))} × the slowest message at 99.9%`}: ${share}`,
      notes: beyond >= 1e-9 && model === 'partially_synchronous' ? ['Runs cut what a link draws beyond Δ, from GST on.'] : [],
      data: { delay, message: finite(message.time), exceeds: beyond },
    },
  ];
}

interface TimerRow {
  readonly row: CardRow;
  /** Shortest duration in round trips at 99.9 %; null for timers that wait for no answer. */
  readonly margin: number | null;
}

/** The timers that wait for answers or watch beats, each once, at its shortest setting. */
function timerRows({ system, deployment }: CardSubject, roundTrip: Slowest): TimerRow[] {
  const protocol = system.protocols[deployment.protocol];
  if (protocol === undefined) return [];
  const rows = new Map<string, TimerRow & { readonly shortest: number }>();
  for (const wait of waitsOf(protocol)) {
    const range = durationRange(system, deployment, wait.delay);
    if (range === null || range.shortest >= (rows.get(wait.timer)?.shortest ?? Number.POSITIVE_INFINITY)) continue;
    // Of no time at all nothing is a multiple.
    const margin = roundTrip.time === 0 ? null : range.shortest / roundTrip.time;
    rows.set(wait.timer, {
      shortest: range.shortest,
      margin: wait.resends || margin === null || !Number.isFinite(margin) ? null : margin,
      row: {
        label: `timer \`${wait.timer}\``,
        value:
          margin === null ? rangeWords(range) : `${rangeWords(range)}, ${formatNumber(round(margin))} × the slowest round trip at 99.9%`,
        notes: [`It waits for \`${wait.endedBy}\` after \`${wait.asks}\`.`, ...stateNote(range)],
        data: { timer: wait.timer, shortest: range.shortest, longest: finite(range.longest), margin: finite(margin ?? undefined) },
      },
    });
  }
  for (const watch of watchesOf(protocol)) {
    const range = durationRange(system, deployment, watch.delay);
    const period = durationRange(system, deployment, watch.period);
    if (range === null || period === null || rows.has(`${watch.timer}/`)) continue;
    const beats = range.shortest / period.longest;
    rows.set(`${watch.timer}/`, {
      shortest: range.shortest,
      margin: null,
      row: {
        label: `timer \`${watch.timer}\``,
        value: `${rangeWords(range)}, ${formatNumber(round(beats))} periods of \`${watch.beat}\` (${rangeWords(period)})`,
        notes: [`Each \`${watch.message}\` sets it anew.`, ...stateNote(range)],
        data: { timer: watch.timer, shortest: range.shortest, period: finite(period.longest), beats: finite(beats) },
      },
    });
  }
  return [...rows.values()];
}

function rangeWords({ shortest, longest }: DurationRange): string {
  return shortest === longest ? formatDuration(shortest) : `${formatDuration(shortest)} to ${formatDuration(longest)}`;
}

function stateNote({ state }: DurationRange): string[] {
  return state.length === 0 ? [] : [`At first; it depends on ${state.map((name) => `\`${name}\``).join(', ')}.`];
}

/** How long clients wait for this deployment, and what the timing model says an answer can take. */
function callRows({ system, deployment, facts }: CardSubject): CardRow[] {
  const { delay } = system.timing;
  return system.workloads.flatMap((workload) =>
    workload.calls.flatMap((call): CardRow[] => {
      if (call.deployment !== deployment.index || call.timeout === null) return [];
      const attempts = call.retries + 1;
      const total = attempts * call.timeout;
      const least = knownBounds(system, deployment, call.operation, facts.work())?.rounds.least ?? 0;
      const needed = delay === null || least === 0 ? null : least * delay;
      const notes: string[] = [];
      if (attempts > 1) notes.push(`At worst the servers get ${attempts} times the load: every attempt that is given up is sent again.`);
      if (needed !== null && delay !== null) {
        const fits = needed <= call.timeout ? 'which one attempt has room for' : 'for which one attempt has no room';
        const bound = `up to ${formatDuration(needed)} with Δ = ${formatDuration(delay)}`;
        notes.push(`An answer takes ${counted(least, 'message delay')} or more, ${bound}, ${fits}.`);
      }
      return [
        {
          label: `call \`${call.operation}\` of \`${workload.name}\``,
          value: `${counted(attempts, 'attempt')} of ${formatDuration(call.timeout)}${attempts > 1 ? `, ${formatDuration(total)} in all` : ''}`,
          notes,
          data: { operation: call.operation, timeout: call.timeout, attempts, total, delays_least: least, needed },
        },
      ];
    }),
  );
}

function driftRow({ system, deployment }: CardSubject): CardRow[] {
  const drift = largestDrift(system, deployment.members);
  if (drift <= 0 || drift >= 1) return [];
  const apart = (2 * drift) / (1 - drift * drift);
  return [
    {
      label: 'clock drift',
      value: `${formatRatio(drift)}: two clocks end the same duration up to ${formatRatio(apart)} of it apart`,
      data: { drift, apart },
    },
  ];
}

/** Two significant digits: a margin is a rough thing. */
function round(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(2)) : value;
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
