// Quorum systems as one types: the optimal strategy of five unlike nodes under a mix of nine workloads, and the intersection
// of nested thresholds (24 organisations of 3 validators) with Byzantine members. References: the same linear programme with
// every quorum spelled out, built by names; evaluating the nested formula once for each validator.
import { solve } from 'yalps';
import { dual, type Formula, holds } from '../src/analysis/formula.ts';
import { findSplit } from '../src/analysis/intersection.ts';
import { listQuorums } from '../src/analysis/list-quorums.ts';
import { StrategySpace } from '../src/analysis/strategy/strategy.ts';
import { Strikes } from '../src/analysis/strikes.ts';
import { Work } from '../src/analysis/work.ts';
import { percentile, report } from './report.ts';

const rounds = 200;

function atLeast(count: number, of: readonly (Formula | number)[]): Formula {
  return { kind: 'atleast', count, of: of.map((part) => (typeof part === 'number' ? { kind: 'node', node: part } : part)) };
}

function measure(run: () => void): number {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    run();
    samples.push(performance.now() - started);
  }
  return percentile(samples, 0.5);
}

const capacity = [4000, 2000, 4000, 2000, 4000];
const reads = atLeast(3, [0, 1, 2, 3, 4]);
const writes = dual(reads);
const shares = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];
const weights = [10, 20, 100, 100, 100, 60, 30, 30, 20].map((weight) => weight / 470);
const workload = shares.map((share, i) => ({ reads: share, weight: weights[i] as number }));

let found = 0;
function strategy(): void {
  const space = new StrategySpace(
    {
      reads,
      writes,
      nodeCount: 5,
      readCapacity: (node) => capacity[node] as number,
      writeCapacity: (node) => (capacity[node] as number) / 2,
      // Latencies of their own: no two nodes are alike, and every quorum is by itself.
      latency: (node) => node,
    },
    new Work(),
  );
  found = space.best(workload)?.capacity(workload) ?? 0;
}

function spelledOut(): void {
  const constraints: Record<string, { equal?: number; max?: number }> = { read: { equal: 1 }, write: { equal: 1 } };
  const variables: Record<string, Record<string, number>> = {};
  const name = (quorum: readonly number[]): string => quorum.map((node) => `node${node}`).join('+');
  const quorums = { read: listQuorums(reads, 1000) ?? [], write: listQuorums(writes, 1000) ?? [] };
  for (const kind of ['read', 'write'] as const) for (const quorum of quorums[kind]) variables[`${kind} ${name(quorum)}`] = { [kind]: 1 };
  workload.forEach(({ reads: share, weight }, w) => {
    const busiest: Record<string, number> = { load: weight };
    variables[`busiest ${w}`] = busiest;
    for (let node = 0; node < 5; node++) {
      const row = `${w} node${node}`;
      constraints[row] = { max: 0 };
      busiest[row] = -1;
      for (const kind of ['read', 'write'] as const) {
        const cost = kind === 'read' ? share / (capacity[node] as number) : (2 * (1 - share)) / (capacity[node] as number);
        for (const quorum of quorums[kind]) {
          const variable = variables[`${kind} ${name(quorum)}`];
          if (variable !== undefined && quorum.includes(node)) variable[row] = 4000 * cost;
        }
      }
    }
  });
  solve({ direction: 'minimize', objective: 'load', constraints, variables });
}

for (let warm = 0; warm < 20; warm++) {
  strategy();
  spelledOut();
}
report({
  name: 'optimal strategy of five nodes under nine workloads, median',
  value: measure(strategy),
  unit: 'ms',
  reference: { name: 'every quorum spelled out', value: measure(spelledOut) },
  atMost: 10,
});
if (Math.abs(found / 3666.56 - 1) > 1e-3) throw new Error(`a capacity of ${found}`);

const organisations = Array.from({ length: 24 }, (_, of) => atLeast(2, [3 * of, 3 * of + 1, 3 * of + 2]));
const nested = atLeast(17, organisations);
const validators = Array.from({ length: 72 }, (_, node) => node);
let splits = 0;
function intersection(): void {
  const strikes = new Strikes([{ kind: 'byzantine', capacity: 9, nodes: validators, index: 0 }], 72);
  if (findSplit({ first: nested, second: nested, nodeCount: 72, strikes, work: new Work() }) !== null) splits++;
}
function evaluations(): void {
  const present = new Uint8Array(72);
  for (const node of validators) {
    present[node] = 1;
    if (holds(nested, present)) splits += 0;
  }
}
report({
  name: 'two quorums of nested thresholds over 72 validators, 9 Byzantine, median',
  value: measure(intersection),
  unit: 'ms',
  reference: { name: 'the formula evaluated 72 times', value: measure(evaluations) },
  atMost: 10,
});
if (splits !== 0) throw new Error('two quorums share 10 organisations, so nine liars do not split them');
