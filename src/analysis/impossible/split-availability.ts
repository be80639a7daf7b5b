import type { Finding } from '../../base/finding.ts';
import { formatDuration, formatRatio, listed } from '../../base/units.ts';
import type { Criterion } from '../../model/consistency.ts';
import type { Scenario } from '../../model/scenario.ts';
import type { System, WorkloadCall } from '../../model/system.ts';
import type { SystemUnderCheck } from '../checks.ts';
import { nodeNames } from '../words.ts';
import { type Access, accessOf, type Promised, patienceOf, promisesOf, type Split, splitsOf } from './split-calls.ts';

/** Subsets of cells that are looked at: beyond it nothing is said. */
const mostCells = 12;

/** What ties an operation to real time, as Gilbert & Lynch's proof needs. */
const ATOMIC: ReadonlySet<Criterion> = new Set(['linearizable', 'strictly_serializable']);

/**
 * DS3702: a scenario that splits the network and expects both a linearizable object and so many answered calls that, by
 * Gilbert & Lynch 2002, no protocol can promise them. Only calls that are made and given up within the split count, at a
 * rate that is fixed, and only so many fewer as six standard deviations of their number.
 */
export function splitAvailability({ system }: SystemUnderCheck): Finding[] {
  const findings: Finding[] = [];
  for (const scenario of system.scenarios) {
    for (const expectation of scenario.expectations) {
      const { expect } = expectation;
      if (expect.kind !== 'history' || !ATOMIC.has(expect.criterion) || expect.negated || scenario.vary !== null) continue;
      const lost = lostIn(system, scenario, expect.specification);
      if (lost !== null) findings.push(describe(system, scenario, expectation.span, lost));
    }
  }
  return findings;
}

/** Calls of one operation by the clients of one side. */
interface Cell {
  readonly side: number;
  readonly operation: string;
  /** Calls within the split that cannot be answered after it, at the least. */
  readonly calls: number;
  /** Whether any member is on the clients' side. */
  readonly reachable: boolean;
  readonly client: number;
}

interface Lost {
  /** The operations whose success is promised. */
  readonly promises: readonly Promised[];
  /** Of all their calls, the share that must stay without an answer, and the share that may. */
  readonly share: number;
  readonly allowed: number;
  /** Whether the operations concern keys: then `share` is what all calls for one key would lose. */
  readonly keyed: boolean;
  readonly split: Split;
  /** A client that changes what the other one asks for. */
  readonly writer: Cell;
  readonly reader: Cell;
}

function lostIn(system: System, scenario: Scenario, specification: number): Lost | null {
  const code = system.specifications[specification];
  if (code === undefined || scenario.actions.some(({ action }) => movesClients(system, action))) return null;
  for (const deployment of system.deployments) {
    const promises = promisesOf(system, scenario).filter(
      (promise) => promise.deployment === deployment.index && code.operations.some(({ name }) => name === promise.operation),
    );
    const calls = system.workloads.flatMap((workload) =>
      workload.calls
        .filter((call) => call.deployment === deployment.index && code.operations.some(({ name }) => name === call.operation))
        .map((call) => ({ call, clients: workload.clients })),
    );
    const promised = new Set(promises.map(({ operation }) => operation));
    // Without a time limit, or in a closed loop, or with a limit on their number, too little is known of the calls.
    if (promises.length === 0 || calls.some(({ call }) => call.rate === null || call.timeout === null || call.limit !== null)) continue;
    const most = [...promised].reduce((sum, operation) => sum + mostCalls(calls, operation, scenario), 0);
    const allowed = promises.reduce((sum, { operation, least }) => sum + (1 - least) * mostCalls(calls, operation, scenario), 0);
    let lost = 0;
    let shown: { readonly split: Split; readonly writer: Cell; readonly reader: Cell } | null = null;
    for (const split of splitsOf(system, scenario)) {
      const cells = cellsOf(calls, split, scenario, deployment.members);
      const conflicts = conflictsOf(cells, (operation) => accessOf(code, operation), promises);
      const [first] = conflicts;
      if (first === undefined || cells.length > mostCells) continue;
      lost += leastLost(cells, conflicts, promised);
      shown ??= { split, writer: cells[first[0]] as Cell, reader: cells[first[1]] as Cell };
    }
    if (shown !== null && most > 0 && lost > allowed) {
      const keyed = [shown.writer, shown.reader].some(({ operation }) => accessOf(code, operation).keyed);
      return { promises, share: lost / most, allowed: allowed / most, keyed, ...shown };
    }
  }
  return null;
}

/** What takes clients down or sets faults at random: then it is not known how many calls are made. */
function movesClients(system: System, action: Scenario['actions'][number]['action']): boolean {
  if (action.kind === 'chaos') return true;
  if (action.kind === 'partition' || action.kind === 'isolate' || action.kind === 'heal' || !('nodes' in action)) return false;
  const clients = new Set(system.workloads.flatMap((workload) => workload.clients));
  return action.nodes.some((node) => clients.has(node));
}

type Called = { readonly call: WorkloadCall; readonly clients: readonly number[] };

