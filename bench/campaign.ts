// A campaign of 400 seeds with two workers, beside the same with one. Each worker has run as many seeds before, so that
// both pools are compiled and equally warm: what is measured is the share of the work that is done side by side.
import { fileURLToPath } from 'node:url';
import type { SystemCode } from '../src/model/system-code.ts';
import { defaultLimits } from '../src/pipeline/api.ts';
import { SimulationPool } from '../src/pipeline/pool.ts';
import { codeOf } from './dsys.ts';
import { report } from './report.ts';

const workerFile = fileURLToPath(new URL('../worker/worker.cjs', import.meta.url));
const seeds = 400;
const rounds = 4;

const text = `
import Raft from "dsys/consensus/raft"
system Cluster {
  node replica[5]
  node client[2]
  channel replica -- replica with (latency: lognormal(1ms, 0.5))
  timing partially_synchronous(delay: 50ms, gst: 0s)
  faults Crashes { crash 2 of replica with (recovers: true) }
  run Raft on replica
  workload writes on client { call Submit(command: unique) to any(replica) with (rate: 20/s, timeout: 5s) }
  scenario Chaos under Crashes (duration: 5s, seeds: ${seeds}) {
    at 0s chaos(rate: 1/s)
    expect count(Committed) >= 0
  }
}`;

async function measure(code: SystemCode, workers: number): Promise<number> {
  const pool = new SimulationPool(workerFile, defaultLimits.memoryMb, workers);
  const run = async (runs: number): Promise<number> => {
    const begun = performance.now();
    const { results } = await pool.run({ code, scenarios: [], seed: 1, runs, trace: false, constants: {}, limits: defaultLimits });
    if (results[0]?.runs.length !== runs) throw new Error('not all seeds were run');
    return performance.now() - begun;
  };
  for (let round = 0; round < 2 * workers; round += 1) await run(seeds);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await run(seeds));
  pool.close();
  return Math.min(...times);
}

const code = codeOf(text);
const one = await measure(code, 1);
const two = await measure(code, 2);
report({
  name: `campaign of ${seeds} seeds, two workers`,
  value: (seeds / two) * 1e3,
  unit: 'runs/s',
  reference: { name: 'one worker', value: (seeds / one) * 1e3 },
  atLeast: 1.8 * ((seeds / one) * 1e3),
});
