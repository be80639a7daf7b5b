/**
 * Delivered messages a second of the simulator, against the same protocol simulated by hand: one loop, event objects in
 * a binary heap, votes in sets, as one would write it for this one question. Run:
 * `npx esbuild bench/simulator.ts --bundle --platform=node --format=esm --outfile=/tmp/bench.mjs && node /tmp/bench.mjs`
 */

import type { Distribution } from '../src/model/values.ts';
import { runOnce } from '../src/simulator/run-once.ts';
import { byHand } from './voting-by-hand.ts';
import { votingProgram, votingSystem } from './voting-system.ts';

const slots = Number(process.argv[2] ?? 2000);
const rounds = Number(process.argv[3] ?? 5);
const latencies: Record<string, Distribution> = {
  'normal(2ms, 0.5ms)': { kind: 'normal', mean: 2e6, sd: 5e5 },
  'lognormal(2ms, 0.3)': { kind: 'lognormal', median: 2e6, sigma: 0.3 },
};

function seconds(action: () => void): number {
  const begin = process.hrtime.bigint();
  action();
  return Number(process.hrtime.bigint() - begin) / 1e9;
}

for (const [name, latency] of Object.entries(latencies)) {
  const { system, scenario } = votingSystem(latency);
  const program = votingProgram(slots);
  let delivered = 0;
  let best = Number.POSITIVE_INFINITY;
  let bestByHand = Number.POSITIVE_INFINITY;
  let traced = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    best = Math.min(
      best,
      seconds(() => {
        delivered = runOnce(system, [program], scenario, round + 1).delivered;
      }),
    );
    bestByHand = Math.min(
      bestByHand,
      seconds(() => byHand(slots, latency.kind === 'lognormal')),
    );
  }
  traced = seconds(() => runOnce(system, [program], scenario, 1, { trace: true, limits: { traceEvents: 4_000_000 } }));
  const rate = (time: number): string => `${(delivered / time / 1e6).toFixed(2)} M messages/s`;
  console.log(`${name}: ${delivered} messages, ${((best * 1e9) / delivered).toFixed(0)} ns each`);
  console.log(
    `  simulator ${rate(best)}, with a trace ${rate(traced)}, by hand ${rate(bestByHand)}, ratio ${(bestByHand / best).toFixed(2)}`,
  );
}
