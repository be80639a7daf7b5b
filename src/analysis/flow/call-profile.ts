import type { WorkloadCall } from '../../model/system.ts';
import type { Tally } from './tally.ts';

/** What one call of an operation causes, measured on a reference execution of the code. */
export interface CallProfile {
  readonly operation: string;
  /** How many calls were put in; 0 where nobody is there to call or be called. */
  readonly probes: number;
  /** Share of the calls put in that were answered. */
  readonly answered: number;
  /** Protocol messages per call by kind, the mean over the nodes called. */
  readonly messages: readonly {
    readonly kind: string;
    readonly count: number;
    readonly fewest: number;
    readonly most: number;
    /** Of one message. */
    readonly bytes: number;
    /** Shares of them that the called node sends and gets. */
    readonly byCalled: number;
    readonly toCalled: number;
  }[];
  /** Messages of all kinds: mean, fewest and most over the nodes called. */
  readonly total: { readonly mean: number; readonly fewest: number; readonly most: number };
  /** Message delays until the answer, over the answered calls; null without any. */
  readonly rounds: { readonly mean: number; readonly fewest: number; readonly most: number } | null;
  /** ns until the answer without other calls, services included; null without answers. */
  readonly latency: number | null;
  /** Protocol messages that arrive at each node, the called node being drawn from the targets. */
  readonly arrivals: Float64Array;
  /** Bytes of protocol messages per call by line (from · nodes + to); empty where no link has a bandwidth. */
  readonly lines: ReadonlyMap<number, number>;
}

/** A kind of call that is looked at. */
export interface Subject {
  readonly operation: number;
  readonly call: WorkloadCall | null;
  readonly clients: readonly number[];
  readonly targets: readonly number[];
}

/** The calls that were put in: those once everything runs, and the first one with its share of all. */
export interface Counted {
  readonly steady: readonly Tally[];
  readonly cold: Tally | null;
  readonly shareOfCold: number;
  readonly latency: number | null;
}

/** Operations of the deployment, and the kinds of messages of all that take part, by their numbers. */
export interface Names {
  readonly operations: readonly { readonly name: string }[];
  readonly messages: readonly { readonly name: string }[];
}

/** The profile of a kind of call from what the calls put in have caused. */
export function callProfile(
  names: Names,
  { operation, targets }: Subject,
  { steady, cold, shareOfCold, latency }: Counted,
  /** The group of each node of the system. */
  groups: readonly number[],
): CallProfile {
  const all = cold === null ? steady : [...steady, cold];
  /** Mean over the steady calls, the first one weighed in. */
  const expected = (of: (tally: Tally) => number): number => {
    const rest = steady.length === 0 ? 0 : average(steady.map(of));
    return cold === null ? rest : (1 - shareOfCold) * rest + shareOfCold * of(cold);
  };
  const messages = names.messages.flatMap(({ name }, kind) => {
    const of = (tally: Tally): number => tally.sent[kind] as number;
    const sent = all.reduce((sum, tally) => sum + of(tally), 0);
    if (sent === 0) return [];
    const part = (column: 'bytes' | 'sentByCalled' | 'sentToCalled'): number =>
      all.reduce((sum, tally) => sum + (tally[column][kind] as number), 0) / sent;
    const counts = all.map(of);
    return {
      kind: name,
      count: expected(of),
      fewest: Math.min(...counts),
      most: Math.max(...counts),
      bytes: part('bytes'),
      byCalled: part('sentByCalled'),
      toCalled: part('sentToCalled'),
    };
  });
  const total = (tally: Tally): number => tally.sent.reduce((sum, count) => sum + count, 0);
  const totals = all.map(total);
  const isAnswered = ({ answeredAt }: Tally): boolean => answeredAt >= 0;
  const rounds = all.filter(isAnswered).map((tally) => tally.rounds);
  const usual = steady.filter(isAnswered).map((tally) => tally.rounds);
  const first = cold !== null && isAnswered(cold) ? cold.rounds : null;
  const meanOfUsual = usual.length === 0 ? (first ?? 0) : average(usual);
  const meanRounds = (1 - shareOfCold) * meanOfUsual + shareOfCold * (first ?? meanOfUsual);
  return {
    operation: names.operations[operation]?.name ?? '',
    probes: all.length,
    answered: steady.length === 0 ? 0 : usual.length / steady.length,
    messages,
    total: { mean: expected(total), fewest: totals.length === 0 ? 0 : Math.min(...totals), most: Math.max(0, ...totals) },
    rounds: rounds.length === 0 ? null : { mean: meanRounds, fewest: Math.min(...rounds), most: Math.max(...rounds) },
    latency,
    arrivals: arrivalsOf(steady, targets, groups),
    lines: linesOf(steady, targets, groups.length),
  };
}

