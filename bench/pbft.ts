// Delivered messages a second of the PBFT of the library with 16 replicas, without a trace; reference: the same protocol
// simulated by hand in JavaScript, in the same process, in turn.
import { nodeLibrary } from '../src/language/node-library.ts';
import { Workspace } from '../src/language/workspace.ts';
import { defaultLimits } from '../src/pipeline/api.ts';
import { checkFile } from '../src/pipeline/check.ts';
import { runScenarios } from '../src/pipeline/run.ts';
import { pbftByHand } from './pbft-by-hand.ts';
import { report } from './report.ts';

const seconds = Number(process.argv[2] ?? 6);
const rounds = 5;
const text = `import Pbft from "dsys/consensus/pbft"
system Bench {
  node replica[16]
  node client[4]
  link replica -- replica with (latency: normal(6ms, 1ms))
  link client -- replica with (latency: normal(6ms, 1ms))
  timing partially_synchronous(delay: 100ms, gst: 0s)
  faults Liars { byzantine 5 of replica }
  run Pbft(patience: 1s) on replica
  workload submits on client { call Submit(command: unique) to any(replica) with (rate: 100/s, timeout: 10s) }
  scenario Calm (duration: ${seconds}s, seeds: 1) { expect success(Submit) >= 90% }
}`;
const workspace = new Workspace({ readText: () => undefined, library: nodeLibrary(import.meta.url) });
workspace.setText('file:///bench.dsys', text);
const { findings, systems } = checkFile(workspace, 'file:///bench.dsys');
const code = systems[0]?.code;
if (!code || findings.some(({ severity }) => severity === 'error')) throw new Error(findings.map(({ message }) => message).join('\n'));

const rate = (run: () => number) => {
  const started = performance.now();
  const delivered = run();
  return delivered / (performance.now() - started) / 1000;
};
let best = 0;
let byHand = 0;
for (let round = 0; round < rounds; round++) {
  best = Math.max(
    best,
    rate(() => {
      const { results } = runScenarios({
        code,
        scenarios: [],
        seed: round + 1,
        runs: 1,
        trace: false,
        constants: {},
        limits: defaultLimits,
      });
      const result = results[0];
      if (!result?.passed) throw new Error(result?.findings.map(({ message }) => message).join('\n') ?? 'no result');
      return result.runs[0]?.delivered ?? 0;
    }),
  );
  byHand = Math.max(
    byHand,
    rate(() => pbftByHand(seconds * 1000, 400).delivered),
  );
}
report({
  name: 'PBFT, 16 replicas, delivered messages',
  value: best,
  unit: 'M/s',
  reference: { name: 'by hand', value: byHand },
  atLeast: 1,
});
