/**
 * Linearizability of one register where no value that is read was written twice, in n log n steps (Gibbons & Korach, SIAM J.
 * Comput. 1997; as zones by Golab, Li & Shah, PODC 2011). A write and the reads of its value are a cluster and stand together in
 * any order. A cluster must come before another where one of its calls was answered before one of the other's was made, so
 * there is an order if no two must come before each other.
 */

import type { HistoryOperation, RegisterAccess } from './linearizability.ts';

export type ZoneOutcome =
  | { readonly verdict: 'yes'; readonly placed: readonly { readonly id: number; readonly at: number }[] }
  /** `witness`: by time of call, a part that nothing explains. `stuck`: the call whose answer no order explains. */
  | { readonly verdict: 'no'; readonly witness: readonly HistoryOperation[]; readonly stuck: HistoryOperation };

interface Cluster {
  /** Null for the initial value. */
  write: HistoryOperation | null;
  readonly reads: HistoryOperation[];
  /** The first answer and the last call: what must come later, and what earlier, is told by them. */
  firstAnswer: number;
  lastCall: number;
}

/** Null where the writer of a read is not known and none is without one. All accesses are of one register. */
export function byZones(history: readonly HistoryOperation[], accesses: readonly RegisterAccess[]): ZoneOutcome | null {
  const whole = attempt(history, accesses);
  if (whole === null || 'placed' in whole) return whole && { verdict: 'yes', placed: whole.placed };
  // The first answer with which it goes wrong: before it the history is linearizable, whatever comes later.
  const answers = history.flatMap(({ response }) => (response === null ? [] : [response])).sort((a, b) => a - b);
  let [low, high] = [0, answers.length - 1];
  let first = whole.conflict;
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = attempt(...until(history, accesses, answers[middle] as number));
    if (found && 'conflict' in found) {
      high = middle;
      first = found.conflict;
    } else low = middle + 1;
  }
  const end = answers[high] as number;
  const shown = new Set(first.map(({ id }) => id));
  return {
    verdict: 'no',
    witness: history.filter(({ id }) => shown.has(id)).sort((a, b) => a.call - b.call || a.id - b.id),
    stuck: history.find(({ response }) => response === end) as HistoryOperation,
  };
}

/** What was known at a moment. */
function until(
  history: readonly HistoryOperation[],
  accesses: readonly RegisterAccess[],
  end: number,
): [HistoryOperation[], RegisterAccess[]] {
  const made = history.flatMap((operation, at) => (operation.call <= end ? [at] : []));
  return [
    made.map((at) => {
      const operation = history[at] as HistoryOperation;
      return operation.response !== null && operation.response > end ? { ...operation, response: null } : operation;
    }),
    made.map((at) => accesses[at] as RegisterAccess),
  ];
}

type Attempt = { readonly placed: { id: number; at: number }[] } | { readonly conflict: readonly HistoryOperation[] };

function attempt(history: readonly HistoryOperation[], accesses: readonly RegisterAccess[]): Attempt | null {
  const clusters = clustersOf(history, accesses);
  if (clusters === null || !Array.isArray(clusters)) return clusters && { conflict: clusters.unwritten };
  // Where the first answer comes before the last call, the cluster holds the register in between; the others fit in where they begin.
  const order = clusters
    .map((cluster) => ({ cluster, from: Math.min(cluster.firstAnswer, cluster.lastCall), holds: cluster.firstAnswer < cluster.lastCall }))
    .sort((a, b) => a.from - b.from || Number(a.holds) - Number(b.holds));
  const placed: { id: number; at: number }[] = [];
  let now = Number.NEGATIVE_INFINITY;
  let latest: Cluster | null = null;
  for (const { cluster } of order) {
    if (latest && cluster.firstAnswer < now) return { conflict: [...extremes(latest), ...extremes(cluster)] };
    for (const operation of [...(cluster.write ? [cluster.write] : []), ...cluster.reads]) {
      if (operation.call > now) {
        now = operation.call;
        latest = cluster;
      }
      placed.push({ id: operation.id, at: now });
    }
  }
  return { placed };
}

/** One cluster for each value; null where a writer is not known. `unwritten`: a read of what nobody had begun to write, and those who did later. */
function clustersOf(
  history: readonly HistoryOperation[],
  accesses: readonly RegisterAccess[],
): Cluster[] | { readonly unwritten: readonly HistoryOperation[] } | null {
  const writes = new Map<string, HistoryOperation[]>();
  const initial = accesses[0]?.initial;
  for (const [at, operation] of history.entries()) {
    const { kind, value } = accesses[at] as RegisterAccess;
    if (kind !== 'write') continue;
    const same = writes.get(value);
    if (same) same.push(operation);
    else writes.set(value, [operation]);
  }
  const clusters = new Map<string, Cluster>();
  let known = true;
  for (const [at, operation] of history.entries()) {
    const { kind, value } = accesses[at] as RegisterAccess;
    if (kind !== 'read' || operation.response === null) continue;
    const writers = writes.get(value) ?? [];
    const possible = writers.filter(({ call }) => call <= (operation.response as number));
    if (possible.length === 0 && value !== initial) return { unwritten: [...writers, operation] };
    if (writers.length + Number(value === initial) > 1) {
      known = false;
      continue;
    }
    const write = writers[0] ?? null;
    const cluster = clusters.get(value) ?? clusterOf(write);
    cluster.reads.push(operation);
    cluster.firstAnswer = Math.min(cluster.firstAnswer, operation.response);
    cluster.lastCall = Math.max(cluster.lastCall, operation.call);
    clusters.set(value, cluster);
  }
  if (!known) return null;
  for (const { reads } of clusters.values()) reads.sort((a, b) => a.call - b.call || a.id - b.id);
  // Writes that nobody read: without an answer they need not have taken effect.
  const alone = [...writes].flatMap(([value, all]) => (clusters.has(value) ? [] : all.filter(({ response }) => response !== null)));
  return [...clusters.values(), ...alone.map(clusterOf)];
}

function clusterOf(write: HistoryOperation | null): Cluster {
  // The initial value was there before all calls.
  const past = Number.NEGATIVE_INFINITY;
  return {
    write,
    reads: [],
    firstAnswer: write ? (write.response ?? Number.POSITIVE_INFINITY) : past,
    lastCall: write ? write.call : past,
  };
}

/** The calls that show what a cluster must come before and after, and its write. */
function extremes({ write, reads, firstAnswer, lastCall }: Cluster): HistoryOperation[] {
  const all = write ? [write, ...reads] : reads;
  const first = all.find(({ response }) => response === firstAnswer);
  const last = all.find(({ call }) => call === lastCall);
  return [write, first, last].filter((each) => each !== null && each !== undefined);
}
