// The exact availability of 50 nodes in 10 zones under nested thresholds: ten organisations of five nodes, each spread over
// zones, so that every zone is a common cause of five organisations. Reference: the same sum by hand, every combination of zones,
// then binomials over the organisations, with all nodes alike and nothing general about it.
import { compile } from '../src/analysis/formula.ts';
import { formulaChance } from '../src/analysis/probability/reliability.ts';
import type { Uptimes } from '../src/analysis/probability/uptimes.ts';
import { Work } from '../src/analysis/work.ts';
import type { QuorumSystem } from '../src/model/values.ts';
import { percentile, report } from './report.ts';

const zones = 10;
const organisations = 10;
const size = 5;
const nodeUp = 0.99;
const zoneUp = 0.999;
const nodeOf = (organisation: number, i: number): number => organisation * size + i;
const zoneOf = (organisation: number, i: number): number => (organisation + 3 * i) % zones;

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const quorum: QuorumSystem = {
  kind: 'atleast',
  count: 7,
  of: range(organisations).map((o) => ({ kind: 'atleast', count: 3, of: range(size).map((i) => ({ kind: 'node', node: nodeOf(o, i) })) })),
};
const uptimes: Uptimes = {
  zones: range(zones).map(() => ({ parent: -1, up: zoneUp, down: 1 - zoneUp })),
  nodes: range(organisations * size).map(() => ({ up: nodeUp, down: 1 - nodeUp })),
  zoneOf: range(organisations).flatMap((o) => range(size).map((i) => zoneOf(o, i))),
};
const work = () => new Work(20_000_000);

function byHand(): number {
  // P(at least 3 of k are up), k = 0..5.
  const enough = range(size + 1).map((k) => {
    let sum = 0;
    for (let up = 3; up <= k; up++) {
      let ways = 1;
      for (let i = 0; i < up; i++) ways = (ways * (k - i)) / (i + 1);
      sum += ways * nodeUp ** up * (1 - nodeUp) ** (k - up);
    }
    return sum;
  });
  let total = 0;
  const sums = new Float64Array(organisations + 1);
  for (let mask = 0; mask < 1 << zones; mask++) {
    let share = 1;
    for (let z = 0; z < zones; z++) share *= (mask >> z) & 1 ? zoneUp : 1 - zoneUp;
    sums.fill(0);
    sums[0] = 1;
    for (let o = 0; o < organisations; o++) {
      let left = 0;
      for (let i = 0; i < size; i++) left += (mask >> zoneOf(o, i)) & 1;
      const p = enough[left] as number;
      for (let k = o + 1; k > 0; k--) sums[k] = (sums[k] as number) * (1 - p) + (sums[k - 1] as number) * p;
      sums[0] = (sums[0] as number) * (1 - p);
    }
    for (let k = 7; k <= organisations; k++) total += share * (sums[k] as number);
  }
  return total;
}

const samples: number[] = [];
const plain: number[] = [];
for (let round = 0; round < 40; round++) {
  let started = performance.now();
  const { up } = formulaChance(compile(quorum), uptimes, work(), work);
  samples.push(performance.now() - started);
  started = performance.now();
  const expected = byHand();
  plain.push(performance.now() - started);
  if (Math.abs(up - expected) > 1e-12) throw new Error(`${up} and by hand ${expected}`);
}
report({
  name: 'availability of 50 nodes in 10 zones, nested thresholds across zones, median',
  value: percentile(samples, 0.5),
  unit: 'ms',
  reference: { name: 'by hand', value: percentile(plain, 0.5) },
  atMost: 20,
});
