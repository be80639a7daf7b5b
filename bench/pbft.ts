// Delivered messages a second of the PBFT of the library with 16 replicas, without a trace; reference: the same protocol
// simulated by hand in JavaScript, in the same process, in turn.
import { prepare, simulate } from './dsys.ts';
import { pbftByHand } from './pbft-by-hand.ts';
import { report } from './report.ts';

const seconds = Number(process.argv[2] ?? 6);
const rounds = 5;
const prepared = prepare(`import Pbft from "dsys/consensus/pbft"
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
}`);
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
    rate(() => simulate(prepared, round + 1).delivered),
  );
  byHand = Math.max(
    byHand,
    rate(() => pbftByHand({ replicas: 16, durationMs: seconds * 1000, requestsPerSecond: 400 }).delivered),
  );
}
report({
  name: 'PBFT, 16 replicas, delivered messages',
  value: best,
  unit: 'M/s',
  reference: { name: 'by hand', value: byHand },
  atLeast: 2,
});
let traced = 0;
for (let round = 0; round < rounds; round++)
  traced = Math.max(
    traced,
    rate(() => simulate(prepared, 1, { trace: true, limits: { traceEvents: 20_000_000 } }).delivered),
  );
report({ name: '  with a full trace', value: traced, unit: 'M/s', reference: { name: 'without', value: best }, atLeast: best / 2 });