/**
 * Arrivals at each node when the called one is drawn from all targets, though only some were called: what a node gets when
 * it is called itself is told apart from what it gets when another is, and those not called stand for none but the mean.
 * Where random numbers were drawn, the nodes of a group none of which is called stand for one another: which of them a few
 * draws hit tells nothing.
 */
function arrivalsOf(tallies: readonly Tally[], targets: readonly number[], groups: readonly number[]): Float64Array {
  const nodeCount = groups.length;
  const arrivals = new Float64Array(nodeCount);
  if (tallies.length === 0) return arrivals;
  const called = new Set(tallies.map((tally) => tally.called));
  const own = new Map(
    [...called].map((node) => [
      node,
      average(tallies.filter((tally) => tally.called === node).map((tally) => tally.arrivals[node] as number)),
    ]),
  );
  const typical = average([...own.values()]);
  const share = 1 / Math.max(1, targets.length);
  const isTarget = new Set(targets);
  const [only] = tallies;
  const others = targets.filter((target) => target !== only?.called);
  const meanElsewhere = others.length === 0 ? 0 : average(others.map((other) => only?.arrivals[other] ?? 0));
  for (let node = 0; node < nodeCount; node++) {
    let sum = 0;
    let count = 0;
    for (const tally of tallies) {
      if (tally.called === node) continue;
      sum += tally.arrivals[node] as number;
      count += 1;
    }
    // Where only one was called, what it gets when another is called is not known: the mean stands for it.
    const elsewhere = count === 0 ? meanElsewhere : sum / count;
    const itself = isTarget.has(node) ? share : 0;
    arrivals[node] = itself * (own.get(node) ?? typical) + (1 - itself) * elsewhere;
  }
  return tallies.some(({ drew }) => drew) ? evened(arrivals, groups, new Set(targets.map((target) => groups[target] as number))) : arrivals;
}

/** Each node gets the mean of its group, but for the groups told apart. */
function evened(arrivals: Float64Array, groups: readonly number[], apart: ReadonlySet<number>): Float64Array {
  const sums = new Map<number, { sum: number; count: number }>();
  arrivals.forEach((count, node) => {
    const group = groups[node] as number;
    const total = sums.get(group) ?? { sum: 0, count: 0 };
    sums.set(group, { sum: total.sum + count, count: total.count + 1 });
  });
  return arrivals.map((own, node) => {
    const group = groups[node] as number;
    const { sum, count } = sums.get(group) as { sum: number; count: number };
    return apart.has(group) ? own : sum / count;
  });
}

/** The same for bytes on lines: those that the called node's own lines carry are its share, the others' the mean. */
function linesOf(tallies: readonly Tally[], targets: readonly number[], nodeCount: number): Map<number, number> {
  const isTarget = new Set(targets);
  const times = new Map<number, number>();
  for (const { called } of tallies) times.set(called, (times.get(called) ?? 0) + 1);
  const share = 1 / Math.max(1, targets.length);
  const lines = new Map<number, number>();
  for (const tally of tallies) {
    for (const [line, bytes] of tally.lines) {
      const ends = [Math.floor(line / nodeCount), line % nodeCount];
      const elsewhere = tallies.length - ends.reduce((sum, end) => sum + (times.get(end) ?? 0), 0);
      const others = 1 - share * ends.filter((end) => isTarget.has(end)).length;
      const weight = ends.includes(tally.called) ? share / (times.get(tally.called) ?? 1) : others / Math.max(1, elsewhere);
      lines.set(line, (lines.get(line) ?? 0) + bytes * weight);
    }
  }
  return lines;
}

export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
