// Vertex connectivity with a minimum cut, sparse graphs of 750 nodes: a random one with four neighbours each, and one that grows
// like the Internet (two links to nodes drawn by their degree), where the cut is small. Reference: a breadth-first search from
// every node. Then the other numbers of a network that are computed while one types.
import { connectivity } from '../src/analysis/connectivity.ts';
import { type Graph, makeGraph, reach } from '../src/analysis/graph.ts';
import { articulation } from '../src/analysis/network/articulation.ts';
import { edgeConnectivity } from '../src/analysis/network/edge-connectivity.ts';
import { gossipReach } from '../src/analysis/network/random-graph.ts';
import { Work } from '../src/analysis/work.ts';
import { Random } from '../src/base/random.ts';
import { percentile, report } from './report.ts';

const nodes = 750;
const everyone = Array.from({ length: nodes }, (_, node) => node);

/** Two Hamiltonian cycles in random order: four neighbours each. */
function regular(random: Random): [number, number][] {
  return [0, 1].flatMap(() => {
    const order = random.shuffle([...everyone]);
    return order.map((node, i): [number, number] => [node, order[(i + 1) % nodes] as number]);
  });
}

/** Each node links to two earlier ones, drawn by their degree. */
function grown(random: Random): [number, number][] {
  const ends = [0, 1];
  const links: [number, number][] = [[0, 1]];
  for (let node = 2; node < nodes; node++) {
    const targets = new Set<number>();
    while (targets.size < 2) targets.add(ends[random.nextInt(ends.length)] as number);
    for (const to of targets) {
      links.push([node, to]);
      ends.push(node, to);
    }
  }
  return links;
}

function graphOf(links: readonly [number, number][]): Graph {
  return makeGraph(
    nodes,
    links.flatMap(([a, b]) => [
      [a, b],
      [b, a],
    ]),
  );
}

function timed(rounds: number, run: (round: number) => unknown): number {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    run(round);
    samples.push(performance.now() - started);
  }
  return percentile(samples, 0.5);
}

const rounds = 15;
const live = new Uint8Array(nodes).fill(1);
for (const [name, make] of [
  ['random, 4 neighbours', regular],
  ['grown like the Internet', grown],
] as const) {
  const graphs = Array.from({ length: rounds }, (_, round) => graphOf(make(new Random(round, name))));
  const at = (round: number): Graph => graphs[round] as Graph;
  const reference = {
    name: 'searches from every node',
    value: timed(rounds, (round) => everyone.map((node) => reach(at(round).out, node, live))),
  };
  const measured = (what: string, run: (graph: Graph) => unknown, atMost: number): void =>
    report({ name: `${what}, 750 nodes, ${name}, median`, value: timed(rounds, (round) => run(at(round))), unit: 'ms', reference, atMost });
  measured('vertex connectivity', (graph) => connectivity(graph, everyone, new Work(1e9)), 200);
  measured('edge connectivity', (graph) => edgeConnectivity(graph, everyone, new Work(1e9)), 200);
  measured('articulation points and bridges', (graph) => articulation(graph, everyone, new Work(1e9)), 10);
}
const reference = {
  name: 'a million random numbers',
  value: timed(5, () => new Random(1, 'x').shuffle(Array.from({ length: 1_000_000 }, (_, i) => i))),
};
report({
  name: 'gossip among 1,000 nodes, exactly, median',
  value: timed(10, (round) => gossipReach({ members: 1_000, failed: 50 + round, fanout: 15 }, new Work(1e9))),
  unit: 'ms',
  reference,
  atMost: 100,
});
