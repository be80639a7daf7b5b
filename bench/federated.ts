// Federated networks: quorum intersection of 24 organisations with three validators each, nearly symmetric (three of them
// trust one organisation less); smallest splitting and blocking sets of 16 such. References: quorum intersection by MiniSat, compiled to
// JavaScript, on the same clauses; for the smallest sets the same network with the answer known beforehand, closures only.
import Logic from 'logic-solver';
import { smallestBlocking } from '../src/analysis/federated/blocking-sets.ts';
import { closure, everyNode, type Federation, federationOf } from '../src/analysis/federated/federation.ts';
import { SplitSearch } from '../src/analysis/federated/split.ts';
import { smallestSplitting } from '../src/analysis/federated/splitting-sets.ts';
import { singleUnits } from '../src/analysis/federated/units.ts';
import { Work } from '../src/analysis/work.ts';
import type { QuorumSystem } from '../src/model/values.ts';
import { percentile, report } from './report.ts';

const work = (): Work => new Work(2_000_000_000);
const atleast = (count: number, of: readonly QuorumSystem[]): QuorumSystem => ({ kind: 'atleast', count, of });

/** Organisations of three validators; `threshold` of them are needed, of each two validators. Every eighth leaves one organisation out. */
function network(organisations: number, threshold: number): Federation {
  const organisation = (at: number): QuorumSystem =>
    atleast(
      2,
      [0, 1, 2].map((i) => ({ kind: 'node', node: 3 * at + i })),
    );
  const all = Array.from({ length: organisations }, (_, at) => at);
  const slices = all.flatMap((at) => {
    const others = at % 8 === 3 ? all.filter((other) => other !== (at + 5) % organisations) : all;
    const needs = atleast(others.length < all.length ? threshold - 1 : threshold, others.map(organisation));
    return [0, 1, 2].map((i) => ({ node: 3 * at + i, needs }));
  });
  return federationOf(slices, 3 * organisations);
}

/** Two disjoint quorums as MiniSat is told of them, thresholds as the solver's own sums. */
function byMiniSat(organisations: number, threshold: number): boolean {
  const solver = new Logic.Solver();
  const all = Array.from({ length: organisations }, (_, at) => at);
  for (let node = 0; node < 3 * organisations; node++) solver.require(Logic.or(`-a${node}`, `-b${node}`));
  for (const side of ['a', 'b']) {
    const has = (at: number): unknown =>
      Logic.greaterThanOrEqual(Logic.sum([0, 1, 2].map((i) => `${side}${3 * at + i}`)), Logic.constantBits(2));
    const met = all.map(has);
    for (const at of all) {
      const skipped = at % 8 === 3 ? (at + 5) % organisations : -1;
      const needs = Logic.greaterThanOrEqual(
        Logic.sum(met.filter((_, other) => other !== skipped)),
        Logic.constantBits(skipped < 0 ? threshold : threshold - 1),
      );
      for (const i of [0, 1, 2]) solver.require(Logic.implies(`${side}${3 * at + i}`, needs));
    }
    solver.require(Logic.or(...Array.from({ length: 3 * organisations }, (_, node) => `${side}${node}`)));
  }
  return solver.solve() === null;
}

function timed(run: () => void, rounds: number): number {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    run();
    samples.push(performance.now() - started);
  }
  return percentile(samples, 0.5);
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`wrong: ${what}`);
}

// An intersecting network, and one whose thresholds let quorums part: the solver has to find them.
for (const [name, threshold, intersects] of [
  ['intersecting', 17, true],
  ['split', 12, false],
] as const) {
  const federation = network(24, threshold);
  const units = singleUnits(federation.nodeCount);
  report({
    name: `quorum intersection, 24 organisations, ${name}`,
    value: timed(() => check((new SplitSearch(federation, units, work()).within([]) === null) === intersects, name), 15),
    unit: 'ms',
    reference: { name: 'MiniSat', value: timed(() => check(byMiniSat(24, threshold) === intersects, name), 1) },
    atMost: 150,
  });
}

const sixteen = network(16, 11);
const units = singleUnits(sixteen.nodeCount);
const closures = timed(() => {
  for (let i = 0; i < 1000; i++) check(closure(sixteen, everyNode(sixteen), work()).includes(1), 'closure');
}, 5);
for (const [name, run, size] of [
  ['smallest splitting set', () => smallestSplitting(sixteen, units, work()), 6],
  ['smallest blocking set', () => smallestBlocking(sixteen, units, work()), 12],
] as const) {
  report({
    name: `${name}, 16 organisations`,
    value: timed(() => {
      const answer = run();
      check(answer.kind === 'exact' && answer.size === size, name);
    }, 7),
    unit: 'ms',
    reference: { name: 'a thousand closures', value: closures },
    atMost: 1000,
  });
}
