// Expansion of a system of 1,000 nodes with 10,000 links. Reference: as many links drawn into plain arrays, without names,
// attributes or a check for doubles.
import { nodeLibrary } from '../src/language/node-library.ts';
import { Workspace } from '../src/language/workspace.ts';
import { expand } from '../src/model/expand.ts';
import { percentile, report } from './report.ts';

const workspace = new Workspace({ readText: () => undefined, library: nodeLibrary(import.meta.url) });
const rounds = 30;
const samples: number[] = [];
const plain: number[] = [];
let sink = 0;
for (let round = 0; round < rounds; round++) {
  // A seed of its own for each round: random graphs are kept by seed.
  const uri = `file:///bench-${round}.dsys`;
  workspace.setText(uri, `system S {\n  seed ${round + 1}\n  node member[1000]\n  link random(member, degree: 20) with (latency: 1ms)\n}`);
  const code = workspace.check(uri).systems[0];
  if (!code) throw new Error('no system');
  let started = performance.now();
  const { system } = expand(code);
  samples.push(performance.now() - started);
  if (system?.network.from.length !== 10_000) throw new Error(`${system?.network.from.length} links`);
  started = performance.now();
  const from = new Int32Array(10_000);
  const to = new Int32Array(10_000);
  for (let link = 0; link < 10_000; link++) {
    from[link] = Math.floor(Math.random() * 1000);
    to[link] = Math.floor(Math.random() * 1000);
  }
  sink += from[round]! + to[round]!;
  plain.push(performance.now() - started);
}
if (sink < 0) throw new Error('unreachable');
report({
  name: 'expand 1,000 nodes, 10,000 links, median',
  value: percentile(samples, 0.5),
  unit: 'ms',
  reference: { name: 'plain arrays', value: percentile(plain, 0.5) },
  atMost: 100,
});