/** Calls of an operation that count in a run, at the most: six standard deviations above the mean. */
function mostCalls(calls: readonly Called[], operation: string, { duration }: Scenario): number {
  const expected = calls
    .filter(({ call }) => call.operation === operation)
    .reduce((sum, { call, clients }) => sum + ((call.rate ?? 0) * clients.length * Math.max(0, duration - call.start)) / 1e9, 0);
  return expected + 6 * Math.sqrt(expected) + 6;
}

function cellsOf(calls: readonly Called[], split: Split, scenario: Scenario, members: readonly number[]): Cell[] {
  const cells = new Map<string, { side: number; operation: string; expected: number; reachable: boolean; client: number }>();
  for (const { call, clients } of calls) {
    const patience = patienceOf(call) ?? 0;
    // An answer that comes in the end must have been made up before: the last stretch is left out at both ends.
    const from = Math.max(split.from, call.start) + patience;
    const to = Math.min(split.to, scenario.duration - patience) - patience;
    const expected = ((call.rate ?? 0) * Math.max(0, to - from)) / 1e9;
    for (const client of clients) {
      const side = split.side[client] as number;
      const key = `${side}/${call.operation}`;
      const known = cells.get(key);
      const reachable = members.some((node) => split.side[node] === side);
      if (known === undefined) cells.set(key, { side, operation: call.operation, expected, reachable, client });
      else known.expected += expected;
    }
  }
  return [...cells.values()].map(({ side, operation, expected, reachable, client }) => ({
    side,
    operation,
    calls: Math.max(0, expected - 6 * Math.sqrt(expected) - 6),
    reachable,
    client,
  }));
}

/** Pairs of cells of two sides, by index: what the first writes the second reads. */
function conflictsOf(
  cells: readonly Cell[],
  access: (operation: string) => Access,
  promises: readonly Promised[],
): (readonly [number, number])[] {
  const conflicts: (readonly [number, number])[] = [];
  const strict = promises.every(({ least }) => least >= 1);
  cells.forEach((writer, i) => {
    cells.forEach((reader, j) => {
      if (writer.side === reader.side || writer.calls === 0 || reader.calls === 0) return;
      const first = access(writer.operation);
      const second = access(reader.operation);
      // Operations on keys conflict for equal keys alone: only where no call at all may fail does one pair of them suffice.
      if (!strict && (first.keyed || second.keyed)) return;
      if ([...first.writes].some((variable) => second.reads.has(variable))) conflicts.push([i, j]);
    });
  });
  return conflicts;
}

/** The fewest promised calls that stay unanswered: over all sets of cells that are answered and do not conflict. */
function leastLost(cells: readonly Cell[], conflicts: readonly (readonly [number, number])[], promised: ReadonlySet<string>): number {
  let best = Number.POSITIVE_INFINITY;
  for (let answered = 0; answered < 2 ** cells.length; answered++) {
    const isAnswered = (index: number): boolean => ((answered >> index) & 1) === 1;
    if (conflicts.some(([writer, reader]) => isAnswered(writer) && isAnswered(reader))) continue;
    const lost = cells.reduce((sum, cell, index) => {
      const unanswered = !isAnswered(index) || !cell.reachable;
      return unanswered && promised.has(cell.operation) ? sum + cell.calls : sum;
    }, 0);
    best = Math.min(best, lost);
  }
  return best;
}

function describe(
  system: System,
  scenario: Scenario,
  span: Finding['span'],
  { promises, share, allowed, keyed, split, writer, reader }: Lost,
): Finding {
  const operations = [...new Set(promises.map(({ operation }) => operation))];
  const asked =
    allowed === 0
      ? `every call of ${listed(operations)}`
      : `${formatRatio(Number((1 - allowed).toPrecision(4)))} of the calls of ${listed(operations)}`;
  const [first, second] = nodeNames(system, [writer.client, reader.client]);
  return {
    code: 'DS3702',
    severity: 'warning',
    span,
    message:
      `No protocol can promise that \`${scenario.name}\` is linearizable and answers ${asked}: while the network is split for ${formatDuration(split.to - split.from)} ` +
      `${keyed ? 'some calls' : `at least ${formatRatio(Number(share.toPrecision(2)))} of them`} must wait for the other side.`,
    why:
      'A linearizable object cannot answer at every node while the network is split: whoever answers a read without having heard of the writes on ' +
      'the other side answers as if they had not been. A side with a majority can stay available; the other one has to wait.',
    help: 'Expect fewer answers from the clients of the smaller side, let the split be shorter, or expect less than linearizability of what both sides answer.',
    source: 'Gilbert & Lynch 2002, Theorems 1 and 2',
    notes: [
      `For example, \`${first}\` calls \`${writer.operation}\` on one side, and \`${second}\` calls \`${reader.operation}\` on another.`,
      'Counted are the calls that are both made and given up within the split, less six standard deviations of their number.',
    ],
    labels: scenario.expectations
      .filter(({ expect }) => expect.kind === 'metric')
      .map((expectation) => ({ span: expectation.span, message: 'and this many answers' })),
    witness: { kind: 'nodes', nodes: [...new Set([first ?? '', second ?? ''])] },
    numbers: { lost: share, allowed, split: split.to - split.from },
  };
}
