// One decision of the library's PBFT, from the client's request to its answer: the whole run with its network, without checking
// and compiling. Reference: the same protocol by hand in JavaScript, in the same process, in turn.
import { type Prepared, prepare, simulate, timed } from './dsys.ts';
import { pbftByHand } from './pbft-by-hand.ts';
import { report } from './report.ts';

/** Replicas, and how many ms a decision may take. */
const sizes = [
  [32, 3],
  [128, 60],
  [256, 300],
  [512, 2000],
] as const;

function decision(replicas: number): Prepared {
  return prepare(`import Pbft from "dsys/consensus/pbft"
system Bench {
  node replica[${replicas}]
  node client
  link replica -- replica with (latency: normal(6ms, 1ms))
  link client -- replica with (latency: normal(6ms, 1ms))
  timing partially_synchronous(delay: 100ms, gst: 0s)
  run Pbft(patience: 1s) on replica
  workload submits on client { call Submit(command: unique) to replica[1] with (limit: 1, timeout: 1s) }
  scenario Once (duration: 1s, seeds: 1) { expect success(Submit) >= 100% }
}`);
}

for (const [replicas, most] of sizes) {
  const prepared = decision(replicas);
  const rounds = Math.max(3, Math.round(400 / replicas));
  let ours = Number.POSITIVE_INFINITY;
  let hand = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    ours = Math.min(ours, timed(() => simulate(prepared, round + 1)).ms);
    hand = Math.min(hand, timed(() => pbftByHand({ replicas, durationMs: 1000, requestsPerSecond: 0 })).ms);
  }
  report({
    name: `a decision of ${replicas} replicas`,
    value: ours,
    unit: 'ms',
    reference: { name: 'by hand', value: hand },
    atMost: most,
  });
}
